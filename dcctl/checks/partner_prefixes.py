"""Whether partners send and get what is registered for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dcctl.checks._judging import (
    cannot_tell,
    failed,
    listed,
    needs,
    not_applicable,
    on_network,
    passed,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _registered(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    filters = facts["partner_prefixes"].items
    if not filters:
        return not_applicable(N_("it has no BGP neighbour of another AS"))
    register = parameters["partners"]
    if not register:
        return cannot_tell(N_("dcctl.yml registers no partner's prefixes"))
    wrong = [line for one in filters for line in _wrong(one, register)]
    if wrong:
        return failed(
            N_("not as registered: {items}"), items=listed(wrong), observed=wrong, expected=[]
        )
    unknown = [f"{one.neighbor} {one.direction}" for one in filters if one.prefixes is None]
    if unknown:
        return cannot_tell(
            N_("these filters can't be followed to prefixes: {items}"), items=listed(unknown)
        )
    return passed(
        N_("prefixes in and out are as registered"),
        observed=[one.neighbor for one in filters if one.direction == "in"],
    )


def _wrong(one: Any, register: Mapping[str, Any]) -> Iterator[str]:
    """What differs from the register: `+` passes and is not in it, `-` the other way round."""
    name = f"{one.neighbor} {one.direction}"
    known = register.get(one.neighbor)
    if known is None:
        yield f"{name}: ?"
        return
    if not one.filtered:
        yield f"{name}: *"
        return
    if one.prefixes is None:
        return
    wanted = set(known.get(one.direction) or ())
    yield from (f"{name}: +{prefix}" for prefix in sorted(set(one.prefixes) - wanted))
    yield from (f"{name}: -{prefix}" for prefix in sorted(wanted - set(one.prefixes)))


CHECKS = (
    Check(
        id="partner_prefixes.registered",
        title=N_("Partners send and get the prefixes registered for them"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("partner_prefixes",),
        parameters={"partners": {}},
        judge=needs("partner_prefixes", _registered),
        applies=on_network,
        rationale=N_("A prefix that nobody registered leads traffic astray, or leaks a network."),
        remediation=N_("Make the prefix lists what the register says, or have it registered."),
    ),
)
