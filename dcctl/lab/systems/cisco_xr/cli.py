"""The IOS XR command line: exec mode, its errors, pipes and time stamps."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.systems.cisco_xr import answers, commits, configure, questions, secrets
from dcctl.lab.systems.cisco_xr.config import modes
from dcctl.lab.systems.cisco_xr.intent import hostname
from dcctl.lab.systems.cisco_xr.kinds import KINDS
from dcctl.lab.systems.cisco_xr.pipes import piped
from dcctl.lab.systems.cisco_xr.scene import NODE, Scene, stamp

_BREAKS = ("\x1a", "\x03", "\x04")


@cache
def exec_grammar() -> Grammar:
    """The commands at `#`."""
    rules = [Rule(syntax, action, i) for i, (syntax, action) in enumerate(answers.EXEC)]
    return Grammar(rules, KINDS)


@cache
def show_grammar() -> Grammar:
    """The `show` commands that configuration mode has besides."""
    rules = [Rule(syntax, action, i) for i, (syntax, action) in enumerate(answers.IN_CONFIGURATION)]
    return Grammar(rules, KINDS)


def prompt(element: Element, terminal: Terminal) -> str:
    """What stands before the cursor."""
    if terminal.pending:
        return terminal.question
    return at(element, "" if terminal.mode == "exec" else modes(terminal.path)[-1])


def at(element: Element, mode: str) -> str:
    """The prompt of a configuration mode, or of exec."""
    inside = f"({mode})" if mode else ""
    return f"RP/{NODE}:{hostname(element.running)}{inside}#"


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line typed."""
    if terminal.pending:
        return questions.answer(element, terminal, line, around)
    text = line.strip()
    if text in _BREAKS:
        return Reply(text="", element=element, terminal=terminal)
    if not text or text.startswith("!"):
        return Reply(text="", element=element, terminal=terminal)
    if text.endswith("?"):
        return Reply(text=_help(terminal, line.rstrip()[:-1]), element=element, terminal=terminal)
    note = Note(kind="command", text=secrets.masked(text))
    if terminal.mode == "exec":
        reply = execute(element, terminal, line.rstrip(), around)
    else:
        reply = _configuring(element, terminal, line.rstrip(), around)
    return replace(reply, notes=(note, *reply.notes))


def _help(terminal: Terminal, line: str) -> str:
    if terminal.mode == "exec":
        found = exec_grammar().continuations(line)
    else:
        found = configure.continuations(terminal, line)
    if not found:
        return "% Unrecognized command\n"
    return "".join(f"  {word}\n" for word in found)


def complaint(element: Element, terminal: Terminal, match: Match, line: str) -> str:
    """What IOS XR says of a line that it does not take."""
    if match.error == "ambiguous":
        return f'% Ambiguous command:  "{line.strip()}"\n'
    if match.error == "incomplete":
        return "% Incomplete command.\n"
    column = len(prompt(element, terminal)) + match.column
    return f"{' ' * column}^\n% Invalid input detected at '^' marker.\n"


def stamped(element: Element, terminal: Terminal, around: Surroundings, text: str) -> str:
    """An answer below its time stamp, unless that is switched off."""
    off = "no-timestamp" in terminal.flags
    off = off or "timestamp disable" in element.running.get("line default", {})
    return text if off else f"{stamp(element.running, around.clock)}\n{text}"


def execute(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One exec command with its pipes."""
    command, *pipes = re.split(r"\s+\|\s+", line)
    return _matched(exec_grammar(), element, terminal, (line, command, pipes), around)


def _matched(
    grammar: Grammar,
    element: Element,
    terminal: Terminal,
    typed: tuple[str, str, list[str]],
    around: Surroundings,
) -> Reply:
    line, command, pipes = typed
    match = grammar.parse(command)
    if match.error or match.rule is None:
        wrong = complaint(element, terminal, match, line)
        return Reply(text=wrong, element=element, terminal=terminal)
    scene = Scene(
        element=element,
        terminal=terminal,
        around=around,
        arguments=match.arguments,
        line=match.text,
    )
    show = answers.SHOWS.get(match.rule.action)
    if show is None:
        reply = answers.ACTIONS[match.rule.action](scene)
        quiet = match.rule.action in answers.UNSTAMPED
        text = reply.text if quiet else stamped(element, terminal, around, reply.text)
        return replace(reply, text=text)
    # The time stamp is no part of what goes through the pipes.
    text = stamped(element, terminal, around, piped(show(scene), pipes))
    return Reply(text=text, element=element, terminal=terminal)


def _configuring(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    text = line.strip()
    word, _, rest = text.partition(" ")
    if word == "do" and rest:
        inner = execute(element, replace(terminal, mode="exec"), rest, around)
        back = replace(inner.terminal, mode=terminal.mode, path=terminal.path)
        return replace(inner, terminal=back)
    if word in ("sh", "sho", "show"):
        command, *pipes = re.split(r"\s+\|\s+", line)
        own = show_grammar().parse(command)
        grammar = exec_grammar() if own.error else show_grammar()
        return _matched(grammar, element, terminal, (line, command, pipes), around)
    reply = configure.step(element, terminal, line, around)
    if reply.text.startswith(configure.WRONG):
        found = configure.wrong(element, terminal, line)
        return replace(reply, text=complaint(element, terminal, found, line))
    if word in ("commit", "abort", "rollback", "load"):
        return replace(reply, text=stamped(element, terminal, around, reply.text))
    return reply


def leave(element: Element, terminal: Terminal) -> Element:
    """The session is gone: its target and lock with it; a trial of its lasts until its time is up."""
    return commits.unlocked(element, terminal)


def login(_element: Element, terminal: Terminal) -> Terminal:
    """A fresh terminal."""
    return terminal
