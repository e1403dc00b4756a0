"""What an audit must say of either server, read from tests/cases/audit/servers.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parents[2] / "cases" / "audit"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """One check: what it says of both servers, and how they come to be so; shell commands."""

    check: str
    weak: str
    hardened: str
    why: str = ""
    plant: str = ""
    harden: str = ""
    weaken: str = ""
    restore: str = ""
    fault: str = ""
    flips: Mapping[str, str] = field(default_factory=dict)
    again: Sequence[Mapping[str, Any]] = ()

    @property
    def toggled(self) -> bool:
        """Whether it is taken away from the hardened server and given back."""
        return bool(self.weaken or self.fault)

    @property
    def ways(self) -> tuple[Expected, ...]:
        """Each way in which it is taken away, as an expectation of its own."""
        bare = replace(self, again=())
        return (bare, *(replace(bare, **{"flips": {}, **way}) for way in self.again))

    def __str__(self) -> str:
        return self.check


def expectations() -> tuple[Expected, ...]:
    """The whole table."""
    return tuple(Expected(**row) for row in read("servers.yml"))


def read(name: str) -> Any:
    """One file of the cases."""
    return yaml.load((CASES / name).read_text(encoding="utf-8"), yaml.CSafeLoader)
