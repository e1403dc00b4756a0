"""What people declared to an audit, and what became of it: a line each."""

from __future__ import annotations

from dataclasses import dataclass

from dcctl.model.declaration import Attestation, Unheld, Waiver
from dcctl.model.record import RunRecord
from dcctl.reports._rows import clean
from dcctl.reports._words import WORDS
from dcctl.text import N_, Text, translate

_SHOWN = 5  # hosts that one line names


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredLine:
    """One waiver or attestation; `good` says whether it counts."""

    name: str
    control: str
    where: str
    reason: str
    compensating: str
    who: str
    first: str
    last: str
    verdict: str
    good: bool


def declarations(record: RunRecord, language: str) -> tuple[DeclaredLine, ...]:
    """Every waiver and attestation, those that count for nothing too."""
    if record.assessment is None:
        return ()
    waivers = (_waiver(one, language) for one in record.assessment.waivers)
    return (*waivers, *(_attestation(one, language) for one in record.assessment.attestations))


def _waiver(one: Waiver, language: str) -> DeclaredLine:
    return DeclaredLine(
        name=clean(one.name),
        control=clean(one.control),
        where=clean(" ".join([one.hosts, *(f"@{site}" for site in one.sites)])),
        reason=clean(one.reason),
        compensating=clean(", ".join(one.compensating)),
        who=clean(", ".join(name for name in (one.requested_by, one.approved_by) if name)),
        first=one.effective_from,
        last=one.until,
        verdict="; ".join(of_waiver(one, language)),
        good=one.problem is None and not one.unheld,
    )


def of_waiver(one: Waiver, language: str) -> tuple[str, ...]:
    """What became of a waiver, a line each."""
    if one.problem is not None:
        text = Text(N_("not applied: {why}"), {"why": one.problem.in_language(language)})
        return (clean(text.in_language(language)),)
    told = [_unheld(each, language) for each in one.unheld]
    if one.covers:
        told.append(Text(N_("results covered: {count}"), {"count": one.covers}))
    if one.idle:
        told.append(
            Text(
                N_("covers nothing: nothing in its scope fails {control}"), {"control": one.control}
            )
        )
    return tuple(clean(text.in_language(language)) for text in told)


def _unheld(one: Unheld, language: str) -> Text:
    names = ", ".join(one.targets[:_SHOWN])
    if len(one.targets) > _SHOWN:
        names += f" +{len(one.targets) - _SHOWN}"
    word = translate(WORDS[one.status], language)
    params = {"check": one.check, "word": word, "hosts": names, "where": one.where}
    if one.where:
        return Text(
            N_("does not hold on {hosts}: {check} has to pass on {where}, and is {word}"), params
        )
    return Text(N_("does not hold on {hosts}: {check} has to pass there, and is {word}"), params)


def _attestation(one: Attestation, language: str) -> DeclaredLine:
    verdict = "; ".join(of_attestation(one, language))
    return DeclaredLine(
        name=clean(one.name),
        control=clean(one.row),
        where="",
        reason=clean(one.statement),
        compensating="",
        who=clean(f"{one.by} ({one.role})") if one.by else "",
        first=one.effective_from,
        last=one.until,
        verdict=verdict,
        good=one.problem is None,
    )


def of_attestation(one: Attestation, language: str) -> tuple[str, ...]:
    """What became of an attestation, in a line."""
    if one.problem is not None:
        text = Text(N_("does not count: {why}"), {"why": one.problem.in_language(language)})
        return (clean(text.in_language(language)),)
    return (translate(WORDS[one.says], language),) if one.says is not None else ()
