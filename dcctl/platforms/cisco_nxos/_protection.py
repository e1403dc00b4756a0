"""How an NX-OS switch's routing neighbours prove who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.partner_prefixes import PartnerPrefixes
from dcctl.facts.routing_protection import RoutingProtection, RoutingSession
from dcctl.platforms._hierarchy import Dialect, Tree, parse
from dcctl.platforms._prefixes import partner_filters
from dcctl.platforms._protection import (
    below,
    nested_bgp,
    nested_neighbors,
    others,
    passive,
    says,
    together,
)
from dcctl.platforms.cisco_nxos._settings import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_GROUP, _TEMPLATE = "inherit (?:peer|peer-session)", "template (?:peer|peer-session)"


def routing_protection(outputs: Sequence[Output]) -> RoutingProtection:
    """IS-IS and OSPF by interface, BGP by neighbour."""
    tree = parse(running(outputs[0]), Dialect())
    return RoutingProtection(
        items=(
            *_isis(tree),
            *_ospf(tree),
            *nested_bgp(
                tree,
                group=_GROUP,
                template=_TEMPLATE,
                secured=r"(?:password|ao) ",
                counted=r"maximum-prefix ",
            ),
            *others(tree),
        )
    )


def partner_prefixes(outputs: Sequence[Output]) -> PartnerPrefixes:
    """By the prefix lists that neighbours are given."""
    tree = parse(running(outputs[0]), Dialect())
    neighbors = nested_neighbors(tree, group=_GROUP, template=_TEMPLATE)
    return PartnerPrefixes(items=tuple(partner_filters(tree, neighbors)))


def _isis(tree: Tree) -> Iterator[RoutingSession]:
    for name, port in below(tree, "interface"):
        speaks = says(port, r"ip(?:v6)? router isis ") and not says(port, r"isis passive")
        if speaks and not passive({}, name):
            secure = says(port, r"isis authentication-type md5", r"isis authentication key-chain ")
            yield RoutingSession(protocol="isis", name=name, authenticated=secure)


def _ospf(tree: Tree) -> Iterator[RoutingSession]:
    process = together(inner for _, inner in below(tree, "router ospf"))
    whole = says(process, r"area \S+ authentication message-digest")
    for name, port in below(tree, "interface"):
        if not says(port, r"ip router ospf ") or says(port, r"ip ospf passive-interface"):
            continue
        woken = says(port, r"no ip ospf passive-interface")
        if passive(process, name) and not woken:
            continue
        digest = whole or says(port, r"ip ospf authentication message-digest")
        secure = says(port, r"ip ospf authentication key-chain ") or (
            digest and says(port, r"ip ospf message-digest-key ")
        )
        yield RoutingSession(protocol="ospf", name=name, authenticated=secure)
