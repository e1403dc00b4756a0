"""What joins the elements: light, links, adjacencies, routes and sessions.

Everything here follows from the elements' configurations and faults; the only memory is since when
it has been so.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dcctl.lab.elements.agreement import AGREEMENTS, Agreement, pair
from dcctl.lab.elements.faults import Faults
from dcctl.lab.elements.model import NO_LIGHT_DBM, Happening, Intent, PortIntent

ADJACENCY_S = 1.0  # from the link's coming up to an adjacency
SESSION_S = 2.0  # from a route to an established BGP session
HEARD_S = 1.0  # from the link's coming up to the first LLDP frame
IGPS = ("isis", "ospf")
MAX_METRIC = 65535  # of OSPF, RFC 6987
SENSITIVITY_DBM = -24.0  # a receiver below this sees no frame
_LOSS_DB = {"ethernet": 0.8, "fibre": 2.6, "dwdm": 7.5, "oob": 0.8}
_SILENT = PortIntent(enabled=False)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link."""

    host: str
    port: str


@dataclass(frozen=True, slots=True)
class Link:
    """A cable between two ends; a far end that is no simulated element always shines."""

    a: End
    b: End
    medium: str = "fibre"

    def other(self, end: End) -> End:
        """The far end."""
        return self.b if end == self.a else self.a


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether something holds, and since when that has been so."""

    holds: bool = False
    since: float = 0.0

    def becomes(self, holds: bool, now: float) -> Condition:  # noqa: FBT001 - the new value
        """The condition from now on; the same one if nothing changed."""
        return self if holds == self.holds else Condition(holds, now)


NEVER = Condition()


@lru_cache(maxsize=1 << 16)
def spread(text: str, low: float, high: float) -> float:
    """A number between `low` and `high` that always is the same for `text`."""
    share = zlib.crc32(text.encode()) / 0xFFFFFFFF
    return round(low + share * (high - low), 2)


class Fabric:
    """The links between elements. `intent` and `alive` ask for an element's present state."""

    def __init__(
        self,
        links: Sequence[Link],
        intent: Callable[[str], Intent | None],
        alive: Callable[[str], bool],
        faults: Callable[[str], Faults],
        tell: Callable[[str, Happening], None],
    ) -> None:
        self.version = 0
        self.routing = 0  # grows with whatever moves a shortest path
        self._rerouted = 0.0  # when an adjacency last came or went, anywhere
        self._touched: dict[str, tuple[Intent | None, bool, float]] = {}
        self.intent, self.alive = intent, alive
        self._intent, self._alive, self._faults, self._tell = intent, alive, faults, tell
        self._links: dict[End, Link] = {}
        self._ends: dict[str, list[End]] = defaultdict(list)
        for link in links:
            for end in (link.a, link.b):
                self._links[end] = link
                self._ends[end.host].append(end)
        self._up: dict[Link, Condition] = {}
        self._joined: dict[str, dict[Link, Condition]] = {name: {} for name in AGREEMENTS}
        self._sessions: dict[tuple[str, str], Condition] = {}  # by the two ends, sorted
        # (host, address) -> the session at that version
        self._looked: dict[tuple[str, str], tuple[int, Condition]] = {}
        self._owners: dict[str, set[str]] = defaultdict(set)
        self._addresses: dict[str, tuple[str, ...]] = {}
        self._reached: dict[tuple[str, str], tuple[int, frozenset[str]]] = {}

    # --- what changes --------------------------------------------------------------------------

    def refresh(self, host: str, now: float) -> None:
        """`host` changed (configuration, power or fault): work out its links anew."""
        self.version += 1
        intent, alive = self._intent(host), self._alive(host)
        before = self._touched.get(host)
        if before is None or before[0] is not intent or before[1] != alive:
            self._touched[host] = (intent, alive, now)
        if before is None or before[1] != alive or _weights(before[0]) != _weights(intent):
            self.routing += 1
        self._index(host)
        for end in self._ends.get(host, ()):
            self._refresh_link(self._links[end], now)

    def _index(self, host: str) -> None:
        intent = self._intent(host)
        ports = intent.ports.values() if intent else ()
        fresh = tuple(
            address.partition("/")[0]
            for port in ports
            if port.enabled
            for address in port.addresses
        )
        old = self._addresses.get(host, ())
        if fresh == old:
            return
        for address in old:
            self._owners[address].discard(host)
        for address in fresh:
            self._owners[address].add(host)
        self._addresses[host] = fresh

    def _refresh_link(self, link: Link, now: float) -> None:
        up = all(self.receives(end) > SENSITIVITY_DBM for end in (link.a, link.b))
        up = up and all(self.shines(end) for end in (link.a, link.b))
        before = self._up.get(link, NEVER)
        self._up[link] = before.becomes(up, now)
        changed = {"link": up} if up != before.holds else {}
        for name, agreement in AGREEMENTS.items():
            joined = self._joined[name].get(link, NEVER)
            holds = up and self._agree(link, agreement)
            self._joined[name][link] = joined.becomes(holds, now)
            if holds != joined.holds:
                changed[name] = holds
        if changed.keys() & set(IGPS):
            self._rerouted = now
            self.routing += 1
        for end in (link.a, link.b):
            for kind in ("link", "isis"):  # what elements write to their logs
                if kind in changed:
                    self._say(end, kind, changed[kind])

    def _say(self, end: End, kind: str, up: bool) -> None:  # noqa: FBT001
        if self._alive(end.host) and self._intent(end.host):
            far = self._intent(self._links[end].other(end).host)
            self._tell(
                end.host,
                Happening(kind=kind, subject=end.port, up=up, neighbor=far.hostname if far else ""),
            )

    # --- light ---------------------------------------------------------------------------------

    def port(self, end: End) -> PortIntent:
        """What the configuration at one end says."""
        intent = self._intent(end.host)
        return intent.ports.get(end.port, _SILENT) if intent else _SILENT

    def shines(self, end: End) -> bool:
        """Whether the laser at this end is on."""
        if self._intent(end.host) is None:
            return True
        return self._alive(end.host) and self.port(end).enabled

    def sends(self, end: End) -> float:
        """Transmitted power, dBm."""
        if not self.shines(end):
            return NO_LIGHT_DBM
        return spread(f"tx {end.host} {end.port}", -2.6, -0.4)

    def receives(self, end: End) -> float:
        """Received power, dBm."""
        link = self._links.get(end)
        if link is None:
            return NO_LIGHT_DBM
        far = link.other(end)
        faults = [(self._faults(at.host), at.port) for at in (end, far)]
        if any(port in fault.cut for fault, port in faults):
            return NO_LIGHT_DBM
        loss = _LOSS_DB.get(link.medium, 2.6) + spread(f"loss {link.a} {link.b}", 0.0, 1.2)
        loss += sum(
            fault.attenuation.get(port, 0.0) + fault.dimmed.get(port, 0.0) for fault, port in faults
        )
        return max(NO_LIGHT_DBM, round(self.sends(far) - loss, 2))

    def up(self, end: End) -> Condition:
        """Whether the link at this end carries frames."""
        link = self._links.get(end)
        return self._up.get(link, NEVER) if link else NEVER

    # --- neighbours ----------------------------------------------------------------------------

    def _agree(self, link: Link, agreement: Agreement) -> bool:
        mine, theirs = self._intent(link.a.host), self._intent(link.b.host)
        if mine is None or theirs is None:
            return False
        return agreement(mine, theirs, self.port(link.a), self.port(link.b))

    def neighbors(self, host: str) -> Iterator[tuple[End, End, Condition]]:
        """(own end, far end, link condition) of every link that carries frames."""
        for end in self._ends.get(host, ()):
            condition = self.up(end)
            if condition.holds:
                yield end, self._links[end].other(end), condition

    def adjacency(
        self, end: End, protocol: str = "isis"
    ) -> tuple[Condition, tuple[str, str] | None]:
        """Whether both ends agree on a protocol, and the two addresses (own, far) for it."""
        link = self._links[end]
        far = link.other(end)
        return self._joined[protocol].get(link, NEVER), pair(
            self.port(end).addresses, self.port(far).addresses
        )

    # --- routes and sessions -------------------------------------------------------------------

    def reached(self, host: str, igp: str = "isis") -> frozenset[str]:
        """Every element that `host` has a route to; one overloaded in IS-IS is never crossed."""
        cached = self._reached.get((host, igp))
        if cached and cached[0] == self.version:
            return cached[1]
        seen, frontier = {host}, [host]
        while frontier:
            at = frontier.pop()
            intent = self._intent(at)
            if igp == "isis" and at != host and intent and intent.overload:
                continue
            for end in self._ends.get(at, ()):
                link = self._links[end]
                far = link.other(end).host
                if far not in seen and self._joined[igp].get(link, NEVER).holds:
                    seen.add(far)
                    frontier.append(far)
        found = frozenset(seen)
        self._reached[host, igp] = (self.version, found)
        return found

    def towards(self, host: str) -> Iterator[tuple[End, End, int]]:
        """(own end, far end, what it costs from there to here) of every way of the IGPs."""
        for end in self._ends.get(host, ()):
            link = self._links[end]
            far = link.other(end)
            port, intent = self.port(far), self._intent(far.host)
            if self._joined["isis"].get(link, NEVER).holds:
                yield end, far, port.metric
            elif self._joined["ospf"].get(link, NEVER).holds:
                stub = intent is not None and intent.max_metric
                yield end, far, MAX_METRIC if stub else port.ospf_cost

    def reaches(self, host: str, far: str) -> bool:
        """Whether any IGP has a route from one to the other."""
        return any(far in self.reached(host, igp) for igp in IGPS)

    def session(self, host: str, address: str) -> Condition:
        """The BGP session from `host` to the neighbour at `address`; the same seen from both ends.

        It is worked out when somebody looks, so since when it holds is known no closer than this:
        not before either
        end last changed, nor, if it was seen down, before routes last moved.
        """
        looked = self._looked.get((host, address))
        if looked is None or looked[0] != self.version:
            looked = (self.version, self._session(host, address))
            self._looked[host, address] = looked
        return looked[1]

    def _session(self, host: str, address: str) -> Condition:
        owners = self._owners.get(address, ())
        owner = next((one for one in owners if self._speaks(host, address, one)), "")
        first, second = sorted((host, owner or next(iter(owners), address)))
        before = self._sessions.get((first, second))
        if before is not None and before.holds == bool(owner):
            return before
        since = max(self._touched[one][2] for one in (host, owner or host))
        if before is not None:
            since = max(since, self._rerouted)
        self._sessions[first, second] = Condition(bool(owner), since)
        return self._sessions[first, second]

    def _speaks(self, host: str, address: str, owner: str) -> bool:
        mine, theirs = self._intent(host), self._intent(owner)
        if owner == host or mine is None or theirs is None:
            return False
        if not (self._alive(host) and self._alive(owner)):
            return False
        out = next((peer for peer in mine.bgp if peer.address == address and peer.enabled), None)
        if out is None or out.remote_as != theirs.asn:
            return False
        for back in theirs.bgp:
            if not back.enabled or back.remote_as != mine.asn:
                continue
            if back.address not in self._addresses.get(host, ()):
                continue
            if out.source and out.source != back.address:
                continue
            if back.source and back.source != address:
                continue
            if self._routed(host, address, owner, back.address):
                return True
        return False

    def _routed(self, host: str, address: str, owner: str, own: str) -> bool:
        for end, far, _ in self.neighbors(host):
            if far.host != owner:
                continue
            if pair(self.port(end).addresses, self.port(far).addresses) == (own, address):
                return True
        return any(
            owner in self.reached(host, igp)
            for igp in IGPS
            if self._advertises(owner, address, igp) and self._advertises(host, own, igp)
        )

    def _advertises(self, host: str, address: str, igp: str) -> bool:
        intent = self._intent(host)
        ports: Iterable[PortIntent] = intent.ports.values() if intent else ()
        return any(
            port.enabled and _in(port, igp) and _holds(port.addresses, address) for port in ports
        )


def _weights(intent: Intent | None) -> tuple[object, ...]:
    if intent is None:
        return ()
    ports = {name: (port.metric, port.ospf_cost) for name, port in intent.ports.items()}
    return intent.overload, intent.max_metric, intent.graceful_shutdown, ports


def _in(port: PortIntent, igp: str) -> bool:
    return port.isis or port.passive if igp == "isis" else bool(port.ospf)


def _holds(addresses: Sequence[str], address: str) -> bool:
    return any(one.partition("/")[0] == address for one in addresses)


def links_between(ends: Mapping[End, tuple[End, str]]) -> tuple[Link, ...]:
    """Links, each once, from what every end says of its far end and medium."""
    found: dict[frozenset[End], Link] = {}
    for end, (far, medium) in ends.items():
        a, b = sorted((end, far), key=lambda at: (at.host, at.port))
        found.setdefault(frozenset((end, far)), Link(a, b, medium))
    return tuple(found.values())
