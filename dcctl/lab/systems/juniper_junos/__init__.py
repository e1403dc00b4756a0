"""Juniper Junos 22.4 on an MX204, as its documentation and recorded answers show it."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.model import Chassis, Element, Happening, Surroundings, System, Terminal
from dcctl.lab.elements.tree import EMPTY, Tree, value
from dcctl.lab.systems.juniper_junos import (
    commits,
    config,
    install,
    intent,
    load,
    operate,
    software,
)


def _banner(element: Element) -> str:
    message = value(element.running.get("system", EMPTY).get("login", EMPTY), "message")
    return message.replace("\\n", "\n") + "\n" if message else ""


def _greeting(element: Element, terminal: Terminal, _around: Surroundings) -> str:
    since = datetime.fromtimestamp(terminal.since, UTC)
    announcement = value(element.running.get("system", EMPTY).get("login", EMPTY), "announcement")
    text = announcement.replace("\\n", "\n") + "\n" if announcement else ""
    return (
        f"Last login: {since:%a %b} {since.day:>2} {since:%H:%M:%S %Y} from {terminal.peer}\n"
        f"{text}--- JUNOS {element.software.release} Kernel 64-bit  JNPR-12.1-20231018.aac5ef4_buil\n"
    )


def _dump(_chassis: Chassis, tree: Tree) -> str:
    return "".join(f"{line}\n" for line in config.set_lines(tree))


def _message(element: Element, happening: Happening, time: float) -> str:
    at = datetime.fromtimestamp(time, UTC)
    head = f"{at:%b} {at.day:>2} {at:%H:%M:%S}  {intent.hostname(element.running)}"
    if happening.kind == "link":
        state = "UP" if happening.up else "DOWN"
        return f"{head} mib2d[3125]: SNMP_TRAP_LINK_{state}: ifName {happening.subject}"
    way = "up" if happening.up else "down"
    return (
        f"{head} rpd[3119]: RPD_ISIS_ADJ{way.upper()}: IS-IS "
        f"{'new' if happening.up else 'lost'} L2 adjacency to {happening.neighbor} on {happening.subject}.0"
    )


SYSTEM = System(
    name="juniper_junos",
    title="Juniper Junos",
    models=("MX204",),
    more="---(more)---",
    day_zero=intent.day_zero,
    intent=intent.intent,
    login=operate.login,
    banner=_banner,
    greeting=_greeting,
    prompt=operate.prompt,
    step=operate.step,
    expire=commits.expire,
    leave=operate.leave,
    message=_message,
    load=load.load,
    dump=_dump,
    boot_seconds=120.0,
    furnish=software.furnish,
    boot=software.boot,
    finish=install.finish,
    resume=operate.resume,
    transfers=software.transfers,
    place=software.place,
)
