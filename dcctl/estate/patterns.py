"""Ansible's host patterns: `a:b:&c:!d`, `~regex`, `web*`, `group[0:2]`, `@file`.

As `--limit` reads them, but for one thing: a part that stands for nothing is an error here, not a
warning. A mistyped `!hl-cor-r1` must not let hl-cor-r1 be touched.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput, NotFound
from dcctl.estate.hostnames import split_port
from dcctl.estate.reading import LARGEST_BYTES
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_BETWEEN_COLONS = re.compile(r"(?:[^\s:\[\]]|\[[^\]]*\])+")
_SUBSCRIPT = re.compile(r"(.+)\[(?:(-?[0-9]+)|([0-9]+)([:-])([0-9]*))\]\Z", re.DOTALL)
_SPECIAL = frozenset(".?*[")


_LOOKED_THROUGH = 20_000  # names: likeness is worked out one by one


def select(
    limit: str,
    names: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    first_named: Sequence[str] = (),
    *,
    partial: bool = False,
) -> tuple[str, ...]:
    """The hosts of `names`, in that order, that `limit` stands for.

    Args:
        limit: the pattern.
        names: every host, in the inventory's order.
        groups: every group with its hosts in Ansible's order, `all` among them.
        first_named: every host in the order of its first appearance, in which a subscript after a
            wildcard counts; empty where that is the order of `names`.
        partial: these are only some of the estate's hosts, so that a part may stand for none.

    Raises:
        NotFound: the pattern or one of its parts stands for nothing. InvalidInput: it can't be
        read.
    """
    hosts = dict.fromkeys(first_named or names)
    parts = [part for piece in split(limit) for part in _from_file(piece)]
    plain = [part for part in parts if part[0] not in "&!"]
    chosen: set[str] = set()

    def meant(part: str) -> Iterable[str]:
        try:
            return _stands_for(part, hosts, groups)
        except NotFound:
            if not partial:
                raise
            return ()

    for part in plain or ["all"]:
        chosen.update(meant(part))
    for sign, keep in (("&", True), ("!", False)):
        for part in parts:
            if part.startswith(sign):
                matched = frozenset(meant(part[1:]))
                chosen = {name for name in chosen if (name in matched) is keep}
    if not chosen and names and not partial:
        raise NotFound(
            N_("no host is left of {limit}"),
            hint=N_("dcctl inventory list shows the hosts and groups"),
            limit=limit,
        )
    return tuple(name for name in names if name in chosen)


def is_fixed(limit: str) -> bool:
    """Whether it names hosts and groups alone: no file, no place in an order."""
    return not any(
        part.lstrip("&!").startswith("@") or _subscript(part.lstrip("&!") or "-")[1] is not None
        for part in split(limit)
    )


def split(limit: str) -> list[str]:
    """The parts of a pattern: between commas, else between colons outside ranges and addresses."""
    if "," in limit:
        parts = limit.split(",")
    elif split_port(limit) is not None:
        parts = [limit]
    else:
        parts = _BETWEEN_COLONS.findall(limit)
    found = [part.strip() for part in parts if part.strip()]
    if not found:
        raise InvalidInput(N_("an empty host pattern"), hint=N_("leave it out to mean every host"))
    return found


def _from_file(part: str) -> list[str]:
    if not part.startswith("@"):
        return [part]
    path = Path(part[1:])
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            N_("the limit file {path} can't be read: {reason}"),
            hint=N_("@FILE names a text file with one pattern a line"),
            path=str(path),
            reason=getattr(error, "strerror", None) or "it is not UTF-8 text",
        ) from error
    return [line.strip() for line in text.split("\n") if line.strip()]


def _stands_for(
    pattern: str, hosts: Mapping[str, None], groups: Mapping[str, Sequence[str]]
) -> Iterable[str]:
    if not pattern:
        raise InvalidInput(N_("a host pattern ends after & or !"))
    if pattern in hosts:
        return (pattern,)
    text, subscript = _subscript(pattern)
    matched = _matches(text, groups)
    found = [name for group in matched for name in groups[group]]
    if not matched or text[0] == "~" or _SPECIAL & set(text):
        found += _matches(text, hosts)
    if not found and not matched:
        raise _nothing(pattern, hosts, groups)
    if subscript is None or not found:
        return found
    try:
        return found[subscript] if isinstance(subscript, slice) else (found[subscript],)
    except IndexError:
        raise NotFound(
            N_("{pattern} stands for nothing: there are only {count}"),
            hint=N_("subscripts count from 0"),
            pattern=pattern,
            count=len(found),
        ) from None


def _subscript(pattern: str) -> tuple[str, int | slice | None]:
    match = None if pattern[0] == "~" else _SUBSCRIPT.match(pattern)
    if not match:
        return pattern, None
    text, index, start, _, end = match.groups()
    if index is not None:
        return text, int(index)
    # An end of 0 counts as no end to Ansible, which then takes the one host at the start.
    last = int(end) if end else -1
    if last == 0:
        return text, int(start)
    return text, slice(int(start), None if last == -1 else last + 1)


def _matches(pattern: str, names: Iterable[str]) -> list[str]:
    try:
        wanted = re.compile(pattern[1:] if pattern[0] == "~" else fnmatch.translate(pattern))
    except re.error as error:
        raise InvalidInput(
            N_("{pattern} is no regular expression: {reason}"),
            hint=N_("after ~ comes a Python regular expression"),
            pattern=pattern,
            reason=str(error),
        ) from error
    return [name for name in names if wanted.match(name)]


def near(name: str, names: Sequence[str]) -> list[str]:
    """The names most like `name`, the likeliest first."""
    return difflib.get_close_matches(name, names[:_LOOKED_THROUGH], n=3, cutoff=0.7)


def _nothing(
    pattern: str, hosts: Mapping[str, None], groups: Mapping[str, Sequence[str]]
) -> NotFound:
    close = near(pattern, [*groups, *hosts])
    if close:
        return NotFound(
            N_("no host or group is called {pattern}"),
            hint=N_("did you mean {names}?"),
            pattern=pattern,
            names=", ".join(close),
        )
    return NotFound(
        N_("no host or group is called {pattern}"),
        hint=N_("dcctl inventory list shows the hosts and groups"),
        pattern=pattern,
    )
