"""Nokia SR OS 23.10 on a 7750, model-driven, as its documentation and recorded answers show it."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.model import Chassis, Element, Happening, Surroundings, System, Terminal
from dcctl.lab.elements.tree import EMPTY, Tree, get, value
from dcctl.lab.systems.nokia_sros import (
    commits,
    config,
    intent,
    operate,
    software,
    standby,
    writing,
)
from dcctl.lab.systems.nokia_sros.scene import build


def _banner(element: Element) -> str:
    control = get(element.running, ("configure", "system", "login-control")) or EMPTY
    message = value(intent.at(control, "pre-login-message"), "message")
    return message.replace("\\n", "\n") + "\n" if message else ""


def _greeting(element: Element, _terminal: Terminal, _around: Surroundings) -> str:
    control = get(element.running, ("configure", "system", "login-control")) or EMPTY
    text = value(intent.at(control, "motd"), "text").replace("\\n", "\n")
    copyright_ = (
        ""
        if value(control, "login-banner") == "false"
        else "\n".join(build(element.software.release)) + "\n"
    )
    return copyright_ + (f"\n{text}\n" if text else "")


def _load(_chassis: Chassis, tree: Tree, text: str) -> Tree:
    """Configuration text on top of a tree; a word that the model doesn't know is passed over."""
    context: config.Path = ()
    braces: tuple[config.Path, ...] = ()
    for line in text.splitlines():
        words = config.tokens(line)
        if not words or line.lstrip().startswith("#"):
            continue
        try:
            if words[0].text == "delete":
                tree = config.delete(tree, context, words[1:])
                continue
            place = config.edit(tree, context, words, braces)
        except config.ElementError:
            continue
        tree, context, braces = place.tree, place.context, place.braces
    return tree


def _dump(_chassis: Chassis, tree: Tree) -> str:
    return "".join(f"{line}\n" for line in writing.info(tree, (), depth=0))


def _message(element: Element, happening: Happening, time: float) -> str:
    at = datetime.fromtimestamp(time, UTC)
    head = f"{at:%Y/%m/%d %H:%M:%S}.{int(time * 1000) % 1000:03d} UTC"
    name = intent.interface_on(element.running, happening.subject)[0] or happening.subject
    if happening.kind == "link":
        state = "is operational" if happening.up else "is not operational"
        return (
            f"{head} WARNING: SNMP #200{5 if happening.up else 4} Base {happening.subject}\n"
            f'"Interface {happening.subject} {state}"'
        )
    state = "up" if happening.up else "down"
    kind = happening.kind.upper()
    return (
        f"{head} WARNING: {kind} #2045 Base VR:  1 \n"
        f'"Adjacency status changed to {state} for interface: {name}, neighbor {happening.neighbor}"'
    )


SYSTEM = System(
    name="nokia_sros",
    title="Nokia SR OS",
    models=("7750 SR-7", "7750 SR-1"),
    more="Press any key to continue (Q to quit)",
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
    load=_load,
    dump=_dump,
    boot_seconds=150.0,
    furnish=software.furnish,
    boot=software.boot,
    finish=standby.finish,
    resume=operate.resume,
    transfers=software.transfers,
    place=software.place,
)
