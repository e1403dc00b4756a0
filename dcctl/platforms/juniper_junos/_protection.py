"""How a Junos router's routing neighbours prove who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.routing_protection import RoutingProtection, RoutingSession
from dcctl.platforms.juniper_junos._configuration import lines_of, under

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output
    from dcctl.platforms.juniper_junos._change import Words

_BGP_KEYS = ("authentication-key", "authentication-key-chain")
_LIMITS = ("prefix-limit", "accepted-prefix-limit")


def routing_protection(outputs: Sequence[Output]) -> RoutingProtection:
    """IS-IS and OSPF by interface, BGP by neighbour."""
    lines = lines_of(outputs[0])
    others = [kind for kind in ("rip", "ripng", "ospf3") if under(lines, "protocols", kind)]
    return RoutingProtection(
        items=(
            *_isis(under(lines, "protocols", "isis")),
            *_ospf(under(lines, "protocols", "ospf")),
            *_bgp(lines),
            *(RoutingSession(protocol=kind, name="-") for kind in others),
        )
    )


def _isis(lines: list[Words]) -> Iterator[RoutingSession]:
    """A level's key proves every packet, an interface's its hellos."""
    whole = any(
        words[0] == "level" and words[2] in _BGP_KEYS
        for words in lines
        if len(words) > 2  # noqa: PLR2004
    )
    simple = any("simple" in words for words in lines)
    ports = _by_name([words[1:] for words in lines if words[0] == "interface"])
    for name, said in ports.items():
        if name.startswith("lo0") or any("passive" in words for words in said):
            continue
        own = any(word.startswith("hello-authentication-key") for words in said for word in words)
        yield RoutingSession(
            protocol="isis", name=name, authenticated=(own or whole) and not simple
        )


def _ospf(lines: list[Words]) -> Iterator[RoutingSession]:
    said = [words[3:] for words in lines if words[:1] == ("area",) and words[2:3] == ("interface",)]
    for name, port in _by_name(said).items():
        if name.startswith("lo0") or any("passive" in words for words in port):
            continue
        secure = any(
            words[0] == "authentication" and words[1] in ("md5", "keychain", "key-chain")
            for words in port
            if len(words) > 1
        )
        yield RoutingSession(protocol="ospf", name=name, authenticated=secure)


def _by_name(said: list[Words]) -> dict[str, list[Words]]:
    found: dict[str, list[Words]] = {}
    for words in said:
        found.setdefault(words[0], []).append(words[1:])
    return found


def _bgp(lines: list[Words]) -> Iterator[RoutingSession]:
    """What a group says counts for its neighbours, what BGP says for its groups."""
    said = under(lines, "protocols", "bgp")
    common = [words for words in said if words[0] != "group"]
    own_as = next((words[0] for words in under(lines, "routing-options", "autonomous-system")), "")
    groups = _by_name([words[1:] for words in said if words[0] == "group"])
    for group in groups.values():
        shared = [words for words in group if words[:1] != ("neighbor",)]
        for name, own in _by_name([w[1:] for w in group if w[:1] == ("neighbor",)]).items():
            told = [words for words in (*own, *shared, *common) if words]
            first = {words[0]: words[1] for words in reversed(told) if len(words) > 1}
            kind = first.get("type", "")
            other = first.get("peer-as", own_as if kind == "internal" else "")
            heads = {words[0] for words in told}
            yield RoutingSession(
                protocol="bgp",
                name=name,
                authenticated=bool(heads & set(_BGP_KEYS)) or "tcp-ao" in first,
                external=kind == "external" or other != own_as,
                limited=any(word in _LIMITS for words in told for word in words),
                filtered={"import", "export"} <= heads,
            )
