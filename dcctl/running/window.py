"""Maintenance windows: an element that can't finish inside its window isn't started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import Refused
from dcctl.model import plain
from dcctl.model.calendar import Calendar
from dcctl.model.plan import StepKind
from dcctl.model.status import NotStarted
from dcctl.planning.upgrades import CALENDAR
from dcctl.planning.windows import require_open
from dcctl.running.ledger import not_started
from dcctl.text import Text

if TYPE_CHECKING:
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Step
    from dcctl.running.shard import ShardWork


def closed(work: ShardWork, step: Step) -> Outcome | None:
    """Why an upgrade may not begin now, or nothing; one that was begun has to be ended."""
    told = work.shard.options.get(CALENDAR)
    if step.kind is not StepKind.UPGRADE or not told or step.id in work.ledger.attempts:
        return None
    calendar = plain.from_plain(Calendar, told)
    needs = float(step.settings["order"]["expected_s"])
    try:
        require_open(work.targets[step.target], calendar, clock.now(), needs)
    except Refused as error:
        told = Text("{why}; {next}", {"why": error.text, "next": error.hint})
        return not_started(step, NotStarted.WINDOW, told)
    return None
