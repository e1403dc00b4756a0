"""Changing a Junos device: `set` and `delete` lines, `commit check`, `commit confirmed`, `commit`.

Source: Juniper, "CLI User Guide": commit confirmed rolls back by itself unless committed again.
"""

from __future__ import annotations

import math
import re
import shlex
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from dcctl.contracts import Change, Remediation
from dcctl.errors import TargetError, Unparsed
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dcctl.contracts import Session

RUNNING = "show configuration | display set"
_EXCLUSIVE = "configure exclusive"
_LONGEST = 65535  # minutes, Junos' own limit

# How many words after `set` name the section that a line belongs to; 2 where nothing is said.
# The intended text is authoritative for a section as soon as it mentions it.
_DEPTHS: dict[tuple[str, ...], int] = {
    ("system", "login", "user"): 4,
    ("system", "login", "class"): 4,
    ("system", "login"): 3,
    ("system", "syslog", "host"): 3,
    ("system", "syslog", "file"): 4,
    ("system", "syslog"): 3,
    ("system", "services"): 3,
    ("system", "ntp"): 3,
    ("chassis", "fpc"): 4,
    ("services", "flow-monitoring"): 5,
    ("forwarding-options", "sampling"): 4,
    ("policy-options",): 3,
    ("firewall", "family"): 5,
    ("firewall",): 3,
    ("routing-options", "static"): 2,
    ("protocols",): 2,
    ("snmp", "community"): 2,
    ("version",): 1,
}
_DESTRUCTIVE = (
    r"delete interfaces \S+( unit \d+)?( family \S+)?( address \S+)?",
    r"delete interfaces .* address .*",
    r"delete protocols \S+( group \S+| interface \S+| neighbor \S+)?.*",
    r"delete routing-(?:options|instances) .*",
    r"delete system login .*",
    r"delete system services .*",
    r"set interfaces \S+ disable",
)

# Words that name a list: Junos deletes an entry of it, and wants to be told which.
_LISTS = frozenset(
    {
        *("address", "area", "autonomous-system", "class", "community", "export", "family", "file"),
        *("filter", "from", "group", "host", "import", "interface", "interface-range", "level"),
        *("neighbor", "next-hop", "policy-statement", "prefix-list", "restrict", "rib", "route"),
        *("server", "term", "then", "trap-group", "unit", "user", "vlan-tagging"),
    }
)
Words = tuple[str, ...]
_BLANKS = re.compile(r"[ \t\r\n]+")


def parse(text: str) -> list[Words]:
    """The `set` lines as words, quotes removed; everything else is left out."""
    return list(_parsed(text))


@lru_cache(maxsize=4)  # several topics are read out of one configuration
def _parsed(text: str) -> tuple[Words, ...]:
    lines = []
    for raw in text.replace("\r", "").splitlines():
        line = re.sub(r"\s*## SECRET-DATA\s*$", "", raw).strip()
        if line.startswith(("set ", "deactivate ", "activate ", "protect ")):
            lines.append(_words(line))
    return tuple(words for words in lines if words[:2] != ("set", "version"))


def _words(line: str) -> Words:
    if '"' not in line and "\\" not in line:
        return tuple(
            word for word in _BLANKS.split(line) if word
        )  # as below, a hundred times faster
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.commenters, lexer.quotes = True, "", '"'
        return tuple(lexer)
    except ValueError:
        return tuple(line.split())


def write(words: Iterable[str]) -> str:
    """Words as a line again, quoted where Junos wants it."""
    return " ".join(
        word if re.fullmatch(r"[\w./:,*<>@%+=\[\]\-]+", word) else f'"{_escaped(word)}"'
        for word in words
    )


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')


def remediate(running: str, intended: str, *, whole: bool = False) -> Remediation:
    """From `running` to `intended` (both `set` lines); pure.

    `whole`: sections that `intended` doesn't mention go.
    """
    have, want = parse(running), parse(intended)
    keys = {_section(words) for words in want}
    mine = [words for words in have if whole or _section(words) in keys]
    kept, wanted = set(mine), set(want)
    # An empty container (`set system services ssh`) is no longer shown once anything stands in it.
    filled = {words[:length] for words in want for length in range(2, len(words))}
    gone = [words for words in mine if words not in wanted and words not in filled]
    new = [words for words in want if words not in kept]
    taken = dict.fromkeys(_negation(words) for words in _tops(gone, want, whole=whole))
    lines = tuple(write(words) for words in taken) + tuple(write(words) for words in new)
    diff = tuple(f"- {write(words)}" for words in gone) + tuple(
        f"+ {write(words)}" for words in new
    )
    odd = tuple(
        line.strip()
        for line in intended.splitlines()
        if line.strip() and not line.strip().startswith(("set ", "#", "/*", "deactivate "))
    )
    return Remediation(
        lines=lines,
        diff=diff,
        destructive=_destructive(lines, new),
        not_understood=odd,
    )


def _tops(gone: Sequence[Words], want: Sequence[Words], *, whole: bool) -> list[Words]:
    """What to take away: the highest container that holds nothing wanted, so that none stays empty.

    Not above the section that the line belongs to, of which the intended text says nothing.
    """
    kept = {words[:length] for words in want for length in range(1, len(words) + 1)}
    tops = []
    for words in gone:
        shortest = 2 if whole else 1 + len(_section(words))
        if words[0] != "set":
            shortest = len(words)
        lengths = (
            n
            for n in range(shortest, len(words))
            if words[:n] not in kept and words[n - 1] not in _LISTS
        )
        tops.append(words[: next(lengths, len(words))])
    return tops


def _section(words: Words) -> Words:
    path = words[1:]
    best = max((start for start in _DEPTHS if path[: len(start)] == start), key=len, default=())
    return path[: _DEPTHS.get(best, 2)]


def _negation(words: Words) -> Words:
    if words[0] == "deactivate":
        return ("activate", *words[1:])
    return ("delete", *words[1:])


def _destructive(lines: Sequence[str], new: Sequence[Words]) -> tuple[str, ...]:
    """Lines that take away, unless the same setting only gets another value."""
    set_again = {words[1:-1] for words in new}
    return tuple(
        line
        for line in lines
        if any(re.fullmatch(pattern, line) for pattern in _DESTRUCTIVE)
        and _words(line)[1:-1] not in set_again
    )


def _running(session: Session) -> str:
    text = session.send(RUNNING)
    lines = parse(text)
    if not any(words[:3] == ("set", "system", "host-name") for words in lines):
        raise Unparsed(
            N_("{command}: not understood: {error}"),
            command=RUNNING,
            error="not a whole configuration",
        )
    return "\n".join(write(words) for words in lines)


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    minutes = min(max(1, math.ceil(seconds / 60)), _LONGEST)
    lines = (*wanted.lines, "commit check", f"commit confirmed {minutes}")
    try:
        session.configure(lines, enter=_EXCLUSIVE)
    except TargetError:
        session.configure(("rollback 0",), enter=_EXCLUSIVE)  # leave no candidate behind
        raise


def _confirm(session: Session) -> None:
    """Commit what waits to be confirmed; asked again, an empty commit would be one more."""
    if _waits(session):
        session.configure(("commit",), enter=_EXCLUSIVE)


def _revert(session: Session) -> None:
    """Roll back, but only what is still waiting to be confirmed: else an older change would go."""
    if _waits(session):
        session.configure(("rollback 1", "commit"), enter=_EXCLUSIVE)


def _waits(session: Session) -> str:
    """The latest commit, if it waits to be confirmed; its note may stand on a line of its own."""
    latest = re.split(r"(?m)^1\s", session.send("show system commit"), maxsplit=1)[0]
    waits = re.search(r"rollback in|commit confirmed", latest)
    return " ".join(latest.split()) if waits else ""


def _save(session: Session) -> None:
    """Nothing: what is committed is saved."""


CHANGE = Change(
    running=_running,
    remediate=remediate,
    apply=_apply,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    replace=partial(remediate, whole=True),
    pending=_waits,
)
