"""The NX-OS command line: prompts, help, and which mode a line goes to."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.systems.cisco_nxos import config, configure, operate
from dcctl.lab.systems.cisco_nxos.config import DIALECT

_PROMPTS = {
    "router-isis": "config-router",
    "router-ospf": "config-router",
    "router-bgp": "config-router",
    "router-isis-af": "config-router-af",
    "router-af": "config-router-af",
    "neighbor": "config-router-neighbor",
    "neighbor-af": "config-router-neighbor-af",
    "mpls-ldp": "config-ldp",
    "any": "config-any",
}


def prompt(element: Element, terminal: Terminal) -> str:
    """What stands before the cursor."""
    if terminal.pending:
        return terminal.question
    host = config.hostname(element.running)
    if terminal.mode == "exec":
        return f"{host}# "
    if not terminal.path:
        return f"{host}(config)# "
    mode = DIALECT.mode_of(terminal.path)
    return f"{host}({_PROMPTS.get(mode, f'config-{mode}')})# "


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line typed."""
    if terminal.pending:
        asked = configure.banner if terminal.pending.startswith("banner") else operate.answer
        return asked(element, terminal, line, around)
    text = line.strip()
    if text in ("\x1a", "\x03"):
        return Reply(text="", element=element, terminal=configure.to_exec(terminal))
    if not text or text.startswith("!"):
        return Reply(text="", element=element, terminal=terminal)
    if text.endswith("?"):
        return Reply(
            text=_help(element, terminal, line.rstrip()[:-1]), element=element, terminal=terminal
        )
    if terminal.mode == "exec":
        reply = operate.run(element, terminal, line.rstrip(), around)
    else:
        reply = configure.step(
            element,
            terminal,
            line.rstrip(),
            around,
            prompt=prompt(element, terminal),
            run=operate.run,
        )
    note = Note(kind="command", text=config.masked(text))
    return replace(reply, notes=(note, *reply.notes))


def _help(element: Element, terminal: Terminal, line: str) -> str:
    on = config.features(element.running)
    grammar = (
        operate.exec_grammar(on)
        if terminal.mode == "exec"
        else DIALECT.grammar(DIALECT.mode_of(terminal.path), on)
    )
    found = grammar.continuations(line)
    return "".join(f"  {word}\n" for word in found) + "\n" if found else "% Invalid command\n"


def leave(element: Element, _terminal: Terminal) -> Element:
    """The session ended: what it changed stays."""
    return element


def login(_element: Element, terminal: Terminal) -> Terminal:
    """A fresh terminal: the lab's account is a network-admin."""
    return terminal
