"""What `show` answers about the interfaces."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.traffic import averaged
from dcctl.lab.elements.tree import Tree, value, values
from dcctl.lab.systems.cisco_xe import kinds
from dcctl.lab.systems.cisco_xe.scene import Scene


def addresses(section: Tree) -> list[ipaddress.IPv4Interface]:
    """The addresses of an interface, the primary one first."""
    found = [line.split() for line in values(section, "ip address")]
    found.sort(key=len)
    return [_interface_of(f"{words[0]}/{words[1]}") for words in found if len(words) > 1]


_interface_of = lru_cache(maxsize=4096)(ipaddress.IPv4Interface)


def ip_interface_brief(scene: Scene) -> str:
    """`show ip interface brief`."""
    written = ["Interface              IP-Address      OK? Method Status                Protocol"]
    for name, section in scene.interfaces():
        admin, oper = scene.state(name, section)
        own = addresses(section)
        method = (
            "manual"
            if own and scene.element.changed_by != "factory"
            else "NVRAM"
            if own
            else "unset"
        )
        status = "administratively down" if not admin else "up" if oper else "down"
        written.append(
            f"{name:<22} {str(own[0].ip) if own else 'unassigned':<15} YES {method:<6} {status:<21} "
            f"{'up' if oper else 'down'}"
        )
    return "\n".join([*written, ""])


def descriptions(scene: Scene) -> str:
    """`show interfaces description`."""
    written = ["Interface                      Status         Protocol Description"]
    for name, section in scene.interfaces():
        admin, oper = scene.state(name, section)
        status = "admin down" if not admin else "up" if oper else "down"
        text = value(section, "description")
        written.append(
            f"{kinds.short(name):<30} {status:<14} {'up' if oper else 'down':<8} {text}".rstrip()
        )
    return "\n".join([*written, ""])


def interfaces(scene: Scene) -> str:
    """`show interfaces [<intf>]`."""
    wanted = scene.arguments[0] if scene.arguments else ""
    chosen = [one for one in scene.interfaces() if wanted in ("", one[0])]
    return "".join(_interface(scene, name, section) for name, section in chosen)


def _interface(scene: Scene, name: str, section: Tree) -> str:
    admin, oper = scene.state(name, section)
    status = "administratively down" if not admin else "up" if oper else "down"
    kind = kinds.kind_of(name)
    loopback = kind == "Loopback"
    mtu = int(value(section, "mtu", "1514" if loopback else "1500"))
    text = value(section, "description")
    own = addresses(section)
    rows = [f"{name} is {status}, line protocol is {'up' if oper else 'down'} "]
    virtual = {"Loopback": "Loopback", "Tunnel": "Tunnel"}.get(kind)
    rows.append(f"  Hardware is {virtual}" if virtual else _hardware(scene, name))
    rows += [f"  Description: {text}"] if text else []
    rows += [f"  Internet address is {own[0]}"] if own else []
    rows.append(
        f"  MTU {mtu} bytes, BW {kinds.SPEEDS_KBIT.get(kind, 100000)} Kbit/sec, "
        f"DLY {5000 if loopback else 10} usec, "
    )
    rows.append("     reliability 255/255, txload 1/255, rxload 1/255")
    rows.append(f"  Encapsulation {'LOOPBACK' if loopback else 'ARPA'}, loopback not set")
    rows.append("  Keepalive not supported " if not loopback else "  Keepalive set (10 sec)")
    if not loopback:
        rows.append(
            f"  Full Duplex, {kinds.SPEEDS_KBIT.get(kind, 100000) // 1000}Mbps, link type is auto, media type is {'SX' if 'Ten' not in name else '10GBase-LR'}"
        )
        rows.append("  output flow-control is on, input flow-control is on")
        rows.append("  ARP type: ARPA, ARP Timeout 04:00:00")
    seconds = int(value(section, "load-interval", "300"))
    return "\n".join(rows + _counters(scene, name, seconds, up=oper)) + "\n"


def _rate(bps: float) -> str:
    whole = int(bps / 1000) * 1000
    return f"{whole} bits/sec, {whole // 6400} packets/sec"


def _hardware(scene: Scene, name: str) -> str:
    mac = next(
        (p.mac for p in scene.element.chassis.ports if p.name == name.partition(".")[0]),
        "020000000000",
    )
    address = dotted(mac)
    board = "GEChannel" if name.startswith("Port-channel") else "BUILT-IN-2T+6X1GE"
    return f"  Hardware is {board}, address is {address} (bia {address})"


def _counters(scene: Scene, name: str, seconds: int, *, up: bool) -> list[str]:
    port = scene.port(name)
    lasted = scene.around.now - max(port.since, scene.element.booted) if up else 0.0
    packets = int(lasted * spread(f"{scene.element.chassis.name} {name} rate", 40, 900))
    errors = port.errors
    inward, outward = averaged(port.loads, scene.around.now, seconds) if up else (0.0, 0.0)
    over = f"{seconds // 60} minute" if seconds % 60 == 0 else f"{seconds} second"
    return [
        f"  Last input {'00:00:01' if up else 'never'}, output {'00:00:00' if up else 'never'}, output hang never",
        '  Last clearing of "show interface" counters never',
        "  Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 0",
        "  Queueing strategy: fifo",
        "  Output queue: 0/40 (size/max)",
        f"  {over} input rate {_rate(inward)}",
        f"  {over} output rate {_rate(outward)}",
        f"     {packets} packets input, {packets * 412} bytes, 0 no buffer",
        "     Received 0 broadcasts (0 IP multicasts)",
        "     0 runts, 0 giants, 0 throttles ",
        f"     {errors} input errors, {errors} CRC, 0 frame, 0 overrun, 0 ignored",
        "     0 watchdog, 0 multicast, 0 pause input",
        f"     {packets} packets output, {packets * 398} bytes, 0 underruns",
        "     0 output errors, 0 collisions, 1 interface resets",
        "     0 unknown protocol drops",
        "     0 babbles, 0 late collision, 0 deferred",
        "     0 lost carrier, 0 no carrier, 0 pause output",
        "     0 output buffer failures, 0 output buffers swapped out",
    ]
