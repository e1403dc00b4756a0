"""IOS XE's stored passwords: clear text typed in becomes a type 9 hash; types 0, 8 and 9 are checked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from dcctl.lab.elements.tree import Tree

_CLEAR = re.compile(
    r"^(username \S+(?: privilege \d+)? secret|enable secret)(?: 0)? (?![589] )(\S+)$"
)
_STORED = re.compile(r"(?:secret|password)(?: (\d))? (\S+)$")
_HIDE = re.compile(
    r"(?P<kept>\b(?:secret|password|key-string|community|md5|key)\s+(?:\d\s+)?)(?P<secret>\S.*)$"
)
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CISCO = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ENCODE = str.maketrans(_STANDARD, _CISCO)


def hidden(line: str) -> str:
    """The line as it is stored: a secret typed in clear is hashed."""
    found = _CLEAR.match(line)
    if found is None:
        return line
    # A device takes a random salt; this one is a function of the line, so that runs repeat.
    salt = hashlib.sha256(line.encode()).hexdigest()[:14]
    return f"{found.group(1)} 9 $9${salt}${_scrypt(found.group(2), salt)}"


def masked(line: str) -> str:
    """The line for a log."""
    return _HIDE.sub(r"\g<kept>*****", line)


def verify(tree: Tree, user: str, password: str) -> bool:
    """Whether the configuration has this user with this password."""
    for label in tree:
        if label.startswith(f"username {user} "):
            return _matches(label, password)
    return False


def enables(tree: Tree, password: str) -> bool:
    """Whether this is the enable secret; without one, anything is."""
    stored = [label for label in tree if label.startswith(("enable secret", "enable password"))]
    return not stored or any(_matches(label, password) for label in stored)


def _matches(label: str, password: str) -> bool:
    found = _STORED.search(label)
    if found is None:
        return False
    kind, stored = found.group(1) or "0", found.group(2)
    parts = stored.split("$")
    if kind == "9" and len(parts) == 4:  # noqa: PLR2004 - "", 9, salt, hash
        return hmac.compare_digest(_scrypt(password, parts[2]), parts[3])
    if kind == "8" and len(parts) == 4:  # noqa: PLR2004
        raw = hashlib.pbkdf2_hmac("sha256", password.encode(), parts[2].encode(), 20000)
        return hmac.compare_digest(_encoded(raw), parts[3])
    return kind == "0" and hmac.compare_digest(stored, password)


@lru_cache(maxsize=1024)
def _scrypt(password: str, salt: str) -> str:
    return _encoded(
        hashlib.scrypt(password.encode(), salt=salt.encode(), n=16384, r=1, p=1, dklen=32)
    )


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=").translate(_ENCODE)
