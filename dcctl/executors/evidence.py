"""What may be kept of a device's answer: without the secrets that the platform's patterns find."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from dcctl.secrets import REDACTED

if TYPE_CHECKING:
    from dcctl.contracts import Platform


def redacted(text: str, platform: Platform) -> str:
    """`text` with every `secret` group of the platform's patterns blanked out."""
    for pattern in _compiled(platform.secret_patterns):
        text = pattern.sub(_blank, text)
    return text


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in patterns)


def _blank(match: re.Match[str]) -> str:
    start, end = match.span("secret")
    whole = match.group(0)
    return whole[: start - match.start()] + REDACTED + whole[end - match.start() :]
