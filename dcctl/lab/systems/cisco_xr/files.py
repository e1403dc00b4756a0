"""`dir`, `show filesystem`, `show md5 file`, `delete` and `copy`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Fetch, Fetched, with_file, with_store
from dcctl.lab.systems.cisco_xr.scene import Scene, local
from dcctl.lab.systems.cisco_xr.software import DISK, place

COMMANDS = (
    ("dir [<word>]", "dir"),
    ("show filesystem", "filesystem"),
    ("show md5 file <word>", "md5"),
    ("delete <word> [noprompt]", "delete"),
    ("copy <word> <word> [noprompt]", "copy"),
)
_TROUBLES = {
    "unreachable": "No route to host",
    "refused": "Connection refused",
    "denied": "Permission denied",
    "missing": "No such file or directory",
    "cut": "Connection reset by peer",
    "timeout": "Connection timed out",
}


def listing(scene: Scene) -> str:
    """`dir [<word>]`."""
    path = scene.arguments[0] if scene.arguments else "disk0:"
    found = place(scene.element, path)
    if found is None:
        return f"dir: {path}: No such file or directory\n"
    store, name = found
    shown = [one for key, one in store.files.items() if name in ("", key)]
    if name and not shown:
        return f"dir: {path}: No such file or directory\n"
    rows = []
    for number, one in enumerate(sorted(shown, key=lambda one: one.name), 12):
        at = local(scene.tree, one.time or scene.element.booted)
        rows.append(f"{number:>5} -rw-r--r--. 1 {one.size:>10} {at:%b %d %H:%M} {one.name}")
    free = 0 if "flash_full" in scene.around.troubles else store.free
    tail = f"{store.size // 1024} kbytes total ({free // 1024} kbytes free)"
    return "\n".join([f"Directory of {path}", *rows, "", tail, ""])


def filesystem(scene: Scene) -> str:
    """`show filesystem`."""
    kinds = {DISK: "harddisk", "disk0:": "flash-disk"}
    rows = ["File Systems:", "", "     Size(b)     Free(b)        Type  Flags  Prefixes"]
    for store in scene.element.stores:
        free = 0 if "flash_full" in scene.around.troubles else store.free
        kind = kinds.get(store.name, "flash")
        rows.append(f"{store.size:>12} {free:>11} {kind:>11}     rw  {store.name}")
    return "\n".join([*rows, "           0           0     network     rw  ftp:", ""])


def md5(scene: Scene) -> str:
    """`show md5 file <word>`."""
    found = place(scene.element, scene.arguments[0])
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        return f"show md5 file: {scene.arguments[0]}: No such file or directory\n"
    return f"{file.digest('md5')}\n"


# --- deleting -------------------------------------------------------------------------------------


def _delete(scene: Scene) -> Reply:
    path = scene.arguments[0]
    if scene.line.endswith(" noprompt"):
        return _gone(scene.element, scene.terminal, path)
    asking = replace(
        scene.terminal,
        pending=f"delete {path}",
        question=f"Delete {path}[confirm]",
        expects="key",
    )
    return Reply(text="", element=scene.element, terminal=asking)


def delete_sure(
    element: Element, _: Terminal, quiet: Terminal, said: tuple[str, str], _around: Surroundings
) -> Reply:
    """The answer to whether that is meant."""
    line, path = said
    if line.strip().lower() not in ("", "y"):
        return Reply(text="\n", element=element, terminal=quiet)
    reply = _gone(element, quiet, path)
    return replace(reply, text=f"\n{reply.text}")


def _gone(element: Element, terminal: Terminal, path: str) -> Reply:
    found = place(element, path)
    if found is None or found[1] not in found[0].files:
        text = f"%Error deleting {path} (No such file or directory)\n"
        return Reply(text=text, element=element, terminal=terminal)
    fresh = with_store(element, found[0].without(found[1]))
    note = Note(kind="file", text="deleted", subject=path)
    return Reply(text="", element=fresh, terminal=terminal, notes=(note,))


# --- copying --------------------------------------------------------------------------------------


def _copy(scene: Scene) -> Reply:
    source, target = scene.arguments
    found = place(scene.element, target)
    if found is None or ":" not in target:
        return scene.reply(f"%Error opening {target} (No such file or directory)\n")
    store, name = found
    name = name or source.rpartition("/")[2]
    if scene.line.endswith(" noprompt"):
        return _password(
            scene.element, scene.terminal, source, f"{store.name}/{name}", scene.around
        )
    asking = replace(
        scene.terminal,
        pending=f"copy-name {source} {store.name} {name}",
        question=f"Destination filename [/{store.name}/{name}]?",
    )
    return Reply(text="", element=scene.element, terminal=asking)


def copy_name(
    element: Element, _: Terminal, quiet: Terminal, said: tuple[str, str], around: Surroundings
) -> Reply:
    """The answer to where the file is to lie."""
    line, detail = said
    source, store, name = detail.split(" ")
    return _password(element, quiet, source, line.strip() or f"{store}/{name}", around)


def _password(
    element: Element, terminal: Terminal, source: str, target: str, around: Surroundings
) -> Reply:
    url = urlsplit(source)
    if not url.netloc:
        return _within(element, terminal, source, target, around)
    if url.scheme in ("scp", "sftp") and url.password is None:
        asking = replace(
            terminal, pending=f"copy-word {source} {target}", question="Password:", expects="hidden"
        )
        return Reply(text="", element=element, terminal=asking)
    return _pull(element, terminal, source, target, url.password or "")


def copy_word(
    element: Element, _: Terminal, quiet: Terminal, said: tuple[str, str], _around: Surroundings
) -> Reply:
    """The password that the server wants."""
    line, detail = said
    source, target = detail.split(" ")
    return _pull(element, quiet, source, target, line)


def _pull(element: Element, terminal: Terminal, source: str, target: str, word: str) -> Reply:
    url = urlsplit(source)
    host = url.netloc.rpartition("@")[2]
    found = place(element, target)
    store, name = (found[0].name, found[1]) if found else (DISK, target)
    fetch = Fetch(
        url=f"{url.scheme}://{host}{url.path}",
        store=store,
        name=name,
        user=url.username or "",
        password=word,
    )
    text = f"Accessing {fetch.url}\n"
    return Reply(text=text, element=element, terminal=replace(terminal, awaits=fetch))


def resume(
    element: Element, terminal: Terminal, result: Fetched | None, around: Surroundings
) -> Reply:
    """What came of a pull."""
    calm, fetch = replace(terminal, awaits=None), terminal.awaits
    if result is None or not isinstance(fetch, Fetch):
        return Reply(text="", element=element, terminal=calm)
    if result.trouble:
        text = f"%Error copying {fetch.url} ({_TROUBLES[result.trouble]})\n"
        return Reply(text=text, element=element, terminal=calm)
    return _written(element, calm, result.content, f"{fetch.store}/{fetch.name}", around)


def _within(
    element: Element, terminal: Terminal, source: str, target: str, around: Surroundings
) -> Reply:
    found = place(element, source)
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        text = f"%Error opening {source} (No such file or directory)\n"
        return Reply(text=text, element=element, terminal=terminal)
    return _written(element, terminal, file.content, target, around)


def _written(
    element: Element, terminal: Terminal, content: bytes, target: str, around: Surroundings
) -> Reply:
    found, size = place(element, target), len(content)
    full = "flash_full" in around.troubles
    if found is None or full or not found[0].takes(found[1], size):
        text = f"%Error writing {target} (No space left on device)\n"
        return Reply(text=text, element=element, terminal=terminal)
    fresh = with_file(element, found[0], images.file(found[1], content, around.now))
    text = f"{'C' * max(1, size // 100000)}\n{size} bytes copied in      1 sec ({size})bytes/sec\n"
    note = Note(kind="file", text="written", subject=target)
    return Reply(text=text, element=fresh, terminal=terminal, notes=(note,))


ACTIONS: dict[str, Callable[[Scene], Reply]] = {"delete": _delete, "copy": _copy}
