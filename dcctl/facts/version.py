"""What runs on a device, and since when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Vendor, model, operating system, release, serial number and uptime (seconds)."""

    os: str
    release: str
    vendor: str = ""
    model: str = ""
    serial: str = ""
    hostname: str = ""
    uptime_s: int | None = None


FACT = Version
