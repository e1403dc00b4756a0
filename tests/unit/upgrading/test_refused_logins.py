"""A login that is refused just after a reload: asked again a few times, and what follows then."""

from __future__ import annotations

from typing import Any

import pytest

from dcctl.model.approval import APPROVED
from dcctl.model.status import StepStatus
from tests.unit.upgrading.province import Province, province

NAME = "p48-pe1"  # NX-OS: nothing but being told takes its old release back


def upgraded(place: Province, refused_s: float) -> Any:
    """Its upgrade; for so long after the reload its accounts' server is not reached."""
    place.options[APPROVED] = ["no_safety_net"]
    step = place.step(NAME, drain=False)
    door = place.door()

    def emit(kind: Any, **data: Any) -> None:
        place.emit(kind, **data)
        if (data.get("phase"), data.get("state")) == ("wait", "begun"):
            place.network.fault(NAME, "refuse_auth", {})
            place.time.at(refused_s, lambda: place.network.fault(NAME, "clear", {}))

    object.__setattr__(door._context, "emit", emit)
    (outcome,) = door.run([step], place.targets)
    return outcome


@pytest.mark.parametrize(
    ("refused_s", "status", "runs"),
    [(340.0, StepStatus.CHANGED, "10.3(6)"), (700.0, StepStatus.FAILED, "9.3(8)")],
)
def test_a_refused_login_is_no_reason_to_take_back_and_then_it_is_told_until_it_hears(
    refused_s: float, status: StepStatus, runs: str
) -> None:
    with province("p48") as place:
        outcome = upgraded(place, refused_s)
        assert outcome.status is status, outcome.message
        assert place.network.elements[NAME].software.release == runs
        assert len(place.notes(NAME, "boot")) == (2 if status is StepStatus.CHANGED else 4)
