"""Which operational commands Junos has, and what answers each: as text, as JSON data, as `set` lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import EMPTY, get
from dcctl.lab.systems.juniper_junos import (
    commits,
    config,
    engines,
    files,
    inactive,
    install,
    show,
    show_chassis,
    show_clocks,
    show_interfaces,
    show_labels,
    show_lags,
    show_network,
    show_routing,
    show_tables,
    storage,
)
from dcctl.lab.systems.juniper_junos.scene import stamped


@dataclass(frozen=True, slots=True)
class Show:
    """One answer in its forms."""

    text: Callable[[Scene], str]
    data: Callable[[Scene], Any] | None = None
    lines: Callable[[Scene], list[str]] | None = None


COMMANDS = (
    ("configure", "configure"),
    ("configure (exclusive|private)", "configure"),
    ("exit", "exit"),
    ("quit", "exit"),
    ("set cli screen-length <int:0-100000>", "cli"),
    ("set cli screen-width <int:0-1024>", "cli"),
    ("set cli complete-on-space (on|off)", "cli"),
    ("set cli timestamp [disable]", "cli"),
    ("set cli idle-timeout <int:0-100000>", "cli"),
    *engines.COMMANDS,
    *install.COMMANDS,
    *files.COMMANDS,
    *storage.COMMANDS,
    ("clear system reboot", "clear-reboot"),
    ("clear (log|interfaces statistics) [<line>]", "nothing"),
    ("show version [(brief|detail)]", "version"),
    ("show chassis hardware [(detail|extensive)]", "hardware"),
    ("show chassis routing-engine", "routing_engine"),
    ("show chassis environment", "environment"),
    ("show chassis synchronization [extensive]", "synchronization"),
    ("show synchronous-ethernet esmc status", "esmc"),
    ("show ptp lock-status [detail]", "ptp"),
    ("show task replication", "replication"),
    ("show lacp interfaces", "lacp"),
    ("show ospf neighbor", "ospf"),
    ("show ldp session", "ldp"),
    ("show ldp neighbor", "ldp_neighbors"),
    ("show rsvp session", "rsvp_sessions"),
    ("show rsvp neighbor", "rsvp_neighbors"),
    ("show route summary", "routes"),
    ("show route 0.0.0.0/0 exact", "default_routes"),
    ("show chassis fpc", "fpc"),
    ("show vmhost version", "vmhost"),
    ("show chassis alarms", "chassis_alarms"),
    ("show system alarms", "system_alarms"),
    ("show system uptime", "uptime"),
    ("show system users", "users"),
    ("show system commit", "commits"),
    ("show system rollback <int:0-49>", "rollback"),
    ("show system reboot", "reboot_status"),
    ("show log messages", "log"),
    ("show interfaces", "interfaces"),
    ("show interfaces terse [<intf>]", "terse"),
    ("show interfaces descriptions [<intf>]", "descriptions"),
    ("show interfaces diagnostics optics [<intf>]", "optics"),
    ("show interfaces <intf> [(extensive|detail|media)]", "interfaces"),
    ("show interfaces (extensive|detail|media)", "interfaces"),
    ("show interfaces <intf> terse", "terse"),
    ("show lldp neighbors", "lldp"),
    ("show isis adjacency", "isis"),
    ("show isis adjacency (detail|extensive)", "isis_detail"),
    ("show isis overview", "isis_overview"),
    ("show bgp summary", "bgp"),
    ("show bfd session", "bfd"),
    ("show ntp status", "ntp_status"),
    ("show ntp associations [no-resolve]", "ntp_associations"),
    ("show configuration", "configuration"),
    ("show configuration <line>", "configuration"),
    ("show cli", "cli_settings"),
)


def _section(scene: Scene) -> tuple[list[str], Any]:
    words = config.tokens(" ".join(scene.arguments))
    tree = scene.tree
    if not words:
        return [], tree
    try:
        path = list(inactive.found(tree, config.resolve((), words, partial=True)[-1]))
    except config.StatementError:
        return ["?"], EMPTY
    below = get(tree, path)
    if below is not None:
        return path, below
    above = get(tree, path[:-1]) or EMPTY
    name = path[-1].strip()
    return path[:-1], {one: inner for one, inner in above.items() if one.split(" ")[0] == name}


def configuration(scene: Scene) -> str:
    """`show configuration`."""
    path, tree = _section(scene)
    if path == ["?"]:
        return "syntax error.\n"
    head = []
    if not path:
        element = scene.element
        head = [f"## Last commit: {stamped(element.changed)} by {commits.past(element)[0].user}"]
    return "".join(f"{line}\n" for line in [*head, *config.text_lines(tree, path)])


def configuration_lines(scene: Scene) -> list[str]:
    """`show configuration` as `set` lines."""
    path, tree = _section(scene)
    if path and get(scene.tree, path) is tree:  # the statement itself, whether active or not
        return config.set_lines({path[-1]: tree}, path[:-1])
    return config.set_lines(tree, path) if path != ["?"] else []


def configuration_data(scene: Scene) -> Any:
    """`show configuration` as JSON data."""
    return {"configuration": config.json_data(scene.tree)}


SHOWS: dict[str, Show] = {
    "version": Show(show.version, show.version_data),
    "hardware": Show(show.hardware, show.hardware_data),
    "routing_engine": Show(show_chassis.routing_engine, show_chassis.routing_engine_data),
    "vmhost": Show(show.vmhost_version),
    "fpc": Show(show_chassis.fpc, show_chassis.fpc_data),
    "file-list": Show(files.listing, files.listing_data),
    "file-detail": Show(files.detailed, files.listing_data),
    "file-checksum": Show(files.checksum, files.checksum_data),
    "storage": Show(storage.storage, storage.storage_data),
    "environment": Show(show_chassis.environment, show_chassis.environment_data),
    "replication": Show(show_chassis.replication, show_chassis.replication_data),
    "synchronization": Show(show_clocks.synchronization),
    "esmc": Show(show_clocks.esmc),
    "ptp": Show(show_clocks.ptp),
    "lacp": Show(show_lags.lacp, show_lags.lacp_data),
    "ospf": Show(show_routing.ospf, show_routing.ospf_data),
    "routes": Show(show_routing.routes, show_routing.routes_data),
    "default_routes": Show(show_tables.default_routes, show_tables.default_routes_data),
    "ldp": Show(show_labels.ldp, show_labels.ldp_data),
    "ldp_neighbors": Show(show_labels.ldp_neighbors),
    "rsvp_sessions": Show(show_labels.rsvp_sessions, show_labels.rsvp_sessions_data),
    "rsvp_neighbors": Show(show_labels.rsvp_neighbors, show_labels.rsvp_neighbors_data),
    "chassis_alarms": Show(show.chassis_alarms, show.alarms_data),
    "system_alarms": Show(show.system_alarms, show.alarms_data),
    "uptime": Show(show.uptime, show.uptime_data),
    "users": Show(show.users),
    "commits": Show(show.commit_list),
    "rollback": Show(show.rollback),
    "reboot_status": Show(show.reboot_status),
    "log": Show(lambda scene: "".join(f"{line}\n" for line in scene.element.messages)),
    "interfaces": Show(show_interfaces.interfaces, show_interfaces.interfaces_data),
    "terse": Show(show_interfaces.terse, show_interfaces.terse_data),
    "descriptions": Show(show_interfaces.descriptions),
    "optics": Show(show_network.optics, show_network.optics_data),
    "lldp": Show(show_network.lldp, show_network.lldp_data),
    "isis": Show(show_network.isis, show_network.isis_data),
    "isis_detail": Show(show_network.isis_detail, show_network.isis_data),
    "isis_overview": Show(show_network.isis_overview),
    "bgp": Show(show_network.bgp, show_network.bgp_data),
    "bfd": Show(show_network.bfd, show_network.bfd_data),
    "ntp_status": Show(show_network.ntp_status),
    "ntp_associations": Show(show_network.ntp_associations),
    "configuration": Show(configuration, configuration_data, configuration_lines),
    "cli_settings": Show(show.cli_settings),
}
