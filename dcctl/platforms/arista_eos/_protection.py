"""How an EOS switch's routing neighbours prove who they are."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from dcctl.facts.partner_prefixes import PartnerPrefixes
from dcctl.facts.routing_protection import RoutingProtection, RoutingSession
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
from dcctl.platforms.arista_eos._answers import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_MEMBER = "peer group"


def routing_protection(outputs: Sequence[Output]) -> RoutingProtection:
    """IS-IS and OSPF by interface, BGP by neighbour."""
    tree = parse(running(outputs[0]), Dialect())
    return RoutingProtection(
        items=(
            *_isis(tree),
            *_ospf(tree),
            *flat_bgp(
                tree,
                member=_MEMBER,
                secured=r"password ",
                counted=r"maximum-routes [1-9]",
            ),
            *others(tree),
        )
    )


def partner_prefixes(outputs: Sequence[Output]) -> PartnerPrefixes:
    """By the prefix lists that neighbours are given."""
    tree = parse(running(outputs[0]), Dialect())
    return PartnerPrefixes(items=tuple(partner_filters(tree, flat_neighbors(tree, member=_MEMBER))))


def _isis(tree: Tree) -> Iterator[RoutingSession]:
    for name, port in below(tree, "interface"):
        speaks = says(port, r"isis enable ") and not says(port, r"isis passive")
        if speaks and not passive({}, name):
            secure = says(port, r"isis authentication mode (?:md5|sha)", r"isis authentication key")
            yield RoutingSession(protocol="isis", name=name, authenticated=secure)


def _ospf(tree: Tree) -> Iterator[RoutingSession]:
    process = together(inner for _, inner in below(tree, "router ospf"))
    networks = [
        ipaddress.ip_network(match[1], strict=False)
        for line in process
        if (match := re.match(r"network (\S+/\d+) area", line))
    ]
    whole = says(process, r"area \S+ authentication message-digest")
    for name, port in below(tree, "interface"):
        addresses = [
            ipaddress.ip_interface(match[1]).ip
            for line in port
            if (match := re.match(r"ip address (\d\S+/\d+)", line))
        ]
        told = any(address in network for address in addresses for network in networks)
        if not (told or says(port, r"ip ospf area ")) or passive(process, name):
            continue
        digest = whole or says(port, r"ip ospf authentication message-digest")
        secure = digest and says(port, r"ip ospf message-digest-key ")
        yield RoutingSession(protocol="ospf", name=name, authenticated=secure)
