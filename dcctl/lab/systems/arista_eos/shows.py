"""Which `show` commands EOS has: syntax, the text that each answers, and its JSON.

A command without JSON is one that EOS itself leaves unconverted, or whose JSON no public document
shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dcctl.lab.systems.arista_eos import (
    files,
    show_box,
    show_config,
    show_hardware,
    show_interfaces,
    show_lag,
    show_optics,
    show_ospf,
    show_peers,
    show_software,
    show_tables,
    show_time,
)
from dcctl.lab.systems.arista_eos.scene import Scene

Text = Callable[[Scene], str]
Json = Callable[[Scene], dict[str, Any]]

# (syntax, name, text, JSON, least privilege)
_TABLE: tuple[tuple[str, str, Text, Json | None, int], ...] = (
    ("version", "version", show_box.version, show_box.version_data, 1),
    ("inventory", "inventory", show_hardware.inventory, show_hardware.inventory_data, 1),
    (
        "redundancy (status|states)",
        "redundancy",
        show_hardware.redundancy,
        show_hardware.redundancy_data,
        1,
    ),
    (
        "[system] environment power [detail]",
        "power",
        show_hardware.power,
        show_hardware.power_data,
        1,
    ),
    (
        "[system] environment cooling [detail]",
        "cooling",
        show_hardware.cooling,
        show_hardware.cooling_data,
        1,
    ),
    (
        "[system] environment temperature [detail]",
        "temperature",
        show_hardware.temperature,
        show_hardware.temperature_data,
        1,
    ),
    ("[system] environment all", "environment", show_hardware.environment, None, 1),
    ("boot-config", "boot", show_software.boot, show_software.boot_data, 1),
    ("boot", "boot", show_software.boot, show_software.boot_data, 1),
    ("maintenance", "maintenance", show_software.maintenance, None, 1),
    ("mlag [detail]", "mlag", show_software.mlag, show_software.mlag_data, 1),
    ("hostname", "hostname", show_box.hostname, show_box.hostname_data, 1),
    ("clock", "clock", show_box.clock, show_box.clock_data, 1),
    ("users [detail]", "users", show_box.users, None, 1),
    ("logging [<line>]", "logging", show_box.logging, None, 1),
    (
        "running-config [(all|sanitized)]",
        "running",
        show_config.running,
        show_config.running_data,
        15,
    ),
    ("running-config section <line>", "running_section", show_config.running_section, None, 15),
    ("running-config diffs", "running_diffs", show_config.running_diffs, None, 15),
    (
        "running-config interfaces <intf>",
        "running_interfaces",
        show_config.running_interfaces,
        None,
        15,
    ),
    ("startup-config", "startup", show_config.startup, None, 15),
    ("reload", "reload", show_box.reload, None, 1),
    (
        "reload cause",
        "reload_cause",
        show_software.reload_cause,
        show_software.reload_cause_data,
        1,
    ),
    (
        "configuration sessions [detail]",
        "sessions",
        show_config.sessions_text,
        show_config.sessions_data,
        15,
    ),
    ("configuration checkpoints", "checkpoints", show_config.checkpoints, None, 15),
    ("session-config [named <word>]", "session_config", show_config.session_config, None, 15),
    ("session-config [named <word>] diffs", "session_diffs", show_config.session_diffs, None, 15),
    (
        "interfaces [<intf>]",
        "interfaces",
        show_interfaces.interfaces,
        show_interfaces.interfaces_data,
        1,
    ),
    (
        "interfaces [<intf>] status",
        "status",
        show_interfaces.status,
        show_interfaces.status_data,
        1,
    ),
    (
        "interfaces [<intf>] description",
        "descriptions",
        show_interfaces.descriptions,
        show_interfaces.descriptions_data,
        1,
    ),
    (
        "interfaces [<intf>] counters errors",
        "errors",
        show_interfaces.errors,
        show_interfaces.errors_data,
        1,
    ),
    ("ip interface brief", "ip_brief", show_interfaces.ip_brief, None, 1),
    (
        "interfaces [<intf>] transceiver",
        "transceiver",
        show_optics.transceiver,
        show_optics.transceiver_data,
        1,
    ),
    (
        "interfaces [<intf>] transceiver detail",
        "transceiver_detail",
        show_optics.detail,
        show_optics.detail_data,
        1,
    ),
    (
        "interfaces [<intf>] transceiver dom thresholds",
        "dom",
        show_optics.detail,
        show_optics.dom_data,
        1,
    ),
    ("interfaces [<intf>] phy detail", "phy", show_optics.phy, show_optics.phy_data, 1),
    (
        "port-channel (summary|dense)",
        "lag",
        show_lag.lag,
        show_lag.lag_data,
        1,
    ),
    ("port-channel", "lag_ports", show_lag.lag_ports, show_lag.lag_ports_data, 1),
    ("lldp neighbors", "lldp", show_peers.lldp, show_peers.lldp_data, 1),
    (
        "lldp neighbors detail",
        "lldp_detail",
        show_peers.lldp_detail,
        show_peers.lldp_detail_data,
        1,
    ),
    ("isis neighbors [vrf all]", "isis", show_peers.isis, show_peers.isis_data, 1),
    ("ip ospf neighbor", "ospf", show_ospf.ospf, show_ospf.ospf_data, 1),
    ("mpls ldp neighbor", "ldp", show_ospf.ldp, None, 1),
    ("bfd peers [vrf all]", "bfd", show_peers.bfd, show_peers.bfd_data, 1),
    ("ip bgp summary [vrf all]", "bgp", show_peers.bgp, show_peers.bgp_data, 1),
    (
        "ip route vrf all 0.0.0.0/0",
        "default_routes",
        show_tables.default_routes,
        show_tables.default_routes_data,
        1,
    ),
    ("ip route [vrf all] summary", "routes", show_peers.routes, show_peers.routes_data, 1),
    ("ntp status", "ntp_status", show_time.ntp_status, None, 1),
    ("ntp associations", "ntp", show_time.ntp, show_time.ntp_data, 1),
    ("ptp", "ptp", show_time.ptp, show_time.ptp_data, 1),
)
_OTHERS = (
    ("dir [<word>]", "show:dir", 1),
    ("verify (/md5|/sha512) <word>", "show:verify", 1),
)
COMMANDS = (
    *((f"show {syntax}", f"show:{name}", level) for syntax, name, _, _, level in _TABLE),
    *_OTHERS,
)
TEXT: dict[str, Text] = {name: text for _, name, text, _, _ in _TABLE} | {
    "dir": files.listing,
    "verify": files.verify,
}
DATA: dict[str, Json] = {name: data for _, name, _, data, _ in _TABLE if data is not None}
