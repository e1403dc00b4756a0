"""Sources of packages, from apt's and dnf's files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from dcctl.facts.repositories import Repositories, Repository

_YES = ("1", "yes", "true", "on")


def parse(data: Any) -> Repositories | None:
    """None where no source is enabled."""
    default = _value(data["dnf"], "gpgcheck") in (*_YES, "")
    items = tuple(
        item for path, text in data["files"].items() for item in _read(path, text, default=default)
    )
    allowed = any(
        value.lower() in _YES for value in re.findall(r'(?m)^\S+ "?(\w+)"?;?$', data["apt"])
    )
    return Repositories(items=items, unsigned_allowed=allowed) if items else None


def _read(path: str, text: str, *, default: bool) -> Iterator[Repository]:
    if path.endswith(".list"):
        yield from _lines(path, text)
    elif path.endswith(".sources"):
        yield from _stanzas(path, text)
    else:
        yield from _sections(path, text, default=default)


def _lines(path: str, text: str) -> Iterator[Repository]:
    """`deb [trusted=yes] https://host/debian bookworm main`."""
    for line in text.splitlines():
        found = re.match(r"\s*deb\s+(?:\[(.*?)\]\s+)?(\S+)", line)
        if found:
            options = (found.group(1) or "").lower()
            loose = re.search(r"\b(?:trusted|allow-insecure)=(?:yes|true|1)\b", options)
            yield Repository(host=_host(found.group(2)), signed=not loose, file=path)


def _stanzas(path: str, text: str) -> Iterator[Repository]:
    """deb822: `URIs:` and its companions, stanzas parted by empty lines."""
    for stanza in re.split(r"\n\s*\n", text):
        if _field(stanza, "Enabled").lower() == "no" or not _field(stanza, "URIs"):
            continue
        loose = {_field(stanza, name).lower() for name in ("Trusted", "Allow-Insecure")} & {*_YES}
        for uri in _field(stanza, "URIs").split():
            yield Repository(host=_host(uri), signed=not loose, file=path)


def _sections(path: str, text: str, *, default: bool) -> Iterator[Repository]:
    """dnf: `[name]`, `baseurl=`, `enabled=`, `gpgcheck=`."""
    for section in re.split(r"(?m)^\s*\[", text)[1:]:
        if (_value(section, "enabled") or "1") not in _YES:
            continue
        stated = _value(section, "gpgcheck")
        for name in ("baseurl", "mirrorlist", "metalink"):
            for uri in _value(section, name).split():
                signed = stated in _YES if stated else default
                yield Repository(host=_host(uri), signed=signed, file=path)


def _field(stanza: str, name: str) -> str:
    found = re.search(rf"(?im)^\s*{name}:[ \t]*(.*(?:\n[ \t]+\S.*)*)", stanza)
    return " ".join(found.group(1).split()) if found else ""


def _value(text: str, name: str) -> str:
    found = re.search(rf"(?m)^\s*{name}\s*=\s*(.*?)\s*$", text)
    return found.group(1).strip().lower() if found else ""


def _host(uri: str) -> str:
    return urlsplit(uri).hostname or ""


PARSE = parse
