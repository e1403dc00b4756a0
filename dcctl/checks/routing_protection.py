"""Routing neighbours: they prove who they are, and partners send and get what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
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


def _named(sessions: list[Any]) -> list[str]:
    return [f"{one.protocol} {one.name}" for one in sessions]


def _authenticated(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    sessions = facts["routing_protection"].items
    if not sessions:
        return not_applicable(N_("it speaks no routing protocol"))
    wrong = _named([one for one in sessions if one.authenticated is False])
    if wrong:
        return failed(
            N_("routing neighbours that need not prove who they are: {items}"),
            items=listed(wrong),
            observed=wrong,
            expected=[],
        )
    unknown = _named([one for one in sessions if one.authenticated is None])
    if unknown:
        return cannot_tell(
            N_("how these prove who they are is not understood: {items}"), items=listed(unknown)
        )
    return passed(N_("its routing neighbours prove who they are"), observed=len(sessions))


def _limited(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    partners = [one for one in facts["routing_protection"].items if one.external]
    if not partners:
        return not_applicable(N_("it has no BGP neighbour of another AS"))
    wrong = [one.name for one in partners if not (one.limited and one.filtered)]
    if wrong:
        return failed(
            N_("partners whose prefixes are neither counted nor filtered both ways: {items}"),
            items=listed(wrong),
            observed=wrong,
            expected=[],
        )
    return passed(
        N_("what partners send and get is counted and filtered"),
        observed=[one.name for one in partners],
    )


CHECKS = (
    Check(
        id="routing_protection.authenticated",
        title=N_("Routing neighbours prove who they are"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("routing_protection",),
        judge=needs("routing_protection", _authenticated),
        applies=on_network,
        rationale=N_("Who is believed as a neighbour leads traffic where he wants it."),
        remediation=N_("Configure digests from a key chain, or TCP-AO; never a password in clear."),
    ),
    Check(
        id="routing_protection.limited",
        title=N_("Partners' prefixes are counted and filtered"),
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("routing_protection",),
        judge=needs("routing_protection", _limited),
        applies=on_network,
        rationale=N_("A partner's mistake must not become the backbone's."),
        remediation=N_("Set a maximum of prefixes, and a policy in and out, for each partner."),
    ),
)
