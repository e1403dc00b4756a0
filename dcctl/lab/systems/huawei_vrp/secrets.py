"""VRP's stored passwords: what is typed in clear is kept as a one-way hash (`$1c$SALT$HASH$`)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from dcctl.lab.elements.tree import Tree

_TYPED = re.compile(r"(local-user \S+ password) (?:irreversible-cipher|cipher|simple) (\S+)")
_STORED = re.compile(r"\$1[ac]\$.+\$.+\$?|[%$@^]\S*%\S+")
# What must be known again is turned around, whatever it was typed after.
_KEY = re.compile(
    r"((?:isis|ospf) authentication-mode \S+(?: \d+)?|authentication-mode \S+ \d+|peer \S+ password"
    r"|hwtacacs-server shared-key|ntp-service authentication-keyid \d+ authentication-mode \S+)"
    r" (?:cipher|simple|plain) (\S+)"
)
_HIDE = re.compile(
    r"(?P<kept>\b(?:password|cipher|simple|shared-key|community|md5|hmac-\S+)\s+)(?P<secret>\S.*)$"
)


def hidden(line: str) -> str:
    """The line as it is stored."""
    key = _KEY.fullmatch(line)
    if key and not _STORED.fullmatch(key.group(2)):
        digest = hashlib.sha256(line.encode()).hexdigest()[:24]
        return f"{key.group(1)} cipher %^%#{digest}%^%#"
    found = _TYPED.fullmatch(line)
    if found is None or _STORED.fullmatch(found.group(2)):
        return line
    # A device takes a random salt; this one is a function of the line, so that runs repeat.
    salt = base64.b64encode(hashlib.sha256(line.encode()).digest()).decode()[:13]
    return f"{found.group(1)} irreversible-cipher {_hash(found.group(2), salt)}"


def masked(line: str) -> str:
    """The line for a log."""
    return _HIDE.sub(r"\g<kept>*****", line)


def verify(tree: Tree, user: str, password: str) -> bool:
    """Whether the configuration has this user with this password."""
    for view, below in tree.items():
        if view == "aaa":
            for label in below:
                if label.startswith(f"local-user {user} password "):
                    return _matches(label.split()[-1], password)
    return False


def _matches(stored: str, password: str) -> bool:
    parts = stored.split("$")
    # "", 1c, salt, hash, ""
    return len(parts) == 5 and hmac.compare_digest(_hash(password, parts[2]), stored)  # noqa: PLR2004


@lru_cache(maxsize=1024)
def _hash(password: str, salt: str) -> str:
    raw = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 1000)
    return f"$1c${salt}${base64.b64encode(raw).decode().rstrip('=')}$"
