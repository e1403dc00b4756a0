"""EOS exec mode: which commands there are and what they do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.json_text import indented
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Fetch, Fetched
from dcctl.lab.systems.arista_eos import configure, files, install, kinds, reloading, shows
from dcctl.lab.systems.arista_eos.pipes import piped
from dcctl.lab.systems.arista_eos.scene import Scene

_EXEC = (
    ("enable", "enable", 1),
    ("disable", "disable", 1),
    ("(exit|logout|quit)", "exit", 1),
    ("terminal length <int:0-32767>", "length", 1),
    ("terminal width <int:10-32767>", "width", 1),
    ("terminal (monitor|dont-ask|history) [<line>]", "nothing", 1),
    ("configure [terminal]", "configure", 15),
    ("configure session [<word>]", "session", 15),
    ("configure session <word> commit [timer <time>]", "session-commit", 15),
    ("configure session <word> abort", "session-abort", 15),
    ("no configure session <word>", "session-abort", 15),
    ("configure checkpoint save <word>", "nothing", 15),
    ("write [memory]", "write", 15),
    ("copy running-config startup-config", "write", 15),
    ("reload [(now|in <int:1-11520>|cancel)]", "reload", 15),
    ("clear (counters|logging) [<line>]", "nothing", 15),
    *files.COMMANDS,
    *install.COMMANDS,
)


@cache
def exec_grammar(privilege: int) -> Grammar:
    """The commands at `>` (privilege 1) or `#`."""
    rules = [
        Rule(syntax, action, order)
        for order, (syntax, action, level) in enumerate((*_EXEC, *shows.COMMANDS))
        if privilege >= level
    ]
    return Grammar(rules, kinds.KINDS)


def run(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One exec command."""
    command, *pipes = re.split(r"\s\|\s", line)
    match = exec_grammar(terminal.privilege).parse(command)
    if match.error or match.rule is None:
        return Reply(text=configure.complaint(match, command), element=element, terminal=terminal)
    action = match.rule.action
    if action.startswith("show:"):
        scene = Scene(
            element=element,
            terminal=terminal,
            around=around,
            arguments=match.arguments,
            line=match.text,
            session=configure.session_of(terminal),
        )
        text = _shown(scene, action.removeprefix("show:"), [pipe.strip() for pipe in pipes])
        return Reply(text=text, element=element, terminal=terminal)
    return _ACTIONS[action](element, terminal, match, around)


def _shown(scene: Scene, name: str, pipes: list[str]) -> str:
    words = pipes[0].split() if pipes else []
    if words and "json".startswith(words[0]) and len(words[0]) > 1:
        data = shows.DATA.get(name)
        if data is None:
            return "% This is an unconverted command\n"
        found = data(scene)
        text = indented(found) + "\n"
        pipes = pipes[1:]
    else:
        text = shows.TEXT[name](scene)
    for pipe in pipes:
        text = piped(text, pipe)
    return text


def _configure_terminal(
    element: Element, terminal: Terminal, _match: Match, _around: Surroundings
) -> Reply:
    inside = replace(terminal, mode="config", path=(), flags=frozenset())
    return Reply(text="", element=element, terminal=inside)


def _session_commit(
    element: Element, terminal: Terminal, match: Match, around: Surroundings
) -> Reply:
    name, *timer = match.arguments
    return configure.commit(element, terminal, name, timer[0] if timer else "", around)


def _session_abort(
    element: Element, terminal: Terminal, match: Match, around: Surroundings
) -> Reply:
    return configure.abort(element, terminal, match.arguments[0], around)


def _write(element: Element, terminal: Terminal, _match: Match, around: Surroundings) -> Reply:
    after = replace(element, startup=element.running, saved=around.now, saved_by=terminal.user)
    text = "Copy completed successfully.\n"
    return Reply(text=text, element=after, terminal=terminal, notes=(Note(kind="save"),))


def _enable(element: Element, terminal: Terminal, _match: Match, _around: Surroundings) -> Reply:
    # The password that `enable` may ask for is not played: the lab's account has all rights.
    return Reply(text="", element=element, terminal=replace(terminal, privilege=15))


def _changed(**changes: object) -> Callable[..., Reply]:
    def act(element: Element, terminal: Terminal, _match: Match, _around: Surroundings) -> Reply:
        changed = replace(terminal, **changes)  # type: ignore[arg-type]  # fields of any type
        return Reply(text="", element=element, terminal=changed)

    return act


def _sized(name: str, words: str) -> Callable[..., Reply]:
    def act(element: Element, terminal: Terminal, match: Match, _around: Surroundings) -> Reply:
        number = int(match.arguments[0])
        changed = replace(terminal, **{name: number})  # type: ignore[arg-type]  # a number's field
        return Reply(text=words.format(number=number), element=element, terminal=changed)

    return act


_ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "enable": _enable,
    "disable": _changed(privilege=1),
    "exit": _changed(closed=True),
    "length": _sized("length", "Pagination disabled.\n"),
    "width": _sized("width", "Width set to {number} columns.\n"),
    "nothing": _changed(),
    "configure": _configure_terminal,
    "session": configure.enter,
    "session-commit": _session_commit,
    "session-abort": _session_abort,
    "write": _write,
    "reload": reloading.reload,
    **files.ACTIONS,
    **install.ACTIONS,
}


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to a question: a password, or one before a reload."""
    what, _, detail = terminal.pending.partition(" ")
    if what == "copy":
        calm = replace(terminal, pending="", question="", expects="line")
        return files.password(element, calm, line, detail, around)
    return reloading.answer(element, terminal, line, around)


def resume(
    element: Element, terminal: Terminal, result: Fetched | None, around: Surroundings
) -> Reply:
    """What the terminal waited for came to its end."""
    if result is not None and isinstance(terminal.awaits, Fetch):
        return files.pulled(element, terminal, terminal.awaits, result, around)
    return install.told(element, terminal)
