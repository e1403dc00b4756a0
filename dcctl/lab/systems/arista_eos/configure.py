"""EOS configuration mode, with and without a session: lines, banners, commit, abort."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.arista_eos import config, install, sessions
from dcctl.lab.systems.arista_eos.config import DIALECT

_BOOT = re.compile(r"boot system (\S+)")  # written to boot-config at once, be it in a session

Run = Callable[[Element, Terminal, str, Surroundings], Reply]


def session_of(terminal: Terminal) -> str:
    """The session that this terminal edits, or nothing."""
    return next((flag[2:] for flag in terminal.flags if flag.startswith("s:")), "")


def tree_of(element: Element, terminal: Terminal, now: float) -> Tree:
    """The configuration that this terminal edits."""
    name = session_of(terminal)
    found = sessions.find(element, name, now) if name else None
    return found.tree if found else element.running


def to_exec(terminal: Terminal) -> Terminal:
    """Out of configuration mode."""
    return replace(terminal, mode="exec", path=(), flags=frozenset())


def complaint(match: Match, line: str) -> str:
    """What EOS says of a line that it does not take."""
    if match.error == "incomplete":
        return "% Incomplete command\n"
    words = [(found.start(), found.group()) for found in re.finditer(r"\S+", line)]
    at = next((n for n, (start, _) in enumerate(words, 1) if start >= match.column), len(words))
    kind = "Ambiguous command" if match.error == "ambiguous" else "Invalid input"
    token = words[at - 1][1] if words else ""
    return (
        f"% {kind} (at token {at}: '{token}')\n"
        if at > 1 or kind[0] == "A"
        else "% Invalid input\n"
    )


def enter(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    """`configure session [NAME]`."""
    name = match.arguments[0] if match.arguments else f"sess-{terminal.number}"
    found = sessions.find(element, name, around.now)
    if found and found.how != sessions.PENDING:
        state = "completed" if found.how == sessions.COMPLETED else "waiting for its commit timer"
        text = f"% Cannot enter session {name} (session is {state})\n"
        return Reply(text=text, element=element, terminal=terminal)
    if found is None:
        waiting = [one for one in sessions.sessions(element, around.now) if one.how == "pending"]
        if len(waiting) >= sessions.OPEN:
            text = "% Maximum number of pending sessions has been reached. Please commit or abort previous sessions before creating a new one.\n"
            return Reply(text=text, element=element, terminal=terminal)
        element = sessions.opened(element, terminal, name, around.now)
    inside = replace(terminal, mode="config", path=(), flags=frozenset({f"s:{name}"}))
    return Reply(text="", element=element, terminal=inside)


def _seconds(text: str) -> int:
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return 3600 * hours + 60 * minutes + seconds


def commit(
    element: Element, terminal: Terminal, name: str, timer: str, around: Surroundings
) -> Reply:
    """`commit [timer T]` in a session, or `configure session NAME commit [timer T]`."""
    found = sessions.find(element, name, around.now)
    calm = to_exec(terminal)
    if found is None or found.how == sessions.COMPLETED:
        text = f"% Cannot commit session {name} (session does not exist)\n"
        return Reply(text=text, element=element, terminal=terminal)
    if found.how == sessions.ON_TRIAL:
        after = sessions.confirmed(element, found, around.now)
        return Reply(text="", element=after, terminal=calm, notes=(Note(kind="confirm"),))
    if element.timer:
        text = f"% Cannot commit session {name}: commit timer of session {element.timer.persist} is running\n"
        return Reply(text=text, element=element, terminal=terminal)
    seconds = _seconds(timer) if timer else 0
    after = sessions.committed(element, terminal, found, around.now, seconds)
    return Reply(text="", element=after, terminal=calm, notes=(Note(kind="commit", text=name),))


def abort(element: Element, terminal: Terminal, name: str, around: Surroundings) -> Reply:
    """`abort` in a session, or `configure session NAME abort`."""
    found = sessions.find(element, name, around.now)
    if found is None or found.how == sessions.COMPLETED:
        text = f"% Cannot abort session {name} (session does not exist)\n"
        return Reply(text=text, element=element, terminal=terminal)
    kind = "revert" if found.how == sessions.ON_TRIAL else "command"
    after = sessions.aborted(element, name, around.now)
    return Reply(text="", element=after, terminal=to_exec(terminal), notes=(Note(kind=kind),))


# --- lines ------------------------------------------------------------------------------------


def step(element: Element, terminal: Terminal, line: str, around: Surroundings, run: Run) -> Reply:
    """One line in configuration mode; `run` does an exec command."""
    text = line.strip()
    word, _, rest = text.partition(" ")
    if text in ("end", "ex", "exi", "exit", "quit"):
        return Reply(text="", element=element, terminal=_up(terminal, text))
    name = session_of(terminal)
    if name and word in ("commit", "abort", "rollback"):
        return _session_verb(element, terminal, text, name, around)
    if word in ("show", "sh", "do", "write", "copy"):
        inner = run(element, terminal, rest if word == "do" else text, around)
        back = replace(inner.terminal, mode=terminal.mode, path=terminal.path, flags=terminal.flags)
        return replace(inner, terminal=back)
    if word == "banner" and rest in ("login", "motd"):
        asking = replace(terminal, pending=f"banner {rest}", question="", block=())
        text = "Enter TEXT message. Type 'EOF' on its own line to end.\n"
        return Reply(text=text, element=element, terminal=asking)
    return _setting(element, terminal, line, around)


def _up(terminal: Terminal, text: str) -> Terminal:
    if text == "end" or not terminal.path:
        return to_exec(terminal)
    return replace(terminal, path=terminal.path[:-1])


def _session_verb(
    element: Element, terminal: Terminal, text: str, name: str, around: Surroundings
) -> Reply:
    found = re.fullmatch(r"commit(?: timer (\d{1,2}:\d{1,2}:\d{1,2}))?", text)
    if found:
        return commit(element, terminal, name, found.group(1) or "", around)
    if text == "abort":
        return abort(element, terminal, name, around)
    if text == "rollback clean-config":
        empty = config.day_zero(replace(element.chassis, management_address="", username="admin"))
        return _with_tree(element, terminal, empty, around)
    return Reply(text="% Invalid input\n", element=element, terminal=terminal)


def banner(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """A line of a banner; `EOF` ends it."""
    if line.strip().lower() != "eof":
        more = replace(terminal, block=(*terminal.block, line.rstrip("\r")))
        return Reply(text="", element=element, terminal=more)
    tree = config.put_banner(
        tree_of(element, terminal, around.now), terminal.pending, "\n".join(terminal.block)
    )
    calm = replace(terminal, pending="", question="", block=())
    return _with_tree(element, calm, tree, around)


def _setting(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    tree = tree_of(element, terminal, around.now)
    applied = DIALECT.apply(tree, terminal.path, line, element.chassis)
    wrong = complaint(applied.wrong, line) if applied.wrong else _refused(tree, applied.tree)
    if wrong:
        return Reply(text=wrong, element=element, terminal=terminal)
    if not terminal.path and (found := _BOOT.fullmatch(line.strip())):
        fresh, text = install.boot_system(element, found[1], around.now)
        note = Note(kind="change", text=line.strip())
        return Reply(text=text, element=fresh, terminal=terminal, notes=(note,))
    inside = replace(terminal, path=applied.path)
    return _with_tree(element, inside, applied.tree, around, _warning(applied.path, line))


def _refused(before: Tree, after: Tree) -> str:
    """What EOS refuses though the grammar takes it: a second BGP instance."""
    old = [label for label in before if label.startswith("router bgp ")]
    new = [label for label in after if label.startswith("router bgp ")]
    if old and len(new) > len(old):
        return f"% BGP is already running with AS number {old[0].rpartition(' ')[2]}\n"
    return ""


def _warning(path: tuple[str, ...], line: str) -> str:
    if path and line.strip().startswith("vrf ") and path[-1].startswith("interface "):
        name = path[-1].partition(" ")[2]
        return f"! Interface {name}: any IP addresses were removed with the change of VRF\n"
    return ""


def _with_tree(
    element: Element, terminal: Terminal, tree: Tree, around: Surroundings, text: str = ""
) -> Reply:
    name = session_of(terminal)
    if tree is tree_of(element, terminal, around.now):
        return Reply(text="", element=element, terminal=terminal)
    if name:
        return Reply(text=text, element=sessions.edited(element, name, tree), terminal=terminal)
    after = replace(element, running=tree, changed=around.now, changed_by=terminal.user)
    return Reply(text=text, element=after, terminal=terminal, notes=(Note(kind="change"),))
