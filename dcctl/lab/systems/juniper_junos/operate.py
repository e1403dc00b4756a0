"""The Junos command line: operational mode, pipes, errors; configuration mode is in `configure`."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.json_text import indented
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.software import Fetch, Fetched
from dcctl.lab.systems.juniper_junos import (
    answers,
    commits,
    configure,
    display_xml,
    entering,
    files,
    install,
    invoking,
    questions,
    software,
)
from dcctl.lab.systems.juniper_junos.intent import hostname
from dcctl.lab.systems.juniper_junos.pipes import piped, split

_KINDS = {
    "word": lambda text: text,
    "intf": lambda text: text if re.match(r"[a-z]+", text) else None,
}
_INVOKED = re.compile(
    r"(?P<command>show (?:version|system storage|system uptime).*?) invoke-on "
    r"(?P<where>all-routing-engines|other-routing-engine)"
)
_MASK = re.compile(
    r"(?P<kept>(?:encrypted-password|authentication-key|plain-text-password-value|secret|community|value)\s+)\S+.*$"
)


@cache
def grammar() -> Grammar:
    """The operational commands."""
    return Grammar(
        [Rule(syntax, action, i) for i, (syntax, action) in enumerate(answers.COMMANDS)], _KINDS
    )


def masked(line: str) -> str:
    """The line for a log."""
    return _MASK.sub(r"\g<kept>*****", line)


def prompt(element: Element, terminal: Terminal) -> str:
    """What stands before the cursor; Junos leaves an empty line before it."""
    if terminal.pending:
        return terminal.question
    name = f"{terminal.user}@{hostname(element.running)}"
    master = "{master}\n" if _paired(element) else ""
    if terminal.mode == "exec":
        return f"\n{master}{name}> "
    where = " ".join(["edit", *terminal.path])
    waiting = (
        f"# commit confirmed will be rolled back in {element.timer.minutes} minutes\n"
        if element.timer
        else ""
    )
    return f"\n{master}{waiting}[{where}]\n{name}# "


def _paired(element: Element) -> bool:
    return element.chassis.supervisors > 1 and software.graceful(element)


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line typed."""
    text = line.strip()
    if terminal.pending:
        return questions.answer(element, terminal, line, around)
    if text in ("", "\x03", "\x1a", "\x04"):
        return Reply(text="", element=element, terminal=terminal)
    if text.endswith("?"):
        return Reply(text=_help(terminal, line[:-1]), element=element, terminal=terminal)
    note = Note(kind="command", text=masked(text))
    if terminal.mode == "exec":
        reply = run(element, terminal, line, around)
    else:
        reply = configure.step(element, terminal, line, around, run)
    return replace(reply, notes=(note, *reply.notes))


def _help(terminal: Terminal, line: str) -> str:
    if terminal.mode != "exec":
        return "Possible completions:\n" + "".join(f"  {word}\n" for word in configure.VERBS)
    found = grammar().continuations(line)
    if not found:
        return "No valid completions\n"
    return "Possible completions:\n" + "".join(f"  {word}\n" for word in found)


def run(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One operational command."""
    command, *pipes = [part.strip() for part in split(line)]
    invoked = _INVOKED.fullmatch(command)
    command = invoked["command"] if invoked else command
    match = grammar().parse(command)
    if match.error or match.rule is None:
        lead = len(line) - len(line.lstrip())
        text = complaint(element, terminal, match, command, lead)
        return Reply(text=text, element=element, terminal=terminal)
    action = match.rule.action
    scene = Scene(
        element=element,
        terminal=terminal,
        around=around,
        arguments=match.arguments,
        line=match.text,
    )
    if action in answers.SHOWS:
        wants = [pipe.partition(" ")[2] for pipe in pipes if pipe.startswith("d")]
        where = invoked["where"] if invoked else ""
        form = wants[0].split()[0] if wants else ""
        text = _displayed(answers.SHOWS[action], scene, form, where)
        return Reply(text=piped(text, pipes), element=element, terminal=terminal)
    return entering.ACTIONS[action](scene)


def _displayed(show: answers.Show, scene: Scene, form: str, where: str) -> str:
    dump = display_xml.reply if form == "xml" else _json
    if where:
        return invoking.displayed(show, scene, form if form in ("json", "xml") else "", where, dump)
    if form in ("json", "xml"):
        data = show.data(scene) if show.data else {}
        # What Junos says in words it says in no other form.
        return data if isinstance(data, str) else dump(data)
    if form == "set" and show.lines:
        return "".join(f"{line}\n" for line in show.lines(scene))
    return show.text(scene)


def _json(data: Any) -> str:
    return indented(data) + "\n" if data else "{\n}\n"


def complaint(
    element: Element, terminal: Terminal, match: Match, command: str, lead: int = 0
) -> str:
    """What Junos says of a command that it does not know."""
    before = len(prompt(element, terminal).rsplit("\n", 1)[-1]) + lead
    caret = " " * (before + match.column) + "^\n"
    if match.error == "ambiguous":
        token = command[match.column :].partition(" ")[0]
        return f"{caret}'{token}' is ambiguous.\n"
    if match.error == "invalid" and not match.words:
        return f"{caret}unknown command.\n"
    return f"{caret}syntax error, expecting <command>.\n"


def resume(
    element: Element, terminal: Terminal, result: Fetched | None, around: Surroundings
) -> Reply:
    """What the terminal waited for came to its end."""
    if result is not None and isinstance(terminal.awaits, Fetch):
        return files.pulled(element, terminal, terminal.awaits, result, around)
    return install.told(element, terminal)


def login(_element: Element, terminal: Terminal) -> Terminal:
    """A fresh terminal."""
    return terminal


def leave(element: Element, terminal: Terminal) -> Element:
    """The session ended."""
    return commits.leave(element, terminal)
