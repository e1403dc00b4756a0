"""What Junos answers about the neighbours: light, LLDP, IS-IS, BGP, BFD, NTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import NO_LIGHT_DBM, AdjacencyState, BgpState, PortState
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import EMPTY
from dcctl.lab.systems.juniper_junos.intent import intent
from dcctl.lab.systems.juniper_junos.scene import cell, lasted

# dBm: high alarm, low alarm, high warning, low warning.
_RX = (5.5, -16.0, 4.5, -13.9)
_TX = (5.5, -8.2, 4.5, -6.0)
# mA, in the same order.
_BIAS = (75.0, 5.0, 70.0, 10.0)
_KINDS = ("high alarm", "low alarm", "high warning", "low warning")


def _milliwatts(dbm: float) -> str:
    return f"{10 ** (dbm / 10):.4f}"


def _power(dbm: float) -> str:
    if dbm <= NO_LIGHT_DBM:
        return "0.0000 mW / - Inf dBm"
    return f"{_milliwatts(dbm)} mW / {dbm:.2f} dBm"


def _optical(scene: Scene) -> list[tuple[str, PortState]]:
    wanted = scene.arguments[0] if scene.arguments else ""
    ports = [
        port
        for port in scene.element.chassis.ports
        if port.optic and port.name != scene.element.chassis.management_port
    ]
    return [
        (port.name, scene.around.ports[port.name]) for port in ports if wanted in ("", port.name)
    ]


def _flags(dbm: float, limits: tuple[float, float, float, float]) -> dict[str, bool]:
    high_alarm, low_alarm, high_warning, low_warning = limits
    return {
        "high alarm": dbm >= high_alarm,
        "low alarm": dbm <= low_alarm,
        "high warning": dbm >= high_warning,
        "low warning": dbm <= low_warning,
    }


def _row(name: str, text: str, indent: str = "    ") -> str:
    return f"{indent}{name:<42}:  {text}"


def _bias(name: str, port: PortState) -> float:
    return 0.0 if port.tx_dbm <= NO_LIGHT_DBM else spread(f"bias {name}", 28.0, 41.0)


def _lanes(scene: Scene, name: str) -> int:
    """Of an `et` port; 0: another kind, which tells no lanes. A coherent plug has a single one."""
    if not name.startswith("et"):
        return 0
    media = {port.name: port.medium for port in scene.element.chassis.ports}
    return 1 if media.get(name) == "dwdm" else 4


def optics(scene: Scene) -> str:
    """`show interfaces diagnostics optics [<intf>]`."""
    blocks = []
    for name, port in _optical(scene):
        celsius = port.temperature_c
        module = [
            _row(
                "Module temperature",
                f"{celsius:.0f} degrees C / {celsius * 9 / 5 + 32:.0f} degrees F",
            ),
            _row("Module voltage", "3.2950 V"),
        ]
        limits = _threshold_rows()
        lanes = _lanes(scene, name)
        values = [
            _row("Laser bias current", f"{_bias(name, port):.3f} mA"),
            _row("Laser output power", _power(port.tx_dbm)),
            _row(
                "Laser receiver power" if lanes else "Receiver signal average optical power",
                _power(port.rx_dbm),
            ),
        ]
        alarms = [
            _row(f"Laser output power {flag}", "On" if on else "Off")
            for flag, on in _flags(port.tx_dbm, _TX).items()
        ] + [
            _row(f"Laser {'receiver' if lanes else 'rx'} power {flag}", "On" if on else "Off")
            for flag, on in _flags(port.rx_dbm, _RX).items()
        ]
        rows = [f"Physical interface: {name}"]
        if lanes:
            rows += [*module, *limits]
            for lane in range(lanes):
                rows += [f"  Lane {lane}", *values, *alarms]
                lost = "On" if port.rx_dbm <= NO_LIGHT_DBM else "Off"
                rows.append(_row("Rx loss of signal alarm", lost))
        else:
            rows += [values[0], values[1], *module, values[2], *alarms, *limits]
        blocks.append("\n".join([*rows, ""]))
    return "\n".join(blocks)


def _threshold_rows() -> list[str]:
    rows = [
        _row(f"Laser bias current {kind} threshold", f"{limit:.3f} mA")
        for kind, limit in zip(_KINDS, _BIAS, strict=True)
    ]
    for what, limits in (("Laser output power", _TX), ("Laser rx power", _RX)):
        for kind, dbm in zip(_KINDS, limits, strict=True):
            rows.append(_row(f"{what} {kind} threshold", f"{_milliwatts(dbm)} mW / {dbm:.2f} dBm"))
    return rows


def _dbm(value_dbm: float) -> str:
    return "- Inf" if value_dbm <= NO_LIGHT_DBM else f"{value_dbm:.2f}"


def optics_data(scene: Scene) -> Any:
    """`show interfaces diagnostics optics [<intf>]` as JSON data."""
    found = []
    for name, port in _optical(scene):
        limits = {
            f"laser-{side}-power-{kind}-threshold-dbm": cell(f"{dbm:.2f}")
            for side, row in (("tx", _TX), ("rx", _RX))
            for kind, dbm in zip(
                ("high-alarm", "low-alarm", "high-warn", "low-warn"), row, strict=True
            )
        }
        limits |= {
            f"laser-bias-current-{kind}-threshold": cell(f"{limit:.3f}")
            for kind, limit in zip(
                ("high-alarm", "low-alarm", "high-warn", "low-warn"), _BIAS, strict=True
            )
        }
        celsius = port.temperature_c
        diagnostics: dict[str, Any] = {
            "module-temperature": [
                {
                    "data": f"{celsius:.0f} degrees C / {celsius * 9 / 5 + 32:.0f} degrees F",
                    "attributes": {"junos:celsius": f"{celsius:.1f}"},
                }
            ],
            "module-voltage": cell("3.2950"),
            **limits,
        }
        rx_low = "on" if port.rx_dbm <= _RX[1] else "off"
        if name.startswith("et"):
            diagnostics["optics-diagnostics-lane-values"] = [
                {
                    "lane-index": cell(lane),
                    "laser-bias-current": cell(f"{_bias(name, port):.3f}"),
                    "laser-output-power-dbm": cell(_dbm(port.tx_dbm)),
                    "laser-rx-optical-power-dbm": cell(_dbm(port.rx_dbm)),
                    "laser-rx-power-low-alarm": cell(rx_low),
                    "rx-loss-of-signal-alarm": cell("on" if port.rx_dbm <= NO_LIGHT_DBM else "off"),
                }
                for lane in range(_lanes(scene, name))
            ]
        else:
            diagnostics |= {
                "laser-bias-current": cell(f"{_bias(name, port):.3f}"),
                "laser-output-power-dbm": cell(_dbm(port.tx_dbm)),
                "rx-signal-avg-optical-power-dbm": cell(_dbm(port.rx_dbm)),
                "laser-rx-power-low-alarm": cell(rx_low),
            }
        found.append({"name": cell(name), "optics-diagnostics": [diagnostics]})
    return {"interface-information": [{"physical-interface": found}]}


def _colons(mac: str) -> str:
    return ":".join(mac[i : i + 2] for i in range(0, 12, 2))


def lldp(scene: Scene) -> str:
    """`show lldp neighbors`."""
    if not scene.around.heard:
        return ""
    rows = [
        "Local Interface    Parent Interface    Chassis Id          Port info          System Name"
    ]
    rows += [
        f"{one.port:<18} -                   {_colons(one.mac):<19} {one.port_id:<18} {one.system}"
        for one in scene.around.heard
    ]
    return "\n".join([*rows, ""])


def lldp_data(scene: Scene) -> Any:
    """`show lldp neighbors` as JSON data."""
    found = [
        {
            "lldp-local-port-id": cell(one.port),
            "lldp-local-parent-interface-name": cell("-"),
            "lldp-remote-chassis-id-subtype": cell("Mac address"),
            "lldp-remote-chassis-id": cell(_colons(one.mac)),
            "lldp-remote-port-id-subtype": cell("Interface name"),
            "lldp-remote-port-id": cell(one.port_id),
            "lldp-remote-port-description": cell(one.description or one.port_id),
            "lldp-remote-system-name": cell(one.system),
        }
        for one in scene.around.heard
    ]
    body: dict[str, Any] = {"attributes": {"junos:style": "brief"}}
    if found:
        body["lldp-neighbor-information"] = found
    return {"lldp-neighbors-information": [body]}


def _hold(scene: Scene, one: AdjacencyState) -> int:
    return 20 + int(spread(f"{one.port} {int(scene.around.now)}", 0, 6))


def _isis_runs(scene: Scene) -> bool:
    return "isis" in scene.tree.get("protocols", EMPTY)


def isis(scene: Scene) -> str:
    """`show isis adjacency`."""
    if not _isis_runs(scene):
        return "IS-IS instance is not running\n"
    rows = ["Interface             System         L State        Hold (secs) SNPA"]
    rows += [
        f"{one.port + '.0':<21} {one.neighbor:<14} {one.level} {'Up' if one.up else 'Down':<12} {_hold(scene, one):>11}"
        for one in scene.around.adjacencies
    ]
    return "\n".join([*rows, ""])


def isis_detail(scene: Scene) -> str:
    """`show isis adjacency (detail|extensive)`."""
    if not _isis_runs(scene):
        return "IS-IS instance is not running\n"
    blocks = [
        f"""\
{one.neighbor}
  Interface: {one.port}.0, Level: {one.level}, State: {"Up" if one.up else "Down"}, Expires in {_hold(scene, one)} secs
  Priority: 0, Up/Down transitions: 1, Last transition: {lasted(scene.around.now - one.since)} ago
  Circuit type: {one.level}, Speaks: IP
  Topologies: Unicast
  Restart capable: Yes, Adjacency advertisement: Advertise
  IP addresses: {one.address}
"""
        for one in scene.around.adjacencies
    ]
    return "\n".join(blocks)


def isis_overview(scene: Scene) -> str:
    """`show isis overview`."""
    if not _isis_runs(scene):
        return "IS-IS instance is not running\n"
    wanted = intent(scene.element.chassis, scene.tree)
    return (
        f"Instance: master\n  Router ID: {wanted.router_id}\n  IS-IS Hostname: {wanted.hostname}\n"
        f"  Sysid: {wanted.system_id}\n  Areaid: {wanted.area}\n  Adjacency holddown: enabled\n"
        f"  Overload bit at startup is {'set' if wanted.overload else 'not set'}\n"
    )


def isis_data(scene: Scene) -> Any:
    """`show isis adjacency` as JSON data."""
    found = [
        {
            "interface-name": cell(f"{one.port}.0"),
            "system-name": cell(one.neighbor),
            "level": cell(one.level),
            "adjacency-state": cell("Up" if one.up else "Down"),
            "holdtime": cell(_hold(scene, one)),
        }
        for one in scene.around.adjacencies
    ]
    body: dict[str, Any] = {"attributes": {"junos:style": "brief"}}
    if found:
        body["isis-adjacency"] = found
    return {"isis-adjacency-information": [body]}


def _bgp_configured(scene: Scene) -> bool:
    return bool(scene.tree.get("protocols", EMPTY).get("bgp"))


def bgp(scene: Scene) -> str:
    """`show bgp summary`."""
    if not _bgp_configured(scene):
        return "BGP is not running\n"
    peers = scene.around.bgp
    down = sum(one.state != "established" for one in peers)
    groups = scene.tree["protocols"]["bgp"]
    count = sum(label.startswith("group ") for label in groups)
    total = sum(one.prefixes for one in peers)
    rows = [
        "Threading mode: BGP I/O",
        "Default eBGP mode: advertise - accept, receive - accept",
        f"Groups: {count} Peers: {len(peers)} Down peers: {down}",
        "Table          Tot Paths  Act Paths Suppressed    History Damp State    Pending",
        "inet.0               ",
        f"                 {total:>9} {total // 2:>10}          0          0          0          0",
        "Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn State|#Active/Received/Accepted/Damped...",
    ]
    for one in peers:
        rows += _peer_rows(scene, one)
    return "\n".join([*rows, ""])


def _peer_rows(scene: Scene, one: BgpState) -> list[str]:
    up = one.state == "established"
    elapsed = scene.around.now - (one.since or scene.element.booted)
    packets = int(elapsed / 28) if up else 0
    state = "Establ" if up else "Idle" if one.state == "idle" else "Active"
    first = f"{one.address:<21} {one.remote_as:>7} {packets:>10} {packets:>10} {0:>7} {0 if up else 1:>7} {lasted(elapsed):>11} {state}"
    counts = f"  inet.0: {one.prefixes // 2}/{one.prefixes}/{one.prefixes}/0"
    return [first, counts] if up else [first]


def bgp_data(scene: Scene) -> Any:
    """`show bgp summary` as JSON data."""
    if not _bgp_configured(scene):
        return {"bgp-information": [{"output": cell("BGP is not running")}]}
    peers = []
    for one in scene.around.bgp:
        up = one.state == "established"
        elapsed = scene.around.now - (one.since or scene.element.booted)
        peer: dict[str, Any] = {
            "peer-address": cell(one.address),
            "peer-as": cell(one.remote_as),
            "input-messages": cell(int(elapsed / 28) if up else 0),
            "output-messages": cell(int(elapsed / 28) if up else 0),
            "route-queue-count": cell(0),
            "flap-count": cell(0 if up else 1),
            "elapsed-time": [
                {"data": lasted(elapsed), "attributes": {"junos:seconds": str(int(elapsed))}}
            ],
            "description": cell(one.description),
            "peer-state": cell("Established" if up else one.state.title()),
        }
        if up:
            peer["bgp-rib"] = [
                {
                    "name": cell("inet.0"),
                    "active-prefix-count": cell(one.prefixes // 2),
                    "received-prefix-count": cell(one.prefixes),
                    "accepted-prefix-count": cell(one.prefixes),
                    "suppressed-prefix-count": cell(0),
                }
            ]
        peers.append(peer)
    down = sum(one.state != "established" for one in scene.around.bgp)
    return {
        "bgp-information": [
            {
                "group-count": cell(1),
                "peer-count": cell(len(peers)),
                "down-peer-count": cell(down),
                "bgp-peer": peers,
            }
        ]
    }


def _bfd(scene: Scene) -> list[AdjacencyState]:
    return [one for one in scene.around.adjacencies if one.bfd]


def bfd(scene: Scene) -> str:
    """`show bfd session`."""
    sessions = _bfd(scene)
    rows = [
        "                                                  Detect   Transmit",
        "Address                  State     Interface      Time     Interval  Multiplier",
    ]
    rows += [
        f"{one.address:<24} {'Up' if one.up else 'Down':<9} {one.port + '.0':<14} 0.900     0.300        3   "
        for one in sessions
    ]
    rows += [
        "",
        f"{len(sessions)} sessions, {len(sessions)} clients",
        f"Cumulative transmit rate {len(sessions) * 3.3:.1f} pps, cumulative receive rate {len(sessions) * 3.3:.1f} pps",
        "",
    ]
    return "\n".join(rows)


def bfd_data(scene: Scene) -> Any:
    """`show bfd session` as JSON data."""
    found = [
        {
            "session-neighbor": cell(one.address),
            "session-state": cell("Up" if one.up else "Down"),
            "session-interface": cell(f"{one.port}.0"),
            "session-detection-time": cell("0.900"),
            "session-transmission-interval": cell("0.300"),
            "session-adaptive-multiplier": cell("3"),
        }
        for one in _bfd(scene)
    ]
    body: dict[str, Any] = {"sessions": cell(len(found)), "clients": cell(len(found))}
    if found:
        body["bfd-session"] = found
    return {"bfd-session-information": [body]}


def _servers(scene: Scene) -> tuple[str, ...]:
    return intent(scene.element.chassis, scene.tree).ntp


def ntp_status(scene: Scene) -> str:
    """`show ntp status`."""
    around = scene.around
    if not _servers(scene):
        return "localhost.: timed out, nothing received\n***Request timed out\n"
    at = datetime.fromtimestamp(around.clock, UTC)
    stamp = f"{int(around.clock) + 2208988800:08x}.{at.microsecond * 4294:08x}  {at:%a, %b} {at.day:>2} {at:%Y %H:%M:%S}.{at.microsecond // 1000:03d}"
    status = (
        "status=0615 leap_none, sync_ntp, 1 event, clock_sync,"
        if around.synchronised
        else "status=c016 leap_alarm, sync_unspec, 1 event, restart,"
    )
    return f"""\
{status}
version="ntpd 4.2.8p15-a (1)", processor="amd64",
system="FreeBSDJNPR-12.1-20231018.aac5ef4", leap={"00" if around.synchronised else "11"}, stratum={3 if around.synchronised else 16},
precision=-23, rootdelay=1.240, rootdisp=8.103,
refid={around.ntp_source if around.synchronised else "INIT"},
reftime={stamp},
clock={stamp}, peer=4711, tc=6, mintc=3,
offset={around.ntp_offset_ms:.3f}, frequency=-12.410, sys_jitter=0.081, clk_jitter=0.066,
clk_wander=0.004
"""


def ntp_associations(scene: Scene) -> str:
    """`show ntp associations [no-resolve]`."""
    around = scene.around
    rows = [
        "     remote           refid      st t when poll reach   delay   offset  jitter",
        "==============================================================================",
    ]
    for number, server in enumerate(_servers(scene)):
        if around.synchronised:
            mark = "*" if number == 0 else "+"
            rows.append(
                f"{mark}{server:<16}10.255.255.1     2 u   31   64  377    1.240 {around.ntp_offset_ms + number * 0.1:>8.3f}   0.081"
            )
        else:
            rows.append(
                f" {server:<16}.INIT.          16 u    -   64    0    0.000    0.000   0.000"
            )
    return "\n".join([*rows, ""])
