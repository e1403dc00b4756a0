"""What our own sessions with a device were agreed on: old algorithms are never silently used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, listed, partial, passed
from dcctl.contracts import Check, Judgement
from dcctl.model import plain
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_RSA = ("ssh-rsa", "rsa-sha2-256", "rsa-sha2-512")


def _crypto(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["transport"]
    if fact is None:
        return cannot_tell(N_("the session did not say what it was agreed on"))
    used = (fact.kex, fact.host_key, fact.cipher_in, fact.cipher_out, fact.mac_in, fact.mac_out)
    broken = _fitting(used, parameters["broken"])
    if fact.host_key in _RSA and fact.host_key_bits < parameters["minimum_rsa_bits"]:
        broken.append(f"RSA-{fact.host_key_bits}")
    weak = [name for name in _fitting(used, parameters["weak"]) if name not in broken]
    if fact.profile in parameters["weak_profiles"]:
        weak.append(f"crypto: {fact.profile}")
    shown = {"observed": plain.to_plain(fact), "items": listed([*broken, *weak])}
    if broken:
        return failed(N_("the session uses broken algorithms: {items}"), **shown)
    if weak:
        return partial(N_("the session uses or allows weak algorithms: {items}"), **shown)
    return passed(
        N_("{kex}, {host_key}, {cipher}"),
        observed=plain.to_plain(fact),
        kex=fact.kex,
        host_key=fact.host_key,
        cipher=fact.cipher_out,
    )


def _fitting(used: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """The algorithms that some pattern fits, each once."""
    patterns = tuple(patterns)
    return [
        name
        for name in dict.fromkeys(used)
        if any(fnmatchcase(name, pattern) for pattern in patterns)
    ]


CHECKS = (
    Check(
        id="transport.crypto",
        title=N_("Our session with it uses no old cryptography"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("transport",),
        judge=_crypto,
        parameters={
            # RFC 9142 says MUST NOT or SHOULD NOT of these key exchanges; RFC 8758 of RC4
            "broken": (
                "diffie-hellman-group1-sha1",
                "diffie-hellman-group-exchange-sha1",
                "ssh-dss",
                "3des-cbc",
                "arcfour*",
                "blowfish-cbc",
                "cast128-cbc",
                "hmac-md5*",
                "hmac-sha1-96*",
            ),
            "weak": ("diffie-hellman-group14-sha1", "ssh-rsa", "aes*-cbc", "hmac-sha1*"),
            "weak_profiles": ("legacy",),
            "minimum_rsa_bits": 2048,
        },
        rationale=N_("Who can record a session of old cryptography can read its password later."),
        remediation=N_(
            "Upgrade or configure its SSH server, then take `crypto` back to `modern` in the"
            " inventory."
        ),
    ),
)
