"""What lets a change begin: its destructive lines were approved, and nobody else is at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.errors import ConfigurationLocked, Refused
from dcctl.model.approval import APPROVED, Approval
from dcctl.text import N_, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.contracts import Change
    from dcctl.executors._device import DeviceSession
    from dcctl.model.plan import Step


def approved(step: Step, destructive: Sequence[str], options: Mapping[str, Any]) -> None:
    """Refuse destructive lines that nobody approved, or that the plan did not show.

    Raises:
        Refused: names them.
    """
    if not destructive:
        return
    shown = {line[2:] for line in step.predicted or () if line[:2] in ("- ", "! ")}
    unseen = [line for line in destructive if line not in shown]
    allowed = Approval.DESTRUCTIVE in (options.get(APPROVED) or ())
    if step.predicted is None and allowed:
        return  # it was planned offline, and approved without being shown
    if unseen:
        raise Refused(
            N_("{name}: destructive lines that the plan did not show: {lines}"),
            hint=N_("make the plan again and approve it"),
            name=step.target,
            lines=shortened("; ".join(unseen), 300),
        )
    if not allowed:
        raise Refused(
            N_("{name}: destructive lines that were not approved: {lines}"),
            hint=N_("--approve-destructive approves them"),
            name=step.target,
            lines=shortened("; ".join(destructive), 300),
        )


def unoccupied(change: Change, session: DeviceSession, name: str) -> None:
    """Refuse where somebody's change waits to be confirmed: ours would be mixed with it.

    Raises:
        ConfigurationLocked: says what waits there. TargetError.
    """
    if change.pending is None:
        return
    with session.changing():
        told = change.pending(session)
    if told:
        raise ConfigurationLocked(
            N_("{name}: a change that is not ours waits there to be confirmed: {told}"),
            name=name,
            told=shortened(told, 200),
        )
