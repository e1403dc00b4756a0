"""Our verdicts beside those of OpenSCAP and Lynis, wherever they test the same thing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.audited.servers import HARDENED, WEAK
from tests.lab.audited.table import read

PAGE = Path(__file__).parents[3] / "docs" / "audit-comparison.md"
Said = Callable[[str, str, str], str]  # tool, test, server -> the tool's own word
NAMES = {WEAK: "weak", HARDENED: "hardened"}
TOOLS = {"openscap": "OpenSCAP", "lynis": "Lynis"}
_OK, _WRONG = "right", "wrong"
_OURS = {"pass": _OK, "fail": _WRONG, "partial": _WRONG}
_THEIRS = {"pass": _OK, "fail": _WRONG, "clear": _OK, "found": _WRONG}
_HEAD = ("check", "tool", "its test", "server", "dcctl", "the tool", "", "why")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One check beside one test of a tool, on one server."""

    check: str
    tool: str
    test: str
    server: str
    ours: str
    theirs: str
    why: str

    @property
    def verdict(self) -> str:
        """`agree`, `disagree`, or `not judged` where one of both gives no verdict."""
        mine, other = _OURS.get(self.ours), _THEIRS.get(self.theirs)
        if mine is None or other is None:
            return "not judged"
        return "agree" if mine == other else "disagree"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is compared, and what explains a disagreement."""

    pairs: Sequence[Mapping[str, Any]]
    explained: Mapping[tuple[str, str, str], str]  # check, test, server
    words: Mapping[str, str]  # why a tool's own word is no verdict
    statuses: Mapping[str, str]  # why a status of ours is none


def planned() -> Plan:
    """The plan in tests/cases/audit/comparison.yml."""
    data = read("comparison.yml")
    explained: dict[tuple[str, str, str], str] = {}
    for item in data["explained"]:
        for server in item.get("servers", NAMES.values()):
            for test in item["tests"]:
                explained[item["check"], test, server] = " ".join(item["why"].split())
    return Plan(
        pairs=data["pairs"],
        explained=explained,
        words=data["words"],
        statuses=data["statuses"],
    )


def compared(plan: Plan, ours: Mapping[str, Mapping[str, str]], said: Said) -> tuple[Line, ...]:
    """Every pair on both servers."""
    lines = []
    for pair in plan.pairs:
        for tool, title in TOOLS.items():
            for test in pair.get(tool, ()):
                for target, server in NAMES.items():
                    mine, other = str(ours[target][pair["check"]]), said(tool, test, target)
                    line = Line(
                        check=pair["check"],
                        tool=title,
                        test=test,
                        server=server,
                        ours=mine,
                        theirs=other,
                        why="",
                    )
                    lines.append(_explained(plan, line))
    return tuple(lines)


def _explained(plan: Plan, line: Line) -> Line:
    why = plan.explained.get((line.check, line.test, line.server), "")
    if not why and line.verdict == "not judged":
        why = plan.words.get(line.theirs) or plan.statuses.get(line.ours, "")
    values = {name: getattr(line, name) for name in Line.__dataclass_fields__}
    return Line(**{**values, "why": why if line.verdict != "agree" else ""})


def unexplained(lines: Iterable[Line]) -> list[Line]:
    """Those that do not agree, and nothing says why."""
    return [line for line in lines if line.verdict != "agree" and not line.why]


def needless(plan: Plan, lines: Iterable[Line]) -> set[tuple[str, str, str]]:
    """Explanations of what agrees, or does not exist."""
    told = {(one.check, one.test, one.server) for one in lines if one.verdict != "agree"}
    return set(plan.explained) - told


def as_csv(lines: Iterable[Line]) -> str:
    """For a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name or "verdict" for name in _HEAD])
    writer.writerows(_cells(line) for line in lines)
    return text.getvalue()


def as_markdown(lines: Sequence[Line], expected: Iterable[str]) -> str:
    """The page in docs: counts, the table, and what no tool tests."""
    counts = Counter((line.tool, line.verdict) for line in lines)
    checks = {line.check for line in lines}
    alone = sorted(set(expected) - checks)
    parts = [read("comparison.yml")["page"], "\n"]
    parts.append(
        "| tool | agree | disagree, explained | one gives no verdict |\n|---|---|---|---|\n"
    )
    parts += [
        f"| {tool} | {counts[tool, 'agree']} | {counts[tool, 'disagree']} "
        f"| {counts[tool, 'not judged']} |\n"
        for tool in TOOLS.values()
    ]
    parts.append(f"\n{len(checks)} checks have a counterpart. The other {len(alone)} have none in")
    parts.append(" either tool:\n\n")
    parts.append("\n".join(f"- {name}" for name in alone) + "\n\n")
    parts.append(f"| {' | '.join(name or 'verdict' for name in _HEAD)} |\n")
    parts.append("|---|---|---|---|---|---|---|---|\n")
    parts += [f"| {' | '.join(_cells(line))} |\n" for line in lines]
    return "".join(parts)


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.check,
        line.tool,
        line.test,
        line.server,
        line.ours,
        line.theirs,
        line.verdict,
        line.why,
    )
