"""Arista EOS 4.28 on a fixed switch, as its manual and recorded answers show it."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.model import Element, Happening, Surroundings, System, Terminal
from dcctl.lab.systems.arista_eos import cli, config, install, operate, sessions, software


def _banner(element: Element) -> str:
    return config.banner(element.running, "login")


def _greeting(element: Element, terminal: Terminal, _around: Surroundings) -> str:
    at = datetime.fromtimestamp(terminal.since, UTC)
    last = f"Last login: {at:%a %b} {at.day:>2} {at:%H:%M:%S %Y} from {terminal.peer}\n"
    return last + config.banner(element.running, "motd")


def _message(element: Element, happening: Happening, time: float) -> str:
    at = datetime.fromtimestamp(time, UTC)
    head = f"{at:%b} {at.day:>2} {at:%H:%M:%S} {config.hostname(element.running)}"
    state = "up" if happening.up else "down"
    if happening.kind == "link":
        return (
            f"{head} Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface {happening.subject}, "
            f"changed state to {state}"
        )
    return (
        f"{head} Isis: %ISIS-4-ISIS_ADJCHG: L2 Neighbor State Change for SystemID {happening.neighbor} "
        f"on {happening.subject} to {state.upper()}"
    )


SYSTEM = System(
    name="arista_eos",
    title="Arista EOS",
    models=("DCS-7280SR3-48YC8",),
    more=" --More-- ",
    day_zero=config.day_zero,
    intent=config.intent,
    login=cli.login,
    banner=_banner,
    greeting=_greeting,
    prompt=cli.prompt,
    step=cli.step,
    expire=sessions.expire,
    leave=cli.leave,
    message=_message,
    load=config.load,
    dump=config.dump,
    boot_seconds=180.0,
    furnish=software.furnish,
    boot=software.boot,
    finish=install.finish,
    resume=operate.resume,
    transfers=software.transfers,
    place=software.place,
)
