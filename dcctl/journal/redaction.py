"""Redaction by pattern: what looks like a secret goes, on top of the values that we know.

A known value is always taken out; a pattern catches the secrets that nobody told us about, such
as those in a device's configuration. Redacting twice gives the same text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from dcctl import secrets

_SHORT, _LONG = 200, 1 << 16  # characters
JSON = "application/json"  # a media type
_MARK = secrets.REDACTED
_VALUE = r"""(?P<secret>"[^"\n]*"|'[^'\n]*'|[^\s"';,]+)"""
_ARMOUR = r"[A-Z0-9 ]*PRIVATE KEY-----"
# `NOPASSWD: ALL` of sudo is no password.
_WORDS = r"(?:password|(?<!no)passwd|passphrase|secret)"

_SAID = ("passw", "passphrase", "secret")
_NAMED = (*_SAID, "key", "token")

# Each names what goes `secret`; the rest of the match stays. A pattern can only match a text that
# holds one of its hints: most texts hold none, and looking for them costs next to nothing.
_PATTERNS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (hints, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for hints, pattern in (
        # Private keys, also those cut off.
        (
            ("-----begin",),
            rf"-----BEGIN {_ARMOUR}(?P<secret>[\s\S]*?)(?=-----END {_ARMOUR}|\Z)",
        ),
        # Crypt and vendor hashes: /etc/shadow, `secret 9 $9$…`, `encrypted-password "$6$…"`.
        (
            ("$",),
            r"(?P<secret>\$(?:[015689]|2[abxy]|y|sha1|argon2id?|scrypt|8)\$[^\s\"';:,]{6,})",
        ),
        # `password 7 0822455D0A16`, `secret 5 …`, `key 7 …`: the digit says how it is written; in
        # `message-digest-key 1 {` it is a name, and what follows opens what is said of it.
        (
            _NAMED,
            rf"\b(?:{_WORDS}|key|key-string|authentication-key)\s+[0-9]\s+(?!\{{){_VALUE}",
        ),
        # `neighbor 10.0.0.1 password hunter2` ends its line; `password "…"`. Prose goes on after
        # the word.
        (_SAID, rf"\b{_WORDS}\s+{_VALUE}(?=[;,.]?\s*(?:$|\#\#))"),
        (_SAID, rf"\b{_WORDS}\s+(?P<secret>\"[^\"\n]*\"|'[^'\n]*')"),
        # `password: x`, `api_key=x`, `"token": "x"`, also behind a prefix (`db_password=x`).
        (
            _NAMED,
            rf"(?:{_WORDS}|api[_-]?key|access[_-]?key|token|pre-shared-key|private[_-]?key)[\"']?\s*[:=]\s*{_VALUE}",
        ),
        (
            _NAMED,
            rf"\b(?:simple-password|encrypted-password|authentication-key|pre-shared-key(?:\s+(?:ascii-text|hexadecimal))?|key-string|(?:tacacs|radius)-server\s+key|shared-secret|md5-key)\s+(?!\d+\s*\{{){_VALUE}",
        ),
        (("server-private",), rf"\bserver-private\s.*?\bkey\s+{_VALUE}"),
        # SNMP communities.
        (("snmp-server",), rf"\bsnmp-server\s+community\s+{_VALUE}"),
        (
            ("snmp-server",),
            rf"\bsnmp-server\s+host\s+\S+\s+(?:(?:traps|informs)\s+)?(?:version\s+(?:1|2c)\s+){_VALUE}",
        ),
        (("community",), rf"\bsnmp\s+community\s+{_VALUE}"),
        (("community",), rf"^\s*r[ow]community6?\s+{_VALUE}"),
        # Bearer and basic credentials, credentials in URLs, well-known token shapes.
        (
            ("bearer", "basic"),
            r"\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9._~+/=-]{8,})",
        ),
        (("://",), r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:(?P<secret>[^\s/@]+)@"),
        (
            ("akia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "eyj"),
            r"(?P<secret>\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*))",
        ),
    )
)
_REMEMBERED = 20_000  # lines
_innocent: set[str] = set()  # lines that hold no hint
_HINTS = tuple(dict.fromkeys(hint for hints, _ in _PATTERNS for hint in hints))
_SECRET_KEYS = frozenset(
    {
        *("password", "passwd", "passphrase", "secret", "token", "private_key", "community"),
        *("api_key", "become_password", "enable_secret", "key_passphrase", "ansible_password"),
    }
)
_compact = json.JSONEncoder(separators=(",", ":")).encode
_REFERENCE = re.compile(r"(?:env|file|vault|prompt):")


def redact(text: str) -> str:
    """`text` without known secrets and without what looks like one."""
    return by_pattern(secrets.redact(text))


def by_pattern(text: str) -> str:
    """`text` without what looks like a secret."""
    if len(text) <= _SHORT:
        return _short(text)
    return _long(text) if len(text) <= _LONG else _searched(text)


@lru_cache(maxsize=4096)  # names, statuses and messages come again and again
def _short(text: str) -> str:
    return _searched(text)


@lru_cache(maxsize=256)  # an answer is looked at when it is kept, and when it is imported
def _long(text: str) -> str:
    return _searched(text)


def _searched(text: str) -> str:
    there = _hinted(text)
    if not there:
        return text
    # Letters beyond ASCII can stand for others where case is ignored (`ſ` is an s).
    sure = text.replace(_MARK, "").isascii()
    for hints, pattern in _PATTERNS:
        if not sure or not there.isdisjoint(hints):
            text = pattern.sub(_without_secret, text)
    return text


def _hinted(text: str) -> frozenset[str]:
    """The hints that `text` holds; line by line, where it is long.

    A device that is asked again and again answers with mostly the same lines; no hint goes over
    the end of one.
    """
    if len(text) <= _SHORT:
        return _hints_in(text)
    fresh = [line for line in text.split("\n") if line not in _innocent]
    if not fresh:
        return frozenset()
    there = _hints_in("\n".join(fresh))
    if not there:
        if len(_innocent) > _REMEMBERED:
            _innocent.clear()
        _innocent.update(line for line in fresh if len(line) <= _SHORT)
    return there


def _hints_in(text: str) -> frozenset[str]:
    lower = text.lower()
    return frozenset(hint for hint in _HINTS if hint in lower)


def _without_secret(match: re.Match[str]) -> str:
    start, end = match.span("secret")
    inside = match.group("secret")
    if not inside.strip("\"' \n") or _REFERENCE.match(inside.strip("\"'")) or _MARK in inside:
        return match.group()
    if inside[0] in "\"'" and inside[0] == inside[-1] != inside:
        start, end = start + 1, end - 1  # its quotes stay: what was JSON is read again as JSON
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


def redacted_json(data: Mapping[str, Any]) -> str:
    """An event's plain data as JSON, redacted as `redact_event` does it."""
    text = as_json(data)
    return text if is_clean(text) else as_json(redact_event(data))


def as_json(data: Any) -> str:
    """`data` as ASCII."""
    return _compact(data)


def is_clean(text: str) -> bool:
    """Whether JSON in ASCII holds, at a glance, nothing that `redact_event` would change.

    One look at the whole in place of a walk through it: most events have nothing to hide. What is
    not ASCII, or no number, is left to the walk.
    """
    if "\\u" in text or "NaN" in text or "Infinity" in text or secrets.is_in_json(text):
        return False
    lower = text.lower()
    for hint in _HINTS:  # noqa: SIM110 - of every event that is written, twice: a generator costs more
        if hint in lower:
            return False
    return True


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


def redact_content(content: str | bytes, media_type: str = "") -> bytes:
    """Evidence as it may be stored; JSON is redacted text by text, so that it stays JSON."""
    if media_type == JSON:
        try:
            data = json.loads(content)
        except ValueError:
            pass  # it only says that it is
        else:
            clean = _clean_keys(redact_data(data))
            if clean == data:
                return content if isinstance(content, bytes) else _encodable(content).encode()
            return json.dumps(clean, sort_keys=True).encode()
    if isinstance(content, str):
        return redact(_encodable(content)).encode("utf-8")
    try:
        return redact(content.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        # Every byte is a character of Latin-1, and so is the mark.
        return redact(content.decode("latin-1")).encode("latin-1")


def encoded(content: str | bytes, media_type: str = "") -> bytes:
    """Evidence as bytes, as `redact_content` writes it, with nothing taken out."""
    if media_type == JSON:
        try:
            return json.dumps(json.loads(content), sort_keys=True).encode()
        except ValueError:
            pass  # it only says that it is
    return _encodable(content).encode("utf-8") if isinstance(content, str) else content


def _clean_keys(data: Any) -> Any:
    if isinstance(data, dict):
        return {redact(key): _clean_keys(item) for key, item in data.items()}
    return [_clean_keys(item) for item in data] if isinstance(data, list) else data
