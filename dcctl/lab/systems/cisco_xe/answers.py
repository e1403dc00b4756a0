"""Which exec commands IOS XE has, what they answer, and the questions that it asks back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import settled
from dcctl.lab.elements.tree import EMPTY, Tree, get
from dcctl.lab.systems.cisco_xe import (
    config,
    files,
    install,
    nvram,
    secrets,
    show,
    show_chassis,
    show_clocks,
    show_interfaces,
    show_labels,
    show_lags,
    show_network,
    show_routing,
    show_tables,
)
from dcctl.lab.systems.cisco_xe.scene import Scene, moment

# (syntax, action, least privilege)
EXEC = (
    ("enable", "enable", 1),
    ("disable", "disable", 1),
    ("exit", "exit", 1),
    ("logout", "exit", 1),
    ("quit", "exit", 1),
    ("terminal length <int:0-512>", "length", 1),
    ("terminal width <int:0-512>", "width", 1),
    ("terminal no monitor", "nothing", 1),
    ("terminal (monitor|exec|history) [<line>]", "nothing", 1),
    ("configure terminal [revert timer <int:1-120>]", "configure", 2),
    ("configure confirm", "confirm", 2),
    ("configure revert (now|timer <int:1-120>)", "revert", 2),
    ("write [memory]", "write", 2),
    ("copy running-config startup-config", "copy", 2),
    ("copy startup-config running-config", "restore", 2),
    ("archive config", "archive", 2),
    ("reload [in <int:1-34560>]", "reload", 2),
    ("reload cancel", "reload-cancel", 2),
    ("clear (counters|logging) [<line>]", "nothing", 2),
    ("show version", "version", 1),
    ("show inventory", "inventory", 1),
    ("show platform", "platform", 1),
    ("show redundancy", "redundancy", 1),
    ("show install summary", "install", 2),
    ("show etherchannel summary", "etherchannel", 1),
    ("show ip ospf neighbor", "ospf_neighbors", 1),
    ("show mpls ldp neighbor", "ldp_neighbors", 1),
    ("show mpls traffic-eng tunnels brief", "te_tunnels", 1),
    ("show ip rsvp neighbor", "rsvp_neighbors", 1),
    ("show ip route summary", "routes", 1),
    ("show ip route vrf <word>", "route_tables", 1),
    ("show network-clocks synchronization", "network_clocks", 1),
    ("show ptp clock running [domain <int:0-127>]", "ptp_clock", 1),
    ("show clock [detail]", "clock", 1),
    ("show users", "users", 1),
    ("show ip ssh", "ip_ssh", 1),
    ("show logging", "logging", 1),
    ("show facility-alarm status", "alarms", 1),
    ("show privilege", "privilege", 1),
    ("show ip interface brief", "ip_interface_brief", 1),
    ("show interfaces description", "descriptions", 1),
    ("show interfaces transceiver", "transceiver", 1),
    ("show interfaces transceiver detail", "transceiver_detail", 1),
    ("show interfaces [<intf>] transceiver", "transceiver", 1),
    ("show interfaces [<intf>] transceiver detail", "transceiver_detail", 1),
    ("show interfaces [<intf>]", "interfaces", 1),
    ("show lldp neighbors", "lldp_neighbors", 1),
    ("show lldp neighbors detail", "lldp_detail", 1),
    ("show isis neighbors", "isis_neighbors", 1),
    ("show isis neighbors detail", "isis_neighbors_detail", 1),
    ("show clns neighbors", "isis_neighbors", 1),
    ("show ip bgp summary", "bgp_summary", 1),
    ("show bgp summary", "bgp_summary", 1),
    ("show bgp (ipv4 unicast|all) summary", "bgp_summary", 1),
    ("show bfd neighbors", "bfd_neighbors", 1),
    ("show bfd neighbors details", "bfd_details", 1),
    ("show ntp status", "ntp_status", 1),
    ("show ntp associations", "ntp_associations", 1),
    ("show archive", "show_archive", 2),
    ("show archive config rollback timer", "rollback_timer", 2),
    ("show running-config [all]", "running", 2),
    ("show running-config interface <intf>", "running_interface", 2),
    ("show running-config partition <line>", "running", 2),
    ("show startup-config", "startup", 2),
    ("show configuration", "startup", 2),
    ("show reload", "reload_status", 1),
    ("show (boot|bootvar)", "boot", 1),
    *install.COMMANDS,
    *files.COMMANDS,
)


def running(scene: Scene) -> str:
    """`show running-config [all]`."""
    element = scene.element
    by = f" by {element.changed_by}" if element.changed_by not in ("", "factory") else ""
    saved = f" by {element.saved_by}" if element.saved_by not in ("", "factory") else ""
    head = [
        "!",
        f"! Last configuration change at {moment(element.changed)}{by}",
        f"! NVRAM config last updated at {moment(element.saved)}{saved}",
    ]
    body = "\n".join([*head, *config.lines(element.running), "end", ""])
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n{body}\n"


def running_interface(scene: Scene) -> str:
    """`show running-config interface <intf>`."""
    label = f"interface {scene.arguments[0]}"
    section = get(scene.tree, (label,))
    if section is None:
        return "% Invalid input detected at '^' marker.\n\n"
    body = "\n".join(line for line in config.lines({label: section}) if line != "!")
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\n{body}\nend\n\n"


def startup(scene: Scene) -> str:
    """`show startup-config`."""
    body = "\n".join([*config.lines(scene.element.startup), "end", ""])
    return f"Using {len(body)} out of 33554432 bytes\n{body}\n"


def rollback_timer(scene: Scene) -> str:
    """`show archive config rollback timer`."""
    timer = scene.element.timer
    if timer is None:
        return "%No Rollback Confirmed Change pending\n"
    left = int(timer.due - scene.around.now)
    return f"Time configured(or reconfigured): {moment(timer.due - 60 * timer.minutes)}\nTimer type: absolute timer\nTimer value: {timer.minutes} min\nUser: {timer.user}\nTime left: {left} sec\n"


def reload_status(scene: Scene) -> str:
    """`show reload`."""
    if not scene.element.reboot_at:
        return "No reload is scheduled.\n"
    return f"Reload scheduled for {moment(scene.element.reboot_at)}\n"


SHOWS: dict[str, Callable[[Scene], str]] = {
    "version": show.version,
    "inventory": show.inventory,
    "platform": show_chassis.platform,
    "redundancy": show_chassis.redundancy,
    "install": install.summary,
    "install-some": install.summary,
    "boot": show_chassis.boot,
    "dir": files.listing,
    "verify": files.verify,
    "etherchannel": show_lags.etherchannel,
    "ospf_neighbors": show_routing.ospf_neighbors,
    "routes": show_routing.routes,
    "route_tables": show_tables.tables,
    "ldp_neighbors": show_labels.ldp_neighbors,
    "te_tunnels": show_labels.tunnels,
    "rsvp_neighbors": show_labels.rsvp_neighbors,
    "network_clocks": show_clocks.network_clocks,
    "ptp_clock": show_clocks.ptp_clock,
    "clock": show.clock,
    "users": show.users,
    "ip_ssh": show.ip_ssh,
    "logging": show.logging,
    "alarms": show.alarms,
    "privilege": lambda scene: f"Current privilege level is {scene.terminal.privilege}\n",
    "ip_interface_brief": show_interfaces.ip_interface_brief,
    "descriptions": show_interfaces.descriptions,
    "interfaces": show_interfaces.interfaces,
    "show_archive": show.archive,
    "transceiver": show_network.transceiver,
    "transceiver_detail": show_network.transceiver_detail,
    "lldp_neighbors": show_network.lldp_neighbors,
    "lldp_detail": show_network.lldp_detail,
    "isis_neighbors": show_network.isis_neighbors,
    "isis_neighbors_detail": show_network.isis_neighbors_detail,
    "bgp_summary": show_network.bgp_summary,
    "bfd_neighbors": show_network.bfd_neighbors,
    "bfd_details": show_network.bfd_details,
    "ntp_status": show_network.ntp_status,
    "ntp_associations": show_network.ntp_associations,
    "rollback_timer": rollback_timer,
    "running": running,
    "running_interface": running_interface,
    "startup": startup,
    "reload_status": reload_status,
}


# --- questions ------------------------------------------------------------------------------------------------


def proceed(terminal: Terminal, minutes: str) -> Terminal:
    """The last question before a reload; any key but `n` agrees."""
    return replace(
        terminal,
        pending=f"reload {minutes}",
        question="Proceed with reload? [confirm]",
        expects="key",
    )


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to a question that stands."""
    kind, _, detail = terminal.pending.partition(" ")
    calm = replace(terminal, pending="", question="", expects="line")
    return _ANSWERS[kind](element, terminal, calm, line, detail, around)


def _copy(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    _detail: str,
    around: Surroundings,
) -> Reply:
    if line.strip() not in ("", "startup-config"):
        text = "%Error opening destination (Permission denied)\n"
        return Reply(text=text, element=element, terminal=calm)
    return Reply(
        text="Building configuration...\n[OK]\n",
        element=nvram.saved(element, around.now, calm.user),
        terminal=calm,
        notes=(Note(kind="save"),),
    )


def _reload_save(
    element: Element,
    terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    around: Surroundings,
) -> Reply:
    said = line.strip().lower()
    if said in ("yes", "y"):
        element = nvram.saved(element, around.now, calm.user)
        text = "Building configuration...\n[OK]\n"
    elif said in ("no", "n"):
        text = ""
    else:
        text = "% Please answer 'yes' or 'no'.\n"
        return Reply(text=text, element=element, terminal=terminal)
    return Reply(text=text, element=element, terminal=proceed(calm, detail))


def _reload(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    around: Surroundings,
) -> Reply:
    if line.strip().lower().startswith("n"):
        return Reply(text="\n", element=element, terminal=calm)
    minutes = int(detail or 0)
    planned = settled(
        replace(element, reboot_at=around.now + 60 * minutes), reason="Reload Command"
    )
    if minutes:
        return Reply(text="\n", element=planned, terminal=calm)
    gone = replace(calm, closed=True)
    return Reply(text="\n", element=planned, terminal=gone, notes=(Note(kind="reload"),))


def _enable(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    _detail: str,
    _around: Surroundings,
) -> Reply:
    if secrets.enables(element.running, line):
        return Reply(text="", element=element, terminal=replace(calm, privilege=15))
    return Reply(text="% Access denied\n\n", element=element, terminal=calm)


def _banner(
    element: Element,
    terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    around: Surroundings,
) -> Reply:
    kind, _, mark = detail.partition(" ")
    block = (*terminal.block, line)
    if mark not in line:
        return Reply(text="", element=element, terminal=replace(terminal, block=block))
    text = "\n".join(block).partition(mark)[0]
    tree = config.put_banner(element.running, f"banner {kind}", text)
    after = replace(element, running=tree, changed=around.now, changed_by=terminal.user)
    done = replace(calm, block=())
    return Reply(text="", element=after, terminal=done, notes=(Note(kind="change"),))


_ANSWERS: dict[str, Callable[..., Reply]] = {
    "copy": _copy,
    "reload-save": _reload_save,
    "reload": _reload,
    "enable": _enable,
    "banner": _banner,
    "install": install.proceed,
    "install-save": install.save,
    "delete": files.delete_named,
    "delete-sure": files.delete_sure,
    "copy-name": files.copy_name,
    "copy-over": files.copy_over,
    "copy-word": files.copy_word,
}


def semantic_complaint(tree: Tree, before: Tree, path: tuple[str, ...]) -> str:
    """What IOS refuses though the grammar takes it: an address that another interface has."""
    here = get(tree, path) or EMPTY
    if not path or not path[-1].startswith("interface ") or here is (get(before, path) or EMPTY):
        return ""
    mine = show_interfaces.addresses(here)
    for label, below in tree.items():
        if not label.startswith("interface ") or label == path[-1] or "shutdown" in below:
            continue
        for other in show_interfaces.addresses(below):
            for one in mine:
                if one.network.overlaps(other.network):
                    return f"% {one.network} overlaps with {label.partition(' ')[2]}\n"
    return ""
