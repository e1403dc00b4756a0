"""MD-CLI configuration mode: entering and leaving it, editing, comparing, committing, going back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import Tree, drop, get, put
from dcctl.lab.systems.nokia_sros import commits, config, writing
from dcctl.lab.systems.nokia_sros.config import ElementError, Path, Token
from dcctl.lab.systems.nokia_sros.intent import refused

MODES = ("private", "exclusive", "global", "read-only")
SHORT = {"private": "pr", "exclusive": "ex", "global": "gl", "read-only": "ro"}
_ENTERING = {"global": 2054, "exclusive": 2060, "read-only": 2066, "private": 2070}
_EXITING = {"global": 2056, "exclusive": 2064, "read-only": 2067, "private": 2074}
_ASKING = {"exclusive": 2063, "private": 2071}
_LOST = {"exclusive": 2062, "private": 2073}
_LONGEST = 168  # minutes that a commit may stay on trial
_CONTEXT, _LABEL = "\x1e", "\x1d"  # between the contexts, and the labels, of open braces


def enter(
    element: Element, terminal: Terminal, mode: str, around: Surroundings, *, implicit: bool
) -> Reply:
    """`edit-config MODE`, or `configure MODE` of the implicit workflow."""
    if terminal.mode != "exec":
        text = "MINOR: CLI #2069: Operation not allowed - already in configuration mode\n"
        return Reply(text=text, element=element, terminal=terminal)
    if element.lock and mode in ("global", "exclusive"):
        kind = mode.capitalize()
        text = (
            f"MINOR: MGMT_CORE #{2051 if mode == 'global' else 2052}: {kind} datastore access "
            "unavailable - the MD-CLI has exclusive lock on configuration\n"
        )
        return Reply(text=text, element=element, terminal=terminal)
    others = [one for one in around.users if one.mode == "global" and one.number != terminal.number]
    if mode == "exclusive" and others:
        text = (
            "MINOR: MGMT_CORE #2052: Exclusive datastore access unavailable - "
            "model-driven interface editing global candidate\n"
        )
        return Reply(text=text, element=element, terminal=terminal)
    said = [f"INFO: CLI #{_ENTERING[mode]}: Entering {mode} configuration mode"]
    if mode in _LOST:
        said.append("INFO: CLI #2061: Uncommitted changes are discarded on configuration mode exit")
    flags = terminal.flags | {"implicit"} if implicit else terminal.flags - {"implicit"}
    inside = replace(
        terminal, mode=mode, path=("configure",) if implicit else (), flags=flags, block=()
    )
    if mode == "private":
        inside = replace(inside, private=commits.own_candidate(element.running))
    if mode == "exclusive":
        element = replace(element, lock=terminal.number, candidate=None)
    return Reply(text="".join(f"{one}\n" for one in said), element=element, terminal=inside)


def leave(element: Element, terminal: Terminal) -> Reply:
    """`quit-config`; what is not committed is asked about."""
    mode = terminal.mode
    if mode in _ASKING and commits.modified(element, terminal):
        text = (
            f"INFO: CLI #{_ASKING[mode]}: Uncommitted changes are present in the candidate "
            f"configuration. Exiting {mode} configuration mode will discard those changes.\n\n"
        )
        asking = replace(
            terminal, pending="quit-config", question="Discard uncommitted changes? [y,n] "
        )
        return Reply(text=text, element=element, terminal=asking)
    return left(element, terminal)


def left(element: Element, terminal: Terminal, *, lost: bool = False) -> Reply:
    """Out of configuration mode; a commit on trial goes back."""
    mode, said = terminal.mode, ""
    notes: tuple[Note, ...] = ()
    if element.timer is not None and element.timer.session == terminal.number:
        element = commits.rolled_back(element, element.changed)
        said += "INFO: CLI #2096: Commit confirmed - canceled - automatic rollback of changes\n"
        notes = (Note(kind="revert", text="left configuration mode"),)
    if lost:
        said += (
            f"WARNING: CLI #{_LOST[mode]}: Exiting {mode} configuration mode. "
            "Uncommitted changes are discarded.\n"
        )
    if element.lock == terminal.number:
        element = replace(element, lock=0, candidate=None)
    said += f"INFO: CLI #{_EXITING[mode]}: Exiting {mode} configuration mode\n"
    if mode == "global" and commits.modified(element, terminal):
        said += "INFO: CLI #2057: Uncommitted changes are kept in the candidate configuration\n"
    out = replace(
        terminal,
        mode="exec",
        path=(),
        private=None,
        block=(),
        flags=terminal.flags - {"implicit"},
        pending="",
        question="",
    )
    return Reply(text=said, element=element, terminal=out, notes=notes)


def edit(element: Element, terminal: Terminal, words: Sequence[Token]) -> Reply:
    """A line that names configuration: set, or enter.

    Raises:
        ElementError: the model refuses it.
    """
    tree = commits.candidate(element, terminal)
    place = config.edit(tree, terminal.path, words, _braces(terminal))
    moved = replace(
        terminal,
        path=place.context,
        block=tuple(_CONTEXT + _LABEL.join(one) for one in place.braces),
    )
    if place.tree is tree or not commits.differ(tree, place.tree):
        return Reply(text="", element=element, terminal=moved)
    if terminal.mode == "read-only":
        raise ElementError("MINOR: MGMT_CORE #2203: Operation not allowed in read-only mode")
    element, moved = commits.edited(element, moved, place.tree)
    return Reply(text="", element=element, terminal=moved)


def _braces(terminal: Terminal) -> tuple[Path, ...]:
    return tuple(tuple(one[1:].split(_LABEL)) if one[1:] else () for one in terminal.block)


# --- verbs -----------------------------------------------------------------------------------


def _delete(element: Element, terminal: Terminal, words: list[Token], _now: float) -> Reply:
    if not words:
        raise ElementError("MINOR: CLI #2001: Missing element value - 'path'")
    tree = config.delete(commits.candidate(element, terminal), terminal.path, words)
    element, terminal = commits.edited(element, terminal, tree)
    return Reply(text="", element=element, terminal=terminal)


def _discard(element: Element, terminal: Terminal, words: list[Token], _now: float) -> Reply:
    path = config.resolve(terminal.path, words) if words else terminal.path
    base = commits.baseline(element, terminal)
    tree = base
    if len(path) > 1:
        mine = commits.candidate(element, terminal)
        tree = _replaced(mine, path, base)
    element, terminal = commits.edited(element, terminal, tree)
    return Reply(text="", element=element, terminal=terminal)


def _replaced(tree: Tree, path: Path, source: Tree) -> Tree:
    kept = get(source, path)
    return config.pruned(drop(tree, path)) if kept is None else put(tree, path, kept)


def _options(words: list[Token], known: Sequence[str]) -> tuple[set[str], list[Token]]:
    """The options among the words, and the rest: a path."""
    chosen = {word.text for word in words if word.text in known and not word.quoted}
    return chosen, [word for word in words if word.quoted or word.text not in known]


def _compare(element: Element, terminal: Terminal, words: list[Token], _now: float) -> Reply:
    options, rest = _options(
        words, ("flat", "full-context", "summary", "from", "to", "running", "baseline", "candidate")
    )
    path = config.resolve(terminal.path, rest) if rest else terminal.path
    old, new = commits.baseline(element, terminal), commits.candidate(element, terminal)
    if options & {"flat", "full-context"}:
        rows = writing.compare_flat(old, new, path, full="full-context" in options)
    else:
        rows = writing.compare(old, new, path)
    text = "".join(f"{row}\n" for row in rows)
    return Reply(text=text, element=element, terminal=terminal)


def _validate(element: Element, terminal: Terminal, _words: list[Token], _now: float) -> Reply:
    faults = refused(commits.merged(element, terminal))
    return Reply(text="".join(f"{fault}\n" for fault in faults), element=element, terminal=terminal)


_COMMIT = re.compile(
    r"(?P<confirmed>confirmed(?: (?P<how>\d+|accept|cancel))?)?\s*"
    r"(?:comment (?P<comment>\"[^\"]*\"|\S+))?"
)


def _commit(element: Element, terminal: Terminal, words: list[Token], now: float) -> Reply:
    if terminal.mode == "read-only":
        raise ElementError("MINOR: MGMT_CORE #2203: Operation not allowed in read-only mode")
    match = _COMMIT.fullmatch(" ".join(config.shown_words(words)))
    if match is None:
        raise config.unknown(words[-1])
    how = match["how"] or ""
    if how in ("accept", "cancel"):
        return _decided(element, terminal, how, now)
    if element.timer is not None:
        raise ElementError("MINOR: MGMT_CORE #2602: Commit failed - commit confirmed in progress")
    if element.lock not in (0, terminal.number):
        raise ElementError(
            "MINOR: MGMT_CORE #2053: Commit failed - the MD-CLI has exclusive lock on configuration"
        )
    minutes = int(how or 10) if match["confirmed"] else 0
    if match["confirmed"] and not 1 <= minutes <= _LONGEST:
        raise ElementError(f"MINOR: MGMT_CORE #2301: Invalid element value - '{minutes}'")
    faults = refused(commits.merged(element, terminal))
    if faults:
        raise ElementError("\n".join(faults))
    note = (match["comment"] or "").strip('"')
    after, here = commits.committed(element, terminal, now, minutes=minutes, note=note)
    text = f"INFO: CLI #2090: Commit confirmed - automatic rollback in {_left(minutes)}\n"
    shown = " ".join(config.shown_words(words))
    return Reply(
        text=text if minutes else "",
        element=after,
        terminal=here,
        notes=(Note(kind="commit", text=shown),),
    )


def _left(minutes: int) -> str:
    whole = f"{minutes - 1} minute{'s' if minutes > 2 else ''} " if minutes > 1 else ""  # noqa: PLR2004 - the plural
    return f"{whole}59 seconds"


def _decided(element: Element, terminal: Terminal, how: str, now: float) -> Reply:
    """`commit confirmed accept|cancel`, by the session that committed."""
    timer = element.timer
    if timer is None or timer.session != terminal.number:
        raise ElementError("MINOR: CLI #2093: Commit confirmed - not in progress")
    if how == "accept":
        text = "INFO: CLI #2092: Commit confirmed - accepted - automatic rollback canceled\n"
        after = commits.accepted(element, now)
        return Reply(text=text, element=after, terminal=terminal, notes=(Note(kind="confirm"),))
    text = "INFO: CLI #2096: Commit confirmed - canceled - automatic rollback of changes\n"
    changes = element.running
    after = commits.rolled_back(element, now)
    if terminal.private is not None:
        fresh = replace(terminal, private=commits.own_candidate(after.running))
        after, terminal = commits.edited(after, fresh, changes)
    return Reply(text=text, element=after, terminal=terminal, notes=(Note(kind="revert"),))


def _rollback(element: Element, terminal: Terminal, words: list[Token], _now: float) -> Reply:
    if terminal.path != ("configure",):
        raise ElementError("MINOR: MGMT_CORE #2201: Unknown element - 'rollback'")
    which = words[0].text if words else "0"
    number = 0 if which == "startup" else int(which) if which.isdecimal() else -1
    if number == 0 and not element.history:
        tree = element.startup
    elif 0 <= number < len(element.history):
        tree = element.history[number].tree
    else:
        raise ElementError(f"MINOR: MGMT_CORE #2301: Invalid element value - '{which}'")
    count = len(writing.info(tree, ()))
    file = "config.cfg" + (f".{number}" if number else "")
    text = f'Loaded {count:,} lines in 0.2 seconds from file "cf3:\\{file}"\n'
    element, terminal = commits.edited(element, terminal, tree)
    return Reply(text=text, element=element, terminal=terminal)


def _update(element: Element, terminal: Terminal, _words: list[Token], _now: float) -> Reply:
    tree = commits.merged(element, terminal)
    if terminal.private is not None:
        terminal = replace(terminal, private=commits.own_candidate(element.running))
    element, terminal = commits.edited(element, terminal, tree)
    return Reply(text="", element=element, terminal=terminal)


VERBS: dict[str, Callable[[Element, Terminal, list[Token], float], Reply]] = {
    "commit": _commit,
    "compare": _compare,
    "delete": _delete,
    "discard": _discard,
    "rollback": _rollback,
    "update": _update,
    "validate": _validate,
}
