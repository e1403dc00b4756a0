"""The lab's own site CA, key pairs and secrets: what roles need and a real site keeps elsewhere.

    pki/ca.crt  pki/HOST.crt  pki/HOST.key     certificates for logs
    pki/backup/HOST  pki/backup/HOST.pub       SSH key pairs for backups
    secrets/backup-password                    what repositories are encrypted with
    secrets/NAME                               each file that a variable NAME_secret names

They end with the lab; nothing of a real site is ever copied into one.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from dcctl import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from dcctl.model.target import Target

FOLDERS = ("pki", "secrets")
_DAYS = 397
_FILE = "file:"
_SECRET = 16  # characters, which is what the shortest field of any device has room for


def make(folder: Path, hosts: Mapping[str, str]) -> None:
    """Everything for `hosts` (name -> address) under `folder`."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    for name in (*FOLDERS, "pki/backup"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    authority = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate("dcctl lab CA", authority.public_key(), authority)
    _write(folder / "pki/ca.crt", _pem(certificate))
    for name, address in hosts.items():
        key = ec.generate_private_key(ec.SECP256R1())
        own = _certificate(name, key.public_key(), authority, issuer=certificate, address=address)
        _write(folder / f"pki/{name}.crt", _pem(own))
        _write(folder / f"pki/{name}.key", _private(key))
        pair = ed25519.Ed25519PrivateKey.generate()
        _write(folder / f"pki/backup/{name}", _private(pair, ssh=True))
        _write(folder / f"pki/backup/{name}.pub", _public_ssh(pair, name))
    _write(folder / "secrets/backup-password", secrets.token_urlsafe(24).encode() + b"\n")


def invent(folder: Path, targets: Iterable[Target]) -> None:
    """A secret of the lab's own for every file that a variable of `targets` refers to."""
    held = {
        str(value).removeprefix(_FILE)
        for target in targets
        for name, value in target.variables.items()
        if name.endswith("_secret") and str(value).startswith(_FILE)
    }
    for name in sorted(held):
        path = folder / name
        if path.is_relative_to(folder / "secrets") and ".." not in path.parts:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, secrets.token_hex(_SECRET // 2).encode() + b"\n")


def _certificate(
    name: str, public: Any, signer: Any, *, issuer: Any = None, address: str = ""
) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = clock.now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if issuer is not None:
        names = [x509.DNSName(name), x509.IPAddress(ip_address(address))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _pem(certificate: Any) -> bytes:
    from cryptography.hazmat.primitives import serialization

    content: bytes = certificate.public_bytes(serialization.Encoding.PEM)
    return content


def _private(key: Any, *, ssh: bool = False) -> bytes:
    from cryptography.hazmat.primitives import serialization

    form = serialization.PrivateFormat.OpenSSH if ssh else serialization.PrivateFormat.PKCS8
    content: bytes = key.private_bytes(
        serialization.Encoding.PEM, form, serialization.NoEncryption()
    )
    return content


def _public_ssh(key: Any, name: str) -> bytes:
    from cryptography.hazmat.primitives import serialization

    content: bytes = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return content + f" {name}\n".encode()


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
        handle.write(content)
