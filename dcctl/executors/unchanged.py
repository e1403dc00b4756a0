"""Two looks at a configuration, before and after reading: proof that reading changed nothing."""

from __future__ import annotations

import difflib
import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from dcctl.errors import Unparsed
from dcctl.executors.evidence import redacted, steady
from dcctl.facts.unchanged import Unchanged
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Platform

TOPIC = "unchanged"
_SHOWN = 5  # lines or files that differ
_LONGEST = 160  # characters of one


def of_texts(platform: Platform, before: str, after: str) -> Unchanged:
    """The comparison of two running configurations as the device showed them."""
    kept = of_kept(platform, redacted(before, platform), redacted(after, platform))
    return replace(kept, same=steady(before, platform) == steady(after, platform))


def of_kept(platform: Platform, before: str, after: str) -> Unchanged:
    """The comparison of what was kept of them; secrets are told apart no more.

    Raises:
        Unparsed: one of the looks at files can't be read.
    """
    if platform.config_probe:
        return _of_files(before, after)
    was = steady(before, platform)
    now = was if after == before else steady(after, platform)
    changes = (
        line[:_LONGEST]
        for line in difflib.unified_diff(was, now, lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    )
    return Unchanged(
        same=was == now,
        before=_digest(was),
        after=_digest(now),
        looked_at=len(was),
        differing=tuple(line for line, _ in zip(changes, range(_SHOWN), strict=False))
        if was != now
        else (),
    )


def _of_files(before: str, after: str) -> Unchanged:
    """File -> keyed digest, twice; the key was forgotten when both had been made."""
    try:
        was, now = (dict(json.loads(text)) for text in (before, after))
    except (ValueError, TypeError) as error:
        raise Unparsed(N_("{topic}: the answer can't be read"), topic=TOPIC) from error
    differing = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    return Unchanged(
        same=not differing,
        before=_digest([f"{name} {was[name]}" for name in sorted(was)]),
        after=_digest([f"{name} {now[name]}" for name in sorted(now)]),
        looked_at=len(was),
        differing=tuple(differing[:_SHOWN]),
    )


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
