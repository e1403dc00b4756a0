"""The SR OS command line: the MD-CLI engine, the classic engine beside it, pipes and errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from dcctl.lab.elements.grammar import Grammar, Match, Rule
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.software import Fetch, Fetched
from dcctl.lab.systems.nokia_sros import (
    answers,
    bof,
    commits,
    config,
    configure,
    files,
    navigate,
    standby,
)
from dcctl.lab.systems.nokia_sros.config import ElementError, Token
from dcctl.lab.systems.nokia_sros.intent import hostname
from dcctl.lab.systems.nokia_sros.writing import path_text

CLASSIC = files.CLASSIC_FLAG
TO_CLASSIC = (
    "INFO: CLI #2051: Switching to the classic CLI engine\n"
    "INFO: CLI #2050: Classic CLI modification of the configuration is not allowed - "
    "'model-driven' management interface configuration mode active\n"
)
TO_MD = "INFO: CLI #2052: Switching to the MD-CLI engine\n"
_MASK = re.compile(
    r"(?P<kept>\b(?:password|authentication-key|secret|md5|community|cak|key)\s+)\S+.*$"
)
_KINDS = {
    "word": lambda text: text,
    "port": lambda text: text if re.fullmatch(r"[A-Za-z0-9]+(?:/[A-Za-z0-9]+)+", text) else None,
}


@cache
def grammar(engine: str = "md") -> Grammar:
    """The operational commands of an engine."""
    own = answers.CLASSIC_COMMANDS if engine == CLASSIC else answers.MD_COMMANDS
    table = (*answers.COMMANDS, *own)
    return Grammar([Rule(syntax, action, i) for i, (syntax, action) in enumerate(table)], _KINDS)


def masked(line: str) -> str:
    """The line for a log."""
    return _MASK.sub(r"\g<kept>*****", line)


def prompt(element: Element, terminal: Terminal) -> str:
    """What stands before the cursor: two lines in the MD-CLI, with an empty one before them."""
    if terminal.pending:
        return terminal.question
    name = hostname(element.running)
    if CLASSIC in terminal.flags:
        unsaved = element.running is not element.startup
        return f"{'*' if unsaved else ''}A:{name}# "
    where = f"/{path_text(terminal.path)}"
    if terminal.mode == "exec":
        return f"\n[{where}]\nA:{terminal.user}@{name}# "
    if bof.inside(terminal):
        return f"\n{bof.marked(element, terminal, where)}\nA:{terminal.user}@{name}# "
    marks = "!" if commits.outdated(element, terminal) else ""
    marks += "*" if commits.modified(element, terminal) else ""
    short = configure.SHORT[terminal.mode]
    shown = f"[{short}:{where}]" if "implicit" in terminal.flags else f"({short})[{where}]"
    return f"\n{marks}{shown}\nA:{terminal.user}@{name}# "


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line typed."""
    if terminal.pending:
        return navigate.answer(element, terminal, line, around)
    text = line.strip()
    if text in ("", "\x03", "\x1a", "\x04") or text.startswith("#"):
        return Reply(text="", element=element, terminal=terminal)
    if text.endswith("?"):
        return Reply(text=_help(line[:-1]), element=element, terminal=terminal)
    reply = _engines(element, terminal, text, around)
    note = Note(kind="command", text=masked(text))
    return replace(reply, notes=(note, *reply.notes))


def _engines(element: Element, terminal: Terminal, text: str, around: Surroundings) -> Reply:
    """The engine that a line is for; `//` changes it, for good or for one command."""
    classic = CLASSIC in terminal.flags
    for mark, wanted in (("//", not classic), ("/!classic-cli", True), ("/!md-cli", False)):
        if text.startswith(mark):
            command = text.removeprefix(mark).strip()
            switched = terminal.flags | {CLASSIC} if wanted else terminal.flags - {CLASSIC}
            there = replace(terminal, flags=switched)
            said = (TO_CLASSIC if wanted else TO_MD) if wanted != classic else ""
            if not command:
                return Reply(text=said, element=element, terminal=there)
            reply = _run(element, there, command, around)
            back = replace(reply.terminal, flags=terminal.flags)
            end = (TO_MD if wanted else TO_CLASSIC) if wanted != classic else ""
            return replace(reply, text=said + reply.text + end, terminal=back)
    return _run(element, terminal, text, around)


def _run(element: Element, terminal: Terminal, text: str, around: Surroundings) -> Reply:
    command, *pipes = [
        part.strip() for part in re.split(r"\s\|\s(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", text)
    ]
    if CLASSIC in terminal.flags:
        reply = _classic(element, terminal, command, around)
    else:
        reply = _md(element, terminal, command, around)
    return replace(reply, text=piped(reply.text, pipes)) if pipes else reply


def piped(text: str, pipes: list[str]) -> str:
    """Output through `| match`, `| count` and `| no-more`."""
    for pipe in pipes:
        verb, _, rest = pipe.partition(" ")
        rows = text.splitlines()
        if verb == "match":
            invert = rest.startswith("invert-match ")
            wanted = rest.removeprefix("invert-match ").partition(" ignore-case")[0].strip('"')
            rows = [row for row in rows if (wanted in row) != invert]
        elif verb == "count":
            rows = [f"Count: {len(rows)} lines"]
        text = "".join(f"{row}\n" for row in rows)
    return text


# --- the MD-CLI engine -------------------------------------------------------------------------


def _md(element: Element, terminal: Terminal, text: str, around: Surroundings) -> Reply:
    words = config.tokens(text)
    try:
        return _bof(element, terminal, words) or _md_words(element, terminal, text, words, around)
    except ElementError as error:
        said = f"{_carets(element, terminal, error.token)}{error}\n"
        return Reply(text=said, element=element, terminal=terminal)


def _bof(element: Element, terminal: Terminal, words: list[Token]) -> Reply | None:
    """What a line is in the region of the boot options, or to enter it; None where it is neither."""
    if bof.inside(terminal):
        return bof.step(element, terminal, words)
    if words and words[0].text.removeprefix("/") == "bof" and terminal.mode == "exec":
        mode = words[1].text if words[1:] else ""
        return bof.enter(element, terminal, mode, implicit=True)
    return None


def _md_words(
    element: Element, terminal: Terminal, text: str, words: list[Token], around: Surroundings
) -> Reply:
    editing = terminal.mode != "exec"
    first = words[0].text.removeprefix("/") if words else ""
    if text == "/" or first in navigate.VERBS:
        return navigate.VERBS[first or "/"](element, terminal, words[1:], around)
    if first in configure.VERBS:
        if not editing or bof.inside(terminal):
            raise config.unknown(words[0])
        return configure.VERBS[first](element, terminal, words[1:], around.now)
    if not editing and first == "configure":
        return navigate.implicit(element, terminal, words[1:], around)
    action = _operational(element, terminal, text.removeprefix("/"), around)
    if isinstance(action, Reply):
        return action
    if editing and not bof.inside(terminal):
        return configure.edit(element, terminal, words)
    raise _fault(words, text, action)


def _operational(
    element: Element, terminal: Terminal, text: str, around: Surroundings
) -> Reply | Match:
    plain = text.replace('"', "")
    match = grammar().parse(plain)
    if match.error or match.rule is None:
        first = config.tokens(text)[:1]
        if first and first[0].text in answers.ROOTS:
            raise _fault(config.tokens(text), text, match)
        return match
    scene = Scene(
        element=element,
        terminal=terminal,
        around=around,
        arguments=match.arguments,
        line=match.text,
    )
    return _answered(scene, match.rule.action)


def _answered(scene: Scene, action: str) -> Reply:
    if action in answers.SHOWS:
        return scene.reply(answers.SHOWS[action](scene))
    return navigate.ACTIONS[action](scene)


def _fault(words: list[Token], text: str, match: Match) -> ElementError:
    """Where an operational command went wrong, in SR OS's words."""
    plain = text.replace('"', "")
    if match.error == "incomplete":
        return ElementError("MINOR: CLI #2001: Missing element value - 'parameters'")
    number = len(plain[: match.column].split())
    return config.unknown(words[min(number, len(words) - 1)])


def _carets(element: Element, terminal: Terminal, token: Token | None) -> str:
    if token is None:
        return ""
    lead = len(prompt(element, terminal).rpartition("\n")[2])
    return f"{' ' * (lead + token.start)}{'^' * token.width}\n"


# --- the classic engine -------------------------------------------------------------------------

_CLASSIC: dict[str, Callable[[Scene], Reply]] = {
    "environment no more": lambda scene: scene.reply(""),
    "environment more": lambda scene: scene.reply(""),
    "exit": lambda scene: scene.reply(""),
    "exit all": lambda scene: scene.reply(""),
    "logout": lambda scene: replace(scene.reply(""), terminal=replace(scene.terminal, closed=True)),
}


def _classic(element: Element, terminal: Terminal, text: str, around: Surroundings) -> Reply:
    command = text.removeprefix("/")
    scene = Scene(element=element, terminal=terminal, around=around, line=command)
    if command in ("environment no more", "environment more"):
        length = 0 if command.endswith("no more") else 24
        quiet = replace(terminal, length=length)
        return Reply(text="", element=element, terminal=quiet)
    if command in _CLASSIC:
        return _CLASSIC[command](scene)
    if command.startswith(("configure", "bof")):
        text = (
            "MINOR: CLI Classic CLI configuration is not allowed - 'model-driven' management "
            "interface configuration mode active.\n"
        )
        return Reply(text=text, element=element, terminal=terminal)
    match = grammar(CLASSIC).parse(command.replace('"', ""))
    if match.error or match.rule is None:
        lead = len(prompt(element, terminal)) + match.column
        wrong = "Missing parameter." if match.error == "incomplete" else "Bad command."
        said = f"{' ' * lead}^\nError: {wrong}\n"
        return Reply(text=said, element=element, terminal=terminal)
    return _answered(replace(scene, arguments=match.arguments, line=match.text), match.rule.action)


def _help(line: str) -> str:
    found = grammar().continuations(line.lstrip("/"))
    return "".join(f" {word}\n" for word in found) or " No completions\n"


def resume(
    element: Element, terminal: Terminal, result: Fetched | None, around: Surroundings
) -> Reply:
    """What the terminal waited for came to its end."""
    if result is not None and isinstance(terminal.awaits, Fetch):
        return files.pulled(element, terminal, terminal.awaits, result, around)
    return standby.told(element, terminal)


def login(_element: Element, terminal: Terminal) -> Terminal:
    """A fresh terminal."""
    return terminal


def leave(element: Element, terminal: Terminal) -> Element:
    """The session ended."""
    return commits.leave(element, terminal)
