"""The IOS XE command line: which mode a line goes to, help, logins."""

from __future__ import annotations

import re
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.systems.cisco_xe import answers, config, configure, operate, secrets
from dcctl.lab.systems.cisco_xe.commands import grammar_of


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line typed."""
    if terminal.pending:
        return answers.answer(element, terminal, line, around)
    note = Note(kind="command", text=secrets.masked(line.strip()))
    text = line.strip()
    if text in ("\x1a", "\x03"):
        return Reply(text="", element=element, terminal=configure.to_exec(terminal))
    if not text or text.startswith("!"):
        return Reply(text="", element=element, terminal=terminal)
    if text.endswith("?"):
        return Reply(text=_help(terminal, line.rstrip()[:-1]), element=element, terminal=terminal)
    run = operate.run if terminal.mode == "exec" else configure.step
    reply = run(element, terminal, line.rstrip(), around)
    return replace(reply, notes=(note, *reply.notes))


def _help(terminal: Terminal, line: str) -> str:
    grammar = (
        operate.exec_grammar(terminal.privilege)
        if terminal.mode == "exec"
        else grammar_of(config.modes(terminal.path)[-1])
    )
    found = grammar.continuations(line)
    if not found:
        return "% Unrecognized command\n"
    return "".join(f"  {word}\n" for word in found) + "\n"


# --- configuration mode ---------------------------------------------------------------------------------------


def leave(element: Element, _terminal: Terminal) -> Element:
    """The session ended: what it changed stays."""
    return element


def login(element: Element, terminal: Terminal) -> Terminal:
    """A fresh terminal: its privilege is the user's."""
    for label in element.running:
        found = re.match(r"username (\S+) (?:privilege (\d+) )?", label)
        if found and found.group(1) == terminal.user:
            return replace(terminal, privilege=int(found.group(2) or 1))
    return terminal
