"""What every reader of the estate's files needs at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dcctl.estate.complaints import Complaints
    from dcctl.estate.places import Places
    from dcctl.estate.tree import Entry


@dataclass(frozen=True, slots=True)
class Desk:
    """What every reader needs at hand."""

    root: Path
    files: Mapping[str, Entry]
    complaints: Complaints
    places: Places

    def complain(
        self, shown: str, keys: tuple[str, ...], msgid: str, hint: str = "", **params: Any
    ) -> None:
        """Complain of what `keys` lead to in a file."""
        self.complaints.add(self.places.at(shown, keys), msgid, hint=hint, **params)
