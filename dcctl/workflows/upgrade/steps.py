"""The steps and waves of a campaign, as its plan holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl import gates
from dcctl.model import plain
from dcctl.model.plan import Wave
from dcctl.planning import graph
from dcctl.planning.upgrades import upgrade_step
from dcctl.planning.waves import CANARY
from dcctl.planning.witnesses import reached, with_witnesses
from dcctl.workflows.plan import told_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.model.estate import Estate
    from dcctl.model.plan import Step
    from dcctl.planning.upgrades import Wish
    from dcctl.workflows.services import Services

_SPOKEN = ("isis", "ospf")
_ANY_BPS = 10**15


def steps_of(
    wanted: Mapping[str, Wish], waves: graph.WavePlan, services: Services, *, drain: bool
) -> list[Step]:
    """The step of each element: what it shall run, what must stay whole meanwhile, who watches."""
    kinds = zip(waves.waves, waves.kinds, strict=True)
    first = {name for wave, kind in kinds if kind is graph.WaveKind.CANARY for name in wave}
    tailored = gates.tailor(services.estate.site_config.gates)
    keeping = graph.Keeping(graph.graph_of(services.estate), waves.certificate)
    steps = []
    for name, wish in wanted.items():
        # What has no other way stays on it until it goes down.
        residue = {"residue_bps": _ANY_BPS} if name in waves.cutting else {}
        canary = name in first
        steps.append(
            _step(wish, services, keeping, canary=canary, drain=drain, gates=tailored, **residue)
        )
    return steps


def _step(
    wish: Wish,
    services: Services,
    keeping: graph.Keeping,
    *,
    canary: bool,
    drain: bool,
    **more: Any,
) -> Step:
    name = wish.target.name
    keeps = [kept_path(one, services.estate) for one in keeping.of(name)]
    hosts = {host for one in keeps for host in one["path"]} - {name}
    known = set(services.estate.names)
    kept = [services.estate.target(host) for host in sorted(hosts & known)]
    step = upgrade_step(
        wish,
        services.estate.site_config.policy.upgrade,
        keeps=keeps,
        kept=[reached(target) for target in kept if told_by(target)],
        canary=canary,
        drain=drain,
        waivers=[plain.to_plain(one) for one in services.estate.waivers],
        **more,
    )
    peers = {port.peer for port in wish.target.interfaces if port.link and port.enabled}
    fellows = {one: services.estate.target(one) for one in sorted(peers & known)}
    return with_witnesses(
        step, wish.target, {one: fellow for one, fellow in fellows.items() if told_by(fellow)}
    )


def kept_path(one: graph.KeptPath, estate: Estate) -> dict[str, Any]:
    """A kept path as the step holds it, each link with the protocols that must be up on it."""
    links = []
    for link in one.links:
        near, far = (estate.target(host) for host, _ in (link.a, link.b))
        port = next((p for p in near.interfaces if p.link == link.id), None)
        links.append(
            {
                "id": link.id,
                "a": {"host": link.a[0], "interface": link.a[1]},
                "b": {"host": link.b[0], "interface": link.b[1]},
                "protocols": [p for p in _SPOKEN if port is not None and p in port.protocols],
                "unseen": not (told_by(near) or told_by(far)),
            }
        )
    return {"site": one.site, "path": list(one.hosts), "links": links}


def waves_of(
    waves: graph.WavePlan, steps: Sequence[Step], reading: Sequence[Step]
) -> tuple[Wave, ...]:
    """The waves in their order, and the reading after the last."""
    own = {step.target: step.id for step in steps}
    made = [
        Wave(
            index=index,
            targets=members,
            steps=tuple(own[name] for name in members),
            title=CANARY if kind is graph.WaveKind.CANARY else kind.value,
        )
        for index, (members, kind) in enumerate(zip(waves.waves, waves.kinds, strict=True))
    ]
    if reading:
        targets = tuple(dict.fromkeys(step.target for step in reading))
        ids = tuple(step.id for step in reading)
        made.append(Wave(index=len(made), targets=targets, steps=ids, title="read"))
    return tuple(made)
