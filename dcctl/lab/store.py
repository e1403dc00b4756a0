"""The lab's store of things that are dear to build.

Folders named by what went into them, built once by whoever comes first.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[Text], None]

VARIABLE = "DCCTL_LAB_CACHE"
_BUILDING = ".building-"


def folder() -> Path:
    """Where the store lies: `DCCTL_LAB_CACHE`, else /var/cache/dcctl/lab."""
    return Path(os.environ.get(VARIABLE) or "/var/cache/dcctl/lab")


def key(*parts: str) -> str:
    """A short name for what goes into a build; the same parts give the same name."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def built(
    kind: str, name: str, build: Callable[[Path], None], *, title: str, progress: Progress
) -> Path:
    """The folder `kind-name` of the store, made by `build(empty folder)` if it is not there yet.

    `title` is said before a build. A folder appears whole or not at all: it is built beside its
    place and renamed. Two processes that want the same one build it once; what a killed build left
    behind is removed by the next.
    """
    place = folder() / f"{kind}-{name}"
    if place.is_dir():
        return place
    folder().mkdir(parents=True, exist_ok=True)
    with _locked(folder() / f".lock-{kind}-{name}"):
        if place.is_dir():
            return place
        progress(Text(title))
        unfinished = folder() / f"{_BUILDING}{kind}-{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        try:
            build(unfinished)
            unfinished.rename(place)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    return place


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
