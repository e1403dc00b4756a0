"""Traffic between a site and the centre: round what is drained, back again, and outages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl import clock
from dcctl.lab.elements.fabric import End
from dcctl.lab.elements.network import FABRIC, Network
from dcctl.lab.elements.traffic import averaged
from tests.unit.lab import small_network as small


@pytest.fixture
def ring():
    """r1 is the centre; r3, over r2 or r4, is the site."""
    with clock.use(clock.ManualClock()):
        plan = small.plan()
        sites = {"r1": "DC", "r2": "A", "r3": "FAR", "r4": "A"}
        chassis = [replace(one, site=sites[one.name]) for one in plan.chassis]
        chassis = [replace(one, site="") if one.site == "A" else one for one in chassis]
        notes = []
        made = Network(
            chassis,
            plan.links,
            now=clock.now().timestamp(),
            anchors=["r1"],
            observe=lambda name, time, note, _: notes.append((name, time, note)),
        )
        for name in small.NAMES:
            made.configure(name, small.configuration(name))
        pass_time(made, 5)
        made.notes = notes
        yield made


def pass_time(made: Network, seconds: float) -> None:
    clock.sleep(seconds)
    made.advance()


def rate(made: Network, name: str, port: str) -> float:
    return made.view(name).ports[port].in_bps


def ways(made: Network) -> tuple[float, float]:
    """What the site receives over r4 and over r2, in bits per second."""
    forward, back = small.ports_of("r3")
    return rate(made, "r3", forward), rate(made, "r3", back)


def outages(made: Network) -> list[tuple[str, str]]:
    return [(one.text, one.subject) for name, _, one in made.notes if one.kind == "outage"]


def test_equal_paths_share(ring):
    over_r4, over_r2 = ways(ring)
    assert over_r4 == over_r2 > 1e8


def test_traffic_goes_round_an_overloaded_element_and_comes_back(ring):
    before = sum(ways(ring))
    small.change(ring, "r2", "set protocols isis overload")
    over_r4, over_r2 = ways(ring)
    assert over_r2 < 1e4
    assert over_r4 == pytest.approx(before, rel=0.001)
    assert ("drain", "set") in [(one.kind, one.text) for _, _, one in ring.notes]
    small.change(ring, "r2", "delete protocols isis overload")
    assert ways(ring)[1] > 1e8
    assert ("drain", "cleared") in [(one.kind, one.text) for _, _, one in ring.notes]
    assert outages(ring) == []


def test_a_printed_rate_follows_slowly(ring):
    port = small.ports_of("r3")[1]

    def printed() -> float:
        session = small.session(ring, "r3")
        text = session.send(f"show interfaces {port}")
        session.close()
        row = next(one for one in text.splitlines() if "minute input rate" in one)
        return int(row.split()[4])

    full = printed()
    assert full > 1e8
    small.change(ring, "r2", "set protocols isis overload")
    pass_time(ring, 60)
    assert 0.7 * full < printed() < 0.9 * full
    pass_time(ring, 1800)
    assert printed() < 0.01 * full


def test_the_metric_decides(ring):
    port = small.ports_of("r3")[1]
    small.change(ring, "r3", f"interface {port}", "isis metric 500")
    over_r4, over_r2 = ways(ring)
    assert over_r2 < 1e4 < over_r4


def test_a_site_that_loses_both_ways_has_an_outage_for_as_long_as_that(ring):
    small.change(ring, "r2", "set protocols isis overload")
    start = ring.now
    pass_time(ring, 10)
    ring.fault("r4", "power_loss", {"seconds": 30})
    assert outages(ring) == [("start", "FAR")]
    pass_time(ring, 10)
    small.change(ring, "r2", "delete protocols isis overload")
    assert outages(ring) == [("start", "FAR"), ("end", "FAR")]
    times = [time for name, time, one in ring.notes if one.kind == "outage"]
    assert times == [start + 10, start + 20]
    assert {name for name, _, one in ring.notes if one.kind == "outage"} == {FABRIC}


def test_light_that_a_release_loses_is_lost_while_it_runs(ring):
    port = small.ports_of("r3")[0]
    before = ring.fabric.receives(End("r3", port))
    ring.fault("r3", "dimmer_after_reload", {"interface": port, "db": 6.0})
    assert ring.fabric.receives(End("r3", port)) == before
    ring.fault("r3", "power_loss", {"seconds": 1})
    pass_time(ring, 200)
    assert ring.fabric.receives(End("r3", port)) == pytest.approx(before - 6.0, abs=0.01)


def test_a_weighted_mean_starts_where_it_was():
    loads = [(0.0, 100.0, 0.0), (10.0, 0.0, 100.0)]
    assert averaged(loads, 10.0, 300.0) == pytest.approx((100.0, 0.0))
    half = averaged(loads, 10.0 + 300.0, 300.0)
    assert half == pytest.approx((36.79, 63.21), abs=0.01)
