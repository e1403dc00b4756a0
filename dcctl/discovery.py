"""Finding contributions: a folder is scanned, nothing is listed twice.

A package's modules (and sub-packages) each offer one or more objects under a known attribute name;
a site's own
Python contributions come through entry points, its own roles and templates through its folders.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import pkgutil
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dcctl.errors import InvalidContribution, Place
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
_NO_PART = {"__pycache__", ".git"}  # of a contributed folder


def scan(
    package: str, attribute: str, kind: type[T] | tuple[type[T], ...], *, entry_points: str = ""
) -> dict[str, T]:
    """Every object that a module of `package` offers as `attribute`, by its module's name.

    `attribute` may hold one object of `kind` or a tuple of them (then keyed `module` when one,
    `module/index` when
    several). Modules whose name starts with `_` are not contributions.

    Raises:
        InvalidContribution: a module can't be imported, lacks the attribute, or offers something
        else; names its file.
    """
    found: dict[str, T] = {}
    for name, module_name in (*_modules(package), *_entry_points(entry_points)):
        for index, item in enumerate(_offered(module_name, attribute, kind)):
            key = name if index == 0 else f"{name}/{index}"
            if key in found:
                raise InvalidContribution(
                    N_("{name} is contributed twice (second: {module})"),
                    name=key,
                    module=module_name,
                )
            found[key] = item
    return found


def one(package: str, name: str, attribute: str, kind: type[T]) -> T | None:
    """What the module `name` of `package` offers as `attribute`; None: there is no such module.

    Raises:
        InvalidContribution: as `scan` does.
    """
    if name.startswith("_") or not name.isidentifier():
        return None
    if importlib.util.find_spec(f"{package}.{name}") is None:
        return None
    found: T = next(_offered(f"{package}.{name}", attribute, kind))
    return found


def _offered(module_name: str, attribute: str, kind: Any) -> Iterator[Any]:
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise InvalidContribution(
            N_("{module} can't be imported: {error}"),
            module=module_name,
            error=f"{type(error).__name__}: {error}",
        ) from error
    file = getattr(module, "__file__", None) or module_name
    if not hasattr(module, attribute):
        raise InvalidContribution(
            N_("{file} offers no {attribute}"), file=file, attribute=attribute
        )
    value = getattr(module, attribute)
    for item in value if isinstance(value, tuple) else (value,):
        if not (isinstance(item, kind) or (isinstance(item, type) and issubclass(item, kind))):
            raise InvalidContribution(
                N_("{file}: {attribute} is {got}, not what its contract asks for"),
                file=file,
                attribute=attribute,
                got=type(item).__name__,
            )
        yield item


def _modules(package: str) -> Iterator[tuple[str, str]]:
    root = importlib.import_module(package)
    for info in sorted(pkgutil.iter_modules(root.__path__), key=lambda info: info.name):
        if not info.name.startswith("_"):
            yield info.name, f"{package}.{info.name}"


def _entry_points(group: str) -> Iterator[tuple[str, str]]:
    if group:
        for point in sorted(metadata.entry_points(group=group), key=lambda point: point.name):
            yield point.name, point.value


@cache
def data_root() -> Path:
    """The folder that holds the packaged `roles/`, `templates/` and `inventory/`.

    In the wheel, or the repository.
    """
    here = Path(__file__).resolve().parent
    packaged = here / "_data"
    return packaged if packaged.is_dir() else here.parent


def tree_digest(folder: Path) -> str:
    """SHA-256 over names, contents and executable bits of all files; the same on every machine.

    Raises:
        InvalidContribution: a link leads out of `folder`, to what the digest would not cover.
    """
    whole = hashlib.sha256()
    base = Path(os.path.realpath(folder))
    for path in sorted(_files(folder), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            _require_inside(path, name, base)
            kind, content = "link", str(path.readlink()).encode()
        else:
            kind, content = "exec" if os.access(path, os.X_OK) else "file", path.read_bytes()
        whole.update(f"{kind} {len(name)} {name} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def _require_inside(link: Path, name: str, base: Path) -> None:
    target = Path(os.path.realpath(link))
    if not target.is_relative_to(base) or _NO_PART & set(target.relative_to(base).parts):
        raise InvalidContribution(
            N_("{name} is a link that leads out of its folder"),
            hint=N_("put a copy of what it leads to in its place"),
            place=Place(str(link)),
            name=name,
        )


def _files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in _NO_PART:
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        else:
            yield entry
