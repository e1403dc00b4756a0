"""Mandatory access control: SELinux or AppArmor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MandatoryAccess:
    """What is there; `system` is selinux, apparmor, or empty. Profiles are AppArmor's."""

    system: str = ""
    enforcing: bool | None = None
    profiles_enforcing: int | None = None
    profiles_complaining: int | None = None


FACT = MandatoryAccess
