"""All-or-nothing groups: targets whose changes are confirmed only when all of them have passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dcctl.errors import InvalidInput, Refused
from dcctl.model.estate import RedundancyGroup
from dcctl.model.plan import Step, StepKind
from dcctl.text import N_


def with_groups(steps: Sequence[Step], groups: Iterable[Sequence[str]]) -> tuple[Step, ...]:
    """`steps`, those that change a configuration told whom they stand or fall with.

    Raises:
        InvalidInput: a target is in two groups, or is in one and nothing is to be configured there.
    """
    mine: dict[str, tuple[str, ...]] = {}
    for members in groups:
        for name in members:
            if name in mine:
                raise InvalidInput(N_("{name} can't be in two groups of --together"), name=name)
            mine[name] = tuple(members)
    own = {step.target: step.id for step in steps if step.changes and step.kind is StepKind.CONFIG}
    for name in mine:
        if name not in own:
            raise InvalidInput(
                N_("--together names {name}, whose configuration this plan does not change"),
                name=name,
            )
    return tuple(
        _grouped(step, mine[step.target], own)
        if step.id in own.values() and step.target in mine
        else step
        for step in steps
    )


def _grouped(step: Step, members: Sequence[str], own: Mapping[str, str]) -> Step:
    group = {"name": "+".join(members), "steps": {name: own[name] for name in members}}
    return replace(step, settings={**step.settings, "together": group})


def refuse_redundant(
    groups: Iterable[Sequence[str]], redundancy: Iterable[RedundancyGroup]
) -> None:
    """Refuse a group that holds two members of one redundancy group: both would be down at once.

    Raises:
        Refused: names them.
    """
    held = list(redundancy)
    for members in groups:
        for group in held:
            both = [name for name in members if name in group.members]
            if len(both) > 1:
                raise Refused(
                    N_("{names} are redundant to each other ({group}): not to be changed together"),
                    hint=N_("--together-redundant changes them together all the same"),
                    names=", ".join(both),
                    group=group.name,
                )
