"""What runs against what the estate wants, from the two configurations as they are kept; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl import secrets
from dcctl.errors import Unparsed
from dcctl.executors import keys
from dcctl.facts.conformity import Conformity
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dcctl.contracts import Change, Platform

TOPIC = "conformity"
_BETWEEN = " > "


def of_texts(platform: Platform, change: Change, running: str, intended: str) -> Conformity:
    """What `running` lacks of `intended`, and what is in it that `intended` doesn't say.

    What the device has by itself is no extra; neither is what only its safety net needs lacking.

    Raises:
        Unparsed: one of them is no whole configuration.
    """
    last = running.rstrip().rpartition("\n")[2].strip()
    if not running.strip() or not re.fullmatch(platform.config_end or ".*", last):
        raise _refused(platform, "it does not end")
    if not intended.strip():
        raise _refused(platform, "nothing is intended")
    # A key that is only named here is as it should be where the device has one.
    intended = keys.filled(intended, running, platform, secrets.mark)
    found = (change.replace or change.remediate)(running, intended)
    if found.not_understood:
        raise _refused(platform, found.not_understood[0][:80])
    ours = len(found.prepare)  # what the safety net needs stands last
    native = [re.compile(pattern) for pattern in change.native]
    differs = list(_lines(found.diff[:-ours] if ours else found.diff))
    return Conformity(
        lacking=tuple(line for sign, line in differs if sign == "+"),
        extra=tuple(
            line
            for sign, line in differs
            if sign == "-" and not any(pattern.fullmatch(line) for pattern in native)
        ),
        compared=sum(1 for line in intended.splitlines() if line.strip(" !#")),
    )


def _lines(diff: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each line of a diff with its sign, below the sections that it stands in."""
    path: list[str] = []
    for line in diff:
        words = line[2:]
        depth = len(words) - len(words.lstrip(" "))
        path[depth:] = [words.strip()]
        yield line[:1], _BETWEEN.join(path)


def _refused(platform: Platform, why: str) -> Unparsed:
    return Unparsed(
        N_("{command}: not a whole configuration: {why}"), command=platform.config_command, why=why
    )
