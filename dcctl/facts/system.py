"""What an operating system says of itself: name, time zone, locale, name table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HostsEntry:
    """One line of the static name table."""

    address: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Identity and settings; in a `container` the kernel and its settings belong to a host."""

    hostname: str
    time_zone: str = ""
    locale: str = ""
    hosts: tuple[HostsEntry, ...] = ()
    container: bool = False
    reboot_required: bool | None = None


FACT = System
