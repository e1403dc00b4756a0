"""Which `show` commands NX-OS has: syntax, text, JSON, and the feature that brings each.

A command without JSON is one whose JSON no public document shows; it says so.
"""

from __future__ import annotations

from collections.abc import Callable

from dcctl.lab.systems.cisco_nxos import (
    compatibility,
    files,
    show_box,
    show_config,
    show_hardware,
    show_interfaces,
    show_lag,
    show_modules,
    show_optics,
    show_ospf,
    show_peers,
    show_tables,
    show_time,
)
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene

Text = Callable[[Scene], str]
Json = Callable[[Scene], Data]
_SOURCE = "(running-config|startup-config|checkpoint <word>|file <word>)"

# (syntax, name, text, JSON, feature)
_TABLE: tuple[tuple[str, str, Text, Json | None, str], ...] = (
    ("version", "version", show_box.version, show_box.version_data, ""),
    ("boot", "boot", show_box.boot, None, ""),
    ("install all status", "install", compatibility.status, None, ""),
    ("install all impact nxos <word> [non-disruptive]", "impact", compatibility.impact, None, ""),
    (
        "(incompatibility-all|incompatibility) nxos <word>",
        "fits",
        compatibility.incompatibility,
        None,
        "",
    ),
    ("file <word> (md5sum|sha256sum|sha512sum)", "digest", files.digest, None, ""),
    ("system mode", "mode", show_box.mode, None, ""),
    ("hostname", "hostname", show_box.hostname, show_box.hostname_data, ""),
    ("clock", "clock", show_box.clock, show_box.clock_data, ""),
    ("users", "users", show_box.users, None, ""),
    ("feature", "feature", show_box.feature, show_box.feature_data, ""),
    ("logging [last <int:1-9999>]", "logging", show_box.logging_log, None, ""),
    ("logging logfile", "logfile", show_box.logging_log, None, ""),
    ("logging server", "logging_server", show_box.logging_server, None, ""),
    ("module", "module", show_modules.module, show_modules.module_data, ""),
    ("inventory [all]", "inventory", show_hardware.inventory, show_hardware.inventory_data, ""),
    (
        "(system|module) redundancy status",
        "redundancy",
        show_modules.redundancy,
        show_modules.redundancy_data,
        "",
    ),
    (
        "redundancy status",
        "redundancy_status",
        show_modules.redundancy,
        show_modules.redundancy_data,
        "",
    ),
    (
        "environment",
        "environment",
        show_hardware.environment,
        show_hardware.environment_data,
        "",
    ),
    (
        "interface [<intf>]",
        "interface",
        show_interfaces.interface,
        show_interfaces.interface_data,
        "",
    ),
    (
        "interface [<intf>] status",
        "status",
        show_interfaces.status,
        show_interfaces.status_data,
        "",
    ),
    (
        "interface [<intf>] description",
        "descriptions",
        show_interfaces.descriptions,
        show_interfaces.descriptions_data,
        "",
    ),
    ("interface [<intf>] counters errors", "errors", show_interfaces.errors, None, ""),
    ("ip interface brief", "ip_brief", show_interfaces.ip_brief, None, ""),
    (
        "interface [<intf>] transceiver",
        "transceiver",
        show_optics.transceiver,
        show_optics.transceiver_data,
        "",
    ),
    (
        "interface [<intf>] transceiver details",
        "details",
        show_optics.details,
        show_optics.details_data,
        "",
    ),
    (
        "port-channel summary",
        "lag",
        show_lag.lag,
        show_lag.lag_data,
        "",
    ),
    ("lldp neighbors", "lldp", show_peers.lldp, show_peers.lldp_data, "lldp"),
    (
        "lldp neighbors detail",
        "lldp_detail",
        show_peers.lldp_detail,
        show_peers.lldp_detail_data,
        "lldp",
    ),
    ("isis adjacency", "isis", show_peers.isis, show_peers.isis_data, "isis"),
    ("ip ospf neighbors [vrf all]", "ospf", show_ospf.ospf, show_ospf.ospf_data, "ospf"),
    ("mpls ldp neighbor", "ldp", show_ospf.ldp, None, "mpls ldp"),
    ("bfd neighbors", "bfd", show_peers.bfd, show_peers.bfd_data, "bfd"),
    ("ip bgp summary [vrf all]", "bgp", show_peers.bgp, show_peers.bgp_data, "bgp"),
    (
        "bgp ipv4 unicast summary",
        "bgp_ipv4",
        show_peers.bgp,
        show_peers.bgp_data,
        "bgp",
    ),
    ("ip route 0.0.0.0/0 vrf all", "default_routes", show_tables.default_routes, None, ""),
    ("ip route summary [vrf all]", "routes", show_peers.routes, show_peers.routes_data, ""),
    ("ntp peer-status", "ntp", show_time.ntp, show_time.ntp_data, ""),
    ("ntp peers", "ntp_peers", show_time.ntp_peers, show_time.ntp_peers_data, ""),
    ("ntp status", "ntp_status", show_time.ntp_status, None, ""),
    ("ptp clock", "ptp", show_time.ptp_clock, None, "ptp"),
    ("running-config [all]", "running", show_config.running, None, ""),
    (
        "running-config interface <intf>",
        "running_interface",
        show_config.running_interface,
        None,
        "",
    ),
    (
        "running-config (bgp|isis|ospf|ntp|aaa|scheduler)",
        "running_section",
        show_config.running_section,
        None,
        "",
    ),
    ("startup-config", "startup", show_config.startup, None, ""),
    ("checkpoint summary", "checkpoints", show_config.checkpoints, None, ""),
    ("checkpoint <word>", "checkpoint", show_config.checkpoint, None, ""),
    (f"diff rollback-patch {_SOURCE} {_SOURCE}", "patch", show_config.patch, None, ""),
    ("scheduler config", "scheduler", show_config.scheduler, None, "scheduler"),
    ("scheduler job", "jobs", show_config.jobs, None, "scheduler"),
    ("scheduler schedule", "schedules", show_config.schedules, None, "scheduler"),
)
COMMANDS = (
    *((f"show {syntax}", f"show:{name}", feature) for syntax, name, _, _, feature in _TABLE),
    ("dir [<word>]", "show:dir", ""),
)
TEXT: dict[str, Text] = {name: text for _, name, text, _, _ in _TABLE} | {"dir": files.listing}
DATA: dict[str, Json] = {name: data for _, name, _, data, _ in _TABLE if data is not None}
