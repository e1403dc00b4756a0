"""Evidence, catalogue, profile and day -> assessment. Pure: same input, same bytes, anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcctl import checks, standards
from dcctl.model.assessment import Assessment, Result
from dcctl.model.declaration import Declarations
from dcctl.model.status import FindingStatus, NotEvaluated
from dcctl.processes import shared_out
from dcctl.standards import Attested, Concluded, Live
from dcctl.text import N_, Text
from dcctl.workflows.audit import again, attestations, duties, waivers, waiving
from dcctl.workflows.audit.citing import clauses, requirement
from dcctl.workflows.audit.representing import bounds, marked, sample_of
from dcctl.workflows.audit.results import live
from dcctl.workflows.audit.sample import LEVEL, level_of
from dcctl.workflows.audit.signatures import Bench
from dcctl.workflows.catalogue import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from dcctl.model.declaration import Attestation, Waiver
    from dcctl.model.observed import Observed
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.standards import Row, Standard


DUTIES = Concluded(subject="duties")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is asked: the day whose law counts, and what narrows it."""

    as_of: date
    level: int | None = None  # None: each target's own
    standards: tuple[str, ...] = ()  # ids; empty: all that applied on the day
    priority: int = 2  # rows up to this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """What people declared, judged on a day: by whom it is signed, and whether it counts."""

    waivers: tuple[waivers.Standing, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    declarations: Declarations = field(default_factory=Declarations)


def standings(declared: Declarations, rows: Sequence[Row], day: date) -> Standings:
    """Every declaration as it stands on a day; the same ones stand alike anywhere."""
    bench = Bench(declarations=declared, day=day)
    return Standings(
        waivers=waivers.standing(bench, rows),
        attestations=attestations.standing(bench, rows),
        declarations=declared,
    )


def assess(
    record: RunRecord,
    blob: Callable[[str], bytes],
    rows: Sequence[Row],
    profile: Profile,
    version: str,
    declared: Standings | None = None,
) -> Assessment:
    """Judge what `record` collected; `blob` gives the bytes kept under a digest.

    `declared` are the waivers and attestations as they stand on the profile's day.

    Raises:
        NotFound, JournalError: never; evidence that is lost or damaged is not evaluated.
    """
    declared = declared or Standings()
    case = _case_of(record, blob, rows, profile, declared)
    results, applied, observed = case.judged()
    results, sample = marked(results, observed), sample_of(record)
    told = tuple(applied.told(one.told) for one in declared.waivers)
    results += case.unlooked(results, declared.attestations, told)
    used = {result.requirement for result in results}
    rows_used = [row for row in case.asked if row.id in used]
    applying, levels = case.applying, case.levels
    return Assessment(
        run=record.run.id,
        as_of=profile.as_of.isoformat(),
        levels=levels,
        standards=tuple(applying),
        catalogue=digest(rows, applying),
        dcctl=version,
        requirements=tuple(requirement(row, applying, {*levels.values()}) for row in rows_used),
        results=tuple(results),
        clauses=tuple(clauses(rows_used, results, applying, levels, case.highest)),
        waivers=told,
        attestations=declared.attestations,
        declarations=declared.declarations,
        observed=tuple(observed),
        sample=sample,
        bounds=bounds(sample, results, record) if sample else (),
    )


def _case_of(
    record: RunRecord,
    blob: Callable[[str], bytes],
    rows: Sequence[Row],
    profile: Profile,
    declared: Standings,
) -> _Case:
    targets = record.plan.targets
    return _Case(
        record=record,
        blob=blob,
        rows=rows,
        profile=profile,
        applying=_applying(profile),
        levels={name: profile.level or level_of(target) for name, target in targets.items()},
        said=said(record),
        reached=waiving.reaches(declared.waivers, targets),
        known=again.known_of(record),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What rows are judged by: the live ones target by target, the others for the estate."""

    record: RunRecord
    blob: Callable[[str], bytes]
    rows: Sequence[Row]
    profile: Profile
    applying: Mapping[str, Standard]
    levels: Mapping[str, int]
    said: Mapping[str, Mapping[str, Mapping[str, Any]]]
    reached: Sequence[waiving.Reach]
    known: Mapping[str, Mapping[str, Any]]

    @property
    def asked(self) -> list[Row]:
        """The rows that the profile is about."""
        return [row for row in self.rows if row.priority <= self.profile.priority]

    @property
    def highest(self) -> int:
        """The level of the target with most to keep: that of the estate."""
        return max(self.levels.values(), default=self.profile.level or LEVEL)

    def unlooked(
        self, results: Sequence[Result], attested: Sequence[Attestation], waived: Sequence[Waiver]
    ) -> list[Result]:
        """Every row that no collector answers; of a network alone, none that is of servers."""
        kinds = {"all", *map(_kind, self.record.plan.targets.values())}
        days = (duties.collected_on(self.record), self.profile.as_of)
        return [
            duties.met(row, self.asked, results, self.levels, days)
            if row.answer == DUTIES
            else _unlooked(row, attested, waived, self.profile.as_of)
            for row in self.asked
            if not isinstance(row.answer, Live)
            and row.targets in kinds
            and row.cited(self.highest, self.applying)
        ]

    def judged(self) -> tuple[list[Result], waiving.Applied, list[Observed]]:
        """Every live row on every target that it means, the waivers over it, how it was read."""
        results: list[Result] = []
        observed: list[Observed] = []
        proofs: waiving.Proofs = {}
        for found, proven, seen in shared_out(self._of, tuple(self.levels)):
            results += found
            proofs |= proven
            observed.append(seen)
        applied = waiving.Applied(self.reached, proofs)
        return [applied.over(result) for result in results], applied, observed

    def _of(self, name: str) -> tuple[list[Result], waiving.Proofs, Observed]:
        """The results of one target, what waivers rest on there, and how it was read."""
        target, level = self.record.plan.targets[name], self.levels[name]
        meant = ("all", _kind(target))
        about = [r for r in self.rows if isinstance(r.answer, Live) and r.targets in meant]
        judged = [
            row
            for row in about
            if row.priority <= self.profile.priority and row.cited(level, self.applying)
        ]
        wanted = waiving.wanted(self.reached, name)
        readings, seen = again.observed(self.record, name, self.blob, self.known)
        results = [live(row, target, self._asked(row, name), readings) for row in judged]
        if not wanted:
            return results, {}, seen
        ways = {row.id: self._asked(row, name) for row in about}
        return results, waiving.proofs(wanted, target, readings, ways, about), seen

    def _asked(self, row: Row, name: str) -> dict[str, dict[str, Any]]:
        """What a row asks of each of its checks, of this target."""
        asked = row.asked(self.levels[name], self.said.get(name, {}))
        return checks.dated(asked, self.profile.as_of)


def _kind(target: Target) -> str:
    """As rows name it."""
    return "servers" if target.kind == "server" else "elements"


def _applying(profile: Profile) -> dict[str, Standard]:
    found = standards.applying(profile.as_of)
    return {name: one for name, one in found.items() if name in (profile.standards or found)}


def said(record: RunRecord) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """What the site said of each target, when it was collected, of what only it can know."""
    found: dict[str, Mapping[str, Mapping[str, Any]]] = {}
    for step in record.plan.steps:
        if step.settings.get("site"):
            found.setdefault(step.target, step.settings["site"])
    return found


def _unlooked(
    row: Row, attested: Sequence[Attestation], waived: Sequence[Waiver], day: date
) -> Result:
    """A row that no collector answers, once for the whole estate; no pass where nobody says so."""
    if isinstance(row.answer, Attested):
        return attestations.answer(row, attested)
    if isinstance(row.answer, Concluded):
        return waivers.in_order(row, waived, day)
    return Result(
        requirement=row.id,
        target="",
        status=FindingStatus.NOT_EVALUATED,
        reason=NotEvaluated.NO_COLLECTOR,
        message=Text(N_("this version of dcctl does not answer it")),
    )
