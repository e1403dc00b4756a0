"""The live gate: an element is not touched while the way round it is not whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dcctl.model.status import NotStarted, StepStatus
from tests.unit.upgrading.province import province

UPLINK = "TenGigabitEthernet0/0/0"


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
