"""How a run is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One format.

    `render(record, language)` is a function of the record alone: same record, same bytes.
    """

    format: str
    title: str
    media_type: str
    suffix: str
    render: Callable[[Any, str], bytes]  # (RunRecord, "en" | "vi")
