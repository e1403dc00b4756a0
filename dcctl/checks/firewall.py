"""The host's packet filter: nothing comes in that is not declared, also after a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, on_linux, passed, setting, verdict
from dcctl.checks._listening import declared
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _default_deny(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["firewall"]
    if fact is None or not fact.tables:
        return failed(N_("no packet filter is loaded"), expected=True)
    if fact.accepts_all:
        return failed(
            N_("a rule accepts everything: {rule}"), rule=fact.accepts_all[0], observed=fact
        )
    if not fact.default_deny_input:
        return failed(
            N_("what no rule accepts comes in all the same (policy {policy})"),
            policy=fact.input_policy or "-",
            observed=fact.input_policy,
            expected="drop",
        )
    return passed(N_("what no rule accepts is dropped"), observed=fact.input_policy)


def _declares(target: Target) -> str:
    if on_linux(target):
        return on_linux(target)
    said = setting(target, "services.listening")
    return "" if said else N_("the estate does not say what may come in")


def _open(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["firewall"]
    if fact is None or not fact.default_deny_input or fact.accepts_all:
        return failed(N_("the packet filter lets everything in"), observed=fact)
    allowed = declared(target, parameters)
    wrong = [
        f"{item.port}{'-' + str(item.to_port) if item.to_port else ''}/{item.protocol}"
        for item in fact.open_ports
        if item.to_port is not None or (item.port, item.protocol) not in allowed
    ]
    return verdict(
        wrong,
        good=N_("only declared ports are open"),
        bad=N_("ports that are open without being declared: {items}"),
        observed=[f"{item.port}/{item.protocol}" for item in fact.open_ports],
        expected=allowed.shown(),
    )


def _at_boot(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["firewall"]
    if fact is None:
        return failed(N_("no packet filter is installed"), expected=True)
    if fact.enabled_at_boot is None:
        return cannot_tell(N_("it does not say whether the packet filter is loaded at boot"))
    if fact.enabled_at_boot:
        return passed(N_("the packet filter is loaded at boot"), observed=True)
    return failed(N_("the packet filter is gone after a restart"), observed=False, expected=True)


CHECKS = (
    Check(
        id="firewall.default_deny",
        title=N_("The packet filter drops what is not allowed"),
        pack="baseline",
        severity=Severity.HIGH,
        topics=("firewall",),
        judge=_default_deny,
        applies=on_linux,
        rationale=N_("A service started by mistake must not be open to the network."),
        remediation=N_("Apply the role `firewall`."),
    ),
    Check(
        id="firewall.open_ports",
        title=N_("Only declared ports are open"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("firewall",),
        judge=_open,
        applies=_declares,
        parameters={"always": ()},
        rationale=N_("A hole in the filter stays long after its reason is forgotten."),
        remediation=N_("Remove the rule, or declare the port under `services: listening:`."),
        follows=("firewall.default_deny",),
    ),
    Check(
        id="firewall.at_boot",
        title=N_("The packet filter is loaded at boot"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("firewall",),
        judge=_at_boot,
        applies=on_linux,
        rationale=N_("A filter that lives in memory only is gone after the next power cut."),
        remediation=N_("Enable nftables.service; apply the role `firewall`."),
    ),
)
