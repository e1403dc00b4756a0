"""How an SR OS router's routing neighbours prove who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.routing_protection import RoutingProtection, RoutingSession
from dcctl.platforms.nokia_sros._configuration import read
from dcctl.platforms.nokia_sros._tree import Tree, at, entries, value, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_KEYS = ("authentication-key", "authentication-keychain")


def routing_protection(outputs: Sequence[Output]) -> RoutingProtection:
    """IS-IS and OSPF by interface, BGP by neighbour, of the base router."""
    configuration = read(outputs[0])
    found: list[RoutingSession] = []
    for _, router in entries(configuration, "router"):
        for _, isis in entries(router, "isis"):
            found += _isis(isis)
        for _, ospf in entries(router, "ospf"):
            found += _ospf(ospf)
        found += _bgp(at(router, "bgp"), value(router, "autonomous-system"))
        found += [
            RoutingSession(protocol=kind, name="-")
            for kind in ("rip", "ripng", "ospf3")
            if at(router, kind).statements or any(True for _ in entries(router, kind))
        ]
    return RoutingProtection(items=tuple(found))


def _keyed(tree: Tree, before: str = "") -> bool:
    """Whether there is a key chain, or a key that is used for a digest."""
    if value(tree, f"{before}authentication-keychain"):
        return True
    digest = value(tree, f"{before}authentication-type") == "message-digest"
    return digest and bool(value(tree, f"{before}authentication-key"))


def _isis(isis: Tree) -> Iterator[RoutingSession]:
    """A key of the protocol proves every packet, an interface's its hellos."""
    for name, port in entries(isis, "interface"):
        if name != "system" and value(port, "passive") != "true":
            secure = _keyed(isis) or _keyed(port, "hello-")
            yield RoutingSession(protocol="isis", name=name, authenticated=secure)


def _ospf(ospf: Tree) -> Iterator[RoutingSession]:
    for _, area in entries(ospf, "area"):
        for name, port in entries(area, "interface"):
            if name == "system" or value(port, "passive") == "true":
                continue
            digest = value(port, "authentication-type") == "message-digest"
            keys = any(True for _ in entries(port, "message-digest-key"))
            secure = bool(value(port, "authentication-keychain")) or (digest and keys)
            yield RoutingSession(protocol="ospf", name=name, authenticated=secure)


def _bgp(bgp: Tree, asn: str) -> Iterator[RoutingSession]:
    groups = dict(entries(bgp, "group"))
    for name, own in entries(bgp, "neighbor"):
        told = (own, groups.get(value(own, "group"), Tree()), bgp)
        other = next((found for one in told if (found := value(one, "peer-as"))), asn)
        yield RoutingSession(
            protocol="bgp",
            name=name,
            authenticated=any(value(one, key) for one in told for key in _KEYS),
            external=other != asn,
            limited=any(any(True for _ in entries(one, "prefix-limit")) for one in told),
            filtered=all(
                any(values(at(one, way), "policy") for one in told) for way in ("import", "export")
            ),
        )
