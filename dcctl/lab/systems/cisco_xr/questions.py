"""What IOS XR asks in configuration mode, and what an answer or a text brings about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.systems.cisco_xr import commits, config, files, install
from dcctl.lab.systems.cisco_xr.commands import BLOCKS
from dcctl.lab.systems.cisco_xr.configure import COMMIT, calm, commit, left, make

Asked = Callable[[Element, Terminal, Terminal, tuple[str, str], Surroundings], Reply]


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to a question that stands, or one more line of a text."""
    kind, _, detail = terminal.pending.partition(" ")
    quiet = replace(terminal, pending="", question="", expects="line")
    return _ANSWERS[kind](element, terminal, quiet, (line, detail), around)


def _said(line: str, *words: str) -> bool:
    said = line.strip().lower()
    return bool(said) and any(word.startswith(said) for word in words)


def _leaving(
    element: Element,
    terminal: Terminal,
    quiet: Terminal,
    said: tuple[str, str],
    around: Surroundings,
) -> Reply:
    line, _ = said
    if _said(line, "yes"):
        reply = commit(element, quiet, "commit", around)
        if reply.element is element or reply.terminal.pending:
            return reply
        out = left(reply.element, reply.terminal)
        return replace(out, notes=reply.notes)
    if _said(line, "no"):
        return left(element, quiet)
    if not line.strip() or _said(line, "cancel"):
        return calm(element, quiet)
    return calm(element, terminal, "% Please answer 'yes', 'no' or 'cancel'.\n")


def _leaving_trial(
    element: Element, _: Terminal, quiet: Terminal, said: tuple[str, str], around: Surroundings
) -> Reply:
    if not _said(said[0], "yes"):
        return calm(element, quiet)
    reverted = commits.expire(element, around.now)
    note = Note(kind="revert", text=f"{quiet.user} left the session of the trial")
    return replace(left(reverted, quiet), notes=(note,))


def _anyway(
    element: Element, _: Terminal, quiet: Terminal, said: tuple[str, str], around: Surroundings
) -> Reply:
    line, command = said
    found = COMMIT.fullmatch(command)
    if found is None or not _said(line, "yes"):
        return calm(element, quiet)
    return make(element, quiet, found, around)


def _replacing(
    element: Element, _: Terminal, quiet: Terminal, said: tuple[str, str], around: Surroundings
) -> Reply:
    line, command = said
    found = COMMIT.fullmatch(command)
    if found is None or not _said(line, "yes"):
        return calm(element, quiet)
    return make(element, quiet, found, around, replacing=True)


def _in_block(
    element: Element, terminal: Terminal, quiet: Terminal, said: tuple[str, str], _: Surroundings
) -> Reply:
    text, first = said[0].strip(), terminal.block[0]
    if text == "abort":
        return calm(element, replace(quiet, block=()))
    end = BLOCKS[config.opens("config", first)]
    if text != end:
        more = (*terminal.block, text) if text and text != "!" else terminal.block
        return calm(element, replace(terminal, block=more))
    done = commits.edited(
        element,
        replace(quiet, block=(), path=()),
        lambda tree: config.keep_block(tree, (), first, terminal.block[1:], end),
    )
    return calm(element, done)


def _in_banner(
    element: Element, terminal: Terminal, quiet: Terminal, said: tuple[str, str], _: Surroundings
) -> Reply:
    line, kind = said
    text = "\n".join((*terminal.block, line))
    if not config.banner_ends(text):
        return calm(element, replace(terminal, block=(*terminal.block, line)))
    done = commits.edited(
        element, replace(quiet, block=()), lambda tree: config.put_banner(tree, kind, text)
    )
    return calm(element, done)


def _reloading(
    element: Element, _: Terminal, quiet: Terminal, said: tuple[str, str], around: Surroundings
) -> Reply:
    if said[0].strip().lower().startswith("n"):
        return calm(element, quiet, "\n")
    planned = replace(element, reboot_at=around.now)
    gone = replace(quiet, closed=True)
    text = "\nPreparing system for backup. This may take a few minutes especially for large configurations.\n"
    return Reply(text=text, element=planned, terminal=gone, notes=(Note(kind="reload"),))


_ANSWERS: dict[str, Asked] = {
    "leave": _leaving,
    "leave-trial": _leaving_trial,
    "overtaken": _anyway,
    "replace": _replacing,
    "block": _in_block,
    "banner": _in_banner,
    "reload": _reloading,
    "install": install.proceed,
    "delete": files.delete_sure,
    "copy-name": files.copy_name,
    "copy-word": files.copy_word,
}
