"""The prefix lists of IOS and its likes: what they let partners send and get."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from dcctl.facts.partner_prefixes import PartnerFilter
from dcctl.platforms._protection import says

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dcctl.platforms._hierarchy import Tree
    from dcctl.platforms._protection import Neighbor

_ENTRY = re.compile(
    r"(?:seq (?P<seq>\d+) )?(?P<act>permit|deny) (?P<prefix>\S+/\d+)(?P<range>(?: (?:ge|le) \d+)*)"
)
_REST = "0.0.0.0/0 le 32"  # what a list denies at its end anyway
_OTHER = r"(?:route-map|filter-list|distribute-list|route-policy) \S+ "


def partner_filters(tree: Tree, neighbors: Iterable[Neighbor]) -> Iterator[PartnerFilter]:
    """Both directions of every neighbour of another AS."""
    lists = _lists(tree)
    for one in neighbors:
        if not one.external:
            continue
        for direction in ("in", "out"):
            found = (re.match(rf"prefix-list (\S+) {direction}\b", line) for line in one.lines)
            names = list(dict.fromkeys(match[1] for match in found if match))
            other = says(one.lines, f"{_OTHER}{direction}\\b")
            yield PartnerFilter(
                neighbor=one.name,
                direction=direction,
                filtered=bool(names) or other,
                prefixes=lists.get(names[0]) if len(names) == 1 and not other else None,
            )


def _lists(tree: Tree) -> dict[str, tuple[str, ...] | None]:
    """Each IPv4 list with what it permits; None where a denial makes that another set."""
    entries: dict[str, list[str]] = defaultdict(list)
    for line, below in tree.items():
        head = re.match(r"ip prefix-list (\S+) ?(.*)", line)
        if head and not head[2].startswith("description"):
            entries[head[1]] += [*([head[2]] if head[2] else []), *below]
    return {name: _permitted(lines) for name, lines in entries.items()}


def _permitted(lines: list[str]) -> tuple[str, ...] | None:
    matches = [_ENTRY.fullmatch(line) for line in lines]
    if not all(matches):
        return None
    told = sorted((int(one["seq"] or 0), one) for one in matches if one)
    acts = [(one["act"], one["prefix"] + one["range"]) for _, one in told]
    if acts and acts[-1] == ("deny", _REST):
        acts.pop()
    if any(act == "deny" for act, _ in acts):
        return None
    return tuple(sorted({prefix for _, prefix in acts}))
