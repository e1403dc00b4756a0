"""The read-only guard: what a session opened for reading lets through.

An allow-list, never a block-list: a command passes when its characters are plain, and the whole of
it matches one of the platform's `read_only` expressions. Everything that shells and command lines
give a second meaning to (separators, substitution, redirection, line ends, help keys, look-alike
characters) is refused before the list is looked at.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from dcctl.errors import CommandRefused
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Platform

LONGEST = 400
# These only read, and then write what they read into a file of the device (IOS XR, VRP).
_WRITES = re.compile(r"(?:.* )?(?:show tec\S*|display diag\S*)(?: .*)?", re.IGNORECASE)
# These show counters and set them to zero (`show platform hardware qfp active statistics drop
# clear` of IOS XE), however the last word is abbreviated. Behind a pipe the word is only text.
_CLEARS = re.compile(
    r"(?:show|display|admin show) (?:[^|]* )?(?:cl|cle|clea|clear|res|rese|reset)(?: .*)?",
    re.IGNORECASE,
)
# `?` asks for help at once on most command lines; `!` is history; the rest are shell syntax.
# VRP calls the other board's files slave#cfcard: (and nothing else here holds a #).
_FORBIDDEN = re.compile(r"[^\x20-\x7e]|[;&<>`$\\!?{}'\"~^]|(?<!\bslave)#")


def permit(platform: Platform, command: str) -> str:
    """`command`, normalised, when `platform` lists it as read-only.

    Raises:
        CommandRefused: it isn't.
    """
    return _permitted(platform, command, platform.read_only)


def permit_host(platform: Platform, command: str) -> str:
    """The same for a program on the host beneath: what `platform` lists under `host_reads`.

    Raises:
        CommandRefused: it isn't there.
    """
    return _permitted(platform, command, platform.host_reads)


def _permitted(platform: Platform, command: str, listed: tuple[str, ...]) -> str:
    normal = _listed(command, listed)
    if normal is None:
        raise _refused(platform, command)
    return normal


@lru_cache(maxsize=4096)  # the same few hundred commands, thousands of times
def _listed(command: str, listed: tuple[str, ...]) -> str | None:
    """`command`, normalised; None where it is not listed."""
    if len(command) > LONGEST or _FORBIDDEN.search(command):
        return None
    normal = " ".join(command.split())
    if any(one.fullmatch(normal) for one in (_WRITES, _CLEARS)):
        return None
    return normal if any(one.fullmatch(normal) for one in _compiled(listed)) else None


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.ASCII) for pattern in patterns)


def _refused(platform: Platform, command: str) -> CommandRefused:
    shown = command[:60].encode("ascii", "backslashreplace").decode("ascii")
    return CommandRefused(
        N_("{platform}: not a read-only command: {command}"),
        hint=N_("only commands on the platform's read-only list can be sent this way"),
        platform=platform.name,
        command=shown.replace("\n", "\\n").replace("\r", "\\r"),
    )
