"""What an element sees: the light at its ports and its neighbours, as its system asks for it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dcctl.errors import NotFound
from dcctl.lab.elements.agreement import BACKBONE
from dcctl.lab.elements.fabric import ADJACENCY_S, HEARD_S, SESSION_S, End, spread
from dcctl.lab.elements.faults import troubles
from dcctl.lab.elements.model import (
    AdjacencyState,
    AlarmState,
    BgpState,
    Heard,
    Intent,
    LdpState,
    OspfState,
    PortState,
    Surroundings,
)
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dcctl.lab.elements.network import Network

_NO_MAC = "020000000000"


def surroundings(network: Network, name: str) -> Surroundings:
    """All that an element can know of the world now."""
    intent = network.intent(name)
    if intent is None:
        raise NotFound(N_("the lab has no simulated element {name}"), name=name)
    if network.watched.get(name) != network.fabric.version:
        for peer in intent.bgp:  # sessions remember since when, and are only watched by who looks
            network.fabric.session(name, peer.address)
        network.watched[name] = network.fabric.version
    return _Seen(network, name)


class _Seen(Surroundings):
    """Surroundings worked out when they are asked for: most commands look at one thing only.

    They are of this very moment: nobody keeps them.
    """

    __slots__ = ("_name", "_network")

    def __init__(self, network: Network, name: str) -> None:
        off = network.faults_of(name).clock_offset_s
        for field, value in (
            ("_network", network),
            ("_name", name),
            ("now", network.now),
            ("clock", network.now + off),
        ):
            object.__setattr__(self, field, value)

    def __getattr__(self, field: str) -> Any:
        """A field that nobody asked for yet."""
        work_out = _FIELDS.get(field)
        if work_out is None:
            raise AttributeError(field)
        network, name = self._network, self._name
        intent = network.intent(name)
        assert intent is not None  # noqa: S101 - asked when this was made
        value = work_out(network, name, intent)
        object.__setattr__(self, field, value)
        return value


def _ports(network: Network, name: str, intent: Intent) -> dict[str, PortState]:
    element, faults = network.elements[name], network.faults_of(name)
    states = {}
    for port in element.chassis.ports:
        end = End(element.chassis.name, port.name)
        if port.name == element.chassis.management_port:
            wanted = intent.ports.get(port.name)
            states[port.name] = PortState(up=bool(wanted and wanted.enabled), since=element.booted)
            continue
        condition = network.fabric.up(end)
        loads = network.traffic.loads(end)
        states[port.name] = PortState(
            up=condition.holds,
            since=condition.since,
            tx_dbm=network.fabric.sends(end),
            rx_dbm=network.fabric.receives(end),
            temperature_c=spread(f"{end}", 28.0, 38.0),
            errors=faults.errors.get(port.name, 0),
            in_bps=loads[-1][1],
            out_bps=loads[-1][2],
            loads=loads,
        )
    return states


def _adjacencies(network: Network, name: str, _intent: Intent) -> tuple[AdjacencyState, ...]:
    found = []
    for end, far, _ in network.fabric.neighbors(name):
        condition, pair = network.fabric.adjacency(end)
        theirs = network.intent(far.host)
        if not condition.holds or pair is None or theirs is None:
            continue
        if network.now < condition.since + ADJACENCY_S:
            continue
        here, there = network.fabric.port(end), network.fabric.port(far)
        found.append(
            AdjacencyState(
                port=end.port,
                neighbor=theirs.hostname,
                system_id=theirs.system_id,
                own_address=pair[0],
                address=pair[1],
                level=BACKBONE if BACKBONE in here.levels & there.levels else 1,
                since=condition.since + ADJACENCY_S,
                bfd=here.bfd and there.bfd,
            )
        )
    return tuple(found)


def _ospf(network: Network, name: str, _intent: Intent) -> tuple[OspfState, ...]:
    found = []
    for end, far, _ in network.fabric.neighbors(name):
        condition, pair = network.fabric.adjacency(end, "ospf")
        theirs = network.intent(far.host)
        if not condition.holds or pair is None or theirs is None:
            continue
        if network.now < condition.since + ADJACENCY_S:
            continue
        found.append(
            OspfState(
                port=end.port,
                area=network.fabric.port(end).ospf,
                neighbor=theirs.hostname,
                router_id=theirs.router_id,
                own_address=pair[0],
                address=pair[1],
                since=condition.since + ADJACENCY_S,
            )
        )
    return tuple(found)


def _ldp(network: Network, name: str, intent: Intent) -> tuple[LdpState, ...]:
    """A session for each peer, where a route to it exists; its TCP goes between LSR ids."""
    found: dict[str, LdpState] = {}
    for end, far, _ in network.fabric.neighbors(name):
        condition, pair = network.fabric.adjacency(end, "ldp")
        theirs = network.intent(far.host)
        if not condition.holds or pair is None or theirs is None:
            continue
        since = condition.since + SESSION_S
        if network.now < since or not network.fabric.reaches(name, far.host):
            continue
        before = found.get(theirs.router_id)
        found[theirs.router_id] = LdpState(
            peer=theirs.router_id,
            neighbor=theirs.hostname,
            own=intent.router_id,
            ports=(*(before.ports if before else ()), end.port),
            addresses=(*(before.addresses if before else ()), pair[1]),
            since=min(since, before.since) if before else since,
        )
    return tuple(found.values())


def _bgp(network: Network, name: str, intent: Intent) -> tuple[BgpState, ...]:
    found = []
    for peer in intent.bgp:
        condition = network.fabric.session(name, peer.address)
        up = condition.holds and network.now >= condition.since + SESSION_S
        found.append(
            BgpState(
                address=peer.address,
                remote_as=peer.remote_as,
                state="established" if up else "active" if peer.enabled else "idle",
                since=condition.since + (SESSION_S if up else 0.0),
                prefixes=int(spread(f"{name} {peer.address}", 20, 400)) if up else 0,
                description=peer.description,
            )
        )
    return tuple(found)


def _heard(network: Network, name: str, intent: Intent) -> tuple[Heard, ...]:
    found = []
    for end, far, condition in network.fabric.neighbors(name):
        theirs = network.intent(far.host)
        if theirs is None or not (intent.lldp and theirs.lldp):
            continue
        if network.now < condition.since + HEARD_S:
            continue
        there = network.fabric.port(far)
        if not (there.lldp and network.fabric.port(end).lldp):
            continue
        found.append(_frame(network, end, far, theirs.hostname, there.description))
    return tuple(found)


def _frame(network: Network, end: End, far: End, system: str, description: str) -> Heard:
    element = network.elements.get(far.host)
    if element is None:
        return Heard(
            port=end.port, system=system, port_id=far.port, mac=_NO_MAC, description=description
        )
    chassis = element.chassis
    return Heard(
        port=end.port,
        system=system,
        port_id=network.system(far.host).port_id(far.port),
        mac=chassis.ports[0].mac if chassis.ports else _NO_MAC,
        description=description,
        platform=chassis.system,
        management=chassis.management_address.partition("/")[0],
    )


def _source(network: Network, name: str, intent: Intent) -> str:
    return intent.ntp[0] if intent.ntp and not network.faults_of(name).clock_offset_s else ""


def _offset_ms(network: Network, name: str, _intent: Intent) -> float:
    off = network.faults_of(name).clock_offset_s
    return off * 1000 if off else spread(f"ntp {name}", -1.9, 1.9)


def _alarms(network: Network, name: str, _intent: Intent) -> tuple[AlarmState, ...]:
    element = network.elements[name]
    return (
        *(AlarmState(text=text, since=since) for text, since in network.faults_of(name).alarms),
        *(AlarmState(text=text, since=element.booted) for text in element.software.alarms),
    )


_FIELDS: Mapping[str, Callable[[Network, str, Intent], Any]] = MappingProxyType(
    {
        "ports": _ports,
        "adjacencies": _adjacencies,
        "ospf": _ospf,
        "ldp": _ldp,
        "bgp": _bgp,
        "heard": _heard,
        "synchronised": lambda network, name, intent: bool(_source(network, name, intent)),
        "ntp_source": _source,
        "ntp_offset_ms": _offset_ms,
        "alarms": _alarms,
        "users": lambda network, name, _intent: tuple(network.terminals[name].values()),
        "troubles": lambda network, name, _intent: troubles(network.faults_of(name)),
    }
)
