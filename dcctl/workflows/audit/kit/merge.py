"""Home: take a kit's result in, whole or not at all, once all of it was looked at."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dcctl.errors import DcctlError, InvalidInput
from dcctl.journal import commitments
from dcctl.model.record import RunRecord
from dcctl.text import N_
from dcctl.workflows.audit.kit import result as results
from dcctl.workflows.audit.kit import whole
from dcctl.workflows.audit.kit.judge import judged
from dcctl.workflows.journal import automatic
from dcctl.workflows.services import Services

_STAGING, _LOCK = ".merge-", "merge.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What was taken in."""

    record: RunRecord
    seal: str
    events: int
    evidence: int
    first_at: str
    last_at: str
    reader: str  # who says to have read it
    signed: tuple[str, ...]  # by these keys of the policy; empty: by nobody


def merge(path: Path, services: Services, *, seal: str = "") -> Merged:
    """Look at a result, and take it in.

    Args:
        path: the result.
        services: the site.
        seal: what it was told to be where it was made (the beginning is enough).

    Raises:
        InvalidInput: it is damaged, or says what can't be. Refused: nobody asked for it, it was
            taken in already, or its signature is nobody's.
    """
    with whole.opened(path, results.RULES) as archive:
        if seal and not archive.seal.startswith(seal.lower()):
            raise InvalidInput(
                N_("{path}: its seal is {own}, and {seal} was told"),
                path=str(path),
                own=archive.seal[:16],
                seal=seal[:16],
            )
        found = judged(archive, path, services)
        with _staging(services) as folder:
            _unpack(archive, folder / "shards")
            _keep_salts(archive, found.run, services)
            services.journal.take_back(found.run, folder / "shards", events=found.events)
        record = services.journal.record(found.run)
        automatic.after(record.run, services)
        return Merged(
            record=record,
            seal=archive.seal,
            events=found.events,
            evidence=found.evidence,
            first_at=found.first_at,
            last_at=found.last_at,
            reader=found.reader,
            signed=found.signed,
        )


@contextmanager
def _staging(services: Services) -> Iterator[Path]:
    """A folder beside the journal, one merge at a time; what a killed one left there goes first."""
    home = services.journal.path.parent
    with (home / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield from _made(home)


def _made(home: Path) -> Iterator[Path]:
    for old in home.glob(f"{_STAGING}*"):
        shutil.rmtree(old, ignore_errors=True)
    try:
        with TemporaryDirectory(dir=home, prefix=_STAGING) as folder:
            yield Path(folder)
    except OSError as error:
        if isinstance(error, DcctlError):
            raise
        raise InvalidInput(
            N_("{path} can't be written: {reason}"), path=str(home), reason=error.strerror or ""
        ) from error


def _unpack(archive: whole.Whole, folder: Path) -> None:
    """Logs and evidence, under names that were looked at one by one."""
    for name in sorted(archive.names):
        if name.startswith(results.SHARDS):
            path = folder / name.removeprefix(results.SHARDS)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.writelines(archive.pieces(name))


def salts_of(run: str, services: Services) -> Path:
    """The key of a run's redactions: its kit's own where it was read by one."""
    own = services.journal.path.parent / "kits" / f"{run}.{commitments.KEY}"
    return own if own.exists() else services.journal.path.parent / commitments.KEY


def _keep_salts(archive: whole.Whole, run: str, services: Services) -> None:
    if results.SALTS not in archive.names:
        return
    path = services.journal.path.parent / "kits" / f"{run}.{commitments.KEY}"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(archive.read(results.SALTS))
