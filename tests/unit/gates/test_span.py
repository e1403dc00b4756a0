"""A fibre's loss, from both ends: it tells a weak transmitter from a lossy span."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dcctl import gates
from dcctl.facts.optics import Optic
from dcctl.model.status import GateStatus

PASS, FAIL, UNKNOWN = GateStatus.PASS, GateStatus.FAIL, GateStatus.UNKNOWN
NEAR, FAR = (-10.0, 0.0), (-11.0, 1.0)  # dBm received and sent


def optic(rx: float | None, tx: float | None, **more: Any) -> Optic:
    return Optic(interface="A", rx_dbm=rx, tx_dbm=tx, rx_low_alarm_dbm=-30.0, **more)


def compared(near: Any, far: Any, **tailored: Any) -> dict[str, GateStatus]:
    given = gates.tailor({"optics": tailored})["optics"]
    ends = ([optic(*NEAR)], [optic(*FAR)], [optic(*near)], [optic(*far)])
    return {one.subject: one.status for one in gates.span(*ends, given)}


@pytest.mark.parametrize(
    ("near", "far", "told"),
    [
        (NEAR, FAR, (PASS, PASS, PASS, PASS)),
        ((-16.0, 0.0), FAR, (FAIL, PASS, PASS, PASS)),
        (NEAR, (-17.0, 1.0), (PASS, FAIL, FAIL, PASS)),
        # the far end sends 3 dB less: the fibre is as it was, the transmitter is not
        ((-13.0, 0.0), (-11.0, -2.0), (PASS, PASS, PASS, FAIL)),
        # a transmitter that sends more hides what the fibre loses from the receive power alone
        ((-10.0, 0.0), (-11.0, 3.9), (FAIL, PASS, PASS, FAIL)),
        ((None, 0.0), FAR, (UNKNOWN, PASS, PASS, PASS)),
        ((math.nan, 0.0), FAR, (UNKNOWN, PASS, PASS, PASS)),
        ((-10.0, None), FAR, (PASS, UNKNOWN, PASS, PASS)),
    ],
)
def test_each_direction_is_judged(near: Any, far: Any, told: tuple[GateStatus, ...]) -> None:
    assert tuple(compared(near, far).values()) == told


def test_its_limit_is_tailored() -> None:
    told = compared((-11.5, 0.0), FAR, max_span_rise_db=1.0)
    assert told["far to near"] is FAIL


def test_an_end_that_was_not_read_is_unknown() -> None:
    given = gates.tailor()["optics"]
    found = gates.span([optic(*NEAR)], [optic(*FAR)], [optic(*NEAR)], [], given)
    assert {one.status for one in found} == {UNKNOWN}


def test_each_lane_is_a_span_of_its_own() -> None:
    near = [optic(-10.0, 0.0, lane=1), optic(-10.0, 0.0, lane=2)]
    worse = [near[0], optic(-14.0, 0.0, lane=2)]
    given = gates.tailor()["optics"]
    found = gates.span(near, near, worse, near, given)
    assert [one.subject for one in found if one.status is FAIL] == ["far to near lane 2"]


def test_it_becomes_a_finding_of_its_link() -> None:
    given = gates.tailor()["optics"]
    found = gates.span([optic(*NEAR)], [optic(*FAR)], [optic(-16.0, 0.0)], [optic(*FAR)], given)
    told = gates.findings(found, "optics", "pe1", "pe1--core")
    assert [one.subject for one in told if one.stops] == ["pe1--core far to near"]


def test_makes_count_lanes_from_zero_or_from_one() -> None:
    near = [optic(-10.0, 0.0, lane=0), optic(-10.0, 0.0, lane=1)]
    far = [optic(-11.0, 1.0, lane=1), optic(-11.0, 1.0, lane=2)]
    given = gates.tailor()["optics"]
    assert {one.status for one in gates.span(near, far, near, far, given)} == {PASS}
    gone = gates.span(near, far, near[1:], far, given)
    assert [one.subject for one in gone if one.status is UNKNOWN] == [
        "far to near",
        "near to far lane 1",
    ]


def test_an_end_that_tells_lanes_is_compared_with_one_that_tells_the_port() -> None:
    near = [optic(-10.0, 0.0, lane=lane) for lane in range(4)]
    far, given = [optic(*FAR)], gates.tailor()["optics"]
    assert {one.status for one in gates.span(near, far, near, far, given)} == {PASS}
    worse = [*near[:3], optic(-14.0, 0.0, lane=3)]
    found = gates.span(near, far, worse, far, given)
    assert [one.subject for one in found if one.status is FAIL] == ["far to near lane 3"]
    dumb = [optic(-10.0, None, lane=3)]
    found = gates.span(near, far, [*near[:3], *dumb], far, given)
    assert [one.subject for one in found if one.status is UNKNOWN] == ["near to far"]
