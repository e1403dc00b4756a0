"""What an EOS configuration does to keep traffic away from the switch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dcctl.lab.elements.tree import EMPTY, Tree, get, value, values

_LAST = re.compile(r"set local-preference 0")
_GSHUT = re.compile(r"set community (?:.* )?(?:gshut|65535:0)(?: .*)?", re.IGNORECASE)


def steady(section: Iterable[str], words: str) -> bool:
    """Whether a line asks for it always, not only for a while after a start."""
    return any(label.startswith(words) and "on-startup" not in label.split() for label in section)


def quiesced(tree: Tree) -> bool:
    """Whether the whole switch is under maintenance: the unit System."""
    return "quiesce" in (get(tree, ("maintenance", "unit System")) or EMPTY)


def graceful(tree: Tree, bgp: Tree) -> bool:
    """Whether every neighbour is told to go round it: by GSHUT, or preference 0 in its own AS.

    Under maintenance the switch does so itself.
    """
    peers = {line.split()[0] for line in values(bgp, "neighbor")} - _groups(bgp)
    if not peers:
        return False
    return quiesced(tree) or all(_told(tree, bgp, peer) for peer in peers)


def _groups(bgp: Tree) -> set[str]:
    rows = [line.split() for line in values(bgp, "neighbor")]
    named = {row[3] for row in rows if row[1:3] == ["peer", "group"] and row[3:]}
    return named | {row[0] for row in rows if row[1:] == ["peer", "group"]}


def _told(tree: Tree, bgp: Tree, peer: str) -> bool:
    names = {peer, value(bgp, f"neighbor {peer} peer group")} - {""}
    own = {value(bgp, f"neighbor {name} remote-as") for name in names} & {_asn(tree)}
    sends = any(_sends(bgp, name) for name in names)
    return any(
        (sends and _sets(tree, name, _GSHUT)) or (own and _sets(tree, name, _LAST))
        for name in _maps(bgp, names)
    )


def _asn(tree: Tree) -> str:
    return next((label.split()[2] for label in tree if label.startswith("router bgp ")), "-")


def _sends(bgp: Tree, name: str) -> bool:
    """Communities are sent only where that is said."""
    return any(
        one.startswith(f"neighbor {name} send-community")
        for section in _sections(bgp)
        for one in section
    )


def _sections(bgp: Tree) -> list[Tree]:
    families = (below for label, below in bgp.items() if label.startswith("address-family"))
    return [bgp, *families]


def _maps(bgp: Tree, names: set[str]) -> Iterator[str]:
    """The outbound route maps of a neighbour or of its group, of the instance or of a family."""
    for section in _sections(bgp):
        for line in values(section, "neighbor"):
            name, *words = line.split()
            if name in names and words[0] == "route-map" and words[-1] == "out":
                yield words[1]


def _sets(tree: Tree, name: str, wanted: re.Pattern[str]) -> bool:
    entries = [below for label, below in tree.items() if label.split()[:2] == ["route-map", name]]
    return any(wanted.fullmatch(label) for below in entries for label in below)
