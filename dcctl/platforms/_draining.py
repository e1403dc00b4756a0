"""What drains of several operating systems have in common: what is spoken, and with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._hierarchy import Entry, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.model.target import Target
    from dcctl.platforms._hierarchy import Dialect

    # (target, "" or "no ") -> the sections of its protocols, with what leads traffic round it
    Sections = Callable[[Target, str], list[Entry]]

# The route policy that a drain makes and an undrain takes away; nobody else's has this name.
POLICY = "DCCTL-DRAIN"
GSHUT = "65535:0"  # RFC 8326


def spoken(target: Target) -> frozenset[str]:
    """The protocols of the target's links."""
    return frozenset(word for port in target.interfaces if port.link for word in port.protocols)


def asn(target: Target) -> int | None:
    """Its own number; None where it speaks no BGP."""
    routing = target.intent.get("routing") or {}
    number = routing.get("asn")
    return int(number) if number and routing.get("bgp_neighbors") else None


def peers(target: Target, *, external: bool | None = None) -> tuple[str, ...]:
    """Addresses of its BGP neighbours: all, or only those of other (or of its own) number."""
    own = asn(target)
    if own is None:
        return ()
    neighbors = target.intent["routing"]["bgp_neighbors"]
    return tuple(
        str(one["address"])
        for one in neighbors
        if external is None or (int(one["asn"]) != own) is external
    )


def areas(target: Target) -> tuple[str, ...]:
    """OSPF areas that it is in."""
    ports = (port for port in target.interfaces if port.link and "ospf" in port.protocols)
    return tuple(dict.fromkeys(port.area for port in ports))


# --- command lines like IOS's ---


def led_round(target: Target, sections: Sections, dialect: Dialect) -> tuple[str, ...]:
    """The lines that drain: the policy first, then the protocols that use it."""
    policy = Entry(
        f"route-map {POLICY} permit 10",
        [Entry("set local-preference 0"), Entry(f"set community {GSHUT} additive")],
    )
    before = [policy] if asn(target) else []
    return tuple(lines_of([*before, *sections(target, "")], dialect))


def led_back(target: Target, sections: Sections, dialect: Dialect) -> tuple[str, ...]:
    """The lines that undrain: the policy last, when nothing uses it any more."""
    after = [Entry(f"no route-map {POLICY}")] if asn(target) else []
    return tuple(lines_of([*sections(target, "no "), *after], dialect))


def interior(
    target: Target, no: str, *, overload: str = "set-overload-bit", process: str = "1"
) -> list[Entry]:
    """The sections of IS-IS and of the OSPF `process`."""
    speaks, sections = spoken(target), []
    if "isis" in speaks:
        name = f"router isis {target.variables['isis_instance']}"
        sections.append(Entry(name, [Entry(f"{no}{overload}")]))
    if "ospf" in speaks:
        sections.append(Entry(f"router ospf {process}", [Entry(f"{no}max-metric router-lsa")]))
    return sections


def announced(target: Target, no: str) -> list[Entry]:
    """BGP neighbours that get the policy; only other networks need its community too.

    What is preferred inside is not told to them.
    """
    lines = [f"neighbor {peer} route-map {POLICY} out" for peer in peers(target)]
    lines += [f"neighbor {peer} send-community" for peer in peers(target, external=True)]
    return [Entry(f"{no}{line}") for line in lines]
