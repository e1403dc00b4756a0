"""Which protocols a management controller speaks on its network."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerProtocol:
    """One protocol of one manager; `enabled` None: it does not say."""

    manager: str
    name: str  # IPMI, Telnet, SSH, SNMP ... as DSP2046 names them
    enabled: bool | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcProtocols:
    """Every protocol that it offers; one that it leaves out it does not have."""

    items: tuple[ManagerProtocol, ...] = ()


FACT = BmcProtocols
