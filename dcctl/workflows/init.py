"""Init: a new site from the packaged sample estate."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from dcctl import discovery
from dcctl.errors import InvalidInput
from dcctl.executors import sealing
from dcctl.journal import Journal
from dcctl.text import N_
from dcctl.workflows.services import MARKER

_PARTS = ("inventory",)
_OWN = ("roles", "templates")  # the site's own come first
_IGNORE = ".dcctl/\n"
_JOURNAL = "sqlite:///.dcctl/journal.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The new site."""

    folder: Path
    files: int


def init(folder: Path) -> Made:
    """Make a site in `folder`, which must be empty or not there; whole or not at all.

    Raises:
        InvalidInput: the folder holds something, or can't be written.
    """
    folder = folder.expanduser().resolve()
    source = discovery.data_root()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InvalidInput(
                N_("{folder} is not empty"), hint=N_("name a new folder"), folder=str(folder)
            )
        staging = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:8]}"
        try:
            _fill(staging, source)
            if folder.exists():
                folder.rmdir()
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise InvalidInput(
            N_("{folder} can't be made: {reason}"),
            folder=str(error.filename or folder),
            reason=error.strerror or str(error),
        ) from error
    return Made(folder=folder, files=sum(1 for path in folder.rglob("*") if path.is_file()))


def _fill(staging: Path, source: Path) -> None:
    staging.mkdir(parents=True)
    for name in _PARTS:
        shutil.copytree(source / name, staging / name)
    for name in _OWN:
        (staging / name).mkdir()
    shutil.copyfile(source / MARKER, staging / MARKER)
    _pin_journal(staging / MARKER)
    (staging / ".gitignore").write_text(_IGNORE, encoding="utf-8")
    key = staging / ".dcctl" / "backup.key"
    key.touch(mode=0o600)
    key.write_text(sealing.new_key() + "\n", encoding="ascii")


def _pin_journal(marker: Path) -> None:
    """Make the site's journal and write its id into dcctl.yml, so that no other is taken for it."""
    with Journal.open(_JOURNAL, root=marker.parent) as journal:
        pinned = f"  url: {_JOURNAL}\n  id: {journal.id}\n"
    text = marker.read_text(encoding="utf-8")
    marker.write_text(text.replace(f"  url: {_JOURNAL}\n", pinned, 1), encoding="utf-8")
