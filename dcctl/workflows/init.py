"""Init: a new site from the packaged sample estate."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from dcctl import discovery
from dcctl.errors import InvalidInput
from dcctl.text import N_
from dcctl.workflows.services import MARKER

_PARTS = ("inventory",)
_OWN = ("roles", "templates")  # the site's own come first
_IGNORE = ".dcctl/\n"


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
    (staging / ".gitignore").write_text(_IGNORE, encoding="utf-8")
