"""What runs on a device, and since when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Vendor, model, operating system, release, serial number and uptime (seconds).

    `generation` is the configuration's own name, on platforms that are upgraded by it.
    """

    os: str
    release: str
    vendor: str = ""
    model: str = ""
    serial: str = ""
    hostname: str = ""
    uptime_s: int | None = None
    generation: str = ""

    @property
    def running(self) -> str:
        """What an upgrade replaces: the generation where it has a name, else the release."""
        return self.generation or self.release


FACT = Version
