"""Attestations: what a person of a named role says of a row that no device can answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput, Refused
from dcctl.estate.schema.declarations import Attestation as Entry
from dcctl.model.approval import Purpose
from dcctl.model.assessment import Result
from dcctl.model.declaration import Attestation
from dcctl.model.status import FindingStatus, NotEvaluated, worst_finding
from dcctl.standards import Attested, roles
from dcctl.text import N_, Text
from dcctl.workflows.audit import declarations as files
from dcctl.workflows.audit.law_day import months_after
from dcctl.workflows.audit.signatures import require_term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.model.declaration import Declared
    from dcctl.standards import Row
    from dcctl.workflows.audit.signatures import Bench


def standing(bench: Bench, rows: Sequence[Row]) -> tuple[Attestation, ...]:
    """Every attestation, each with what is wrong with it."""
    asked = {row.id: row for row in rows}
    return tuple(_standing(one, bench, asked) for one in bench.declarations.attestations)


def _standing(one: Declared, bench: Bench, rows: dict[str, Row]) -> Attestation:
    told = Attestation(name=files.name_of(one), digest=one.digest)
    try:
        entry = files.parsed(Entry, one)
        told = replace(
            told,
            row=entry.row,
            role=entry.role,
            says=FindingStatus(entry.says),
            statement=entry.statement,
            by=entry.by,
            effective_from=entry.effective_from,
            until=entry.until,
        )
        require(told.name, entry, bench, rows)
    except (InvalidInput, Refused) as error:
        return replace(told, problem=Text(error.text.msgid, error.text.params))
    return told


def require(name: str, entry: Entry, bench: Bench, rows: dict[str, Row]) -> None:
    """Refuse an attestation that does not count on the day.

    Raises:
        Refused: says why, in one line.
    """
    wanted = require_row(entry.row, rows)
    if entry.role != wanted.role:
        raise Refused(
            N_("{row} is for the role {wanted} to attest, and this is of {role}"),
            row=entry.row,
            wanted=wanted.role,
            role=entry.role,
        )
    first, last = (date.fromisoformat(day) for day in (entry.effective_from, entry.until))
    require_term(first, last, months_after(first, wanted.months), bench.day)
    key = bench.key(
        entry.signatures,
        name=name,
        digest=files.digest_of(name, entry),
        who=entry.by,
        role=entry.role,
        purpose=Purpose.ATTESTATION,
    )
    bench.require_no_auditor(entry.by, key)
    holders = bench.declarations.attestors.get(entry.role, ())
    if not {entry.by, key} & bench.same(*holders):
        raise Refused(
            N_("{who} does not hold the role {role}"),
            hint=N_("who holds which role is in dcctl.yml, under policy: attestors:"),
            who=entry.by,
            role=entry.role,
        )


def require_row(name: str, rows: dict[str, Row]) -> Attested:
    """What an attested row asks of who attests it.

    Raises:
        Refused: no such row, or one that is not attested.
    """
    row = rows.get(name)
    if row is None:
        raise Refused(N_("the catalogue has no row {row}"), row=name)
    if not isinstance(row.answer, Attested):
        raise Refused(N_("{row} is not for anybody to attest: {kind}"), row=name, kind=row.kind)
    return row.answer


def answer(row: Row, told: Sequence[Attestation]) -> Result:
    """What the newest attestation that counts says of a row, once for the whole estate.

    Of those that begin on one day the worst counts. Without any it is not evaluated.
    """
    about = [one for one in told if one.row == row.id]
    good = [one for one in about if one.problem is None and one.says is not None]
    if not good:
        return Result(
            requirement=row.id,
            target="",
            status=FindingStatus.NOT_EVALUATED,
            reason=NotEvaluated.ATTESTATION,
            message=_missing(row, about),
        )
    newest = max(one.effective_from for one in good)
    said = [one for one in good if one.effective_from == newest]
    status = worst_finding(one.says for one in said if one.says is not None)
    one = next(one for one in said if one.says is status)
    return Result(
        requirement=row.id,
        target="",
        status=status,
        reason=one.statement if status is FindingStatus.NOT_APPLICABLE else "",
        message=Text(
            N_("{by} ({role}), until {until}: {statement}"),
            {"by": one.by, "role": one.role, "until": one.until, "statement": one.statement},
        ),
    )


def _missing(row: Row, about: Sequence[Attestation]) -> Text:
    broken = [one.problem for one in about if one.problem is not None]
    if broken:
        return broken[-1]
    role = dict(roles()[row.answer.role]) if isinstance(row.answer, Attested) else ""
    return Text(N_("nobody of the role {role} has signed for it"), {"role": role})
