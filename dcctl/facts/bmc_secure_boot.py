"""UEFI Secure Boot, as a management controller tells it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureBoot:
    """Of one system; `enabled` is for the next boot, `current` (Enabled, Disabled) of this one."""

    system: str
    enabled: bool | None = None
    current: str = ""
    mode: str = ""  # SetupMode and AuditMode refuse nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcSecureBoot:
    """Every system that tells it."""

    items: tuple[SecureBoot, ...] = ()


FACT = BmcSecureBoot
