"""How an IOS XE router's routing neighbours prove who they are."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from dcctl.facts.partner_prefixes import PartnerPrefixes
from dcctl.facts.routing_protection import RoutingProtection, RoutingSession
from dcctl.platforms._configuration import complete
from dcctl.platforms._hierarchy import Dialect, Tree, parse
from dcctl.platforms._prefixes import partner_filters
from dcctl.platforms._protection import (
    below,
    flat_bgp,
    flat_neighbors,
    others,
    passive,
    says,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_MEMBER = "(?:peer-group|inherit peer-session)"
_WHOLE = (r"^hostname ", r"^end\s*\Z")


def routing_protection(outputs: Sequence[Output]) -> RoutingProtection:
    """IS-IS and OSPF by interface, BGP by neighbour."""
    tree = parse(complete(outputs[0], *_WHOLE), Dialect())
    return RoutingProtection(
        items=(
            *_isis(tree),
            *_ospf(tree),
            *flat_bgp(
                tree,
                member=_MEMBER,
                secured=r"(?:password|ao) ",
                counted=r"maximum-prefix ",
            ),
            *others(tree),
        )
    )


def partner_prefixes(outputs: Sequence[Output]) -> PartnerPrefixes:
    """By the prefix lists that neighbours are given."""
    tree = parse(complete(outputs[0], *_WHOLE), Dialect())
    return PartnerPrefixes(items=tuple(partner_filters(tree, flat_neighbors(tree, member=_MEMBER))))


def _isis(tree: Tree) -> Iterator[RoutingSession]:
    process = together(inner for _, inner in below(tree, "router isis")) | tree.get(
        "router isis", {}
    )
    for name, port in below(tree, "interface"):
        if says(port, r"ip(?:v6)? router isis") and not passive(process, name):
            secure = says(port, r"isis authentication mode md5", r"isis authentication key-chain ")
            yield RoutingSession(protocol="isis", name=name, authenticated=secure)


def _ospf(tree: Tree) -> Iterator[RoutingSession]:
    process = together(inner for _, inner in below(tree, "router ospf"))
    networks = [
        ipaddress.ip_network(f"{match[1]}/{match[2]}", strict=False)
        for line in process
        if (match := re.match(r"network (\S+) (\S+) area", line))
    ]
    whole = says(process, r"area \S+ authentication message-digest")
    for name, port in below(tree, "interface"):
        addresses = [
            ipaddress.ip_address(match[1])
            for line in port
            if (match := re.match(r"ip address (\d\S+)", line))
        ]
        told = any(address in network for address in addresses for network in networks)
        if not (told or says(port, r"ip ospf \S+ area ")) or passive(process, name):
            continue
        digest = whole or says(port, r"ip ospf authentication message-digest")
        secure = says(port, r"ip ospf authentication key-chain ") or (
            digest and says(port, r"ip ospf message-digest-key ")
        )
        yield RoutingSession(protocol="ospf", name=name, authenticated=secure)
