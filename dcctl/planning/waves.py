"""Waves: what may be touched at the same time.

Two members of one redundancy group never share a wave, nor do two that are asked about each
other's change: a neighbour that is itself under change would be blamed for what it no longer sees.
A wave takes the targets in the order given, so the same estate always gives the same waves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from dcctl.model.plan import Step, StepKind, Wave

CANARY = "canary"  # the title of the waves that prove the change for all others


def make_waves(
    steps: Sequence[Step],
    groups: Mapping[str, Sequence[str]],
    *,
    canary: int = 0,
    size: int = 0,
    last_resort: Collection[str] = (),
    together: Sequence[Collection[str]] = (),
) -> tuple[Wave, ...]:
    """Waves of the changing steps, each followed by one that verifies it; at last one that reads.

    Args:
        steps: every step of the plan, in order.
        groups: redundancy group -> its members.
        canary: how many targets of each executor the first wave takes; 0 makes no canary wave.
        size: most targets in a wave; 0 is no bound.
        last_resort: targets whose change would prove nothing: canaries only for want of others.
        together: targets that share a wave whatever else holds: all-or-nothing groups.
    """
    changing = [step for step in steps if step.changes]
    verifying = [step for step in steps if step.settings.get("verify")]
    reading = [step for step in steps if not step.changes and not step.settings.get("verify")]
    parts = _split(
        list(dict.fromkeys(step.target for step in changing)),
        changing,
        groups,
        canary,
        size,
        last_resort,
        {name: frozenset(members) for members in together for name in members},
    )
    waves: list[Wave] = []
    for title, targets in parts:
        _append(waves, title, [step for step in changing if step.target in set(targets)])
        _append(waves, "verify", [step for step in verifying if step.target in set(targets)])
    _append(waves, "read", reading)
    return tuple(waves)


def _append(waves: list[Wave], title: str, steps: Sequence[Step]) -> None:
    if steps:
        targets = tuple(dict.fromkeys(step.target for step in steps))
        ids = tuple(step.id for step in steps)
        waves.append(Wave(index=len(waves), targets=targets, steps=ids, title=title))


def _split(
    targets: Sequence[str],
    steps: Sequence[Step],
    groups: Mapping[str, Sequence[str]],
    canary: int,
    size: int,
    last_resort: Collection[str],
    fellows: Mapping[str, frozenset[str]],
) -> list[tuple[str, list[str]]]:
    rivals = _rivals(targets, (*groups.values(), *_witnessing(steps)))
    promising = sorted(targets, key=lambda target: target in last_resort)
    alone = set(_canaries(promising, steps, canary))
    chosen = alone.union(*(fellows.get(target, frozenset()) for target in alone))
    first = [target for target in targets if target in chosen]
    parts = [(CANARY, wave) for wave in _pack(first, rivals, size, fellows)]
    rest = [target for target in targets if target not in chosen]
    return parts + [("change", wave) for wave in _pack(rest, rivals, size, fellows)]


def kinds(steps: Iterable[Step]) -> dict[str, str]:
    """Whose canary speaks for each target: its executor's; of an upgrade, its operating system's.

    That of its first change counts.
    """
    found: dict[str, str] = {}
    for step in steps:
        if step.changes:
            found.setdefault(step.target, _kind(step))
    return found


def _kind(step: Step) -> str:
    if step.kind is not StepKind.UPGRADE:
        return step.executor
    return f"{step.executor}/{step.settings['order']['image']['platform']}"


def _canaries(targets: Sequence[str], steps: Sequence[Step], count: int) -> list[str]:
    executors = kinds(steps)
    taken: dict[str, int] = {}
    chosen = []
    for target in targets:
        executor = executors[target]
        if taken.get(executor, 0) < count:
            taken[executor] = taken.get(executor, 0) + 1
            chosen.append(target)
    return chosen


def _pack(
    targets: Sequence[str],
    rivals: Mapping[str, set[str]],
    size: int,
    fellows: Mapping[str, frozenset[str]],
) -> list[list[str]]:
    """First fit: each target goes into the earliest wave that holds none of its rivals.

    Fellows go as one; that they may be rivals of each other was approved when they were joined.
    """
    waves: list[list[str]] = []
    members: list[set[str]] = []
    placed: set[str] = set()
    for target in targets:
        if target in placed:
            continue
        group = [one for one in targets if one in fellows.get(target, {target})]
        placed.update(group)
        foes = set[str]().union(*(rivals[one] for one in group))
        for wave, held in zip(waves, members, strict=True):
            if not held & foes and not (size and len(wave) + len(group) > size):
                wave.extend(group)
                held.update(group)
                break
        else:
            waves.append(group)
            members.append(set(group))
    return waves


def _witnessing(steps: Iterable[Step]) -> list[tuple[str, str]]:
    """Each target of a change with each neighbour that is asked about it."""
    return [
        (step.target, str(witness["target"]["name"]))
        for step in steps
        for witness in step.settings.get("witnesses", ())
    ]


def _rivals(targets: Sequence[str], groups: Iterable[Sequence[str]]) -> dict[str, set[str]]:
    rivals: dict[str, set[str]] = {target: set() for target in targets}
    for members in groups:
        present = [member for member in members if member in rivals]
        for member in present:
            rivals[member].update(other for other in present if other != member)
    return rivals
