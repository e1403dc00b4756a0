"""An element's files and software: frozen values, and pure functions over them.

What a system adds to play upgrades stands in docs/lab.md, "A twin that is upgraded".
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dcctl.lab.elements.model import Element, Note

NEVER = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What the header of an image says of it.

    `flags` are what is wrong with it: wrong_version (the release that it really is),
    bad_signature, boot_loop, unit_fails, drops_light_db (how many).
    """

    platform: str
    release: str  # as the vendor's `show version` tells it
    role: str = "system"  # system | patch | bootloader | fpd | package
    flags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def boots(self) -> str:
        """The release that it really is."""
        return self.flags.get("wrong_version", self.release)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file. `label` is None where it is no image, `whole` False where it is a broken one."""

    name: str
    content: bytes = field(repr=False)
    time: float = 0.0
    label: Label | None = None
    whole: bool = True

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    def digest(self, algorithm: str) -> str:
        """Hexadecimal, lower case; `algorithm` as hashlib names it."""
        return hashlib.new(algorithm, self.content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A file system of one supervisor; `used` is what its nameless files take, in bytes."""

    name: str  # as the vendor writes it: bootflash:, harddisk:, /var/tmp, cf3:
    supervisor: str = ""  # the vendor's word; empty where there is one only
    size: int = 1 << 30
    used: int = 0
    files: Mapping[str, File] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def free(self) -> int:
        """Bytes left."""
        return max(0, self.size - self.used - sum(file.size for file in self.files.values()))

    def takes(self, name: str, size: int) -> bool:
        """Whether a file of this size fits in place of the one of this name."""
        held = self.files.get(name)
        return size <= self.free + (held.size if held else 0)

    def holding(self, file: File) -> Store:
        """With this file in it."""
        return replace(self, files=MappingProxyType({**self.files, file.name: file}))

    def without(self, name: str) -> Store:
        """Without the file of this name."""
        left = {key: file for key, file in self.files.items() if key != name}
        return replace(self, files=MappingProxyType(left))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What the software is busy with; at `due` `System.finish` says what came of it.

    A fault may put `due` to `NEVER`: it hangs.
    """

    what: str
    due: float
    number: int = 0
    since: float = 0.0
    data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A timer of the software itself: at `due` `System.net_expired` takes the old release back."""

    due: float
    minutes: int = 0
    ends_at_login: bool = False  # any login takes it away (VRP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """What runs, and what is known of what ran and will run.

    `state` is the vendor's own, frozen: install tables, boot variables, logs of operations.
    """

    release: str = ""  # as `show version` tells it
    label: Label | None = None  # of the image that runs
    committed: str = ""  # the release that a reload of itself leads to
    operation: Operation | None = None
    net: Net | None = None
    firmware: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reason: str = ""  # why it last booted, in the vendor's words
    alarms: tuple[str, ...] = ()  # what did not come up with it, in the vendor's words
    state: Any = None


# --- what is asked of the world -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """A file that the element pulls. `supervisor` and `store` say where it is to lie, as `name`."""

    url: str  # scp, sftp, http, https or ftp, with host and port; never a password in it
    store: str
    name: str
    supervisor: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The terminal is busy until then, and as long as the operation of this number runs."""

    until: float = 0.0
    operation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of a fetch; `seconds` is how long it took, where nobody waited for it.

    `trouble` is empty, or unreachable, refused, denied, missing, cut or timeout.
    """

    content: bytes = field(default=b"", repr=False)
    trouble: str = ""
    seconds: float = 0.0


# --- what comes of an event -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The element after something of its own happened.

    Of a boot, `tried` is the release that it booted first (empty: the one that runs), `comes_up`
    says whether it ever will, `seconds` how long it takes (0: as usual).
    """

    element: Element
    notes: tuple[Note, ...] = ()
    tried: str = ""
    comes_up: bool = True
    seconds: float = 0.0


def left(element: Element, wait: Wait, now: float) -> float:
    """Seconds that a wait still lasts; `NEVER` where what it waits for hangs."""
    running = element.software.operation
    due = running.due if running and running.number == wait.operation else 0.0
    return max(0.0, max(wait.until, due) - now)


# --- stores of an element -------------------------------------------------------------------------


def store_of(element: Element, name: str, supervisor: str = "") -> Store | None:
    """The file system of this name."""
    for store in element.stores:
        if store.name == name and supervisor in ("", store.supervisor):
            return store
    return None


def placed(
    element: Element, path: str, homes: Mapping[str, tuple[str, str]], default: str
) -> tuple[Store, str] | None:
    """The file system and name that a path means.

    `homes` are beginnings of paths, without a first slash, with store and supervisor; a path that
    begins otherwise lies in the `default` one.
    """
    text = path.lstrip("/")
    home = next((one for one in sorted(homes, key=len, reverse=True) if text.startswith(one)), None)
    if home is None:
        home = default
    else:
        text = text.removeprefix(home)
    store = store_of(element, *homes[home])
    return None if store is None else (store, text.strip("/"))


def with_store(element: Element, fresh: Store) -> Element:
    """With this file system in place of the one of its name and supervisor."""
    stores = tuple(
        fresh if (one.name, one.supervisor) == (fresh.name, fresh.supervisor) else one
        for one in element.stores
    )
    return replace(element, stores=stores)


def with_file(element: Element, store: Store, file: File) -> Element:
    """With a file more (or another) on `store`."""
    return with_store(element, store.holding(file))


def settled(element: Element, **changes: Any) -> Element:
    """With fields of its software changed."""
    return replace(element, software=replace(element.software, **changes))
