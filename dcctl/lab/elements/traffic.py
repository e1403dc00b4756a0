"""Traffic between the sites and the centre: where it flows, and when a site has no way.

Each site sends and receives an amount that always is the same for its name, by the shortest paths
of the interior routing; equal paths share it. It goes round what is drained as long as it can.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from dcctl.lab.elements.fabric import End, Fabric, spread
from dcctl.lab.elements.model import Intent, Note

Load = tuple[float, float, float]  # since when, bits per second in, out

_IDLE_BPS = 2600.0  # hellos and the like, on a link that is up
_UP_SHARE = 0.3  # of what a site receives, it sends
_KEPT_S = 3600.0
_Flows = dict[End, tuple[float, float]]


def averaged(loads: Sequence[Load], now: float, seconds: float) -> tuple[float, float]:
    """(in, out), weighted exponentially over `seconds`, as routers show a rate."""
    if not loads:
        return 0.0, 0.0
    _, inward, outward = loads[0]
    ends = [*(since for since, _, _ in loads[1:]), now]
    for (since, to_in, to_out), end in zip(loads, ends, strict=True):
        left = math.exp(-max(0.0, end - since) / seconds)
        inward, outward = to_in + (inward - to_in) * left, to_out + (outward - to_out) * left
    return inward, outward


def drained(intent: Intent | None) -> bool:
    """Whether its configuration asks others to go round it."""
    return intent is not None and (intent.overload or intent.max_metric or intent.graceful_shutdown)


class Traffic:
    """The flows of a network. `sites` gives each element's; `anchors` are the centre's edge."""

    def __init__(
        self,
        fabric: Fabric,
        sites: Mapping[str, str],
        anchors: Sequence[str],
        tell: Callable[[Note], None],
        now: float,
    ) -> None:
        self._fabric, self._anchors, self._tell = fabric, tuple(anchors), tell
        centre = {sites.get(one, "") for one in anchors}
        self._homes: dict[str, list[str]] = defaultdict(list)
        for name, site in sites.items():
            if site and site not in centre:
                self._homes[site].append(name)
        self._seen = -1
        self._history: list[tuple[float, _Flows]] = [(now, {})]
        self._version = 0  # of the history
        self._loads: dict[End, tuple[int, bool, tuple[Load, ...]]] = {}
        self.cut: dict[str, float] = {}  # sites without a way now, since when
        self._reached: set[str] = set()  # sites that had one

    def loads(self, end: End) -> tuple[Load, ...]:
        """What went through a port lately, and what goes now."""
        up = self._fabric.up(end).holds
        known = self._loads.get(end)
        if known is None or known[:2] != (self._version, up):
            known = self._loads[end] = (self._version, up, self._looked_up(end))
        return known[2]

    def _looked_up(self, end: End) -> tuple[Load, ...]:
        idle = _IDLE_BPS if self._fabric.up(end).holds else 0.0
        found: list[Load] = []
        for since, flows in self._history:
            inward, outward = flows.get(end, (0.0, 0.0))
            one = (since, inward + idle, outward + idle)
            if not found or found[-1][1:] != one[1:]:
                found.append(one)
        return tuple(found)

    def moved(self, now: float) -> None:
        """Routing may have changed."""
        if self._fabric.routing == self._seen or not self._anchors:
            return
        if self._seen < 0:
            self._history.clear()  # as if it had been so for long
        self._seen = self._fabric.routing
        distance, order, hops = self._shortest()
        flows: dict[str, float] = defaultdict(float)
        for site, homes in self._homes.items():
            entries = [one for one in homes if one in distance]
            entries = [one for one in entries if not self._drained(one)] or entries
            self._judge(site, now, has_way=bool(entries))
            demand = spread(f"demand {site}", 8.0e8, 4.0e9)
            for one in entries:
                flows[one] += demand / len(entries)
        self._keep(now, _spread_out(flows, order, hops))

    def _keep(self, now: float, flows: _Flows) -> None:
        if len(self._history) > 1 and self._history[-1][0] == now:
            self._history.pop()
        self._history.append((now, flows))
        self._version += 1
        while len(self._history) > 1 and self._history[1][0] < now - _KEPT_S:
            self._history.pop(0)

    def _judge(self, site: str, now: float, *, has_way: bool) -> None:
        if has_way and site in self.cut:
            del self.cut[site]
            self._tell(Note(kind="outage", text="end", subject=site))
        elif not has_way and site in self._reached and site not in self.cut:
            self.cut[site] = now
            self._tell(Note(kind="outage", text="start", subject=site))
        if has_way:
            self._reached.add(site)

    def _drained(self, name: str) -> bool:
        return drained(self._fabric.intent(name))

    def _sinks(self) -> list[str]:
        living = [one for one in self._anchors if self._fabric.alive(one)]
        return [one for one in living if not self._drained(one)] or living

    def _shortest(
        self,
    ) -> tuple[dict[str, float], list[str], dict[str, list[tuple[End, End]]]]:
        """Distances to the centre, elements farthest first, and each one's next hops."""
        distance: dict[str, float] = {}
        order: list[str] = []
        hops: dict[str, list[tuple[End, End]]] = defaultdict(list)
        sinks = self._sinks()
        best: dict[str, float] = dict.fromkeys(sinks, 0.0)
        queue = [(0.0, one) for one in sinks]
        while queue:
            far, at = heapq.heappop(queue)
            if at in distance:
                continue
            distance[at] = far
            order.append(at)
            if not self._crossed(at, sinks):
                continue
            for end, there, cost in self._fabric.towards(at):
                total = far + cost
                known = best.get(there.host, math.inf)
                if total < known:
                    best[there.host] = total
                    hops[there.host] = []
                    heapq.heappush(queue, (total, there.host))
                if total <= known and there.host not in sinks:
                    hops[there.host].append((there, end))
        return distance, order[::-1], hops

    def _crossed(self, name: str, sinks: Sequence[str]) -> bool:
        intent = self._fabric.intent(name)
        return name in sinks or not (intent and intent.overload)


def _spread_out(
    amounts: dict[str, float], order: list[str], hops: Mapping[str, list[tuple[End, End]]]
) -> _Flows:
    flows: dict[End, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for at in order:
        ways = hops.get(at, [])
        if not ways or not amounts.get(at):
            continue
        share = amounts[at] / len(ways)
        for own, far in ways:
            flows[own][0] += share
            flows[own][1] += share * _UP_SHARE
            flows[far][0] += share * _UP_SHARE
            flows[far][1] += share
            amounts[far.host] = amounts.get(far.host, 0.0) + share
    return {end: (inward, outward) for end, (inward, outward) in flows.items()}
