"""Clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    addresses,
    cannot_tell,
    failed,
    on_system,
    passed,
    peers,
    setting,
    variable,
    verdict,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _synchronised(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["time_sync"]
    if fact is not None and fact.source == "local" and _serves(target):
        return passed(N_("it is a time server with nothing above it"), observed=fact)
    if fact is None or not fact.synchronised:
        return failed(N_("its clock follows no source"), observed=fact, expected=True)
    return passed(N_("its clock follows {source}"), observed=fact, source=fact.source or "?")


def _serves(target: Target) -> bool:
    """Whether it is one of the estate's own time servers."""
    own = {
        target.connection.address,
        str(setting(target, "management_address", "")),
        str(target.variables.get("ansible_host", "")),  # in a lab the connection's is another
    }
    return bool(own & set(peers(target, "time_servers")))


def _offset(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["time_sync"]
    limit = parameters["maximum_s"]
    if fact is None or fact.offset_s is None:
        return cannot_tell(N_("it does not say how far its clock is off"))
    judge = passed if abs(fact.offset_s) <= limit else failed
    return judge(
        N_("its clock is off by {offset} s, allowed are {limit} s"),
        observed=fact.offset_s,
        expected=f"<= {limit}",
        offset=f"{fact.offset_s:+.6f}",
        limit=limit,
    )


def _servers(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["time_sync"]
    found = tuple(fact.servers) if fact else ()
    wanted = _wanted(target)
    wrong = [server for server in wanted if server not in found]
    if not wanted and not _serves(target) and len(found) < parameters["minimum"]:
        wrong = [f"{len(found)} / {parameters['minimum']}"]
    return verdict(
        wrong,
        good=N_("it asks the time servers of the design"),
        bad=N_("time servers that are missing: {items}"),
        observed=list(found),
        expected=list(wanted) or f">= {parameters['minimum']}",
    )


def _wanted(target: Target) -> tuple[str, ...]:
    if _serves(target):
        return addresses(variable(target, "time_sync_upstream", ()))
    given = variable(target, "time_sync_servers") or variable(target, "ntp_servers") or ()
    return addresses(given) or peers(target, "time_servers")


CHECKS = (
    Check(
        id="time_sync.synchronised",
        title=N_("Its clock is synchronised"),
        pack="health",
        severity=Severity.HIGH,
        topics=("time_sync",),
        judge=_synchronised,
        applies=on_system,
        rationale=N_(
            "Logs of different equipment can only be laid side by side when clocks agree."
        ),
        remediation=N_("Look at the path to the time servers, and whether they are synchronised."),
        follows=("time_sync.servers", "services.required"),
    ),
    Check(
        id="time_sync.offset",
        title=N_("Its clock is right"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("time_sync",),
        judge=_offset,
        applies=on_system,
        parameters={"maximum_s": 0.5},
        rationale=N_(
            "A clock that follows a wrong source, or has not caught up yet, makes wrong logs."
        ),
        remediation=N_("Compare its sources with each other; step the clock if it is far off."),
        follows=("time_sync.synchronised", "time_sync.servers", "services.required"),
    ),
    Check(
        id="time_sync.servers",
        title=N_("It asks the time servers of the design"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("time_sync",),
        judge=_servers,
        applies=on_system,
        parameters={"minimum": 2},
        rationale=N_("A clock that follows an unknown source can be moved by strangers."),
        remediation=N_("Configure the time servers of the design and remove all others."),
        follows=("services.required",),
    ),
)
