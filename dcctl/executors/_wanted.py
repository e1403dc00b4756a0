"""What a config step wants of its target, and how a person is shown the way there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import secrets
from dcctl.errors import Refused
from dcctl.executors import keys, sealing
from dcctl.executors.credentials import private_root
from dcctl.executors.evidence import redacted
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dcctl.contracts import Change, Context, Platform, Remediation
    from dcctl.model.plan import Step

_FLAT = re.compile(r"(?:set|delete|activate|deactivate|undo|/?configure) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a config step wants; `compare` says what a running configuration lacks of it."""

    compare: Callable[[str], Remediation]


def change_of(platform: Platform) -> Change:
    """How `platform` is changed.

    Raises:
        Refused: it can't be.
    """
    if platform.change is None:
        raise Refused(N_("{platform}: no way to change its configuration"), platform=platform.name)
    return platform.change


def wanted_of(step: Step, platform: Platform, context: Context, *, asked: bool = True) -> Wanted:
    """The step's rendered text, or the backup that it brings back.

    A key that the device lacks is asked for where it lies; unless `asked`, a stand-in is told.

    Raises:
        Refused: the platform can't be changed. NotFound, InvalidInput: a backup without its key.
    """
    change = change_of(platform)
    if "sealed" not in step.settings:
        text, root = str(step.settings["text"]), private_root(context)

        def key(reference: secrets.SecretRef) -> str:
            if not asked:
                return keys.STAND_IN
            return secrets.resolve(reference, base=root).reveal()

        def compare(running: str) -> Remediation:
            return change.remediate(running, keys.filled(text, running, platform, key))

        return Wanted(compare=compare)
    seal = sealing.sealer(context.options, Path(context.site_root))
    backup = seal.open(str(step.settings["sealed"]))
    whole = change.replace or change.remediate
    return Wanted(compare=lambda running: whole(running, backup))


def prediction(wanted: Remediation, platform: Platform) -> tuple[str, ...]:
    """A remediation as the plan's lines: the diff, then `!` before each destructive line."""
    lines = (*wanted.diff, *(f"! {line}" for line in wanted.destructive))
    return tuple(redacted(line, platform) for line in lines)


def explained(wanted: Remediation, platform: Platform) -> dict[str, Any]:
    """A remediation as plain data: what differs by section, what is sent, what is dangerous."""

    def shown(lines: Iterable[str]) -> list[str]:
        return [redacted(line, platform) for line in lines]

    return {
        "sections": [[title, shown(lines)] for title, lines in sections(wanted.diff)],
        "sent": shown((*wanted.prepare, *wanted.lines)),
        "destructive": shown(wanted.destructive),
        "not_understood": shown(wanted.not_understood),
    }


def sections(diff: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """The lines of a diff by the section of the configuration that they stand in."""
    found: dict[str, list[str]] = {}
    for title, line in _titled(diff):
        found.setdefault(title, []).append(line)
    return [(title, tuple(lines)) for title, lines in found.items()]


def _titled(diff: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each line with its section: the line above it without indentation, or its own first words."""
    lines = list(diff)
    title = ""
    for number, line in enumerate(lines):
        words = line[2:] if line[:2] in ("+ ", "- ", "  ") else line
        if _FLAT.match(words):
            title = " ".join(words.split()[1:3])
        elif not words.startswith((" ", "\t", "}")):
            following = lines[number + 1][2:] if number + 1 < len(lines) else ""
            opens = following.startswith((" ", "\t"))
            title = words.strip() if opens else _first(words)
        yield title, line


def _first(words: str) -> str:
    """What a line of its own is about: `no ntp server …` and `ntp server …` belong together."""
    return next(iter(words.removeprefix("no ").split()), "")
