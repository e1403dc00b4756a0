"""The addresses of a management controller's own interfaces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcAddress:
    """One address; `enabled` tells of its interface, None: it does not say."""

    manager: str
    interface: str
    address: str
    enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcAddresses:
    """All of them, those within the box (link-local) too."""

    items: tuple[BmcAddress, ...] = ()


FACT = BmcAddresses
