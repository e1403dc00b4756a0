"""Which of ntc-templates' files is for which command: the whole command, or none.

The index of ntc-templates is searched from its start only, so that `display transceiver verbose`
finds the template of `dir`. Here an entry must match the whole command, and a word left open in it
is a name, a number or an address, never another keyword. A template's own name (`show_ip_route` is
for `show ip route`) comes before the index. What the index has wrong, and what a lenient template
needs so that it can be believed, is said in `_templates.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER_NAMES = {"cisco_xe": "cisco_ios", "nokia_sros": "alcatel_sros"}
# A name of a person's choosing follows these; elsewhere an open word has a digit in it, or is all.
_NAMED = re.compile(r"(?:vr\??f?\??|v\[\[rf\]\]|vr\[\[f\]\]|ins\[\[tance\]\]|client|name\)) ?\(?$")
_VALUE = r"(?:(?=\S*\d)[\w./:,-]+|all)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What is known of one template beyond itself: regular expressions over lines."""

    commands: tuple[str, ...] = ()  # in place of the index's: whole commands
    heading: tuple[str, ...] = ()  # each must stand in the text, else it is another command's
    foreign: tuple[str, ...] = ()  # none may stand in it
    rows: str = ""  # lines of which each is one record: a lenient template must have found as many
    required: tuple[str, ...] = ()  # values that no record lacks
    ignored: tuple[str, ...] = ()  # lines that may be left unread, in whole
    empty: tuple[str, ...] = ()  # lines that are a proper answer that holds nothing


@dataclass(frozen=True, slots=True)
class Route:
    """The templates for one command; the later ones add columns by the first one's keys."""

    topic: str  # the first template's command, in words
    paths: tuple[Path, ...]
    knowledge: Knowledge = field(default_factory=Knowledge)


def route(platform: str, command: str) -> Route | None:
    """The route of a whole, normalised `command`; None where there is no template for it."""
    names, patterns = _table(_OTHER_NAMES.get(platform, platform))
    if command in names:
        return names[command]
    return next((found for pattern, found in patterns if pattern.fullmatch(command)), None)


def routes(platform: str) -> tuple[Route, ...]:
    """Every route of a platform."""
    names, _ = _table(_OTHER_NAMES.get(platform, platform))
    return tuple(names.values())


@cache
def _table(family: str) -> tuple[dict[str, Route], tuple[tuple[re.Pattern[str], Route], ...]]:
    names: dict[str, Route] = {}
    patterns: list[tuple[re.Pattern[str], Route]] = []
    known = _knowledge()
    for files, command in _index(family):
        topic = files[0].stem.removeprefix(f"{family}_").replace("_", " ")
        about = known.get(files[0].stem, Knowledge())
        found = names.setdefault(topic, Route(topic, files, about))
        if about.commands and found.paths == files:
            patterns += [(re.compile(own, re.ASCII), found) for own in about.commands]
        elif not about.commands:
            patterns.append((_whole(command), Route(topic, files, about)))
    return names, tuple(patterns)


def _index(family: str) -> Iterator[tuple[tuple[Path, ...], str]]:
    """(template files, command expression) of each entry for `family`, in the index's order."""
    import ntc_templates

    folder = Path(ntc_templates.__file__).parent / "templates"
    for line in (folder / "index").read_text(encoding="utf-8").splitlines():
        parts = [part.strip() for part in line.split(",", 3)]
        if line.startswith("#") or len(parts) != 4 or not re.fullmatch(parts[2], family):  # noqa: PLR2004 - template, host name, platform, command
            continue
        yield tuple(folder / name for name in parts[0].split(":")), parts[3]


def _whole(command: str) -> re.Pattern[str]:
    """An entry's expression, for whole commands: `sh[[ow]]` is sh, sho or show."""
    opened = re.sub(r"\\S\+", lambda at: _open_word(command, at.start()), command)
    completed = re.sub(r"\[\[(.+?)\]\]", lambda at: _completion(at[1]), opened)
    return re.compile(completed, re.ASCII)


def _open_word(command: str, at: int) -> str:
    return r"[\w.:-]+" if _NAMED.search(command[:at]) else _VALUE


def _completion(rest: str) -> str:
    return "".join(f"(?:{re.escape(letter)}" for letter in rest) + ")?" * len(rest)


@cache
def _knowledge() -> dict[str, Knowledge]:
    import yaml

    data: dict[str, dict[str, Any]] = yaml.load(
        Path(__file__).with_suffix(".yaml").read_bytes(), yaml.CSafeLoader
    )
    known: dict[str, Knowledge] = {}
    for name, about in data.items():
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in about.items()
        }
        known[name] = Knowledge(**values)
    return known
