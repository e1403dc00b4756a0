"""What IOS and its likes say in one way of how their routing neighbours prove who they are."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcctl.facts.routing_protection import RoutingSession

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dcctl.platforms._hierarchy import Tree

_OTHER = re.compile(r"router (eigrp|rip|ospfv3|ripng|babel)\b ?(\S*)")
_LOOP = re.compile(r"(?:loopback|lo)\d*$", re.IGNORECASE)
IN_AND_OUT = (
    r"(?:prefix-list|route-map|filter-list|distribute-list|route-policy) \S+ in\b",
    r"(?:prefix-list|route-map|filter-list|distribute-list|route-policy) \S+ out\b",
)


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A BGP neighbour with its lines and those of its groups; `external`: of another AS."""

    name: str
    lines: list[str]
    external: bool


def below(tree: Tree, head: str) -> Iterator[tuple[str, Tree]]:
    """(what follows, what stands below) of every line that begins with `head`."""
    for line, inner in tree.items():
        if line.startswith(f"{head} "):
            yield line[len(head) + 1 :], inner


def says(lines: Iterable[str], *patterns: str) -> bool:
    """Whether each pattern fits the beginning of some line."""
    lines = list(lines)
    return all(any(re.match(pattern, line) for line in lines) for pattern in patterns)


def others(tree: Tree) -> Iterator[RoutingSession]:
    """Protocols that are not looked into: nobody can say how they are protected."""
    for line in tree:
        match = _OTHER.match(line)
        if match:
            yield RoutingSession(protocol=match[1], name=match[2] or "-")


def passive(process: Tree, name: str) -> bool:
    """Whether a protocol only announces this interface."""
    if _LOOP.match(name) or f"passive-interface {name}" in process:
        return True
    default = says(process, r"(?:passive-interface default|interface default passive)")
    return default and f"no passive-interface {name}" not in process


def together(parts: Iterable[Tree]) -> Tree:
    """Several sections as if they were one."""
    joined: Tree = {}
    for part in parts:
        joined |= part
    return joined


def flat_bgp(
    tree: Tree,
    *,
    member: str,
    secured: str,
    counted: str,
    both_ways: tuple[str, str] = IN_AND_OUT,
    word: str = "neighbor",
    remote: str = "remote-as",
) -> Iterator[RoutingSession]:
    """How each neighbour of `flat_neighbors` is protected."""
    for one in flat_neighbors(tree, member=member, word=word, remote=remote):
        yield _peer(one, secured, counted, both_ways)


def flat_neighbors(
    tree: Tree, *, member: str, word: str = "neighbor", remote: str = "remote-as"
) -> Iterator[Neighbor]:
    """Neighbours whose settings stand in lines of their own: `neighbor X WHAT`."""
    for asn, process in below(tree, "router bgp" if word == "neighbor" else "bgp"):
        said: dict[str, list[str]] = defaultdict(list)
        for line in _flattened(process):
            words = line.split(maxsplit=2)
            if words[0] == word and len(words) > 2:  # noqa: PLR2004 - WORD NAME WHAT
                said[words[1]].append(words[2])
        for name, own in said.items():
            if name == word or not re.search(r"[.:]", name):
                continue  # a group: its members are looked at
            groups = (match[1] for one in own if (match := re.match(rf"{member} (\S+)", one)))
            lines = [*own, *(line for group in groups for line in said.get(group, ()))]
            yield Neighbor(name, lines, _external(lines, asn, remote))


def nested_bgp(
    tree: Tree, *, group: str, template: str, secured: str, counted: str
) -> Iterator[RoutingSession]:
    """How each neighbour of `nested_neighbors` is protected."""
    for one in nested_neighbors(tree, group=group, template=template):
        yield _peer(one, secured, counted, IN_AND_OUT)


def nested_neighbors(tree: Tree, *, group: str, template: str) -> Iterator[Neighbor]:
    """Neighbours that are sections of their own; `group` names a `template` that they follow."""
    for asn, process in below(tree, "router bgp"):
        shared = {name: list(_flattened(inner)) for name, inner in _named(process, template)}
        for name, inner in _neighbors(process):
            address, _, rest = name.partition(" ")
            own = [*([rest] if rest else []), *_flattened(inner)]
            named = (match[1] for one in own if (match := re.match(rf"{group} (\S+)", one)))
            lines = [*own, *(line for one in named for line in shared.get(one, ()))]
            yield Neighbor(address, lines, _external(lines, asn, "remote-as"))


def _external(lines: list[str], asn: str, remote: str) -> bool:
    found = (match[1] for one in lines if (match := re.match(rf"{remote} (\S+)", one)))
    return next(found, asn) not in (asn.split(maxsplit=1)[0], "internal")


def _peer(one: Neighbor, secured: str, counted: str, both_ways: tuple[str, str]) -> RoutingSession:
    return RoutingSession(
        protocol="bgp",
        name=one.name,
        authenticated=says(one.lines, secured),
        external=one.external,
        limited=says(one.lines, counted),
        filtered=says(one.lines, *both_ways),
    )


def _flattened(tree: Tree) -> Iterator[str]:
    """Every line below, however deep."""
    for line, inner in tree.items():
        yield line
        yield from _flattened(inner)


def _named(tree: Tree, template: str) -> Iterator[tuple[str, Tree]]:
    for line, inner in tree.items():
        match = re.match(rf"(?:{template}) (\S+)", line)
        if match:
            yield match[1], inner


def _neighbors(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Also those of VRFs."""
    yield from below(tree, "neighbor")
    for _, inner in below(tree, "vrf"):
        yield from _neighbors(inner)
