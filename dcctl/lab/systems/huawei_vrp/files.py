"""`dir`, `copy`, `delete` and `scp`: what lies on the main boards, and how it comes there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Fetch, Fetched, Store, with_file, with_store
from dcctl.lab.systems.huawei_vrp.scene import Scene, text
from dcctl.lab.systems.huawei_vrp.software import drive, installed, place

COMMANDS = (
    ("dir [<word>]", "dir", "u"),
    ("copy <word> <word>", "file-copy", "u"),
    ("delete [/unreserved] [/quiet] <word>", "file-delete", "u"),
    ("delete /quiet /unreserved <word>", "file-delete", "u"),
    ("reset recycle-bin [<word>]", "recycle", "u"),
    ("scp [-port <int:1-65535>] <word> <word>", "scp", "us"),
)
_REMOTE = re.compile(r"(?P<user>[^@:]+)@(?P<host>[\w.]+):(?P<path>.+)")
_TROUBLES = {
    "unreachable": "Failed to connect to the remote host.",
    "refused": "Failed to connect to the remote host.",
    "denied": "Failed to login: the user name or password is incorrect.",
    "missing": "The file does not exist on the server.",
    "cut": "The connection was closed by the remote host.",
    "timeout": "The connection timed out.",
}
_KB = 1024


def listing(scene: Scene) -> str:
    """`dir [<word>]`."""
    word = scene.arguments[0] if scene.arguments else drive(scene.element.chassis)
    found = _there(scene.element, word, scene.around)
    if found is None:
        return f"Error: The path {word} does not exist.\n"
    store, name = found
    wanted = name.replace("*", "")
    shown = [
        one
        for key, one in sorted(store.files.items())
        if name in ("", key) or ("*" in name and wanted in key)
    ]
    if name and not shown:
        return f"Error: No such file or directory: {word}\n"
    rows = [
        f"Directory of {store.name}/",
        "",
        "  Idx  Attr     Size(Byte)  Date        Time       FileName",
    ]
    for number, one in enumerate(shown):
        at = datetime.fromtimestamp(one.time or scene.element.booted, UTC)
        rows.append(f"{number:>5}  -rw-  {one.size:>13,}  {at:%b %d %Y %H:%M:%S}   {one.name}")
    free = 0 if "flash_full" in scene.around.troubles else store.free
    return text([*rows, "", f"{store.size // _KB:,} KB total ({free // _KB:,} KB free)"])


def _there(element: Element, path: str, around: Surroundings) -> tuple[Store, str] | None:
    found = place(element, path)
    if found and found[0].name.startswith("slave#") and "standby_missing" in around.troubles:
        return None
    return found


# --- copying --------------------------------------------------------------------------------------


def _copy(scene: Scene) -> Reply:
    source, target = scene.arguments
    found = _there(scene.element, source, scene.around)
    there = _there(scene.element, target, scene.around)
    if found is None or found[1] not in found[0].files:
        return scene.reply(f"Error: The file {source} does not exist.\n")
    if there is None:
        return scene.reply(f"Error: The path {target} does not exist.\n")
    store, name = there
    full = f"{store.name}/{name or found[1]}"
    said = f"{found[0].name}/{found[1]} {full}"
    if (name or found[1]) in store.files:
        question = f"Info: The file {full} exists. Overwrite it? [Y/N]:"
    elif scene.immediate:
        question = f"Copy {said.replace(' ', ' to ')}?[Y/N]:"
    else:
        question = f"Info: Are you sure to copy {said.replace(' ', ' to ')}? [Y/N]:"
    asking = replace(scene.terminal, pending=f"file-copy {said}", question=question)
    return Reply(text="", element=scene.element, terminal=asking)


def copied(element: Element, calm: Terminal, detail: str, around: Surroundings) -> Reply:
    """A yes to copying."""
    source, target = detail.split(" ")
    found = place(element, source)
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        return Reply(
            text=f"Error: The file {source} does not exist.\n", element=element, terminal=calm
        )
    reply = _written(element, calm, file.content, target, around)
    done = f"100%  complete\nInfo: Copied file {source} to {target}...Done.\n"
    return replace(reply, text=reply.text or done)


def _written(
    element: Element, terminal: Terminal, content: bytes, target: str, around: Surroundings
) -> Reply:
    found = place(element, target)
    full = "flash_full" in around.troubles
    if found is None or full or not found[0].takes(found[1], len(content)):
        store = target.partition(":")[0]
        wrong = f"Error: The space of {store}: is insufficient.\n"
        return Reply(text=wrong, element=element, terminal=terminal)
    fresh = with_file(element, found[0], images.file(found[1], content, around.now))
    note = Note(kind="file", text="written", subject=target)
    return Reply(text="", element=fresh, terminal=terminal, notes=(note,))


# --- deleting -------------------------------------------------------------------------------------


def _delete(scene: Scene) -> Reply:
    word = scene.arguments[0]
    found = _there(scene.element, word, scene.around)
    if found is None or found[1] not in found[0].files:
        return scene.reply(f"Error: The file {word} does not exist.\n")
    store, name = found
    for_good = "/unreserved" in scene.line.split()
    used = {
        path.rpartition("/")[2]
        for board in installed(scene.element).boards
        for path in (board.running, board.following, board.patch, board.next_patch)
    }
    if name in used:
        return scene.reply(
            f"Error: The file {store.name}/{name} is in use and cannot be deleted.\n"
        )
    detail = f"{'gone' if for_good else 'bin'} {store.name}/{name}"
    if "/quiet" in scene.line.split():
        return deleted(scene.element, scene.terminal, detail, scene.around)
    if for_good:
        question = (
            f"Warning: The contents of file {store.name}/{name} cannot be recycled. "
            "Continue? [Y/N]:"
        )
    elif scene.immediate:
        question = f"Delete {store.name}/{name}?[Y/N]:"
    else:
        question = f"Info: Are you sure to delete {store.name}/{name} to the recycle bin? [Y/N]:"
    asking = replace(scene.terminal, pending=f"file-delete {detail}", question=question)
    return Reply(text="", element=scene.element, terminal=asking)


def deleted(element: Element, calm: Terminal, detail: str, _around: Surroundings) -> Reply:
    """A yes to deleting; what lies in the recycle bin still takes its room."""
    how, path = detail.split(" ")
    found = place(element, path)
    if found is None or found[1] not in found[0].files:
        return Reply(text="", element=element, terminal=calm)
    store, name = found
    size = store.files[name].size if how == "bin" else 0
    left = replace(store.without(name), used=store.used + size)
    note = Note(kind="file", text="deleted", subject=path)
    said = f"Info: Deleting file {path}...Done.\n"
    return Reply(text=said, element=with_store(element, left), terminal=calm, notes=(note,))


def _recycle(scene: Scene) -> Reply:
    asking = replace(
        scene.terminal,
        pending="recycle",
        question="Warning: The files in the recycle bin will be deleted for good. Continue? [Y/N]:",
    )
    return Reply(text="", element=scene.element, terminal=asking)


def recycled(element: Element, calm: Terminal, _detail: str, _around: Surroundings) -> Reply:
    """A yes to emptying the recycle bin."""
    for store in element.stores:
        element = with_store(element, replace(store, used=3 << 29))
    return Reply(text="Info: Cleared the recycle bin.\n", element=element, terminal=calm)


# --- pulling --------------------------------------------------------------------------------------


def _scp(scene: Scene) -> Reply:
    *port, source, target = scene.arguments
    remote = _REMOTE.fullmatch(source)
    found = _there(scene.element, target, scene.around)
    if remote is None or found is None:
        return scene.reply("Error: The source or destination file is invalid.\n")
    name = found[1] or source.rpartition("/")[2]
    at = f"{remote['host']}:{port[0]}" if port else remote["host"]
    detail = f"{at} {remote['user']} /{remote['path'].lstrip('/')} {found[0].name}/{name}"
    asking = replace(
        scene.terminal,
        pending=f"scp-word {detail}",
        question="Enter password:",
        expects="hidden",
    )
    head = (
        f"Trying {remote['host']} ...\nPress CTRL+K to abort\nConnected to {remote['host']} ...\n"
    )
    return Reply(text=head, element=scene.element, terminal=asking)


def pull(element: Element, calm: Terminal, detail: str, word: str) -> Reply:
    """The password that the server wants; the file is fetched."""
    at, user, path, target = detail.split(" ")
    found = place(element, target)
    store, name = found or (element.stores[0], target)
    fetch = Fetch(
        url=f"scp://{at}{path}",
        store=store.name,
        supervisor=store.supervisor,
        name=name,
        user=user,
        password=word,
    )
    return Reply(text="", element=element, terminal=replace(calm, awaits=fetch))


def pulled(
    element: Element, terminal: Terminal, fetch: Fetch, result: Fetched, around: Surroundings
) -> Reply:
    """What came of the pull."""
    calm = replace(terminal, awaits=None)
    if result.trouble:
        return Reply(text=f"Error: {_TROUBLES[result.trouble]}\n", element=element, terminal=calm)
    size = len(result.content)
    said = f"{fetch.name}    100% {size:>12}Bytes    {size // _KB}KByte(s)/sec\n"
    reply = _written(element, calm, result.content, f"{fetch.store}/{fetch.name}", around)
    return replace(reply, text=said + reply.text)


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "file-copy": _copy,
    "file-delete": _delete,
    "recycle": _recycle,
    "scp": _scp,
}
