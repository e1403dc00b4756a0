"""The system-wide policy of cryptography, where an operating system has one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoPolicy:
    """The policy that is set: DEFAULT, FUTURE, FIPS, LEGACY, with modules (`DEFAULT:NO-SHA1`)."""

    policy: str


FACT = CryptoPolicy
