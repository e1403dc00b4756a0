"""A server's name, time zone and locale as the estate gives them; nothing waits for a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, on_linux, passed, setting, variable, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_UTF8 = "utf8"


def _hostname(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    wanted = str(variable(target, "base_hostname", target.name))
    return _same(facts["system"], "hostname", wanted)


def _time_zone(
    target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    wanted = str(
        variable(target, "base_time_zone", variable(target, "time_zone", parameters["zone"]))
    )
    return _same(facts["system"], "time_zone", wanted)


def _locale(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    wanted = str(variable(target, "base_locale", parameters["locale"]))
    return _same(facts["system"], "locale", wanted)


def _same(fact: Any, field: str, wanted: str) -> Judgement:
    found = getattr(fact, field) if fact else ""
    judge = passed if _canonical(found) == _canonical(wanted) else failed
    return judge(
        N_("it is {found}, expected {wanted}"),
        observed=found,
        expected=wanted,
        found=found or "?",
        wanted=wanted,
    )


def _canonical(value: str) -> str:
    """`en_US.utf8` and `en_US.UTF-8` are one locale."""
    head, dot, charset = value.partition(".")
    plain = charset.lower().replace("-", "")
    return f"{head}.{_UTF8}" if dot and plain == _UTF8 else value


def _hosts(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["system"]
    entries = fact.hosts if fact else ()
    known = {(entry.address, name) for entry in entries for name in entry.names}
    wanted = [(setting(target, "management_address", ""), target.name)]
    for item in variable(target, "base_hosts", ()):
        wanted += [(item["address"], name) for name in item.get("names", ())]
    wrong = [
        f"{address} {name}".strip()
        for address, name in wanted
        # Without an address it is enough that the name stands for something.
        if ((address, name) if address else name)
        not in (known if address else {known_name for _, known_name in known})
    ]
    return verdict(
        wrong,
        good=N_("it knows its own name and those of the estate"),
        bad=N_("names it does not know: {items}"),
        observed=[f"{entry.address} {' '.join(entry.names)}" for entry in entries],
        expected=[f"{address} {name}".strip() for address, name in wanted],
    )


def _reboot(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["system"]
    if fact is None or fact.reboot_required is None:
        return cannot_tell(N_("it does not say whether it needs a restart"))
    if fact.reboot_required:
        return failed(N_("updates wait for a restart"), observed=True, expected=False)
    return passed(N_("nothing waits for a restart"), observed=False)


CHECKS = (
    Check(
        id="system.hostname",
        title=N_("The server's name is the one the estate gives it"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("system",),
        judge=_hostname,
        applies=on_linux,
        rationale=N_("Logs, metrics and certificates carry the name; a wrong one blames others."),
        remediation=N_("Apply the role `base`."),
    ),
    Check(
        id="system.time_zone",
        title=N_("The server's time zone is the estate's"),
        pack="health",
        severity=Severity.LOW,
        topics=("system",),
        judge=_time_zone,
        applies=on_linux,
        parameters={"zone": "Asia/Ho_Chi_Minh"},
        rationale=N_("At night, on the telephone, nobody should have to convert times."),
        remediation=N_("Apply the role `base`."),
    ),
    Check(
        id="system.locale",
        title=N_("The server's locale is the estate's"),
        pack="health",
        severity=Severity.LOW,
        topics=("system",),
        judge=_locale,
        applies=on_linux,
        parameters={"locale": "en_US.UTF-8"},
        rationale=N_("Programs that expect UTF-8 break names of people and places without it."),
        remediation=N_("Apply the role `base`."),
    ),
    Check(
        id="system.hosts",
        title=N_("The server knows its own name and those of the estate"),
        pack="health",
        severity=Severity.LOW,
        topics=("system",),
        judge=_hosts,
        applies=on_linux,
        rationale=N_("Name service may be down just when servers must find each other."),
        remediation=N_("Apply the role `base`."),
    ),
    Check(
        id="system.reboot_pending",
        title=N_("No update waits for a restart"),
        pack="health",
        severity=Severity.LOW,
        topics=("system",),
        judge=_reboot,
        applies=on_linux,
        rationale=N_("A corrected kernel or library protects only once it runs."),
        remediation=N_("Plan a restart in the next window."),
    ),
)
