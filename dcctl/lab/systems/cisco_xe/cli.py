"""The IOS XE command line: exec and configuration mode, questions, errors, timers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal, Timer
from dcctl.lab.elements.tree import EMPTY, Tree, value
from dcctl.lab.systems.cisco_xe import answers, config, nvram, secrets
from dcctl.lab.systems.cisco_xe.commands import PROMPTS, grammar_of
from dcctl.lab.systems.cisco_xe.kinds import KINDS
from dcctl.lab.systems.cisco_xe.pipes import piped
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


def prompt(element: Element, terminal: Terminal) -> str:
    """What stands before the cursor."""
    if terminal.pending:
        return terminal.question
    name = value(element.running, "hostname", "Router")
    if terminal.mode == "exec":
        return f"{name}{'#' if terminal.privilege > 1 else '>'}"
    mode = config.modes(terminal.path)[-1]
    return f"{name}({PROMPTS.get(mode, mode)})#"


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line typed."""
    if terminal.pending:
        return answers.answer(element, terminal, line, around)
    note = Note(kind="command", text=secrets.masked(line.strip()))
    text = line.strip()
    if text in ("\x1a", "\x03"):
        return Reply(text="", element=element, terminal=_to_exec(terminal))
    if not text or text.startswith("!"):
        return Reply(text="", element=element, terminal=terminal)
    if text.endswith("?"):
        return Reply(text=_help(terminal, line.rstrip()[:-1]), element=element, terminal=terminal)
    run = _exec if terminal.mode == "exec" else _configure
    reply = run(element, terminal, line.rstrip(), around)
    return replace(reply, notes=(note, *reply.notes))


def _to_exec(terminal: Terminal) -> Terminal:
    return replace(terminal, mode="exec", path=())


def _help(terminal: Terminal, line: str) -> str:
    grammar = (
        exec_grammar(terminal.privilege)
        if terminal.mode == "exec"
        else grammar_of(config.modes(terminal.path)[-1])
    )
    found = grammar.continuations(line)
    if not found:
        return "% Unrecognized command\n"
    return "".join(f"  {word}\n" for word in found) + "\n"


def complaint(element: Element, terminal: Terminal, match: Match, line: str) -> str:
    """What IOS says of a line that it does not take."""
    if match.error == "ambiguous":
        return f'% Ambiguous command:  "{line.strip()}"\n'
    if match.error == "incomplete" and len(match.words) == 1 and terminal.mode == "exec":
        return f'% Type "{match.words[0]} ?" for a list of subcommands\n'
    if match.error == "incomplete":
        return "% Incomplete command.\n\n"
    column = len(prompt(element, terminal)) + match.column
    return f"{' ' * column}^\n% Invalid input detected at '^' marker.\n\n"


# --- exec -----------------------------------------------------------------------------------------------------


def _exec(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    command, _, pipe = line.partition(" | ")
    match = exec_grammar(terminal.privilege).parse(command)
    if match.error or match.rule is None:
        return Reply(
            text=complaint(element, terminal, match, line), element=element, terminal=terminal
        )
    show = answers.SHOWS.get(match.rule.action)
    if show is not None:
        scene = Scene(element=element, terminal=terminal, around=around, arguments=match.arguments)
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
}


# --- configuration mode ---------------------------------------------------------------------------------------


def _configure(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    text = line.strip()
    word, _, rest = text.partition(" ")
    if text == "end":
        return Reply(text="", element=element, terminal=_to_exec(terminal))
    if text in ("ex", "exi", "exit", "exit-address-family", "quit"):
        up = replace(terminal, path=terminal.path[:-1]) if terminal.path else _to_exec(terminal)
        return Reply(text="", element=element, terminal=up)
    if word == "do":
        inner = _exec(element, replace(terminal, mode="exec"), rest, around)
        back = replace(inner.terminal, mode=terminal.mode, path=terminal.path)
        return replace(inner, terminal=back)
    if word == "banner":
        return _banner(element, terminal, rest, around)
    if text.startswith("crypto key generate"):
        return Reply(text=_KEYS_MADE, element=element, terminal=terminal)
    return _setting(element, terminal, line, around)


_KEYS_MADE = """\
% Generating 2048 bit RSA keys, keys will be non-exportable...
[OK] (elapsed time was 1 seconds)
"""


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


def leave(element: Element, _terminal: Terminal) -> Element:
    """The session ended: what it changed stays."""
    return element


def login(element: Element, terminal: Terminal) -> Terminal:
    """A fresh terminal: its privilege is the user's."""
    for label in element.running:
        found = re.match(r"username (\S+) (?:privilege (\d+) )?", label)
        if found and found.group(1) == terminal.user:
            return replace(terminal, privilege=int(found.group(2) or 1))
    return terminal
