"""The calendar of duties: what has to be looked at again and again, by the age of the evidence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from dcctl.model.assessment import Result
from dcctl.model.status import FindingStatus, NotEvaluated
from dcctl.text import N_, Text
from dcctl.workflows.audit.law_day import day_of, months_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from dcctl.model.record import RunRecord
    from dcctl.standards import Row


def collected_on(record: RunRecord) -> date | None:
    """The day on which it was read: of a kit, not the day on which that was made."""
    began = [one.started_at for one in record.outcomes.values() if one.started_at]
    first = min(began, default="") if record.run.request.get("kit") else ""
    moment = first or record.run.started_at
    return day_of(moment) if moment else None


def met(
    row: Row,
    rows: Sequence[Row],
    results: Iterable[Result],
    levels: Mapping[str, int],
    days: tuple[date | None, date],
) -> Result:
    """Whether what recurs was looked at in time, once for the whole estate.

    `days` are the one on which the evidence was collected and the one that is judged. A row that
    has no target in this evidence is another collection's.
    """
    collected, day = days
    due = _due(rows, results, levels)
    if not due:
        why = N_("nothing of what was read has to be looked at again and again")
        return _result(row, FindingStatus.NOT_APPLICABLE, Text(why), why)
    if collected is None or collected > day:
        told = Text(N_("on that day this evidence was not there yet"))
        return _result(row, FindingStatus.NOT_EVALUATED, told, NotEvaluated.NOT_STARTED)
    overdue = [
        f"{name} ({months_after(collected, months).isoformat()})"
        for name, (months, _) in due.items()
        if months_after(collected, months) < day
    ]
    if overdue:
        told = Text(N_("looked at last too long ago: {names}"), {"names": ", ".join(overdue)})
        return _result(row, FindingStatus.FAIL, told)
    lacking = [f"{name} ({count})" for name, (_, count) in due.items() if count]
    if lacking:
        told = Text(N_("not looked at on every target: {names}"), {"names": ", ".join(lacking)})
        return _result(row, FindingStatus.NOT_EVALUATED, told, NotEvaluated.ERROR)
    earliest = min(months_after(collected, months) for months, _ in due.values())
    told = Text(
        N_("duties, all of them met: {count}; the next is due by {until}"),
        {"count": len(due), "until": earliest.isoformat()},
    )
    return _result(row, FindingStatus.PASS, told)


def _due(
    rows: Sequence[Row], results: Iterable[Result], levels: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Of each recurring row: its shortest period in months, and how many targets lack evidence."""
    by_row: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        if one.status is not FindingStatus.NOT_APPLICABLE and one.target:
            by_row[one.requirement].append(one)
    found = {}
    for row in rows:
        periods = [
            row.every[levels[one.target]]
            for one in by_row[row.id]
            if levels[one.target] in row.every
        ]
        if periods:
            unread = sum(one.status is FindingStatus.NOT_EVALUATED for one in by_row[row.id])
            found[row.id] = (min(periods), unread)
    return found


def _result(row: Row, status: FindingStatus, message: Text, reason: str = "") -> Result:
    return Result(requirement=row.id, target="", status=status, reason=reason, message=message)
