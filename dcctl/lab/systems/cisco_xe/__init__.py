"""Cisco IOS XE 17.9 on an ASR 1000, as its command references and recorded answers show it."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.model import Element, Happening, Surroundings, System, Terminal
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.cisco_xe import (
    cli,
    config,
    finishing,
    intent,
    kinds,
    nvram,
    operate,
    prompts,
    secrets,
    software,
)


def _banner(element: Element) -> str:
    return _text(element, "banner login")


def _greeting(element: Element, _terminal: Terminal, _around: Surroundings) -> str:
    return _text(element, "banner motd")


def _text(element: Element, name: str) -> str:
    text = value(element.running, name)
    return text.removeprefix("^C").removesuffix("^C").strip("\n") + "\n" if text else ""


def _message(_element: Element, happening: Happening, time: float) -> str:
    at = datetime.fromtimestamp(time, UTC)
    stamp = f"*{at:%b} {at.day:>2} {at:%H:%M:%S}.{at.microsecond // 1000:03d}"
    state = "up" if happening.up else "down"
    if happening.kind == "link":
        text = f"%LINEPROTO-5-UPDOWN: Line protocol on Interface {happening.subject}, changed state to {state}"
    else:
        way = "Up, new adjacency" if happening.up else "Down, interface deleted(non-iih)"
        text = f"%CLNS-5-ADJCHANGE: ISIS: Adjacency to {happening.neighbor} ({happening.subject}) {way}"
    return f"{stamp}: {text}"


SYSTEM = System(
    name="cisco_xe",
    title="Cisco IOS XE",
    models=("ASR1001-X",),
    more=" --More-- ",
    day_zero=intent.day_zero,
    intent=intent.intent,
    login=cli.login,
    banner=_banner,
    greeting=_greeting,
    prompt=prompts.prompt,
    step=cli.step,
    expire=nvram.expire,
    leave=cli.leave,
    message=_message,
    load=config.load,
    dump=config.dump,
    verify=secrets.verify,
    port_id=kinds.short,
    boot_seconds=90.0,
    furnish=software.furnish,
    boot=software.boot,
    finish=finishing.finish,
    net_expired=finishing.net_expired,
    resume=operate.resume,
    transfers=software.transfers,
    place=software.place,
)
