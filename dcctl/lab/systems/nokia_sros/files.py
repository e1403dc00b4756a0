"""`file …`: what lies on the cards of the control processors, and how it comes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.software import Fetch, Fetched, File, Store, with_file, with_store
from dcctl.lab.systems.nokia_sros.scene import moment
from dcctl.lab.systems.nokia_sros.software import PLATFORM, place, plain, shown

BOTH = (
    ("file copy <word> <word> [force]", "file-copy"),
    ("file version <word> [check]", "file-version"),
    ("file version check <word>", "file-version"),
)
MD = (
    ("file list [<word>]", "file-list"),
    ("file remove <word> [force]", "file-remove"),
    ("file make-directory <word>", "nothing"),
    ("file show <word>", "file-show"),
)
CLASSIC = (
    ("file dir [<word>]", "file-list"),
    ("file delete <word> [force]", "file-remove"),
    ("file md <word>", "nothing"),
    ("file type <word>", "file-show"),
)
CLASSIC_FLAG = "classic"  # of a terminal whose engine is the classic one
_SCHEMES = ("scp", "sftp", "ftp", "http", "https")
_TROUBLES = {
    "unreachable": "Host unreachable",
    "refused": "Connection refused",
    "denied": "Login failed",
    "missing": "File not found",
    "cut": "Connection closed by remote host",
    "timeout": "Timed out",
}


def _found(element: Element, path: str, around: Surroundings) -> tuple[Store, str] | None:
    there = place(element, path)
    if there and there[0].supervisor == "B" and "standby_missing" in around.troubles:
        return None
    return there


def _file(scene: Scene, path: str) -> File | None:
    there = _found(scene.element, path, scene.around)
    return there[0].files.get(there[1]) if there else None


def _question(scene: Scene, text: str) -> str:
    """Each engine asks in its own way."""
    return f"{text} (y/n)? " if CLASSIC_FLAG in scene.terminal.flags else f"{text}? [y,n] "


def _missing(path: str) -> str:
    return f'MINOR: CLI File "{shown(plain(path))}" does not exist.\n'


def listing(scene: Scene) -> str:
    """`file list [URL]`, `file dir [URL]`."""
    path = scene.arguments[0] if scene.arguments else "cf3:"
    there = _found(scene.element, path, scene.around)
    if there is None:
        return f'MINOR: CLI Invalid or inaccessible file location "{path}".\n'
    store, name = there
    files, folders = _below(store, name)
    if name and not files and not folders:
        return _missing(path)
    single = name in store.files
    inside = (name.rpartition("/")[0] if single else name).strip("/")
    where = shown(f"cf3:/{inside}/" if inside else "cf3:/")
    rows = [
        f"Volume in drive cf3 on slot {store.supervisor} has no label.",
        "",
        f"Volume in drive cf3 on slot {store.supervisor} is formatted as FAT32",
        "",
        f"Directory of {where}",
        "",
    ]
    at = _when(scene.element.booted)
    rows += [f"{at}      <DIR>          {one}/" for one in ((".", "..") if inside else ())]
    rows += [f"{at}      <DIR>          {one}/" for one in folders]
    for one in files:
        stamp = _when(one.time or scene.element.booted)
        rows.append(f"{stamp}  {one.size:>18} {one.name.rpartition('/')[2]}")
    free = 0 if "flash_full" in scene.around.troubles else store.free
    total = sum(one.size for one in files)
    rows += [
        f"{len(files):>16} File(s) {total:>22} bytes.",
        f"{len(folders):>16} Dir(s) {free:>23} bytes free.",
        "",
    ]
    return "\n".join(rows)


def _below(store: Store, name: str) -> tuple[list[File], list[str]]:
    if name in store.files:
        return [store.files[name]], []
    lead = f"{name}/" if name else ""
    inner = {key: file for key, file in store.files.items() if key.startswith(lead)}
    files = [file for key, file in sorted(inner.items()) if "/" not in key[len(lead) :]]
    folders = sorted(
        {key[len(lead) :].partition("/")[0] for key in inner if "/" in key[len(lead) :]}
    )
    return files, folders


def _when(time: float) -> str:
    at = moment(time)
    return f"{at:%m/%d/%Y  %I:%M}{at:%p}".lower().replace("pm", "p").replace("am", "a")


def version(scene: Scene) -> str:
    """`file version URL [check]`: what an image says of itself, and whether it is whole."""
    path = scene.arguments[0]
    file = _file(scene, path)
    if file is None:
        return _missing(path)
    if file.label is None or file.label.platform != PLATFORM:
        return f'MINOR: CLI File "{shown(plain(path))}" is not a TiMOS image.\n'
    kind = "L" if file.label.role == "bootloader" else "C"
    rows = [
        f"TiMOS-{kind}-{file.label.release} for 7750",
        f"Built by builder in /builds/{file.label.release.replace('.R', '/R')}/panos/main/sros",
    ]
    if "check" in scene.line.split():
        sound = file.whole and "bad_signature" not in file.label.flags
        rows.append("Validation successful" if sound else "Validation failed")
    return "".join(f"{row}\n" for row in rows)


def content(scene: Scene) -> str:
    """`file show URL`, `file type URL`."""
    path = scene.arguments[0]
    file = _file(scene, path)
    if file is None:
        return _missing(path)
    head = f"File: {path.rpartition('/')[2]}\n{'-' * 79}\n"
    return head + file.content.decode("ascii", "replace")[:2000] + "\n"


# --- copying --------------------------------------------------------------------------------------


def _target(scene: Scene, source: str, target: str) -> str | None:
    there = _found(scene.element, target, scene.around)
    if there is None:
        return None
    name = plain(source).rpartition("/")[2].rpartition(":")[2]
    inside = not there[1] or plain(target).endswith("/")
    folder = any(key.startswith(f"{there[1]}/") for key in there[0].files)
    return f"{plain(target).rstrip('/')}/{name}" if inside or folder else plain(target)


def _copy(scene: Scene) -> Reply:
    source, target = scene.arguments
    full = _target(scene, source, target)
    url = urlsplit(source)
    remote = url.scheme in _SCHEMES
    if full is None:
        return scene.reply(f'MINOR: CLI Invalid or inaccessible file location "{target}".\n')
    if not remote and _file(scene, source) is None:
        return scene.reply(_missing(source))
    if _file(scene, full) is not None and not scene.line.endswith(" force"):
        question = _question(scene, f'File "{shown(full)}" exists. Overwrite')
        asking = replace(scene.terminal, pending=f"file-copy {source} {full}", question=question)
        return replace(scene.reply(""), terminal=asking)
    return copied(scene.element, scene.terminal, f"{source} {full}", scene.around)


def copied(element: Element, calm: Terminal, detail: str, around: Surroundings) -> Reply:
    """A copy that may be made; a password that its server wants is asked for."""
    source, target = detail.split(" ")
    url = urlsplit(source)
    if url.scheme in ("scp", "sftp") and url.password is None:
        asking = replace(
            calm, pending=f"file-word {detail}", question="Password: ", expects="hidden"
        )
        return Reply(text="", element=element, terminal=asking)
    if url.scheme in _SCHEMES:
        return pull(element, calm, detail, url.password or "")
    there = place(element, source)
    file = there[0].files.get(there[1]) if there else None
    if file is None:
        return Reply(text=_missing(source), element=element, terminal=calm)
    return _written(element, calm, file.content, target, around)


def pull(element: Element, calm: Terminal, detail: str, word: str) -> Reply:
    """The file is fetched; `word` is the password."""
    source, target = detail.split(" ")
    url = urlsplit(source)
    store, name = place(element, target) or (element.stores[0], target)
    fetch = Fetch(
        url=f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}",
        store=store.name,
        supervisor=store.supervisor,
        name=name,
        user=url.username or "",
        password=word,
    )
    return Reply(text="", element=element, terminal=replace(calm, awaits=fetch))


def pulled(
    element: Element, terminal: Terminal, fetch: Fetch, result: Fetched, around: Surroundings
) -> Reply:
    """What came of the pull."""
    calm = replace(terminal, awaits=None)
    if result.trouble:
        said = f"Copying file {fetch.url} ... Failed\nMINOR: CLI {_TROUBLES[result.trouble]}.\n"
        return Reply(text=said, element=element, terminal=calm)
    drive = "cf3-b:" if fetch.store == "cf3-b:" else "cf3:"
    return _written(element, calm, result.content, f"{drive}/{fetch.name}", around)


def _written(
    element: Element, terminal: Terminal, content_: bytes, target: str, around: Surroundings
) -> Reply:
    there = place(element, target)
    head = f"Copying file to {shown(plain(target))} ... "
    full = "flash_full" in around.troubles
    if there is None or full or not there[0].takes(there[1], len(content_)):
        said = f"{head}Failed\nMINOR: CLI Not enough space on the device.\n"
        return Reply(text=said, element=element, terminal=terminal)
    fresh = with_file(element, there[0], images.file(there[1], content_, around.now))
    note = Note(kind="file", text="written", subject=target)
    said = f"{head}OK\n1 file(s) copied.\n"
    return Reply(text=said, element=fresh, terminal=terminal, notes=(note,))


# --- removing -------------------------------------------------------------------------------------


def _remove(scene: Scene) -> Reply:
    path = scene.arguments[0]
    if _file(scene, path) is None:
        return scene.reply(_missing(path))
    if scene.line.endswith(" force"):
        return removed(scene.element, scene.terminal, path, scene.around)
    asking = replace(
        scene.terminal, pending=f"file-remove {path}", question=_question(scene, "Are you sure")
    )
    return replace(scene.reply(""), terminal=asking)


def removed(element: Element, calm: Terminal, path: str, _around: Surroundings) -> Reply:
    """A yes to removing."""
    there = place(element, path)
    if there is None:
        return Reply(text=_missing(path), element=element, terminal=calm)
    note = Note(kind="file", text="deleted", subject=path)
    fresh = with_store(element, there[0].without(there[1]))
    said = f"Deleting file {shown(plain(path))} ... OK\n"
    return Reply(text=said, element=fresh, terminal=calm, notes=(note,))


ACTIONS: dict[str, Callable[[Scene], Reply]] = {"file-copy": _copy, "file-remove": _remove}
