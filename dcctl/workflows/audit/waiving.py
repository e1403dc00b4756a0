"""Waiving: what has to make up for what waivers waive, and what they cover.

A failure that a waiver covers is `waived`, and never a pass; what could not be told stays so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dcctl import checks
from dcctl.estate import patterns
from dcctl.model.assessment import together
from dcctl.model.declaration import Unheld
from dcctl.model.status import FindingStatus, worst_finding
from dcctl.workflows.audit.results import live, summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dcctl.estate.schema.declarations import AuditWaiver, CompensationEntry
    from dcctl.model.assessment import Result
    from dcctl.model.declaration import Waiver
    from dcctl.model.outcome import Finding, Reading
    from dcctl.model.target import Target
    from dcctl.standards import Row
    from dcctl.workflows.audit.waivers import Standing

_UNREAD = FindingStatus.NOT_EVALUATED  # a host of the pattern that this evidence is not of
_UNMET = (FindingStatus.FAIL, FindingStatus.PARTIAL)
Proofs = dict[tuple[str, str], FindingStatus]  # check or row, target -> what it said


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
            said = {proofs.get((one.check, place), _UNREAD) for place in places}
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
            each.hosts: frozenset(one.where.get(each.hosts) or scope(each.hosts, targets))
            for each in entry.compensating
            if each.hosts
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
