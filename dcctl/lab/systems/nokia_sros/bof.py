"""The boot options as a region of configuration of its own: `edit-config bof …`, `bof private`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from dcctl.lab.elements.model import Element, Note, Reply, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.software import settled
from dcctl.lab.systems.nokia_sros import config
from dcctl.lab.systems.nokia_sros.config import ElementError, Token
from dcctl.lab.systems.nokia_sros.scene import build, table
from dcctl.lab.systems.nokia_sros.software import PLACES, committed, installed, shown

MODE = "bof-"
_MODES = {
    "private": ("pr", 2070, 2074),
    "exclusive": ("ex", 2060, 2064),
    "global": ("gl", 2054, 2056),
}
_BRANCHES = ("configuration", "image")
_LEAVES = tuple(f"{place}-location" for place in PLACES)
_SEP = "\t"
_ELSEWHERE = (
    "", "back", "top", "pwc", "logout", "edit-config", "show", "admin", "file", "environment",
    "ping", "traceroute", "clear", "tools", "configure",
)  # fmt: skip


def inside(terminal: Terminal) -> bool:
    """Whether this terminal edits the boot options."""
    return terminal.mode.startswith(MODE)


def enter(element: Element, terminal: Terminal, mode: str, *, implicit: bool) -> Reply:
    """`edit-config bof MODE`, or `bof MODE` of the implicit workflow.

    Raises:
        ElementError: no such mode, or a configuration mode already.
    """
    if terminal.mode != "exec":
        raise ElementError(
            "MINOR: CLI #2069: Operation not allowed - already in configuration mode"
        )
    if mode not in _MODES:
        raise ElementError("MINOR: CLI #2001: Missing element value - 'mode'")
    said = f"INFO: CLI #{_MODES[mode][1]}: Entering {mode} configuration mode\n"
    if mode != "global":
        said += "INFO: CLI #2061: Uncommitted changes are discarded on configuration mode exit\n"
    flags = terminal.flags | {"implicit"} if implicit else terminal.flags - {"implicit"}
    there = replace(
        terminal,
        mode=f"{MODE}{mode}",
        path=("bof",) if implicit else (),
        flags=flags,
        block=_packed(installed(element).memory),
    )
    return Reply(text=said, element=element, terminal=there)


def _packed(options: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{key}{_SEP}{text}" for key, text in sorted(options.items()))


def _candidate(terminal: Terminal) -> dict[str, str]:
    return dict(one.split(_SEP, 1) for one in terminal.block)


def modified(element: Element, terminal: Terminal) -> bool:
    """Whether there is anything to commit."""
    return _candidate(terminal) != dict(installed(element).memory)


def marked(element: Element, terminal: Terminal, where: str) -> str:
    """The first line of the prompt."""
    short = _MODES[terminal.mode.removeprefix(MODE)][0]
    star = "*" if modified(element, terminal) else ""
    if "implicit" in terminal.flags:
        return f"{star}[{short}:{where}]"
    return f"{star}({short}:bof)[{where}]"


# --- lines ----------------------------------------------------------------------------------------


def step(element: Element, terminal: Terminal, words: list[Token]) -> Reply | None:
    """A line in the boot options' region; None where it is none of its own.

    Raises:
        ElementError: there is no such element.
    """
    first = words[0].text.removeprefix("/") if words else ""
    rest = words[1:]
    if first in _VERBS:
        return _VERBS[first](element, terminal, rest)
    if first in ("quit-config", "exit"):
        return _out(element, terminal, words)
    return None if first in _ELSEWHERE else _edited(element, terminal, words)


def _out(element: Element, terminal: Terminal, words: list[Token]) -> Reply | None:
    """`quit-config` at the root, or `exit` as far as it leads out of this region."""
    implicit = "implicit" in terminal.flags
    if words[0].text.endswith("quit-config"):
        if implicit or terminal.path:
            raise config.unknown(words[0])
        return _quit(element, terminal)
    if not implicit:
        return None
    if terminal.path == ("bof",) or words[-1].text == "all":
        return _quit(element, terminal)
    return Reply(text="", element=element, terminal=replace(terminal, path=("bof",)))


def _edited(element: Element, terminal: Terminal, words: list[Token]) -> Reply | None:
    texts = [word.text for word in words]
    gone = texts[:1] == ["delete"]
    texts = texts[1:] if gone else texts
    absolute = texts and texts[0].startswith("/")
    texts = [texts[0].removeprefix("/"), *texts[1:]] if texts else []
    path = [*([] if absolute else terminal.path), *texts]
    if path[:1] != ["bof"]:
        return None
    branch, leaf, value = (*path[1:], "", "", "")[:3]
    if (branch and branch not in _BRANCHES) or (leaf and leaf not in _LEAVES) or len(path) > 4:  # noqa: PLR2004 - bof, branch, leaf, value
        raise config.unknown(words[-1])
    options = _candidate(terminal)
    if gone:
        options = {
            key: text for key, text in options.items() if not key.startswith(f"{branch} {leaf}")
        }
    elif not value and leaf:
        raise ElementError(f"MINOR: CLI #2001: Missing element value - '{leaf}'")
    elif not value:
        return Reply(text="", element=element, terminal=replace(terminal, path=tuple(path)))
    else:
        options[f"{branch} {leaf}"] = shown(value)
    return Reply(text="", element=element, terminal=replace(terminal, block=_packed(options)))


def _commit(element: Element, terminal: Terminal, _rest: list[Token]) -> Reply:
    state = replace(installed(element), memory=MappingProxyType(_candidate(terminal)))
    note = Note(kind="operation", text="boot options committed")
    after = settled(element, state=state)
    return Reply(text="", element=after, terminal=terminal, notes=(note,))


def _discard(element: Element, terminal: Terminal, _rest: list[Token]) -> Reply:
    back = replace(terminal, block=_packed(installed(element).memory))
    return Reply(text="", element=element, terminal=back)


def _validate(element: Element, terminal: Terminal, _rest: list[Token]) -> Reply:
    return Reply(text="", element=element, terminal=terminal)


def _compare(element: Element, terminal: Terminal, _rest: list[Token]) -> Reply:
    return Reply(text=_compared(element, terminal), element=element, terminal=terminal)


def _info(element: Element, terminal: Terminal, rest: list[Token]) -> Reply:
    flat = any(word.text == "flat" for word in rest)
    text = written(_candidate(terminal), flat=flat)
    return Reply(text=text, element=element, terminal=terminal)


_VERBS: dict[str, Callable[[Element, Terminal, list[Token]], Reply]] = {
    "commit": _commit,
    "compare": _compare,
    "discard": _discard,
    "info": _info,
    "validate": _validate,
}


def _quit(element: Element, terminal: Terminal) -> Reply:
    if modified(element, terminal):
        asking = replace(
            terminal, pending="quit-bof", question="Discard uncommitted changes? [y,n] "
        )
        return Reply(text="", element=element, terminal=asking)
    return left(element, terminal)


def left(element: Element, terminal: Terminal) -> Reply:
    """Out of the region; what was not committed is gone."""
    mode = terminal.mode.removeprefix(MODE)
    said = f"INFO: CLI #{_MODES[mode][2]}: Exiting {mode} configuration mode\n"
    out = replace(
        terminal,
        mode="exec",
        path=(),
        block=(),
        flags=terminal.flags - {"implicit"},
        pending="",
        question="",
    )
    return Reply(text=said, element=element, terminal=out)


# --- written out ----------------------------------------------------------------------------------


def written(options: Mapping[str, str], *, flat: bool) -> str:
    """Boot options as the MD-CLI writes them."""
    if flat:
        return "".join(f'    {key} "{text}"\n' for key, text in sorted(options.items()))
    rows = []
    for branch in _BRANCHES:
        below = {key: text for key, text in options.items() if key.startswith(f"{branch} ")}
        if below:
            rows += [f"    {branch} {{"]
            rows += [f'        {key.split(" ")[1]} "{below[key]}"' for key in sorted(below)]
            rows += ["    }"]
    return "".join(f"{row}\n" for row in rows)


def _compared(element: Element, terminal: Terminal) -> str:
    old, new = dict(installed(element).memory), _candidate(terminal)
    rows = [f'-   {key} "{old[key]}"' for key in sorted(old) if new.get(key) != old[key]]
    rows += [f'+   {key} "{new[key]}"' for key in sorted(new) if old.get(key) != new[key]]
    return "".join(f"{row}\n" for row in rows)


def whole(scene: Scene) -> Reply:
    """`admin show configuration bof [flat]`."""
    options = installed(scene.element).memory
    words = scene.line.split()[4:]
    flat = "flat" in words
    body = written(options, flat=flat)
    wanted = " ".join(word for word in words if word not in ("flat", "bof"))
    if flat:
        rows = [row.strip() for row in body.splitlines() if wanted in row]
        return scene.reply("".join(f"{'' if wanted else 'bof '}{row}\n" for row in rows))
    head = "".join(f"# {row}\n" for row in build(scene.element.software.release))
    inner = "".join(f"{row}\n" for row in body.splitlines())
    return scene.reply(f"{head}\nbof {{\n{inner}}}\n")


def save(scene: Scene) -> Reply:
    """`admin save bof`: what was committed is what the next boot reads."""
    state = installed(scene.element)
    own = replace(state.processors[state.active], saved=state.memory)
    processors = (*state.processors[: state.active], own, *state.processors[state.active + 1 :])
    kept = settled(scene.element, state=replace(state, processors=processors))
    kept = settled(kept, committed=committed(kept))
    text = "Writing configuration to cf3:\\bof.cfg\nSaving configuration ... OK\nCompleted.\n"
    note = Note(kind="operation", text="boot options saved", subject=kept.software.committed)
    return replace(scene.reply(text), element=kept, notes=(note,))


def show(scene: Scene) -> str:
    """`show bof [booted|cf3:]`."""
    chassis, state = scene.element.chassis, installed(scene.element)
    last = scene.line.split()[-1]
    title = {"bof": "BOF (Memory)", "booted": "System booted with BOF"}.get(last, "BOF on cf3:")
    options = state.memory if last == "bof" else state.processors[state.active].saved
    rows = []
    for kind, word in (("image", "image"), ("configuration", "config")):
        found = ((place, options.get(f"{kind} {place}-location")) for place in PLACES)
        rows += [f"    {f'{place}-{word}':<17}{text}" for place, text in found if text]
    if chassis.management_address:
        rows.append(f"    address          {chassis.management_address} active")
    if chassis.management_gateway:
        rows.append(f"    static-route     0.0.0.0/0 next-hop {chassis.management_gateway}")
    rows += [
        "    autonegotiate",
        "    duplex           full",
        "    speed            100",
        "    wait             3",
        "    persist          off",
        "    no li-local-save",
        "    no li-separate",
        "    console-speed    115200",
    ]
    return table(title, *rows)
