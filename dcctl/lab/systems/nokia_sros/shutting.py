"""Whether an SR OS configuration tells every BGP neighbour to prefer other ways (RFC 8326).

There is no statement for it: an export policy lowers the local preference towards the own
autonomous system, and adds the community GRACEFUL_SHUTDOWN towards others.
"""

from __future__ import annotations

from collections.abc import Iterable

from dcctl.lab.elements.model import BgpIntent
from dcctl.lab.elements.tree import EMPTY, Tree, get, value, values

_COMMUNITY = "member 65535:0"


def _actions(statement: Tree) -> list[Tree]:
    entries = [
        below.get("action", EMPTY)
        for label, below in statement.items()
        if label.startswith("entry ")
    ]
    return [*entries, statement.get("default-action", EMPTY)]


def _tells(policies: Tree, name: str, *, internal: bool) -> bool:
    for action in _actions(policies.get(f"policy-statement {name}", EMPTY)):
        if internal and value(action, "local-preference") == "0":
            return True
        added = values(action.get("community", EMPTY), "add")
        if any(_COMMUNITY in policies.get(f"community {one}", EMPTY) for one in added):
            return True
    return False


def told(tree: Tree, base: Tree, neighbors: Iterable[BgpIntent]) -> bool:
    """Whether all of them are."""
    policies = get(tree, ("configure", "policy-options")) or EMPTY
    bgp, asn = base.get("bgp", EMPTY), value(base, "autonomous-system", "0")
    found = []
    for one in neighbors:
        own = bgp.get(f"neighbor {one.address}", EMPTY)
        group = bgp.get(f"group {value(own, 'group')}", EMPTY)
        lists = (values(level.get("export", EMPTY), "policy") for level in (own, group, bgp))
        names = next((names for names in lists if names), [])
        internal = str(one.remote_as) == asn
        found.append(any(_tells(policies, name, internal=internal) for name in names))
    return bool(found) and all(found)
