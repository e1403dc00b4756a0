"""The system-wide policy of cryptography."""

from __future__ import annotations

from typing import Any

from dcctl.facts.crypto_policy import CryptoPolicy


def parse(data: Any) -> CryptoPolicy | None:
    """None where the system has no such thing."""
    lines = [line for line in data["policy"].splitlines() if line and not line.startswith("#")]
    return CryptoPolicy(policy=lines[-1].strip()) if lines else None


PARSE = parse
