"""How an FRR router's routing neighbours prove who they are."""

from __future__ import annotations

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

_MEMBER = "peer-group"
_WHOLE = (r"^hostname ", r"^end\s*\Z")


def routing_protection(outputs: Sequence[Output]) -> RoutingProtection:
    """IS-IS and OSPF by interface, BGP by neighbour."""
    tree = parse(complete(outputs[0], *_WHOLE), Dialect())
    return RoutingProtection(
        items=(
            *_isis(tree),
            *_ospf(tree),
            *flat_bgp(tree, member=_MEMBER, secured=r"password ", counted=r"maximum-prefix "),
            *others(tree),
        )
    )


def partner_prefixes(outputs: Sequence[Output]) -> PartnerPrefixes:
    """By the prefix lists that neighbours are given."""
    tree = parse(complete(outputs[0], *_WHOLE), Dialect())
    return PartnerPrefixes(items=tuple(partner_filters(tree, flat_neighbors(tree, member=_MEMBER))))


def _isis(tree: Tree) -> Iterator[RoutingSession]:
    for name, port in below(tree, "interface"):
        speaks = says(port, r"ip(?:v6)? router isis ") and "isis passive" not in port
        if speaks and not passive({}, name):
            secure = says(port, r"isis password md5 ")
            yield RoutingSession(protocol="isis", name=name, authenticated=secure)


def _ospf(tree: Tree) -> Iterator[RoutingSession]:
    process = together([tree.get("router ospf", {}), *(t for _, t in below(tree, "router ospf"))])
    whole = says(process, r"area \S+ authentication message-digest")
    if says(process, r"network "):  # which interfaces it means is not worked out here
        yield RoutingSession(protocol="ospf", name="network")
    for name, port in below(tree, "interface"):
        speaks = says(port, r"ip ospf (?:\d+ )?area ") and not says(port, r"ip ospf passive")
        if not speaks or passive(process, name):
            continue
        digest = whole or says(port, r"ip ospf authentication message-digest")
        secure = says(port, r"ip ospf authentication key-chain ") or (
            digest and says(port, r"ip ospf message-digest-key ")
        )
        yield RoutingSession(protocol="ospf", name=name, authenticated=secure)
