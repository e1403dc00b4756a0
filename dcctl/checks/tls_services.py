"""TLS of services: no old version, a certificate with time left, a key that is long enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, listed, needs, not_applicable, on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _name(service: Any) -> str:
    return f"{service.port} {service.process}".strip()


def _wrong(service: Any, parameters: Mapping[str, Any]) -> Iterator[str]:
    if service.old_version:
        yield service.old_version
    if service.days_left is not None and service.days_left < parameters["minimum_days"]:
        yield f"{service.days_left} d"
    if service.key_bits is not None and service.key_bits < parameters["minimum_bits"].get(
        service.key, service.key_bits + 1
    ):
        yield f"{service.key} {service.key_bits}"


def _strict(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["tls_services"]
    wrong = [
        f"{_name(service)}: {', '.join(bad)}"
        for service in fact.items
        if (bad := list(_wrong(service, parameters)))
    ]
    unread = [_name(each) for each in fact.items if each.days_left is None or each.key_bits is None]
    if unread and not wrong:
        return cannot_tell(
            N_("the certificates of these services could not be read: {items}"),
            items=listed(unread),
        )
    if fact.unasked and not wrong:
        return cannot_tell(
            N_("more services listen than are asked; left out: {count}"), count=fact.unasked
        )
    if not fact.items:
        return not_applicable(N_("no service that speaks TLS listens to others"))
    return verdict(
        wrong,
        good=N_("every service that speaks TLS does so as asked"),
        bad=N_("services with an old TLS, a certificate near its end or a short key: {items}"),
        observed=[
            f"{_name(each)}: {each.key} {each.key_bits}, {each.days_left} d" for each in fact.items
        ],
        expected=f">= TLS 1.2, >= {parameters['minimum_days']} d",
    )


CHECKS = (
    Check(
        id="tls_services.strict",
        title=N_("TLS of services is strict"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("tls_services",),
        judge=needs("tls_services", _strict),
        applies=on_linux,
        parameters={
            "minimum_days": 30,
            # NIST SP 800-57 part 1, table 2: 112 bits of security or more. No DSA (FIPS 186-5).
            "minimum_bits": {"rsa": 2048, "ec": 224, "ed25519": 256, "ed448": 456},
        },
        rationale=N_("Old versions and short keys can be broken; an ended certificate stops work."),
        remediation=N_("Allow TLS 1.2 and 1.3 only; renew the certificate with a longer key."),
    ),
)
