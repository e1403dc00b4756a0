"""How IOS XR keeps passwords: a secret typed in clear is stored as a type 10 hash."""

from __future__ import annotations

import base64
import hashlib
import re

_CLEAR_SECRET = re.compile(r"^secret(?: 0)? (?!(?:5|8|9|10) \S)(\S+)$")
_CLEAR_PASSWORD = re.compile(
    r"^((?:password|hello-password|lsp-password|message-digest-key|authentication-key)(?: \S+)*?)(?: clear| 0) (\S+)$"
)
_CLEAR_KEY = re.compile(r"^(key)(?: 0)? (?!7 )(\S{4,})$")
_HIDE = re.compile(
    r"(?P<kept>\b(?:secret|password|key-string|community|key)\s+(?:\d+\s+|encrypted\s+)?)\S.*$"
)


def hidden(line: str) -> str:
    """The line as it is stored."""
    found = _CLEAR_SECRET.match(line)
    if found:
        # A device takes a random salt; this one is a function of the line, so that runs repeat.
        salt = hashlib.sha256(line.encode()).hexdigest()[:16]
        raw = hashlib.pbkdf2_hmac("sha512", found.group(1).encode(), salt.encode(), 5000)
        text = base64.b64encode(raw).decode().rstrip("=").replace("+", ".")
        return f"secret 10 $6${salt}${text}"
    found = _CLEAR_KEY.match(line)
    if found:
        return f"{found.group(1)} 7 {hashlib.sha256(line.encode()).hexdigest()[:16].upper()}"
    found = _CLEAR_PASSWORD.match(line)
    if found:
        digest = hashlib.sha256(line.encode()).hexdigest()[:16].upper()
        return f"{found.group(1)} encrypted {digest}"
    return line


def masked(line: str) -> str:
    """The line for a log."""
    return _HIDE.sub(r"\g<kept>*****", line)
