"""`dir`, `verify`, `delete` and `copy`: what lies on flash, and how it comes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from dcctl.lab.elements import images
from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Fetch, Fetched, File, with_file, with_store
from dcctl.lab.systems.arista_eos import config
from dcctl.lab.systems.arista_eos.scene import Scene
from dcctl.lab.systems.arista_eos.software import FLASH, found, place

COMMANDS = (
    ("delete <word>", "delete", 15),
    ("copy <word> <word>", "copy-file", 15),
)
_SCHEMES = ("scp", "sftp", "ftp", "http", "https")
_TROUBLES = {
    "unreachable": "No route to host",
    "refused": "Connection refused",
    "denied": "Permission denied",
    "missing": "No such file or directory",
    "cut": "Input/output error",
    "timeout": "Connection timed out",
}
_RECENT_S = 182 * 86400.0
FULL = "No space left on device"


def listing(scene: Scene) -> str:
    """`dir [PATH]`."""
    path = scene.arguments[0] if scene.arguments else FLASH
    at = place(scene.element, path)
    if at is None:
        return f"% Error listing directory {path} (No such file or directory)\n"
    store, name = at
    shown = [one for key, one in store.files.items() if name in ("", key)]
    if name and not shown:
        return f"% Error listing directory {FLASH}/{name} (No such file or directory)\n"
    rows = [f"       -rw-{one.size:>12}{_dated(scene, one):>23}  {one.name}" for one in shown]
    free = 0 if "flash_full" in scene.around.troubles else store.free
    head = f"Directory of {path.partition(':')[0]}:/\n" if ":" in path else "Directory of flash:/\n"
    return "\n".join([head, *sorted(rows), "", f"{store.size} bytes total ({free} bytes free)", ""])


def _dated(scene: Scene, file: File) -> str:
    """As `ls -l` writes times: the hour of what is new, the year of what is old."""
    time = file.time or scene.element.booted
    at = datetime.fromtimestamp(time, UTC)
    recent = scene.around.now - time < _RECENT_S
    return f"{at:%b} {at.day} {at:%H:%M}" if recent else f"{at:%b} {at.day}  {at.year}"


def verify(scene: Scene) -> str:
    """`verify /md5|/sha512 FILE`."""
    path = scene.arguments[0]
    algorithm = scene.line.split()[1].strip("/")
    at, file = place(scene.element, path), found(scene.element, path)
    if at is None or file is None:
        return f"% Error verifying {path} (No such file or directory)\n"
    return f"verify /{algorithm} ({at[0].name}{file.name}) = {file.digest(algorithm)}\n"


# --- deleting and copying -------------------------------------------------------------------------


def _delete(element: Element, terminal: Terminal, match: Match, _around: Surroundings) -> Reply:
    """EOS asks nothing before it deletes a file."""
    path = match.arguments[0]
    at = place(element, path)
    if at is None or at[1] not in at[0].files:
        text = f"% Error deleting {path} (No such file or directory)\n"
        return Reply(text=text, element=element, terminal=terminal)
    note = Note(kind="file", text="deleted", subject=path)
    fresh = with_store(element, at[0].without(at[1]))
    return Reply(text="", element=fresh, terminal=terminal, notes=(note,))


def _copy(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    source, target = match.arguments
    at = place(element, target)
    if at is None:
        return _failed(element, terminal, source, target, "Invalid argument")
    name = at[1] or source.rpartition("/")[2].rpartition(":")[2]
    target = f"{target.partition(':')[0]}:/{name}" if ":" in target else f"{FLASH}/{name}"
    url = urlsplit(source)
    if url.scheme in ("scp", "sftp") and url.password is None:
        asking = replace(
            terminal,
            pending=f"copy {source} {target}",
            question=f"{url.netloc.partition(':')[0]}'s password: ",
            expects="hidden",
        )
        return Reply(text="", element=element, terminal=asking)
    if url.scheme in _SCHEMES:
        return _pull(element, terminal, source, target, url.password or "")
    if source == "running-config":
        text = config.dump(element.chassis, element.running)
        return _written(element, terminal, text.encode(), source, target, around)
    file = found(element, source)
    if file is None:
        return _failed(element, terminal, source, target, "No such file or directory")
    return _written(element, terminal, file.content, source, target, around)


def password(
    element: Element, terminal: Terminal, line: str, detail: str, _around: Surroundings
) -> Reply:
    """The password that the server wants."""
    source, target = detail.split(" ")
    reply = _pull(element, terminal, source, target, line)
    return replace(reply, text=f"\n{reply.text}")


def _pull(element: Element, terminal: Terminal, source: str, target: str, word: str) -> Reply:
    url = urlsplit(source)
    at = place(element, target)
    fetch = Fetch(
        url=f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}",
        store=at[0].name if at else FLASH,
        supervisor=at[0].supervisor if at else "",
        name=at[1] if at else target,
        user=url.username or "",
        password=word,
    )
    return Reply(text="", element=element, terminal=replace(terminal, awaits=fetch))


def pulled(
    element: Element, terminal: Terminal, fetch: Fetch, result: Fetched, around: Surroundings
) -> Reply:
    """What came of the pull."""
    calm, target = replace(terminal, awaits=None), f"{fetch.store}/{fetch.name}"
    if result.trouble:
        return _failed(element, calm, fetch.url, target, _TROUBLES[result.trouble])
    return _written(element, calm, result.content, fetch.url, target, around)


def _written(
    element: Element,
    terminal: Terminal,
    content: bytes,
    source: str,
    target: str,
    around: Surroundings,
) -> Reply:
    at = place(element, target)
    if at is None or "flash_full" in around.troubles or not at[0].takes(at[1], len(content)):
        return _failed(element, terminal, source, target, FULL)
    fresh = with_file(element, at[0], images.file(at[1], content, around.now))
    note = Note(kind="file", text="written", subject=target)
    text = "Copy completed successfully.\n"
    return Reply(text=text, element=fresh, terminal=terminal, notes=(note,))


def _failed(element: Element, terminal: Terminal, source: str, target: str, why: str) -> Reply:
    text = f"% Error copying {source} to {target} ({why})\n"
    return Reply(text=text, element=element, terminal=terminal)


ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "delete": _delete,
    "copy-file": _copy,
}
