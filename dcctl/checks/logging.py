"""Logs: forwarded to two collectors, kept long enough, surviving a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    addresses,
    cannot_tell,
    failed,
    on_appliance,
    on_linux,
    on_system,
    passed,
    peers,
    variable,
    verdict,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _wanted(target: Target) -> tuple[str, ...]:
    given = variable(target, "logging_collectors") or variable(target, "log_collectors") or ()
    return addresses(given) or peers(target, "log_collectors")


def _forwarding(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["logging"]
    found = {item.host: item for item in (fact.destinations if fact else ())}
    wanted = _wanted(target)
    wrong = [host for host in wanted if host not in found]
    wrong += [f"{host} (no connection)" for host, item in found.items() if item.connected is False]
    if not found and not wrong:
        wrong = ["-"]
    return verdict(
        wrong,
        good=N_("its log goes to every collector of the design"),
        bad=N_("collectors that its log does not reach: {items}"),
        observed=list(found),
        expected=list(wanted),
    )


def _collectors(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["logging"]
    hosts = sorted({item.host for item in (fact.destinations if fact else ())})
    judge = passed if len(hosts) >= parameters["minimum"] else failed
    return judge(
        N_("its log goes to {count} collectors, at least {minimum} are asked for"),
        observed=hosts,
        expected=f">= {parameters['minimum']}",
        count=len(hosts),
        minimum=parameters["minimum"],
    )


def _encrypted(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["logging"]
    destinations = fact.destinations if fact else ()
    if not destinations:
        return failed(N_("its log is not forwarded at all"))
    wrong = [item.host for item in destinations if item.tls is not True]
    return verdict(
        wrong,
        good=N_("its log travels encrypted"),
        bad=N_("collectors that are sent the log in clear: {items}"),
    )


def _retention(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["logging"]
    days = fact.retention_days if fact else None
    if days is None:
        return failed(
            N_("nothing says how long its log is kept; asked for are {minimum} days"),
            expected=parameters["minimum_days"],
            minimum=parameters["minimum_days"],
        )
    judge = passed if days >= parameters["minimum_days"] else failed
    return judge(
        N_("its log is kept {days} days, asked for are {minimum}"),
        observed=days,
        expected=parameters["minimum_days"],
        days=days,
        minimum=parameters["minimum_days"],
    )


def _persistent(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["logging"]
    if fact is None or fact.persistent is None:
        return cannot_tell(N_("it does not say whether its log survives a restart"))
    if fact.persistent:
        return passed(N_("its log survives a restart"), observed=True)
    return failed(N_("its log is lost at every restart"), observed=False, expected=True)


def _timestamps(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["logging"]
    if fact is None or fact.timestamps is None:
        return cannot_tell(N_("it does not say whether log lines carry date and time"))
    if fact.timestamps:
        return passed(N_("log lines carry date and time"), observed=True)
    return failed(N_("log lines carry no date and time"), observed=False, expected=True)


CHECKS = (
    Check(
        id="logging.forwarding",
        title=N_("Its log is forwarded"),
        pack="health",
        severity=Severity.HIGH,
        topics=("logging",),
        judge=_forwarding,
        applies=on_system,
        rationale=N_("What happened on equipment that is gone can only be read elsewhere."),
        remediation=N_(
            "Configure the collectors of the design; look at the path and certificates."
        ),
        follows=("logging.collectors", "services.required"),
    ),
    Check(
        id="logging.collectors",
        title=N_("Its log goes to two collectors"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("logging",),
        judge=_collectors,
        applies=on_system,
        parameters={"minimum": 2},
        rationale=N_("One collector that is down, or taken over, must not cost the record."),
        remediation=N_("Configure a second collector, in another rack or hall."),
        follows=("logging.forwarding", "services.required"),
    ),
    Check(
        id="logging.encrypted",
        title=N_("Its log travels encrypted"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("logging",),
        judge=_encrypted,
        applies=on_linux,
        rationale=N_("Logs name users, addresses and weaknesses; they are not for the wire."),
        remediation=N_("Forward over TLS with the estate's certificates."),
        follows=("logging.forwarding", "logging.collectors"),
    ),
    Check(
        id="logging.retention",
        title=N_("Its log is kept long enough"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("logging",),
        judge=_retention,
        applies=on_linux,
        parameters={"minimum_days": 90},
        rationale=N_("An intrusion is found months later, and then the log must still be there."),
        remediation=N_("Raise the retention: 3 months at level 3, 6 at level 4, 12 at level 5."),
    ),
    Check(
        id="logging.persistent",
        title=N_("Its log survives a restart"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("logging",),
        judge=_persistent,
        applies=on_linux,
        rationale=N_("The lines before a crash are the ones that explain it."),
        remediation=N_("Store the journal on disk."),
    ),
    Check(
        id="logging.timestamps",
        title=N_("Log lines carry date and time"),
        pack="baseline",
        severity=Severity.LOW,
        topics=("logging",),
        judge=_timestamps,
        applies=on_appliance,
        rationale=N_("Lines without a time can't be laid beside those of other equipment."),
        remediation=N_("Switch on time stamps with date, milliseconds and zone."),
    ),
)
