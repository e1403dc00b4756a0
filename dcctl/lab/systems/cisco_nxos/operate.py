"""NX-OS exec mode: which commands there are and what they do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Fetch, Fetched, settled
from dcctl.lab.systems.cisco_nxos import (
    config,
    files,
    install,
    kinds,
    maintenance,
    rollback,
    shows,
    software,
)
from dcctl.lab.systems.cisco_nxos.configure import complaint
from dcctl.lab.systems.cisco_nxos.pipes import piped
from dcctl.lab.systems.cisco_nxos.scene import Scene

_EXEC = (
    ("(exit|logout)", "exit"),
    ("enable", "nothing"),
    ("terminal length <int:0-511>", "length"),
    ("terminal width <int:24-511>", "width"),
    ("terminal dont-ask", "dont-ask"),
    ("terminal (monitor|session-timeout|history) [<line>]", "nothing"),
    ("configure [terminal]", "configure"),
    ("copy running-config startup-config", "copy"),
    ("checkpoint <word>", "checkpoint"),
    ("checkpoint file <word>", "checkpoint-file"),
    ("no checkpoint <word>", "no-checkpoint"),
    ("clear checkpoint database", "clear-checkpoints"),
    (
        "rollback running-config (checkpoint|file) <word> [(atomic|best-effort|stop-at-first-failure)] [verbose]",
        "rollback",
    ),
    ("reload", "reload"),
    ("clear (counters|logging) [<line>]", "nothing"),
    *files.COMMANDS,
    *install.COMMANDS,
)


@cache
def exec_grammar(features: frozenset[str]) -> Grammar:
    """The commands at `#`; those of a feature exist only while it is on."""
    known = [(syntax, action) for syntax, action in _EXEC]
    known += [
        (syntax, action)
        for syntax, action, needs in shows.COMMANDS
        if not needs or needs in features
    ]
    rules = [Rule(syntax, action, order) for order, (syntax, action) in enumerate(known)]
    return Grammar(rules, kinds.KINDS)


def run(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One exec command."""
    command, *pipes = re.split(r"\s+\|\s*", line)
    match = exec_grammar(config.features(element.running)).parse(command)
    if match.error or match.rule is None:
        prompt = f"{config.hostname(element.running)}# "
        return Reply(text=complaint(match, prompt), element=element, terminal=terminal)
    action = match.rule.action
    if action.startswith("show:"):
        scene = Scene(
            element=element,
            terminal=terminal,
            around=around,
            arguments=match.arguments,
            line=match.text,
        )
        text = _shown(scene, action.removeprefix("show:"), [pipe.strip() for pipe in pipes])
        return Reply(text=text, element=element, terminal=terminal)
    return _ACTIONS[action](element, terminal, match, around)


def _shown(scene: Scene, name: str, pipes: list[str]) -> str:
    if pipes and pipes[0] in ("json", "json-pretty"):
        make = shows.DATA.get(name)
        if make is None:
            return "ERROR: Structured output unsupported\n"
        data = make(scene)
        indent = 4 if pipes[0] == "json-pretty" else None
        text = json.dumps(data, indent=indent) + "\n" if data else ""
        pipes = pipes[1:]
    else:
        text = shows.TEXT[name](scene)
    for pipe in pipes:
        text = piped(text, pipe)
    return text


def _configure(element: Element, terminal: Terminal, _match: Match, _around: Surroundings) -> Reply:
    inside = replace(terminal, mode="config", path=())
    text = "Enter configuration commands, one per line. End with CNTL/Z.\n"
    return Reply(text=text, element=element, terminal=inside)


def _copy(element: Element, terminal: Terminal, _match: Match, around: Surroundings) -> Reply:
    after = replace(element, startup=element.running, saved=around.now, saved_by=terminal.user)
    text = (
        "[########################################] 100%\n"
        "Copy complete, now saving to disk (please wait)...\nCopy complete.\n"
    )
    return Reply(text=text, element=after, terminal=terminal, notes=(Note(kind="save"),))


def _checkpoint(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    name = match.arguments[0]
    if name.startswith("system"):
        text = "ERROR: Checkpoint name cannot start with the word system\n"
    elif rollback.find(element, "checkpoint", name) is not None:
        text = "ERROR: Checkpoint name already exists\n"
    elif len(rollback.checkpoints(element)) >= rollback.KEPT:
        text = "ERROR: Maximum number of checkpoints reached\n"
    else:
        element = rollback.kept(element, "checkpoint", name, terminal.user, around.now)
        text = "...........Done\n"
    return Reply(text=text, element=element, terminal=terminal)


def _checkpoint_file(
    element: Element, terminal: Terminal, match: Match, around: Surroundings
) -> Reply:
    after = rollback.kept(element, "file", match.arguments[0], terminal.user, around.now)
    return Reply(text="Done\n", element=after, terminal=terminal)


def _no_checkpoint(
    element: Element, terminal: Terminal, match: Match, _around: Surroundings
) -> Reply:
    name = match.arguments[0]
    if rollback.find(element, "checkpoint", name) is None:
        text = "ERROR: Checkpoint does not exist\n"
        return Reply(text=text, element=element, terminal=terminal)
    return Reply(text="", element=rollback.dropped(element, name), terminal=terminal)


def _clear_checkpoints(
    element: Element, terminal: Terminal, _match: Match, _around: Surroundings
) -> Reply:
    for one in rollback.checkpoints(element):
        element = rollback.dropped(element, one.note)
    return Reply(text=".Done\n", element=element, terminal=terminal)


def _rollback(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    kind, name = match.words[2], match.arguments[0]
    tree = rollback.find(element, kind, name)
    if tree is None:
        text = f"ERROR: {kind.capitalize()} {name} does not exist\n"
        return Reply(text=text, element=element, terminal=terminal)
    if not rollback.patch(element.running, tree):
        text = "Collecting Running-Config\n#Generating Rollback Patch\nRollback Patch is Empty\n"
        return Reply(text=text, element=element, terminal=terminal)
    after = rollback.restored(element, tree, terminal.user, around.now)
    note = Note(kind="revert", text=f"by {terminal.user}")
    return Reply(text=_ROLLED_BACK, element=after, terminal=terminal, notes=(note,))


_ROLLED_BACK = """\
Note: Applying config parallelly may fail Rollback verification
Collecting Running-Config
#Generating Rollback Patch
Executing Rollback Patch
Generating Running-config for verification
Generating Patch for verification
Verification is Successful.

Rollback completed successfully.

"""


def _reload(element: Element, terminal: Terminal, _match: Match, around: Surroundings) -> Reply:
    if "dont-ask" in terminal.flags:
        return _boots(element, terminal, around)
    unsaved = dict(element.running) != dict(element.startup)
    warning = "!!!WARNING! there is unsaved configuration!!!\n" if unsaved else ""
    question = "This command will reboot the system. (y/n)?  [n] "
    asking = replace(terminal, pending="reload", question=question)
    return Reply(text=warning, element=element, terminal=asking)


def _boots(element: Element, terminal: Terminal, around: Surroundings) -> Reply:
    gone = replace(terminal, closed=True, pending="", question="")
    after = settled(replace(element, reboot_at=around.now), reason=software.BY_RELOAD)
    return Reply(text="\n", element=after, terminal=gone, notes=(Note(kind="reload"),))


_ANSWERS: dict[str, Callable[[Element, Terminal, str, str, Surroundings], Reply]] = {
    **files.ANSWERS,
    **install.ANSWERS,
    "maintenance": maintenance.sure,
}


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to a question."""
    calm = replace(terminal, pending="", question="", expects="line")
    what, _, detail = terminal.pending.partition(" ")
    if what in _ANSWERS:
        return _ANSWERS[what](element, calm, line, detail, around)
    if line.strip().lower() in ("y", "yes"):
        return _boots(element, calm, around)
    return Reply(text="", element=element, terminal=calm)


def resume(
    element: Element, terminal: Terminal, result: Fetched | None, around: Surroundings
) -> Reply:
    """What the terminal waited for came to its end."""
    if result is not None and isinstance(terminal.awaits, Fetch):
        return files.pulled(element, terminal, terminal.awaits, result, around)
    if terminal.pending.startswith("install-check"):
        return install.checked(element, terminal, around)
    return install.told(element, terminal)


def _changed(**changes: object) -> Callable[..., Reply]:
    def act(element: Element, terminal: Terminal, _match: Match, _around: Surroundings) -> Reply:
        changed = replace(terminal, **changes)  # type: ignore[arg-type]  # fields of any type
        return Reply(text="", element=element, terminal=changed)

    return act


def _sized(name: str) -> Callable[..., Reply]:
    def act(element: Element, terminal: Terminal, match: Match, _around: Surroundings) -> Reply:
        number = int(match.arguments[0])
        changed = replace(terminal, **{name: number})  # type: ignore[arg-type]  # a number's field
        return Reply(text="", element=element, terminal=changed)

    return act


_ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "exit": _changed(closed=True),
    "nothing": _changed(),
    "dont-ask": _changed(flags=frozenset({"dont-ask"})),
    "length": _sized("length"),
    "width": _sized("width"),
    "configure": _configure,
    "copy": _copy,
    "checkpoint": _checkpoint,
    "checkpoint-file": _checkpoint_file,
    "no-checkpoint": _no_checkpoint,
    "clear-checkpoints": _clear_checkpoints,
    "rollback": _rollback,
    "reload": _reload,
    **files.ACTIONS,
    **install.ACTIONS,
}
