"""What `display` answers about the interfaces, their light and their errors."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import NO_LIGHT_DBM
from dcctl.lab.elements.traffic import averaged
from dcctl.lab.elements.tree import EMPTY, Tree, value, values
from dcctl.lab.systems.huawei_vrp import kinds
from dcctl.lab.systems.huawei_vrp.scene import Scene, dashed, text

RX_RANGE, TX_RANGE = (-14.400, 0.499), (-8.498, 0.499)  # warning, dBm
RX_ALARM, TX_ALARM = (-18.0, 2.5), (-11.5, 3.5)
_STAT = "set flow-stat interval"
_RATE_S = 300  # over which a rate is averaged, if the interface says nothing else
_BITS = 6400  # of a packet of middle size
_LEGEND = """\
PHY: Physical
*down: administratively down
^down: standby
(l): loopback
(s): spoofing
(E): E-Trunk down
(b): BFD down
(B): Bit-error-detection down
(e): ETHOAM down
(d): Dampening Suppressed
"""


def addresses(section: Tree) -> list[ipaddress.IPv4Interface]:
    """The addresses of an interface, the primary one first."""
    found = [line.split() for line in values(section, "ip address")]
    found.sort(key=len)
    return [ipaddress.IPv4Interface(f"{words[0]}/{words[1]}") for words in found if len(words) > 1]


def _phy(scene: Scene, name: str, section: Tree) -> tuple[str, str]:
    """(physical, protocol) as tables show them."""
    admin, up = scene.state(name, section)
    routed = bool(addresses(section)) or kinds.kind_of(name) in ("LoopBack", "NULL")
    protocol = "up(s)" if kinds.kind_of(name) in ("LoopBack", "NULL") else "up"
    return "up" if up else "down" if admin else "*down", protocol if up and routed else "down"


def brief(scene: Scene) -> str:
    """`display interface brief`."""
    rows = [
        f"{'Interface':<27} {'PHY':<5} {'Protocol':<9} InUti OutUti   inErrors  outErrors",
    ]
    for name, section in scene.interfaces():
        if any(line.startswith("eth-trunk ") for line in section):
            continue
        rows.append(_brief_row(scene, name, section, ""))
        if kinds.kind_of(name) == "Eth-Trunk" and "." not in name:
            below = dict(scene.interfaces())
            rows += [_brief_row(scene, one, below[one], "  ") for one in scene.members(name)]
    return _LEGEND + "InUti/OutUti: input utility/output utility\n" + text(rows)


def _brief_row(scene: Scene, name: str, section: Tree, indent: str) -> str:
    phy, protocol = _phy(scene, name, section)
    inward, outward = (_share(name, one) for one in rate(scene, name))
    errors = scene.port(name).errors
    shown = indent + name
    return f"{shown:<27} {phy:<5} {protocol:<9} {inward:>5}  {outward:>5} {errors:>10} {0:>10}"


def ip_brief(scene: Scene) -> str:
    """`display ip interface brief`."""
    rows, counts = [], {"up": 0, "down": 0, "pup": 0, "pdown": 0}
    for name, section in scene.interfaces():
        phy, protocol = _phy(scene, name, section)
        own = addresses(section)
        counts["up" if phy == "up" else "down"] += 1
        counts["pup" if protocol != "down" else "pdown"] += 1
        vpn = value(section, "ip binding vpn-instance", "--")
        rows.append(
            f"{name:<33} {str(own[0]) if own else 'unassigned':<20} {phy:<10} {protocol:<9} {vpn}"
        )
    head = [
        "*down: administratively down",
        "!down: FIB overload down",
        "^down: standby",
        "(l): loopback",
        "(s): spoofing",
        "(d): Dampening Suppressed",
        "(E): E-Trunk down",
        f"The number of interface that is UP in Physical is {counts['up']}",
        f"The number of interface that is DOWN in Physical is {counts['down']}",
        f"The number of interface that is UP in Protocol is {counts['pup']}",
        f"The number of interface that is DOWN in Protocol is {counts['pdown']}",
        "",
        f"{'Interface':<33} {'IP Address/Mask':<20} {'Physical':<10} {'Protocol':<9} VPN",
    ]
    return text([*head, *rows])


def descriptions(scene: Scene) -> str:
    """`display interface description`."""
    rows = [f"{'Interface':<30} {'PHY':<7} {'Protocol':<8} Description"]
    for name, section in scene.interfaces():
        phy, protocol = _phy(scene, name, section)
        words = value(section, "description")
        rows.append(f"{name:<30} {phy:<7} {protocol:<8} {words}".rstrip())
    return _LEGEND + text(rows)


def interfaces(scene: Scene) -> str:
    """`display interface [<intf>]`."""
    wanted = scene.arguments[0] if scene.arguments else ""
    chosen = [one for one in scene.interfaces() if wanted in ("", one[0])]
    return "\n".join(_interface(scene, name, section) for name, section in chosen)


def _interface(scene: Scene, name: str, section: Tree) -> str:
    admin, up = scene.state(name, section)
    phy, protocol = _phy(scene, name, section)
    logical = kinds.kind_of(name) in kinds.VIRTUAL
    index = "" if scene.immediate else f" (ifindex: {int(spread(name, 4, 900))})"
    current = "UP" if phy == "up" else "DOWN" if admin else "Administratively DOWN"
    mtu = value(section, "mtu", "1500")
    own = addresses(section)
    state = protocol.upper().replace("UP(S)", "UP (spoofing)")
    rows = [
        f"{name} current state : {current}{'' if logical and scene.immediate else index}",
        f"Line protocol current state : {state} ",
    ]
    if up and protocol != "down":
        since = scene.element.booted if logical else scene.port(name).since
        rows.append(f"Last line protocol up time : {scene.when(since)}")
    if not logical and not scene.immediate:
        rows.append("Link quality grade : GOOD")
    rows.append(f"Description:{'' if scene.immediate else ' '}{_described(scene, name, section)}")
    rows.append(f"Route Port,The Maximum Transmit Unit is {mtu}")
    rows.append(
        f"Internet Address is {own[0]}" if own else "Internet protocol processing : disabled"
    )
    rows += [f"Internet Address is {one} Sub" for one in own[1:]]
    rows += _loopback(scene, name) if logical else _hardware(scene, name, up=up)
    return text(rows)


def _described(scene: Scene, name: str, section: Tree) -> str:
    family = "AR Series" if scene.immediate else ""
    default = f"HUAWEI, {family}, {name} Interface" if family else ""
    return value(section, "description", default)


def _loopback(scene: Scene, name: str) -> list[str]:
    inward, outward = rate(scene, name)
    return [
        f"Physical is {'NULL DEV' if name.startswith('NULL') else 'Loopback'}",
        f"    Last {interval(scene, name)} seconds input rate {inward} bits/sec, {inward // _BITS} packets/sec",
        f"    Last {interval(scene, name)} seconds output rate {outward} bits/sec, {outward // _BITS} packets/sec",
        "    Input: 0 packets,0 bytes",
        "    Output:0 packets,0 bytes",
    ]


def _hardware(scene: Scene, name: str, *, up: bool) -> list[str]:
    port = next((one for one in scene.element.chassis.ports if one.name == name), None)
    mac = dashed(port.mac) if port else "0200-0000-0000"
    rows = [f"IP Sending Frames' Format is PKTFMT_ETHNT_2, Hardware address is {mac}"]
    seen = scene.port(name)
    if scene.immediate:
        return rows + _counters_vrp5(scene, name, up=up)
    if port and port.optic:
        rows += _light(scene, name)
    rows += [
        "Loopback: none, LAN full-duplex mode, Pause Flowcontrol: Receive Enable and Send Enable",
        f"Last physical up time   : {scene.when(seen.since) if up else '-'}",
        f"Last physical down time : {'-' if up else scene.when(seen.since)}",
        f"Current system time: {scene.when(scene.around.clock)}",
        "Statistics last cleared:never",
    ]
    return rows + _counters_vrp8(scene, name, up=up)


def _light(scene: Scene, name: str) -> list[str]:
    seen, count, rate = scene.port(name), kinds.lanes(name), int(kinds.speed_gbit(name))
    ranges = [f"[{low:.3f},  {high:.3f}]dBm" for low, high in (RX_RANGE, TX_RANGE)]
    rows = [
        "The Vendor PN is LTF1303-BC+",
        "The Vendor Name is Hisense",
        f"Port BW: {rate}G, Transceiver max BW: {rate}G, Transceiver Mode: SingleMode",
    ]
    if count == 1:
        return [
            *rows,
            "WaveLength: 1310nm, Transmission Distance: 10km",
            f"Rx Power: {seen.rx_dbm:>6.2f}dBm, Warning range: {ranges[0]}",
            f"Tx Power: {seen.tx_dbm:>6.2f}dBm, Warning range: {ranges[1]}",
        ]
    rows += [
        "Connector Type: LC, Transmission Distance: 10km",
        "WaveLength: 1295.56nm, 1300.05nm, 1304.58nm, 1309.14nm",
        f"Rx Warning range: {ranges[0]}, Tx Warning range: {ranges[1]}",
    ]
    for lane in range(count):
        rx, tx = lane_power(scene, name, lane)
        rows.append(f"Rx{lane} Power: {rx:>6.2f}dBm, Tx{lane} Power: {tx:>6.2f}dBm")
    return rows


def lane_power(scene: Scene, name: str, lane: int) -> tuple[float, float]:
    """(received, sent) of one lane, dBm; lanes differ a little, and by the same each time."""
    seen, skew = scene.port(name), spread(f"{name} lane {lane}", -0.4, 0.4)
    return tuple(  # type: ignore[return-value]  # two of them
        NO_LIGHT_DBM if power <= NO_LIGHT_DBM else round(power + skew, 2)
        for power in (seen.rx_dbm, seen.tx_dbm)
    )


def rate(scene: Scene, name: str) -> tuple[int, int]:
    """(in, out), bits per second over the interface's own interval; of an Eth-Trunk the sum of its members'."""
    trunk = kinds.kind_of(name) == "Eth-Trunk"
    ports = [scene.port(one) for one in (scene.members(name) if trunk else [name])]
    over = float(interval(scene, name))
    rates = [averaged(one.loads, scene.around.now, over) for one in ports if one.up]
    return int(sum(one for one, _ in rates)), int(sum(one for _, one in rates))


def interval(scene: Scene, name: str) -> int:
    """`set flow-stat interval`: of the interface, else of the system."""
    own = scene.tree.get(f"interface {name}", EMPTY)
    return int(value(own, _STAT, value(scene.tree, _STAT, str(_RATE_S))))


def _share(name: str, bps: int) -> str:
    speed = kinds.speed_gbit(name) * 1e9
    return f"{100 * bps / speed:.2f}%" if speed and bps else "0%"


def _counters_vrp8(scene: Scene, name: str, *, up: bool) -> list[str]:
    errors = scene.port(name).errors
    inward, outward = rate(scene, name)
    packets = int(spread(name, 1e5, 9e5)) if up else 0
    return [
        f"    Last {interval(scene, name)} seconds input rate: {inward} bits/sec, {inward // _BITS} packets/sec",
        f"    Last {interval(scene, name)} seconds output rate: {outward} bits/sec, {outward // _BITS} packets/sec",
        f"    Input: {packets * 300} bytes, {packets} packets",
        f"    Output: {packets * 300} bytes, {packets} packets",
        "    Input:",
        f"      Unicast: {packets} packets, Multicast: 0 packets",
        "      Broadcast: 0 packets, JumboOctets: 0 packets",
        f"      CRC: {errors} packets, Symbol: 0 packets",
        "      Overrun: 0 packets, InRangeLength: 0 packets",
        "      LongPacket: 0 packets, Jabber: 0 packets, Alignment: 0 packets",
        "      Fragment: 0 packets, Undersized Frame: 0 packets",
        "      RxPause: 0 packets",
        "    Output:",
        f"      Unicast: {packets} packets, Multicast: 0 packets",
        "      Broadcast: 0 packets, JumboOctets: 0 packets",
        "      Lost: 0 packets, Overflow: 0 packets, Underrun: 0 packets",
        "      System: 0 packets, Overruns: 0 packets",
        "      TxPause: 0 packets",
        "    Local fault: normal, Remote fault: normal.",
        f"    Last {interval(scene, name)} seconds input utility rate:  {_share(name, inward)}",
        f"    Last {interval(scene, name)} seconds output utility rate: {_share(name, outward)}",
    ]


def _counters_vrp5(scene: Scene, name: str, *, up: bool) -> list[str]:
    packets, seen = (int(spread(name, 1e5, 9e5)) if up else 0), scene.port(name)
    inward, outward = rate(scene, name)
    return [
        f"Last physical up time   : {scene.when(seen.since) if up else '-'}",
        f"Last physical down time : {'-' if up else scene.when(seen.since)}",
        f"Current system time: {scene.when(scene.around.clock)}",
        "Port Mode: COMMON FIBER",
        f"Speed : {int(kinds.speed_gbit(name) * 1000)},  Loopback: NONE",
        "Duplex: FULL,  Negotiation: ENABLE",
        "Mdi   : -,  Clock   : -",
        f"Last {interval(scene, name)} seconds input rate {inward} bits/sec, {inward // _BITS} packets/sec",
        f"Last {interval(scene, name)} seconds output rate {outward} bits/sec, {outward // _BITS} packets/sec",
        "Input peak rate 0 bits/sec,Record time: -",
        "Output peak rate 0 bits/sec,Record time: -",
        "",
        f"Input:  {packets} packets, {packets * 300} bytes",
        f"  Unicast:         {packets:>10},  Multicast:                   0",
        "  Broadcast:                0,  Jumbo:                       -",
        f"  Discard:                  0,  Total Error:        {seen.errors:>10}",
        "",
        f"  CRC:             {seen.errors:>10},  Giants:                      0",
        "  Jabbers:                  0,  Throttles:                   0",
        "  Runts:                    0,  Symbols:                     0",
        "  Ignoreds:                 0,  Frames:                      0",
        "",
        f"Output:  {packets} packets, {packets * 300} bytes",
        f"  Unicast:         {packets:>10},  Multicast:                   0",
        "  Broadcast:                0,  Jumbo:                       -",
        "  Discard:                  0,  Total Error:                 0",
        "",
        "  Collisions:               0,  ExcessiveCollisions:         0",
        "  Late Collisions:          0,  Deferreds:                   0",
        "",
        "    Input bandwidth utilization threshold : 100.00%",
        "    Output bandwidth utilization threshold: 100.00%",
        f"    Input bandwidth utilization  :    {_share(name, inward)}",
        f"    Output bandwidth utilization :    {_share(name, outward)}",
    ]
