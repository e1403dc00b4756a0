"""Typed facts, one topic a file: what was read, whoever read it. The topic is the module's name.

Units stand in the field names' suffixes: `_s` seconds, `_dbm` decibel-milliwatts, `_bps`,
`_bytes`. An unknown value is
None, never a zero.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from dcctl import discovery
from dcctl.errors import InvalidContribution
from dcctl.model import plain
from dcctl.model.status import ReadingStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.model.outcome import Reading


@cache
def all_facts() -> dict[str, type[Any]]:
    """Every fact's dataclass by its topic."""
    found = discovery.scan("dcctl.facts", "FACT", type)
    for topic, kind in found.items():
        if not dataclasses.is_dataclass(kind):
            raise InvalidContribution(
                N_("dcctl/facts/{topic}.py: FACT is no dataclass"), topic=topic
            )
    return found


def revive(topic: str, data: Any) -> Any:
    """The fact that `plain.to_plain` made `data` from; None stays None."""
    return None if data is None else plain.from_plain(all_facts()[topic], data)


def read_fact(reading: Reading) -> Any | None:
    """The fact of a reading that was parsed, also of one from the journal; of an empty one None."""
    if reading.status is ReadingStatus.EMPTY:
        return None
    if isinstance(reading.value, Mapping):
        return revive(reading.topic, reading.value)
    return reading.value
