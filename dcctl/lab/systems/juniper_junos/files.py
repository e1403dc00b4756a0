"""`file …`: what lies in /var/tmp, and how it comes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.software import Fetch, Fetched, File, Store, with_file, with_store
from dcctl.lab.systems.juniper_junos.scene import cell
from dcctl.lab.systems.juniper_junos.software import TEMP, place

COMMANDS = (
    ("file list", "file-list"),
    ("file list <word>", "file-list"),
    ("file list (detail|recursive) <word>", "file-detail"),
    ("file list <word> (detail|recursive)", "file-detail"),
    ("file checksum (md5|sha1|sha-256) <word>", "file-checksum"),
    ("file copy <word> <word>", "file-copy"),
    ("file delete <word> [purge]", "file-delete"),
    ("file rename <word> <word>", "file-rename"),
)
_SCHEMES = ("scp", "sftp", "ftp", "http", "https")
_TROUBLES = {
    "unreachable": "No route to host",
    "refused": "Connection refused",
    "denied": "Authentication error",
    "missing": "Not Found",
    "cut": "transfer interrupted",
    "timeout": "Operation timed out",
}
_ALGORITHMS = {"md5": ("md5", "MD5"), "sha1": ("sha1", "SHA1"), "sha-256": ("sha256", "SHA256")}
_BLOCK = 512


def _path(word: str) -> str:
    return word.strip('"')


def _listed(scene: Scene) -> tuple[str, Store, list[File]] | str:
    """(path as it is shown, store, files), or what is wrong."""
    word = _path(scene.arguments[0]) if scene.arguments else "/var/tmp/"  # noqa: S108 - the element's
    found = place(scene.element, word)
    if found is None:
        return f"{word}: No such file or directory\n"
    store, name = found
    shown = [one for key, one in sorted(store.files.items()) if name in ("", key)]
    if name and not shown:
        return f"{word}: No such file or directory\n"
    return word if name else word.rstrip("/"), store, shown


def listing(scene: Scene) -> str:
    """`file list`."""
    found = _listed(scene)
    if isinstance(found, str):
        return found
    path, _, files = found
    rows = [one.name for one in files]
    return "\n".join([f"{path}:" if not _single(scene) else "", *rows, ""]).lstrip("\n")


def _single(scene: Scene) -> bool:
    found = place(scene.element, _path(scene.arguments[0])) if scene.arguments else None
    return bool(found and found[1])


def detailed(scene: Scene) -> str:
    """`file list … detail`."""
    found = _listed(scene)
    if isinstance(found, str):
        return found
    path, _, files = found
    single = _single(scene)
    rows = [
        f"-rw-r--r--  1 root  wheel {one.size:>12} {_when(scene.element, one)} "
        f"{path if single else one.name}"
        for one in files
    ]
    blocks = sum(-(-one.size // _BLOCK) for one in files)
    head = [] if single else [f"{path}:", f"total blocks: {blocks}"]
    return "\n".join([*head, *rows, f"total files: {len(files)}", ""])


def _when(element: Element, file: File) -> str:
    at = datetime.fromtimestamp(file.time or element.booted, UTC)
    return f"{at:%b} {at.day:>2} {at:%H:%M}"


def listing_data(scene: Scene) -> Any:
    """`file list` as JSON data."""
    found = _listed(scene)
    if isinstance(found, str):
        return found
    path, _, files = found
    single, detail = (
        _single(scene),
        scene.line.split()[-1] == "detail" or "detail" in scene.line.split(),
    )
    rows: list[dict[str, Any]] = []
    for one in files:
        row: dict[str, Any] = {"file-name": cell(path if single else one.name)}
        if detail:
            at = int(one.time or scene.element.booted)
            row |= {
                "file-permissions": [{"data": "644", "attributes": {"junos:format": "-rw-r--r--"}}],
                "file-owner": cell("root"),
                "file-group": cell("wheel"),
                "file-links": cell(1),
                "file-size": cell(one.size),
                "file-date": [
                    {
                        "data": str(at),
                        "attributes": {"junos:format": _when(scene.element, one)},
                    }
                ],
            }
        rows.append(row)
    folder: dict[str, Any] = {} if single else {"attributes": {"name": path}}
    blocks = sum(-(-one.size // _BLOCK) for one in files)
    if detail and not single:
        folder["total-file-blocks"] = cell(blocks)
    folder |= {"file-information": rows, "total-files": cell(len(files))}
    return {"directory-list": [{"attributes": {"root-path": path}, "directory": [folder]}]}


def _checked(scene: Scene) -> tuple[str, str, str] | str:
    """(method as Junos writes it, path, digest), or what is wrong."""
    path = _path(scene.arguments[0])
    found = place(scene.element, path)
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        return f"error: {path}: No such file or directory\n"
    algorithm, shown = _ALGORITHMS[scene.line.split()[2]]
    full = path if path.startswith("/") or ":" in path else f"{TEMP}/{path}"
    return shown, full, file.digest(algorithm)


def checksum(scene: Scene) -> str:
    """`file checksum ALGORITHM FILE`."""
    found = _checked(scene)
    return found if isinstance(found, str) else f"{found[0]} ({found[1]}) = {found[2]}\n"


def checksum_data(scene: Scene) -> Any:
    """`file checksum ALGORITHM FILE` as JSON data."""
    found = _checked(scene)
    if isinstance(found, str):
        return found
    one = {
        "computation-method": cell(found[0]),
        "input-file": cell(found[1]),
        "checksum": cell(found[2]),
    }
    return {"checksum-information": [{"file-checksum": [one]}]}


# --- deleting and copying -------------------------------------------------------------------------


def _delete(scene: Scene) -> Reply:
    path = _path(scene.arguments[0])
    found = place(scene.element, path)
    if found is None or found[1] not in found[0].files:
        return scene.reply(f"error: {path}: No such file or directory\n")
    note = Note(kind="file", text="deleted", subject=path)
    fresh = with_store(scene.element, found[0].without(found[1]))
    return Reply(text="", element=fresh, terminal=scene.terminal, notes=(note,))


def _rename(scene: Scene) -> Reply:
    reply = _copy(scene)
    if reply.text or not reply.notes:
        return reply
    gone = _delete(replace(scene, element=reply.element, arguments=scene.arguments[:1]))
    return replace(gone, notes=(*reply.notes, *gone.notes))


def _copy(scene: Scene) -> Reply:
    source, target = (_path(one) for one in scene.arguments)
    url = urlsplit(source)
    name = source.rpartition("/")[2]
    found = place(scene.element, target)
    if found is None:
        return scene.reply(f"error: {target}: No such file or directory\n")
    full = target if found[1] else f"{target.rstrip('/')}/{name}"
    if url.scheme not in _SCHEMES:
        here = place(scene.element, source)
        file = here[0].files.get(here[1]) if here else None
        if file is None:
            return scene.reply(f"error: {source}: No such file or directory\n")
        return _written(scene.element, scene.terminal, file.content, full, scene.around)
    if url.scheme in ("scp", "sftp") and url.password is None:
        who = url.netloc.rpartition(":")[0] if url.port else url.netloc
        asking = replace(
            scene.terminal,
            pending=f"file-word {source} {full}",
            question=f"{who}'s password:",
            expects="hidden",
        )
        return Reply(text="", element=scene.element, terminal=asking)
    return pull(scene.element, scene.terminal, f"{source} {full}", url.password or "")


def pull(element: Element, terminal: Terminal, detail: str, word: str) -> Reply:
    """The file is fetched; `word` is the password."""
    source, target = detail.split(" ")
    url = urlsplit(source)
    found = place(element, target)
    store, name = found or (element.stores[0], target)
    fetch = Fetch(
        url=f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}",
        store=store.name,
        supervisor=store.supervisor,
        name=name,
        user=url.username or "",
        password=word,
    )
    return Reply(text="", element=element, terminal=replace(terminal, awaits=fetch))


def pulled(
    element: Element, terminal: Terminal, fetch: Fetch, result: Fetched, around: Surroundings
) -> Reply:
    """What came of the pull, in the words of Junos's own fetch and scp."""
    calm = replace(terminal, awaits=None)
    if result.trouble:
        text = f"fetch: {fetch.url}: {_TROUBLES[result.trouble]}\nerror: file-fetch failed\n"
        if not fetch.url.startswith("scp"):
            text += "error: could not fetch local copy of file\n"
        return Reply(text=text, element=element, terminal=calm)
    size = len(result.content)
    text = f"{fetch.store}//...transferring.file.........{' ' * 9}100% of {size // 1024} kB\n"
    path = f"{fetch.supervisor}:{fetch.store}/{fetch.name}"
    reply = _written(element, calm, result.content, path, around)
    return replace(reply, text=text + reply.text)


def _written(
    element: Element, terminal: Terminal, content: bytes, target: str, around: Surroundings
) -> Reply:
    found = place(element, target)
    full = "flash_full" in around.troubles
    if found is None or full or not found[0].takes(found[1], len(content)):
        text = f"{target}: write failed, filesystem is full\nerror: could not copy file\n"
        return Reply(text=text, element=element, terminal=terminal)
    fresh = with_file(element, found[0], images.file(found[1], content, around.now))
    note = Note(kind="file", text="written", subject=target)
    return Reply(text="", element=fresh, terminal=terminal, notes=(note,))


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "file-copy": _copy,
    "file-delete": _delete,
    "file-rename": _rename,
}
