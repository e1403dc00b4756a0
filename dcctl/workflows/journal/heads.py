"""The checkpoints that are known: files beside the journal, each with its signatures.

A checkpoint is looked at anew each time that it is read: what its file says counts for nothing by
itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from dcctl.errors import InvalidInput, Refused
from dcctl.executors import notary
from dcctl.model.note import Checkpoint, NotANote, Note, Signature
from dcctl.model.trust_policy import TrustPolicy
from dcctl.text import N_
from dcctl.workflows.services import Services

SUFFIX = ".checkpoint"
_LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint that the operator signed, and which witnesses cosigned it."""

    checkpoint: Checkpoint
    note: Note
    cosigned: tuple[str, ...]
    path: Path

    @property
    def size(self) -> int:
        """How many leaves it is over."""
        return self.checkpoint.size


def folder(services: Services) -> Path:
    """Where they lie."""
    return services.journal.path.parent / "checkpoints"


def known(services: Services, policy: TrustPolicy) -> tuple[list[Head], list[Refused]]:
    """Those that are good, the smallest first, and why the others are not."""
    good, bad = [], []
    for path in sorted(folder(services).glob(f"*{SUFFIX}")):
        try:
            good.append(read(path, policy))
        except Refused as error:
            bad.append(error)
    return sorted(good, key=lambda head: head.size), bad


def trusted(services: Services, policy: TrustPolicy) -> list[Head]:
    """Those that are known, the smallest first.

    Raises:
        Refused: one of them is forged.
    """
    good, bad = known(services, policy)
    if bad:
        raise bad[0]
    return good


def read(path: Path, policy: TrustPolicy) -> Head:
    """The checkpoint in a file.

    Raises:
        Refused: it is none, of another log, or forged. InvalidInput: it can't be read.
    """
    return judged(read_text(path), policy, path)


def read_text(path: Path) -> str:
    """A file that somebody brought.

    Raises:
        InvalidInput: it can't be read, or is far too large.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read(_LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InvalidInput(
            N_("{path} can't be read: {reason}"), path=str(path), reason=reason
        ) from error
    if len(text) > _LARGEST:
        raise InvalidInput(N_("{path} is too large to be a checkpoint"), path=str(path))
    return text


def judged(text: str, policy: TrustPolicy, path: Path) -> Head:
    """The checkpoint that a text is.

    Raises:
        Refused: it is none, of another log, or forged.
    """
    try:
        note = Note.parse(text)
        found = Checkpoint.parse(note.text)
    except NotANote as error:
        raise Refused(N_("{path} is no checkpoint"), path=str(path)) from error
    if found.origin != policy.origin:
        raise Refused(
            N_("{path} is a checkpoint of the log {found}, and this is {wanted}"),
            path=str(path),
            found=found.origin,
            wanted=policy.origin,
        )
    try:
        signed = [key for key in policy.logs if notary.signed_by(note, key)]
        cosigned = [name for name, key in policy.witnesses.items() if notary.signed_by(note, key)]
    except NotANote as error:
        raise Refused(
            N_("{path} is a forged checkpoint: {why}"), path=str(path), why=str(error)
        ) from error
    if not signed:
        raise Refused(
            N_("{path} is a forged checkpoint: no operator's key of the policy signed it"),
            hint=N_("the operator's keys are the `log` lines of inventory/evidence.policy"),
            path=str(path),
        )
    return Head(found, note, tuple(cosigned), path)


def keep(note: Note, services: Services) -> Path:
    """Write a checkpoint down beside the journal, in place of the one of the same size."""
    size = Checkpoint.parse(note.text).size
    path = folder(services) / f"{size:012}{SUFFIX}"
    write(path, str(note))
    return path


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all, durably.

    Raises:
        InvalidInput: it can't be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise InvalidInput(
            N_("{path} can't be written: {reason}"), path=str(path), reason=error.strerror
        ) from error


def with_signatures(note: Note, more: tuple[Signature, ...]) -> Note:
    """The note with further signature lines; a key's later one takes the place of its earlier."""
    replaced = {(one.name, one.id) for one in more}
    kept = tuple(one for one in note.signatures if (one.name, one.id) not in replaced)
    return Note(note.text, kept + more)
