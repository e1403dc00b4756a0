"""The EOS command line: prompts, help, and which mode a line goes to."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.systems.arista_eos import config, configure, kinds, operate
from dcctl.lab.systems.arista_eos.config import DIALECT

_PROMPTS = {
    "std-acl": "std-acl-",
    "acl": "acl-",
    "vrf": "vrf-",
    "vlan": "vlan-",
    "any": "",
    "builtin-unit": "builtin-unit-",
}
_SHORT_NAME = 6  # of a session, in the prompt


def prompt(element: Element, terminal: Terminal) -> str:
    """What stands before the cursor."""
    if terminal.pending:
        return terminal.question
    host = config.hostname(element.running)
    if terminal.mode == "exec":
        return f"{host}{'#' if terminal.privilege > 1 else '>'}"
    name = configure.session_of(terminal)
    parts = ["config"] + (["s", name[:_SHORT_NAME]] if name else [])
    if terminal.path:
        parts.append(_mode_name(terminal.path))
    return f"{host}({'-'.join(parts)})#"


def _mode_name(path: tuple[str, ...]) -> str:
    mode, label = DIALECT.mode_of(path), path[-1]
    if mode == "if":
        return f"if-{kinds.short(label.partition(' ')[2])}"
    if mode == "mgmt":
        return f"mgmt-{label.rpartition(' ')[2]}"
    if mode in _PROMPTS:
        return f"{_PROMPTS[mode]}{label.rpartition(' ')[2]}"
    return mode


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
        return Reply(text=_help(terminal, line.rstrip()[:-1]), element=element, terminal=terminal)
    if terminal.mode == "exec":
        reply = operate.run(element, terminal, line.rstrip(), around)
    else:
        reply = configure.step(element, terminal, line.rstrip(), around, operate.run)
    note = Note(kind="command", text=config.masked(text))
    return replace(reply, notes=(note, *reply.notes))


def _help(terminal: Terminal, line: str) -> str:
    in_exec = terminal.mode == "exec"
    grammar = (
        operate.exec_grammar(terminal.privilege)
        if in_exec
        else DIALECT.grammar(DIALECT.mode_of(terminal.path))
    )
    found = grammar.continuations(line)
    return "".join(f"  {word}\n" for word in found) + "\n" if found else "% Unrecognized command\n"


def leave(element: Element, _terminal: Terminal) -> Element:
    """The connection is gone: a pending session stays, to be entered again."""
    return element


def login(element: Element, terminal: Terminal) -> Terminal:
    """At `#` only where the exec is authorised; else at `>`."""
    privileged = any(
        label.startswith("aaa authorization exec default") for label in element.running
    )
    return replace(terminal, privilege=15 if privileged else 1)
