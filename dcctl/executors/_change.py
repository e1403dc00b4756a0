"""A guarded change of one device's configuration, phase by phase, up to the look that proves it.

`_together` puts the phases in order, for one change or for several that stand or fall together.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.contracts import Remediation
from dcctl.errors import (
    CommandFailed,
    ConfigurationLocked,
    TargetError,
    TargetTimeout,
)
from dcctl.executors import _backup, _outcomes, _permits, sealing
from dcctl.executors._attempts import attempts
from dcctl.executors._net import ROUNDING, Net, NetKind, net_of
from dcctl.executors._wanted import change_of, explained, wanted_of
from dcctl.executors._witnesses import Neighbours
from dcctl.executors.evidence import redacted
from dcctl.model.backup import BEFORE_CHANGE
from dcctl.model.event import EventKind
from dcctl.model.status import NotStarted, StepStatus
from dcctl.text import N_, Text, shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.contracts import Context, Platform
    from dcctl.executors._device import DeviceSession
    from dcctl.executors._witnesses import Witnesses
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Step

_MARGIN = 15.0  # seconds of the net that are left for confirming


class GuardedChange:
    """One config step on one target.

    `reopen` gives a new session and ends the present one, unless told not to: that a *new* login
    works is what the safety net is there to find out. `witnesses` reads the target's neighbours.
    """

    def __init__(
        self,
        step: Step,
        platform: Platform,
        context: Context,
        session: DeviceSession,
        reopen: Callable[..., DeviceSession],
        witnesses: Witnesses,
    ) -> None:
        self.step, self.platform, self.context = step, platform, context
        self.session, self.reopen = session, reopen
        self.started = _outcomes.now()
        self.change = change_of(platform)
        self.goal = wanted_of(step, platform, context)
        self.neighbours = Neighbours(step.target, step.settings.get("witnesses", ()), witnesses)
        self.wanted = Remediation(lines=(), diff=())
        self._compared = False
        self.net: Net | None = None
        self.holder: DeviceSession | None = None  # where an unconfirmed change waits, if not here
        self.confirmed = self._asked = False  # asked: it may be confirmed, though no answer came
        self._armed_at = 0.0
        self._before = ""
        self._begun = False
        self._evidence: list[str] = []
        self._kept: dict[str, Any] = {}

    @property
    def in_doubt(self) -> bool:
        """Whether a process that died had begun it."""
        return bool(self.step.settings.get("in_doubt"))

    @property
    def idle(self) -> bool:
        """Whether the target already has what is wanted."""
        return self._compared and not self.wanted.lines

    # --- phases, in their order ---

    def arrived(self) -> bool:
        """Whether what is wanted runs already, confirmed or not."""
        return not self.goal.compare(self._running("in doubt")).lines

    def settle(self, *, confirmed: bool) -> None:
        """Confirm and save what a process that died had applied, or take it back."""
        self.begin()
        net = self._armed()
        if net.held:
            clock.sleep(net.seconds)  # it was confirmed, or goes with the session of the dead
            return
        if net.reloads and not confirmed:
            self._sit_out()
            return
        with self.session.changing():
            net.settle(self.session, confirmed=confirmed)
        if not confirmed:
            self.session = self.reopen()

    def prepare(self) -> None:
        """Look at the target and its neighbours, ask whether it may be, keep a backup."""
        self._before = self._running("before")
        self.wanted, self._compared = self.goal.compare(self._before), True
        if self.idle:
            return
        self._armed()
        lines = self._shown(self.wanted.destructive)
        _permits.approved(self.step, lines, self.context.options)
        _permits.unoccupied(self.change, self.session, self.step.target)
        self.neighbours.look_before()
        self._keep_backup()

    def begin(self) -> None:
        """Write down that it begins, before the first byte that could change anything."""
        if not self._begun:
            self._begun = True
            self.context.emit(
                EventKind.STEP_STARTED, target=self.step.target, step=self.step.id, durable=True
            )

    def apply(self) -> None:
        """Change the target, unconfirmed."""
        net = self._armed()
        self._armed_at = clock.monotonic()
        with self.session.changing():
            net.apply(self.session, self.wanted)

    def prove(self) -> None:
        """A new login, nothing that differs any more, and neighbours that see what they saw."""
        net = self._armed()
        self.holder = self.session if net.held else None
        self.session = self.reopen(end=not net.held)
        left = self.goal.compare(self._running("after"))
        if left.lines:
            self._in_time()  # else what differs is the old configuration, all of it
            raise CommandFailed(
                N_("{name}: after the change these lines still differ: {lines}"),
                name=self.step.target,
                lines=shortened("; ".join(self._shown(left.diff)), 300),
            )
        watch = float(self.context.options.get("watch_s") or 0.0)
        try:
            self.neighbours.hold(self._until(), watch, stop=self.context.cancelled)
        finally:
            self._tell(neighbours=self._seen())

    def confirm(self) -> None:
        """Let it stay, and save it."""
        self._in_time()
        net = self._armed()
        armed = self.holder or self.session
        self._asked = True
        with armed.changing():
            net.confirm(armed)
        self._refuse_too_late()
        self.confirmed = True
        with self.session.changing():
            self.change.save(self.session)

    # --- ends ---

    def done(self) -> Outcome:
        """The outcome of a change that is confirmed, or that there was no need of."""
        self.close()
        if self.idle:
            self.begin()
            return self._end(StepStatus.OK)
        return self._end(StepStatus.CHANGED, changed=self._shown(self.wanted.diff))

    def taken_back(self, error: Exception) -> Outcome:
        """Revert, or let it revert by itself; then look, and say what the device has now."""
        params = {"error": str(_outcomes.message_of(error))}
        if self.confirmed:
            words = N_("confirmed, and then lost: whether it is saved is not known: {error}")
            self.close()
            return self._end(StepStatus.ERROR, message=Text(words, params))
        locked = isinstance(error, ConfigurationLocked)
        if not locked:  # else what waits there is somebody else's
            self._revert()
        self.close()
        if self._is_old_again():
            if locked:
                return self._end(
                    StepStatus.NOT_STARTED,
                    reason=NotStarted.LOCKED.value,
                    message=_outcomes.message_of(error),
                )
            words = N_("taken back, the old configuration is there again: {error}")
            return self._end(StepStatus.FAILED, message=Text(words, params))
        words = N_("not confirmed, and the old configuration was not seen again: {error}")
        if self._asked:
            words = N_("it may be confirmed: the old configuration was not seen again: {error}")
        return self._end(StepStatus.ERROR, message=Text(words, params))

    def undone(self) -> Outcome:
        """The end of a change in doubt whose group can't be completed: it is taken back."""
        self.settle(confirmed=False)
        if self.arrived():
            words = N_("it was confirmed before the interruption, and its group is not complete")
            return self._end(StepStatus.ERROR, message=Text(words))
        words = N_("taken back after the interruption: its group can't be completed")
        return self._end(StepStatus.FAILED, message=Text(words))

    def close(self) -> None:
        """End the session in which a change waited: what was not confirmed goes with it."""
        if self.holder:
            self.holder.close()

    # --- inside ---

    def _armed(self) -> Net:
        if self.net is None:
            name, platform = self.step.target, self.platform.name
            with self.session.changing():  # some ask their host beneath, which no reader may
                self.net = net_of(self.change, self.session, self.context.options, name, platform)
        return self.net

    def _in_time(self) -> None:
        """Refuse what its safety net may have taken back by now."""
        net = self._armed()
        if net.kind is not NetKind.NONE and clock.monotonic() > self._armed_at + net.seconds:
            raise TargetTimeout(
                N_("{name}: proving the change took longer than its safety net holds"),
                hint=N_("give it longer: policy.safety_net_s in dcctl.yml"),
                name=self.step.target,
            )

    def _until(self) -> float:
        net = self._armed()
        return self._armed_at + net.seconds - min(_MARGIN, net.seconds / 4)

    def _keep_backup(self) -> None:
        """The whole configuration, proven whole, before anything is touched."""
        if sealing.OPTION not in self.context.options:
            return  # the workflows always give one; a bare executor is asked for none
        kept = _backup.keep(
            self.session, self.platform, self.context, self.step.target, BEFORE_CHANGE
        )
        self._evidence += kept.evidence
        self._kept = {"backup": kept.data}

    def _sit_out(self) -> None:
        """Wait for a reload that was planned, and until the device is back from it."""
        net = self._armed()
        clock.sleep(net.seconds + ROUNDING)
        for _ in attempts(net.waits, self.context.cancelled):
            with suppress(TargetError):
                self.session = self.reopen()
                return

    def _refuse_too_late(self) -> None:
        """Look whether the net was faster: a device with nothing left to confirm says nothing."""
        left = self.goal.compare(self._running("confirmed"))
        if left.lines:
            raise CommandFailed(
                N_("{name}: its safety net took the change back before it was confirmed: {lines}"),
                hint=N_("give it longer: policy.safety_net_s in dcctl.yml"),
                name=self.step.target,
                lines=shortened("; ".join(self._shown(left.diff)), 300),
            )

    def _revert(self) -> None:
        with suppress(TargetError):
            if self.holder is None and not self.session.alive:
                self.session = self.reopen()
            armed = self.holder or self.session
            with armed.changing():
                self._armed().revert(armed)

    def _is_old_again(self) -> bool:
        """Look until the old configuration is seen, as long as its safety net may take."""
        for _ in attempts(self._armed().waits, self.context.cancelled):
            with suppress(TargetError):
                self.session = self.reopen()
                if self._as_before(self._running("reverted")):
                    return True
        return False

    def _as_before(self, now: str) -> bool:
        """Whether nothing of the old is missing, and all that was wanted is wanted again."""
        missing = self.change.remediate(now, self._before).lines
        return not missing and self.goal.compare(now).lines == self.wanted.lines

    def _running(self, when: str) -> str:
        text = self.change.running(self.session)
        shown = redacted(text, self.platform)
        digest = self.context.keep(shown, target=self.step.target, original=text)
        self._evidence.append(digest)
        self._tell(configuration=when, evidence=digest)
        return text

    def _tell(self, **data: Any) -> None:
        self.context.emit(
            EventKind.STEP_PROGRESS, target=self.step.target, step=self.step.id, **data
        )

    def _seen(self) -> dict[str, Any]:
        return {"before": self.neighbours.before, "after": self.neighbours.after}

    def _shown(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(redacted(line, self.platform) for line in lines)

    def _end(self, status: StepStatus, *, message: Text | None = None, **more: Any) -> Outcome:
        data: dict[str, Any] = {**self._kept}
        if self.net is not None:
            data["safety_net"] = self.net.kind.value
        if self.neighbours.before:
            data["neighbours"] = self._seen()
        if self._compared:
            told = explained(self.wanted, self.platform)
            data |= {key: told[key] for key in ("destructive", "not_understood")}
            data["diff"] = list(self._shown(self.wanted.diff))
        return _outcomes.finished(
            self.step,
            status,
            self.started,
            message=message or Text(""),
            evidence=tuple(self._evidence),
            data=data,
            **more,
        )
