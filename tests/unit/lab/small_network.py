"""A ring of four routers of both systems: targets, their configuration, the network."""

from __future__ import annotations

from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import Plan, plan_of
from dcctl.model.target import Interface, Target

NAMES = ("r1", "r2", "r3", "r4")
PLATFORMS = {"r1": "cisco_xe", "r2": "juniper_junos", "r3": "cisco_xe", "r4": "juniper_junos"}
PORTS = {
    "cisco_xe": ("TenGigabitEthernet0/0/0", "TenGigabitEthernet0/0/1"),
    "juniper_junos": ("xe-0/0/0", "et-0/0/1"),
}


def ports_of(name: str) -> tuple[str, str]:
    """The port towards the next router of the ring, and the one towards the one before."""
    return PORTS[PLATFORMS[name]]


def target(name: str) -> Target:
    number = NAMES.index(name) + 1
    after, before = NAMES[number % 4], NAMES[number - 2]
    forward, back = ports_of(name)
    previous = (number - 2) % 4 + 1
    return Target(
        name=name,
        platform=PLATFORMS[name],
        kind="router",
        interfaces=(
            _port(forward, after, ports_of(after)[1], f"10.0.{number}.0/31", f"10.0.{number}.1/31"),
            _port(
                back, before, ports_of(before)[0], f"10.0.{previous}.1/31", f"10.0.{previous}.0/31"
            ),
        ),
        intent={
            "serial": f"SER{number}",
            "loopback": f"10.255.0.{number}/32",
            "routing": {"asn": 64512},
            "management": {
                "interface": "GigabitEthernet0" if PLATFORMS[name] == "cisco_xe" else "fxp0",
                "address": f"10.60.1.{number}/24",
                "gateway": "10.60.1.254",
            },
        },
    )


def _port(name: str, peer: str, far: str, address: str, peer_address: str) -> Interface:
    return Interface(
        name=name,
        address=address,
        link=f"{min(name, far)}-{peer}",
        peer=peer,
        peer_interface=far,
        peer_address=peer_address,
        medium="fibre",
        protocols=("isis", "bfd", "lldp"),
    )


def configuration(name: str) -> str:
    """A working configuration: IS-IS with BFD on both ports, iBGP with everybody, LLDP, NTP."""
    return _cisco(name) if PLATFORMS[name] == "cisco_xe" else _junos(name)


def _cisco(name: str) -> str:
    number, one = NAMES.index(name) + 1, target(name)
    lines = [f"hostname {name}", "lldp run", "ntp server 10.60.10.51", "interface Loopback0"]
    lines += [f" ip address 10.255.0.{number} 255.255.255.255"]
    for port in one.interfaces:
        lines += [
            f"interface {port.name}",
            f" description to {port.peer}",
            f" ip address {port.address.partition('/')[0]} 255.255.255.254",
            " ip router isis CORE",
            " isis network point-to-point",
            " bfd interval 300 min_rx 300 multiplier 3",
            " no shutdown",
        ]
    lines += ["router isis CORE", f" net 49.0001.0102.5500.000{number}.00", " is-type level-2-only"]
    lines += [" passive-interface Loopback0", " bfd all-interfaces", "router bgp 64512"]
    for other in range(1, 5):
        if other != number:
            lines += [
                f" neighbor 10.255.0.{other} remote-as 64512",
                f" neighbor 10.255.0.{other} update-source Loopback0",
            ]
    return "\n".join(lines)


def _junos(name: str) -> str:
    number, one = NAMES.index(name) + 1, target(name)
    lines = [
        f"set system host-name {name}",
        "set system ntp server 10.60.10.51",
        f"set interfaces lo0 unit 0 family inet address 10.255.0.{number}/32",
        f"set interfaces lo0 unit 0 family iso address 49.0001.0102.5500.000{number}.00",
        "set protocols isis interface lo0.0 passive",
        "set protocols isis level 1 disable",
        "set protocols lldp interface all",
        "set routing-options autonomous-system 64512",
        "set protocols bgp group CORE type internal",
        f"set protocols bgp group CORE local-address 10.255.0.{number}",
    ]
    for port in one.interfaces:
        circuit = f"set protocols isis interface {port.name}.0"
        lines += [
            f'set interfaces {port.name} description "to {port.peer}"',
            f"set interfaces {port.name} unit 0 family inet address {port.address}",
            f"set interfaces {port.name} unit 0 family iso",
            f"{circuit} point-to-point",
            f"{circuit} family inet bfd-liveness-detection minimum-interval 300",
        ]
    lines += [
        f"set protocols bgp group CORE neighbor 10.255.0.{other}"
        for other in range(1, 5)
        if other != number
    ]
    return "\n".join(lines)


def plan(names: tuple[str, ...] = NAMES) -> Plan:
    return plan_of([target(name) for name in names], "test")


def network(
    now: float, *, configured: bool = True, names: tuple[str, ...] = NAMES, **options
) -> Network:
    one = plan(names)
    made = Network(one.chassis, one.links, one.absent, now=now, **options)
    for name in names if configured else ():
        made.configure(name, configuration(name))
    return made


def session(made: Network, name: str) -> InProcessSession:
    if PLATFORMS[name] == "cisco_xe":
        return InProcessSession(made, name, failures=(r"^%.*",))
    return InProcessSession(
        made,
        name,
        failures=(r"^(error|syntax error).*",),
        enter="configure",
        leave="exit configuration-mode",
    )


def change(made: Network, name: str, *lines: str) -> None:
    """Configuration lines, made active."""
    with_commit = lines if PLATFORMS[name] == "cisco_xe" else (*lines, "commit")
    one = session(made, name)
    try:
        one.configure(with_commit)
    finally:
        one.close()


def shut(made: Network, name: str, port: str, *, down: bool = True) -> None:
    if PLATFORMS[name] == "cisco_xe":
        change(made, name, f"interface {port}", "shutdown" if down else "no shutdown")
    else:
        change(made, name, f"{'set' if down else 'delete'} interfaces {port} disable")
