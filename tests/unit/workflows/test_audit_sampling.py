"""Samples are drawn alike everywhere, and their bounds hold by counting every case."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb

import pytest

from dcctl import clock
from dcctl.errors import InvalidInput
from dcctl.model import plain, sampling
from dcctl.model.assessment import Result
from dcctl.model.plan import Plan
from dcctl.model.record import Run, RunRecord
from dcctl.model.sampling import Sample, Stratum, at_most, several, single
from dcctl.model.status import FindingStatus, RunStatus
from dcctl.model.target import Target
from dcctl.running import SerialRunner
from dcctl.workflows.audit.collect import CollectRequest, collect
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.audit.representing import bounds
from dcctl.workflows.audit.sample import drawn, stratum_of
from dcctl.workflows.rehearsal import sessions
from dcctl.workflows.services import open_site
from tests.unit.kit.conftest import site
from tests.unit.upgrading.scene import Scene


def stratum(population: int, sampled: int, site: str = "a") -> Stratum:
    return Stratum(site=site, platform="x", level=4, population=population, sampled=sampled)


def found(population: int, bad: int, sampled: int, most: int) -> Fraction:
    """The chance of `most` or fewer, by the definition."""
    cases = (comb(bad, i) * comb(population - bad, sampled - i) for i in range(most + 1))
    return Fraction(sum(cases), comb(population, sampled))


def test_one_stratum_is_the_definition_in_every_small_case() -> None:
    for population in range(1, 15):
        for sampled in range(population + 1):
            for failing in range(sampled + 1):
                possible = range(failing, population - (sampled - failing) + 1)
                wanted = max(
                    bad
                    for bad in possible
                    if bad == failing or found(population, bad, sampled, failing) >= sampling.ALPHA
                )
                assert single(population, sampled, failing) == wanted


def test_one_stratum_by_drawing_every_sample_there_is() -> None:
    """Of all samples of a population, at least 95 % have a bound that holds."""
    for population, sampled in ((7, 3), (9, 4), (10, 5)):
        for bad in range(population + 1):
            samples = list(itertools.combinations(range(population), sampled))
            holds = sum(
                single(population, sampled, sum(one < bad for one in sample)) >= bad
                for sample in samples
            )
            assert holds * 20 >= 19 * len(samples)


# Minimum samples that find one failing with 95 % confidence (ISPM 31, FAO 2016, appendix 2, table
# 1; the same in Cannon and Roe 1982, table 2): one less would allow that many to be failing.
PUBLISHED = (
    (50, 10, 22),
    (100, 5, 45),
    (100, 10, 25),
    (200, 5, 51),
    (500, 1, 225),
    (500, 5, 56),
    (1000, 1, 258),
    (1000, 2, 138),
    (1000, 5, 57),
    (1000, 10, 29),
)


@pytest.mark.parametrize(("population", "percent", "sampled"), PUBLISHED)
def test_against_published_tables(population, percent, sampled) -> None:
    bad = population * percent // 100
    assert single(population, sampled, 0) < bad <= single(population, sampled - 1, 0)


def test_several_strata_hold_however_the_failing_ones_lie() -> None:
    """Every population of three strata, every way the failing ones lie, every sample's chance."""
    for sizes, draws in (((5, 4, 3), (2, 2, 1)), ((6, 4), (3, 2)), ((8, 2, 2), (2, 1, 1))):
        strata = [stratum(n, s, str(i)) for i, (n, s) in enumerate(zip(sizes, draws, strict=True))]
        for bads in itertools.product(*(range(size + 1) for size in sizes)):
            holds = Fraction(0)
            seen = [range(min(bad, draw) + 1) for bad, draw in zip(bads, draws, strict=True)]
            for counts in itertools.product(*seen):
                chance = Fraction(1)
                for size, bad, draw, count in zip(sizes, bads, draws, counts, strict=True):
                    ways = comb(bad, count) * comb(size - bad, draw - count)
                    chance *= Fraction(ways, comb(size, draw))
                if at_most(strata, sum(counts)) >= sum(bads):
                    holds += chance
            assert holds >= Fraction(19, 20), (sizes, bads)


def test_several_strata_cost_little_beside_one() -> None:
    strata = [stratum(100, 10, str(number)) for number in range(100)]
    one = single(10_000, 1000, 0)
    assert (one, at_most(strata, 0)) == (28, 28)
    assert single(10_000, 1000, 30) <= at_most(strata, 30) <= single(10_000, 1000, 30) * 1.05
    assert at_most([stratum(40, 40, "a"), stratum(60, 60, "b")], 3) == 3
    assert several(10, 0, 0, Fraction(0)) == 10


def targets(count: int) -> dict[str, Target]:
    sites, systems = ("p01", "p02", "p03"), ("cisco_xe", "linux")
    return {
        name: Target(name=name, platform=systems[n % 2], kind="router", site=sites[n % 3])
        for n, name in ((n, f"h{n:03}") for n in range(count))
    }


def test_the_same_seed_gives_the_same_sample_anywhere() -> None:
    chosen, sample = drawn(targets(60), "10%", "hoa-lac-2026")
    backwards = dict(reversed(targets(60).items()))
    again, other = drawn(backwards, "10%", "hoa-lac-2026")
    assert set(chosen) == set(again)
    assert sample == other
    # Worked out with sha256sum: each stratum has ten, of which the first one is drawn.
    assert sorted(chosen) == ["h000", "h019", "h020", "h034", "h051", "h053"]
    assert [one.population for one in sample.strata] == [10] * 6
    assert set(drawn(targets(60), "10%", "another")[0]) != set(chosen)
    assert drawn(targets(60), "10%")[1].seed != drawn(targets(60), "10%")[1].seed


def test_every_stratum_is_in_it() -> None:
    chosen, sample = drawn(targets(61), "7", "x")
    assert all(one.sampled * 61 >= one.population * 7 for one in sample.strata)
    assert min(one.sampled for one in sample.strata) >= 1
    assert sample.sampled == len(chosen) == 12
    assert len(drawn(targets(5), "300", "x")[0]) == 5


@pytest.mark.parametrize("asked", ["0", "0%", "101%", "-3", "10 %", "", "ten", "1e3", "5.1234%"])
def test_a_sample_that_is_none(asked) -> None:
    with pytest.raises(InvalidInput):
        drawn(targets(6), asked, "x")


@pytest.mark.parametrize("seed", ["a b", "x" * 65, "ố"])
def test_a_seed_that_others_would_type_otherwise(seed) -> None:
    with pytest.raises(InvalidInput):
        drawn(targets(6), "10%", seed)


def test_what_a_sample_says_of_all_stands_in_the_assessment(tmp_path) -> None:
    """Two of a site's three elements are read, and the third is not forgotten."""
    with clock.use(clock.ManualClock()) as time:
        scene = Scene(name="p01-pe1", time=time)
        runner = SerialRunner(build=sessions.simulated(scene.network))
        with open_site(site(tmp_path / "site"), operator="minh", runner=runner) as services:
            limit = "p01-pe1,p01-pe2,hl-cor-r1"
            record = collect(CollectRequest(limit=limit, sample="50%", seed="7"), services)
            found = evaluate(EvaluateRequest(), services).assessment
            whole = collect(CollectRequest(limit="p01-pe1"), services)
            assert evaluate(EvaluateRequest(run=whole.run.id), services).assessment.sample is None
    told = record.run.request["sample"]
    assert (told["seed"], told["population"], told["sampled"]) == ("7", 3, len(record.plan.targets))
    assert plain.to_plain(found.sample) == told
    every, *rows = found.bounds
    assert every.requirement == ""
    assert every.population == 3
    bad = {FindingStatus.FAIL, FindingStatus.PARTIAL, FindingStatus.NOT_EVALUATED}
    for one in rows:
        mine = [r for r in found.results if r.requirement == one.requirement and r.target]
        assert one.failing == sum(r.status in bad for r in mine)
        assert one.failing <= one.at_most <= one.population
        assert one.at_most == at_most(found.sample.strata, one.failing)
    assert {one.at_most for one in rows if not one.failing} <= {1, 2, 3}


def test_what_is_waived_fails_all_the_same_where_nobody_was_drawn() -> None:
    names = [f"r{number}" for number in range(10)]
    targets = {name: Target(name=name, platform="cisco_xe", kind="router") for name in names}
    site, platform, level = stratum_of(targets["r0"])
    drawn_from = Stratum(site=site, platform=platform, level=level, population=100, sampled=10)
    sample = Sample(
        asked="10%", seed="s", population=100, sampled=10, names="", strata=(drawn_from,)
    )
    plan = Plan(verb="audit", estate="x", lab=True, targets=targets, steps=(), waves=())
    run = Run(id="r", verb="audit", status=RunStatus.FINISHED, plan_hash="")
    record = RunRecord(run=run, plan=plan, outcomes={})

    passed = FindingStatus.PASS

    def told(status: FindingStatus) -> tuple[int, int]:
        results = [
            Result(requirement="DC", target=name, status=status if name == "r0" else passed)
            for name in names
        ]
        _, one = bounds(sample, results, record)
        return one.failing, one.at_most

    assert told(FindingStatus.WAIVED) == told(FindingStatus.FAIL) > told(passed)
