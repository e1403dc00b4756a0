"""Neighbours and routes of EOS, from its JSON; LDP from its text, which has no JSON form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.ldp import LdpSession, LdpSessions
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.facts.routes import RouteCount, RouteCounts
from dcctl.platforms._parsing import expect, paragraphs, seconds, text_of
from dcctl.platforms.arista_eos._answers import absent, data_of, part, parts, whole, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_LEVELS = {"level-1": 1, "level-2": 2, "level-1-2": 12, "L1": 1, "L2": 2, "L1L2": 12}


def _vrfs(output: Output) -> dict[str, Any]:
    return part(output, data_of(output, "vrfs"), "vrfs")


def isis(outputs: Sequence[Output]) -> IsisAdjacencies | None:
    """Every adjacency of every instance."""
    output = outputs[0]
    if absent(output):
        return None
    items = []
    for vrf in _vrfs(output).values():
        for instance in part(output, vrf, "isisInstances").values():
            for system, neighbor in part(output, instance, "neighbors").items():
                items += [
                    IsisAdjacency(
                        interface=word(output, one, "interfaceName"),
                        neighbor=str(one.get("hostname") or system),
                        state=word(output, one, "state").lower(),
                        level=_LEVELS.get(str(one.get("level"))),
                    )
                    for one in parts(output, neighbor, "adjacencies")
                ]
    return IsisAdjacencies(items=tuple(items)) if items else None


def ospf(outputs: Sequence[Output]) -> OspfNeighbors | None:
    """Every neighbour of every instance."""
    output = outputs[0]
    if absent(output):
        return None
    items = []
    for vrf in _vrfs(output).values():
        for instance in part(output, vrf, "instList").values():
            items += [
                OspfNeighbor(
                    interface=word(output, one, "interfaceName"),
                    neighbor=word(output, one, "routerId"),
                    state=word(output, one, "adjacencyState").lower().replace("2ways", "2way"),
                    address=str(one.get("interfaceAddress") or ""),
                )
                for one in parts(output, instance, "ospfNeighborEntries")
            ]
    return OspfNeighbors(items=tuple(items)) if items else None


def bgp(outputs: Sequence[Output]) -> BgpPeers | None:
    """Every IPv4 peer of every VRF."""
    output = outputs[0]
    if absent(output):
        return None
    vrfs = _vrfs(output)
    items = [
        _peer(output, name, address, peer)
        for name, vrf in vrfs.items()
        for address, peer in part(output, vrf, "peers").items()
    ]
    own = vrfs.get("default") or {}
    asn = str(own.get("asn") or "")
    if not items and not asn:
        return None
    return BgpPeers(
        items=tuple(items),
        local_as=as_number(output, asn) if asn else None,
        router_id=str(own.get("routerId") or ""),
    )


def _peer(output: Output, vrf: str, address: str, peer: dict[str, Any]) -> BgpPeer:
    state = word(output, peer, "peerState").lower()
    established = state == "established"
    since = peer.get("upDownTime")
    age = None
    if established and isinstance(since, (int, float)) and since > 0:
        age = max(0, int(clock.now().timestamp() - since))
    return BgpPeer(
        neighbor=address,
        remote_as=as_number(output, str(peer.get("asn") or peer.get("peerAsn") or "")),
        state=state,
        prefixes_received=whole(output, peer, "prefixReceived") if established else None,
        uptime_s=age,
        vrf=vrf,
    )


def as_number(output: Output, text: str) -> int:
    """`65000` or `1.10`."""
    expect(re.fullmatch(r"\d+(?:\.\d+)?", text), output, f"no AS number: {text[:20]}")
    high, _, low = text.rpartition(".")
    return int(high or 0) * 65536 + int(low)


def bfd(outputs: Sequence[Output]) -> BfdSessions | None:
    """Every session of every VRF."""
    output = outputs[0]
    if absent(output):
        return None
    items = []
    for vrf in _vrfs(output).values():
        expect("ipv4Neighbors" in vrf, output, "no sessions in it")
        for family in ("ipv4Neighbors", "ipv6Neighbors"):
            for address, neighbor in (vrf.get(family) or {}).items():
                for port, one in part(output, neighbor, "peerStats").items():
                    state = word(output, one, "status").lower()
                    items.append(
                        BfdSession(
                            neighbor=address,
                            state={"admindown": "admin_down"}.get(state, state),
                            interface=str(one.get("l3intf") or port or ""),
                        )
                    )
    return BfdSessions(items=tuple(items)) if items else None


_PEER = re.compile(r"^\s*Peer LDP (?:ID|Ident(?:ifier)?): (?P<peer>[\d.]+):\d+", re.MULTILINE)
_STATE = re.compile(r"\bState: (?P<state>\w+)")
_UP = re.compile(r"\bUp ?time: (?P<age>[\w:]+)")
_SOURCE = re.compile(r"[Dd]iscovery sources:\s*\n\s*(?P<port>[A-Z][\w/]+)")


def ldp(outputs: Sequence[Output]) -> LdpSessions | None:
    """Every LDP session: one paragraph each, as `show mpls ldp neighbor` writes it."""
    output = outputs[0]
    if absent(output) or not text_of(output).strip():
        return None
    blocks = paragraphs(output.text, _PEER)
    expect(blocks, output, "no LDP peer in it")
    items = []
    for block in blocks:
        peer, state = _PEER.search(block), _STATE.search(block)
        expect(peer and state, output, "a peer without a state")
        age, source = _UP.search(block), _SOURCE.search(block)
        expect(age and source, output, "a peer that is cut short")
        if peer and state:
            items.append(
                LdpSession(
                    neighbor=peer["peer"],
                    state={"oper": "operational"}.get(
                        state["state"].lower(), state["state"].lower()
                    ),
                    interface=source["port"] if source else "",
                    uptime_s=seconds(age["age"]) if age else None,
                )
            )
    return LdpSessions(items=tuple(items))


_PLAIN = {
    "connected": ("connected",),
    "static": ("static", "staticPersistent", "staticNonPersistent", "staticNexthopGroup"),
    "rip": ("rip",),
    "aggregate": ("aggregate",),
}
_GROUPS = {
    "bgpCounts": ("bgp", "bgpTotal"),
    "ospfCounts": ("ospf", "ospfTotal"),
    "isisCounts": ("isis", "isisTotal"),
}


def routes(outputs: Sequence[Output]) -> RouteCounts | None:
    """Counts by protocol of every VRF; `total` is that of the default one."""
    output = outputs[0]
    vrfs = _vrfs(output)
    expect(all("totalRoutes" in vrf for vrf in vrfs.values()), output, "a VRF without a total")
    items = [count for name, vrf in vrfs.items() for count in _counts(output, name, vrf)]
    total = whole(output, vrfs.get("default") or {}, "totalRoutes")
    return RouteCounts(items=tuple(items), total=total) if items or total is not None else None


def _counts(output: Output, name: str, vrf: dict[str, Any]) -> Iterator[RouteCount]:
    for protocol, keys in _PLAIN.items():
        found = [whole(output, vrf, key) for key in keys if key in vrf]
        if found:
            yield RouteCount(protocol=protocol, count=sum(one or 0 for one in found), vrf=name)
    for key, (protocol, total) in _GROUPS.items():
        group = vrf.get(key)
        if isinstance(group, dict):
            yield RouteCount(protocol=protocol, count=whole(output, group, total) or 0, vrf=name)
