"""What `show` answers about the interfaces and bundles."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.spans import in_table
from dcctl.lab.elements.traffic import averaged
from dcctl.lab.elements.tree import EMPTY, Tree, value
from dcctl.lab.systems.cisco_xr import kinds
from dcctl.lab.systems.cisco_xr.intent import addresses
from dcctl.lab.systems.cisco_xr.scene import Scene

_STATES = {(True, True): "up", (True, False): "down", (False, False): "admin-down"}
_BUNDLE_SYSTEM = "0x8000"


def ipv4_brief(scene: Scene) -> str:
    """`show ipv4 interface brief`."""
    rows = ["", "Interface                      IP-Address      Status          Protocol Vrf-Name"]
    for name, section in scene.interfaces():
        admin, oper = scene.state(name, section)
        own = addresses(section)
        status = "Up" if admin and oper else "Down" if admin else "Shutdown"
        rows.append(
            f"{name:<30} {str(own[0].ip) if own else 'unassigned':<15} {status:<15} "
            f"{'Up' if oper else 'Down':<8} {value(section, 'vrf', 'default'):<8}"
        )
    return "\n".join([*rows, ""])


def descriptions(scene: Scene) -> str:
    """`show interfaces description`."""
    rows = ["", "Interface          Status      Protocol    Description", "-" * 80]
    for name, section in scene.interfaces():
        state = scene.state(name, section)
        rows.append(
            f"{kinds.short(name):<18} {_STATES[state]:<11} {_STATES[state]:<11} "
            f"{value(section, 'description')}"
        )
    return "\n".join([*rows, ""])


def brief(scene: Scene) -> str:
    """`show interfaces brief`."""
    rows = [
        "",
        "               Intf       Intf        LineP              Encap  MTU        BW",
        "               Name       State       State               Type (byte)    (Kbps)",
        "-" * 80,
    ]
    for name, section in scene.interfaces():
        state = _STATES[scene.state(name, section)]
        kind = {"Loopback": "Loopback", "Null": "Null"}.get(kinds.kind_of(name), "ARPA")
        rows.append(
            f"{kinds.short(name):>19}  {state:>10}  {state:>10}  {kind:>17}  "
            f"{mtu(name, section):>4}  {_kbit(scene, name):>9}"
        )
    return "\n".join([*rows, ""])


def mtu(name: str, section: Tree) -> int:
    """The MTU of an interface, with the Ethernet header where it has one."""
    given = value(section, "mtu")
    return int(given) if given else 1500 if kinds.kind_of(name) in ("Loopback", "Null") else 1514


def _kbit(scene: Scene, name: str) -> int:
    if kinds.kind_of(name) != "Bundle-Ether":
        return kinds.SPEEDS_KBIT.get(kinds.kind_of(name), 0)
    sections = dict(scene.interfaces())
    return sum(
        kinds.SPEEDS_KBIT.get(kinds.kind_of(one), 0)
        for one in scene.members(name)
        if scene.state(one, sections[one])[1]
    )


def interfaces(scene: Scene) -> str:
    """`show interfaces [<intf>]`."""
    wanted = scene.arguments[0] if scene.arguments else ""
    found = [one for one in scene.interfaces() if wanted in ("", one[0])]
    if wanted and not found:
        return f"'Interface {wanted}' not found\n"
    return "\n".join(_interface(scene, name, section) for name, section in found)


def _interface(scene: Scene, name: str, section: Tree) -> str:
    admin, oper = scene.state(name, section)
    word = "administratively down" if not admin else "up" if oper else "down"
    description, own = value(section, "description"), addresses(section)
    rows = [
        f"{name} is {word}, line protocol is {word} ",
        "  Interface state transitions: 1",
        f"  Hardware is {_hardware(scene, name)}",
    ]
    if description:
        rows.append(f"  Description: {description}")
    rows += [
        f"  Internet address is {own[0] if own else 'Unknown'}",
        f"  MTU {mtu(name, section)} bytes, BW {_kbit(scene, name)} Kbit"
        + ("" if kinds.kind_of(name) == "Loopback" else f" (Max: {_kbit(scene, name)} Kbit)"),
        (
            f"     reliability {255 if oper else 'Unknown' if name.startswith('Lo') else 255}/255, "
            "txload 0/255, rxload 0/255"
        ),
    ]
    if kinds.kind_of(name) in ("Loopback", "Null"):
        kind = kinds.kind_of(name)
        rows += [
            f"  Encapsulation {kind},  loopback not set,",
            "  Last input Unknown, output Unknown",
            '  Last clearing of "show interface" counters Unknown',
        ]
        return "\n".join(rows) + "\n"
    return "\n".join(
        [*rows, *_ethernet(scene, name, oper=oper), *_counters(scene, name, up=oper), ""]
    )


def _hardware(scene: Scene, name: str) -> str:
    kind = kinds.kind_of(name)
    if kind == "Loopback":
        return "Loopback interface(s)"
    if kind == "Null":
        return "Null interface"
    port = scene.metal(name)
    if kind == "Bundle-Ether":
        members = scene.members(name)
        first = scene.metal(members[0]) if members else None
        return f"Aggregated Ethernet interface(s), address is {dotted(first.mac if first else '020000000000')}"
    mac = dotted(port.mac if port else "020000000000")
    shown = "Management Ethernet" if kind == "MgmtEth" else kind
    return f"{shown}, address is {mac} (bia {mac})"


def _ethernet(scene: Scene, name: str, *, oper: bool) -> list[str]:
    rate = f"{_kbit(scene, name) // 1000}Mb/s"
    rows = ["  Encapsulation ARPA,"]
    if kinds.kind_of(name) == "Bundle-Ether":
        members = scene.members(name)
        sections = dict(scene.interfaces())
        rows += [f"  Full-duplex, {rate}", "  loopback not set,"]
        if oper:
            rows.append(f"  Last link flapped {_flapped(scene, members[0])}")
        rows += [
            "  ARP type ARPA, ARP timeout 04:00:00",
            f"    No. of members in this bundle: {len(members)}",
        ]
        for one in members:
            active = "Active" if scene.state(one, sections[one])[1] else "Configured"
            own = f"{kinds.SPEEDS_KBIT.get(kinds.kind_of(one), 0) // 1000}Mb/s"
            rows.append(f"      {one:<28} Full-duplex  {own:<12} {active:<15} ")
    else:
        rows += [
            f"  Full-duplex, {rate}, link type is force-up",
            "  output flow control is off, input flow control is off",
            "  Carrier delay (up) is 10 msec",
            "  loopback not set,",
        ]
        if oper:
            rows.append(f"  Last link flapped {_flapped(scene, name)}")
        rows.append("  ARP type ARPA, ARP timeout 04:00:00")
    seen = "00:00:00" if oper else "never"
    return [
        *rows,
        f"  Last input {seen}, output {seen}",
        '  Last clearing of "show interface" counters never',
    ]


def _rate(bps: float) -> str:
    whole = int(bps / 1000) * 1000
    return f"{whole} bits/sec, {whole // 6400} packets/sec"


def _flapped(scene: Scene, name: str) -> str:
    return in_table(scene.around.now - max(scene.port(name).since, scene.element.booted))


def _counters(scene: Scene, name: str, *, up: bool) -> list[str]:
    port = scene.port(name)
    lasted = scene.around.now - max(port.since, scene.element.booted) if up else 0.0
    packets = int(max(lasted, 0) * spread(f"{scene.element.chassis.name} {name} rate", 40, 900))
    errors = port.errors
    seconds = int(value(dict(scene.interfaces()).get(name, EMPTY), "load-interval", "300")) or 300
    inward, outward = averaged(port.loads, scene.around.now, seconds) if up else (0.0, 0.0)
    over = f"{seconds // 60} minute" if seconds % 60 == 0 else f"{seconds} second"
    return [
        f"  {over} input rate {_rate(inward)}",
        f"  {over} output rate {_rate(outward)}",
        f"     {packets} packets input, {packets * 412} bytes, 0 total input drops",
        "     0 drops for unrecognized upper-level protocol",
        "     Received 0 broadcast packets, 0 multicast packets",
        "              0 runts, 0 giants, 0 throttles, 0 parity",
        f"     {errors} input errors, {errors} CRC, 0 frame, 0 overrun, 0 ignored, 0 abort",
        f"     {packets} packets output, {packets * 398} bytes, 0 total output drops",
        "     Output 0 broadcast packets, 0 multicast packets",
        "     0 output errors, 0 underruns, 0 applique, 0 resets",
        "     0 output buffer failures, 0 output buffers swapped out",
        "     1 carrier transitions",
    ]


# --- bundles ------------------------------------------------------------------------------------


def _bundles(scene: Scene) -> list[tuple[str, Tree]]:
    return [one for one in scene.interfaces() if one[0].startswith("Bundle-Ether")]


def _modes(scene: Scene, name: str) -> set[str]:
    sections = dict(scene.interfaces())
    return {value(sections.get(one, EMPTY), "bundle id").split()[-1] for one in scene.members(name)}


def bundle(scene: Scene) -> str:
    """`show bundle`."""
    return "\n".join(_bundle(scene, name, section) for name, section in _bundles(scene))


def _bundle(scene: Scene, name: str, section: Tree) -> str:
    sections = dict(scene.interfaces())
    members = scene.members(name)
    active = [one for one in members if scene.state(one, sections[one])[1]]
    admin, up = scene.state(name, section)
    first = scene.metal(members[0]) if members else None
    speaks = bool(_modes(scene, name) & {"active", "passive"})
    band = sum(kinds.SPEEDS_KBIT.get(kinds.kind_of(one), 0) for one in active)
    status = "Up" if up else "Down" if admin else "Admin down"
    rows = [
        "",
        name,
        f"  {'Status:':<43}{status}",
        f"  {'Local links <active/standby/configured>:':<43}{len(active)} / 0 / {len(members)}",
        f"  {'Local bandwidth <effective/available>:':<43}{band} ({band}) kbps",
        f"  {'MAC address (source):':<43}{dotted(first.mac if first else '020000000000')} (Chassis pool)",
        f"  {'Inter-chassis link:':<43}No",
        f"  {'Minimum active links / bandwidth:':<43}{value(section, 'bundle minimum-active links', '1')} / 1 kbps",
        f"  {'Maximum active links:':<43}{value(section, 'bundle maximum-active links', '64')}",
        f"  {'Wait while timer:':<43}2000 ms",
        "  Load balancing:                            ",
        f"    {'Link order signaling:':<41}Not configured",
        f"    {'Hash type:':<41}Default",
        f"    {'Locality threshold:':<41}None",
        f"  {'LACP:':<43}{('Operational' if active else 'Not operational') if speaks else 'Not operational'}",
        f"    {'Flap suppression timer:':<41}Off",
        f"    {'Cisco extensions:':<41}Disabled",
        f"    {'Non-revertive:':<41}Disabled",
        f"  {'mLACP:':<43}Not configured",
        f"  {'IPv4 BFD:':<43}Not configured",
        f"  {'IPv6 BFD:':<43}Not configured",
        "",
        "  Port                  Device           State        Port ID         B/W, kbps",
        "  --------------------  ---------------  -----------  --------------  ----------",
    ]
    for number, one in enumerate(members, start=1):
        state = "Active" if one in active else "Configured"
        why = "Link is Active" if one in active else "Link is down"
        rate = kinds.SPEEDS_KBIT.get(kinds.kind_of(one), 0)
        rows += [
            (
                f"  {kinds.short(one):<20}  {'Local':<15}  {state:<11}  "
                f"{f'{_BUNDLE_SYSTEM}, 0x{number:04x}':<14}  {rate:>10}"
            ),
            f"      {why}",
        ]
    return "\n".join([*rows, ""])


def bundle_brief(scene: Scene) -> str:
    """`show bundle brief`."""
    rows = [
        "",
        "     Name          |    IG      State        LACP     BFD      Links     Local B/W,",
        "                   |                                          act/stby/cfgd   kbps  ",
        "-------------------|------------------------------------------------------------------",
    ]
    sections = dict(scene.interfaces())
    for name, section in _bundles(scene):
        members = scene.members(name)
        active = [one for one in members if scene.state(one, sections[one])[1]]
        state = "Up" if scene.state(name, section)[1] else "Down"
        lacp_state = "On" if _modes(scene, name) & {"active", "passive"} else "Off"
        rows.append(
            f"{kinds.short(name):>10}         |     -    {state:>8}    {lacp_state:>6}     Off   "
            f"{len(active)}/ 0/ {len(members)}   {_kbit(scene, name):>12}"
        )
    return "\n".join([*rows, ""])


def lacp(scene: Scene) -> str:
    """`show lacp`."""
    rows = [
        "State: a - Port is marked as Aggregatable.",
        "       s - Port is Synchronized with peer.",
        "       c - Port is marked as Collecting.",
        "       d - Port is marked as Distributing.",
        "       A - Device is in Active mode.",
        "       F - Device requests PDUs from the peer at fast rate.",
        "       D - Port is using default values for partner information.",
        "       E - Information about partner has expired.",
        "",
    ]
    sections = dict(scene.interfaces())
    for name, _ in _bundles(scene):
        rows += [
            name,
            "",
            "  Port          (rate)  State    Port ID       Key    System ID",
            "  --------------------  -------- ------------- ------ ------------------------",
            "Local",
        ]
        for number, one in enumerate(scene.members(name), start=1):
            up = scene.state(one, sections[one])[1]
            key = f"0x{int(kinds.number_of(name)):04x}"
            mine = "ascdA---" if up else "a---A-D-"
            theirs = "ascdA---" if up else "as------"
            rows += [
                f"  {kinds.short(one):<16} 30s  {mine} 0x8000,0x{number:04x} {key} {_system(scene)}",
                f"   Partner         30s  {theirs} 0x8000,0x{number:04x} {key} 0x8000,02-00-00-00-00-01",
            ]
        rows.append("")
    return "\n".join([*rows, ""])


def _system(scene: Scene) -> str:
    mac = scene.element.chassis.ports[0].mac if scene.element.chassis.ports else "020000000000"
    return "0x8000," + "-".join(mac[i : i + 2] for i in range(0, 12, 2))
