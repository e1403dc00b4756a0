"""One thing that dcctl can reach (or must say it can't).

A server, a router, a switch, a transponder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNMANAGED = "unmanaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a target is dialled. Secrets are not here: `credential` names an entry of dcctl.yml."""

    address: str
    port: int = 22
    credential: str = ""
    host_key_alias: str = ""  # the name to look up in known_hosts; empty: the address
    known_hosts: str = ""  # file, absolute
    crypto: str = "modern"  # modern | compatible | legacy
    # The hosts to hop through, nearest first, each as it is dialled from the one before it.
    jump: tuple[Connection, ...] = ()
    line: str = ""  # put behind the user name: the line of a console server that is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """How a server's management controller is asked, and by what its certificate is known."""

    address: str
    port: int = 443
    credential: str = ""
    certificate: str = ""  # SHA-256 of the one that it must show, hexadecimal; empty: authorities
    authorities: str = ""  # file of the authorities that may have signed it, absolute
    server_name: str = ""  # the name in its certificate; empty: the address
    jump: tuple[Connection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """What the estate says of one interface, with its far end joined in from topology.yml.

    `address` is an interface address with prefix length ("10.0.0.0/31"). `metric` is the IS-IS or
    OSPF metric.
    """

    name: str
    description: str = ""
    address: str = ""
    mtu: int = 0
    enabled: bool = True
    link: str = ""  # id of the link in topology.yml, empty for a loopback
    peer: str = ""  # the host at the far end
    peer_interface: str = ""
    peer_address: str = ""
    medium: str = ""  # ethernet | fibre | dwdm
    protocols: tuple[str, ...] = ()  # of isis, ospf, bfd, lldp, ldp
    metric: int = 10
    area: str = "0"  # OSPF area


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One element of the estate, validated and merged.

    Everything a step, a check or a template may read.
    """

    name: str
    platform: str
    kind: str  # server | router | switch | firewall | transport | bmc | ...
    site: str = ""
    rack: str = ""
    groups: tuple[str, ...] = ()
    connection: Connection = field(default_factory=lambda: Connection(address=""))
    console: Connection | None = None  # its line of a console server
    bmc: Controller | None = None  # its management controller
    interfaces: tuple[Interface, ...] = ()
    redundancy_groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()  # Ansible roles to apply, before ordering by `after`
    intent: Mapping[str, Any] = field(
        default_factory=dict
    )  # the validated, merged `dcctl` variable
    variables: Mapping[str, Any] = field(
        default_factory=dict
    )  # merged Ansible variables, without `dcctl`
    peers: Mapping[str, Any] = field(default_factory=dict)  # what roles need of others

    @property
    def managed(self) -> bool:
        """Whether any driver reaches it."""
        return self.platform != UNMANAGED
