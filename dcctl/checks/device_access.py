"""Who administers network elements, how often they may fail, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    Judge,
    cannot_tell,
    failed,
    needs,
    on_appliance,
    passed,
    verdict,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_SILENT = N_("its configuration does not say")


def _central(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["device_access"]
    if not set(fact.central) & set(parameters["protocols"]):
        return failed(
            N_("logins are asked of nobody but itself"),
            observed=list(fact.central),
            expected=list(parameters["protocols"]),
        )
    if fact.local_fallback is None:
        return cannot_tell(_SILENT)
    if not fact.local_fallback:
        return failed(N_("nobody gets in when its servers are silent"), observed=False)
    return passed(
        N_("logins are asked of {protocols}"),
        protocols=", ".join(fact.central),
        observed=list(fact.central),
    )


def _switch(field: str, good: str, bad: str) -> Judge:
    """A judge of one field that should be true."""

    def judge(
        _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
    ) -> Judgement:
        found = getattr(facts["device_access"], field)
        if found is None:
            return cannot_tell(_SILENT)
        say = passed if found else failed
        return say(good if found else bad, observed=found, expected=True)

    return judge


def _snmp(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    return verdict(
        list(facts["device_access"].snmp_weak),
        good=N_("nobody reads SNMP without encryption"),
        bad=N_("these read SNMP without encryption: {items}"),
        expected=[],
    )


def _flows(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    found = facts["device_access"].flow_collectors
    if found is None:
        return cannot_tell(_SILENT)
    judge = passed if found >= parameters["minimum"] else failed
    return judge(
        N_("flows are exported to {count} collectors"),
        observed=found,
        expected=f">= {parameters['minimum']}",
        count=found,
    )


def _check(
    name: str, title: str, severity: Severity, judge: Judge, why: str, fix: str, **more: Any
) -> Check:
    return Check(
        id=f"device_access.{name}",
        title=title,
        pack="audit",
        severity=severity,
        topics=("device_access",),
        judge=needs("device_access", judge),
        applies=on_appliance,
        parameters=more,
        rationale=why,
        remediation=fix,
    )


def _file_servers(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    found = facts["device_access"].file_servers
    if found is None:
        return cannot_tell(_SILENT)
    return verdict(
        list(found),
        good=N_("it serves no files without encryption"),
        bad=N_("it serves files without encryption: {items}"),
        expected=[],
    )


def _control_plane(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    found = facts["device_access"].control_plane
    if found is None:
        return cannot_tell(_SILENT)
    if found:
        return passed(
            N_("{policy} limits what reaches its processor"), policy=found, observed=found
        )
    return failed(N_("nothing limits what reaches its processor"), observed="")


CHECKS = (
    _check(
        "central",
        N_("Logins are asked of central servers, with a way in without them"),
        Severity.HIGH,
        _central,
        N_("Who leaves must lose access everywhere at once."),
        N_("Configure TACACS+ or RADIUS for logins, and local users behind it."),
        protocols=("tacacs", "radius"),
    ),
    _check(
        "console",
        N_("The console asks for a login"),
        Severity.HIGH,
        _switch(
            "console_login",
            N_("its console asks for a login"),
            N_("its console lets everybody in"),
        ),
        N_("A door that stands open in the rack needs no hacker."),
        N_("Set a login on console and auxiliary lines."),
    ),
    _check(
        "failures",
        N_("Failed logins are limited"),
        Severity.MEDIUM,
        _switch(
            "failures_limited",
            N_("failed logins are limited"),
            N_("one may guess for as long as one likes"),
        ),
        N_("Guessing must cost more than patience."),
        N_("Set how many failures block a source or lock an account."),
    ),
    _check(
        "snmp",
        N_("SNMP is read with encryption only"),
        Severity.MEDIUM,
        _snmp,
        N_("Who reads SNMP knows the network; who writes it runs it."),
        N_("Set privacy for every group and user of SNMP version 3; remove the others."),
    ),
    _check(
        "changes",
        N_("Changes of its configuration are logged"),
        Severity.MEDIUM,
        _switch(
            "changes_logged",
            N_("changes of its configuration are logged"),
            N_("nobody is told of changes of its configuration"),
        ),
        N_("The first question after a fault is who changed what."),
        N_("Log configuration changes, and send them to the collectors."),
    ),
    _check(
        "flows",
        N_("It exports flows"),
        Severity.LOW,
        _flows,
        N_("What went where is asked after every incident."),
        N_("Configure a flow exporter to the collector of the site."),
        minimum=1,
    ),
    _check(
        "time_keys",
        N_("Its time servers prove who they are"),
        Severity.MEDIUM,
        _switch(
            "time_keys",
            N_("its time servers prove who they are"),
            N_("anybody may pose as its time server"),
        ),
        N_("Who moves a clock moves certificates, logs and locks with it."),
        N_("Configure NTP authentication keys, and name one with every server."),
    ),
    _check(
        "file_servers",
        N_("It serves no files without encryption"),
        Severity.MEDIUM,
        _file_servers,
        N_("FTP and TFTP show passwords and configurations to whoever listens."),
        N_("Switch FTP and TFTP servers off; copy files over SSH."),
    ),
    _check(
        "control_plane",
        N_("What reaches its processor is limited"),
        Severity.MEDIUM,
        _control_plane,
        N_("A flood at its own address must not cost its neighbours and its management."),
        N_("Apply a policy to the control plane, or to the router's own address."),
    ),
)
