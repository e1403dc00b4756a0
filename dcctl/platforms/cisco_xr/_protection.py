"""How an IOS XR router's routing neighbours prove who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.routing_protection import RoutingProtection, RoutingSession
from dcctl.platforms._configuration import complete
from dcctl.platforms._hierarchy import Dialect, Tree, parse
from dcctl.platforms._protection import below, nested_bgp, others, passive, says

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_WHOLE = (r"^hostname ", r"^end\s*\Z")


def routing_protection(outputs: Sequence[Output]) -> RoutingProtection:
    """IS-IS and OSPF by interface, BGP by neighbour."""
    tree = parse(complete(outputs[0], *_WHOLE), Dialect())
    return RoutingProtection(
        items=(
            *_isis(tree),
            *_ospf(tree),
            *nested_bgp(
                tree,
                group="use (?:neighbor-group|session-group)",
                template="(?:neighbor-group|session-group)",
                secured=r"(?:password|keychain|ao) ",
                counted=r"maximum-prefix ",
            ),
            *others(tree),
        )
    )


def _isis(tree: Tree) -> Iterator[RoutingSession]:
    for _, process in below(tree, "router isis"):
        for name, port in below(process, "interface"):
            if not (passive({}, name) or "passive" in port or "shutdown" in port):
                # `hello-password text` is a password in clear; without a word it is a digest.
                secure = says(port, r"hello-password (?!text )")
                yield RoutingSession(protocol="isis", name=name, authenticated=secure)


def _ospf(tree: Tree) -> Iterator[RoutingSession]:
    """A process's word counts for its areas, an area's for its interfaces, unless they say one."""
    for _, process in below(tree, "router ospf"):
        for _, area in below(process, "area"):
            for name, port in below(area, "interface"):
                if passive({}, name) or says(port, r"passive enable"):
                    continue
                level = next(
                    (one for one in (port, area, process) if says(one, r"authentication\b")), {}
                )
                keys = any(says(one, r"message-digest-key ") for one in (port, area, process))
                secure = says(level, r"authentication (?:message-digest )?keychain ") or (
                    says(level, r"authentication message-digest") and keys
                )
                yield RoutingSession(protocol="ospf", name=name, authenticated=secure)
