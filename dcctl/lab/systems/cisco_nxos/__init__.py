"""Cisco NX-OS 9.3 on a Nexus 9300, as its guides and recorded answers show it."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.model import Element, Happening, Surroundings, System, Terminal
from dcctl.lab.systems.cisco_nxos import cli, config, install, operate, rollback, software

_NOTICE = """\

Cisco Nexus Operating System (NX-OS) Software
TAC support: http://www.cisco.com/tac
Copyright (C) 2002-2021, Cisco and/or its affiliates.
All rights reserved.
"""


def _banner(element: Element) -> str:
    return config.banner(element.running, "motd")


def _greeting(element: Element, _terminal: Terminal, _around: Surroundings) -> str:
    return _NOTICE + config.banner(element.running, "exec")


def _message(element: Element, happening: Happening, time: float) -> str:
    at = datetime.fromtimestamp(time, UTC)
    head = f"{at:%Y %b} {at.day:>2} {at:%H:%M:%S} {config.hostname(element.running)}"
    if happening.kind == "link":
        state = "UP" if happening.up else "DOWN_LINK_FAILURE"
        way = "up" if happening.up else "down (Link failure)"
        return f"{head} %ETHPORT-5-IF_{state}: Interface {happening.subject} is {way}"
    state = "UP" if happening.up else "DOWN"
    return (
        f"{head} %ISIS-5-ADJCHANGE: isis [1]  LAN adj L2 {happening.neighbor} over "
        f"{happening.subject} - {state}"
    )


SYSTEM = System(
    name="cisco_nxos",
    title="Cisco NX-OS",
    models=("N9K-C93180YC-FX",),
    more="--More--",
    day_zero=config.day_zero,
    intent=config.intent,
    login=cli.login,
    banner=_banner,
    greeting=_greeting,
    prompt=cli.prompt,
    step=cli.step,
    expire=rollback.expire,
    leave=cli.leave,
    message=_message,
    load=config.load,
    dump=config.dump,
    port_id=str,
    boot_seconds=180.0,
    furnish=software.furnish,
    boot=software.boot,
    finish=install.finish,
    resume=operate.resume,
    transfers=software.transfers,
    place=software.place,
)
