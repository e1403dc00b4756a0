"""What takes an unconfirmed change back when nobody confirms it: the device's own net, or less."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dcctl.errors import CommandFailed, Refused
from dcctl.model.approval import APPROVED, Approval
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from dcctl.contracts import Change, Remediation
    from dcctl.executors._device import DeviceSession

_GRACE = 60.0  # seconds after its time in which the old configuration must be there again
ROUNDING = 60.0  # most devices count in whole minutes


class NetKind(StrEnum):
    """What an unconfirmed change is held by. Stored in outcomes."""

    NATIVE = "native"
    RELOAD = "reload"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """How one change is applied, confirmed and taken back."""

    kind: NetKind
    change: Change
    seconds: int

    @property
    def waits(self) -> float:
        """The longest that it may take until the old configuration is seen again, in seconds."""
        if self.kind is NetKind.NONE:
            return _GRACE
        boot = self.change.reload_net.boot_s if self.reloads and self.change.reload_net else 0
        return self.seconds + ROUNDING + _GRACE + boot

    @property
    def held(self) -> bool:
        """Whether what is unconfirmed goes with the session that applied it."""
        return self.kind is NetKind.NATIVE and self.change.held

    @property
    def reloads(self) -> bool:
        """Whether what is unconfirmed goes with a planned reload."""
        return self.kind is NetKind.RELOAD

    def apply(self, session: DeviceSession, wanted: Remediation) -> None:
        """Change, so that it goes away again unless it is confirmed."""
        if self.kind is NetKind.NATIVE and self.change.apply is not None:
            self.change.apply(session, wanted, self.seconds)
            return
        if self.reloads and self.change.reload_net is not None:
            self.change.reload_net.arm(session, self.seconds)
        session.configure((*wanted.prepare, *wanted.lines))

    def confirm(self, session: DeviceSession) -> None:
        """Let what was applied stay."""
        if self.kind is NetKind.NATIVE:
            self.change.confirm(session)
        elif self.reloads and self.change.reload_net is not None:
            self.change.reload_net.cancel(session)

    def revert(self, session: DeviceSession) -> None:
        """Take back now what waits; a planned reload is waited for."""
        if not self.reloads:
            self.change.revert(session)

    def settle(self, session: DeviceSession, *, confirmed: bool) -> None:
        """Confirm and save what a dead process left, or take it back; nothing may be waiting."""
        if not confirmed:
            with suppress(CommandFailed):
                self.revert(session)
            return
        with suppress(CommandFailed):  # it was confirmed before the process died
            self.confirm(session)
        self.change.save(session)


def net_of(
    change: Change, session: DeviceSession, options: Mapping[str, Any], name: str, platform: str
) -> Net:
    """The best net that the device has.

    Raises:
        Refused: it has none, or only one that takes an approval of its own. TargetError.
    """
    seconds = int(options.get("safety_net_s", 120))
    approved = frozenset(options.get(APPROVED) or ())
    native = change.apply is not None
    if native and change.guarded is not None:
        native = change.guarded(session)  # an older release may not have its platform's net
    if native:
        return Net(kind=NetKind.NATIVE, change=change, seconds=seconds)
    if change.reload_net is not None and Approval.RELOAD in approved:
        return Net(kind=NetKind.RELOAD, change=change, seconds=seconds)
    if Approval.NO_SAFETY_NET in approved:
        return Net(kind=NetKind.NONE, change=change, seconds=seconds)
    hint = N_("--no-safety-net changes it all the same, and the journal says who allowed it")
    if change.reload_net is not None:
        hint = N_("--approve-reload lets it reload into its saved configuration when that fails")
    raise Refused(
        N_("{name}: {platform} can't take a change back by itself"),
        hint=hint,
        name=name,
        platform=platform,
    )
