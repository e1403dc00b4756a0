"""IOS XE configuration mode: every line takes effect at once."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.cisco_xe import answers, config
from dcctl.lab.systems.cisco_xe.operate import run
from dcctl.lab.systems.cisco_xe.prompts import complaint

_KEYS_MADE = """\
% Generating 2048 bit RSA keys, keys will be non-exportable...
[OK] (elapsed time was 1 seconds)
"""


def to_exec(terminal: Terminal) -> Terminal:
    """Out of configuration mode."""
    return replace(terminal, mode="exec", path=())


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line in configuration mode."""
    text = line.strip()
    word, _, rest = text.partition(" ")
    if text == "end":
        return Reply(text="", element=element, terminal=to_exec(terminal))
    if text in ("ex", "exi", "exit", "exit-address-family", "quit"):
        up = replace(terminal, path=terminal.path[:-1]) if terminal.path else to_exec(terminal)
        return Reply(text="", element=element, terminal=up)
    if word == "do":
        inner = run(element, replace(terminal, mode="exec"), rest, around)
        back = replace(inner.terminal, mode=terminal.mode, path=terminal.path)
        return replace(inner, terminal=back)
    if word == "banner":
        return _banner(element, terminal, rest, around)
    if text.startswith("crypto key generate"):
        return Reply(text=_KEYS_MADE, element=element, terminal=terminal)
    return _setting(element, terminal, line, around)


def _setting(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    applied = config.apply(element.running, terminal.path, line, element.chassis)
    if applied.wrong:
        wrong = complaint(element, terminal, applied.wrong, line)
    else:
        wrong = applied.message or answers.semantic_complaint(
            applied.tree, element.running, applied.path
        )
    if wrong:
        return Reply(text=wrong, element=element, terminal=terminal)
    return _with_tree(element, replace(terminal, path=applied.path), applied.tree, around)


def _with_tree(element: Element, terminal: Terminal, tree: Tree, around: Surroundings) -> Reply:
    if tree is element.running:
        return Reply(text="", element=element, terminal=terminal)
    after = replace(element, running=tree, changed=around.now, changed_by=terminal.user)
    return Reply(text="", element=after, terminal=terminal, notes=(Note(kind="change"),))


def _banner(element: Element, terminal: Terminal, rest: str, around: Surroundings) -> Reply:
    kind, _, text = rest.partition(" ")
    if kind not in ("motd", "login", "exec", "incoming") or not text:
        wrong = Match(error="incomplete" if kind and not text else "invalid", column=7)
        return Reply(
            text=complaint(element, terminal, wrong, f"banner {rest}"),
            element=element,
            terminal=terminal,
        )
    mark, body = config.delimiter(text)
    if mark in body:
        tree = config.put_banner(element.running, f"banner {kind}", body.partition(mark)[0])
        return _with_tree(element, terminal, tree, around)
    waiting = replace(terminal, pending=f"banner {kind} {mark}", question="", block=(body,))
    text = f"Enter TEXT message.  End with the character '{mark}'.\n"
    return Reply(text=text, element=element, terminal=waiting)
