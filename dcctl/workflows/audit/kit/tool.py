"""dcctl itself and what it needs to read, for a machine that has Python and nothing else.

The packages are those that are installed here, each file as its installer wrote it down; they fit
the same release of Python on the same kind of machine. No index is asked, here or there.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import dcctl
from dcctl.errors import InvalidInput, MissingDependency
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

# What changes things, plans or keeps a journal is of no use there.
_LEFT_OUT = frozenset(
    {
        *("alembic", "ansible-core", "ansible-runner", "hier-config", "networkx", "openpyxl"),
        "sqlalchemy",
    }
)
_OWN_LEFT_OUT = frozenset({"lab", "_data"})  # folders of this package
_CONTRIBUTIONS = ("dcctl.platforms", "dcctl.checks")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def interpreter() -> str:
    """Which Python the packages fit."""
    return f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"


def files() -> Iterator[tuple[str, bytes]]:
    """Every file with its name.

    Raises:
        MissingDependency: a package that is needed is not installed. InvalidInput: a file is no
            longer what was installed.
    """
    yield from _own()
    for distribution in _needed():
        yield from _installed(distribution)


def _own() -> Iterator[tuple[str, bytes]]:
    """This package, and what says which version it is."""
    root = Path(dcctl.__file__).parent
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if inside.parts[0] in _OWN_LEFT_OUT or "__pycache__" in inside.parts:
            continue
        if path.is_file():
            yield f"dcctl/{inside.as_posix()}", path.read_bytes()
    version = dcctl.__version__
    head = f"Metadata-Version: 2.1\nName: dcctl\nVersion: {version}\n"
    yield f"dcctl-{version}.dist-info/METADATA", head.encode()


def _needed() -> list[metadata.Distribution]:
    """What reading needs, and what this site contributes, each once."""
    found: dict[str, metadata.Distribution] = {}
    waiting = ["dcctl"]
    for group in _CONTRIBUTIONS:
        points = metadata.entry_points(group=group)
        waiting += [point.dist.name for point in points if point.dist is not None]
    while waiting:
        name = _normal(waiting.pop())
        if name in found or name in _LEFT_OUT:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError as error:
            raise MissingDependency(
                N_("the package {name} is not installed, and a kit needs it"), name=name
            ) from error
        waiting += _requirements(found[name])
    found.pop("dcctl")
    return [found[name] for name in sorted(found)]


def _requirements(distribution: metadata.Distribution) -> Iterator[str]:
    """What it asks for; of what it asks for only somewhere, what is installed here."""
    for line in distribution.requires or ():
        name, condition = _NAME.match(line), line.partition(";")[2]
        if name is None or "extra" in condition:
            continue
        if condition:
            try:
                metadata.distribution(name[0])
            except metadata.PackageNotFoundError:
                continue
        yield name[0]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed(distribution: metadata.Distribution) -> Iterator[tuple[str, bytes]]:
    for file in distribution.files or ():
        if ".." in file.parts or file.suffix == ".pyc" or file.is_absolute():
            continue  # programs, and what Python makes by itself
        content = Path(str(distribution.locate_file(file))).read_bytes()
        if file.hash is not None and file.hash.mode == "sha256":
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
            if digest.rstrip("=") != file.hash.value:
                raise InvalidInput(
                    N_("{file} of the package {name} is not what was installed"),
                    hint=N_("install the package again; a kit takes no altered one along"),
                    file=str(file),
                    name=distribution.name,
                )
        yield file.as_posix(), content
