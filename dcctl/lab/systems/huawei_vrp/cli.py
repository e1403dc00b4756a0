"""The VRP command line: views, prompts, errors, pipes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Fetch, Fetched
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.huawei_vrp import (
    acts,
    answers,
    commits,
    config,
    files,
    kinds,
    secrets,
    startup,
)
from dcctl.lab.systems.huawei_vrp.commands import grammar_of
from dcctl.lab.systems.huawei_vrp.pipes import piped, split
from dcctl.lab.systems.huawei_vrp.questions import answer, asked_of
from dcctl.lab.systems.huawei_vrp.scene import Scene

_LEAVE = ("\x1a", "\x03")


@cache
def commands(where: str, generation: str) -> Grammar:
    """The commands besides configuration in the user view (u) or a configuration view (s)."""
    rules = [
        Rule(syntax, action, order)
        for order, (syntax, action, places) in enumerate(answers.COMMANDS)
        if where in places and (not places[-1].isdecimal() or places.endswith(generation))
    ]
    return Grammar(rules, kinds.KINDS)


def _commands(element: Element, terminal: Terminal) -> Grammar:
    generation = "5" if kinds.immediate(element.chassis) else "8"
    return commands("u" if terminal.mode == "exec" else "s", generation)


def prompt(element: Element, terminal: Terminal) -> str:
    """What stands before the cursor."""
    if terminal.pending:
        return terminal.question
    name = value(element.running, "sysname", "HUAWEI")
    if terminal.mode == "exec":
        return f"<{name}>"
    where = "".join(f"-{_where(element, label)}" for label in terminal.path)
    if kinds.immediate(element.chassis):
        return f"[{name}{where}]"
    return f"[{'*' if commits.modified(element, terminal) else '~'}{name}{where}]"


def _where(element: Element, label: str) -> str:
    """What a view adds to the prompt."""
    words = label.split(" ")
    if words[0] in ("interface", "isis", "ospf"):
        return words[1] if words[0] == "interface" else f"{words[0]}-{words[1]}"
    if words[0] == "user-interface":
        return "ui-console0" if words[1] == "con" else f"ui-vty{words[2]}-{words[-1]}"
    if words[0] == "acl":
        basic = words[-1] == "basic" or (words[-1].isdecimal() and int(words[-1]) < 3000)  # noqa: PLR2004
        kind = "basic" if basic else "advance"
        return f"{'acl' if kinds.immediate(element.chassis) else 'acl4'}-{kind}-{words[2]}"
    if words[0].endswith("-family"):
        return f"af-{words[0][:4]}"
    if words[:2] == ["ip", "vpn-instance"]:
        return f"vpn-instance-{words[2]}"
    return {"bgp": "bgp"}.get(words[0], label.replace(" ", "-"))


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line typed."""
    if terminal.pending == "header":
        return _header(element, terminal, line, around)
    if terminal.pending:
        return answer(element, terminal, line, around)
    text = line.strip()
    if text in _LEAVE:
        line = text = "return" if terminal.mode != "exec" else ""
    if not text or text.startswith("#"):
        return Reply(text="", element=element, terminal=terminal)
    if text.endswith("?"):
        return Reply(text=_help(element, terminal, line[:-1]), element=element, terminal=terminal)
    note = Note(kind="command", text=secrets.masked(text))
    reply = _run(element, terminal, line.rstrip(), around)
    return replace(reply, notes=(note, *reply.notes))


def _run(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    shows = "display".startswith((line.split() or [""])[0])
    command, pipe = split(line) if shows else (line, "")
    match = _commands(element, terminal).parse(command)
    if match.rule is None or match.error:
        if terminal.mode == "exec" or _belongs(match):
            wrong = complaint(element, terminal, match, command, _commands(element, terminal))
            return Reply(text=wrong, element=element, terminal=terminal)
        return _configure(element, terminal, line, around)
    scene = Scene(
        element=element,
        terminal=terminal,
        around=around,
        arguments=match.arguments,
        line=match.text,
    )
    show = answers.SHOWS.get(match.rule.action)
    if show is None:
        return acts.ACTIONS[match.rule.action](scene)
    text = piped(show(scene), pipe, immediate=scene.immediate)
    if text is None:
        column = len(prompt(element, terminal)) + line.index("|") + 2
        text = f"{' ' * column}^\nError: Unrecognized command found at '^' position.\n"
    return Reply(text=text, element=element, terminal=terminal)


def _belongs(match: Match) -> bool:
    """Whether a wrong line was meant for these commands, and not for the configuration."""
    return match.words[:1] in (("display",), ("commit",), ("abort",), ("system-view",), ("scp",))


def _configure(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    immediate = kinds.immediate(element.chassis)
    if config.unfinished(line):
        waiting = replace(terminal, pending="header", question="", block=(line,))
        return Reply(text="", element=element, terminal=waiting)
    tree = element.running if immediate else commits.candidate(element, terminal)
    applied = config.apply(tree, terminal.path, line, element.chassis)
    if applied.wrong is not None:
        grammar = grammar_of(config.views(terminal.path)[-1])
        wrong = complaint(element, terminal, applied.wrong, line, grammar)
        return Reply(text=wrong, element=element, terminal=terminal)
    if applied.message:
        return Reply(text=f"{applied.message}\n", element=element, terminal=terminal)
    here = replace(terminal, path=applied.path)
    if element.timer and applied.tree is not tree:
        text = "Error: The system is in trial configuration mode, and the configuration cannot be changed.\n"
        return Reply(text=text, element=element, terminal=terminal)
    question = asked_of(line, tree, applied.tree)
    if question:
        asking = replace(here, pending=f"undo {line}", question=question)
        return Reply(text="", element=element, terminal=asking)
    return _changed(element, here, applied, around)


def _changed(
    element: Element, terminal: Terminal, applied: config.Applied, around: Surroundings
) -> Reply:
    if not kinds.immediate(element.chassis):
        return Reply(
            text="", element=element, terminal=commits.edited(element, terminal, applied.tree)
        )
    if applied.tree is element.running:
        return Reply(text="", element=element, terminal=terminal)
    after = replace(element, running=applied.tree, changed=around.now, changed_by=terminal.user)
    return Reply(text="", element=after, terminal=terminal, notes=(Note(kind="change"),))


def _header(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    whole = "\n".join((*terminal.block, line))
    if config.unfinished(whole):
        more = replace(terminal, block=(*terminal.block, line))
        return Reply(text="", element=element, terminal=more)
    calm = replace(terminal, pending="", question="", block=())
    return _configure(element, calm, whole, around)


def _help(element: Element, terminal: Terminal, line: str) -> str:
    found = list(_commands(element, terminal).continuations(line))
    if terminal.mode != "exec":
        found += grammar_of(config.views(terminal.path)[-1]).continuations(line)
    if not found:
        return "Error: Unrecognized command found at '^' position.\n"
    return "".join(f"  {word}\n" for word in sorted(set(found)))


def complaint(
    element: Element, terminal: Terminal, match: Match, line: str, grammar: Grammar
) -> str:
    """What VRP says of a line that it does not take."""
    column = len(prompt(element, terminal)) + match.column
    space = "" if kinds.immediate(element.chassis) else " "
    what = {"ambiguous": "Ambiguous command", "incomplete": "Incomplete command"}.get(match.error)
    if what is None:
        expected = set(grammar.continuations(re.sub(r"\S*$", "", line[: match.column])))
        kind = "Wrong parameter" if expected and expected == {w.upper() for w in expected} else ""
        what = "Too many parameters" if expected == {"<cr>"} else kind or "Unrecognized command"
        space = " "
    return f"{' ' * column}^\nError:{space}{what} found at '^' position.\n"


def resume(
    element: Element, terminal: Terminal, result: Fetched | None, around: Surroundings
) -> Reply:
    """What the terminal waited for came to its end."""
    if result is not None and isinstance(terminal.awaits, Fetch):
        return files.pulled(element, terminal, terminal.awaits, result, around)
    return startup.told(element, terminal)


def login(_element: Element, terminal: Terminal) -> Terminal:
    """A fresh terminal."""
    return terminal
