"""Services that speak TLS, by their own answers to two greetings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dcctl.facts.tls_services import TlsService, TlsServices

_VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1"}


def parse(data: Any) -> TlsServices:
    """A server without any has none."""
    now = datetime.fromtimestamp(data["now"], UTC)
    return TlsServices(
        items=tuple(_service(item, now) for item in data["services"]),
        unasked=int(data["unasked"]),
    )


def _service(item: Any, now: datetime) -> TlsService:
    kind, bits, days = _certificate(bytes.fromhex(item["tls"]["certificate"]), now)
    old = item["tls"]["old"]
    return TlsService(
        address=item["address"].strip("[]"),
        port=int(item["port"]),
        process=item["process"],
        old_version=_VERSIONS[old] if old else "",
        days_left=days,
        key=kind,
        key_bits=bits,
    )


def _certificate(der: bytes, now: datetime) -> tuple[str, int | None, int | None]:
    """Kind and length of its key, and the whole days until it ends."""
    from cryptography.x509 import load_der_x509_certificate

    if not der:
        return "", None, None
    try:
        certificate = load_der_x509_certificate(der)
        key = certificate.public_key()
    except ValueError:  # it is no certificate that anybody could check
        return "", None, None
    kind, bits = _key(key)
    return kind, bits, (certificate.not_valid_after_utc - now).days


def _key(key: Any) -> tuple[str, int | None]:
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    kinds = {
        rsa.RSAPublicKey: "rsa",
        dsa.DSAPublicKey: "dsa",
        ec.EllipticCurvePublicKey: "ec",
        ed25519.Ed25519PublicKey: "ed25519",
        ed448.Ed448PublicKey: "ed448",
    }
    name = next((name for kind, name in kinds.items() if isinstance(key, kind)), "")
    bits = {"": None, "ed25519": 256, "ed448": 456}
    return name, bits[name] if name in bits else int(key.key_size)


PARSE = parse
