"""The live gate: an element is not touched while the way round it is not whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dcctl.errors import Refused
from dcctl.executors._witnesses import Witnesses
from dcctl.executors.upgrading import live
from dcctl.executors.upgrading.order import Order, order_of
from dcctl.model.status import NotStarted, StepStatus
from dcctl.planning.upgrades import unseen_links
from tests.unit.upgrading.province import Province, province

UPLINK = "TenGigabitEthernet0/0/0"
AGGREGATION = ("hl-agg-r1", "hl-agg-r2")


def untouched(place: Any, name: str) -> bool:
    told = ("activate", "operation", "boot", "drain", "change", "commit")
    return not any(place.notes(name, kind) for kind in told)


def test_the_way_round_is_asked_twice_and_told() -> None:
    with province("p01") as place:
        outcome = place.upgrade(place.step("p01-pe1"))
        assert outcome.status is StepStatus.CHANGED, outcome.message
        looks = [data for _, _, data in place.told if data.get("state") == "live"]
        assert [look["phase"] for look in looks] == ["precheck", "activate"]
        assert all(look["keeps"]["P01"] == ["p01-pe2", "hl-cor-r2"] for look in looks)
        assert place.notes("", "outage") == []


@pytest.mark.parametrize(
    ("host", "fault", "given"),
    [
        ("p01-pe2", "link_down", {"interface": UPLINK}),
        ("p01-pe2", "power_loss", {"seconds": 9000.0}),
    ],
)
def test_nothing_is_touched_when_the_partner_is_down(
    host: str, fault: str, given: dict[str, Any]
) -> None:
    with province("p01") as place:
        step = place.step("p01-pe1", drain=True)
        place.network.fault(host, fault, given)
        place.seen.clear()
        outcome = place.upgrade(step)
        assert outcome.status is StepStatus.NOT_STARTED
        assert outcome.reason == NotStarted.REFUSED
        assert untouched(place, "p01-pe1")
        assert "prepare" not in place.phases()


def test_a_wave_that_is_wrong_is_refused_by_the_live_gate() -> None:
    """Both PEs of a province one after the other, the first left down: the second sees it."""
    with province("p01") as place:
        second = place.step("p01-pe2")
        place.network.fault("p01-pe1", "power_loss", {"seconds": 9000.0})
        place.seen.clear()
        blind = {name: given for name, given in second.settings.items() if name != "witnesses"}
        outcome = place.upgrade(replace(second, settings=blind))
        assert outcome.status is StepStatus.NOT_STARTED
        assert "P01" in str(outcome.message)
        assert untouched(place, "p01-pe2")


def test_the_way_that_breaks_during_the_drain_stops_the_reload() -> None:
    with province("p01") as place:
        step = place.step("p01-pe1")
        door = place.door()
        cut = []

        def when_drained(kind: Any, **data: Any) -> None:
            place.emit(kind, **data)
            if data.get("phase") == "moved" and data.get("state") == "ended" and not cut:
                cut.append(data)
                place.network.fault(
                    "p01-pe2", "link_down", {"interface": "TenGigabitEthernet0/0/0"}
                )

        object.__setattr__(door._context, "emit", when_drained)
        (outcome,) = door.run([step], place.targets)
        assert cut
        assert outcome.status is StepStatus.FAILED
        assert "P01" in str(outcome.message)
        assert place.notes("p01-pe1", "boot") == []
        assert place.notes("p01-pe1", "drain") == ["set", "cleared"]


def fabric_order(place: Province) -> Order:
    """What a core's upgrade keeps of the leaf pairs, which another controller runs."""
    step = place.step("hl-cor-r1")
    order = order_of(step)
    own = tuple(one for one in order.keeps if one.site.startswith("group leaves"))
    assert len(own) == 8
    assert {link["id"] for one in own for link in one.links} > set(unseen_links(step)) > set()
    return replace(order, keeps=own)


def test_links_that_no_driver_reaches_are_known_when_it_is_planned_and_not_asked_for() -> None:
    with province("p01", *AGGREGATION) as place:
        order = fabric_order(place)
        for one in order.keeps:
            leaf, spine, *rest = one.links
            assert [link["unseen"] for link in (leaf, spine, *rest)] == [True, False, False]
        live.look("hl-cor-r1", order, Witnesses(place.door()))


@pytest.mark.parametrize("port", ["HundredGigE0/0/3", "HundredGigE0/0/1"])
def test_what_one_end_can_tell_of_such_a_path_still_counts(port: str) -> None:
    with province("p01", *AGGREGATION) as place:
        order = fabric_order(place)
        place.network.fault("hl-agg-r1", "link_down", {"interface": port})
        with pytest.raises(Refused, match="is down"):
            live.look("hl-cor-r1", order, Witnesses(place.door()))


def test_a_path_of_which_nothing_can_be_seen_is_unknown() -> None:
    with province("p01", *AGGREGATION) as place:
        order = fabric_order(place)
        first = order.keeps[0]
        dark = replace(first, links=tuple({**link, "unseen": True} for link in first.links))
        with pytest.raises(Refused, match="nobody can tell"):
            live.look("hl-cor-r1", replace(order, keeps=(dark,)), Witnesses(place.door()))
