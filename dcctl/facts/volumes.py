"""Redundant volumes (btrfs): members, error counters, scrub."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeDevice:
    """One member. The counters only grow until somebody resets them."""

    path: str
    missing: bool = False
    write_errors: int = 0
    read_errors: int = 0
    flush_errors: int = 0
    corruption_errors: int = 0
    generation_errors: int = 0

    @property
    def errors(self) -> int:
        """All counters together."""
        return (
            self.write_errors
            + self.read_errors
            + self.flush_errors
            + self.corruption_errors
            + self.generation_errors
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One volume; `scrub_age_s` counts from the end of the last scrub, None: never or unknown."""

    mount: str
    uuid: str
    profile: str  # of the data: single, raid1, raid10 ...
    metadata_profile: str = ""
    label: str = ""
    devices: tuple[VolumeDevice, ...] = ()
    degraded: bool = False  # mounted with a member missing
    read_only: bool = False
    scrub_age_s: int | None = None
    scrub_status: str = ""  # finished | aborted | running | ...
    scrub_errors: int | None = None
    scrub_uncorrectable: int | None = None
    scrub_timer_enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """All of them."""

    items: tuple[Volume, ...]


FACT = Volumes
