"""Reading one YAML file of the estate: bounded, and every fault told with its line.

Built on the C parser's events, not on PyYAML's constructors: that is three times faster, needs no
tree in memory, finds duplicate keys and YAML 1.1's traps on the way, and can bound nesting and
aliases.
"""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

from dcctl.errors import Place
from dcctl.text import N_

if TYPE_CHECKING:
    from pathlib import Path

    from dcctl.estate.complaints import Complaints

LARGEST_BYTES = 16 * 2**20
VAULT_HEADER = "$ANSIBLE_VAULT;"


class Unusable(Exception):
    """The file can't be used; why has been added to the complaints."""


def read_yaml(path: Path, shown: str, complaints: Complaints) -> Any:
    """What the YAML file holds; None when it is empty, or when complaints say why not.

    A file that Ansible Vault encrypted as a whole gives a `VaultFile`.
    """
    try:
        return parse_yaml(read_text(path, shown, complaints), shown, complaints)
    except Unusable:
        return None


def parse_yaml(text: str, shown: str, complaints: Complaints) -> Any:
    """What the YAML text holds; JSON as JSON, as Ansible does: `1e3` is a number there only.

    Raises:
        Unusable: it is broken; complaints say where.
    """
    if text.startswith(VAULT_HEADER):
        return VaultFile(shown)
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text, object_pairs_hook=_once_each)
        except (ValueError, RecursionError):
            pass  # YAML in flow style, or a fault: the YAML parser knows its line
    from dcctl.estate.events import build  # the YAML parser is needed on a cold load only

    return build(text, shown, complaints)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


class VaultFile:
    """Stands for what a vault-encrypted file holds; only Ansible opens it."""

    def __init__(self, shown: str) -> None:
        self.shown = shown


def read_text(path: Path, shown: str, complaints: Complaints) -> str:
    """The file's text.

    Raises:
        Unusable: missing, unreadable, not a regular file, too large, not UTF-8, or with NUL bytes.
    """
    place = Place(shown)
    data = _read_bytes(path, place, complaints)
    nul = data.find(b"\0")
    if nul >= 0:
        complaints.add(
            _place_at(shown, data, nul),
            N_("a NUL byte: this is no text file"),
            hint=N_("write the file again as UTF-8 text"),
        )
        raise Unusable
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        complaints.add(
            _place_at(shown, data, error.start),
            N_("byte {byte} is not UTF-8"),
            hint=N_("save the file as UTF-8"),
            byte=f"0x{data[error.start]:02x}",
        )
        raise Unusable from error


def _place_at(shown: str, data: bytes, offset: int) -> Place:
    before = data[:offset]
    return Place(shown, before.count(b"\n") + 1, offset - before.rfind(b"\n"))


def _read_bytes(path: Path, place: Place, complaints: Complaints) -> bytes:
    try:
        # Without O_NONBLOCK a FIFO left in the folder would hang us.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        complaints.add(
            place,
            N_("can't be read: {reason}"),
            hint=N_("make it readable, or take it out of the inventory"),
            reason=error.strerror or str(error),
        )
        raise Unusable from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            complaints.add(
                place,
                N_("is not a regular file"),
                hint=N_("take it out of the inventory"),
            )
            raise Unusable
        data = b"" if status.st_size > LARGEST_BYTES else file.read(LARGEST_BYTES + 1)
        if status.st_size > LARGEST_BYTES or len(data) > LARGEST_BYTES:
            complaints.add(
                place,
                N_("is larger than {limit} MiB"),
                hint=N_("split it into several files"),
                limit=LARGEST_BYTES // 2**20,
            )
            raise Unusable
        return data
