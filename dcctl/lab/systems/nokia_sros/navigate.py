"""What the MD-CLI does anywhere: moving about, showing configuration, saving, its own settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.nokia_sros import bof, commits, config, configure, files, standby, writing
from dcctl.lab.systems.nokia_sros.config import ElementError, Path, Token
from dcctl.lab.systems.nokia_sros.scene import build, iso

_OPTIONS = ("flat", "full-context", "json", "detail", "from", "running", "candidate", "configure")


def _moved(element: Element, terminal: Terminal, path: Path) -> Reply:
    return Reply(text="", element=element, terminal=replace(terminal, path=path, block=()))


def _exit(element: Element, terminal: Terminal, words: list[Token], _around: Surroundings) -> Reply:
    """`exit`, `exit all`: up to where one came from; from the root, out of the session."""
    implicit = "implicit" in terminal.flags
    bottom: Path = ("configure",) if implicit else ()
    if words and words[0].text == "all" and terminal.mode != "exec":
        return configure.leave(element, terminal) if implicit else _moved(element, terminal, ())
    if terminal.path != bottom:
        return _moved(element, terminal, bottom)
    if implicit:
        return configure.leave(element, terminal)
    if terminal.mode != "exec" or words:
        return Reply(text="", element=element, terminal=terminal)
    return logout(element, terminal)


def logout(element: Element, terminal: Terminal) -> Reply:
    """The end of the session."""
    return Reply(text="", element=element, terminal=replace(terminal, closed=True))


def _logout(
    element: Element, terminal: Terminal, _words: list[Token], _around: Surroundings
) -> Reply:
    return logout(element, terminal)


def _back(element: Element, terminal: Terminal, words: list[Token], _around: Surroundings) -> Reply:
    count = int(words[0].text) if words and words[0].text.isdecimal() else 1
    return _moved(element, terminal, terminal.path[: max(0, len(terminal.path) - count)])


def _top(element: Element, terminal: Terminal, _words: list[Token], _around: Surroundings) -> Reply:
    return _moved(element, terminal, terminal.path[:1])


def _root(
    element: Element, terminal: Terminal, _words: list[Token], _around: Surroundings
) -> Reply:
    return _moved(element, terminal, ())


def _pwc(element: Element, terminal: Terminal, _words: list[Token], _around: Surroundings) -> Reply:
    text = f"Present Working Context:\n/{writing.path_text(terminal.path)}\n"
    return Reply(text=text, element=element, terminal=terminal)


def _edit_config(
    element: Element, terminal: Terminal, words: list[Token], around: Surroundings
) -> Reply:
    mode = words[0].text if words else ""
    if mode == "bof":
        return bof.enter(element, terminal, words[1].text if words[1:] else "", implicit=False)
    if mode not in configure.MODES:
        raise (
            config.unknown(words[0])
            if words
            else ElementError("MINOR: CLI #2001: Missing element value - 'mode'")
        )
    return configure.enter(element, terminal, mode, around, implicit=False)


def implicit(
    element: Element, terminal: Terminal, words: list[Token], around: Surroundings
) -> Reply:
    """`configure MODE`; other words need a configuration mode first."""
    if words and words[0].text in configure.MODES and len(words) == 1:
        return configure.enter(element, terminal, words[0].text, around, implicit=True)
    raise ElementError("MINOR: CLI #2069: Operation not allowed - currently in operational mode")


def _quit_config(
    element: Element, terminal: Terminal, words: list[Token], _around: Surroundings
) -> Reply:
    wrong = terminal.mode == "exec" or terminal.path or "implicit" in terminal.flags
    if wrong:
        raise ElementError("MINOR: MGMT_CORE #2201: Unknown element - 'quit-config'")
    del words
    return configure.leave(element, terminal)


def _info(element: Element, terminal: Terminal, words: list[Token], _around: Surroundings) -> Reply:
    """`info [flat|full-context|json|detail] [from running] [PATH]`."""
    options = {word.text for word in words if word.text in _OPTIONS and not word.quoted}
    rest = [word for word in words if word.quoted or word.text not in _OPTIONS[:-1]]
    tree = element.running if "running" in options else commits.candidate(element, terminal)
    path = config.resolve(terminal.path, rest) if rest else terminal.path
    if terminal.mode == "exec" and not rest:
        raise ElementError(
            "MINOR: CLI #2069: Operation not allowed - currently in operational mode"
        )
    return Reply(text=written(tree, path, options), element=element, terminal=terminal)


def written(tree: Tree, path: Path, options: set[str]) -> str:
    """A part of a configuration in one of its forms."""
    if "json" in options:
        return writing.as_json(tree, path)
    if "full-context" in options:
        rows = [f"    {row}" for row in writing.flat(tree, path, full=True)]
    elif "flat" in options:
        rows = [f"    {row}" for row in writing.flat(tree, path)]
    else:
        rows = writing.info(tree, path)
    return "".join(f"{row}\n" for row in rows)


VERBS: dict[str, Callable[[Element, Terminal, list[Token], Surroundings], Reply]] = {
    "/": _root,
    "back": _back,
    "edit-config": _edit_config,
    "exit": _exit,
    "info": _info,
    "logout": _logout,
    "pwc": _pwc,
    "quit-config": _quit_config,
    "top": _top,
}


# --- operational commands that do something -------------------------------------------------


def _environment(scene: Scene) -> Reply:
    words = scene.line.split()
    terminal = scene.terminal
    if words[1:2] == ["more"]:
        terminal = replace(terminal, length=0 if words[-1] == "false" else 24)
    elif words[1:3] == ["console", "width"]:
        terminal = replace(terminal, width=int(words[-1]))
    elif words[1:3] == ["console", "length"]:
        terminal = replace(terminal, length=int(words[-1]))
    return replace(scene.reply(""), terminal=terminal)


def _save(scene: Scene) -> Reply:
    text = "Writing configuration to cf3:\\config.cfg\nSaving configuration ... "
    if scene.element.timer is not None:
        # What may still go back is not what the next boot should find.
        return scene.reply(f"{text}Failed\nMINOR: CLI #2604: Commit confirmed in progress\n")
    after = commits.saved(scene.element, scene.terminal.user, scene.around.now)
    reply = replace(scene.reply(f"{text}OK\nCompleted.\n"), element=after)
    return replace(reply, notes=(Note(kind="save"),))


def whole(scene: Scene) -> Reply:
    """`admin show configuration`: everything that runs, with its head and its end."""
    words = config.tokens(scene.arguments[0]) if scene.arguments else []
    options = {word.text for word in words if word.text in _OPTIONS and not word.quoted}
    rest = [word for word in words if word.quoted or word.text not in _OPTIONS[:-1]]
    element = scene.element
    if rest:
        try:
            path = config.resolve((), rest)
        except ElementError as error:
            return scene.reply(f"{error}\n")
        return scene.reply(written(element.running, path, options))
    if "json" in options:
        return scene.reply(writing.as_json(element.running, ()))
    body = written(element.running, (), options)
    if not options & {"flat", "full-context"}:
        body = "".join(f"{row}\n" for row in writing.info(element.running, (), depth=0))
    else:
        body = "".join(f"{row.removeprefix('    ')}\n" for row in body.splitlines())
    head = "".join(f"# {row}\n" for row in build(element.software.release))
    head += f"# Configuration format version {element.software.release.rpartition('.')[0]} revision 0\n\n"
    who = element.changed_by or "admin"
    head += (
        f"# Generated {iso(scene.around.clock)} by {scene.terminal.user} from "
        f"{scene.terminal.peer}\n# Last modified {iso(element.changed)} by {who} (MD-CLI)\n\n"
    )
    return scene.reply(f"{head}{body}\n# Finished {iso(scene.around.clock)}\n")


def _reboot(scene: Scene) -> Reply:
    if scene.line.endswith("now"):
        return rebooted(scene.element, scene.terminal, scene.around.now)
    asking = replace(
        scene.terminal, pending="reboot", question="Are you sure you want to reboot (y/n)? "
    )
    return replace(scene.reply(""), terminal=asking)


def rebooted(element: Element, terminal: Terminal, now: float) -> Reply:
    """The box goes down, now."""
    return Reply(
        text="Rebooting...\n",
        element=replace(element, reboot_at=now + 1.0),
        terminal=replace(terminal, closed=True, pending="", question=""),
        notes=(Note(kind="reload"),),
    )


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "environment": _environment,
    "save": _save,
    "whole": whole,
    "reboot": _reboot,
    "bof-save": bof.save,
    "bof-whole": bof.whole,
    **files.ACTIONS,
    **standby.ACTIONS,
    "nothing": lambda scene: scene.reply(""),
}


_AGREED: dict[str, Callable[[Element, Terminal, str, Surroundings], Reply]] = {
    "reboot": lambda element, calm, _detail, around: rebooted(element, calm, around.now),
    "file-copy": files.copied,
    "file-remove": files.removed,
    "quit-bof": lambda element, calm, _detail, _around: bof.left(element, calm),
}


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to a question."""
    kind, _, detail = terminal.pending.partition(" ")
    calm = replace(terminal, pending="", question="", expects="line")
    if kind == "file-word":
        return files.pull(element, calm, detail, line)
    if line.strip().lower() not in ("y", "yes"):
        return Reply(text="", element=element, terminal=calm)
    if kind in _AGREED:
        return _AGREED[kind](element, calm, detail, around)
    element, calm = commits.edited(element, calm, commits.baseline(element, calm))
    return configure.left(element, calm, lost=True)
