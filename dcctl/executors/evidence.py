"""What may be kept and compared of a device's answer: without secrets, without moving lines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from dcctl.secrets import REDACTED
from dcctl.sieve import sieves

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.contracts import Platform


def redacted(text: str, platform: Platform, mark: Callable[[str], str] = lambda _secret: "") -> str:
    """`text` with every `secret` group of the platform's patterns blanked out.

    `mark` says what may be shown of a secret so that two can be told apart.
    """
    for one in sieves(tuple(platform.secret_patterns)):
        if one.may_match(text):
            text = one.pattern.sub(lambda match: _blank(match, mark), text)
    return text


def redacted_json(text: str, platform: Platform) -> str:
    """JSON with every text in it redacted as `redacted` does: it stays JSON."""
    return json.dumps(_each_text(json.loads(text), platform), sort_keys=True)


def _each_text(data: Any, platform: Platform) -> Any:
    if isinstance(data, str):
        return redacted(data, platform)
    if isinstance(data, dict):
        return {redacted(key, platform): _each_text(item, platform) for key, item in data.items()}
    return [_each_text(item, platform) for item in data] if isinstance(data, list) else data


def steady(text: str, platform: Platform) -> list[str]:
    """The lines that change only when somebody changes them."""
    moving = [re.compile(pattern) for pattern in platform.volatile]
    return [
        line
        for line in text.replace("\r", "").strip("\n").split("\n")
        if not any(pattern.fullmatch(line.strip()) for pattern in moving)
    ]


def _blank(match: re.Match[str], mark: Callable[[str], str]) -> str:
    start, end = match.span("secret")
    whole, secret = match.group(0), match.group("secret")
    if REDACTED[:-1] in secret:
        return whole  # an earlier pattern found it
    shown = mark(secret)
    blank = f"{REDACTED[:-1]} {shown}{REDACTED[-1]}" if shown else REDACTED
    return whole[: start - match.start()] + blank + whole[end - match.start() :]
