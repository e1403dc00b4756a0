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
# Keys that must be known again: with `service password-encryption` they are shown as type 7.
_KEYS = re.compile(
    r"^((?:key|key-string|neighbor \S+ password|ip ospf message-digest-key \d+ md5|isis password"
    r"|ntp authentication-key \d+ \S+))(?: 0)? (?!\d )(\S+)$"
)
_XLAT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_STORED = re.compile(r"(?:secret|password)(?: (\d))? (\S+)$")
_HIDE = re.compile(
    r"(?P<kept>\b(?:secret|password|key-string|community|md5|key)\s+(?:\d\s+)?)(?P<secret>\S.*)$"
)
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CISCO = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ENCODE = str.maketrans(_STANDARD, _CISCO)


def hidden(line: str, *, encrypted: bool = True) -> str:
    """The line as it is stored: a secret typed in clear is hashed, a key hidden if asked for."""
    found = _CLEAR.match(line)
    if found is None:
        key = _KEYS.match(line) if encrypted else None
        return _seventh(key.group(1), key.group(2)) if key else line
    # A device takes a random salt; this one is a function of the line, so that runs repeat.
    salt = hashlib.sha256(line.encode()).hexdigest()[:14]
    return f"{found.group(1)} 9 $9${salt}${_scrypt(found.group(2), salt)}"


def _seventh(command: str, clear: str) -> str:
    """Cisco's type 7: a fixed sequence over the text, from an offset that stands before it."""
    data = clear.encode()
    start = sum(data) % 16
    turned = bytes(
        one ^ _XLAT[(start + number) % len(_XLAT)] for number, one in enumerate(data)
    ).hex()
    shown = f"{start:02d}{turned.upper()}"
    return f"{command} {shown} 7" if command.startswith("ntp ") else f"{command} 7 {shown}"


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
