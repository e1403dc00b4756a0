"""When and as what a system booted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """One boot; `boot_id` is the kernel's, new at each."""

    boot_id: str
    uptime_s: int
    booted_at: str = ""  # ISO 8601 UTC


FACT = Boot
