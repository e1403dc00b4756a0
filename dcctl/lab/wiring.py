"""Laying the lab's cables.

Every host on the management bridge, and the routers to each other as the topology says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.lab import layout, network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.lab.layout import Blueprint, Host

BRIDGE = "br0"
CONTROL_INTERFACE = "eth0"


def lay(blueprint: Blueprint, switch: int, control: int, namespaces: Mapping[str, int]) -> None:
    """Connect everything; `switch` holds the bridge and the far ends of cables out of the lab."""
    lines = [f"link add {BRIDGE} type bridge", f"link set {BRIDGE} up"]
    lines += _port("control", CONTROL_INTERFACE, control)
    for number, host in enumerate(blueprint.hosts):
        lines += _port(port_of(number), host.interface, namespaces[host.name])
    routers = [host for host in blueprint.hosts if host.kind == layout.ROUTER]
    lines += _cables(routers, namespaces)
    network.ip(switch, lines)
    network.ip(control, _address_lines(CONTROL_INTERFACE, blueprint.control, 32))
    for host in blueprint.hosts:
        network.ip(namespaces[host.name], host_lines(host))
        if host.kind == layout.ROUTER:
            network.set_forwarding(namespaces[host.name])


def port_of(number: int) -> str:
    """The bridge's end of the management cable of the host with this number."""
    return f"port{number}"


def _port(name: str, interface: str, namespace: int) -> list[str]:
    far = network.path_of(namespace)
    return [
        f"link add {name} type veth peer name {interface} netns {far}",
        f"link set {name} master {BRIDGE} up",
    ]


def host_lines(host: Host) -> list[str]:
    """What gives a host its management address; also after its interface was down."""
    lines = _address_lines(host.interface, host.address, host.prefix)
    return lines + [f"link set {wire.interface} up" for wire in host.wires]


def _address_lines(interface: str, address: str, prefix: int) -> list[str]:
    """An address, and a way to every other.

    All management networks of the estate share the lab's one bridge.
    """
    return [
        f"address replace {address}/{prefix} dev {interface}",
        f"link set {interface} up",
        f"route replace default dev {interface} metric 4096",
    ]


def _cables(routers: list[Host], namespaces: Mapping[str, int]) -> list[str]:
    """A veth pair for each cable.

    One that leads out of the lab ends in the switch, live but silent.
    """
    laid: set[tuple[str, str]] = set()
    lines: list[str] = []
    ends = {(host.name, wire.interface) for host in routers for wire in host.wires}
    for number, host in enumerate(routers):
        here = network.path_of(namespaces[host.name])
        for index, wire in enumerate(host.wires):
            end, far = (host.name, wire.interface), (wire.peer, wire.peer_interface)
            if end in laid:
                continue
            mtu = f"mtu {wire.mtu} " if wire.mtu else ""
            if far in ends and far not in laid and far != end:
                there = network.path_of(namespaces[wire.peer])
                lines.append(
                    f"link add {wire.interface} {mtu}netns {here} type veth "
                    f"peer name {wire.peer_interface} {mtu}netns {there}"
                )
                laid |= {end, far}
            else:
                away = f"out{number}-{index}"
                lines.append(
                    f"link add {away} {mtu}type veth peer name {wire.interface} {mtu}netns {here}"
                )
                lines.append(f"link set {away} up")
                laid.add(end)
    return lines
