"""How a system names its interfaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The kinds of interfaces that a system knows, and how it writes their names."""

    tables: Mapping[str, str]  # long kind -> that of tables, in the configuration's order
    written: re.Pattern[str]  # (kind)(number)
    letters: int | None = 2  # of a kind that `tables` does not have, in a table; None: all
    others_at: str = ""  # the kind beside which those stand that `tables` does not have

    def kind_of(self, name: str) -> str:
        """`Ethernet` of Ethernet1/1."""
        found = self.written.fullmatch(name)
        return found.group(1) if found else name

    def number_of(self, name: str) -> str:
        """`1/1` of Ethernet1/1."""
        found = self.written.fullmatch(name)
        return found.group(2) if found else ""

    def short(self, name: str) -> str:
        """The name that tables show."""
        kind, number = self.kind_of(name), self.number_of(name)
        return self.tables.get(kind, kind[: self.letters]) + number if number else name

    def rank(self, name: str) -> tuple[int, tuple[int, ...]]:
        """Where an interface stands in the configuration."""
        number = self.number_of(name)
        if not number:
            return len(self.tables), ()
        kinds = list(self.tables)
        kind = self.kind_of(name)
        kind = kind if kind in kinds else self.others_at
        place = kinds.index(kind) if kind in kinds else len(kinds)
        return place, tuple(int(part) for part in re.findall(r"\d+", number))

    def section_rank(self, label: str) -> int:
        """Where the kind of an `interface` section stands among such; 0 of any other section."""
        kind = self.kind_of(label.partition(" ")[2]) if label.startswith("interface ") else ""
        return list(self.tables).index(kind) if kind in self.tables else 0
