"""Markdown, for tickets and merge requests: short, what is wrong first."""

from __future__ import annotations

import re

from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.reports._audit import Audit, audit
from dcctl.reports._campaign import Campaign, campaign
from dcctl.reports._rows import Row
from dcctl.reports._view import View, view
from dcctl.reports._words import FINE, UNSURE, WRONG
from dcctl.text import N_

# What CommonMark and its tables read anywhere in a line; what counts only at its start never stands
# there; of `_` only what is not within a word.
_SPECIAL = re.compile(r"([\\`*\[\]|<>~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
_MARKS = {FINE: "✔", WRONG: "✘", UNSURE: "?"}


def render(record: RunRecord, language: str) -> bytes:
    """Device text is escaped; tables hold one line a row."""
    shown = view(record, language)
    parts = [*_head(shown)]
    upgrade = campaign(record, language)
    if upgrade is not None:
        parts += _upgrade(shown, upgrade)
    told = audit(record, language)
    if told is not None:
        parts += ["", f"**{_text(told.law)}**", ""]
        parts += [f"- {_text(formula)}: {_text(share)}" for formula, share in told.scores]
        parts += _declared(shown, told)
    for title, rows in (
        (N_("What is wrong"), shown.wrong),
        (N_("What could not be told"), shown.unsure),
    ):
        if rows:
            parts += ["", f"## {shown.word(title)} ({len(rows)})", ""]
            parts += [_item(row) for row in rows]
    for wave in shown.waves:
        title = f": {wave.title}" if wave.title else ""
        parts += ["", f"## {shown.word(N_('Wave {index}'), index=wave.number)}{title}"]
        for target in wave.targets:
            place = " · ".join(part for part in (target.platform, target.site, target.rack) if part)
            parts += ["", f"### {_MARKS[target.grade]} {_text(target.name)} ({_text(place)})", ""]
            parts += _table(shown, (*target.steps, *target.findings))
    lab = " --lab" if record.run.lab else ""
    command = told.command if told is not None else f"dcctl report {record.run.id}{lab}"
    parts += ["", f"`{command} --format markdown`"]
    return ("\n".join(parts) + "\n").encode()


def _head(shown: View) -> list[str]:
    run = shown.record.run
    lab = f" · **{shown.word(N_('lab'))}**" if run.lab else ""
    counts = [f"{word} {count}" for _, word, count in (*shown.step_counts, *shown.finding_counts)]
    return [
        f"# {_MARKS[shown.grade]} {_text(shown.verdict)}",
        "",
        f"dcctl {_text(run.verb)} · {_text(run.estate)}{lab} · {_text(run.id)}",
        f"{shown.started} - {shown.finished} · {_text(run.operator)} · {shown.status_word}",
        "",
        " · ".join(counts),
    ]


def _upgrade(shown: View, upgrade: Campaign) -> list[str]:
    """Each element in a line, with what stopped it."""
    parts = ["", f"## {shown.word(N_('The upgrade'))}", "", f"**{_text(upgrade.summary)}**"]
    if upgrade.stopped:
        parts += ["", f"**{_text(upgrade.stopped)}**"]
    for number, elements in upgrade.waves():
        parts += ["", f"### {shown.word(N_('Wave {index}'), index=number)}", ""]
        for one in elements:
            why = f": {_text(one.why)}" if one.why else ""
            took = " · ".join(f"{phase} {seconds:.0f} s" for phase, seconds in one.phases)
            parts.append(
                f"- {_MARKS[one.grade]} **{_text(one.name)}** {_text(one.before)} → "
                f"{_text(one.release)}: {_text(one.word)}{why}"
            )
            parts += [f"  - {_text(took)}"] if took else []
            for gate in one.gates:
                change = f" ({gate.before or '-'} → {gate.after or '-'})"
                told = f"{gate.word} {gate.gate} {gate.subject}: {gate.message}{change}"
                parts.append(f"  - {_text(told)}")
    return parts


def _declared(shown: View, told: Audit) -> list[str]:
    """Waivers and attestations, a line each."""
    if not told.declared:
        return []
    parts = ["", f"## {shown.word(N_('Waivers and attestations'))} ({len(told.declared)})", ""]
    for one in told.declared:
        days = f"{one.first} - {one.last}" if one.last else ""
        about = " · ".join(each for each in (one.control, one.where, days, one.who) if each)
        made = f" ({_text(one.compensating)})" if one.compensating else ""
        parts.append(
            f"- {_MARKS[FINE if one.good else WRONG]} **{_text(one.name)}** {_text(about)}: "
            f"{_text(one.verdict)}. {_text(one.reason)}{made}"
        )
    return parts


def _item(row: Row) -> str:
    weight = f" [{row.severity_word}]" if row.severity_word else ""
    told = row.message or row.reason
    fix = f" → {_text(row.remediation)}" if row.remediation and row.grade == WRONG else ""
    return (
        f"- **{_text(row.target)}** `{row.name}`{_text(weight)} {row.word}: "
        f"{_text(row.title)}. {_text(told)}{fix}"
    )


def _table(shown: View, rows: tuple[Row, ...]) -> list[str]:
    if not rows:
        return []
    names = (N_("what"), N_("result"), N_("told"))
    head = [shown.word(name) for name in names]
    lines = [f"| {' | '.join(head)} |", "|---|---|---|"]
    for row in rows:
        told = "; ".join(part for part in (row.reason, row.message, *row.changed) if part)
        lines.append(f"| {_text(row.name)} | {_text(row.word)} | {_text(told)} |")
    return lines


def _text(text: str) -> str:
    """Words of a device as words, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


REPORT = Report(
    format="markdown",
    title=N_("Markdown, for tickets"),
    media_type="text/markdown",
    suffix=".md",
    render=render,
)
