"""The SSH server: who gets in, how, with which ciphers, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import failed, on_linux, passed, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _value(facts: Mapping[str, Any], keyword: str) -> str:
    fact = facts["ssh_server"]
    return str(fact.settings.get(keyword, "")) if fact else ""


def _one_of(facts: Mapping[str, Any], keyword: str, accepted: tuple[str, ...]) -> Judgement:
    found = _value(facts, keyword)
    judge = passed if found in accepted else failed
    return judge(
        N_("{keyword} is {found}, accepted: {accepted}"),
        observed=found,
        expected=list(accepted),
        keyword=keyword,
        found=found or "?",
        accepted=", ".join(accepted),
    )


def _root(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    return _one_of(facts, "permitrootlogin", tuple(parameters["accept"]))


def _passwords(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    return _one_of(facts, "passwordauthentication", ("no",))


def _empty(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    return _one_of(facts, "permitemptypasswords", ("no",))


def _ciphers(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["ssh_server"]
    wrong, observed = [], {}
    for keyword, accepted in parameters.items():
        found = fact.values(keyword) if fact else ()
        observed[keyword] = list(found)
        wrong += [name for name in found if name not in accepted]
        if not found:
            wrong.append(f"{keyword}: -")
    return verdict(
        wrong,
        good=N_("only approved ciphers, MACs and key exchanges are offered"),
        bad=N_("not approved, but offered: {items}"),
        observed=observed,
    )


def _limits(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    interval = _number(_value(facts, "clientaliveinterval"))
    count = _number(_value(facts, "clientalivecountmax"))
    observed = {
        "maxauthtries": _number(_value(facts, "maxauthtries")),
        "logingracetime": _number(_value(facts, "logingracetime")),
        # A dead session ends when so many questions, one an interval, had no answer; 0 is never.
        "clientalive_s": None if interval is None or count is None else interval * max(count, 1),
    }
    wrong = [
        f"{name} {'?' if observed[name] is None else observed[name]} / 1-{limit}"
        for name, limit in parameters.items()
        if not observed[name] or (observed[name] or 0) > limit
    ]
    return verdict(
        wrong,
        good=N_("tries, login time and dead sessions are limited"),
        bad=N_("limits that are missing or too wide: {items}"),
        observed=observed,
        expected=dict(parameters),
    )


def _number(value: str) -> int | None:
    return int(value) if value.isdigit() else None


def _access(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["ssh_server"]
    named = [
        *(fact.values("allowgroups") if fact else ()),
        *(fact.values("allowusers") if fact else ()),
    ]
    if named:
        return passed(N_("only these get in: {names}"), observed=named, names=", ".join(named))
    return failed(N_("every account may try to get in"), observed=[])


_CIPHERS = (
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
)
_MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "umac-128-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
_KEX = (
    "mlkem768x25519-sha256",
    "sntrup761x25519-sha512",
    "sntrup761x25519-sha512@openssh.com",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
    "diffie-hellman-group-exchange-sha256",
)


def _check(
    name: str, title: str, severity: Severity, judge: Any, why: str, **parameters: Any
) -> Check:
    return Check(
        id=f"ssh_server.{name}",
        title=title,
        pack="baseline",
        severity=severity,
        topics=("ssh_server",),
        judge=judge,
        applies=on_linux,
        parameters=parameters,
        rationale=why,
        remediation=N_("Apply the role `ssh_hardening`."),
    )


CHECKS = (
    _check(
        "root_login",
        N_("Root does not log in over SSH with a password"),
        Severity.HIGH,
        _root,
        N_("Root is the one account name that every attacker knows."),
        accept=("no", "prohibit-password", "without-password", "forced-commands-only"),
    ),
    _check(
        "password_authentication",
        N_("SSH accepts no passwords"),
        Severity.HIGH,
        _passwords,
        N_("Passwords are guessed and reused; keys are not."),
    ),
    _check(
        "empty_passwords",
        N_("SSH accepts no empty passwords"),
        Severity.CRITICAL,
        _empty,
        N_("An account without a password must not be open to the network."),
    ),
    _check(
        "cryptography",
        N_("SSH offers only approved ciphers, MACs and key exchanges"),
        Severity.MEDIUM,
        _ciphers,
        N_("An old cipher that is offered is one that an attacker can ask for."),
        ciphers=_CIPHERS,
        macs=_MACS,
        kexalgorithms=_KEX,
    ),
    _check(
        "limits",
        N_("SSH limits tries, login time and dead sessions"),
        Severity.LOW,
        _limits,
        N_("It slows guessing down, and a session left open on a lost laptop is a way in."),
        maxauthtries=4,
        logingracetime=60,
        clientalive_s=600,
    ),
    _check(
        "access",
        N_("SSH lets in only named groups or accounts"),
        Severity.MEDIUM,
        _access,
        N_("An account made for a service must not become a way in by accident."),
    ),
)
