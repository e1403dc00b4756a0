"""A campaign as a method of procedure: what a person needs to do the night by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dcctl.text import Text

Words = Text | Mapping[str, str]  # a message, or language -> words that a site wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Commands in order, and what must be seen; `on` is another element than the sheet's."""

    commands: tuple[str, ...] = ()
    expect: tuple[Words, ...] = ()
    when: Text | None = None  # only then; None: always
    on: str = ""
    gates: tuple[tuple[str, str], ...] = ()  # title (a message id), and its tolerances


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One phase of an element's night."""

    phase: str  # of model.upgrade.Phase, or `back` for what is done when something fails
    title: Text
    acts: tuple[Act, ...]
    minutes: int = 0  # at most; 0: a matter of a moment
    otherwise: Text | None = None  # what to do when it is not as expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The path that a site keeps while an element is down."""

    site: str
    path: tuple[str, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that is to be done to one element."""

    name: str
    platform: str
    site: str
    rack: str
    login: str
    console: str
    before: str
    release: str
    image: str
    files: tuple[tuple[str, int, tuple[tuple[str, str], ...]], ...]  # name, bytes, digests
    signature: Text | None
    net: Text
    bare: bool  # nothing takes it back by itself
    cuts: tuple[str, ...]
    keeps: tuple[Kept, ...]
    unseen: tuple[str, ...]  # links of those paths that no driver reaches
    expected_minutes: int
    longest_minutes: int
    parts: tuple[Part, ...]
    back: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One wave."""

    number: int
    kind: str
    sheets: tuple[Sheet, ...]
    minutes: int  # expected, of its slowest element


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """What is known to go wrong, and where."""

    words: Words
    where: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """An approval that counts."""

    approver: str
    role: str
    at: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opens:
    """A maintenance window as people say it."""

    name: str
    zone: str
    days: tuple[int, ...]
    hours: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """Days on which nothing is touched."""

    first: str
    last: str
    reason: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """The whole paper."""

    plan: str
    estate: str
    lab: bool
    requester: str
    made_at: str
    versions: Mapping[str, str]
    needed: Mapping[str, int]  # role -> people
    given: tuple[Signature, ...]
    windows: tuple[Opens, ...]
    freezes: tuple[Shut, ...]
    bounded: bool  # whether windows and freezes hold
    max_failures: str
    waves: tuple[Stretch, ...]
    lower_bound: int
    certificate: str  # its digest
    traps: tuple[Trap, ...]
    problems: Mapping[str, str]
