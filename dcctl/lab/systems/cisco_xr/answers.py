"""Which commands IOS XR has outside the configuration itself, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Note, Reply, Saved
from dcctl.lab.elements.tree import EMPTY, Tree, get
from dcctl.lab.systems.cisco_xr import (
    commits,
    config,
    configure,
    files,
    install,
    show,
    show_interfaces,
    show_network,
    show_optics,
    show_peers,
    show_sync,
    show_tables,
)
from dcctl.lab.systems.cisco_xr.scene import NODE, Scene, moment, vty

EXEC = (
    ("exit", "exit"),
    ("logout", "exit"),
    ("quit", "exit"),
    ("terminal length <int:0-512>", "length"),
    ("terminal width <int:0-512>", "width"),
    ("terminal exec prompt no-timestamp", "no-timestamp"),
    ("terminal exec prompt timestamp", "timestamp"),
    ("terminal (monitor|history|exec) [<line>]", "nothing"),
    ("configure [terminal]", "configure"),
    ("configure exclusive", "exclusive"),
    ("rollback configuration last <int:1-100>", "rollback"),
    ("rollback configuration to <word>", "rollback"),
    ("reload [location <loc>] [noprompt]", "reload"),
    ("clear (counters|logging|configuration) [<line>]", "nothing"),
    ("show version", "version"),
    ("show platform", "platform"),
    ("admin show platform", "platform"),
    ("show redundancy", "redundancy"),
    ("show redundancy summary", "redundancy_summary"),
    ("show inventory", "inventory"),
    ("admin show inventory", "inventory"),
    ("show clock [detail]", "clock"),
    ("show users", "users"),
    ("show logging", "logging"),
    ("show alarms brief system active", "alarms"),
    ("show install active", "install_active"),
    ("show install active summary", "install_active_summary"),
    ("show install committed", "install_active"),
    ("show install committed summary", "install_committed_summary"),
    ("show ipv4 interface brief", "ipv4_brief"),
    ("show ip interface brief", "ipv4_brief"),
    ("show interfaces [<intf>]", "interfaces"),
    ("show interfaces description", "descriptions"),
    ("show interfaces brief", "interfaces_brief"),
    ("show controllers optics <loc>", "optics"),
    ("show controllers coherentDSP <loc>", "coherent"),
    ("show bundle", "bundle"),
    ("show bundle brief", "bundle_brief"),
    ("show lacp", "lacp"),
    ("show lldp neighbors", "lldp"),
    ("show lldp neighbors detail", "lldp_detail"),
    ("show isis neighbors", "isis_neighbors"),
    ("show isis adjacency", "isis_adjacency"),
    ("show ospf neighbor", "ospf_neighbor"),
    ("show bgp summary", "bgp_summary"),
    ("show bgp ipv4 unicast summary", "bgp_summary"),
    ("show bgp instance all summary", "bgp_instance_summary"),
    ("show bfd session", "bfd"),
    ("show mpls ldp neighbor", "ldp"),
    ("show mpls ldp neighbor brief", "ldp_brief"),
    ("show route summary", "route_summary"),
    ("show route [ipv4] 0.0.0.0/0", "default_route"),
    ("show route vrf all [ipv4] 0.0.0.0/0", "default_routes"),
    ("show route ipv4 summary", "route_summary"),
    ("show ntp status", "ntp_status"),
    ("show ntp associations", "ntp_associations"),
    ("show rsvp neighbors", "rsvp_neighbors"),
    ("show rsvp session", "rsvp_session"),
    ("show mpls traffic-eng tunnels tabular", "tunnels"),
    ("show ptp platform servo", "ptp_servo"),
    ("show frequency synchronization interfaces brief", "synce"),
    ("show running-config", "running"),
    ("show running-config <line>", "running_part"),
    ("show configuration commit list [<int:1-100>]", "commit_list"),
    ("show configuration commit changes last <int:1-100>", "commit_changes"),
    ("show configuration commit changes <word>", "commit_changes"),
    ("show configuration rollback changes last <int:1-100>", "rollback_changes"),
    ("show configuration rollback changes to <word>", "rollback_changes"),
    ("show configuration sessions [detail]", "sessions"),
    ("show configuration failed [startup]", "failed"),
    *install.COMMANDS,
    *files.COMMANDS,
)
IN_CONFIGURATION = (
    ("show configuration", "changes"),
    ("show configuration running-config", "running"),
    ("show configuration merge", "merge"),
    ("show configuration changes [diff]", "replace_diff"),
    ("show commit changes diff", "diff"),
    ("show configuration failed [inheritance]", "failed"),
    ("show configuration failed if-committed", "if_committed"),
    ("show", "here"),
)
UNSTAMPED = ("exit", "no-timestamp")


def _head(scene: Scene) -> list[str]:
    release = scene.element.software.release
    return ["Building configuration...", f"!! IOS XR Configuration {release}"]


def _text(rows: list[str]) -> str:
    return "".join(f"{row}\n" for row in rows)


def running(scene: Scene) -> str:
    """`show running-config`."""
    element = scene.element
    by = element.changed_by or "factory"
    last = f"!! Last configuration change at {moment(element.running, element.changed)} by {by}"
    return _text([*_head(scene), last, "!", *config.lines(element.running), "end", ""])


def running_part(scene: Scene) -> str:
    """`show running-config <section>`."""
    words = scene.arguments[0].split()
    found: Tree = EMPTY
    for label, below in scene.tree.items():
        mine = label.partition("\n")[0].split()
        match = config.parsed("config", scene.arguments[0])
        wanted = match.text.split() if not match.error else words
        if mine[: len(wanted)] == wanted or mine[: len(words)] == words:
            found = {**found, label: below}
    if not found:
        return "% No such configuration item(s)\n\n"
    return _text([*config.lines(found), ""])


def _target_changes(scene: Scene) -> str:
    target = commits.candidate(scene.element, scene.terminal)
    rows = commits.changes(scene.tree, target)
    return _text([*_head(scene), *rows, "end", ""])


def _diff(scene: Scene) -> str:
    target = commits.candidate(scene.element, scene.terminal)
    return _text([*_head(scene), *commits.compared(scene.tree, target), "end", ""])


def _replace_diff(scene: Scene) -> str:
    rows = commits.compared(scene.tree, commits.typed(scene.terminal))
    return _text([*_head(scene), *rows, "end", ""])


def _merge(scene: Scene) -> str:
    target = commits.candidate(scene.element, scene.terminal)
    return _text([*_head(scene), "!", *config.lines(target), "end", ""])


def _here(scene: Scene) -> str:
    path = scene.terminal.path
    target = commits.candidate(scene.element, scene.terminal)
    below = get(target, path) or EMPTY
    return _text([*config.lines(below, config.modes(path)[-1], len(path)), "end", ""])


_SEMANTIC = """\
!! SEMANTIC ERRORS: This configuration was rejected by 
!! the system due to semantic errors. The individual 
!! errors with each failed configuration command can be 
!! found below.


"""


def _failed(scene: Scene) -> str:
    if not scene.terminal.block:
        return ""
    return _SEMANTIC + _text([*scene.terminal.block, "end", ""])


def _if_committed(scene: Scene) -> str:
    target = commits.candidate(scene.element, scene.terminal)
    rows = commits.refused(scene.tree, target)
    return _SEMANTIC + _text([*rows, "end", ""]) if rows else ""


# --- the commit database ------------------------------------------------------------------------


def commit_list(scene: Scene) -> str:
    """`show configuration commit list [N]`."""
    if not scene.element.history:
        return "The commit database is empty.\n"
    wanted = int(scene.arguments[0]) if scene.arguments else len(scene.element.history)
    rows = [
        "SNo. Label/ID              User      Line                Client      Time Stamp",
        "~~~~ ~~~~~~~~              ~~~~      ~~~~                ~~~~~~      ~~~~~~~~~~",
    ]
    for number, saved in enumerate(scene.element.history[:wanted], start=1):
        line = f"{vty(scene.terminal)}:node0_RP0_CPU"
        rows.append(
            f"{number:<4} {commits.label_of(saved):<21} {saved.user[:9]:<9} {line:<19} "
            f"{saved.how:<11} {moment(scene.tree, saved.time)}"
        )
    return _text(rows)


def _position(scene: Scene) -> int:
    """How many commits back the argument goes; 0 for one that there is not."""
    word, history = scene.arguments[-1], scene.element.history
    if " last " in f" {scene.line} ":
        return int(word) if word.isdecimal() and int(word) <= len(history) else 0
    known = [(commits.commit_id(one), commits.label_of(one)) for one in history]
    return next((n for n, names in enumerate(known, start=1) if word in names), 0)


_NO_COMMIT = "% Invalid commit ID or label, or not that many commits in the database\n"


def _commit_changes(scene: Scene) -> str:
    back, history = _position(scene), scene.element.history
    if not back:
        return _NO_COMMIT
    last = " last " in f" {scene.line} "
    after = scene.tree if last or back == 1 else history[back - 2].tree
    return _text([*_head(scene), *commits.changes(history[back - 1].tree, after), "end", ""])


def _rollback_changes(scene: Scene) -> str:
    back = _position(scene)
    if not back:
        return _NO_COMMIT
    rows = commits.changes(scene.tree, scene.element.history[back - 1].tree)
    return _text([*_head(scene), *rows, "end", ""])


def sessions(scene: Scene) -> str:
    """`show configuration sessions [detail]`."""
    open_now = [one for one in scene.around.users if one.private is not None]
    element, timer = scene.element, scene.element.timer
    rows = []
    for one in open_now:
        lock = "Reserved" if element.lock == one.number else "None"
        rows.append((one.number, vty(one), one.user, "CLI", "config", lock, one.since))
    if timer:
        line = next((vty(one) for one in open_now if one.number == timer.session), "vty0")
        trial = (timer.session, line, timer.user, "commit-confirm", "cfgmgr_trial_co", "None")
        rows.append((*trial, element.changed))
    if "detail" not in scene.line:
        return _sessions_brief(scene, rows)
    text = ""
    for place, (number, line, user, client, process, lock, since) in enumerate(rows, start=1):
        text += (
            f"\n  {place}) Session: {number:08x}-{place:08x}-00000000  "
            f"{moment(scene.tree, since)} \n"
            f"     Line: {line:<31} Lock: {lock}\n"
            f"     User: {user:<31} Client: {client}\n"
            f"     Process: {process:<28} PID: {10000 + number}\n"
            f"     Node: {NODE:<31} Elapsed Time: {int(scene.around.now - since)} sec.\n"
        )
    return text


def _sessions_brief(scene: Scene, rows: list[tuple[int, str, str, str, str, str, float]]) -> str:
    if not rows:
        return ""
    text = "Current Configuration Session  Line       User     Date                     Lock\n"
    for place, (number, line, user, _, _, lock, since) in enumerate(rows, start=1):
        name = f"{number:08x}-{place:08x}-00000000"
        mark = "*" if lock == "Reserved" else ""
        text += f"{name:<30} {line:<10} {user:<8} {moment(scene.tree, since)} {mark}\n"
    return text


# --- what changes something ---------------------------------------------------------------------


def _reply(scene: Scene, text: str = "", **changes: object) -> Reply:
    terminal = replace(scene.terminal, **changes)  # type: ignore[arg-type] # names are checked by the tests
    return Reply(text=text, element=scene.element, terminal=terminal)


def _configure(scene: Scene) -> Reply:
    inside = configure.entered(scene.element, scene.terminal)
    element = scene.element
    text = ""
    if element.lock and element.lock != inside.number:
        text = _sessions_brief(
            scene,
            [
                (one.number, vty(one), one.user, "", "", "Reserved", one.since)
                for one in scene.around.users
                if one.number == element.lock
            ],
        )
    return Reply(text=text, element=element, terminal=inside)


def _exclusive(scene: Scene) -> Reply:
    element, number = scene.element, scene.terminal.number
    if commits.foreign_trial(element, scene.terminal):
        text = (
            "Cannot enter exclusive mode. A trial commit is underway in another configuration "
            "session.\n"
        )
        return _reply(scene, text)
    if element.lock and element.lock != number:
        text = (
            "Cannot enter exclusive mode. The Configuration Namespace is locked by another agent.\n"
        )
        return _reply(scene, text)
    inside = replace(configure.entered(element, scene.terminal), exclusive=True)
    return Reply(text="", element=replace(element, lock=number), terminal=inside)


def _rollback(scene: Scene) -> Reply:
    back, element = _position(scene), scene.element
    if not back:
        return _reply(scene, _NO_COMMIT)
    if element.timer or (element.lock and element.lock != scene.terminal.number):
        return _reply(scene, "% Cannot rollback: the configuration is locked by another agent\n")
    saved: Saved = element.history[back - 1]
    what = f"{back} commits." if " last " in f" {scene.line} " else f"to '{scene.arguments[-1]}'."
    done = commits.committed(
        element, scene.terminal, saved.tree, scene.around.now, client="Rollback"
    )
    items = len(commits.changes(element.running, saved.tree))
    text = (
        "\nLoading Rollback Changes.\nLoaded Rollback Changes in 1 sec \nCommitting.\n"
        f"{items} items committed in 1 sec ({items})items/sec\nUpdating.\n"
        f"Updated Commit database in 1 sec \nConfiguration successfully rolled back {what}\n"
    )
    note = Note(kind="revert", text=f"by {scene.terminal.user}")
    return Reply(text=text, element=done, terminal=scene.terminal, notes=(note,))


def _reload(scene: Scene) -> Reply:
    if scene.line.endswith(" noprompt"):
        planned = replace(scene.element, reboot_at=scene.around.now)
        gone = replace(scene.terminal, closed=True)
        return Reply(text="", element=planned, terminal=gone, notes=(Note(kind="reload"),))
    asking = replace(
        scene.terminal,
        pending="reload",
        question="Proceed with reload? [confirm]",
        expects="key",
    )
    return Reply(text="", element=scene.element, terminal=asking)


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "exit": lambda scene: _reply(scene, closed=True),
    "length": lambda scene: _reply(scene, length=int(scene.arguments[0])),
    "width": lambda scene: _reply(scene, width=int(scene.arguments[0])),
    "nothing": _reply,
    "no-timestamp": lambda scene: _reply(scene, flags=scene.terminal.flags | {"no-timestamp"}),
    "timestamp": lambda scene: _reply(scene, flags=scene.terminal.flags - {"no-timestamp"}),
    "configure": _configure,
    "exclusive": _exclusive,
    "rollback": _rollback,
    "reload": _reload,
    **install.ACTIONS,
    **files.ACTIONS,
}
SHOWS: dict[str, Callable[[Scene], str]] = {
    "version": show.version,
    "platform": show.platform,
    "redundancy": show.redundancy,
    "redundancy_summary": show.redundancy_summary,
    "inventory": show.inventory,
    "clock": show.clock,
    "users": show.users,
    "logging": show.logging,
    "alarms": show.alarms,
    "install_active": show.install_active,
    "install_active_summary": show.install_active_summary,
    "install_committed_summary": show.install_committed_summary,
    "install_request": install.request,
    "install_inactive": install.inactive,
    "install_log": install.logged,
    "fpd": install.fpd,
    "dir": files.listing,
    "filesystem": files.filesystem,
    "md5": files.md5,
    "ipv4_brief": show_interfaces.ipv4_brief,
    "interfaces": show_interfaces.interfaces,
    "interfaces_brief": show_interfaces.brief,
    "descriptions": show_interfaces.descriptions,
    "bundle": show_interfaces.bundle,
    "bundle_brief": show_interfaces.bundle_brief,
    "lacp": show_interfaces.lacp,
    "optics": show_optics.optics,
    "coherent": show_optics.coherent,
    "lldp": show_peers.lldp,
    "lldp_detail": show_peers.lldp_detail,
    "bfd": show_peers.bfd,
    "ldp": show_peers.ldp,
    "ldp_brief": show_peers.ldp_brief,
    "rsvp_neighbors": show_peers.rsvp_neighbors,
    "rsvp_session": show_peers.rsvp_session,
    "tunnels": show_peers.tunnels,
    "isis_neighbors": show_network.isis_neighbors,
    "isis_adjacency": show_network.isis_adjacency,
    "ospf_neighbor": show_network.ospf_neighbor,
    "bgp_summary": show_network.bgp_summary,
    "bgp_instance_summary": show_network.bgp_instance_summary,
    "route_summary": show_network.route_summary,
    "default_route": show_tables.default_route,
    "default_routes": show_tables.default_routes,
    "ntp_status": show_sync.ntp_status,
    "ntp_associations": show_sync.ntp_associations,
    "ptp_servo": show_sync.ptp_servo,
    "synce": show_sync.synce,
    "running": running,
    "running_part": running_part,
    "changes": _target_changes,
    "diff": _diff,
    "replace_diff": _replace_diff,
    "merge": _merge,
    "here": _here,
    "failed": _failed,
    "if_committed": _if_committed,
    "commit_list": commit_list,
    "commit_changes": _commit_changes,
    "rollback_changes": _rollback_changes,
    "sessions": sessions,
}
