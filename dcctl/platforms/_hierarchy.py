"""Remediation of indented configurations (IOS, FRR) with hier_config, its mistakes put right.

The intended text is authoritative for the sections that it mentions and silent about all others.
`future()` is no proof; the proof is an empty remediation after the change was read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dcctl.contracts import Remediation

Tree = dict[str, "Tree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one platform writes its configuration. Expressions are matched against whole lines.

    `depths`: how many words name the section that a line without children belongs to (the longest
    matching beginning counts); 2 where nothing is said. `single` match lines that replace one
    another: groups are what must be equal.
    """

    depths: Mapping[str, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()  # never part of the comparison
    defaults: tuple[str, ...] = ()  # set by the device itself: kept unless intended says otherwise
    unshown: tuple[str, ...] = ()  # intended lines that a device never shows
    single: tuple[tuple[str, ...], ...] = ()  # lineages of expressions
    destructive: tuple[str, ...] = ()
    expand: Callable[[Tree], Tree] = lambda tree: tree  # before comparing
    repair: Callable[[list[Entry], Tree], list[Entry]] = lambda entries, _tree: entries
    exits: Mapping[str, str] = field(default_factory=dict)  # section beginning -> how it is left


@dataclass(slots=True)
class Entry:
    """One line of a remediation and what stands below it."""

    text: str
    below: list[Entry] = field(default_factory=list)


def parse(text: str, dialect: Dialect) -> Tree:
    """Indented text as a tree; comments, exits and ignored lines are left out."""
    tree: Tree = {}
    stack: list[tuple[int, Tree]] = [(-1, tree)]
    lines = iter(text.replace("\r", "").split("\n"))
    for line in lines:
        words = line.strip()
        if _skipped(words, dialect):
            continue
        depth = len(line) - len(line.lstrip(" "))
        if depth == 0 and words.startswith("banner "):
            words = _banner(words, lines)
        while stack[-1][0] >= depth:
            stack.pop()
        below: Tree = stack[-1][1].setdefault(words, {})
        stack.append((depth, below))
    return tree


def _skipped(words: str, dialect: Dialect) -> bool:
    if not words or words[0] in "!#" or words in ("end", "exit"):
        return True
    return words.startswith("exit-") or any(re.fullmatch(p, words) for p in dialect.ignored)


def _banner(first: str, lines: Any) -> str:
    """A banner as one line: `banner KIND ^CTEXT^C`, whatever delimiter it was written with."""
    _, kind, rest = [*first.split(" ", 2), "", ""][:3]
    if rest[:2] == "^C":
        mark, body = "^C", rest[2:]
    elif kind in ("motd", "login", "exec", "incoming") and rest and not rest[0].isalnum():
        mark, body = rest[0], rest[1:]
    else:
        return first  # one line without delimiters, as FRR has it
    while mark not in body:
        more = next(lines, None)
        if more is None:
            break
        body += "\n" + more
    return f"banner {kind} ^C{body.partition(mark)[0]}^C"


def render(tree: Tree, depth: int = 0) -> str:
    """The tree as indented text."""
    lines = []
    for words, below in tree.items():
        lines.append(" " * depth + words)
        if below:
            lines.append(render(below, depth + 1))
    return "\n".join(lines)


def normalised(text: str, dialect: Dialect) -> str:
    """`text` as it is compared: what a fingerprint is made of."""
    return render(parse(text, dialect))


def remediate(running: str, intended: str, dialect: Dialect, *, whole: bool = False) -> Remediation:
    """What turns the mentioned sections of `running` into `intended`; pure.

    `whole`: sections that `intended` doesn't mention go.
    """
    have = dialect.expand(parse(running, dialect))
    want = dialect.expand(_shown(parse(intended, dialect), dialect))
    keys = {_key(line, below, dialect) for line, below in want.items()}
    have = {
        line: below for line, below in have.items() if whole or _key(line, below, dialect) in keys
    }
    _keep_defaults(have, want, dialect)
    same = have == want  # most are, and hier_config takes its time
    entries = [] if same else dialect.repair(_difference(have, want, dialect), want)
    lines = tuple(lines_of(entries, dialect))
    flat = tuple(_flat(entries))
    return Remediation(
        lines=lines,
        diff=tuple(_diff(have, want)) if lines else (),
        destructive=tuple(
            line for line in flat if any(re.fullmatch(p, line.strip()) for p in dialect.destructive)
        ),
        not_understood=(*_odd(running), *_odd(intended)),
    )


def _odd(text: str) -> list[str]:
    """Lines that belong to no configuration: a pager, a device's complaint, control characters."""
    return [
        line.strip()
        for line in text.replace("\r", "").split("\n")
        if re.match(r"\s*(?:%|\^$| ?-+ ?[Mm]ore)", line)
        or re.search(r"[\x00-\x08\x0b-\x1d\x1f\x7f]", line)  # IOS XR's policies are joined by 1e
    ]


def _shown(tree: Tree, dialect: Dialect) -> Tree:
    return {
        line: _shown(below, dialect)
        for line, below in tree.items()
        if not any(re.fullmatch(pattern, line) for pattern in dialect.unshown)
    }


def _key(line: str, below: Tree, dialect: Dialect) -> str:
    """The name of the section that a top line opens or belongs to."""
    positive = line.removeprefix("no ")
    if below:
        return positive
    depth, longest = 2, -1
    for beginning, words in dialect.depths.items():
        if len(beginning) > longest and (positive + " ").startswith(beginning + " "):
            depth, longest = words, len(beginning)
    return " ".join(positive.split()[:depth]) if depth else positive


def _keep_defaults(have: Tree, want: Tree, dialect: Dialect) -> None:
    """Let the device keep what it sets by itself, unless the intended text speaks of it."""
    for line, below in want.items():
        if line in have:
            _keep_defaults(have[line], below, dialect)
    for line in list(have):
        mentioned = line in want or line.removeprefix("no ") in want or f"no {line}" in want
        if not mentioned and any(re.fullmatch(pattern, line) for pattern in dialect.defaults):
            del have[line]


def _difference(have: Tree, want: Tree, dialect: Dialect) -> list[Entry]:
    from hier_config import HConfig, Platform, WorkflowRemediation, get_hconfig_driver
    from hier_config.models import IdempotentCommandsRule, MatchRule

    driver = get_hconfig_driver(Platform.GENERIC)
    driver.rules.idempotent_commands.extend(
        IdempotentCommandsRule(
            match_rules=tuple(MatchRule(re_search=rf"^(?:{pattern})") for pattern in lineage)
        )
        for lineage in dialect.single
    )
    running, intended = HConfig(driver), HConfig(driver)
    _fill(running, have)
    _fill(intended, want)
    return _entries(WorkflowRemediation(running, intended).remediation_config)


def _fill(parent: Any, tree: Tree) -> None:
    """Straight into hier_config's tree: its reader of text trips over banners."""
    for line, below in tree.items():
        _fill(parent.add_child(line), below)


def _entries(parent: Any) -> list[Entry]:
    found = [Entry(child.text, _entries(child)) for child in sorted(parent.children)]
    # Take away before adding: an address that moves must be free first.
    return sorted(found, key=_turn)


def _turn(entry: Entry) -> int:
    if entry.text == "no shutdown":
        return 2  # a port comes up once it is configured
    return 0 if entry.text.startswith("no ") else 1


def lines_of(entries: list[Entry], dialect: Dialect, depth: int = 0) -> list[str]:
    """The lines of a remediation, every section left the way the dialect leaves it."""
    lines = []
    for entry in entries:
        lines.append(" " * depth + entry.text)
        if entry.below:
            lines += lines_of(entry.below, dialect, depth + 1)
            lines.append(" " * depth + _exit(entry.text, dialect))
    return lines


def _exit(text: str, dialect: Dialect) -> str:
    return next((leave for start, leave in dialect.exits.items() if text.startswith(start)), "exit")


def _flat(entries: list[Entry]) -> list[str]:
    return [text for entry in entries for text in (entry.text, *_flat(entry.below))]


def _diff(have: Tree, want: Tree, depth: int = 0) -> list[str]:
    """`-` what goes, `+` what comes, each below the sections that it stands in."""
    pad, lines = " " * depth, []
    for line in have:
        if line not in want:
            lines.append(f"- {pad}{_one(line)}")
            lines += [f"- {pad} {below}" for below in render(have[line]).splitlines()]
    for line, below in want.items():
        if line not in have:
            lines.append(f"+ {pad}{_one(line)}")
            lines += [f"+ {pad} {inner}" for inner in render(below).splitlines()]
        else:
            inner = _diff(have[line], below, depth + 1)
            lines += [f"  {pad}{line}", *inner] if inner else []
    return lines


def _one(line: str) -> str:
    return line.replace("\n", "⏎")


def forget_neighbors(bgp: Entry) -> None:
    """`no neighbor X remote-as` takes all of X's lines: negating them again would be an error."""
    gone = {
        words[2]
        for words in (entry.text.split() for entry in bgp.below)
        if words[:2] == ["no", "neighbor"] and words[3:4] == ["remote-as"]
    }
    for section in (bgp, *bgp.below):
        section.below = [
            entry
            for entry in section.below
            if not (
                entry.text.startswith("no neighbor ")
                and entry.text.split()[2] in gone
                and entry.text.split()[3:4] != ["remote-as"]
            )
        ]
    bgp.below = [e for e in bgp.below if e.below or not e.text.startswith("address-family")]
