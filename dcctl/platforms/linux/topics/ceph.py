"""A Ceph cluster, from its own JSON (Ceph 16 and later)."""

from __future__ import annotations

from typing import Any

from dcctl.facts.ceph import Ceph, CephPool

_ERASURE = 3  # the pool type, as Ceph numbers it
# The smaller a domain is, the sooner two copies go at once.
_ORDER = ("osd", "host", "chassis", "rack", "row", "pdu", "pod", "room", "datacenter", "zone")


def parse(data: Any) -> Ceph | None:
    """None where Ceph's programs are not installed."""
    if not data["installed"]:
        return None
    rules = {rule["rule_id"]: rule["steps"] for rule in data["rules"]}
    return Ceph(
        settings={str(name): str(value) for name, value in data["settings"].items()},
        pools=tuple(_pool(item, rules, data["profiles"]) for item in data["pools"]),
    )


def _pool(item: Any, rules: Any, profiles: Any) -> CephPool:
    erasure = item["type"] == _ERASURE
    return CephPool(
        name=item["pool_name"],
        size=int(item["size"]),
        min_size=int(item["min_size"]),
        parity=int(profiles[item["erasure_code_profile"]]["m"]) if erasure else None,
        failure_domain=_domain(rules[item["crush_rule"]], int(item["size"])),
    )


def _domain(steps: Any, size: int) -> str:
    """What a rule chooses a different one of for each copy: the largest of its steps' types.

    A step that chooses fewer than there are copies puts several of them below one.
    """
    chosen = [
        str(step["type"])
        for step in steps
        if str(step["op"]).startswith("choose") and not 0 < int(step["num"]) < size
    ]
    known = [kind for kind in chosen if kind in _ORDER]
    return max(known, key=_ORDER.index) if known else "".join(chosen[:1])


PARSE = parse
