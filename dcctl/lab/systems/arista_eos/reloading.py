"""`reload`: what it asks, and what the switch does then."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import settled
from dcctl.lab.systems.arista_eos.software import BY_USER

_SAVE = "System configuration has been modified. Save? [yes/no/cancel/diff]:"
_PROCEED = "Proceed with reload? [confirm]"


def reload(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    """`reload [now|in MINUTES|cancel]`."""
    how = match.words[1] if len(match.words) > 1 else ""
    if how == "cancel":
        return Reply(text="", element=replace(element, reboot_at=0.0), terminal=terminal)
    if how == "in":
        planned = replace(element, reboot_at=around.now + 60 * int(match.arguments[0]))
        planned = settled(planned, reason=BY_USER)
        return Reply(text="Reload scheduled.\n", element=planned, terminal=terminal)
    if how == "now":
        return _boots(element, terminal, around)
    return Reply(text="", element=element, terminal=asking(element, terminal))


def asking(element: Element, terminal: Terminal) -> Terminal:
    """The terminal with the first question before a reload."""
    if dict(element.running) != dict(element.startup):
        return replace(terminal, pending="reload-save", question=_SAVE)
    return replace(terminal, pending="reload", question=_PROCEED)


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to a question before a reload."""
    calm = replace(terminal, pending="", question="", expects="line")
    said = line.strip().lower()
    if terminal.pending == "reload":
        if said in ("", "y", "yes"):
            return _boots(element, calm, around)
        return Reply(text="", element=element, terminal=calm)
    if said in ("c", "cancel", "\x03"):
        return Reply(text="", element=element, terminal=calm)
    if said not in ("y", "yes", "n", "no"):
        return Reply(text="Invalid response\n", element=element, terminal=terminal)
    notes: tuple[Note, ...] = ()
    if said[0] == "y":
        element = replace(element, startup=element.running, saved=around.now)
        notes = (Note(kind="save"),)
    question = replace(calm, pending="reload", question=_PROCEED)
    return Reply(text="", element=element, terminal=question, notes=notes)


def _boots(element: Element, terminal: Terminal, around: Surroundings) -> Reply:
    gone = replace(terminal, closed=True, pending="", question="")
    after = settled(replace(element, reboot_at=around.now), reason=BY_USER)
    return Reply(text="\n", element=after, terminal=gone, notes=(Note(kind="reload"),))
