"""Cisco IOS XR 7.5 on an NCS 5500, as its command references and recorded answers show it."""

from __future__ import annotations

from dcctl.lab.elements.model import Element, Happening, Surroundings, System, Terminal
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.cisco_xr import (
    cli,
    commits,
    config,
    files,
    finishing,
    intent,
    software,
)
from dcctl.lab.systems.cisco_xr.scene import NODE, stamp


def _banner(element: Element) -> str:
    return _text(element, "banner login")


def _greeting(element: Element, _terminal: Terminal, _around: Surroundings) -> str:
    return f"{_text(element, 'banner motd')}\n\n"


def _text(element: Element, name: str) -> str:
    text = value(element.running, name)
    if not text:
        return ""
    mark = config.banner_mark(text)
    return text.removeprefix(mark).removesuffix(mark).strip("\n") + "\n"


def _message(element: Element, happening: Happening, time: float) -> str:
    state = "Up" if happening.up else "Down"
    if happening.kind == "link":
        process = "ifmgr[315]"
        text = (
            f"%PKT_INFRA-LINEPROTO-5-UPDOWN : Line protocol on Interface {happening.subject}, "
            f"changed state to {state} "
        )
    else:
        process = "isis[1010]"
        why = "New adjacency" if happening.up else "Interface state down"
        text = (
            f"%ROUTING-ISIS-5-ADJCHANGE : Adjacency to {happening.neighbor} "
            f"({happening.subject}) (L2) {state}, {why} "
        )
    at = stamp(element.running, time)[4:].replace("  ", " ")
    return f"RP/{NODE}:{at}: {process}: {text}"


SYSTEM = System(
    name="cisco_xr",
    title="Cisco IOS XR",
    models=("NCS-5504", "NCS-5501-SE", "NCS-540"),
    more=" --More-- ",
    day_zero=intent.day_zero,
    intent=intent.intent,
    login=cli.login,
    banner=_banner,
    greeting=_greeting,
    prompt=cli.prompt,
    step=cli.step,
    expire=commits.expire,
    leave=cli.leave,
    message=_message,
    load=config.load,
    dump=config.dump,
    boot_seconds=240.0,
    furnish=software.furnish,
    boot=software.boot,
    finish=finishing.finish,
    resume=files.resume,
    transfers=software.transfers,
    place=software.place,
)
