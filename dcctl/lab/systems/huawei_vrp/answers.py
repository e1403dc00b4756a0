"""Which commands VRP has besides configuration, and what answers each."""

from __future__ import annotations

from collections.abc import Callable

from dcctl.lab.elements.tree import EMPTY, Tree, get
from dcctl.lab.systems.huawei_vrp import (
    commits,
    config,
    files,
    show,
    show_interfaces,
    show_network,
    show_optics,
    show_sync,
    startup,
)
from dcctl.lab.systems.huawei_vrp.scene import Scene, text

# (syntax, action, where): u the user view, s the views of configuration, 5 and 8 the generation.
COMMANDS = (
    *files.COMMANDS,
    *startup.COMMANDS,
    ("system-view [immediately]", "system-view", "u"),
    ("save [all]", "save", "u"),
    ("reboot [fast]", "reboot", "u"),
    ("schedule reboot delay <int:0-43200>", "schedule", "u"),
    ("undo schedule reboot", "unschedule", "u"),
    ("screen-length <int:0-512> [temporary]", "screen-length", "us"),
    ("undo screen-length [temporary]", "screen-length", "us"),
    ("screen-width <int:60-512>", "nothing", "us"),
    ("terminal (monitor|logging|debugging|trapping|alarm)", "nothing", "us"),
    ("undo terminal (monitor|logging|debugging|trapping|alarm)", "nothing", "us"),
    ("mmi-mode enable", "nothing", "u"),
    ("undo mmi-mode enable", "nothing", "u"),
    ("quit", "quit", "us"),
    ("return", "return", "s"),
    ("rollback configuration last <int:1-80>", "rollback-last", "u8"),
    ("rollback configuration to commit-id <int:1000000001-1999999999>", "rollback-to", "u8"),
    ("commit", "commit", "s8"),
    ("commit label <word> [description <line>]", "commit-label", "s8"),
    ("commit description <line>", "commit", "s8"),
    ("commit trial", "trial", "s8"),
    ("commit trial <int:60-65535>", "trial", "s8"),
    ("commit trial persist <word>", "trial-named", "s8"),
    ("commit trial <int:60-65535> persist <word>", "trial-named", "s8"),
    ("commit persist <word>", "confirm-named", "s8"),
    ("abort trial", "abort", "s8"),
    ("abort trial persist <word>", "abort-named", "s8"),
    ("abort trial session <int:0-65535>", "abort-session", "s8"),
    ("clear configuration candidate", "clear", "s8"),
    ("refresh configuration candidate", "nothing", "s8"),
    ("reset (counters|saved-configuration|logbuffer) [<line>]", "nothing", "u"),
    ("display this", "this", "s"),
    ("display configuration candidate [changes]", "candidate-changes", "s8"),
    ("display configuration candidate merge", "candidate", "s8"),
    ("display configuration trial status", "trial-status", "us8"),
    ("display configuration commit list [verbose] [<int:1-80>]", "commit-list", "us8"),
    ("display configuration commit changes [last] <int:1-80>", "commit-changes", "us8"),
    ("display current-configuration", "running", "us"),
    ("display current-configuration interface [<intf>]", "running-interface", "us"),
    ("display current-configuration configuration <line>", "running-section", "us"),
    ("display saved-configuration [last]", "saved", "us"),
    ("display saved-configuration time", "saved-time", "us"),
    ("display version", "version", "us"),
    ("display device", "device", "us"),
    ("display (esn|device esn|sn)", "esn", "us"),
    ("display switchover state", "switchover", "us8"),
    ("display startup", "startup", "us"),
    ("display patch-information", "patch", "us"),
    ("display alarm active", "alarms", "us"),
    ("display alarm active verbose", "alarms-verbose", "us"),
    ("display clock", "clock", "us"),
    ("display users [all]", "users", "us"),
    ("display temperature", "temperature", "us"),
    ("display logbuffer", "log", "us"),
    ("display interface", "interfaces", "us"),
    ("display interface <intf>", "interfaces", "us"),
    ("display interface brief [main]", "brief", "us"),
    ("display interface description", "descriptions", "us"),
    ("display ip interface brief", "ip-brief", "us"),
    ("display interface phy-option [<intf>]", "phy-option", "us8"),
    ("display interface transceiver verbose", "transceiver", "us8"),
    ("display interface <intf> transceiver verbose", "transceiver", "us8"),
    ("display transceiver verbose", "transceiver", "us5"),
    ("display transceiver interface <intf> verbose", "transceiver", "us5"),
    ("display transceiver diagnosis interface [<intf>]", "diagnosis", "us5"),
    ("display isis peer", "isis", "us"),
    ("display ospf peer", "ospf", "us"),
    ("display ospf peer brief", "ospf-brief", "us"),
    ("display bgp peer", "bgp", "us"),
    ("display bfd session all", "bfd", "us"),
    ("display lldp neighbor", "lldp", "us"),
    ("display lldp neighbor interface <intf>", "lldp", "us"),
    ("display lldp neighbor brief", "lldp-brief", "us"),
    ("display mpls ldp session [all]", "ldp", "us"),
    ("display mpls te tunnel", "tunnels", "us"),
    ("display ip routing-table statistics", "routes", "us"),
    ("display eth-trunk [<int:0-1023>]", "trunks", "us"),
    ("display (ntp|ntp-service) status", "ntp-status", "us"),
    ("display ntp-service sessions", "ntp-sessions", "us"),
    ("display telnet server status", "telnet", "us"),
    ("display clock source", "frequency", "us8"),
    ("display ptp all", "precision", "us8"),
)


def _header(scene: Scene) -> list[str]:
    element = scene.element
    number = element.software.release
    if scene.immediate and element.chassis.model.upper().startswith("AR"):
        return [f"[{number}]"]
    return [
        f"!Software Version {number}",
        f"!Last configuration was updated at {scene.when(element.changed)} by {element.changed_by}",
        f"!Last configuration was saved at {scene.when(element.saved)} by {element.saved_by}",
    ]


def running(scene: Scene) -> str:
    """`display current-configuration`."""
    return text([*_header(scene), *config.lines(scene.tree)])


def running_interface(scene: Scene) -> str:
    """`display current-configuration interface [<intf>]`."""
    wanted = scene.arguments[0] if scene.arguments else ""
    rows = ["#"]
    for name, below in scene.interfaces():
        if wanted in ("", name):
            rows += [*config.section("system", f"interface {name}", below, 0), "#"]
    return text([*rows, "return"])


def running_section(scene: Scene) -> str:
    """`display current-configuration configuration VIEW`."""
    wanted = scene.arguments[0].strip()
    rows = ["#"]
    for label, below in scene.tree.items():
        if below and (label == wanted or label.startswith(f"{wanted} ")):
            rows += [*config.section("system", label, below, 0), "#"]
    return text([*rows, "return"])


def saved(scene: Scene) -> str:
    """`display saved-configuration`."""
    return text([*_header(scene), *config.lines(scene.element.startup)])


def this(scene: Scene) -> str:
    """`display this`."""
    path = scene.terminal.path
    tree = scene.tree if scene.immediate else commits.candidate(scene.element, scene.terminal)
    if not path:
        return text(config.lines(config.settings(tree)))
    below: Tree = get(tree, path) or EMPTY
    view = config.views(path)[-2]
    return text(["#", *config.section(view, path[-1], below, 0), "#", "return"])


def candidate(scene: Scene) -> str:
    """`display configuration candidate merge`."""
    return text(config.lines(commits.candidate(scene.element, scene.terminal)))


def candidate_changes(scene: Scene) -> str:
    """`display configuration candidate changes`."""
    new = commits.candidate(scene.element, scene.terminal)
    return text(["Building configuration", *commits.changes(scene.tree, new)])


def trial_status(scene: Scene) -> str:
    """`display configuration trial status`."""
    timer = scene.element.timer
    rows = [f"Trial status: {'ACTIVE' if timer else 'INACTIVE'}"]
    if timer and timer.persist:
        rows.append(f"Persist id: {timer.persist}")
    left = int(timer.due - scene.around.now) if timer else 0
    return text([*rows, f"Trial time left (sec): {left}"])


def commit_list(scene: Scene) -> str:
    """`display configuration commit list`."""
    points = commits.past(scene.element)
    count = int(scene.arguments[-1]) if scene.arguments else len(points)
    line = "-" * 80
    rows = [line, "No.  CommitId      Label                User            TimeStamp", line]
    for number, one in enumerate(points[:count], start=1):
        label = one.note or "-"
        rows.append(f"{number:<4} {one.how:<13} {label:<20} {one.user:<15} {scene.when(one.time)}")
    return text([*rows, line])


def commit_changes(scene: Scene) -> str:
    """`display configuration commit changes last N`."""
    points, number = commits.past(scene.element), int(scene.arguments[-1])
    if number >= len(points):
        return "Error: The number of commits exceeds that of the rollback points.\n"
    return text(["Building configuration", *commits.changes(points[number].tree, points[0].tree)])


def saved_time(scene: Scene) -> str:
    """`display saved-configuration time`."""
    return f"{scene.when(scene.element.saved)}\n"


SHOWS: dict[str, Callable[[Scene], str]] = {
    "this": this,
    "dir": files.listing,
    "rollback-state": startup.rollback_state,
    "candidate": candidate,
    "candidate-changes": candidate_changes,
    "trial-status": trial_status,
    "commit-list": commit_list,
    "commit-changes": commit_changes,
    "running": running,
    "running-interface": running_interface,
    "running-section": running_section,
    "saved": saved,
    "saved-time": saved_time,
    "version": show.version,
    "device": show.device,
    "esn": show.esn,
    "switchover": show.switchover,
    "startup": show.startup,
    "patch": show.patch,
    "alarms": show.alarms,
    "alarms-verbose": show.alarms_verbose,
    "clock": show.clock,
    "users": show.users,
    "temperature": show.temperature,
    "log": show.log,
    "interfaces": show_interfaces.interfaces,
    "brief": show_interfaces.brief,
    "descriptions": show_interfaces.descriptions,
    "ip-brief": show_interfaces.ip_brief,
    "phy-option": show_optics.phy_option,
    "transceiver": show_optics.transceiver_verbose,
    "diagnosis": show_optics.diagnosis,
    "isis": show_network.isis,
    "ospf": show_network.ospf,
    "ospf-brief": show_network.ospf_brief,
    "bgp": show_network.bgp,
    "bfd": show_network.bfd,
    "lldp": show_network.lldp,
    "lldp-brief": show_network.lldp_brief,
    "ldp": show_network.ldp,
    "tunnels": show_network.tunnels,
    "routes": show_network.routes,
    "trunks": show_network.trunks,
    "ntp-status": show_network.ntp_status,
    "ntp-sessions": show_network.ntp_sessions,
    "telnet": show.telnet,
    "frequency": show_sync.frequency,
    "precision": show_sync.precision,
}
