"""Stratified samples that anybody can draw again, and what they say of those not drawn.

Integers only: the same seed gives the same sample and the same bound on any machine.

Of a population of N with K failing, a simple random sample of n shows k or fewer failing with the
hypergeometric probability P(k; N, K, n) = sum over i <= k of C(K,i) C(N-K,n-i) / C(N,n). The bound
is the largest K for which that is at least 5 %. In several strata a failing target is drawn with at
least the smallest share f = min(n_h/N_h), and the number drawn is a sum of independent trials
(Vatutin and Mikhailov 1982): k or fewer then come with at most the binomial probability
B(k; K, f) wherever k + 1 <= K f (Hoeffding 1956, theorem 4). That bound holds however the failing
ones lie in the strata; it is a little higher than a single stratum's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb

ALPHA = Fraction(1, 20)  # 95 % confidence, one-sided
Key = tuple[str, str, int]  # site, platform, level


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Targets that are alike, and how many of them were drawn."""

    site: str
    platform: str
    level: int
    population: int
    sampled: int

    @property
    def key(self) -> Key:
        """What a target is told to be in it by."""
        return self.site, self.platform, self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How a sample was drawn: enough to draw it again from the same inventory."""

    asked: str  # 10% or 300
    seed: str
    population: int
    sampled: int
    names: str  # SHA-256 over all names of the population, sorted, a line each
    strata: tuple[Stratum, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """At most `at_most` of `population` fail, with 95 % confidence.

    `requirement` is empty where any row is meant.
    """

    requirement: str
    failing: int  # of the sampled: failed, partly, waived, or could not be told
    sampled: int
    population: int
    at_most: int
    strata: int


def drawn(
    population: Mapping[Key, Sequence[str]], share: Fraction, *, asked: str, seed: str
) -> tuple[tuple[str, ...], Sample]:
    """The names drawn, and how: of each stratum the share of it, rounded up.

    Each stratum's names are put in the order of SHA-256(seed, a zero byte, name), and the first are
    taken: no random generator of any language is needed to do it again.
    """
    strata, taken = [], []
    for site, platform, level in sorted(population):
        names = sorted(
            population[site, platform, level], key=lambda name: (_rank(seed, name), name)
        )
        count = min(len(names), -(-len(names) * share.numerator // share.denominator))
        taken += names[:count]
        strata.append(
            Stratum(site=site, platform=platform, level=level, population=len(names), sampled=count)
        )
    every = sorted(name for names in population.values() for name in names)
    digest = hashlib.sha256("".join(f"{name}\n" for name in every).encode()).hexdigest()
    sample = Sample(
        asked=asked,
        seed=seed,
        population=len(every),
        sampled=len(taken),
        names=digest,
        strata=tuple(strata),
    )
    return tuple(sorted(taken)), sample


def _rank(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}\0{name}".encode()).hexdigest()


def at_most(strata: Sequence[Stratum], failing: int) -> int:
    """How many of the strata's targets fail at the most, where `failing` of the drawn ones do."""
    known = [one for one in strata if one.population]
    population = sum(one.population for one in known)
    sampled = sum(one.sampled for one in known)
    if len(known) == 1:
        return single(population, sampled, failing)
    least = min((Fraction(one.sampled, one.population) for one in known), default=Fraction(1))
    return several(population, sampled, failing, least)


@lru_cache(maxsize=4096)
def single(population: int, sampled: int, failing: int) -> int:
    """The exact hypergeometric bound of one simple random sample."""
    every = comb(population, sampled)

    def likely(bad: int) -> bool:
        """Whether so few are found with a probability of at least 5 %."""
        first = max(0, sampled - (population - bad))
        last = min(failing, bad)
        term = comb(bad, first) * comb(population - bad, sampled - first) if first <= last else 0
        total = term
        for i in range(first, last):
            below = (i + 1) * (population - bad - sampled + i + 1)
            term = term * (bad - i) * (sampled - i) // below
            total += term
        return total * ALPHA.denominator >= every * ALPHA.numerator

    return _largest(failing, population - (sampled - failing), likely)


@lru_cache(maxsize=4096)
def several(population: int, sampled: int, failing: int, least: Fraction) -> int:
    """The bound over strata of each of which at least the share `least` was drawn."""
    p, q = least.numerator, least.denominator

    def likely(bad: int) -> bool:
        if bad * p < (failing + 1) * q:
            return True  # Hoeffding's theorem says nothing here
        if p == q:
            return False  # everything was drawn
        term: int = (q - p) ** bad
        total = term
        for i in range(failing):
            term = term * (bad - i) * p // ((i + 1) * (q - p))
            total += term
        whole: int = q**bad
        return total * ALPHA.denominator >= whole * ALPHA.numerator

    return _largest(failing, population - (sampled - failing), likely)


def _largest(low: int, high: int, likely: Callable[[int], bool]) -> int:
    """The largest number from `low` to `high` that is likely: all below a likely one are."""
    while low < high:
        middle = (low + high + 1) // 2
        if likely(middle):
            low = middle
        else:
            high = middle - 1
    return low
