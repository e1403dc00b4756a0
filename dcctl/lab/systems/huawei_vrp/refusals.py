"""What VRP refuses though the grammar takes it: things that need another thing first."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.tree import Tree


def refusal(tree: Tree, path: tuple[str, ...], view: str, label: str) -> str:
    """Why a line is refused, or nothing."""
    if view == "system":
        return _system(tree, label)
    if view == "interface":
        return _interface(tree, path[-1], label)
    return ""


def _system(tree: Tree, label: str) -> str:
    if label == "mpls" and not any(one.startswith("mpls lsr-id ") for one in tree):
        return "Error: Please configure the LSR ID first."
    if label == "mpls ldp" and "mpls" not in tree:
        return "Error: Please enable MPLS globally first."
    other = next((one for one in tree if one.startswith("bgp ")), label)
    if label.startswith("bgp ") and other != label:
        return f"Error: BGP is already running with AS number {other.split(' ')[1]}."
    return ""


def _interface(tree: Tree, name: str, label: str) -> str:
    words = label.split(" ")
    if words[:2] in (["isis", "enable"], ["ospf", "enable"]):
        process = words[2] if len(words) > 2 and words[2].isdecimal() else "1"  # noqa: PLR2004
        if not any(one.split(" ")[:2] == [words[0], process] for one in tree):
            return f"Error: The {words[0].upper()} process {process} does not exist."
    if label == "mpls" and "mpls" not in tree:
        return "Error: Please enable MPLS globally first."
    if label == "mpls ldp" and "mpls ldp" not in tree:
        return "Error: Please enable MPLS LDP globally first."
    if words[0] == "eth-trunk" and f"interface Eth-Trunk{words[1]}" not in tree:
        return "Error: The Eth-Trunk interface does not exist."
    if words[:2] == ["ip", "address"] and len(words) > 3:  # noqa: PLR2004 - address and mask
        return _conflict(tree, name, f"{words[2]}/{words[3]}")
    return ""


def _conflict(tree: Tree, name: str, address: str) -> str:
    mine = ipaddress.IPv4Interface(address)
    vpn = _vpn(tree.get(name, {}))
    for label, below in tree.items():
        if not label.startswith("interface ") or label == name or _vpn(below) != vpn:
            continue
        for line in below:
            words = line.split(" ")
            if words[:2] != ["ip", "address"] or not words[2][:1].isdecimal():
                continue
            if mine.network.overlaps(ipaddress.IPv4Interface(f"{words[2]}/{words[3]}").network):
                return "Error: The specified IP address conflicts with another IP address."
    return ""


def _vpn(section: Tree) -> str:
    return next((one for one in section if one.startswith("ip binding vpn-instance ")), "")
