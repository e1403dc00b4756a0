"""Where an IOS XE configuration runs OSPF: by the interface, or by `network` lines."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from dcctl.lab.elements.tree import Tree, value, values


def processes(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """(number, section) of each OSPF process of the global table that runs."""
    for label, section in tree.items():
        words = label.split(" ")
        if words[:2] == ["router", "ospf"] and "vrf" not in words and "shutdown" not in section:
            yield words[2], section


def router_id(tree: Tree) -> str:
    """The configured router id of the first process that has one."""
    return next((found for _, one in processes(tree) if (found := value(one, "router-id"))), "")


def area_name(text: str) -> str:
    """An area as an address, however it was written."""
    return str(ipaddress.IPv4Address(int(text) if text.isdecimal() else text))


def circuit(tree: Tree, name: str, section: Tree) -> tuple[str, bool]:
    """(area, passive) of an interface; no area where OSPF does not run."""
    if "vrf forwarding" in " ".join(section):
        return "", False
    for number, process in processes(tree):
        area = value(section, f"ip ospf {number} area") or _by_network(process, section)
        if area:
            return area_name(area), silent(process, name)
    return "", False


def silent(process: Tree, name: str) -> bool:
    """Whether an interface is passive in a section."""
    return f"passive-interface {name}" in process or (
        "passive-interface default" in process and f"no passive-interface {name}" not in process
    )


def _by_network(process: Tree, section: Tree) -> str:
    """The area of the most specific `network` line that holds the interface's address."""
    addresses = [
        ipaddress.IPv4Address(words[0])
        for words in (line.split() for line in values(section, "ip address"))
        if len(words) > 1
    ]
    found: list[tuple[int, str]] = []
    for line in values(process, "network"):
        base, wildcard, _, area = line.split(" ", 3)
        free = int(ipaddress.IPv4Address(wildcard))
        fixed = ~free & 0xFFFFFFFF
        if any(int(one) & fixed == int(ipaddress.IPv4Address(base)) & fixed for one in addresses):
            found.append((free, area))
    return min(found)[1] if found else ""
