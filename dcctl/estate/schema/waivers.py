"""inventory/waivers/upgrade.yml: known differences that need not stop an upgrade."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from dcctl.estate.schema.base import Model, Name
from dcctl.text import N_


def _day(value: Any) -> str:
    # YAML makes a date of what looks like one, quotes keep it text: both are meant alike.
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        message = N_("{key} is {value}; a day is wanted, as in 2026-12-31")
        raise ValueError(message) from None


Day = Annotated[str, BeforeValidator(_day), Field(json_schema_extra={"format": "date"})]


class WaiverEntry(Model):
    """One known difference."""

    name: Name = Field(description="what a report calls it")
    gate: Name = Field(description="the topic whose gate it speaks to")
    subject: Name = Field(description="shell pattern over what the gate names")
    targets: Name = Field(description="shell pattern over hosts")
    reason: Annotated[str, Field(min_length=10)]
    by: Name = Field(description="who answers for it")
    until: Day = Field(description="its last day, in UTC")
    unknown: bool = Field(default=False, description="whether it covers what could not be told")


class Waivers(Model):
    """The whole file."""

    waivers: list[WaiverEntry] = []
