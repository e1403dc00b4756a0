"""Changing an NX-OS switch under a scheduled rollback to a checkpoint: it has no confirm timer.

A checkpoint is taken, a job that rolls back to it is scheduled on the switch itself, and only then
is anything changed; confirming takes the schedule away. Sources: Cisco, "Configuring Rollback" and
"Configuring the Scheduler" (Nexus 9000 System Management Configuration Guide).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from dcctl.contracts import Change
from dcctl.errors import CommandFailed, TargetError, Unparsed
from dcctl.platforms import _hierarchy
from dcctl.platforms.cisco_nxos._dialect import DIALECT, FEATURE, NET, needs, remediate
from dcctl.secrets import REDACTED
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Remediation, Session

RUNNING = "show running-config"
_SCHEDULES = "show scheduler schedule"
_SOONEST = timedelta(seconds=30)  # from now to a rollback: less leaves no time to change anything
_CLOCKS = re.compile(r"(?:no )?clock ")
_CLOCK = re.compile(
    r"^(?P<time>\d\d:\d\d:\d\d)(?P<part>\.\d{1,6})? \S+ \w{3} (?P<date>\w{3} +\d{1,2} \d{4})",
    re.MULTILINE,
)


def _running(session: Session) -> str:
    text = session.send(RUNNING)
    if not re.search(r"(?m)^version \S", text) or not re.search(r"(?m)^(?:host|switch)name", text):
        raise Unparsed(
            N_("{command}: not understood: {error}"),
            command=RUNNING,
            error="not a whole configuration",
        )
    kept = _hierarchy.normalised(text, DIALECT)
    # The comparison leaves it out; whether the safety net can stand is read from here too.
    has = re.search(rf"(?m)^{FEATURE}\s*$", text)
    return f"{FEATURE}\n{kept}" if has else kept


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    if wanted.prepare:
        session.configure(wanted.prepare)
    _disarm(session)
    session.send(f"checkpoint {NET}")
    # What sets the clock comes before the time is written that the rollback is due at.
    clocks = [line for line in wanted.lines if _CLOCKS.match(line)]
    if clocks:
        session.configure(clocks)
    due = _due(session.send("show clock"), seconds)
    session.configure(_net(due))
    if not _armed(session) or not _timed(session.send(RUNNING), due):
        raise CommandFailed(N_("{command}: the rollback is not scheduled"), command=_SCHEDULES)
    session.configure([_typed(line) for line in wanted.lines if line not in clocks])


def _net(due: datetime) -> Sequence[str]:
    """The job that rolls back, and when it does."""
    return (
        f"scheduler job name {NET}",
        f"rollback running-config checkpoint {NET}",
        "end-job",
        f"scheduler schedule name {NET}",
        f"job name {NET}",
        f"time start {due:%Y:%m:%d:%H:%M}",
    )


def _due(clock: str, seconds: int) -> datetime:
    """The first whole minute on the switch's own clock that is `seconds` away, or more.

    No sooner, since the change counts on it for so long.
    """
    found = _CLOCK.search(clock)
    if not found:
        raise Unparsed(
            N_("{command}: not understood: {error}"), command="show clock", error=clock[:60]
        )
    # The switch's own local time, written back to it: no zone enters into it.
    text = f"{found['time']}{found['part'] or '.0'} {' '.join(found['date'].split())}"
    now = datetime.strptime(text, "%H:%M:%S.%f %b %d %Y")  # noqa: DTZ007 - see above
    due = now + max(timedelta(seconds=seconds), _SOONEST)
    whole = due.replace(second=0, microsecond=0)
    return whole if whole == due else whole + timedelta(minutes=1)


def _armed(session: Session) -> bool:
    """Whether our rollback is scheduled."""
    return bool(re.search(rf"Schedule Name\s*:\s*{NET}\b", _told(session, _SCHEDULES)))


def _timed(config: str, due: datetime) -> bool:
    """Whether the schedule runs our job, and then."""
    found = re.search(
        rf"^scheduler schedule name {NET}\s*\n((?:[ ]+\S.*\n?)*)", config, re.MULTILINE
    )
    body = found.group(1) if found else ""
    when = re.search(r"^\s*time start (\d+):(\d+):(\d+):(\d+):(\d+)\b", body, re.MULTILINE)
    stated = tuple(int(one) for one in when.groups()) if when else ()
    runs = re.search(rf"^\s*job name {NET}\s*$", body, re.MULTILINE)
    return bool(runs) and stated == due.timetuple()[:5]


def _told(session: Session, command: str) -> str:
    """The answer; nothing where the scheduler is off and the switch knows no such command."""
    try:
        return session.send(command)
    except CommandFailed as error:
        if "% Invalid" in str(error):
            return ""
        raise  # who may not look can't tell


def _disarm(session: Session) -> None:
    """Take away schedule, job and checkpoint of a change before, where they are."""
    if _armed(session):
        session.configure((f"no scheduler schedule name {NET}",))
    if re.search(rf"Job Name\s*:\s*{NET}\b", _told(session, "show scheduler job")):
        session.configure((f"no scheduler job name {NET}",))
    if re.search(rf"(?m)^\s*(?:\d+\)\s*)?{NET}:", session.send("show checkpoint summary")):
        session.send(f"no checkpoint {NET}")


def _typed(line: str) -> str:
    """A banner is shown with its delimiter; typed, its first character is one."""
    if not line.startswith("banner "):
        return line
    _, kind, rest = line.split(" ", 2)
    body = rest[2:-2]
    mark = next(mark for mark in "@~%|=+_" if mark not in body)
    return f"banner {kind} {mark}{body}{mark}"


def _confirm(session: Session) -> None:
    """Take the scheduled rollback away, and see that it is."""
    _disarm(session)
    if _armed(session):
        raise CommandFailed(
            N_("{command}: the scheduled rollback is still there"), command=_SCHEDULES
        )


def _revert(session: Session) -> None:
    """Roll back now, if a change waits; then the schedule has nothing left to do."""
    if not _armed(session):
        return
    try:
        # As a change of mode: with the old configuration the old prompt is back.
        session.configure((), enter=f"rollback running-config checkpoint {NET}", stay=True)
    except TargetError:
        return  # what is scheduled will do it
    _disarm(session)


def _pending(session: Session) -> str:
    """The rollback that another change is waiting under: arming ours would take it away."""
    return NET if _armed(session) else ""


def _save(session: Session) -> None:
    session.send("copy running-config startup-config")


CHANGE = Change(
    running=_running,
    remediate=remediate,
    apply=_apply,
    needs=needs,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    replace=partial(remediate, whole=True),
    pending=_pending,
    native=(
        r"boot (?:nxos|kickstart|system) .*",  # what is booted is judged by itself
        r"copp profile strict",
        rf"no password {REDACTED}",  # `strength-check` as evidence has it: its default
    ),
)
