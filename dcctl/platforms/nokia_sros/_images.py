"""Where SR OS keeps its images, and what it says of its two control processors.

A release is a folder below `cf3:/images/`: its files are named `FOLDER/FILE`. SR OS shows
backslashes and takes both.
Source: Nokia, "Basic System Configuration Guide", "System initialization and boot options".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.errors import CommandFailed, InvalidInput
from dcctl.model.upgrade import Store
from dcctl.platforms._upgrading import free_of, listed, plain, told
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image

_FOLDER = "images/"
_ENTRY = r"^\d\d/\d\d/\d{4}\s+\d\d:\d\d[ap]\s+(?P<size>\d+)\s+(?P<name>\S+)\s*$"
_DIRECTORY = r"(?m)^\d\d/\d\d/\d{4}\s+\d\d:\d\d[ap]\s+<DIR>\s+(?P<name>[\w.+-]+)/?\s*$"
_FREE = r"^\s*\d+ Dir\(s\)\s+(\d+) bytes free"
_CARD = r"^(?P<slot>[AB])\s+\S+\s.*\b(?P<state>[\w-]+)/(?P<role>active|standby)\s*$"


def stores(session: Session) -> tuple[Store, ...]:
    """The images of the active processor, and of the standby where there is one."""
    found = [_store(session, "", "cf3:/")]
    slot = standby(session)
    if slot:
        found.append(_store(session, slot, f"cf3-{slot.lower()}:/"))
    return tuple(found)


def standby(session: Session) -> str:
    """The slot of the standby processor that is up; empty where there is none."""
    cards = re.finditer(_CARD, session.send("show card"), re.MULTILINE)
    return next(
        (one["slot"] for one in cards if one["role"] == "standby" and one["state"] == "up"), ""
    )


def _store(session: Session, slot: str, disk: str) -> Store:
    path = f"{disk}{_FOLDER}"
    try:
        said = session.send(f"file list {path}")
    except CommandFailed as error:
        if "does not exist" not in str(error):
            raise
        said = session.send(f"file list {disk}")  # no image was ever put there
        free = free_of(f"file list {disk}", said, _FREE)
        return Store(supervisor=slot, path=path, free=free, files={})
    files: dict[str, int] = {}
    for match in re.finditer(_DIRECTORY, said):
        folder = match["name"]
        if folder.strip("."):
            inside = listed(told(session, f"file list {path}{folder}/"), _ENTRY)
            files |= {f"{folder}/{name}": size for name, size in inside.items()}
    free = free_of(f"file list {path}", said, _FREE)
    return Store(supervisor=slot, path=path, free=free, files=files)


def place(name: str) -> str:
    """`name`, a folder and a file.

    Raises:
        InvalidInput: it is anything else.
    """
    folder, slash, file = name.partition("/")
    if not slash:
        raise InvalidInput(
            N_("{name}: a file of SR OS is named with the folder of its release"),
            hint=N_("write it as FOLDER/FILE, such as 23.10.R2/both.tim"),
            name=name[:80],
        )
    return f"{plain(folder)}/{plain(file)}"


def folder(image: Image) -> str:
    """Where its release lies.

    Raises:
        InvalidInput: it has no file that is booted.
    """
    if image.system is None:
        raise InvalidInput(N_("image {name} has no file of role system"), name=image.name)
    return f"cf3:/{_FOLDER}{place(image.system.name).partition('/')[0]}/"


def loader(image: Image) -> str:
    """Its boot loader, where it brings one."""
    file = next((file for file in image.files if file.role == "bootloader"), None)
    return f"cf3:/{_FOLDER}{place(file.name)}" if file else ""


def same(one: str, other: str) -> bool:
    """Whether two places are one, however their slashes stand."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return re.sub(r"/+", "/", text.replace("\\", "/")).strip('"').rstrip("/").lower()
