"""What carries the traffic: aggregated links, OSPF, LDP and RSVP, routes, corrected errors."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from dcctl.facts.fec import Fec, FecPort
from dcctl.facts.lag import Lag, LagMember, Lags
from dcctl.facts.ldp import LdpSession, LdpSessions
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.facts.routes import RouteCount, RouteCounts
from dcctl.facts.rsvp import RsvpPath, RsvpPaths
from dcctl.platforms._parsing import expect, number
from dcctl.platforms.juniper_junos._json import every, present, root_of, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_CARRIES = "Collecting distributing"
_FAMILIES = {"inet": "ipv4", "inet6": "ipv6"}
_PROTOCOLS = {"direct": "connected", "is-is": "isis"}
_STATES = {"dn": "down"}


def lag(outputs: Sequence[Output]) -> Lags | None:
    """LACP says how its members are; which links are bundled without it, the interfaces do."""
    lacp, terse = outputs
    negotiated = _negotiated(lacp)
    ports = list(every(root_of(terse, "interface-information") or {}, "physical-interface"))
    expect(ports, terse, "no interface")
    up = {text(port, "name"): text(port, "oper-status") == "up" for port in ports}
    bundled: dict[str, list[str]] = {name: [] for name in up if name.startswith("ae")}
    for port in ports:
        for family in every(port, "address-family"):
            group = text(family, "ae-bundle-name").partition(".")[0]
            names = bundled.setdefault(group, []) if group else []
            if text(port, "name") not in names:
                names.append(text(port, "name"))
    for group in negotiated:
        expect(group in bundled, lacp, f"{group} is no interface")
    items = [
        Lag(
            name=group,
            up=up.get(group, False),
            protocol="lacp" if group in negotiated else "static",
            members=negotiated.get(group)
            or tuple(LagMember(interface=name, active=up[name]) for name in names),
        )
        for group, names in bundled.items()
        if names or group in negotiated
    ]
    return Lags(items=tuple(items)) if items else None


def _negotiated(lacp: Output) -> dict[str, tuple[LagMember, ...]]:
    root = root_of(lacp, "lacp-interface-information-list")
    groups = {}
    for group in every(root or {}, "lacp-interface-information"):
        name = text(next(every(group, "lag-lacp-header"), {}), "aggregate-name")
        members = list(every(group, "lag-lacp-protocol"))
        expect(name and members, lacp, "a group without name or member")
        groups[name] = tuple(
            LagMember(
                interface=text(member, "name"),
                active=text(member, "lacp-mux-state") == _CARRIES,
                state=text(member, "lacp-mux-state").lower(),
            )
            for member in members
        )
    expect(groups or root is None or not root, lacp, "no group in it")
    return groups


def ospf(outputs: Sequence[Output]) -> OspfNeighbors | None:
    """Neighbours of the main instance."""
    output = outputs[0]
    root = root_of(output, "ospf-neighbor-information")
    items = [
        OspfNeighbor(
            interface=_said(element, "interface-name", output),
            neighbor=_said(element, "neighbor-id", output),
            state=_said(element, "ospf-neighbor-state", output).lower(),
            address=text(element, "neighbor-address"),
        )
        for element in every(root or {}, "ospf-neighbor")
    ]
    return OspfNeighbors(items=tuple(items)) if items else None


def ldp(outputs: Sequence[Output]) -> LdpSessions | None:
    """Sessions; Junos' table names no interface."""
    output = outputs[0]
    root = root_of(output, "ldp-session-information")
    items = [
        LdpSession(
            neighbor=_said(element, "ldp-neighbor-address", output),
            state=_said(element, "ldp-session-state", output).lower(),
        )
        for element in every(root or {}, "ldp-session")
    ]
    return LdpSessions(items=tuple(items)) if items else None


def rsvp(outputs: Sequence[Output]) -> RsvpPaths | None:
    """Paths that begin, end or pass here, and the neighbours."""
    sessions, neighbors = outputs
    root = root_of(sessions, "rsvp-session-information")
    paths = []
    for role in every(root or {}, "rsvp-session-data"):
        found = list(every(role, "rsvp-session"))
        stated = number(text(role, "count"))
        expect(stated in (None, len(found)), sessions, "not every path was understood")
        paths += [_path(element, text(role, "session-type"), sessions) for element in found]
    heard = root_of(neighbors, "rsvp-neighbor-information")
    names = [
        _said(element, "rsvp-neighbor-address", neighbors)
        for element in every(heard or {}, "rsvp-neighbor")
    ]
    stated = number(text(heard or {}, "rsvp-neighbor-count"))
    expect(stated in (None, len(names)), neighbors, "not every neighbour was understood")
    if not paths and not names:
        return None
    return RsvpPaths(items=tuple(paths), neighbors=tuple(names))


def _path(element: dict[str, Any], role: str, output: Output) -> RsvpPath:
    state = _said(element, "lsp-state", output).lower()
    return RsvpPath(
        name=_said(element, "name", output),
        destination=_said(element, "destination-address", output),
        source=text(element, "source-address"),
        state=_STATES.get(state, state),
        role=role.lower(),
    )


def _said(element: dict[str, Any], name: str, output: Output) -> str:
    found = text(element, name)
    expect(found, output, f"no {name}")
    return found


def routes(outputs: Sequence[Output]) -> RouteCounts:
    """Routes by table and source; tables of labels and of other families are left out."""
    output = outputs[0]
    tables = list(every(root_of(output, "route-summary-information") or {}, "route-table"))
    expect(tables, output, "no table")
    counts: Counter[tuple[str, str, str]] = Counter()
    total = None
    for table in tables:
        vrf, _, kind = text(table, "table-name").removesuffix(".0").rpartition(".")
        if kind not in _FAMILIES or not text(table, "table-name").endswith(".0"):
            continue
        whole, summed = number(text(table, "total-route-count")), 0
        for source in every(table, "protocols"):
            name = text(source, "protocol-name").lower()
            count = number(text(source, "protocol-route-count"))
            expect(name and count is not None, output, "a source without name or number")
            counts[_PROTOCOLS.get(name, name), vrf or "default", _FAMILIES[kind]] += count or 0
            summed += count or 0
        expect(whole is None or whole == summed, output, "the sum is another")
        total = whole if (vrf, kind) == ("", "inet") else total
    items = (
        RouteCount(protocol=protocol, count=count, vrf=vrf, family=family)
        for (protocol, vrf, family), count in counts.items()
    )
    return RouteCounts(items=tuple(items), total=total)


def fec(outputs: Sequence[Output]) -> Fec | None:
    """What each port that corrects errors counted; BER only where the optics tell it."""
    output = outputs[0]
    ports = list(every(root_of(output, "interface-information") or {}, "physical-interface"))
    expect(ports, output, "no interface")
    items = []
    for port in ports:
        counted = next(every(port, "ethernet-fec-statistics"), None)
        if counted is None or not _enabled(port):
            continue
        corrected, lost = text(counted, "fec_ccw_count"), text(counted, "fec_nccw_count")
        expect(corrected.isdigit() and lost.isdigit(), output, "a counter is no number")
        items.append(
            FecPort(
                interface=text(port, "name"),
                pre_fec_ber=_rate(text(counted, "pre-fec-ber")),
                corrected=int(corrected),
                uncorrected=int(lost),
            )
        )
    return Fec(items=tuple(items)) if items else None


def _enabled(port: dict[str, Any]) -> bool:
    """A port may count and yet have no FEC: it then names no mode."""
    if not present(port, "ethernet-fec-mode"):
        return True
    mode = text(next(every(port, "ethernet-fec-mode"), {}), "enabled_fec_mode")
    return mode.upper() not in ("", "NONE")


def _rate(stated: str) -> float | None:
    try:
        return float(stated)
    except ValueError:
        return None
