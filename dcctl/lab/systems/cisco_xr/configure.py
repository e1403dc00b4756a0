"""IOS XR configuration mode: editing the target and committing it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import get
from dcctl.lab.systems.cisco_xr import commits, config
from dcctl.lab.systems.cisco_xr.commands import grammar_of
from dcctl.lab.systems.cisco_xr.intent import hostname
from dcctl.lab.systems.cisco_xr.scene import NODE

WRONG = "\0"  # stands for the complaint that the command line makes
VERBS = ("abort", "clear", "commit", "do", "end", "exit", "load", "no", "pwd", "root", "show")
_TRIAL_DEFAULT_S, _TRIAL_LEAST_S, _TRIAL_MOST_S = 600, 30, 65535
COMMIT = re.compile(
    r"commit(?: (?P<how>best-effort|force|replace))?(?: label (?P<label>\S+))?"
    r"(?P<trial> confirmed(?: minutes (?P<minutes>\d+)| (?P<seconds>\d+))?)?"
    r"(?: comment (?P<comment>.+))?"
)
FAILED = (
    "\n% Failed to commit one or more configuration items during a pseudo-atomic operation. All "
    "changes made have been reverted. Please issue 'show configuration failed [inheritance]' from "
    "this session to view the errors\n"
)
_LOCKED = (
    "% Failed to commit .. As an error (Unknown) encountered during commit operation. Changes may "
    "not have been committed: 'CfgMgr' detected the 'warning' condition 'The configuration "
    "namespace is locked by another agent.'\n"
)
_TRIAL_ELSEWHERE = "% Cannot commit because there is an unexpired trial/rollback session\n"
_OVERTAKEN = """\
One or more commits have occurred from other
configuration sessions since this session started
or since the last commit was made from this session.
You can use the 'show configuration commit changes'
command to browse the changes.
Do you wish to proceed with this commit anyway? [no]: """
_UNCOMMITTED = "Uncommitted changes found, commit them before exiting(yes/no/cancel)? [cancel]:"
_TRIAL_LASTS = (
    "You are exiting after a 'commit confirm' with an active rollback session.  If you exit the "
    "configuration awaiting confirmation will not be confirmed and the router will immediately "
    "rollback to the previous configuration.\nDo you wish to exit? [no]: "
)
_REPLACE = (
    "This commit will replace or remove the entire running configuration. This\n"
    "operation can be service affecting.\nDo you wish to proceed? [no]: "
)


def entered(element: Element, terminal: Terminal) -> Terminal:
    """The session in configuration mode, with a target of its own."""
    flags = frozenset(flag for flag in terminal.flags if flag == "no-timestamp")
    return replace(terminal, mode="config", path=(), private=commits.begun(element), flags=flags)


def left(element: Element, terminal: Terminal) -> Reply:
    """Out of configuration mode; the target is gone."""
    flags = frozenset(flag for flag in terminal.flags if flag == "no-timestamp")
    out = replace(
        terminal, mode="exec", path=(), private=None, exclusive=False, flags=flags, block=()
    )
    return Reply(text="", element=commits.unlocked(element, terminal), terminal=out)


def step(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """One line in configuration mode that is no `show` and no `do`."""
    text = line.strip()
    word = text.partition(" ")[0]
    act = _VERBS.get(text) or _VERBS.get(f"{word} …")
    if act is not None:
        return act(element, terminal, text, around)
    if word == "banner":
        return _banner(element, terminal, text)
    return _setting(element, terminal, line)


def continuations(terminal: Terminal, line: str) -> tuple[str, ...]:
    """What may follow `line`, for `?`."""
    found = grammar_of(config.modes(terminal.path)[-1]).continuations(line)
    if " " in line.strip():
        return found
    return tuple(sorted({*found, *(verb for verb in VERBS if verb.startswith(line.strip()))}))


def wrong(element: Element, terminal: Terminal, line: str) -> Match:
    """What is the matter with a line that was not taken."""
    tree = commits.candidate(element, terminal)
    applied = config.apply(tree, terminal.path, line, element.chassis)
    return applied.wrong or Match(error="invalid")


def calm(element: Element, terminal: Terminal, text: str = "") -> Reply:
    """An answer that asks nothing."""
    return Reply(text=text, element=element, terminal=terminal)


def _asking(element: Element, terminal: Terminal, kind: str, question: str) -> Reply:
    return calm(element, replace(terminal, pending=kind, question=question))


def _setting(element: Element, terminal: Terminal, line: str) -> Reply:
    tree = commits.candidate(element, terminal)
    applied = config.apply(tree, terminal.path, line, element.chassis)
    if applied.wrong:
        return calm(element, terminal, WRONG)
    if applied.block:
        return _block(element, terminal, applied)
    after = commits.edited(
        element,
        terminal,
        lambda one: config.apply(one, terminal.path, line, element.chassis).tree,
    )
    return calm(element, _readdressed(replace(after, path=applied.path), line))


def _readdressed(terminal: Terminal, line: str) -> Terminal:
    """Remember whose addresses were taken away in this session."""
    words = line.split()
    sections = [terminal.path[0]] if terminal.path else []
    if words[:2] == ["no", "interface"]:
        sections = [config.parsed("config", " ".join(words[1:3])).text]
    elif words[:2] not in (["no", "ipv4"], ["no", "ipv6"]):
        return terminal
    return replace(terminal, flags=terminal.flags | frozenset(f"={one}" for one in sections))


def _block(element: Element, terminal: Terminal, applied: config.Applied) -> Reply:
    mode = config.opens("config", applied.block)
    tree = commits.candidate(element, terminal)
    there = any(label.partition("\n")[0] == applied.block for label in tree)
    name = " ".join(applied.block.split()[:2])
    warning = (
        f"% WARNING: Policy object {name}' exists! Reconfiguring it via CLI will replace current "
        "definition. Use 'abort to cancel.\n"
        if there
        else ""
    )
    inside = replace(
        terminal,
        pending="block",
        question=f"RP/{NODE}:{hostname(element.running)}({mode})#",
        block=(applied.block,),
    )
    return calm(element, inside, warning)


def _banner(element: Element, terminal: Terminal, text: str) -> Reply:
    words = text.split(None, 2)
    if len(words) < 3 or words[1] not in ("motd", "login", "exec", "incoming", "prompt-timeout"):  # noqa: PLR2004 - banner KIND TEXT
        return calm(element, terminal, "% Incomplete command.\n")
    if config.banner_ends(words[2]):
        done = commits.edited(
            element, terminal, lambda tree: config.put_banner(tree, words[1], words[2])
        )
        return calm(element, done)
    waiting = replace(terminal, pending=f"banner {words[1]}", question="", block=(words[2],))
    mark = config.banner_mark(words[2])
    return calm(element, waiting, f"Enter TEXT message.  End with the character '{mark}'.\n")


# --- leaving ------------------------------------------------------------------------------------


def _exit(element: Element, terminal: Terminal, _text: str, _around: Surroundings) -> Reply:
    if terminal.path:
        up = replace(terminal, path=terminal.path[:-1])
        return calm(element, up)
    return _end(element, terminal, _text, _around)


def _end(element: Element, terminal: Terminal, _text: str, _around: Surroundings) -> Reply:
    if commits.own_trial(element, terminal):
        return _asking(element, terminal, "leave-trial", _TRIAL_LASTS)
    if commits.modified(element, terminal):
        return _asking(element, terminal, "leave", _UNCOMMITTED)
    return left(element, terminal)


def _abort(element: Element, terminal: Terminal, _text: str, _around: Surroundings) -> Reply:
    if commits.own_trial(element, terminal):
        return _asking(element, terminal, "leave-trial", _TRIAL_LASTS)
    return left(element, terminal)


def _root(element: Element, terminal: Terminal, _text: str, _around: Surroundings) -> Reply:
    return calm(element, replace(terminal, path=()))


def _clear(element: Element, terminal: Terminal, _text: str, _around: Surroundings) -> Reply:
    return calm(element, replace(entered(element, terminal), exclusive=terminal.exclusive))


def _pwd(element: Element, terminal: Terminal, _text: str, _around: Surroundings) -> Reply:
    return calm(element, terminal, " ".join(terminal.path) + "\n")


# --- committing ---------------------------------------------------------------------------------


def commit(element: Element, terminal: Terminal, text: str, around: Surroundings) -> Reply:
    """`commit` with its words, and what it asks first."""
    found = COMMIT.fullmatch(text)
    trial = _trial_seconds(found) if found else -1
    if found is None or trial < 0:
        return calm(element, terminal, "% Invalid input detected at '^' marker.\n")
    if commits.foreign_trial(element, terminal):
        # IOS XR sees that there is nothing to commit before it sees the trial.
        nothing = not commits.modified(element, terminal)
        return calm(element, terminal, _NOTHING if nothing else _TRIAL_ELSEWHERE)
    if element.lock and element.lock != terminal.number:
        return calm(element, terminal, _LOCKED)
    if found["how"] == "replace":
        return _asking(element, terminal, f"replace {text}", _REPLACE)
    if commits.modified(element, terminal) and commits.overtaken(element, terminal):
        return _asking(element, terminal, f"overtaken {text}", _OVERTAKEN)
    return make(element, terminal, found, around)


_NOTHING = "% No configuration changes to commit.\n"


def _trial_seconds(found: re.Match[str]) -> int:
    """How long the trial lasts, 0 for none, -1 for a time that is not taken."""
    if not found["trial"]:
        return 0
    seconds = int(found["seconds"] or _TRIAL_DEFAULT_S)
    if found["minutes"]:
        seconds = 60 * int(found["minutes"])
    return seconds if _TRIAL_LEAST_S <= seconds <= _TRIAL_MOST_S else -1


def make(
    element: Element,
    terminal: Terminal,
    found: re.Match[str],
    around: Surroundings,
    *,
    replacing: bool = False,
) -> Reply:
    """The commit itself; `replacing` takes what was typed for the whole configuration."""
    tree = commits.typed(terminal) if replacing else commits.candidate(element, terminal)
    text, notes = "", (Note(kind="commit"),)
    if commits.own_trial(element, terminal) and not found["trial"]:
        element = commits.confirmed(element)
        text, notes = "\n% Confirming commit for trial session.\n", (Note(kind="confirm"),)
        if commits.plain(tree) == commits.plain(element.running):
            return Reply(text=text, element=element, terminal=terminal, notes=notes)
    if commits.plain(tree) == commits.plain(element.running):
        return calm(element, terminal, _NOTHING)
    own = frozenset(flag[1:] for flag in terminal.flags if flag.startswith("="))
    failed = commits.refused(element.running, tree, readdressed=own)
    if failed:
        kept = replace(terminal, block=tuple(failed))
        return calm(element, kept, FAILED)
    seconds = _trial_seconds(found)
    done = commits.committed(
        element, terminal, tree, around.now, trial_s=seconds, label=found["label"] or ""
    )
    path = terminal.path if get(tree, terminal.path) is not None else ()
    fresh = replace(entered(done, terminal), path=path, exclusive=terminal.exclusive, block=())
    return Reply(text=text, element=done, terminal=fresh, notes=notes)


_VERBS: dict[str, Callable[[Element, Terminal, str, Surroundings], Reply]] = {
    "end": _end,
    "exit": _exit,
    "quit": _exit,
    "abort": _abort,
    "root": _root,
    "clear": _clear,
    "pwd": _pwd,
    "commit": commit,
    "commit …": commit,
}
