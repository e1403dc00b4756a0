"""How far results can be relied on: marks of an unsteady reading, bounds of a sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dcctl.model import plain, sampling
from dcctl.model.assessment import Result
from dcctl.model.observed import Observed, Steadiness
from dcctl.model.record import RunRecord
from dcctl.model.sampling import Bound, Key, Sample
from dcctl.model.status import FindingStatus
from dcctl.text import N_, Text
from dcctl.workflows.audit.sample import stratum_of

_MARK = N_("{told} (its configuration changed while it was read)")
# What could not be told counts as failing: a bound must not be low because nobody could look. So
# does what is waived: those that were not drawn may fail without a waiver.
_FAILING = frozenset(
    {
        FindingStatus.FAIL,
        FindingStatus.PARTIAL,
        FindingStatus.NOT_EVALUATED,
        FindingStatus.WAIVED,
    }
)


def marked(results: Iterable[Result], observed: Iterable[Observed]) -> list[Result]:
    """The results, those of a target that changed meanwhile with a mark in their words."""
    moved = {one.target for one in observed if one.configuration is Steadiness.CHANGED}
    return [
        replace(one, message=Text(_MARK, {"told": one.message})) if one.target in moved else one
        for one in results
    ]


def sample_of(record: RunRecord) -> Sample | None:
    """How the run's targets were drawn; None: all were read."""
    told = record.run.request.get("sample")
    return plain.from_plain(Sample, told) if told else None


def bounds(sample: Sample, results: Sequence[Result], record: RunRecord) -> tuple[Bound, ...]:
    """How many of all targets fail at the most: over every row, then row by row."""
    places = {name: stratum_of(target) for name, target in record.plan.targets.items()}
    by_row: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.target:
            by_row[result.requirement].append(result)
    every = [result for found in by_row.values() for result in found]
    return (
        _bound("", every, sample, places),
        *(_bound(row, by_row[row], sample, places) for row in sorted(by_row)),
    )


def _bound(row: str, results: Sequence[Result], sample: Sample, places: dict[str, Key]) -> Bound:
    """Over the strata whose targets the row is about."""
    meant = {places[result.target] for result in results}
    strata = [one for one in sample.strata if one.key in meant]
    failing = len(set(_failing(results)))
    return Bound(
        requirement=row,
        failing=failing,
        sampled=sum(one.sampled for one in strata),
        population=sum(one.population for one in strata),
        at_most=sampling.at_most(strata, failing),
        strata=len(strata),
    )


def _failing(results: Iterable[Result]) -> Iterator[str]:
    return (result.target for result in results if result.status in _FAILING)
