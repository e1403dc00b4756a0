"""What `show` answers about neighbours on a link: LLDP, BFD, LDP, RSVP."""

from __future__ import annotations

from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.spans import in_table
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.cisco_xr import kinds
from dcctl.lab.systems.cisco_xr.intent import router
from dcctl.lab.systems.cisco_xr.scene import Scene

_CODES = """\
Capability codes:
        (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device
        (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other

"""
_SYSTEMS = {
    "cisco_xr": " 7.5.2, NCS-5500",
    "cisco_xe": (
        "Cisco IOS Software [Cupertino], ASR1000 Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), "
        "Version 17.9.4a, RELEASE SOFTWARE (fc3)"
    ),
    "juniper_junos": (
        "Juniper Networks, Inc. mx204 internet router, kernel JUNOS 22.4R3.25, Build date: "
        "2023-10-18 05:58:44 UTC"
    ),
}
_NOT_RUNNING = "% LLDP is not enabled\n"


def lldp(scene: Scene) -> str:
    """`show lldp neighbors`."""
    if "lldp" not in scene.tree:
        return _NOT_RUNNING
    rows = ["Device ID       Local Intf               Hold-time  Capability      Port ID"]
    for one in scene.around.heard:
        name = one.system
        # What is too long for its column stands on a line of its own.
        if len(name) > 15:  # noqa: PLR2004
            rows.append(f"{name}")
            name = ""
        rows.append(f"{name:<15} {one.port:<24} {120:<10} {'R':<15} {one.port_id}")
    rows += ["", f"Total entries displayed: {len(scene.around.heard)}", ""]
    return _CODES + "\n".join([*rows, ""])


def lldp_detail(scene: Scene) -> str:
    """`show lldp neighbors detail`."""
    if "lldp" not in scene.tree:
        return _NOT_RUNNING
    text = _CODES
    for one in scene.around.heard:
        mac = ":".join(one.mac[i : i + 2] for i in range(0, 12, 2))
        text += f"""\
------------------------------------------------
Local Interface: {one.port}
Chassis id: {dotted(one.mac)}
Port id: {one.port_id}
Port Description: {one.description or "not advertised"}
System Name: {one.system}

System Description: 
{_SYSTEMS.get(one.platform, one.platform or "not advertised")}

Time remaining: 101 seconds
Hold Time: 120 seconds
Age: {int(scene.around.now - scene.port(one.port).since)} seconds
System Capabilities: R
Enabled Capabilities: R
{_management(one.management)}

Peer MAC Address: {mac}


"""
    return f"{text}\nTotal entries displayed: {len(scene.around.heard)}\n"


def _management(address: str) -> str:
    if not address:
        return "Management Addresses - not advertised"
    return f"Management Addresses:\n  IPv4 address: {address}"


def far_mac(scene: Scene, port: str) -> str:
    """The address of what is at the far end."""
    return next((one.mac for one in scene.around.heard if one.port == port), "020000000001")


def bfd(scene: Scene) -> str:
    """`show bfd session`."""
    isis = router(scene.tree, "isis")
    rows = [
        "Interface           Dest Addr           Local det time(int*mult)      State     ",
        "                                    Echo             Async   H/W   NPU     ",
        "------------------- --------------- ---------------- ---------------- ----------",
    ]
    for one in scene.around.adjacencies:
        if not one.bfd:
            continue
        circuit = isis.get(f"interface {one.port}", {})
        interval = int(value(circuit, "bfd minimum-interval", "150"))
        times = int(value(circuit, "bfd multiplier", "3"))
        detect = f"{interval * times}ms({interval}ms*{times})"
        rows += [
            (
                f"{kinds.short(one.port):<19} {one.address:<15} {'0s(0s*0)':<16} {detect:<16} "
                f"{'UP' if one.up else 'DOWN':<10}"
            ),
            f"{'':<61}No    n/a            ",
        ]
    return "\n".join([*rows, ""])


def ldp(scene: Scene) -> str:
    """`show mpls ldp neighbor`."""
    if "mpls ldp" not in scene.tree:
        return _NO_LDP
    rows = []
    for one in scene.around.ldp:
        messages = int((scene.around.now - one.since) // 30) + 8
        rows += [
            "",
            f"Peer LDP Identifier: {one.peer}:0",
            f"  TCP connection: {one.peer}:646 - {one.own}:35872",
            "  Graceful Restart: No",
            "  Session Holdtime: 180 sec",
            f"  State: Oper; Msgs sent/rcvd: {messages}/{messages}; Downstream-Unsolicited",
            f"  Up time: {in_table(scene.around.now - one.since)}",
            "  LDP Discovery Sources:",
            f"    IPv4: ({len(one.ports)})",
            *(f"      {port}" for port in one.ports),
            "    IPv6: (0)",
        ]
    return "\n".join([*rows, ""])


def ldp_brief(scene: Scene) -> str:
    """`show mpls ldp neighbor brief`."""
    if "mpls ldp" not in scene.tree:
        return _NO_LDP
    rows = [
        "",
        "Peer               GR  NSR  Up Time     Discovery   Addresses     Labels    ",
        "                                        ipv4  ipv6  ipv4  ipv6  ipv4   ipv6 ",
        "-----------------  --  ---  ----------  ----------  ----------  ------------",
    ]
    for one in scene.around.ldp:
        up, links = in_table(scene.around.now - one.since), len(one.ports)
        rows.append(
            f"{one.peer + ':0':<17}   N   N    {up:>8}{links:>5}{0:>6}{links + 1:>6}{0:>6}"
            f"{4 * links:>7}{0:>6}    "
        )
    return "\n".join([*rows, ""])


_NO_LDP = "% MPLS LDP is not running\n"


def rsvp_neighbors(_scene: Scene) -> str:
    """`show rsvp neighbors`: nothing is signalled in this network."""
    return ""


def rsvp_session(scene: Scene) -> str:
    """`show rsvp session`."""
    rows = [
        "Type Destination Add DPort  Proto/ExtTunID  PSBs  RSBs  Reqs",
        "---- --------------- ----- --------------- ----- ----- -----",
    ]
    return "\n".join([*rows, ""]) if "rsvp" in scene.tree else ""


def tunnels(_scene: Scene) -> str:
    """`show mpls traffic-eng tunnels tabular`: nothing is signalled in this network."""
    return ""
