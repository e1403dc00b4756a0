"""The monitoring agent."""

from __future__ import annotations

from typing import Any

from dcctl.facts.monitoring import Monitoring


def parse(data: Any) -> Monitoring | None:
    """None where none is installed."""
    return None if data is None else Monitoring(**data)


PARSE = parse
