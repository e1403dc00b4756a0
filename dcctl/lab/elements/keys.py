"""Host keys of simulated elements: functions of the lab's seed and the name, so none is stored."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any


def private_key(seed: bytes, name: str, *, generation: int = 0) -> Any:
    """The Ed25519 key of an element (a `cryptography` object).

    Another `generation` is another key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    raw = hmac.new(seed, f"{name} {generation}".encode(), hashlib.sha256).digest()
    return Ed25519PrivateKey.from_private_bytes(raw)


def public_line(seed: bytes, name: str) -> str:
    """`ssh-ed25519 AAAA…`, as known_hosts has it."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = private_key(seed, name).public_key()
    return str(key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())


def private_pem(seed: bytes, name: str, *, generation: int = 0) -> bytes:
    """The private key as OpenSSH stores it, for the server."""
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    key = private_key(seed, name, generation=generation)
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
