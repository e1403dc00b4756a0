"""Draw a sample: so many of each site's platforms, from a seed that is kept with the evidence."""

from __future__ import annotations

import re
import secrets as tokens
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from dcctl.errors import InvalidInput
from dcctl.model import sampling
from dcctl.model.sampling import Key, Sample
from dcctl.model.target import Target
from dcctl.text import N_

LEVEL = 4  # where the inventory says none: what serves bodies nationwide
_ASKED = re.compile(r"(?P<count>[1-9][0-9]{0,6})|(?P<percent>[0-9]{1,2}(?:\.[0-9]{1,3})?|100)%")
_SEED = re.compile(r"[\x21-\x7e]{1,64}")


def level_of(target: Target) -> int:
    """The security level that the inventory says, or the usual one."""
    return int(target.intent.get("security_level") or LEVEL)


def stratum_of(target: Target) -> Key:
    """Which targets it stands for."""
    return target.site, target.platform, level_of(target)


def drawn(
    targets: Mapping[str, Target], asked: str, seed: str = ""
) -> tuple[dict[str, Target], Sample]:
    """The targets drawn out of `targets`; without a seed, by one that is made up.

    Args:
        targets: the whole population.
        asked: a share of each stratum (`10%`), or a number of all that makes one (`300`).
        seed: what decides which; any word.

    Raises:
        InvalidInput: a share or a seed that is none.
    """
    share = _share(asked, len(targets))
    if seed and not _SEED.fullmatch(seed):
        raise InvalidInput(
            N_("a seed is a word of at most 64 characters without blanks, not {seed}"),
            seed=seed[:80],
        )
    population: dict[Key, list[str]] = defaultdict(list)
    for name, target in targets.items():
        population[stratum_of(target)].append(name)
    names, sample = sampling.drawn(population, share, asked=asked, seed=seed or tokens.token_hex(8))
    return {name: target for name, target in targets.items() if name in set(names)}, sample


def _share(asked: str, population: int) -> Fraction:
    found = _ASKED.fullmatch(asked.strip())
    if found and found["count"]:
        return min(Fraction(1), Fraction(int(found["count"]), population))
    share = Fraction(found["percent"]) / 100 if found else Fraction(0)
    if not share:
        raise InvalidInput(
            N_("a sample is a share (10%) or a number (300) of the targets, not {asked}"),
            asked=asked[:40],
        )
    return share
