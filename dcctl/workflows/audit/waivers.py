"""Waivers: which of them count on a day, and what is wrong with the others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dcctl import checks
from dcctl.errors import InvalidInput, Refused
from dcctl.estate.schema.declarations import AuditWaiver
from dcctl.model.approval import Purpose
from dcctl.model.assessment import Result
from dcctl.model.declaration import Waiver
from dcctl.model.status import FindingStatus
from dcctl.standards import Live
from dcctl.text import N_, Text
from dcctl.workflows.audit import declarations as files
from dcctl.workflows.audit.law_day import months_after
from dcctl.workflows.audit.signatures import APPROVER, REQUESTER, Bench, require_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dcctl.model.declaration import Declared
    from dcctl.standards import Row

MONTHS = 12  # the longest that one may run


@dataclass(frozen=True, slots=True)
class Standing:
    """One waiver on a day; `entry` is None where it counts for nothing."""

    told: Waiver
    entry: AuditWaiver | None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # as `Declared.where`


def standing(bench: Bench, rows: Sequence[Row]) -> tuple[Standing, ...]:
    """Every waiver, each with what is wrong with it."""
    seen: set[str] = set()
    found = []
    for one in bench.declarations.waivers:
        name = files.name_of(one)
        found.append(_standing(one, name, bench, rows, again=name in seen))
        seen.add(name)
    return tuple(found)


def _standing(
    one: Declared, name: str, bench: Bench, rows: Sequence[Row], *, again: bool
) -> Standing:
    told = Waiver(name=name, digest=one.digest)
    try:
        entry = files.parsed(AuditWaiver, one)
        told = _told(told, entry)
        require(name, entry, bench, rows)
    except (InvalidInput, Refused) as error:
        return Standing(replace(told, problem=Text(error.text.msgid, error.text.params)), None)
    if again:
        problem = Text(N_("the waiver {name} is here a second time"), {"name": name})
        return Standing(replace(told, problem=problem), None)
    if one.problem is not None:
        return Standing(replace(told, problem=one.problem), None)
    return Standing(told, entry, one.where)


def _told(told: Waiver, entry: AuditWaiver) -> Waiver:
    return replace(
        told,
        control=entry.control,
        hosts=entry.hosts,
        sites=tuple(entry.sites),
        reason=entry.reason,
        compensating=tuple(
            f"{one.check} @ {one.hosts}" if one.hosts else one.check for one in entry.compensating
        ),
        requested_by=entry.requested_by,
        approved_by=entry.approved_by,
        effective_from=entry.effective_from,
        until=entry.until,
    )


def require(name: str, entry: AuditWaiver, bench: Bench, rows: Sequence[Row]) -> None:
    """Refuse a waiver that does not count on the day.

    Raises:
        Refused: says why, in one line.
    """
    for control in (entry.control, *(one.check for one in entry.compensating)):
        require_answered(control, rows)
    first, last = (date.fromisoformat(day) for day in (entry.effective_from, entry.until))
    require_term(first, last, months_after(first, MONTHS), bench.day)
    digest = files.digest_of(name, entry)
    asker, approver = entry.requested_by, entry.approved_by
    _require_two(asker, approver, bench.same(asker))
    for who, role, purpose in (
        (asker, REQUESTER, Purpose.WAIVER_REQUEST),
        (approver, APPROVER, Purpose.WAIVER),
    ):
        key = bench.key(
            entry.signatures, name=name, digest=digest, who=who, role=role, purpose=purpose
        )
        bench.require_no_auditor(who, key)


def require_answered(control: str, rows: Sequence[Row]) -> None:
    """Refuse what is no check, and no row that checks answer.

    Raises:
        Refused: says which.
    """
    row = next((row for row in rows if row.id == control), None)
    if row is None and control not in checks.all_checks():
        raise Refused(
            N_("there is no row and no check called {control}"),
            hint=N_("see: dcctl audit catalogue, dcctl check list"),
            control=control,
        )
    if row is not None and not isinstance(row.answer, Live):
        raise Refused(
            N_("{control} is answered by no check: nothing of it can be waived"), control=control
        )


def _require_two(asker: str, approver: str, asking: frozenset[str]) -> None:
    if approver in asking:
        raise Refused(
            N_("{approver} is {asker}, who asks for it, and can't approve it"),
            hint=N_("it takes a second person"),
            approver=approver,
            asker=asker,
        )


def in_order(row: Row, told: Iterable[Waiver], day: date) -> Result:
    """Whether every waiver is in order that had begun on the day, once for the whole estate."""
    begun = [one for one in told if one.effective_from <= day.isoformat()]
    wrong = [one.name for one in begun if one.problem is not None or one.unheld]
    message = Text(N_("there is no waiver"))
    status = FindingStatus.NOT_APPLICABLE
    if wrong:
        message = Text(N_("not in order: {names}"), {"names": ", ".join(wrong)})
        status = FindingStatus.FAIL
    elif begun:
        message = Text(N_("waivers, all in order: {count}"), {"count": len(begun)})
        status = FindingStatus.PASS
    return Result(
        requirement=row.id,
        target="",
        status=status,
        reason=message.msgid if status is FindingStatus.NOT_APPLICABLE else "",
        message=message,
    )
