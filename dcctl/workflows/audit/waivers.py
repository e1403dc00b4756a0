"""Waivers: which of them count on a day, what has to make up for what they waive, what they cover.

A failure that a waiver covers is `waived`, and never a pass; what could not be told stays so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dcctl import checks
from dcctl.errors import InvalidInput, Refused
from dcctl.estate import patterns
from dcctl.estate.schema.declarations import AuditWaiver
from dcctl.model.approval import Purpose
from dcctl.model.assessment import together
from dcctl.model.declaration import Unheld, Waiver
from dcctl.model.status import FindingStatus, worst_finding
from dcctl.standards import Live
from dcctl.text import N_, Text
from dcctl.workflows.audit import declarations as files
from dcctl.workflows.audit.law_day import months_after
from dcctl.workflows.audit.results import live, summed
from dcctl.workflows.audit.signatures import APPROVER, REQUESTER, Bench, require_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dcctl.estate.schema.declarations import CompensationEntry
    from dcctl.model.assessment import Result
    from dcctl.model.declaration import Declared
    from dcctl.model.outcome import Finding, Reading
    from dcctl.model.target import Target
    from dcctl.standards import Row

MONTHS = 12  # the longest that one may run
_UNMET = (FindingStatus.FAIL, FindingStatus.PARTIAL)
Proofs = dict[tuple[str, str], FindingStatus]  # check or row, target -> what it said


@dataclass(frozen=True, slots=True)
class Standing:
    """One waiver on a day; `entry` is None where it counts for nothing."""

    told: Waiver
    entry: AuditWaiver | None


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
    return Standing(told, entry)


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
    keys = {}
    for who, role, purpose in (
        (asker, REQUESTER, Purpose.WAIVER_REQUEST),
        (approver, APPROVER, Purpose.WAIVER),
    ):
        keys[role] = bench.key(
            entry.signatures, name=name, digest=digest, who=who, role=role, purpose=purpose
        )
        bench.require_no_auditor(who, keys[role])
    _require_two(asker, approver, bench.same(asker, keys[REQUESTER]), keys[APPROVER])


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


def _require_two(asker: str, approver: str, asking: frozenset[str], key: str = "") -> None:
    if {approver, key} & asking:
        raise Refused(
            N_("{approver} is {asker}, who asks for it, and can't approve it"),
            hint=N_("it takes a second person"),
            approver=approver,
            asker=asker,
        )


# --- what has to make up for what is waived ---


def scope(pattern: str, targets: Mapping[str, Target]) -> frozenset[str]:
    """The targets that a pattern stands for, by the groups they had when they were read."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, target in targets.items():
        for group in ("all", *target.groups):
            groups[group].append(name)
    return frozenset(patterns.select(pattern, tuple(targets), groups, partial=True))


@dataclass(frozen=True, slots=True)
class Reach:
    """A waiver that counts, and the targets it speaks of."""

    name: str
    entry: AuditWaiver
    targets: frozenset[str]
    elsewhere: Mapping[str, frozenset[str]]  # the pattern of a compensation -> its targets

    def asked_of(self, target: str) -> Iterator[str]:
        """The checks and rows that have to pass on this target."""
        for one in self.entry.compensating:
            if target in (self.elsewhere[one.hosts] if one.hosts else self.targets):
                yield one.check

    def unheld(
        self, target: str, proofs: Proofs
    ) -> Iterator[tuple[CompensationEntry, FindingStatus]]:
        """What does not make up for its failure there, with what it said."""
        for one in self.entry.compensating:
            places = self.elsewhere[one.hosts] if one.hosts else (target,)
            said = {proofs[one.check, place] for place in places}
            if said != {FindingStatus.PASS}:
                said.discard(FindingStatus.PASS)
                yield one, worst_finding(said or {FindingStatus.NOT_EVALUATED})


def reaches(standings: Iterable[Standing], targets: Mapping[str, Target]) -> tuple[Reach, ...]:
    """The waivers that count, with their scopes."""
    found = []
    for one in standings:
        entry = one.entry
        if entry is None:
            continue
        inside = scope(entry.hosts, targets)
        if entry.sites:
            inside = frozenset(name for name in inside if targets[name].site in entry.sites)
        elsewhere = {
            each.hosts: scope(each.hosts, targets) for each in entry.compensating if each.hosts
        }
        found.append(Reach(one.told.name, entry, inside, elsewhere))
    return tuple(found)


def wanted(reached: Iterable[Reach], target: str) -> frozenset[str]:
    """The checks and rows that have to pass on a target, for what they make up for."""
    return frozenset(control for reach in reached for control in reach.asked_of(target))


def proofs(
    controls: Iterable[str],
    target: Target,
    readings: Mapping[str, Reading],
    asked: Mapping[str, Mapping[str, Mapping[str, object]]],
    about: Iterable[Row],
) -> Proofs:
    """What compensating checks and rows say of one target.

    `about` are the rows of this kind of target; `asked` holds what each asks there.
    """
    rows = {row.id: row for row in about}
    found: Proofs = {}
    for control in controls:
        if control in rows:
            status = live(rows[control], target, asked[control], readings).status
        elif control in checks.all_checks():
            ways = [one[control] for one in asked.values() if control in one] or [{}]
            said = [checks.evaluate(target, readings, {control: way}) for way in ways]
            status = together(finding.status for findings in said for finding in findings)
        else:  # a row about another kind of target
            status = FindingStatus.NOT_APPLICABLE
        found[control, target.name] = status
    return found


# --- what they cover ---


class Applied:
    """Waivers laid over results; remembers what each covered, and where it did not hold."""

    def __init__(self, reached: Sequence[Reach], found: Proofs) -> None:
        self._reached, self._proofs = reached, found
        self._covers: dict[str, int] = defaultdict(int)
        self._unheld: dict[tuple[str, str, FindingStatus, str], list[str]] = defaultdict(list)

    def over(self, result: Result) -> Result:
        """The result; what fails in it and is covered is waived."""
        if result.status not in _UNMET or not result.findings:
            return result
        covering = {f.check: self._covering(result, f) for f in result.findings}
        names = tuple(dict.fromkeys(name for name in covering.values() if name))
        if not names:
            return result
        for name in names:
            self._covers[name] += 1
        found = tuple(
            replace(f, status=FindingStatus.WAIVED, reason=covering[f.check])
            if covering[f.check]
            else f
            for f in result.findings
        )
        made = summed(result.requirement, result.target, found)
        waived = made.status is FindingStatus.WAIVED
        return replace(made, waivers=names, reason=", ".join(names) if waived else made.reason)

    def _covering(self, result: Result, finding: Finding) -> str:
        """The name of the first waiver that covers a finding and holds."""
        if finding.status not in _UNMET:
            return ""
        for reach in self._reached:
            speaks = reach.entry.control in (result.requirement, finding.check)
            if not speaks or result.target not in reach.targets:
                continue
            missing = list(reach.unheld(result.target, self._proofs))
            if not missing:
                return reach.name
            for one, status in missing:
                hosts = self._unheld[reach.name, one.check, status, one.hosts or ""]
                if result.target not in hosts:
                    hosts.append(result.target)
        return ""

    def told(self, waiver: Waiver) -> Waiver:
        """The waiver with what became of it."""
        unheld = tuple(
            Unheld(check=check, status=status, where=where, targets=tuple(hosts))
            for (name, check, status, where), hosts in self._unheld.items()
            if name == waiver.name
        )
        covers = self._covers.get(waiver.name, 0) if waiver.problem is None else 0
        return replace(waiver, covers=covers, unheld=unheld if waiver.problem is None else ())
