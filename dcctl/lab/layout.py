"""A lab on paper: its identity, its folder, and the real hosts that it consists of."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from ipaddress import ip_address, ip_interface, ip_network
from typing import TYPE_CHECKING, Any

from dcctl.errors import InvalidInput
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dcctl.model.target import Target

SERVER = "server"
ROUTER = "router"
KINDS = {"linux": SERVER, "frr": ROUTER}  # platform -> what stands for it
RELAY_PORT = 2200
BLUEPRINT = "blueprint.json"
DISK_SIZE = 1 << 30  # bytes; the files are sparse
_INTERFACE = re.compile(r"^[A-Za-z0-9_.-]{1,15}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A disk of a server, known by its serial number."""

    serial: str
    size: int = DISK_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A cable's end at a router, and the far end where that is a router of the lab too."""

    interface: str
    peer: str = ""
    peer_interface: str = ""
    mtu: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One real host: its management address inside the lab, and where it is dialled outside."""

    name: str
    kind: str  # server | router
    address: str
    prefix: int
    interface: str
    relay_address: str
    relay_port: int
    disks: tuple[Disk, ...] = ()
    wires: tuple[Wire, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """Everything that the lab's daemon needs to raise the hosts; written to the lab's folder."""

    lab_id: str
    folder: str
    control: str  # the address of the lab's own station on the management network
    mirror: str
    layers: dict[str, list[str]]  # kind -> lower folders, topmost first
    cgroup: str
    hosts: tuple[Host, ...] = field(default_factory=tuple)

    def dump(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def load(cls, text: str) -> Blueprint:
        """From JSON."""
        data: dict[str, Any] = json.loads(text)
        hosts = tuple(
            Host(
                **{
                    **host,
                    "disks": tuple(Disk(**disk) for disk in host["disks"]),
                    "wires": tuple(Wire(**wire) for wire in host["wires"]),
                }
            )
            for host in data.pop("hosts")
        )
        return cls(**data, hosts=hosts)


def read(folder: Path) -> Blueprint | None:
    """The blueprint of the lab in `folder`; None where there is none, or half of one."""
    try:
        return Blueprint.load((folder / BLUEPRINT).read_text())
    except (OSError, ValueError, TypeError, KeyError):
        return None


def lab_id(folder: Path) -> str:
    """The short name that all of a lab's namespaces, groups and sockets carry."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]


def relay_network(identity: str) -> str:
    """What the relays' loopback addresses begin with; simulated elements are below 127.128."""
    digest = bytes.fromhex(identity)
    return f"127.{128 + digest[0] % 120}.{digest[1]}"


def hosts_of(targets: Sequence[Target], identity: str) -> tuple[Host, ...]:
    """The real hosts that stand for `targets`; those of other platforms are left out.

    Raises:
        InvalidInput: a target has no usable management address, or two have the same.
    """
    chosen = [target for target in targets if target.platform in KINDS]
    routers = {target.name for target in chosen if KINDS[target.platform] == ROUTER}
    network = relay_network(identity)
    found: dict[str, Host] = {}
    for number, target in enumerate(sorted(chosen, key=lambda target: target.name), start=1):
        host = _host(target, routers, f"{network}.{number}")
        other = found.setdefault(host.address, host)
        if other is not host:
            raise InvalidInput(
                N_("{one} and {two} have the same management address {address}"),
                one=other.name,
                two=host.name,
                address=host.address,
            )
    return tuple(found.values())


def _host(target: Target, routers: set[str], relay_address: str) -> Host:
    kind = KINDS[target.platform]
    address, prefix = _management(target)
    management = target.intent.get("management") or {}
    interface = str(management.get("interface") or "eth0")
    wires = (
        tuple(
            Wire(
                interface=item.name,
                peer=item.peer if item.peer in routers else "",
                peer_interface=item.peer_interface,
                mtu=item.mtu,
            )
            for item in target.interfaces
            if item.link and _INTERFACE.match(item.name) and item.name != interface
        )
        if kind == ROUTER
        else ()
    )
    return Host(
        name=target.name,
        kind=kind,
        address=address,
        prefix=prefix,
        interface=interface if _INTERFACE.match(interface) else "eth0",
        relay_address=relay_address,
        relay_port=RELAY_PORT,
        disks=_disks(target),
        wires=wires,
    )


def _management(target: Target) -> tuple[str, int]:
    """The address that the inventory gives: an overlay may have changed the connection's."""
    management = target.intent.get("management") or {}
    given = (
        target.variables.get("ansible_host")
        or management.get("address")
        or target.connection.address
    )
    try:
        interface = ip_interface(str(given))
    except ValueError as error:
        raise InvalidInput(
            N_("{target} has no management address that the lab could give it ({value})"),
            hint=N_("set ansible_host to an IP address"),
            target=target.name,
            value=str(given or "none"),
        ) from error
    declared = str(management.get("address") or given)
    prefix = ip_interface(declared).network.prefixlen if "/" in declared else 24
    return str(interface.ip), prefix


def _disks(target: Target) -> tuple[Disk, ...]:
    serials = [
        str(disk["serial"])
        for volume in target.intent.get("volumes") or ()
        for disk in volume.get("disks") or ()
    ]
    return tuple(Disk(serial=serial) for serial in dict.fromkeys(serials))


def control_address(hosts: Sequence[Host]) -> str:
    """An address for the lab's own station: the highest free one of the first server's network."""
    first = next((host for host in hosts if host.kind == SERVER), hosts[0])
    taken = {host.address for host in hosts}
    network = ip_network(f"{first.address}/{min(first.prefix, 30)}", strict=False)
    candidate = network.broadcast_address - 1
    while str(candidate) in taken:
        candidate -= 1
    return str(ip_address(candidate))
