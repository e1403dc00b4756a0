"""NX-OS configuration mode: every line takes effect at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.cisco_nxos import config, maintenance, rollback, software
from dcctl.lab.systems.cisco_nxos.config import DIALECT

Run = Callable[[Element, Terminal, str, Surroundings], Reply]


def to_exec(terminal: Terminal) -> Terminal:
    """Out of configuration mode."""
    return replace(terminal, mode="exec", path=())


def complaint(match: Match, prompt: str) -> str:
    """What NX-OS says of a line that it does not take."""
    kind = {"ambiguous": "Ambiguous", "incomplete": "Incomplete"}.get(match.error, "Invalid")
    return f"{' ' * (len(prompt) + match.column)}^\n% {kind} command at '^' marker.\n"


def step(
    element: Element,
    terminal: Terminal,
    line: str,
    around: Surroundings,
    *,
    prompt: str,
    run: Run,
) -> Reply:
    """One line in configuration mode; `run` does an exec command, which works here too."""
    text = line.strip()
    word, _, rest = text.partition(" ")
    if text in ("end", "exit", "ex", "exi"):
        up = to_exec(terminal)
        if text != "end" and terminal.path:
            up = replace(terminal, path=terminal.path[:-1])
        return Reply(text="", element=element, terminal=up)
    in_job = bool(terminal.path) and DIALECT.mode_of(terminal.path) == "job"
    if in_job and text == "end-job":
        return Reply(text="", element=element, terminal=replace(terminal, path=terminal.path[:-1]))
    if word == "banner" and not in_job:
        return _banner(element, terminal, rest, around, prompt)
    reply = _setting(element, terminal, line, around, prompt)
    if not reply.text.rstrip().endswith("at '^' marker."):
        return reply
    # What configuration mode does not know may be an exec command.
    inner = run(element, terminal, text, around)
    if inner.text.rstrip().endswith("at '^' marker."):
        return reply
    return replace(inner, terminal=replace(inner.terminal, mode="config", path=terminal.path))


def _setting(
    element: Element, terminal: Terminal, line: str, around: Surroundings, prompt: str
) -> Reply:
    tree, path = element.running, terminal.path
    text = line.strip()
    if maintenance.asked(text):
        return maintenance.begin(element, replace(terminal, path=()), text, around)
    if text.startswith("boot nxos ") and (why := _unbootable(element, text.split()[2])):
        return Reply(text=why, element=element, terminal=terminal)
    if path:
        text = rollback.absolute(text, around.clock, config.zone(tree))
    moved = text != line.strip()
    for one in config.expanded(text if moved else line):
        applied = DIALECT.apply(tree, path, one, element.chassis)
        if applied.wrong:
            wrong = complaint(applied.wrong, prompt)
            return Reply(text=wrong, element=element, terminal=terminal)
        tree, path = applied.tree, applied.path
    refused = _refused(element.running, tree)
    if refused:
        return Reply(text=refused, element=element, terminal=terminal)
    text = _warning(element.running, tree, path)
    return _with_tree(element, replace(terminal, path=path), tree, around, text)


def _unbootable(element: Element, path: str) -> str:
    """What NX-OS says of an image that it can't boot, when it is to be the boot variable."""
    why = software.flaw(software.found(element, path))
    return f"ERROR: {software.shown(path)}: {why}\n" if why else ""


def _refused(before: Tree, after: Tree) -> str:
    """What NX-OS refuses though the grammar takes it: a second BGP instance."""
    old = [label for label in before if label.startswith("router bgp ")]
    new = [label for label in after if label.startswith("router bgp ")]
    if old and len(new) > len(old):
        return f"BGP is already running; AS is {old[0].rpartition(' ')[2]}\n"
    return ""


def _warning(before: Tree, after: Tree, path: tuple[str, ...]) -> str:
    if not path or not path[-1].startswith("interface "):
        return ""
    old, new = before.get(path[-1], {}), after.get(path[-1], {})
    if [one for one in old if one[:11] == "vrf member "] != [
        one for one in new if one[:11] == "vrf member "
    ]:
        return f"Warning: Deleted all L3 config on interface {path[-1].partition(' ')[2]}\n"
    return ""


def _with_tree(
    element: Element, terminal: Terminal, tree: Tree, around: Surroundings, text: str = ""
) -> Reply:
    if tree is element.running:
        return Reply(text="", element=element, terminal=terminal)
    after = replace(element, running=tree, changed=around.now, changed_by=terminal.user)
    return Reply(
        text=text,
        element=rollback.armed(after),
        terminal=terminal,
        notes=(Note(kind="change"),),
    )


def _banner(
    element: Element, terminal: Terminal, rest: str, around: Surroundings, prompt: str
) -> Reply:
    kind, _, text = rest.partition(" ")
    if kind not in ("motd", "exec") or not text.strip():
        wrong = Match(error="incomplete" if kind and not text else "invalid", column=7)
        return Reply(text=complaint(wrong, prompt), element=element, terminal=terminal)
    mark, body = text[0], text[1:]
    if mark in body:
        tree = config.put_banner(element.running, kind, body.partition(mark)[0])
        return _with_tree(element, terminal, tree, around)
    waiting = replace(terminal, pending=f"banner {kind} {mark}", question="> ", block=(body,))
    text = f"Enter TEXT message. End with the character '{mark}'.\n"
    return Reply(text=text, element=element, terminal=waiting)


def banner(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """A line of a banner; its mark ends it."""
    _, kind, mark = terminal.pending.split(" ", 2)
    block = (*terminal.block, line.rstrip("\r"))
    if mark not in line:
        return Reply(text="", element=element, terminal=replace(terminal, block=block))
    tree = config.put_banner(element.running, kind, "\n".join(block).partition(mark)[0])
    calm = replace(terminal, pending="", question="", block=())
    return _with_tree(element, calm, tree, around)
