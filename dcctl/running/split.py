"""From a wave to shards: who goes with whom, and how much of the caps each shard may use. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcctl.model.approval import APPROVED
from dcctl.model.plan import Shard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from dcctl.model.plan import Plan, Step
    from dcctl.model.record import Run
    from dcctl.model.target import Target

FEW = 25  # targets that are not worth a second worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Everything that the shards of one wave have in common."""

    plan: Plan
    run: Run
    wave: int
    generation: int  # 1 for a run's first start, one more with each resume
    processes: int
    site_root: str
    folder: Callable[[str], Path]
    resume: Mapping[str, int]
    done: frozenset[str]
    journalled: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()  # step ids that this run is through with
    begun: frozenset[str] = frozenset()  # targets that this run has begun to change
    settle: bool = False  # something was changed before, and may need time to come up
    unwell: frozenset[str] = frozenset()  # targets whose change did not end well


def make_shards(share: Share, steps: Sequence[Step]) -> tuple[Shard, ...]:
    """Shards of `steps`: targets that need the same executors together."""
    groups: dict[tuple[str, ...], list[Target]] = {}
    by_target: dict[str, list[Step]] = {}
    for step in steps:
        by_target.setdefault(step.target, []).append(step)
    together = {s.target: s.settings["together"]["name"] for s in steps if "together" in s.settings}
    needed: dict[str, set[str]] = {}
    for name, own in by_target.items():
        needed.setdefault(together.get(name, name), set()).update(step.executor for step in own)
    for name in by_target:
        kind = tuple(sorted(needed[together.get(name, name)]))
        groups.setdefault(kind, []).append(share.plan.targets[name])
    parts = [
        part
        for _, targets in sorted(groups.items())
        for part in _parts(targets, min(share.processes, math.ceil(len(targets) / FEW)), together)
    ]
    options = _options(share, min(share.processes, len(parts)))
    return tuple(
        _shard(share, number, targets, [s for t in targets for s in by_target[t.name]], options)
        for number, targets in enumerate(parts, 1)
    )


def _parts(targets: Sequence[Target], count: int, groups: Mapping[str, str]) -> list[list[Target]]:
    """`targets` dealt out; those of one all-or-nothing group (target -> group) stay together."""
    units: dict[str, list[Target]] = {}
    for target in targets:
        units.setdefault(groups.get(target.name) or f"/{target.name}", []).append(target)
    dealt = list(units.values())
    hands = [[t for unit in dealt[start::count] for t in unit] for start in range(count)]
    return [hand for hand in hands if hand]


def _options(share: Share, slots: int) -> dict[str, Any]:
    """The plan's options, with this shard's part of what all shards may do at once."""
    options = dict(share.plan.options)
    slots = max(1, slots)
    total = max(1, int(options.get("concurrency") or 1))
    caps = {site: max(1, int(cap)) for site, cap in (options.get("site_caps") or {}).items()}
    options["concurrency"] = max(1, total // slots)
    options["site_caps"] = {site: max(1, cap // slots) for site, cap in caps.items()}
    options["settle"] = share.settle
    options["unwell"] = sorted(share.unwell)
    options[APPROVED] = list(share.run.request.get(APPROVED, ()))
    return options


def _shard(
    share: Share,
    number: int,
    targets: Sequence[Target],
    steps: Sequence[Step],
    options: Mapping[str, Any],
) -> Shard:
    name = f"g{share.generation:03d}-w{share.wave:04d}-s{number:04d}"
    names = {target.name for target in targets}
    fellows = {one for step in steps for one in step.settings.get("together", {}).get("steps", ())}
    wanted = {check for step in steps for check in step.settings.get("checks", ())}
    plan = share.plan
    return Shard(
        run=share.run.id,
        id=name,
        wave=share.wave,
        targets=tuple(targets),
        steps=tuple(steps),
        folder=str(share.folder(name)),
        site_root=share.site_root,
        lab=plan.lab,
        preconditions={n: f for n, f in plan.preconditions.items() if n in names},
        checks={name: p for name, p in plan.checks.items() if name in wanted},
        options=options,
        resume={step.id: share.resume[step.id] for step in steps if step.id in share.resume},
        journalled={s.id: share.journalled[s.id] for s in steps if share.journalled.get(s.id)},
        done=tuple(s.id for s in plan.steps if s.target in names | fellows and s.id in share.done),
        settled=tuple(
            s for s in plan.steps if s.target in names and s.changes and s.id in share.settled
        ),
        begun=tuple(sorted(share.begun & names)),
    )


@dataclass(frozen=True, slots=True)
class Room:
    """What may run at once, over all shards."""

    concurrency: int
    site_caps: Mapping[str, int]

    def fits(self, shard: Shard, running: Sequence[Shard]) -> bool:
        """Whether `shard` can start beside those that run; one shard alone always can."""
        if not running:
            return True
        if sum(_most(one) for one in (*running, shard)) > self.concurrency:
            return False
        return all(
            sum(_most(one, site) for one in (*running, shard)) <= cap
            for site, cap in self.site_caps.items()
            if _most(shard, site)
        )


def _most(shard: Shard, site: str | None = None) -> int:
    """How many targets (of `site`) the shard may touch at the same time."""
    present = sum(1 for target in shard.targets if site in (None, target.site))
    most = min(present, int(shard.options.get("concurrency") or 1))
    if site is None:
        return most
    return min(most, int(shard.options["site_caps"].get(site, most)))
