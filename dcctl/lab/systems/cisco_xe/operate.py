"""IOS XE exec mode: which commands there are and what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal, Timer
from dcctl.lab.elements.software import Fetch, Fetched
from dcctl.lab.elements.tree import EMPTY, value
from dcctl.lab.systems.cisco_xe import answers, config, files, finishing, install, nvram
from dcctl.lab.systems.cisco_xe.kinds import KINDS
from dcctl.lab.systems.cisco_xe.pipes import piped
from dcctl.lab.systems.cisco_xe.prompts import complaint
from dcctl.lab.systems.cisco_xe.scene import Scene
from dcctl.lab.systems.cisco_xe.show import archive_name

CONFIGURE = "Enter configuration commands, one per line.  End with CNTL/Z.\n"


@cache
def exec_grammar(privilege: int) -> Grammar:
    """The commands at `>` (privilege 1) or `#`."""
    rules = [
        Rule(syntax, action, order)
        for order, (syntax, action, level) in enumerate(answers.EXEC)
        if privilege >= level
    ]
    return Grammar(rules, KINDS)


def run(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One exec command."""
    command, _, pipe = line.partition(" | ")
    match = exec_grammar(terminal.privilege).parse(command)
    if match.error or match.rule is None:
        return Reply(
            text=complaint(element, terminal, match, line), element=element, terminal=terminal
        )
    show = answers.SHOWS.get(match.rule.action)
    if show is not None:
        scene = Scene(
            element=element,
            terminal=terminal,
            around=around,
            arguments=match.arguments,
            line=command,
        )
        return Reply(text=piped(show(scene), pipe.strip()), element=element, terminal=terminal)
    return _ACTIONS[match.rule.action](element, terminal, match, around)


def _configure_terminal(
    element: Element, terminal: Terminal, match: Match, around: Surroundings
) -> Reply:
    inside = replace(terminal, mode="config", path=())
    if not match.arguments:
        return Reply(text=CONFIGURE, element=element, terminal=inside)
    path = value(element.running.get("archive", EMPTY), "path")
    if not path:
        # Cisco: "You must configure a configuration archive before performing this procedure."
        text = "%Rollback Confirmed Change: the archive feature is not configured; configure 'archive', 'path' first\n"
        return Reply(text=text, element=element, terminal=terminal)
    if element.timer:
        text = "%Rollback Confirmed Change is already in progress; confirm or revert it first\n"
        return Reply(text=text, element=element, terminal=terminal)
    minutes = int(match.arguments[0])
    name = archive_name(path, around.now, len(element.history))
    armed = replace(
        nvram.archived(element, around.now, terminal.user),
        timer=Timer(
            due=around.now + 60 * minutes,
            restore=element.running,
            user=terminal.user,
            minutes=minutes,
        ),
    )
    text = f"Rollback Confirmed Change: Backing up current running config to {name}\n\n{CONFIGURE}"
    return Reply(text=text, element=armed, terminal=inside)


def _confirm(element: Element, terminal: Terminal, _match: Match, _around: Surroundings) -> Reply:
    if not element.timer:
        text = "%No Rollback Confirmed Change pending\n"
        return Reply(text=text, element=element, terminal=terminal)
    done = replace(element, timer=None)
    return Reply(text="", element=done, terminal=terminal, notes=(Note(kind="confirm"),))


def _revert(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    if not element.timer:
        text = "%No Rollback Confirmed Change pending\n"
        return Reply(text=text, element=element, terminal=terminal)
    if match.arguments:
        minutes = int(match.arguments[0])
        later = replace(element.timer, due=around.now + 60 * minutes, minutes=minutes)
        return Reply(text="", element=replace(element, timer=later), terminal=terminal)
    reverted = nvram.expire(element, around.now)
    text = "\nTotal number of passes: 1\nRollback Done\n\n"
    note = Note(kind="revert", text=f"by {terminal.user}")
    return Reply(text=text, element=reverted, terminal=terminal, notes=(note,))


def _write(element: Element, terminal: Terminal, _match: Match, around: Surroundings) -> Reply:
    return Reply(
        text="Building configuration...\n[OK]\n",
        element=nvram.saved(element, around.now, terminal.user),
        terminal=terminal,
        notes=(Note(kind="save"),),
    )


def _copy(element: Element, terminal: Terminal, _match: Match, _around: Surroundings) -> Reply:
    asking = replace(terminal, pending="copy", question="Destination filename [startup-config]? ")
    return Reply(text="", element=element, terminal=asking)


def _restore(element: Element, terminal: Terminal, _match: Match, around: Surroundings) -> Reply:
    merged = config.load(
        element.chassis, element.running, config.dump(element.chassis, element.startup)
    )
    after = replace(element, running=merged, changed=around.now, changed_by=terminal.user)
    return Reply(text="", element=after, terminal=terminal, notes=(Note(kind="change"),))


def _archive_config(
    element: Element, terminal: Terminal, _match: Match, around: Surroundings
) -> Reply:
    return Reply(
        text="", element=nvram.archived(element, around.now, terminal.user), terminal=terminal
    )


def _reload(element: Element, terminal: Terminal, match: Match, _around: Surroundings) -> Reply:
    minutes = match.arguments[0] if match.arguments else "0"
    if element.running is not element.startup and dict(element.running) != dict(element.startup):
        question = "\nSystem configuration has been modified. Save? [yes/no]: "
        asking = replace(terminal, pending=f"reload-save {minutes}", question=question)
        return Reply(text="", element=element, terminal=asking)
    return Reply(text="", element=element, terminal=answers.proceed(terminal, minutes))


def _reload_cancel(
    element: Element, terminal: Terminal, _match: Match, _around: Surroundings
) -> Reply:
    if not element.reboot_at:
        return Reply(text="%No reload is scheduled.\n", element=element, terminal=terminal)
    text = "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n"
    return Reply(text=text, element=replace(element, reboot_at=0.0), terminal=terminal)


def _enable(element: Element, terminal: Terminal, _match: Match, _around: Surroundings) -> Reply:
    if terminal.privilege > 1:
        return Reply(text="", element=element, terminal=terminal)
    if not any(label.startswith(("enable secret", "enable password")) for label in element.running):
        return Reply(text="% Error in authentication.\n\n", element=element, terminal=terminal)
    asking = replace(terminal, pending="enable", question="Password: ", expects="hidden")
    return Reply(text="", element=element, terminal=asking)


def _changed(**changes: object) -> Callable[..., Reply]:
    def act(element: Element, terminal: Terminal, _match: Match, _around: Surroundings) -> Reply:
        return Reply(text="", element=element, terminal=replace(terminal, **changes))  # type: ignore[arg-type]

    return act


def _sized(field: str) -> Callable[..., Reply]:
    def act(element: Element, terminal: Terminal, match: Match, _around: Surroundings) -> Reply:
        changed = replace(terminal, **{field: int(match.arguments[0])})  # type: ignore[arg-type]
        return Reply(text="", element=element, terminal=changed)

    return act


_ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "configure": _configure_terminal,
    "confirm": _confirm,
    "revert": _revert,
    "write": _write,
    "copy": _copy,
    "restore": _restore,
    "archive": _archive_config,
    "reload": _reload,
    "reload-cancel": _reload_cancel,
    "enable": _enable,
    "disable": _changed(privilege=1),
    "exit": _changed(closed=True),
    "length": _sized("length"),
    "width": _sized("width"),
    "nothing": _changed(),
    **install.ACTIONS,
    **files.ACTIONS,
}


def resume(
    element: Element, terminal: Terminal, result: Fetched | None, around: Surroundings
) -> Reply:
    """What the terminal waited for came to its end."""
    if result is not None and isinstance(terminal.awaits, Fetch):
        return files.pulled(element, terminal, terminal.awaits, result, around)
    return finishing.told(element, terminal)
