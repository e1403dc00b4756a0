"""BGP peers (RFC 4271)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BgpPeer:
    """One peer; `state` is lower case: established, active, idle ..."""

    neighbor: str
    remote_as: int
    state: str
    prefixes_received: int | None = None
    uptime_s: int | None = None
    vrf: str = "default"
    family: str = "ipv4 unicast"


@dataclass(frozen=True, slots=True, kw_only=True)
class BgpPeers:
    """All peers."""

    items: tuple[BgpPeer, ...]
    local_as: int | None = None
    router_id: str = ""


FACT = BgpPeers
