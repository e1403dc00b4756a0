"""Checks: pure judgements over facts, one topic a file; found, chosen, tailored and evaluated here.

A check module offers `CHECKS`; it may import `_judging` and nothing else of this package.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from dcctl import discovery
from dcctl.checks import _evaluation
from dcctl.contracts import Check
from dcctl.errors import InvalidContribution, NotFound
from dcctl.facts import all_facts
from dcctl.model import parameters
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from dcctl.model.outcome import Finding, Reading
    from dcctl.model.target import Target

_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@cache
def all_checks() -> dict[str, Check]:
    """Every check by its id, in the order of the ids.

    Raises:
        InvalidContribution: an id that is malformed or given twice, an unknown topic or `follows`.
    """
    found: dict[str, Check] = {}
    for key, check in discovery.scan(
        "dcctl.checks", "CHECKS", Check, entry_points="dcctl.checks"
    ).items():
        file = key.split("/")[0]
        if check.id in found:
            raise InvalidContribution(
                N_("check {id} is contributed twice (second: {file})"), id=check.id, file=file
            )
        found[check.id] = check
    for check in found.values():
        _validate(check, found)
    return dict(sorted(found.items()))


def _validate(check: Check, found: Mapping[str, Check]) -> None:
    if not _ID.fullmatch(check.id):
        raise InvalidContribution(N_("a check's id is TOPIC.NAME, not {id}"), id=check.id)
    for topic in check.topics:
        if topic not in all_facts():
            raise InvalidContribution(
                N_("check {id} reads {topic}, which no fact describes"), id=check.id, topic=topic
            )
    for other in check.follows:
        if other not in found:
            raise InvalidContribution(
                N_("check {id} follows {other}, which does not exist"), id=check.id, other=other
            )


def packs() -> tuple[str, ...]:
    """The names of all packs."""
    return tuple(sorted({check.pack for check in all_checks().values()}))


def pack(name: str) -> dict[str, Check]:
    """The checks of one pack.

    Raises:
        NotFound: there is no such pack.
    """
    if name not in packs():
        raise NotFound(
            N_("there is no pack {name}"), hint=N_("packs: {packs}"), name=name, packs=packs()
        )
    return {check.id: check for check in all_checks().values() if check.pack == name}


def resolve(asked: Iterable[str]) -> tuple[str, ...]:
    """The ids that `asked` stands for: ids, packs, wildcards (`ssh_server.*`); in their order.

    Raises:
        NotFound: a name or wildcard that stands for nothing; hints at what is near.
    """
    chosen: set[str] = set()
    for name in asked:
        ids = fnmatch.filter(all_checks(), name)
        if name in packs():
            ids = list(pack(name))
        if not ids:
            near = difflib.get_close_matches(name, (*all_checks(), *packs()), n=3)
            raise NotFound(
                N_("{name} is neither a check nor a pack nor a pattern that fits one"),
                hint=N_("did you mean {near}?") if near else N_("see: dcctl check list"),
                name=name,
                near=" / ".join(near),
            )
        chosen.update(ids)
    return tuple(sorted(chosen))


def tailor(
    ids: Iterable[str], site: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    """Each check's parameters: its defaults with the site's values over them.

    Raises:
        NotFound: the site tailors a check or a parameter that does not exist.
        InvalidInput: a value of the wrong type.
    """
    defaults = {check.id: check.parameters for check in all_checks().values()}
    return parameters.tailor("checks", defaults, ids, site or {})


def dated(asked: Mapping[str, Mapping[str, Any]], day: date) -> dict[str, dict[str, Any]]:
    """`asked` with the day named to the checks that depend on it: those with a parameter `on`.

    A judgement asks no clock; who asks for it says which day counts, unless the site did.
    """
    known = all_checks()
    return {
        check: {**values, "on": values.get("on") or day.isoformat()}
        if check in known and "on" in known[check].parameters
        else dict(values)
        for check, values in asked.items()
    }


def causes(check: str) -> frozenset[str]:
    """All that `check` follows, near or far; not itself."""
    near, found = [check], {check}
    while near:
        fresh = [name for name in all_checks()[near.pop()].follows if name not in found]
        near += fresh
        found.update(fresh)
    return frozenset(found - {check})


def topics(ids: Iterable[str]) -> tuple[str, ...]:
    """The topics that must be read to judge these checks, each once."""
    return tuple(sorted({topic for check in ids for topic in all_checks()[check].topics}))


def applicable(target: Target, ids: Iterable[str]) -> tuple[str, ...]:
    """Those of `ids` that apply to `target`; the others need nothing to be read."""
    return tuple(check for check in ids if not all_checks()[check].applies(target))


def evaluate(
    target: Target, readings: Mapping[str, Reading], asked: Mapping[str, Mapping[str, Any]]
) -> tuple[Finding, ...]:
    """Exactly one finding for each asked check (id -> parameters), in that order; never raises."""
    known = all_checks()
    return tuple(
        _evaluation.finding(known.get(check_id), check_id, target, readings, parameters)
        for check_id, parameters in asked.items()
    )
