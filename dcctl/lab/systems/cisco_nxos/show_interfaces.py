"""What `show` answers about ports: state, addresses, counters."""

from __future__ import annotations

from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.traffic import averaged
from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.cisco_nxos import config, kinds
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, flapped, table

_KBIT = {
    "Ethernet": 10000000,
    "mgmt": 1000000,
    "port-channel": 10000000,
    "Vlan": 1000000,
    "loopback": 8000000,
}
_LOOPBACK_DELAY = 5000
_INTERVALS, _PACKET_BITS = (30, 300), 5600.0


def _mtu(section: Tree) -> str:
    return value(section, "mtu", "1500")


def _state(scene: Scene, name: str, section: Tree) -> tuple[str, str, str]:
    """(admin state, state, why it is down)."""
    if not config.enabled(name, section):
        return "down", "down", "Administratively down"
    if scene.up(name, section):
        return "up", "up", ""
    return "up", "down", "No operational members" if name[:4] == "port" else "Link not connected"


def interface_data(scene: Scene) -> Data:
    """`show interface | json`."""
    return table("interface", [_interface(scene, name, tree) for name, tree in scene.named()])


def _interface(scene: Scene, name: str, section: Tree) -> Data:
    admin, state, reason = _state(scene, name, section)
    kind = kinds.kind_of(name)
    data: Data = {"interface": name, "state": state, "admin_state": admin}
    if reason:
        data["state_rsn_desc"] = reason
    if value(section, "description"):
        data["desc"] = value(section, "description")
    first = next(iter(config.addresses(section)), "") if config.routed(name, section) else ""
    if kind == "Vlan":
        data = {
            "interface": name,
            "svi_admin_state": admin,
            "svi_line_proto": state,
            "svi_mac": dotted(scene.mac(name)),
            "svi_mtu": _mtu(section),
            "svi_bw": _KBIT[kind],
        }
        if first:
            data |= {
                "svi_ip_addr": first.partition("/")[0],
                "svi_ip_mask": int(first.partition("/")[2]),
            }
        return data
    data |= {
        "eth_mtu": _mtu(section),
        "eth_bw": _KBIT.get(kind, 0),
        "eth_dly": _LOOPBACK_DELAY if kind == "loopback" else 10,
    }
    if first:
        data |= {
            "eth_ip_addr": first.partition("/")[0],
            "eth_ip_mask": int(first.partition("/")[2]),
        }
    if kind == "loopback":
        return {**data, "eth_hw_desc": "Loopback", "eth_mode": "routed"}
    data |= {
        "share_state": "Dedicated",
        "eth_hw_desc": "Ethernet" if kind == "mgmt" else "100/1000/10000/25000 Ethernet",
        "eth_hw_addr": dotted(scene.mac(name)),
        "eth_bia_addr": dotted(scene.mac(name)),
        "medium": "p2p" if "medium p2p" in section else "broadcast",
        "eth_mode": "routed"
        if config.routed(name, section)
        else value(section, "switchport mode", "access"),
        "eth_duplex": "full",
        "eth_speed": "10 Gb/s" if kind == "Ethernet" else "1000 Mb/s",
    }
    return {**data, **_counters(scene, name)} if kind in kinds.PHYSICAL else data


def _counters(scene: Scene, name: str) -> Data:
    packets, errors = scene.counted(name), scene.port(name).errors
    if kinds.kind_of(name) == "mgmt":
        return {
            "vdc_lvl_in_pkts": packets,
            "vdc_lvl_in_bytes": packets * 412,
            "vdc_lvl_out_pkts": packets,
            "vdc_lvl_out_bytes": packets * 398,
        }
    return {
        "eth_link_flapped": flapped(scene.around.now - scene.port(name).since),
        "eth_clear_counters": "never",
        "eth_reset_cntr": 1,
        **_rate_data(scene, name),
        "eth_inpkts": packets,
        "eth_inbytes": packets * 412,
        "eth_inucast": packets,
        "eth_runts": 0,
        "eth_giants": 0,
        "eth_crc": errors,
        "eth_nobuf": 0,
        "eth_inerr": errors,
        "eth_frame": 0,
        "eth_overrun": 0,
        "eth_underrun": 0,
        "eth_ignored": 0,
        "eth_indiscard": 0,
        "eth_outpkts": packets,
        "eth_outbytes": packets * 398,
        "eth_outucast": packets,
        "eth_outerr": 0,
        "eth_coll": 0,
        "eth_outdiscard": 0,
    }


def interface(scene: Scene) -> str:
    """`show interface`."""
    return "\n".join(_block(scene, name, section) for name, section in scene.named())


def _block(scene: Scene, name: str, section: Tree) -> str:
    admin, state, reason = _state(scene, name, section)
    kind = kinds.kind_of(name)
    why = f" ({reason})" if reason else ""
    if kind == "Vlan":
        rows = [
            f"{name} is {state}{why}, line protocol is {state}",
            f"  Hardware is EtherSVI, address is  {dotted(scene.mac(name))}",
        ]
    else:
        dedicated = ", Dedicated Interface" if kind == "Ethernet" else ","
        rows = [f"{name} is {state}{why}", f"admin state is {admin}{dedicated}"]
        hardware = {
            "loopback": "Loopback",
            "mgmt": f"Ethernet, address: {dotted(scene.mac(name))} (bia {dotted(scene.mac(name))})",
        }.get(
            kind,
            f"100/1000/10000/25000 Ethernet, address: {dotted(scene.mac(name))} (bia {dotted(scene.mac(name))})",
        )
        rows.append(f"  Hardware: {hardware}")
    if value(section, "description"):
        rows.append(f"  Description: {value(section, 'description')}")
    first = next(iter(config.addresses(section)), "") if config.routed(name, section) else ""
    if first:
        rows.append(f"  Internet Address is {first}")
    delay = _LOOPBACK_DELAY if kind == "loopback" else 10
    rows += [
        f"  MTU {_mtu(section)} bytes, BW {_KBIT.get(kind, 0)} Kbit, DLY {delay} usec",
        "  reliability 255/255, txload 1/255, rxload 1/255",
    ]
    if kind in kinds.PHYSICAL:
        rows += _counter_rows(scene, name, section)
    return "\n".join([*rows, ""])


def _rates(scene: Scene, name: str, seconds: int) -> tuple[int, int, int, int]:
    """Bits in, packets in, bits out, packets out, each second, of the last so many seconds."""
    port = scene.port(name)
    inward, outward = averaged(port.loads, scene.around.now, seconds) if port.up else (0.0, 0.0)
    return int(inward), int(inward / _PACKET_BITS), int(outward), int(outward / _PACKET_BITS)


def _rate_data(scene: Scene, name: str) -> Data:
    found: Data = {}
    for number, seconds in enumerate(_INTERVALS, 1):
        bits_in, packets_in, bits_out, packets_out = _rates(scene, name, seconds)
        found |= {
            f"eth_load_interval{number}_rx": str(seconds),
            f"eth_inrate{number}_bits": str(bits_in),
            f"eth_inrate{number}_pkts": str(packets_in),
            f"eth_load_interval{number}_tx": str(seconds),
            f"eth_outrate{number}_bits": str(bits_out),
            f"eth_outrate{number}_pkts": str(packets_out),
        }
    return found


def _rate_rows(scene: Scene, name: str) -> list[str]:
    rows: list[str] = []
    for number, seconds in enumerate(_INTERVALS, 1):
        bits_in, packets_in, bits_out, packets_out = _rates(scene, name, seconds)
        pad = "  " if number == 1 else "    "
        if number > 1:
            rows.append(f"  Load-Interval #{number}: 5 minute (300 seconds)")
        rows += [
            f"{pad}{seconds} seconds input rate {bits_in} bits/sec, {packets_in} packets/sec",
            f"{pad}{seconds} seconds output rate {bits_out} bits/sec, {packets_out} packets/sec",
        ]
    return rows


def _counter_rows(scene: Scene, name: str, section: Tree) -> list[str]:
    packets, errors = scene.counted(name), scene.port(name).errors
    rows = [f"  Encapsulation ARPA, medium is {'p2p' if 'medium p2p' in section else 'broadcast'}"]
    if kinds.kind_of(name) == "mgmt":
        return [
            *rows,
            "  full-duplex, 1000 Mb/s",
            "  Auto-Negotiation is turned on",
            "  Rx",
            f"    {packets} input packets {packets} unicast packets 0 multicast packets",
            f"    0 broadcast packets {packets * 412} bytes",
            "  Tx",
            f"    {packets} output packets {packets} unicast packets 0 multicast packets",
            f"    0 broadcast packets {packets * 398} bytes",
        ]
    if not config.routed(name, section):
        rows.append(f"  Port mode is {value(section, 'switchport mode', 'access')}")
    return [
        *rows,
        "  full-duplex, 10 Gb/s, media type is 10G",
        "  Beacon is turned off",
        "  Auto-Negotiation is turned on",
        "  Input flow-control is off, output flow-control is off",
        f"  Last link flapped {flapped(scene.around.now - scene.port(name).since)}",
        '  Last clearing of "show interface" counters never',
        "  1 interface resets",
        *_rate_rows(scene, name),
        "  RX",
        f"    {packets} unicast packets  0 multicast packets  0 broadcast packets",
        f"    {packets} input packets  {packets * 412} bytes",
        "    0 jumbo packets  0 storm suppression packets",
        f"    0 runts  0 giants  {errors} CRC  0 no buffer",
        f"    {errors} input error  0 short frame  0 overrun   0 underrun  0 ignored",
        "    0 watchdog  0 bad etype drop  0 bad proto drop  0 if down drop",
        "    0 input with dribble  0 input discard",
        "    0 Rx pause",
        "  TX",
        f"    {packets} unicast packets  0 multicast packets  0 broadcast packets",
        f"    {packets} output packets  {packets * 398} bytes",
        "    0 jumbo packets",
        "    0 output error  0 collision  0 deferred  0 late collision",
        "    0 lost carrier  0 no carrier  0 babble  0 output discard",
        "    0 Tx pause",
    ]


_LINE = "-" * 80


def status_data(scene: Scene) -> Data:
    """`show interface status | json`."""
    rows = []
    for name, section in scene.named():
        if kinds.kind_of(name) not in (*kinds.PHYSICAL, "port-channel"):
            continue
        admin, state, _ = _state(scene, name, section)
        rows.append(
            {
                "interface": name,
                "name": value(section, "description", "--"),
                "state": "connected"
                if state == "up"
                else "disabled"
                if admin == "down"
                else "notconnec",
                "vlan": "routed" if config.routed(name, section) else "1",
                "duplex": "full",
                "speed": "10G" if state == "up" else "auto",
                "type": "10Gbase-LR" if kinds.kind_of(name) == "Ethernet" else "--",
            }
        )
    return table("interface", rows)


def _rows(data: Data, name: str) -> list[Data]:
    found = data.get(f"TABLE_{name}", {}).get(f"ROW_{name}", [])
    return found if isinstance(found, list) else [found]


def status(scene: Scene) -> str:
    """`show interface status`."""
    rows = [
        "",
        _LINE,
        "Port          Name               Status    Vlan      Duplex  Speed   Type",
        _LINE,
    ]
    rows += [
        f"{kinds.short(one['interface']):<13} {one['name'][:18]:<18} {one['state']:<9} {one['vlan']:<9} {one['duplex']:<7} {one['speed']:<7} {one['type']}"
        for one in _rows(status_data(scene), "interface")
    ]
    return "\n".join([*rows, ""])


def descriptions(scene: Scene) -> str:
    """`show interface description`."""
    heads = {
        "mgmt": "Port          Description",
        "Ethernet": "Port          Type   Speed   Description",
        "loopback": "Interface                Description",
        "port-channel": "Interface                Description",
        "Vlan": "Interface                Description",
    }
    rows: list[str] = []
    last = ""
    for name, section in scene.named():
        kind = kinds.kind_of(name)
        if kind != last:
            rows += ["", "-" * 79, heads.get(kind, heads["Vlan"]), "-" * 79]
            last = kind
        text = value(section, "description", "--")
        if kind == "Ethernet":
            rows.append(f"{kinds.short(name):<13} eth    10G     {text}")
        else:
            rows.append(f"{name:<{13 if kind == 'mgmt' else 24}} {text}")
    return "\n".join([*rows, ""])


def descriptions_data(scene: Scene) -> Data:
    """`show interface description | json`."""
    return table(
        "interface",
        [
            {
                "interface": name,
                "type": "eth",
                "speed": "10G",
                "desc": value(section, "description", "--"),
            }
            for name, section in scene.named()
        ],
    )


def errors(scene: Scene) -> str:
    """`show interface counters errors`."""
    rows = [
        "",
        _LINE,
        "Port          Align-Err    FCS-Err   Xmit-Err    Rcv-Err  UnderSize OutDiscards",
        _LINE,
    ]
    for name, _ in scene.named():
        if kinds.kind_of(name) in kinds.PHYSICAL:
            count = scene.port(name).errors
            rows.append(
                f"{kinds.short(name):<13} {0:>9} {count:>10} {0:>10} {count:>10} {0:>10} {0:>11}"
            )
    return "\n".join([*rows, ""])


def ip_brief(scene: Scene) -> str:
    """`show ip interface brief`."""
    rows = [
        "",
        'IP Interface Status for VRF "default"(1)',
        "Interface            IP Address      Interface Status",
    ]
    for name, section in scene.named():
        first = next(iter(config.addresses(section)), "")
        if first and config.routed(name, section) and not value(section, "vrf member"):
            admin, state, _ = _state(scene, name, section)
            rows.append(
                f"{kinds.short(name):<20} {first.partition('/')[0]:<15} protocol-{state}/link-{state}/admin-{admin}"
            )
    return "\n".join([*rows, ""])
