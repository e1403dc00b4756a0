"""How network elements are managed: encrypted, limited in source and time, no known passwords."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, on_appliance, passed, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_SILENT = N_("its configuration does not say")


def _switch(field: str, wanted: bool, good: str, bad: str) -> Callable[..., Judgement]:  # noqa: FBT001 - a table's column
    """A judge of one yes-or-no field."""

    def judge(
        _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
    ) -> Judgement:
        found = getattr(facts["management"], field, None)
        if found is None:
            return cannot_tell(_SILENT)
        say = passed if found is wanted else failed
        return say(good if found is wanted else bad, observed=found, expected=wanted)

    return judge


def _ssh_version(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    found = getattr(facts["management"], "ssh_version", None)
    if found is None:
        return cannot_tell(_SILENT)
    judge = passed if found == 2 else failed  # noqa: PLR2004 - the protocol's version
    return judge(N_("SSH version {found} is spoken"), observed=found, expected=2, found=found)


def _idle(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    found = getattr(facts["management"], "idle_timeout_s", None)
    if found is None:
        return cannot_tell(_SILENT)
    judge = passed if 0 < found <= parameters["maximum_s"] else failed
    return judge(
        N_("an idle session ends after {found} s, at most {maximum} s are allowed (0: never)"),
        observed=found,
        expected=f"<= {parameters['maximum_s']}",
        found=found,
        maximum=parameters["maximum_s"],
    )


def _access(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["management"]
    if fact is None or fact.access_list is None:
        return cannot_tell(_SILENT)
    if fact.access_list:
        return passed(
            N_("{name} limits who may connect"), observed=fact.access_list, name=fact.access_list
        )
    return failed(N_("nothing limits who may connect to it"), observed="")


def _snmp(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["management"]
    if fact is None:
        return cannot_tell(_SILENT)
    count = len(fact.snmp_communities)
    judge = passed if count <= parameters["maximum"] else failed
    return judge(
        N_("{count} SNMP communities are set, at most {maximum} may be"),
        observed=count,
        expected=f"<= {parameters['maximum']}",
        count=count,
        maximum=parameters["maximum"],
    )


def _stored(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["management"]
    if fact is None:
        return cannot_tell(_SILENT)
    wrong = list(fact.plain_passwords)
    if fact.password_encryption is False:
        wrong.append("service password-encryption")
    return verdict(
        wrong,
        good=N_("no password is stored in clear"),
        bad=N_("passwords stored in clear or reversibly: {items}"),
        expected=[],
    )


def _check(
    name: str, title: str, severity: Severity, judge: Any, why: str, fix: str, **parameters: Any
) -> Check:
    return Check(
        id=f"management.{name}",
        title=title,
        pack="baseline",
        severity=severity,
        topics=("management",),
        judge=judge,
        applies=on_appliance,
        parameters=parameters,
        rationale=why,
        remediation=fix,
    )


CHECKS = (
    _check(
        "telnet",
        N_("Telnet is off"),
        Severity.HIGH,
        _switch("telnet", wanted=False, good=N_("telnet is off"), bad=N_("telnet is on")),
        N_("Telnet sends passwords in clear."),
        N_("Allow only SSH on all lines."),
    ),
    _check(
        "http",
        N_("The unencrypted web server is off"),
        Severity.MEDIUM,
        _switch(
            "http", wanted=False, good=N_("the web server is off"), bad=N_("the web server is on")
        ),
        N_("It sends passwords in clear, and has had many weaknesses."),
        N_("Switch it off."),
    ),
    _check(
        "ssh_version",
        N_("Only SSH version 2 is spoken"),
        Severity.HIGH,
        _ssh_version,
        N_("Version 1 is broken."),
        N_("Allow version 2 only."),
    ),
    _check(
        "idle_timeout",
        N_("Idle management sessions end"),
        Severity.MEDIUM,
        _idle,
        N_("A session left open is a way in."),
        N_("Set the idle timeout on every line, console too."),
        maximum_s=600,
    ),
    _check(
        "banner",
        N_("A banner warns before login"),
        Severity.LOW,
        _switch("login_banner", wanted=True, good=N_("a banner warns"), bad=N_("no banner warns")),
        N_("Prosecution asks whether the intruder had been told."),
        N_("Set the estate's login banner."),
    ),
    _check(
        "access_list",
        N_("Only management networks may connect"),
        Severity.HIGH,
        _access,
        N_("A network element must not be reachable from the networks it carries."),
        N_("Limit management sessions to the management networks."),
    ),
    _check(
        "snmp_communities",
        N_("SNMP communities are not used"),
        Severity.MEDIUM,
        _snmp,
        N_("A community is a password in clear; SNMP version 3 has users and encryption."),
        N_("Remove the communities; use SNMP version 3 with authentication and privacy."),
        maximum=0,
    ),
    _check(
        "password_storage",
        N_("No password is stored in clear"),
        Severity.HIGH,
        _stored,
        N_("Configurations are copied, mailed and backed up."),
        N_("Store one-way hashes only; change every password that stood there in clear."),
    ),
    _check(
        "root_login",
        N_("Root can't log in remotely"),
        Severity.HIGH,
        _switch(
            "root_login",
            wanted=False,
            good=N_("root can't log in"),
            bad=N_("root can log in remotely"),
        ),
        N_("People must log in as themselves, or the record does not say who it was."),
        N_("Deny root over SSH."),
    ),
)
