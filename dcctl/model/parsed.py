"""What became of one answer, outside of any run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dcctl.model.status import ReadingStatus
from dcctl.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What became of one answer. `fact` is typed (of `topic`); `records` are a template's."""

    status: ReadingStatus  # parsed | empty | no_template | error
    topic: str = ""  # a fact's topic, or the template's own command
    fact: Any = None
    records: tuple[Mapping[str, Any], ...] = ()
    message: Text = field(default_factory=lambda: Text(""))
    template: str = ""  # file names, where a template of ntc-templates was used
    unread: float | None = None  # the share of lines from which nothing was taken; None: not told
