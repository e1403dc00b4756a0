"""`dir`, `verify`, `delete` and `copy`: what lies on bootflash, and how it comes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from dcctl.lab.elements import images
from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Fetch, Fetched, with_file, with_store
from dcctl.lab.systems.cisco_xe.scene import Scene
from dcctl.lab.systems.cisco_xe.software import FLASH, place

COMMANDS = (
    ("dir [<word>]", "dir", 1),
    ("verify (/md5|/sha512) <word>", "verify", 1),
    ("verify (/md5|/sha512) <word> <word>", "verify", 1),
    ("delete <word>", "delete", 15),
    ("delete /force <word>", "delete-force", 15),
    ("copy <word> <word>", "copy-file", 15),
)
_SCHEMES = ("scp", "sftp", "ftp", "http", "https")
_TROUBLES = {
    "unreachable": "No route to host",
    "refused": "Connection refused",
    "denied": "Permission denied",
    "missing": "No such file or directory",
    "cut": "I/O error",
    "timeout": "Connection timed out",
}


def listing(scene: Scene) -> str:
    """`dir [<word>]`."""
    path = scene.arguments[0] if scene.arguments else FLASH
    found = place(scene.element, path)
    if found is None:
        return f"%Error opening {path} (No such device)\n"
    store, name = found
    shown = [one for key, one in store.files.items() if name in ("", key)]
    if not shown and name:
        return f"%Error opening {store.name}/{name} (No such file or directory)\n"
    rows = [
        f"{number:>6}  -rw-  {one.size:>15}  "
        f"{datetime.fromtimestamp(one.time or scene.element.booted, UTC):%b %d %Y %H:%M:%S} +00:00  {one.name}"
        for number, one in enumerate(sorted(shown, key=lambda one: one.name), 12)
    ]
    free = 0 if "flash_full" in scene.around.troubles else store.free
    head = f"Directory of {store.name}/{name}\n\n"
    return head + "\n".join([*rows, ""]) + f"\n{store.size} bytes total ({free} bytes free)\n"


def verify(scene: Scene) -> str:
    """`verify /md5|/sha512 FILE [DIGEST]`."""
    path = scene.arguments[0]
    algorithm = "sha512" if "/sha512" in scene.line else "md5"
    found = place(scene.element, path)
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        return f"%Error verifying {path} (No such file or directory)\n"
    digest = file.digest(algorithm)
    dots = "." * max(1, file.size // 100000)
    if len(scene.arguments) == 1:
        return f"{dots}Done!\nverify /{algorithm} ({path}) = {digest}\n\n"
    if scene.arguments[1].lower() == digest:
        return f"{dots}Done!\nVerified ({path}) = {digest}\n\n"
    return (
        f"{dots}Done!\n%Error verifying {path}\nComputed signature  = {digest}\n"
        f"Submitted signature = {scene.arguments[1]}\n\n"
    )


# --- deleting -------------------------------------------------------------------------------------


def _delete(element: Element, terminal: Terminal, match: Match, _around: Surroundings) -> Reply:
    path = match.arguments[0]
    name = path.rpartition(":")[2].strip("/")
    asking = replace(terminal, pending=f"delete {path}", question=f"Delete filename [{name}]? ")
    return Reply(text="", element=element, terminal=asking)


def delete_named(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    _line: str,
    detail: str,
    _around: Surroundings,
) -> Reply:
    """The answer to which file is meant: the one that was said."""
    asking = replace(
        calm, pending=f"delete-sure {detail}", question=f"Delete {detail}? [confirm]", expects="key"
    )
    return Reply(text="", element=element, terminal=asking)


def delete_sure(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    _around: Surroundings,
) -> Reply:
    """The answer to whether that is meant."""
    if line.strip().lower().startswith("n"):
        return Reply(text=f"\nDelete of {detail} aborted!\n", element=element, terminal=calm)
    reply = _gone(element, calm, detail)
    return replace(reply, text=f"\n{reply.text}")


def _force(element: Element, terminal: Terminal, match: Match, _around: Surroundings) -> Reply:
    return _gone(element, terminal, match.arguments[0])


def _gone(element: Element, terminal: Terminal, path: str) -> Reply:
    found = place(element, path)
    if found is None or found[1] not in found[0].files:
        text = f"%Error deleting {path} (No such file or directory)\n"
        return Reply(text=text, element=element, terminal=terminal)
    store, name = found
    note = Note(kind="file", text="deleted", subject=path)
    return Reply(
        text="",
        element=with_store(element, store.without(name)),
        terminal=terminal,
        notes=(note,),
    )


# --- copying --------------------------------------------------------------------------------------


def _copy(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    source, target = match.arguments
    found = place(element, target)
    if found is None or ":" not in target:
        text = f"%Error opening {target} (No such device)\n"
        return Reply(text=text, element=element, terminal=terminal)
    store, name = found
    name = name or source.rpartition("/")[2].rpartition(":")[2]
    if "file prompt quiet" in element.running:
        return _password(element, terminal, source, f"{store.name}{name}", around)
    asking = replace(
        terminal,
        pending=f"copy-name {source} {store.name} {name}",
        question=f"Destination filename [{name}]? ",
    )
    return Reply(text="", element=element, terminal=asking)


def copy_name(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    around: Surroundings,
) -> Reply:
    """The answer to under which name the file is to lie."""
    source, store, name = detail.split(" ")
    target = f"{store}{line.strip() or name}"
    found = place(element, target)
    if found and found[1] in found[0].files:
        asking = replace(
            calm,
            pending=f"copy-over {source} {target}",
            question=(
                "%Warning:There is a file already existing with this name\n"
                "Do you want to over write? [confirm]"
            ),
            expects="key",
        )
        return Reply(text="", element=element, terminal=asking)
    return _password(element, calm, source, target, around)


def copy_over(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    around: Surroundings,
) -> Reply:
    """The answer to whether the file that lies there may go."""
    if line.strip().lower().startswith("n"):
        return Reply(text="\n", element=element, terminal=calm)
    source, target = detail.split(" ")
    return _password(element, calm, source, target, around)


def _password(
    element: Element, terminal: Terminal, source: str, target: str, around: Surroundings
) -> Reply:
    url = urlsplit(source)
    if url.scheme not in _SCHEMES:
        return _within(element, terminal, source, target, around)
    if url.scheme in ("scp", "sftp") and url.password is None:
        asking = replace(
            terminal,
            pending=f"copy-word {source} {target}",
            question="Password: ",
            expects="hidden",
        )
        return Reply(text="", element=element, terminal=asking)
    return _pull(element, terminal, source, target, url.password or "")


def copy_word(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    _around: Surroundings,
) -> Reply:
    """The password that the server wants."""
    source, target = detail.split(" ")
    return _pull(element, calm, source, target, line)


def _pull(element: Element, terminal: Terminal, source: str, target: str, word: str) -> Reply:
    url = urlsplit(source)
    host = url.netloc.rpartition("@")[2]
    found = place(element, target)
    store, name = (found[0].name, found[1]) if found else (FLASH, target)
    fetch = Fetch(
        url=f"{url.scheme}://{host}{url.path}",
        store=store,
        name=name,
        user=url.username or "",
        password=word,
    )
    waiting = replace(terminal, awaits=fetch)
    return Reply(text=f"Accessing {fetch.url}...\n", element=element, terminal=waiting)


def pulled(
    element: Element, terminal: Terminal, fetch: Fetch, result: Fetched, around: Surroundings
) -> Reply:
    """What came of the pull, in IOS's words."""
    calm = replace(terminal, awaits=None)
    if result.trouble:
        text = f"%Error opening {fetch.url} ({_TROUBLES[result.trouble]})\n"
        return Reply(text=text, element=element, terminal=calm)
    text = f"Loading {fetch.url} {'!' * max(1, len(result.content) // 100000)}\n"
    return _written(element, calm, result.content, f"{fetch.store}{fetch.name}", around, text)


def _within(
    element: Element, terminal: Terminal, source: str, target: str, around: Surroundings
) -> Reply:
    found = place(element, source)
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        text = f"%Error opening {source} (No such file or directory)\n"
        return Reply(text=text, element=element, terminal=terminal)
    return _written(element, terminal, file.content, target, around, "Copy in progress...C\n")


def _written(
    element: Element,
    terminal: Terminal,
    content: bytes,
    target: str,
    around: Surroundings,
    text: str,
) -> Reply:
    found = place(element, target)
    size = len(content)
    full = "flash_full" in around.troubles
    if found is None or full or not found[0].takes(found[1], size):
        text += f"%Error copying {target} (Not enough space on device)\n"
        return Reply(text=text, element=element, terminal=terminal)
    fresh = with_file(element, found[0], images.file(found[1], content, around.now))
    text += f"{size} bytes copied in 1.000 secs ({size} bytes/sec)\n"
    note = Note(kind="file", text="written", subject=target)
    return Reply(text=text, element=fresh, terminal=terminal, notes=(note,))


ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "delete": _delete,
    "delete-force": _force,
    "copy-file": _copy,
}
