"""The files that make an estate: found in one walk, each with what tells whether it changed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import discovery
from dcctl.errors import Place
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.complaints import Complaints

MARKER = "dcctl.yml"
INVENTORY = "inventory"
HOSTS = f"{INVENTORY}/hosts"
VARIABLE_FOLDERS = ("group_vars", "host_vars")
YAML_SUFFIXES = (".yml", ".yaml", ".json")
# Ansible's own list of what is no inventory source.
IGNORED_SUFFIXES = (
    ".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg", ".retry",
)  # fmt: skip
MOST_FILES = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One file; `shown` is its path below the root with slashes."""

    shown: str
    path: Path
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    executable: bool

    @property
    def signature(self) -> tuple[str, int, int, int, int, bool]:
        """What changes whenever the content may have changed."""
        return (
            self.shown,
            self.size,
            self.mtime_ns,
            self.ctime_ns,
            self.inode,
            self.executable,
        )


def walk(root: Path, complaints: Complaints) -> dict[str, Entry]:
    """dcctl.yml and every file under inventory/, sorted by path; no hidden ones, no backups."""
    found: dict[str, Entry] = {}
    marker = root / MARKER
    try:
        found[MARKER] = _entry(MARKER, marker, marker.stat())
    except OSError as error:
        complaints.add(
            Place(MARKER),
            N_("can't be read: {reason}"),
            hint=N_("an estate's folder holds a dcctl.yml; dcctl init makes one"),
            reason=error.strerror or str(error),
        )
    for name in VARIABLE_FOLDERS:
        if (root / name).is_dir():
            complaints.add(
                Place(name),
                N_("Ansible reads this only when it is started here, and dcctl never does"),
                hint=N_("move it to inventory/hosts/{name}"),
                name=name,
            )
    for entry in _below(root / INVENTORY, INVENTORY, complaints, frozenset()):
        found[entry.shown] = entry
        if len(found) > MOST_FILES:
            complaints.add(
                Place(INVENTORY),
                N_("holds more than {limit} files"),
                hint=N_("keep only the estate's own files there"),
                limit=MOST_FILES,
            )
            break
    return found


def _below(
    folder: Path, shown: str, complaints: Complaints, above: frozenset[tuple[int, int]]
) -> Iterator[Entry]:
    try:
        here = folder.stat()
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        complaints.add(
            Place(shown),
            N_("can't be read: {reason}"),
            hint=N_("make the folder readable"),
            reason=error.strerror or str(error),
        )
        return
    identity = (here.st_dev, here.st_ino)
    if identity in above:  # a link that leads back up
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith("~"):
            continue
        name = f"{shown}/{entry.name}"
        wanted = name.startswith(HOSTS) or name.endswith(YAML_SUFFIXES)
        try:
            status = entry.stat()
        except OSError as error:
            if wanted:  # known_hosts and the like are others' to read
                complaints.add(
                    Place(name),
                    N_("can't be read: {reason}"),
                    hint=N_("make it readable, or take it out of the inventory"),
                    reason=error.strerror or str(error),
                )
            continue
        named_file = name.endswith(YAML_SUFFIXES) and not name.startswith(HOSTS)
        if stat.S_ISDIR(status.st_mode) and not named_file:
            yield from _below(Path(entry.path), name, complaints, above | {identity})
        elif wanted and stat.S_ISREG(status.st_mode):
            yield _entry(name, Path(entry.path), status)
        elif wanted:
            complaints.add(
                Place(name), N_("is not a regular file"), hint=N_("take it out of the inventory")
            )


def _entry(shown: str, path: Path, status: os.stat_result) -> Entry:
    return Entry(
        shown,
        path,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
        bool(status.st_mode & stat.S_IXUSR),
    )


def role_names(root: Path) -> tuple[str, ...]:
    """The site's own roles and the packaged ones."""
    folders = (root / "roles", discovery.data_root() / "roles")
    names = {
        entry.name
        for folder in folders
        if folder.is_dir()
        for entry in folder.iterdir()
        if entry.is_dir() and not entry.name.startswith(".")
    }
    return tuple(sorted(names))
