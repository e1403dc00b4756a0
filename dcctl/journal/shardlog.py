"""The worker's side of the journal: one file of JSON lines and one folder of blobs for each shard.

A line is there once its line feed is. After a crash the last line may be torn: it is cut off when
the log is opened again, and readers stop before it. (run, shard, sequence) names an event, so a
log can be imported any number of times.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dcctl import clock
from dcctl.errors import JournalError
from dcctl.journal import commitments, redaction
from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.text import N_

if TYPE_CHECKING:
    from types import TracebackType

LOG = "events.jsonl"
BLOBS = "blobs"
_FIELDS = tuple(field.name for field in dataclasses.fields(Event) if field.name != "data")
_DATA = b',"data":'


class ShardLog:
    """Writes a shard's events and evidence; its methods may be called from many threads.

    `before` are the events that an earlier process wrote for the same shard, in order.

    Raises:
        JournalError: the folder can't be written, or its log is damaged before its end.
    """

    def __init__(self, folder: Path, run: str, shard: str) -> None:
        self.folder = folder
        self._run = run
        self._shard = shard
        self._lock = threading.Lock()
        self._sync_lock = threading.Lock()
        self._blobs = str(folder / BLOBS)
        path = folder / LOG
        try:
            (folder / BLOBS).mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            self.before, self._size = read_log(path)
            os.ftruncate(self._file, self._size)
            os.fsync(self._file)
            _sync_folder(folder)
        except OSError as error:
            raise _cannot_write(path, error) from error
        self._sequence = self.before[-1].sequence if self.before else 0
        self._kept: set[str] = set()  # evidence that lies there
        self._synced = self._size
        self._failed: OSError | None = None  # of the first fsync that failed

    def emit(
        self,
        kind: EventKind,
        *,
        target: str = "",
        step: str = "",
        durable: bool = False,
        **data: Any,
    ) -> None:
        """Write an event down; with `durable` it is on the disk when this returns.

        Raises:
            JournalError: it could not be written, and then no part of it is in the log.
        """
        content = redaction.redacted_json(plain.to_plain(data))
        with self._lock:
            event = Event(
                run=self._run,
                shard=self._shard,
                sequence=self._sequence + 1,
                at=clock.now().isoformat(),
                kind=kind,
                target=target,
                step=step,
            )
            self._append(_line(event, content))
            self._sequence += 1
            end = self._size
        if durable:
            self._sync(end)

    def keep(
        self,
        content: str | bytes,
        *,
        target: str,
        media_type: str = "text/plain",
        original: str = "",
    ) -> str:
        """Store evidence, redacted, and give the SHA-256 digest of what was stored.

        `original` is what `content` was before its own redaction; of it only commitments are kept.
        """
        data = redaction.redact_content(content, media_type)
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._kept:
            self._store(digest, data)
            self._kept.add(digest)
        told: dict[str, Any] = {"digest": digest, "media_type": media_type, "size": len(data)}
        if found := self._redactions(original or content, data, digest, media_type):
            told["redactions"] = found
        self.emit(EventKind.EVIDENCE, target=target, **told)
        return digest

    def _store(self, digest: str, data: bytes) -> None:
        # Plain names and calls: every answer of every device comes through here.
        path = f"{self._blobs}/{digest}.z"
        if os.access(path, os.F_OK):
            return
        part = f"{self._blobs}/.{digest}.{threading.get_ident()}"
        try:
            file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                packed = memoryview(zlib.compress(data, 6))
                while packed:
                    packed = packed[os.write(file, packed) :]
            finally:
                os.close(file)
            os.replace(part, path)  # noqa: PTH105 - as said above
        except OSError as error:
            Path(part).unlink(missing_ok=True)
            raise _cannot_write(Path(path), error) from error

    def _redactions(
        self, original: str | bytes, data: bytes, digest: str, media_type: str
    ) -> list[str]:
        """Commitments to what was taken out, where anything was."""
        if b"redacted" not in data:
            return []
        was = redaction.encoded(original, media_type)
        # Beside the journal, not in it: who is given the journal can't try out passwords.
        key = self.folder.parent.parent.parent / commitments.KEY
        return commitments.commitments(key, self._run, digest, was, data)

    def close(self) -> None:
        """Put everything on the disk and close the file."""
        if self._file >= 0:
            self._sync(self._size)
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _append(self, line: bytes) -> None:
        try:
            written = 0
            while written < len(line):
                written += os.write(self._file, line[written:])
        except OSError as error:
            os.ftruncate(self._file, self._size)  # no half line may stand before a later one
            raise _cannot_write(self.folder / LOG, error) from error
        self._size += len(line)

    def _sync(self, end: int) -> None:
        with self._sync_lock:
            if self._synced >= end:
                return  # another thread's fsync took this line along
            reached = self._size
            try:
                if self._failed is None:
                    os.fsync(self._file)
            except OSError as error:
                # The kernel tells of a lost page once: a later fsync would succeed without it.
                self._failed = error
            if self._failed is not None:
                raise _cannot_write(self.folder / LOG, self._failed) from self._failed
            self._synced = reached


@dataclass(frozen=True, slots=True)
class Line:
    """An event as its log has it; `data` is its data as JSON."""

    event: Event
    data: str


def read_log(path: Path, *, offset: int = 0, after: int = 0) -> tuple[tuple[Event, ...], int]:
    """The whole events from `offset` on, and where they end; see `read_lines`."""
    lines, end = read_lines(path, offset=offset, after=after)
    return tuple(line.event for line in lines), end


def read_lines(path: Path, *, offset: int = 0, after: int = 0) -> tuple[tuple[Line, ...], int]:
    """The whole lines from `offset` on, and where they end; `after` is the last sequence before.

    Raises:
        JournalError: a line that is not the last one can't be read, or a number is missing.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            data = file.read()
    except FileNotFoundError:
        return (), offset
    except OSError as error:
        raise _cannot(N_("{path}: the shard's log can't be read: {error}"), path, error) from error
    whole = data[: data.rfind(b"\n") + 1]
    return parsed_lines(whole, path, after=after), offset + len(whole)


def parsed_lines(whole: bytes, path: Path, *, after: int = 0) -> tuple[Line, ...]:
    """The lines of a log, or of a part of it; `path` is what errors name.

    Raises:
        JournalError: a line can't be read, or a number is missing.
    """
    lines = enumerate(whole.splitlines(), after + 1)
    return tuple(_read(line, path, sequence) for sequence, line in lines)


def _read(line: bytes, path: Path, sequence: int) -> Line:
    # The data comes last, and a quote inside a string never stands behind a comma alone: what
    # stands behind this is the data and nothing else, if it can be read.
    head, there, rest = line.partition(_DATA)
    data = rest[:-1]
    try:
        if not there or not line.endswith(b"}"):
            raise ValueError  # noqa: TRY301 - one place that tells of it
        fields = json.loads(head + b"}")
        event = Event(**{**fields, "kind": EventKind(fields["kind"]), "data": json.loads(data)})
        text = data.decode("ascii")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(path, sequence) from error
    if event.sequence != sequence or not isinstance(event.data, dict):
        raise _damaged(path, sequence)
    return Line(event, text)


def _damaged(path: Path, sequence: int) -> JournalError:
    return JournalError(
        N_("{path}: line {line} of the shard's log is damaged"),
        hint=N_("keep the file for the record, and restore it from the machine that wrote it"),
        path=str(path),
        line=sequence,
    )


def _line(event: Event, data: str) -> bytes:
    # ASCII only: a line feed, a torn UTF-8 sequence or an odd separator can't appear inside a line.
    head = {name: getattr(event, name) for name in _FIELDS}
    told = redaction.as_json(head)
    return f'{told[:-1]},"data":{data}}}\n'.encode("ascii")


def blob_path(folder: Path, digest: str) -> Path:
    """Where a shard keeps the blob of `digest`, compressed with zlib."""
    return folder / BLOBS / f"{digest}.z"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(path: Path, error: OSError) -> JournalError:
    if isinstance(error, JournalError):
        return error
    return _cannot(N_("{path}: the shard's log can't be written: {error}"), path, error)


def _cannot(msgid: str, path: Path, error: OSError) -> JournalError:
    return JournalError(
        msgid,
        hint=N_("make room or give access, then go on with dcctl runs resume"),
        path=str(path),
        error=error.strerror or str(error),
    )
