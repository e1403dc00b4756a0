"""`dir`, `show file … md5sum`, `delete` and `copy`: what lies on bootflash, and how it comes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from dcctl.lab.elements import images
from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Fetch, Fetched, with_file, with_store
from dcctl.lab.systems.cisco_nxos import config
from dcctl.lab.systems.cisco_nxos.scene import Scene
from dcctl.lab.systems.cisco_nxos.software import BOOTFLASH, found, place, shown

COMMANDS = (
    ("delete <word> [no-prompt]", "delete"),
    ("copy <word> <word> [vrf <word>]", "copy-file"),
)
_SCHEMES = ("scp", "sftp", "ftp", "http", "https")
_TROUBLES = {
    "unreachable": "No route to host",
    "refused": "Connection refused",
    "denied": "Permission denied",
    "missing": "No such file or directory",
    "cut": "Connection closed by remote host",
    "timeout": "Connection timed out",
}
_DONE = "Copy complete, now saving to disk (please wait)...\nCopy complete.\n"
_VRF = "Enter vrf (If no input, current vrf 'default' is considered): "
_OVER = (
    "Warning: There is already a file existing with this name. Do you want to overwrite (y/n)?[n] "
)


def listing(scene: Scene) -> str:
    """`dir [PATH]`."""
    path = scene.arguments[0] if scene.arguments else BOOTFLASH
    at = place(scene.element, path)
    if at is None or (at[1] and at[1] not in at[0].files):
        return "No such file or directory\n"
    store, name = at
    rows = [
        f"{one.size:>11}    "
        f"{datetime.fromtimestamp(one.time or scene.element.booted, UTC):%b %d %H:%M:%S %Y}  {key}"
        for key, one in sorted(store.files.items())
        if name in ("", key)
    ]
    free = 0 if "flash_full" in scene.around.troubles else store.free
    tail = [
        "",
        f"Usage for bootflash://{store.supervisor}",
        f"{store.size - free:>11} bytes used",
        f"{free:>11} bytes free",
        f"{store.size:>11} bytes total",
        "",
    ]
    return "\n".join([*rows, *tail])


def digest(scene: Scene) -> str:
    """`show file PATH md5sum|sha256sum|sha512sum`."""
    file = found(scene.element, scene.arguments[0])
    if file is None:
        return f"show file: cannot access file '{scene.arguments[0]}': No such file or directory\n"
    return f"{file.digest(scene.line.split()[-1].removesuffix('sum'))}\n"


# --- deleting -------------------------------------------------------------------------------------


def _delete(element: Element, terminal: Terminal, match: Match, _around: Surroundings) -> Reply:
    path = match.arguments[0]
    at = place(element, path)
    if at is None or at[1] not in at[0].files:
        return Reply(text="No such file or directory\n", element=element, terminal=terminal)
    if match.words[-1] == "no-prompt" or "dont-ask" in terminal.flags:
        return _gone(element, terminal, path)
    question = f'Do you want to delete "/{at[1]}" ? (yes/no/abort)   [y] '
    asking = replace(terminal, pending=f"delete {path}", question=question)
    return Reply(text="", element=element, terminal=asking)


def delete_sure(
    element: Element, terminal: Terminal, line: str, detail: str, _around: Surroundings
) -> Reply:
    """The answer to whether that is meant."""
    if line.strip().lower() in ("", "y", "yes"):
        return _gone(element, terminal, detail)
    return Reply(text="", element=element, terminal=terminal)


def _gone(element: Element, terminal: Terminal, path: str) -> Reply:
    at = place(element, path)
    if at is None:
        return Reply(text="", element=element, terminal=terminal)
    note = Note(kind="file", text="deleted", subject=path)
    fresh = with_store(element, at[0].without(at[1]))
    return Reply(text="", element=fresh, terminal=terminal, notes=(note,))


# --- copying --------------------------------------------------------------------------------------


def _copy(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    source, target = match.arguments[:2]
    at = place(element, target)
    if at is None:
        text = f"Invalid destination: {target}\n"
        return Reply(text=text, element=element, terminal=terminal)
    store, name = at
    name = name or source.rpartition("/")[2].rpartition(":")[2]
    if urlsplit(source).scheme not in _SCHEMES and source != "running-config":
        if found(element, source) is None:
            text = f"copy: cannot access file '{source}': No such file or directory\n"
            return Reply(text=text, element=element, terminal=terminal)
    elif len(match.arguments) == 2 and source != "running-config":  # noqa: PLR2004 - no VRF
        asking = replace(
            terminal,
            pending=f"copy-vrf {source} {store.supervisor} {name}",
            question=_VRF,
        )
        return Reply(text="", element=element, terminal=asking)
    return _over(element, terminal, source, store.supervisor, name, around)


def copy_vrf(
    element: Element, terminal: Terminal, _line: str, detail: str, around: Surroundings
) -> Reply:
    """The answer to which VRF the server is in; all lead to the same loopback here."""
    source, supervisor, name = detail.split(" ")
    return _over(element, terminal, source, supervisor, name, around)


def _over(
    element: Element,
    terminal: Terminal,
    source: str,
    supervisor: str,
    name: str,
    around: Surroundings,
) -> Reply:
    target = f"bootflash://{supervisor}/{name}"
    if found(element, target) and "dont-ask" not in terminal.flags:
        asking = replace(terminal, pending=f"copy-over {source} {target}", question=_OVER)
        return Reply(text="", element=element, terminal=asking)
    return _password(element, terminal, source, target, around)


def copy_over(
    element: Element, terminal: Terminal, line: str, detail: str, around: Surroundings
) -> Reply:
    """The answer to whether the file that lies there may go."""
    if not line.strip().lower().startswith("y"):
        return Reply(text="", element=element, terminal=terminal)
    source, target = detail.split(" ")
    return _password(element, terminal, source, target, around)


def _password(
    element: Element, terminal: Terminal, source: str, target: str, around: Surroundings
) -> Reply:
    url = urlsplit(source)
    if source == "running-config":
        content = config.dump(element.chassis, element.running).encode()
        return _written(element, terminal, content, target, around)
    if url.scheme not in _SCHEMES:
        file = found(element, source)
        content = file.content if file else b""
        return _written(element, terminal, content, target, around)
    if url.scheme in ("scp", "sftp") and url.password is None:
        asking = replace(
            terminal,
            pending=f"copy-word {source} {target}",
            question=f"{url.netloc.partition(':')[0]}'s password: ",
            expects="hidden",
        )
        return Reply(text="", element=element, terminal=asking)
    return _pull(element, terminal, source, target, url.password or "")


def copy_word(
    element: Element, terminal: Terminal, line: str, detail: str, _around: Surroundings
) -> Reply:
    """The password that the server wants."""
    source, target = detail.split(" ")
    return _pull(element, terminal, source, target, line)


def _pull(element: Element, terminal: Terminal, source: str, target: str, word: str) -> Reply:
    url = urlsplit(source)
    at = place(element, target)
    fetch = Fetch(
        url=f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}",
        store=BOOTFLASH,
        supervisor=at[0].supervisor if at else "",
        name=at[1] if at else target,
        user=url.username or "",
        password=word,
    )
    return Reply(text="\n", element=element, terminal=replace(terminal, awaits=fetch))


def pulled(
    element: Element, terminal: Terminal, fetch: Fetch, result: Fetched, around: Surroundings
) -> Reply:
    """What came of the pull."""
    calm = replace(terminal, awaits=None)
    if result.trouble:
        text = f"Copy failed: {fetch.url}: {_TROUBLES[result.trouble]}\n"
        return Reply(text=text, element=element, terminal=calm)
    target = f"bootflash://{fetch.supervisor}/{fetch.name}"
    reply = _written(element, calm, result.content, target, around)
    return replace(reply, text=f"{fetch.name}  100%  {len(result.content)}\n{reply.text}")


def _written(
    element: Element, terminal: Terminal, content: bytes, target: str, around: Surroundings
) -> Reply:
    at = place(element, target)
    if at is None or "flash_full" in around.troubles or not at[0].takes(at[1], len(content)):
        text = "Copy failed: No space left on device\n"
        return Reply(text=text, element=element, terminal=terminal)
    fresh = with_file(element, at[0], images.file(at[1], content, around.now))
    note = Note(kind="file", text="written", subject=shown(at[1]))
    return Reply(text=_DONE, element=fresh, terminal=terminal, notes=(note,))


ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "delete": _delete,
    "copy-file": _copy,
}
ANSWERS: dict[str, Callable[[Element, Terminal, str, str, Surroundings], Reply]] = {
    "delete": delete_sure,
    "copy-vrf": copy_vrf,
    "copy-over": copy_over,
    "copy-word": copy_word,
}
