"""Huawei VRP8 (NetEngine 8000, NE40E) and VRP5 (AR, S), as their documentation shows them."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.model import Element, Happening, Surroundings, System, Terminal
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.huawei_vrp import (
    cli,
    commits,
    config,
    intent,
    secrets,
    software,
    startup,
)


def _text(element: Element, kind: str) -> str:
    words = value(element.running, f"header {kind} information")
    return words[1:-1].strip("\n") + "\n" if len(words) > 1 else ""


def _banner(element: Element) -> str:
    return _text(element, "login")


def _greeting(element: Element, terminal: Terminal, around: Surroundings) -> str:
    since, count = datetime.fromtimestamp(terminal.since, UTC), len(around.users)
    return (
        f"\n{_text(element, 'shell')}"
        f"Info: The max number of VTY users is 5, the number of current VTY users online is {count}, "
        f"and total number of terminal users online is {count}.\n"
        f"      The current login time is {since:%Y-%m-%d %H:%M:%S}.\n"
    )


def _message(element: Element, happening: Happening, time: float) -> str:
    at = datetime.fromtimestamp(time, UTC)
    name = value(element.running, "sysname", "HUAWEI")
    head = f"{at:%b} {at.day:>2} {at:%Y %H:%M:%S} {name}"
    if happening.kind == "link":
        state = "UP" if happening.up else "DOWN"
        return (
            f"{head} %%01IFNET/2/link{state.capitalize()}_active(l):The interface status changes. "
            f"(ifName={happening.subject}, AdminStatus=UP, OperStatus={state})"
        )
    way = "UP" if happening.up else "DOWN"
    return (
        f"{head} %%01ISIS/4/PEER_{way}(l):ISIS neighbor changed. "
        f"(NbrName={happening.neighbor}, Interface={happening.subject})"
    )


SYSTEM = System(
    name="huawei_vrp",
    title="Huawei VRP",
    models=("NetEngine 8000 M8", "NE40E-X3A", "AR6280", "S6730-H48X6C"),
    more="  ---- More ----",
    day_zero=intent.day_zero,
    intent=intent.intent,
    login=cli.login,
    banner=_banner,
    greeting=_greeting,
    prompt=cli.prompt,
    step=cli.step,
    expire=commits.expire,
    leave=commits.leave,
    message=_message,
    load=config.load,
    dump=config.dump,
    verify=secrets.verify,
    boot_seconds=180.0,
    furnish=software.furnish,
    boot=software.boot,
    finish=startup.finish,
    net_expired=software.net_expired,
    resume=cli.resume,
    transfers=software.transfers,
    place=software.place,
)
