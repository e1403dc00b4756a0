"""Junos configuration mode: editing, loading, comparing, committing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import EMPTY, Tree, get
from dcctl.lab.systems.juniper_junos import commits, config, inactive
from dcctl.lab.systems.juniper_junos.config import StatementError, tokens
from dcctl.lab.systems.juniper_junos.intent import hostname, refused
from dcctl.lab.systems.juniper_junos.pipes import piped

VERBS = (
    "activate",
    "commit",
    "deactivate",
    "delete",
    "edit",
    "exit",
    "load",
    "quit",
    "rollback",
    "run",
    "set",
    "show",
    "top",
    "up",
)
Run = Callable[[Element, Terminal, str, Surroundings], Reply]


def step(element: Element, terminal: Terminal, line: str, around: Surroundings, run: Run) -> Reply:
    """One line in configuration mode."""
    text = line.strip()
    verb, _, rest = text.partition(" ")
    fits = [one for one in VERBS if one.startswith(verb)]
    if verb not in VERBS and len(fits) != 1:
        return _wrong(element, terminal, line, 0, "unknown command.")
    verb = verb if verb in VERBS else fits[0]
    if verb == "run":
        inner = run(element, replace(terminal, mode="exec"), rest, around)
        back = replace(inner.terminal, mode=terminal.mode, path=terminal.path)
        return replace(inner, terminal=back)
    try:
        return _DO[verb](element, terminal, rest, around)
    except StatementError as error:
        offset = line.find(rest) if rest else len(line)
        return _wrong(element, terminal, line, offset + error.column, str(error))


def _wrong(element: Element, terminal: Terminal, line: str, column: int, message: str) -> Reply:
    lead = len(f"{terminal.user}@{hostname(element.running)}# ")
    return Reply(
        text=f"{' ' * (lead + min(column, len(line)))}^\n{message}\n",
        element=element,
        terminal=terminal,
    )


def edited(element: Element, terminal: Terminal, tree: Tree, text: str = "") -> Reply:
    """The candidate with a change."""
    element, terminal = commits.edited(element, terminal, tree)
    return Reply(text=text, element=element, terminal=terminal)


def _set(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
    if not rest:
        raise StatementError("syntax error, expecting <statement>.", 0)
    tree = commits.candidate(element, terminal)
    return edited(element, terminal, config.set_statement(tree, terminal.path, tokens(rest)))


def _delete(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
    tree = commits.candidate(element, terminal)
    if not rest:
        asking = replace(
            terminal,
            pending="delete-all",
            question="This will delete the entire configuration\nDelete everything under this level? [yes,no] (no) ",
        )
        return Reply(text="", element=element, terminal=asking)
    after = config.delete_statement(tree, terminal.path, tokens(rest))
    if after is None:
        return Reply(text="warning: statement not found\n", element=element, terminal=terminal)
    return edited(element, terminal, after)


def _turned(*, active: bool) -> Callable[[Element, Terminal, str, Surroundings], Reply]:
    def act(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
        after: Tree | None = commits.candidate(element, terminal)
        for path in config.resolve(terminal.path, tokens(rest), partial=True):
            after = inactive.turned(after, path, active=active) if after is not None else None
        if after is None:
            return Reply(text="warning: statement not found\n", element=element, terminal=terminal)
        return edited(element, terminal, after)

    return act


def _edit(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
    found = config.resolve(terminal.path, tokens(rest), partial=True)[-1]
    return Reply(text="", element=element, terminal=replace(terminal, path=found))


def _up(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
    count = int(rest) if rest.isdecimal() else 1
    path = terminal.path[: max(0, len(terminal.path) - count)]
    return Reply(text="", element=element, terminal=replace(terminal, path=path))


def _top(element: Element, terminal: Terminal, rest: str, around: Surroundings) -> Reply:
    above = replace(terminal, path=())
    if not rest:
        return Reply(text="", element=element, terminal=above)
    verb, _, more = rest.partition(" ")
    if verb not in ("set", "delete", "edit", "show", "load"):
        raise StatementError("syntax error.", 0)
    reply = _DO[verb](element, above, more, around)
    stays = verb != "edit"
    return replace(reply, terminal=replace(reply.terminal, path=terminal.path)) if stays else reply


def _show(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
    command, *pipes = [part.strip() for part in re.split(r"(?:^|\s+)\|\s+", rest)]
    tree = commits.candidate(element, terminal)
    found = [*terminal.path]
    if command:
        found = [*config.resolve(terminal.path, tokens(command), partial=True)[-1]]
    comparing = next((pipe for pipe in pipes if pipe.startswith("comp")), None)
    if comparing is not None:
        number = int(comparing.split()[-1]) if comparing.split()[-1].isdecimal() else 0
        return _compare(element, terminal, number, pipes)
    below = get(tree, found)
    if below is None and found:
        # A value is shown by its name: `show system host-name`.
        above = get(tree, found[:-1]) or EMPTY
        below = {
            label: inner for label, inner in above.items() if label.startswith(found[-1].strip())
        }
        found = found[:-1]
    if any(pipe.split()[:2] == ["display", "set"] for pipe in pipes):
        lines = config.set_lines(below or EMPTY, found)
    else:
        lines = config.text_lines(below or EMPTY, found)
    text = "".join(f"{line}\n" for line in lines)
    return Reply(text=piped(text, pipes), element=element, terminal=terminal)


def _compare(element: Element, terminal: Terminal, number: int, pipes: list[str]) -> Reply:
    past = commits.past(element)
    if number >= len(past):
        return Reply(
            text="error: could not open configuration file\n", element=element, terminal=terminal
        )
    old = element.running if number == 0 else past[number].tree
    rows = config.compare(old, commits.candidate(element, terminal))
    text = "".join(f"{row}\n" for row in rows)
    rest = [pipe for pipe in pipes if not pipe.startswith("comp")]
    return Reply(text=piped(text, rest), element=element, terminal=terminal)


def _rollback(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
    if rest and not rest.isdecimal():
        raise StatementError("syntax error.", 0)
    number, past = int(rest or 0), commits.past(element)
    if number == 0:
        return edited(element, terminal, element.running, "load complete\n")
    if number >= len(past):
        text = f"error: rollback {number} does not exist\n"
        return Reply(text=text, element=element, terminal=terminal)
    return edited(element, terminal, past[number].tree, "load complete\n")


def _load(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
    words = rest.split()
    how = words[0] if words else ""
    if how == "factory-default":
        raise StatementError("syntax error.", 0)
    if how not in ("set", "merge", "override", "replace", "update") or "terminal" not in words:
        raise StatementError("syntax error, expecting <source>.", len(rest))
    relative = " relative" if "relative" in words else ""
    waiting = replace(terminal, pending=f"load {how}{relative}", question="", block=())
    return Reply(text="[Type ^D at a new line to end input]\n", element=element, terminal=waiting)


def _exit(element: Element, terminal: Terminal, rest: str, _around: Surroundings) -> Reply:
    if terminal.path and not rest:
        return Reply(text="", element=element, terminal=replace(terminal, path=()))
    if not commits.modified(element, terminal):
        return left(element, terminal)
    if terminal.private is not None or terminal.exclusive:
        question = (
            "The configuration has been changed but not committed\n"
            "warning: Auto rollback will be performed\nDiscard uncommitted changes? [yes,no] (yes) "
        )
    else:
        question = (
            "The configuration has been changed but not committed\n"
            "Exit with uncommitted changes? [yes,no] (yes) "
        )
    return Reply(
        text="", element=element, terminal=replace(terminal, pending="exit", question=question)
    )


def left(element: Element, terminal: Terminal) -> Reply:
    """Out of configuration mode."""
    after = commits.leave(element, terminal)
    out = replace(terminal, mode="exec", path=(), private=None, exclusive=False)
    return Reply(text="Exiting configuration mode\n", element=after, terminal=out)


_COMMIT = re.compile(
    r"(?P<check>check)?(?P<confirmed>confirmed(?: (?P<minutes>\d+))?)?\s*(?P<quit>and-quit)?"
    r"\s*(?:comment (?P<comment>\"[^\"]*\"|\S+))?\s*(?P<last>and-quit)?"
)


def _commit(element: Element, terminal: Terminal, rest: str, around: Surroundings) -> Reply:
    # The path of `edit` doesn't matter: a commit takes the whole candidate.
    words = _COMMIT.fullmatch(rest.strip())
    if words is None:
        raise StatementError("syntax error, expecting <command>.", 0)
    if element.lock and element.lock != terminal.number:
        text = "error: configuration database locked by another user\n"
        return Reply(text=text, element=element, terminal=terminal)
    wrong = refused(commits.candidate(element, terminal))
    if wrong:
        return Reply(text=wrong, element=element, terminal=terminal)
    if words["check"]:
        # Juniper: `commit check` confirms a commit that waits for it, as `commit` does.
        confirmed = (
            replace(element, timer=None, startup=element.running) if element.timer else element
        )
        notes = (Note(kind="confirm"),) if element.timer else ()
        return Reply(
            text="configuration check succeeds\n", element=confirmed, terminal=terminal, notes=notes
        )
    minutes = int(words["minutes"] or 10) if words["confirmed"] else 0
    if words["confirmed"] and not 1 <= minutes <= 65535:  # noqa: PLR2004 - Juniper's limits
        raise StatementError("invalid value", 0)
    note = (words["comment"] or "").strip('"')
    changed = commits.modified(element, terminal)
    kind = "commit" if changed or minutes else "confirm" if element.timer else "commit"
    after, here = commits.committed(element, terminal, around.now, minutes=minutes, note=note)
    text = (
        f"commit confirmed will be automatically rolled back in {minutes} minutes unless confirmed\n"
        if minutes
        else ""
    ) + "commit complete\n"
    reply = Reply(text=text, element=after, terminal=here, notes=(Note(kind=kind, text=rest),))
    if not (words["quit"] or words["last"]):
        return reply
    out = left(reply.element, reply.terminal)
    return replace(reply, text=text + out.text, element=out.element, terminal=out.terminal)


_DO: dict[str, Callable[[Element, Terminal, str, Surroundings], Reply]] = {
    "activate": _turned(active=True),
    "commit": _commit,
    "deactivate": _turned(active=False),
    "delete": _delete,
    "edit": _edit,
    "exit": _exit,
    "load": _load,
    "quit": _exit,
    "rollback": _rollback,
    "set": _set,
    "show": _show,
    "top": _top,
    "up": _up,
}
