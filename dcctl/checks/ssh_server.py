"""The SSH server: who gets in, how, with which ciphers, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import failed, on_linux, passed, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _each(facts: Mapping[str, Any], *keywords: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    fact = facts["ssh_server"]
    return tuple(fact.each(*keywords)) if fact else (("", ("",) * len(keywords)),)


def _told(criteria: str, value: str) -> str:
    return f"{value} (Match {criteria})" if criteria else value


def _one_of(facts: Mapping[str, Any], keyword: str, accepted: tuple[str, ...]) -> Judgement:
    each = [(criteria, value) for criteria, (value,) in _each(facts, keyword)]
    wrong = [_told(criteria, value) for criteria, value in each if value not in accepted]
    found = ", ".join(wrong) if wrong else each[0][1]
    judge = failed if wrong else passed
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


def _tries(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    each = [_number(value) for _, (value,) in _each(facts, "maxauthtries")]
    found = None if None in each else max(number for number in each if number is not None)
    judge = passed if found is not None and found <= parameters["maximum"] else failed
    return judge(
        N_("{found} tries a connection, at most {maximum} are allowed"),
        observed=found,
        expected=f"<= {parameters['maximum']}",
        found="?" if found is None else found,
        maximum=parameters["maximum"],
    )


def _idle(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    each = [_lasts(*values) for _, values in _each(facts, "clientaliveinterval", _COUNT)]
    wrong = [one for one in each if not one or one > parameters["maximum_s"]]
    seconds = wrong[0] if wrong else max(one for one in each if one)
    judge = failed if wrong else passed
    return judge(
        N_("a dead session ends after {seconds} s, at most {maximum} s are allowed (0: never)"),
        observed=seconds,
        expected=f"<= {parameters['maximum_s']}",
        seconds="?" if seconds is None else seconds,
        maximum=parameters["maximum_s"],
    )


def _lasts(interval: str, count: str) -> int | None:
    """Seconds; a count of 0 asks for ever and never ends it (sshd_config(5), OpenSSH 8.2 on)."""
    numbers = _number(interval), _number(count)
    return None if None in numbers else int(interval) * int(count)


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


_COUNT = "clientalivecountmax"
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
        "ciphers",
        N_("SSH offers only approved ciphers, MACs and key exchanges"),
        Severity.MEDIUM,
        _ciphers,
        N_("An old cipher that is offered is one that an attacker can ask for."),
        ciphers=_CIPHERS,
        macs=_MACS,
        kexalgorithms=_KEX,
    ),
    _check(
        "max_auth_tries",
        N_("SSH limits the tries of one connection"),
        Severity.LOW,
        _tries,
        N_("It slows guessing down and makes it visible in the log."),
        maximum=4,
    ),
    _check(
        "idle_timeout",
        N_("SSH ends dead sessions"),
        Severity.LOW,
        _idle,
        N_("A session left open on a lost laptop is a way in."),
        maximum_s=600,
    ),
    _check(
        "access",
        N_("SSH lets in only named groups or accounts"),
        Severity.MEDIUM,
        _access,
        N_("An account made for a service must not become a way in by accident."),
    ),
)
