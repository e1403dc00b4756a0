"""There: everything that was answered in one file, whole or not at all."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from pathlib import Path

from dcctl import __version__, clock
from dcctl.errors import JournalError
from dcctl.executors import notary
from dcctl.journal import commitments
from dcctl.journal.shardlog import blob_path, read_lines, read_log
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.note import Note, SignatureType
from dcctl.text import N_
from dcctl.workflows.audit.kit import result as results
from dcctl.workflows.audit.kit.order import Kit
from dcctl.workflows.evidence.bundle import writing

README = """\
What an audit kit read / Kết quả của bộ kiểm tra

  dcctl audit merge THIS-FILE
As private as the journal itself / Cần giữ kín như chính nhật ký.
"""


def pack(
    kit: Kit, logs: Path, shards: Sequence[str], path: Path, key: notary.SigningKey | None
) -> str:
    """Write the result whole or not at all; gives its seal."""
    told, lines = _told(kit, logs, shards)
    content = json.dumps(plain.to_plain(told), indent=1, sort_keys=True).encode()
    head = results.head_of(kit.order.run, [content, *lines])
    with writing(path) as bundle:
        bundle.add("README", README)
        bundle.add(results.RESULT, content)
        bundle.add(results.HEAD, _signed(head.text, key))
        salts = logs.parent.parent / commitments.KEY
        if salts.is_file():
            bundle.add(results.SALTS, salts.read_bytes())
        for name in shards:
            folder = logs / name
            bundle.add(f"{results.SHARDS}{name}/{results.EVENTS}", _whole_lines(folder))
            for blob in _blobs(folder):
                inside = f"{results.SHARDS}{name}/{results.BLOBS}/{blob.name}"
                bundle.add(inside, blob.read_bytes())
    return bundle.seal


def _whole_lines(folder: Path) -> bytes:
    """A log without the line that a kill may have torn."""
    path = folder / results.EVENTS
    try:
        _, end = read_lines(path)
        with path.open("rb") as file:
            return file.read(end)
    except OSError as error:
        raise JournalError(
            N_("{path}: the shard's log can't be read: {error}"), path=str(path), error=str(error)
        ) from error


def _told(kit: Kit, logs: Path, shards: Sequence[str]) -> tuple[results.Told, list[bytes]]:
    lines = {name: _whole_lines(logs / name).splitlines() for name in shards}
    told = results.Told(
        run=kit.order.run,
        plan=kit.order.plan,
        kit=kit.seal,
        journal=kit.order.journal,
        dcctl=__version__,
        operator=getpass.getuser(),
        events={name: len(found) for name, found in lines.items()},
        evidence=sum(len(_blobs(logs / name)) for name in shards),
    )
    return told, [line for found in lines.values() for line in found]


def _blobs(folder: Path) -> list[Path]:
    """The evidence that its log tells of; a kill may have left some that nothing tells of."""
    events, _ = read_log(folder / results.EVENTS)
    told = {str(one.data["digest"]) for one in events if one.kind is EventKind.EVIDENCE}
    return [blob_path(folder, digest) for digest in sorted(told)]


def _signed(text: str, key: notary.SigningKey | None) -> str:
    if key is None:
        return text
    witness = key.public.type is SignatureType.COSIGNATURE
    seconds = int(clock.now().timestamp()) if witness else 0
    return str(Note(text, (key.sign(text, seconds=seconds),)))
