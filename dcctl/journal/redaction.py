"""Redaction by pattern: what looks like a secret goes, on top of the values that we know.

A known value is always taken out; a pattern catches the secrets that nobody told us about, such
as those in a device's configuration. Redacting twice gives the same text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from dcctl import secrets

_SHORT = 200  # characters
_MARK = secrets.REDACTED
_VALUE = r"""(?P<secret>"[^"\n]*"|'[^'\n]*'|[^\s"';,]+)"""
_WORDS = r"(?:password|passwd|passphrase|secret)"

# Each names what goes `secret`; the rest of the match stays.
_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        # Private keys, also those cut off.
        (
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?P<secret>[\s\S]*?)"
            r"(?=-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)"
        ),
        # Crypt and vendor hashes: /etc/shadow, `secret 9 $9$…`, `encrypted-password "$6$…"`.
        r"(?P<secret>\$(?:[015689]|2[abxy]|y|sha1|argon2id?|scrypt|8)\$[^\s\"';:,]{6,})",
        # `password 7 0822455D0A16`, `secret 5 …`, `key 7 …`: the digit says how it is written.
        rf"\b(?:{_WORDS}|key|key-string|authentication-key)\s+[0-9]\s+{_VALUE}",
        # `neighbor 10.0.0.1 password hunter2` ends its line; `password "…"`. Prose goes on after
        # the word.
        rf"\b{_WORDS}\s+{_VALUE}(?=[;,.]?\s*(?:$|\#\#))",
        rf"\b{_WORDS}\s+(?P<secret>\"[^\"\n]*\"|'[^'\n]*')",
        # `password: x`, `api_key=x`, `"token": "x"`, also behind a prefix (`db_password=x`).
        rf"(?:{_WORDS}|api[_-]?key|access[_-]?key|token|pre-shared-key|private[_-]?key)[\"']?\s*[:=]\s*{_VALUE}",
        rf"\b(?:simple-password|encrypted-password|authentication-key|pre-shared-key(?:\s+(?:ascii-text|hexadecimal))?|key-string|(?:tacacs|radius)-server\s+key|shared-secret|md5-key)\s+{_VALUE}",
        rf"\bserver-private\s.*?\bkey\s+{_VALUE}",
        # SNMP communities.
        rf"\bsnmp-server\s+community\s+{_VALUE}",
        rf"\bsnmp-server\s+host\s+\S+\s+(?:(?:traps|informs)\s+)?(?:version\s+(?:1|2c)\s+){_VALUE}",
        rf"\bsnmp\s+community\s+{_VALUE}",
        rf"^\s*r[ow]community6?\s+{_VALUE}",
        # Bearer and basic credentials, credentials in URLs, well-known token shapes.
        r"\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9._~+/=-]{8,})",
        r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:(?P<secret>[^\s/@]+)@",
        r"(?P<secret>\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*))",
    )
)
# Cheap test first: most texts hold none of these.
_HINTS = (
    *(
        "passw",
        "passphrase",
        "secret",
        "key",
        "community",
        "token",
        "bearer",
        "basic",
        "snmp",
        "://",
    ),
    *("$", "akia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "eyj"),
)
_SECRET_KEYS = frozenset(
    {
        *("password", "passwd", "passphrase", "secret", "token", "private_key", "community"),
        *("api_key", "become_password", "enable_secret", "key_passphrase", "ansible_password"),
    }
)
_REFERENCE = re.compile(r"(?:env|file|vault|prompt):")


def redact(text: str) -> str:
    """`text` without known secrets and without what looks like one."""
    return by_pattern(secrets.redact(text))


def by_pattern(text: str) -> str:
    """`text` without what looks like a secret."""
    return _short(text) if len(text) <= _SHORT else _searched(text)


@lru_cache(maxsize=4096)  # names, statuses and messages come again and again
def _short(text: str) -> str:
    return _searched(text)


def _searched(text: str) -> str:
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return text
    for pattern in _PATTERNS:
        text = pattern.sub(_without_secret, text)
    return text


def _without_secret(match: re.Match[str]) -> str:
    start, end = match.span("secret")
    inside = match.group("secret")
    if not inside.strip("\"' \n") or _REFERENCE.match(inside.strip("\"'")) or _MARK in inside:
        return match.group()
    whole, offset = match.group(), match.start()
    return f"{whole[: start - offset]}{_MARK}{whole[end - offset :]}"


# What dcctl itself writes in an event: names out of the plan, statuses, digests, times. A password
# that is a part of one of them must not take an outcome or a finding away.
_OURS = frozenset(
    {
        *("step", "target", "check", "status", "reason", "severity", "topic", "fact", "kind"),
        *("digest", "evidence", "fingerprint", "started_at", "finished_at"),
    }
)
_PARTS = frozenset({"outcome", "finding"})


def redact_event(data: Mapping[str, Any]) -> dict[str, Any]:
    """An event's plain data with every text in it redacted, but for what dcctl itself wrote."""
    found: dict[str, Any] = {}
    for key, item in data.items():
        if key in _OURS:
            found[key] = item
        elif key in _PARTS and isinstance(item, Mapping):
            found[key] = redact_event(item)
        elif key == "data" and isinstance(item, Mapping) and "fingerprint" in item:
            rest = {name: value for name, value in item.items() if name != "fingerprint"}
            found[key] = {**redact_data(rest), "fingerprint": item["fingerprint"]}
        else:
            found[_encodable(key)] = _redact_item(key, item)
    return found


def redact_data(data: Any) -> Any:
    """Plain data with every text in it redacted; message ids are ours and stay as they are."""
    if isinstance(data, str):
        return redact(_encodable(data))
    if isinstance(data, Mapping):
        return {_encodable(str(key)): _redact_item(str(key), item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [redact_data(item) for item in data]
    if isinstance(data, float) and not math.isfinite(data):
        return str(data)  # JSON has no such number
    return data


def _redact_item(key: str, item: Any) -> Any:
    if key == "msgid":
        return item
    if key.lower() in _SECRET_KEYS and isinstance(item, str) and item:
        return item if _REFERENCE.match(item) else _MARK
    return redact_data(item)


def _encodable(text: str) -> str:
    """A device may send bytes that are no text; they must not stop the journal."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text


def redact_content(content: str | bytes) -> bytes:
    """Evidence as it may be stored."""
    if isinstance(content, str):
        return redact(_encodable(content)).encode("utf-8")
    try:
        return redact(content.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        # Every byte is a character of Latin-1, and so is the mark.
        return redact(content.decode("latin-1")).encode("latin-1")
