"""`dcctl audit catalogue`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dcctl.cli import options, terminal
from dcctl.cli.audit._options import AsOf, Level, day, own, required_level, required_standard
from dcctl.cli.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dcctl.standards import Row, Standard


def command(
    *,
    as_of: AsOf = None,
    level: Level = 4,
    standard: Annotated[
        str | None,
        typer.Option("--standard", help=_("Only rows that this standard asks for, by its name.")),
    ] = None,
    priority: Annotated[
        int | None, typer.Option("--priority", min=1, max=2, help=_("Only rows of a priority."))
    ] = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Every row at a level on a day: what answers it, which clauses ask for it; and the counts."""
    from dcctl.standards import applying
    from dcctl.workflows.catalogue import catalogue

    required_level(level)
    when = day(as_of)
    applies = applying(when)
    if standard is not None:
        wanted = required_standard(standard).id
        applies = {name: found for name, found in applies.items() if name == wanted}
    rows = [
        row
        for row in catalogue()
        if (standard is None or row.cited(level, applies)) and priority in (None, row.priority)
    ]
    counted = _counts(rows)
    said = {
        "as_of": when.isoformat(),
        "level": level,
        "standards": list(applies),
        "counts": counted,
        "rows": [_plain(row, level, applies) for row in rows],
    }
    headings = (_("row"), _("priority"), _("answered by"), _("clauses"), _("title"))
    lines = [
        (row.id, row.priority, _answer(row), _clauses(row, level, applies), own(row.title))
        for row in rows
    ]
    terminal.show(said, output, headings, lines)
    if output is terminal.Output.TABLE:
        for name, counts in counted.items():
            terminal.put(_words(name, counts))


def _counts(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    from dcctl.standards import count

    rows = list(rows)
    parts = {"all": rows}
    for priority in (1, 2):
        parts[f"priority_{priority}"] = [row for row in rows if row.priority == priority]
    return {
        name: {
            "total": len(part),
            **{kind.value: number for kind, number in count(part).items()},
        }
        for name, part in parts.items()
    }


def _words(name: str, counts: Mapping[str, int]) -> str:
    titles = {
        "all": _("All rows"),
        "priority_1": _("Priority 1"),
        "priority_2": _("Priority 2"),
    }
    return _(
        "{title}: {total}; live {live}, attested {attested}, not evaluated {not_evaluated}",
        title=titles[name],
        **counts,
    )


def _plain(row: Row, level: int, applies: Mapping[str, Standard]) -> dict[str, Any]:
    from dcctl.standards import Attested, Concluded, Live, NotEvaluated

    answer: dict[str, Any] = {"kind": row.kind.value}
    match row.answer:
        case Live():
            answer["checks"] = row.answer.asked(level)
        case Attested():
            answer |= {"role": row.answer.role, "months": row.answer.months}
        case Concluded():
            answer["concluded"] = row.answer.subject
        case NotEvaluated():
            answer["reason"] = dict(row.answer.reason)
    return {
        "id": row.id,
        "family": row.family,
        "targets": row.targets,
        "priority": row.priority,
        "title": dict(row.title),
        "pass": dict(row.passes),
        "clauses": [
            {"standard": clause.standard, "id": clause.id, "certainty": clause.certainty}
            for clause in row.cited(level, applies)
        ],
        "answer": answer,
        **({"every_months": row.every[level]} if level in row.every else {}),
    }


def _answer(row: Row) -> str:
    from dcctl.standards import Attested, Concluded, Live, NotEvaluated, roles

    match row.answer:
        case Live(checks=checks):
            return _("live: {checks}", checks=", ".join(checks))
        case Attested(role=role, months=months):
            return _(
                "attested by {role}, holds for {months} months",
                role=own(roles()[role]),
                months=months,
            )
        case Concluded(subject="duties"):
            return _("live: the age of the evidence")
        case Concluded():
            return _("live: the evaluation's own waivers")
        case NotEvaluated(reason=reason):
            return _("not evaluated: {reason}", reason=own(reason))


def _clauses(row: Row, level: int, applies: Mapping[str, Standard]) -> str:
    by_standard: dict[str, list[str]] = {}
    for clause in row.cited(level, applies):
        by_standard.setdefault(clause.standard, []).append(clause.id)
    return "; ".join(f"{name} {', '.join(ids)}" for name, ids in by_standard.items())
