"""Where this machine gets Debian from.

Its own apt configuration, one-line and deb822 files alike.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.errors import MissingDependency
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ONE_LINE = re.compile(r"^deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<rest>\S.*)$")


@dataclass(frozen=True, slots=True)
class Source:
    """One archive as apt knows it.

    `signed_by` is a key file's path or empty, `trusted` means unsigned.
    """

    uri: str
    suite: str
    components: tuple[str, ...]
    signed_by: str = ""
    trusted: bool = False

    def line(self) -> str:
        """The source in apt's one-line format."""
        options = [
            *([f"signed-by={self.signed_by}"] if self.signed_by else []),
            *(["trusted=yes"] if self.trusted else []),
        ]
        bracket = f"[{' '.join(options)}] " if options else ""
        return f"deb {bracket}{self.uri} {self.suite} {' '.join(self.components)}"


def parse_list(text: str) -> Iterator[Source]:
    """The sources of a `sources.list` file."""
    for raw in text.splitlines():
        match = _ONE_LINE.match(raw.split("#", 1)[0].strip())
        if match is None:
            continue
        options = dict(
            item.split("=", 1) for item in shlex.split(match["options"] or "") if "=" in item
        )
        uri, suite, *components = match["rest"].split()
        yield Source(
            uri,
            suite,
            tuple(components),
            options.get("signed-by", ""),
            options.get("trusted") == "yes",
        )


def parse_deb822(text: str) -> Iterator[Source]:
    """The sources of a `.sources` file.

    A key that is written into the file itself is left to apt's own keyrings.
    """
    without_comments = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", without_comments):
        fields = _fields(stanza)
        if "deb" not in fields.get("types", "").split() or fields.get("enabled") == "no":
            continue
        signed_by = fields.get("signed-by", "")
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Source(
                    uri,
                    suite,
                    tuple(fields.get("components", "").split()),
                    signed_by if signed_by.startswith("/") else "",
                    fields.get("trusted") == "yes",
                )


def _fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line[:1].isspace():
            fields[name] = f"{fields.get(name, '')} {line.strip()}"
        elif ":" in line:
            key, value = line.split(":", 1)
            name = key.strip().lower()
            fields[name] = value.strip()
    return fields


def configured(etc: Path = Path("/etc/apt")) -> tuple[Source, ...]:
    """Every source of the machine, in apt's order."""
    parts = etc / "sources.list.d"
    files = [etc / "sources.list", *sorted(parts.glob("*.list")), *sorted(parts.glob("*.sources"))]
    found: list[Source] = []
    for file in files:
        if file.is_file():
            text = file.read_text(errors="replace")
            found += parse_deb822(text) if file.suffix == ".sources" else parse_list(text)
    return tuple(found)


def codename(os_release: Path = Path("/etc/os-release")) -> str:
    """The release that this machine runs, such as `bookworm`."""
    match = re.search(r'^VERSION_CODENAME="?([a-z]+)"?$', os_release.read_text(), re.MULTILINE)
    return match[1] if match else ""


def debian(sources: Iterable[Source], release: str) -> tuple[Source, ...]:
    """The Debian archives among `sources`.

    The release itself first, then its updates and security fixes.

    Raises:
        MissingDependency: none of them is Debian's.
    """
    wanted = {release: 0, f"{release}-updates": 1, f"{release}-security": 2}
    usable = [
        _resolved(source)
        for source in sources
        if source.suite in wanted
        and "main" in source.components
        and not source.uri.startswith("cdrom:")
    ]
    ours = [source for source in usable if _looks_like_debian(source)]
    if not any(source.suite == release for source in ours):
        raise MissingDependency(
            N_("this machine's apt configuration names no Debian archive for {release}"),
            hint=N_("the lab's hosts are built from it: add one to /etc/apt/sources.list"),
            release=release or "?",
        )
    unique: dict[str, Source] = {}
    for source in ours:
        unique.setdefault(source.suite, source)
    return tuple(sorted(unique.values(), key=lambda source: wanted[source.suite]))


def _looks_like_debian(source: Source) -> bool:
    """Third parties also call a suite after the release, with a `main` component.

    Their path or key differs.
    """
    path = source.uri.rstrip("/").rsplit("/", 1)[-1]
    return "debian-archive" in source.signed_by or path in {"debian", "debian-security"}


def _resolved(source: Source) -> Source:
    """Cloud images point to a file that lists mirrors; its first line is as good as any."""
    prefix, _, path = source.uri.partition("file:")
    if prefix == "mirror+" and Path(path).is_file():
        first = Path(path).read_text().split()
        return Source(first[0], source.suite, source.components, source.signed_by, source.trusted)
    return source
