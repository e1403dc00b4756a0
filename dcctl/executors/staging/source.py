"""A file of an image on this machine: from a folder, or from the mirror, and proven to be right."""

from __future__ import annotations

import fcntl
import hashlib
import os
import urllib.error
import urllib.request
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from dcctl.errors import CommandFailed, NotFound, Refused, Unreachable
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dcctl.contracts import Context
    from dcctl.model.upgrade import ImageFile, Mirror, StageOrder

FOLDER = ".dcctl/images"
BLOCK = 1 << 18
_PATIENCE_S = 30.0  # without a byte


def url_of(mirror: Mirror, name: str) -> str:
    """Where a mirror has a file."""
    host = f"[{mirror.host}]" if ":" in mirror.host else mirror.host
    port = f":{mirror.port}" if mirror.port else ""
    return f"{mirror.scheme}://{host}{port}{mirror.path.rstrip('/')}/{name}"


def refuse_live(mirror: Mirror | None, *, lab: bool) -> None:
    """In the lab nothing leads out of this machine.

    Raises:
        Refused.
    """
    if not lab or mirror is None:
        return
    try:
        inside = ip_address(mirror.host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise Refused(
            N_("the mirror {host} is not in the lab, and --lab touches nothing else"),
            hint=N_("dcctl lab images FOLDER writes the files; stage them with --from FOLDER"),
            host=mirror.host,
        )


def have(order: StageOrder, file: ImageFile, context: Context, take: Callable[[int], None]) -> Path:
    """The file on this machine, its SHA-512 just worked out.

    Raises:
        NotFound: neither the folder nor a mirror has it. CommandFailed: it is not what images.yml
        says. Unreachable: the mirror.
    """
    if order.folder:
        path = Path(order.folder) / file.name
        if not path.is_file():
            raise NotFound(N_("{folder} has no {file}"), folder=order.folder, file=file.name)
        prove(path, file, order.folder)
        return path
    folder = Path(context.site_root) / FOLDER
    path = folder / file.sha512[:16] / Path(file.name).name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _one_at_a_time(path.with_suffix(path.suffix + ".lock")):
        if path.is_file() and path.stat().st_size == file.size and _sha512(path) == file.sha512:
            return path
        if order.mirror is None:
            raise NotFound(
                N_("no mirror has {file}, and no folder was named"),
                hint=N_("name a mirror in inventory/images.yml, or give --from FOLDER"),
                file=file.name,
            )
        part = path.with_suffix(path.suffix + ".part")
        _fetch(order.mirror, file, part, context, take)
        try:
            prove(part, file, url_of(order.mirror, file.name))
        except CommandFailed:
            part.unlink()
            raise
        part.replace(path)
    return path


def prove(path: Path, file: ImageFile, origin: str) -> None:
    """Hold a file on this machine to images.yml.

    Raises:
        CommandFailed: it is another one.
    """
    size = path.stat().st_size
    if size == file.size and _sha512(path) == file.sha512:
        return
    raise CommandFailed(
        N_("{origin}: {file} is not what images.yml says ({size} bytes); nothing of it was sent"),
        hint=N_("get it from the vendor again, or correct images.yml"),
        origin=origin,
        file=file.name,
        size=size,
    )


def _sha512(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha512").hexdigest()


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _fetch(
    mirror: Mirror, file: ImageFile, part: Path, context: Context, take: Callable[[int], None]
) -> None:
    url = url_of(mirror, file.name)
    try:
        with _opened(mirror, file, context) as stream, part.open("wb") as out:
            got = 0
            while block := stream.read(BLOCK):
                got += len(block)
                if got > file.size:
                    break  # whatever it is, it is not the file: told when it is proven
                take(len(block))
                out.write(block)
    except urllib.error.HTTPError as error:
        raise NotFound(N_("{url}: the mirror answers {code}"), url=url, code=error.code) from error
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror or str(error)
        raise Unreachable(N_("{url}: {error}"), url=url, error=str(reason)) from error


@contextmanager
def _opened(mirror: Mirror, file: ImageFile, context: Context) -> Iterator[BinaryIO | Any]:
    if mirror.scheme in {"http", "https", "ftp"}:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url_of(mirror, file.name), timeout=_PATIENCE_S) as answer:
            yield answer
        return
    if mirror.scheme not in {"sftp", "scp"}:
        raise Refused(N_("{scheme}: dcctl itself fetches nothing that way"), scheme=mirror.scheme)
    from dcctl.executors.staging.push import files_of  # brings paramiko

    with files_of(mirror, context) as files:
        stream = files.open(f"{mirror.path.rstrip('/')}/{file.name}", "rb")
        stream.prefetch(file.size)
        with stream:
            yield stream
