"""How a VRP router's routing neighbours prove who they are."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from dcctl.facts.routing_protection import RoutingProtection, RoutingSession
from dcctl.platforms._configuration import complete
from dcctl.platforms._hierarchy import Dialect, Tree, parse
from dcctl.platforms._parsing import expect
from dcctl.platforms._protection import below, flat_bgp, passive, says

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_WHOLE = (r"^sysname ", r"^return\s*\Z")
_DIGEST = r"(?:md5|hmac-md5|hmac-sha\S+|keychain)\b"
_POLICIES = "(?:route-policy|route-filter|ip-prefix|filter-policy|as-path-filter)"


def routing_protection(outputs: Sequence[Output]) -> RoutingProtection:
    """IS-IS and OSPF by interface, BGP by neighbour."""
    text = complete(outputs[0], *_WHOLE)
    torn = _torn(text)
    expect(not torn, outputs[0], torn)
    tree = parse(text, Dialect())
    return RoutingProtection(
        items=(
            *_isis(tree),
            *_ospf(tree),
            *flat_bgp(
                tree,
                member="group",
                secured=r"(?:password|keychain) ",
                counted=r"route-limit ",
                both_ways=(rf"{_POLICIES} \S+ import\b", rf"{_POLICIES} \S+ export\b"),
                word="peer",
                remote="as-number",
            ),
            *_others(tree),
        )
    )


def _torn(text: str) -> str:
    """A line that stands inside a section and belongs to none: VRP ends each with a `#`."""
    head, inside = "", False
    for line in text.splitlines():
        if line.startswith(" "):
            inside = True
        elif line.startswith("#") or not line.strip():
            inside = False
        else:
            if inside and line.split()[0] != head:  # terminals follow one another without
                return line.strip()
            head, inside = line.split()[0], False
    return ""


def _isis(tree: Tree) -> Iterator[RoutingSession]:
    for name, port in below(tree, "interface"):
        speaks = says(port, r"isis (?:ipv6 )?enable") and not says(port, r"isis silent")
        if speaks and not passive({}, name):
            secure = says(port, rf"isis authentication-mode {_DIGEST}")
            yield RoutingSession(protocol="isis", name=name, authenticated=secure)


def _ospf(tree: Tree) -> Iterator[RoutingSession]:
    areas = {
        area: inner for _, process in below(tree, "ospf") for area, inner in below(process, "area")
    }
    processes = [inner for _, inner in below(tree, "ospf")]
    networks = [
        (ipaddress.ip_network(f"{match[1]}/{match[2]}", strict=False), inner)
        for inner in areas.values()
        for line in inner
        if (match := re.match(r"network (\S+) (\S+)", line))
    ]
    for name, port in below(tree, "interface"):
        area = next((inner for inner in _areas_of(port, areas, networks)), None)
        silent = any(says(one, rf"silent-interface (?:all|{re.escape(name)})") for one in processes)
        if area is None or silent or passive({}, name):
            continue
        own = says(port, r"ospf authentication-mode ")
        secure = (
            says(port, rf"ospf authentication-mode {_DIGEST}")
            if own
            else says(area, rf"authentication-mode {_DIGEST}")
        )
        yield RoutingSession(protocol="ospf", name=name, authenticated=secure)


def _areas_of(
    port: Tree,
    areas: dict[str, Tree],
    networks: list[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, Tree]],
) -> Iterator[Tree]:
    for line in port:
        stated = re.match(r"ospf enable (?:\d+ )?area (\S+)", line)
        if stated:
            yield areas.get(stated[1], {})
        address = re.match(r"ip address (\d\S+)", line)
        if address:
            held = ipaddress.ip_address(address[1])
            yield from (inner for network, inner in networks if held in network)


def _others(tree: Tree) -> Iterator[RoutingSession]:
    for line in tree:
        match = re.match(r"(rip|ripng|ospfv3) (\d+)", line)
        if match:
            yield RoutingSession(protocol=match[1], name=match[2])
