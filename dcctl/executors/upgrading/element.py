"""One element while it is upgraded: what is known of it, and how it is looked at."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import TargetError
from dcctl.executors import _outcomes
from dcctl.executors._witnesses import Neighbours
from dcctl.executors.upgrading import installed, proof
from dcctl.executors.upgrading.detour import Detour
from dcctl.executors.upgrading.journal import Journal
from dcctl.executors.upgrading.order import order_of
from dcctl.model.approval import APPROVED, Approval
from dcctl.model.upgrade import UpgradeNet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Context, Platform, Upgrade
    from dcctl.executors._witnesses import Witnesses
    from dcctl.executors.upgrading.door import Door
    from dcctl.model.outcome import GateFinding, Reading
    from dcctl.model.plan import Step
    from dcctl.model.target import Target

_MARGIN_S = 60.0  # of the safety net, left for committing


class Element:
    """The element of one upgrade step."""

    def __init__(
        self,
        step: Step,
        target: Target,
        platform: Platform,
        context: Context,
        door: Door,
        witnesses: Witnesses,
    ) -> None:
        self.step, self.target, self.platform, self.context = step, target, platform, context
        self.door, self.witnesses = door, witnesses
        self.started = _outcomes.now()
        self.order = order_of(step)
        self.upgrade = _upgrade_of(platform)
        self._guarded: bool | None = None  # whether this very device has its platform's net
        self.journal = Journal(step, context)
        self.neighbours = Neighbours(step.target, step.settings.get("witnesses", ()), witnesses)
        self.detour = Detour(target, platform, door)
        self.before: proof.Snapshot | None = None  # snapshot A
        self.findings: tuple[GateFinding, ...] = ()
        self.drained = False
        self.undrained = ""  # `Detour.state` before the drain
        self.previous = self.order.previous  # what could be gone back to
        self.back_at = 0.0  # when its door was first seen open again, where a login ends the net
        self.entered = False  # whether somebody logged in since: that ends a net of kind LOGIN
        self.armed_at = 0.0  # when the safety net was armed, on the monotonic clock
        self.evidence: list[str] = []
        self.data: dict[str, Any] = {}  # what the outcome tells besides its message

    @property
    def name(self) -> str:
        """Its name."""
        return self.target.name

    # --- its safety net ---

    @property
    def net(self) -> UpgradeNet:
        """What takes the old release back on this very device."""
        if self.upgrade.guarded is None:
            return self.upgrade.net
        if self._guarded is None:
            self._guarded = self.upgrade.guarded(self.door.session())
        return self.upgrade.net if self._guarded else UpgradeNet.NONE

    def remember_net(self, net: UpgradeNet) -> None:
        """What an earlier process found out about `net`."""
        self._guarded = net is not UpgradeNet.NONE

    @property
    def net_s(self) -> int:
        """How long the safety net holds, within what the platform allows."""
        least, most = self.upgrade.net_range_s
        return min(max(self.order.net_s, least), most) if most else self.order.net_s

    def until(self, seconds: float) -> float:
        """So many seconds from now, but never longer than the safety net leaves."""
        until = clock.monotonic() + seconds
        if self.net is UpgradeNet.TIMER and self.armed_at:
            return min(until, self.armed_at + self.net_s - _MARGIN_S)
        return until

    # --- looking at it ---

    def look(self, topics: Sequence[str] = ()) -> proof.Snapshot:
        """A snapshot of `topics` (default: those of snapshot A), and of the fibres' far ends."""
        asked = topics or tuple(self.before.readings if self.before else ())
        return proof.take(asked, self.door, self._far)

    def _far(self, since: float) -> dict[str, Reading]:
        """The light at the far ends of its fibres; an end that can't tell is left out."""
        ends = {target.name: target for target in self.neighbours.who}
        return {
            name: reading
            for name, target in ends.items()
            if (reading := self.witnesses.read(target, ("optics",), since)["optics"]).value
        }

    def hold_gates(
        self,
        until: float,
        *,
        since: proof.Snapshot | None = None,
        first: proof.Snapshot | None = None,
    ) -> proof.Snapshot | None:
        """Look until every gate passes, against snapshot A or (in a soak) one without a restart.

        `first` is a look just taken; gives the last one, of which every gate passed.

        Raises:
            CommandFailed, TargetTimeout: one doesn't, or could not tell.
        """
        before = since or self.before
        if before is None:
            return None
        try:
            self.findings, last = proof.hold(
                self.target,
                self.order,
                before,
                self.look,
                until,
                self.context.cancelled,
                first=first,
                restarted=since is None,
            )
        except (proof.GateClosedError, proof.GateUnknownError) as error:
            self.findings = error.findings
            raise
        return last

    def hold_neighbours(self) -> None:
        """Look until the neighbours see all that they saw before.

        Raises:
            CommandFailed, TargetTimeout: one doesn't, or could not tell.
        """
        self.neighbours.hold(self.until(self.order.settle_s), 0.0, stop=self.context.cancelled)

    def is_committed(self) -> bool:
        """Whether the new release is seen to run for good."""
        with suppress(TargetError):
            now = self.upgrade.installed(self.door.session())
            return now.running == self.order.image.version and now.committed is not False
        return False

    def approved(self, what: Approval) -> bool:
        """Whether the run was approved to do `what`."""
        return what in (self.context.options.get(APPROVED) or ())


def _upgrade_of(platform: Platform) -> Upgrade:
    installed(platform)
    assert platform.upgrade is not None  # noqa: S101 - else that has raised
    return platform.upgrade
