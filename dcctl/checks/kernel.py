"""Kernel parameters that make attacks harder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    failed,
    listed,
    not_applicable,
    on_linux,
    passed,
    variable,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _judge(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["kernel"]
    given = variable(target, "kernel_hardening_sysctls")
    wanted = {str(k): _words(v) for k, v in (given or parameters["values"]).items()}
    wrong, foreign, observed = [], [], {}
    for name, value in wanted.items():
        found = fact.sysctl(name) if fact else None
        observed[name] = found.value if found else None
        if found is None or not found.settable:  # a kernel without IPv6 has none of its parameters
            foreign.append(name)
        elif found.value != value:
            wrong.append(f"{name}={observed[name]} / {value}")
    if wrong:
        return failed(
            N_("kernel parameters that differ (found / expected): {items}"),
            items=listed(wrong),
            observed=observed,
            expected=wanted,
        )
    if len(foreign) == len(wanted):
        return not_applicable(
            N_("these kernel parameters belong to the machine below, not to this system: {items}"),
            items=listed(foreign),
        )
    if foreign:
        return passed(
            N_("{count} kernel parameters hold; not its own, so not judged: {items}"),
            count=len(wanted) - len(foreign),
            items=listed(foreign),
            observed=observed,
            expected=wanted,
        )
    return passed(
        N_("{count} kernel parameters hold"), count=len(wanted), observed=observed, expected=wanted
    )


def _words(value: Any) -> str:
    return str(int(value) if isinstance(value, bool) else value).strip()


CHECKS = (
    Check(
        id="kernel.sysctls",
        title=N_("Kernel parameters are hardened"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("kernel",),
        judge=_judge,
        applies=on_linux,
        parameters={
            "values": {
                "fs.protected_hardlinks": "1",
                "fs.protected_symlinks": "1",
                "fs.suid_dumpable": "0",
                "kernel.dmesg_restrict": "1",
                "kernel.kptr_restrict": "2",
                "kernel.randomize_va_space": "2",
                "net.ipv4.conf.all.accept_redirects": "0",
                "net.ipv4.conf.all.accept_source_route": "0",
                "net.ipv4.conf.all.log_martians": "1",
                "net.ipv4.conf.all.rp_filter": "1",
                "net.ipv4.conf.all.send_redirects": "0",
                "net.ipv4.icmp_echo_ignore_broadcasts": "1",
                "net.ipv4.tcp_syncookies": "1",
                "net.ipv6.conf.all.accept_redirects": "0",
                "net.ipv6.conf.all.accept_source_route": "0",
            }
        },
        rationale=N_("They close ways that only attackers use: redirects, source routes, links."),
        remediation=N_("Apply the role `kernel_hardening`."),
    ),
)
