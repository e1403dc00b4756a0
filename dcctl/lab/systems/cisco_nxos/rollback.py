"""NX-OS checkpoints, rollbacks and scheduled jobs: what takes a change back.

Source: Nexus 9000 System Management Configuration Guide, "Configuring Rollback" and "Configuring
the Scheduler". A job is run when its schedule is due, whoever is logged in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, tzinfo

from dcctl.lab.elements.model import Element, Saved, Timer
from dcctl.lab.elements.tree import EMPTY, Tree, sections, value, values
from dcctl.lab.systems.cisco_nxos import config
from dcctl.lab.systems.cisco_nxos.config import DIALECT

KEPT = 10  # user checkpoints at most
_CHECKPOINT, _FILE, _RAN = "checkpoint", "file", "ran"
_ROLLBACK = re.compile(r"rollback running-config (checkpoint|file) (\S+)")


def checkpoints(element: Element) -> tuple[Saved, ...]:
    """The user checkpoints, oldest first."""
    return tuple(one for one in reversed(element.history) if one.how == _CHECKPOINT)


def find(element: Element, kind: str, name: str) -> Tree | None:
    """The configuration of a checkpoint, a file, or `running-config` and `startup-config`."""
    if kind in ("running-config", "startup-config"):
        return element.running if kind == "running-config" else element.startup
    wanted = (_CHECKPOINT if kind == "checkpoint" else _FILE, name.removeprefix("bootflash:"))
    return next((one.tree for one in element.history if (one.how, one.note) == wanted), None)


def kept(element: Element, kind: str, name: str, user: str, now: float) -> Element:
    """The running configuration, kept under a name."""
    how = _CHECKPOINT if kind == "checkpoint" else _FILE
    name = name.removeprefix("bootflash:")
    saved = Saved(tree=element.running, time=now, user=user, how=how, note=name)
    rest = (one for one in element.history if (one.how, one.note) != (how, name))
    return replace(element, history=(saved, *rest))


def dropped(element: Element, name: str) -> Element:
    """A checkpoint forgotten."""
    rest = (one for one in element.history if (one.how, one.note) != (_CHECKPOINT, name))
    return replace(element, history=tuple(rest))


def restored(element: Element, tree: Tree, user: str, now: float) -> Element:
    """The running configuration replaced."""
    return armed(replace(element, running=tree, changed=now, changed_by=user))


def patch(old: Tree, new: Tree, mode: str = "config", depth: int = 0) -> list[str]:
    """The commands that make `new` of `old`."""
    pad = "  " * depth
    rows = [
        f"{pad}{label.removeprefix('no ') if label.startswith('no ') else f'no {label}'}"
        for label in old
        if label not in new
    ]
    for label, below in new.items():
        if label in old and not patch(old[label], below, mode, depth + 1):
            continue
        rows += ["!", f"{pad}{label}"] if depth == 0 and below else [f"{pad}{label}"]
        rows += patch(old.get(label, EMPTY), below, mode, depth + 1)
    return rows


# --- the scheduler ----------------------------------------------------------------------------


def schedules(element: Element) -> list[tuple[str, Tree]]:
    """Every schedule with its section."""
    return list(sections(element.running, "scheduler schedule name"))


def due_at(section: Tree, zone: tzinfo) -> float:
    """When a one-time schedule is due, by the switch's own zone; 0 where it has no time."""
    words = value(section, "time start").split()
    if not words or not re.fullmatch(r"\d{4}(?::\d{1,2}){4}", words[0]):
        return 0.0
    year, month, day, hour, minute = (int(part) for part in words[0].split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=zone).timestamp()


def last_run(element: Element, name: str) -> Saved | None:
    """The latest run of a schedule."""
    return next((one for one in element.history if (one.how, one.note) == (_RAN, name)), None)


def _waiting(element: Element) -> list[tuple[float, str, Tree]]:
    found = []
    for name, section in schedules(element):
        due, ran = due_at(section, config.zone(element.running)), last_run(element, name)
        if due and (ran is None or ran.time < due):
            found.append((due, name, section))
    return sorted(found, key=lambda one: one[0])


def armed(element: Element) -> Element:
    """The element's timer set to the schedule that is due next."""
    waiting = _waiting(element)
    if not waiting:
        return replace(element, timer=None) if element.timer else element
    due, name, _ = waiting[0]
    if element.timer and (element.timer.due, element.timer.persist) == (due, name):
        return element
    return replace(element, timer=Timer(due=due, restore=element.running, persist=name))


def absolute(text: str, now: float, zone: tzinfo) -> str:
    """`time start +00:05` as NX-OS stores it: a date, to the minute, not before the delta is over."""
    found = re.fullmatch(r"time start (now|\+[\d:]+)((?: repeat \S+)?)", text)
    if not found:
        return text
    parts = [int(part) for part in found.group(1).lstrip("+").split(":") if part.isdecimal()]
    days, hours, minutes = ([0, 0, 0, *parts])[-3:]
    due = datetime.fromtimestamp(now + 86400 * days + 3600 * hours + 60 * minutes + 59, zone)
    return (
        f"time start {due.year}:{due.month:02d}:{due.day:02d}:{due.hour:02d}:{due.minute:02d}"
        f"{found.group(2)}"
    )


def expire(element: Element, now: float) -> Element:
    """The schedules that are due run their jobs."""
    for due, name, section in _waiting(element):
        if due > now:
            break
        for job in values(section, "job name"):
            element = _run(element, job, now)
        mark = Saved(tree=EMPTY, time=now, how=_RAN, note=name)
        rest = (one for one in element.history if (one.how, one.note) != (_RAN, name))
        element = replace(element, history=(mark, *rest))
    return armed(element)


def _run(element: Element, job: str, now: float) -> Element:
    section = element.running.get(f"scheduler job name {job}", EMPTY)
    commands = [part.strip() for line in section for part in line.split(" ; ")]
    path: tuple[str, ...] = ()
    for command in commands:
        found = _ROLLBACK.match(command)
        if found:
            tree = find(element, found.group(1), found.group(2))
            if tree is not None:
                element = replace(element, running=tree, changed=now, changed_by="scheduler")
        elif command.startswith(("copy running-config startup-config", "copy run start")):
            element = replace(element, startup=element.running, saved=now, saved_by="scheduler")
        elif not command.startswith(("conf", "end", "show")):
            applied = DIALECT.apply(element.running, path, command, element.chassis)
            path = applied.path
            element = replace(element, running=applied.tree, changed=now, changed_by="scheduler")
    return element
