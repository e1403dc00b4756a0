"""What platforms read in one way out of a running configuration."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from dcctl.platforms._parsing import expect, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dcctl.contracts import Output


def complete(output: Output, *needed: str) -> str:
    """The text with every `needed` expression in it.

    One that was cut off says nothing about what it lacks.

    Raises:
        Unparsed: the command failed, or not all of it is there.
    """
    text = text_of(output).replace("\r", "")
    fits = all(re.search(one, text, re.MULTILINE) for one in needed)
    expect(fits, output, "not a whole configuration")
    return text


def first(pattern: str, text: str) -> str:
    """The group of the first line that fits, or nothing."""
    match = re.search(pattern, text, re.MULTILINE)
    return match.group(1) if match else ""


def digests(communities: Iterable[str]) -> tuple[str, ...]:
    """What a fact says of SNMP communities: enough to tell them apart, and none of them."""
    return tuple(hashlib.sha256(name.encode()).hexdigest()[:12] for name in communities)
