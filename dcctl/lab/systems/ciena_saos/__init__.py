"""Ciena SAOS 6.18 on a 3930, as far as public recordings show it: changes act at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.model import (
    Element,
    Happening,
    Note,
    Reply,
    Surroundings,
    System,
    Terminal,
)
from dcctl.lab.systems.ciena_saos import config, shows

_KINDS = {"word": lambda text: text}
_ACTIONS = (
    ("system shell set more (on|off)", "more"),
    ("system shell session set more (on|off)", "more"),
    ("configuration save", "save"),
    ("exit", "exit"),
    ("quit", "exit"),
    ("logout", "exit"),
)
_MASK = re.compile(r"(?P<kept>\b(?:secret|password|community)\s+)\S+.*$")


@cache
def _grammar() -> Grammar:
    rules = [*_ACTIONS, *((syntax, syntax) for syntax in shows.SHOWS)]
    return Grammar([Rule(syntax, action, i) for i, (syntax, action) in enumerate(rules)], _KINDS)


def _prompt(element: Element, _terminal: Terminal) -> str:
    """A star stands there while something is not saved."""
    star = "*" if config.brief(element.running) != config.brief(element.startup) else ""
    return f"{config.hostname(element.running)}{star}> "


def _step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    text = " ".join(line.split())
    if text in ("", "\x03", "\x1a", "\x04"):
        return Reply(text="", element=element, terminal=terminal)
    if text.endswith("?"):
        found = _grammar().continuations(text[:-1])
        shown = "".join(f"  {word}\n" for word in found)
        return Reply(text=shown, element=element, terminal=terminal)
    note = Note(kind="command", text=_MASK.sub(r"\g<kept>*****", text))
    match = _grammar().parse(text)
    if not match.error and match.rule is not None:
        reply = _known(element, terminal, match, around)
        return replace(reply, notes=(note, *reply.notes))
    after = config.apply(element.running, text)
    if after is None:
        lead = len(_prompt(element, terminal)) + match.column
        said = f"{' ' * lead}^\nSHELL PARSER FAILURE: {_wrong(match)}'{text}'\n"
        return Reply(text=said, element=element, terminal=terminal, notes=(note,))
    changed = replace(element, running=after, changed=around.now, changed_by=terminal.user)
    done = (note, Note(kind="change", text=note.text))
    return Reply(text="", element=changed, terminal=terminal, notes=done)


def _wrong(match: Match) -> str:
    return "incomplete command: " if match.error == "incomplete" else ""


def _known(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    action = match.rule.action if match.rule else ""
    if action in shows.SHOWS:
        text = shows.SHOWS[action](element, around, match.words)
        return Reply(text=text, element=element, terminal=terminal)
    if action == "more":
        length = 0 if match.words[-1] == "off" else 24
        return Reply(text="", element=element, terminal=replace(terminal, length=length))
    if action == "exit":
        return Reply(text="", element=element, terminal=replace(terminal, closed=True))
    saved = replace(element, startup=element.running, saved=around.now, saved_by=terminal.user)
    return Reply(text="", element=saved, terminal=terminal, notes=(Note(kind="save"),))


def _greeting(_element: Element, _terminal: Terminal, _around: Surroundings) -> str:
    return "\nSAOS is True Carrier Ethernet TM software.\nWelcome to the shell.\n"


def _message(element: Element, happening: Happening, time: float) -> str:
    at = datetime.fromtimestamp(time, UTC)
    state = "UP" if happening.up else "DOWN"
    name = config.hostname(element.running)
    return f"{at:%B} {at.day}, {at:%Y %H:%M:%S} [{name}] Port {happening.subject} link {state}"


SYSTEM = System(
    name="ciena_saos",
    title="Ciena SAOS",
    models=("3930", "3916", "5142"),
    more="[more 50%]",
    day_zero=config.day_zero,
    intent=config.intent,
    login=lambda _element, terminal: terminal,
    banner=lambda _element: "",
    greeting=_greeting,
    prompt=_prompt,
    step=_step,
    # SAOS 6 has no timer that brings a configuration back.
    expire=lambda element, _now: replace(element, timer=None),
    leave=lambda element, _terminal: element,
    message=_message,
    load=config.load,
    dump=config.dump,
    boot_seconds=90.0,
)
