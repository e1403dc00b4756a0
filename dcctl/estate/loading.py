"""Load: from the cache when the files are unchanged, else read, judge, merge and keep."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dcctl
from dcctl.estate import cache
from dcctl.estate.complaints import Complaints
from dcctl.estate.loaded import LoadedEstate
from dcctl.estate.overlay import FILE, read_overlay
from dcctl.estate.store import Store
from dcctl.estate.tree import role_names, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.tree import Entry
    from dcctl.model.estate import Complaint, Estate


def load(root: Path, *, lab: bool = False) -> Estate:
    """The estate whose dcctl.yml lies in `root`; with `lab`, connections lead to the lab's twins.

    Raises:
        InvalidEstate: the files hold errors; all of them are told. InvalidInput: the lab's overlay
        is broken; where no lab is up, only what asks for a target raises it.
    """
    root = root.absolute()
    overlay = read_overlay(root) if lab and (root / FILE).exists() else None
    complaints = Complaints()
    files = walk(root, complaints)
    complaints.stop_if_fatal()
    code = _code(root)
    store = cache.open_cached(root, files, code)
    if store is None:
        store = Store(_make(root, files, code, complaints))
    return LoadedEstate(root, store, overlay, lab=lab)


def check(root: Path) -> tuple[Complaint, ...]:
    """Everything that is wrong or odd in the files below `root`, by place; never raises for it."""
    root = root.absolute()
    complaints = Complaints()
    files = walk(root, complaints)
    with _without_collector():
        from dcctl.estate.judging import judge

        judge(root, files, complaints)
    return complaints.sorted()


def _make(root: Path, files: dict[str, Entry], code: str, complaints: Complaints) -> bytes:
    clock = cache.file_system_clock(root)
    meta = cache.signs_of(files, code, cache.hash_of(files.values()), clock)
    with _without_collector():
        data = _compile(root, files, meta, complaints)
    cache.keep(root, data)
    return data


def _compile(
    root: Path, files: dict[str, Entry], meta: dict[str, Any], complaints: Complaints
) -> bytes:
    from dcctl.estate.building import build  # these two bring pydantic and the YAML parser
    from dcctl.estate.judging import judge

    draft = judge(root, files, complaints)
    complaints.stop_if_fatal()
    if draft is None:
        raise AssertionError  # nothing could be judged, and that is always a complaint
    try:
        return build(draft, complaints.sorted(), meta)
    finally:
        draft.inventory.dissolve()


@contextmanager
def _without_collector() -> Iterator[None]:
    # A million small objects that all stay: the cyclic collector would walk them again and again,
    # which was four fifths of the time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _code(root: Path) -> str:
    """Changes with what decides a load beside the files: this program, and the roles there are."""
    own = Path(__file__).parent
    signs: list[Any] = [dcctl.__version__, *role_names(root)]
    for folder in (own, own / "schema", own / "rules", own.parent / "model"):
        for path in sorted(folder.glob("*.py")):
            status = path.stat()
            signs.append((path.name, status.st_size, status.st_mtime_ns))
    return repr(signs)
