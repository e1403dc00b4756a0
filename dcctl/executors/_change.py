"""A guarded change of one device's configuration, up to the empty diff that proves it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import (
    CommandFailed,
    Refused,
    TargetError,
)
from dcctl.executors import _backup, _outcomes, sealing
from dcctl.executors.evidence import redacted
from dcctl.model.event import EventKind
from dcctl.model.status import StepStatus
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.contracts import Change, Context, Platform, Remediation
    from dcctl.executors._device import DeviceSession
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Step

_NET = (
    120  # seconds until an unconfirmed change reverts, unless options.safety_net_s says otherwise
)
_GRACE = 30.0  # seconds after that in which the device must show its old configuration again
_PAUSE, _LONGEST_PAUSE = 2.0, 15.0  # seconds between attempts to reach it; ever longer, since
# a device that refuses our login may lock the account


class GuardedChange:
    """One config step on one target.

    `reopen` gives a new session and ends the present one, unless told not to: that a *new* login
    works is what the safety net is there to find out.
    """

    def __init__(
        self,
        step: Step,
        platform: Platform,
        context: Context,
        session: DeviceSession,
        reopen: Callable[..., DeviceSession],
    ) -> None:
        self.step, self.platform, self.context = step, platform, context
        self.session, self.reopen = session, reopen
        self.holder: DeviceSession | None = None  # where an unconfirmed change waits, if not here
        self.change = change_of(platform)
        self.wanted = wanted_of(step, platform, context)
        self.net = int(context.options.get("safety_net_s", _NET))
        self.evidence: list[str] = []
        self.begun = False
        self.kept: dict[str, object] = {}
        self.guarded = self.change.apply is not None  # asked of the device itself when it runs

    def run(self, started: str) -> Outcome:
        """Read, remediate, apply, verify, confirm, save; what fails on the way is taken back."""
        if self.guarded and self.change.guarded is not None:
            self.guarded = self.change.guarded(self.session)
        if self.step.settings.get("in_doubt"):
            self._settle()
        before = self._running("before")
        wanted = self.wanted.compare(before)
        diff = self._shown(wanted.diff)
        if not wanted.lines:
            self._started()
            return self._end(StepStatus.OK, started, wanted)
        self._permitted(wanted)
        self._keep_backup()
        self._started()
        try:
            with self.session.changing():
                self._apply(wanted)
            self._log_in_anew()
            left = self.wanted.compare(self._running("after"))
            if left.lines:
                raise CommandFailed(
                    N_("{name}: after the change these lines still differ: {lines}"),
                    name=self.step.target,
                    lines="; ".join(self._shown(left.diff))[:300],
                )
            self._confirm()
        except TargetError as error:
            return self._taken_back(error, started, before, wanted)
        finally:
            if self.holder:
                self.holder.close()
        return self._end(StepStatus.CHANGED, started, wanted, changed=diff)

    def _settle(self) -> None:
        """Confirm and save what a process that died had applied; take back what it had not."""
        left = self.wanted.compare(self._running("in doubt"))
        self._started()
        if self.change.held:
            if not left.lines:  # confirmed, or about to go with the session of the dead process
                clock.sleep(self.net)
            return
        with self.session.changing():
            if left.lines:
                with suppress(CommandFailed):  # nothing waits to be taken back: as well
                    self.change.revert(self.session)
                return
            if self.guarded:
                self.change.confirm(self.session)
            self.change.save(self.session)

    def _apply(self, wanted: Remediation) -> None:
        if self.change.apply is not None and self.guarded:
            self.change.apply(self.session, wanted, self.net)
        else:
            self.session.configure(wanted.lines)

    def _log_in_anew(self) -> None:
        """A new login; where the change waits in the old session, that one stays open."""
        held = self.change.held and self.guarded
        self.holder = self.session if held else None
        self.session = self.reopen(end=not held)

    def _confirm(self) -> None:
        if self.guarded:
            armed = self.holder or self.session
            with armed.changing():
                self.change.confirm(armed)
        with self.session.changing():
            self.change.save(self.session)

    def _permitted(self, wanted: Remediation) -> None:
        """Refuse what was not approved: no safety net, or destructive lines nobody was shown."""
        name = self.step.target
        if not self.guarded and not self.context.options.get("no_safety_net"):
            raise Refused(
                N_("{name}: {platform} can't take a change back by itself"),
                hint=N_("policy may allow it: no_safety_net"),
                name=name,
                platform=self.platform.name,
            )
        approved = set(self.step.predicted or ())
        unseen = [
            line
            for line in self._shown(wanted.destructive)
            if f"- {line}" not in approved and f"! {line}" not in approved
        ]
        if unseen and not self.step.settings.get("allow_destructive"):
            raise Refused(
                N_("{name}: destructive lines that the plan did not show: {lines}"),
                hint=N_("make the plan again and approve it"),
                name=name,
                lines="; ".join(unseen)[:300],
            )

    def _keep_backup(self) -> None:
        """The whole configuration, proven whole, before anything is touched."""
        if sealing.OPTION not in self.context.options:
            return  # the workflows always give one; a bare executor is asked for none
        kept = _backup.keep(
            self.session, self.platform, self.context, self.step.target, "before a change"
        )
        self.evidence += kept.evidence
        self.kept = {"backup": kept.data}

    def _started(self) -> None:
        if self.begun:
            return
        self.begun = True
        self.context.emit(
            EventKind.STEP_STARTED, target=self.step.target, step=self.step.id, durable=True
        )

    def _taken_back(
        self, error: TargetError, started: str, before: str, wanted: Remediation
    ) -> Outcome:
        """Revert, or let it revert by itself; then look, and say what the device has now."""
        with suppress(TargetError):
            if self.holder is None and not self.session.alive:
                self.session = self.reopen()
            armed = self.holder or self.session
            with armed.changing():
                self.change.revert(armed)
        if self.holder:
            self.holder.close()  # what may still wait in it goes with it, or by the timer
        deadline = clock.monotonic() + (self.net + _GRACE if self.guarded else _GRACE)
        pause = _PAUSE
        while True:
            with suppress(TargetError):
                self.session = self.reopen()
                now = self._running("reverted")
                if self._as_before(now, before, wanted):
                    message = Text(
                        N_("taken back, the old configuration is there again: {error}"),
                        {"error": str(_outcomes.message_of(error))},
                    )
                    return self._end(StepStatus.FAILED, started, wanted, message=message)
            if clock.monotonic() > deadline or self.context.cancelled():
                break
            clock.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        message = Text(
            N_("not confirmed, and the old configuration was not seen again: {error}"),
            {"error": str(_outcomes.message_of(error))},
        )
        return self._end(StepStatus.ERROR, started, wanted, message=message)

    def _as_before(self, now: str, before: str, wanted: Remediation) -> bool:
        """Whether nothing of the old is missing, and all that was wanted is wanted again."""
        missing = self.change.remediate(now, before).lines
        return not missing and self.wanted.compare(now).lines == wanted.lines

    def _running(self, when: str) -> str:
        text = self.change.running(self.session)
        digest = self.context.keep(redacted(text, self.platform), target=self.step.target)
        self.evidence.append(digest)
        self.context.emit(
            EventKind.STEP_PROGRESS,
            target=self.step.target,
            step=self.step.id,
            configuration=when,
            evidence=digest,
        )
        return text

    def _shown(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(redacted(line, self.platform) for line in lines)

    def _end(
        self,
        status: StepStatus,
        started: str,
        wanted: Remediation,
        *,
        changed: tuple[str, ...] = (),
        message: Text | None = None,
    ) -> Outcome:
        return _outcomes.finished(
            self.step,
            status,
            started,
            changed=changed,
            message=message or Text(""),
            evidence=tuple(self.evidence),
            data={
                "diff": list(self._shown(wanted.diff)),
                "destructive": list(self._shown(wanted.destructive)),
                "not_understood": list(self._shown(wanted.not_understood)),
                "safety_net": self.guarded,
                **self.kept,
            },
        )


def change_of(platform: Platform) -> Change:
    """How `platform` is changed.

    Raises:
        Refused: it can't be.
    """
    if platform.change is None:
        raise Refused(N_("{platform}: no way to change its configuration"), platform=platform.name)
    return platform.change


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a config step wants; `compare` says what a running configuration lacks of it."""

    compare: Callable[[str], Remediation]


def wanted_of(step: Step, platform: Platform, context: Context) -> Wanted:
    """The step's rendered text, or the backup that it brings back.

    Raises:
        Refused: the platform can't be changed. NotFound, InvalidInput: a backup without its key.
    """
    change = change_of(platform)
    if "sealed" not in step.settings:
        text = str(step.settings["text"])
        return Wanted(compare=lambda running: change.remediate(running, text))
    seal = sealing.sealer(context.options, Path(context.site_root))
    backup = seal.open(str(step.settings["sealed"]))
    whole = change.replace or change.remediate
    return Wanted(compare=lambda running: whole(running, backup))


def prediction(wanted: Remediation, platform: Platform) -> tuple[str, ...]:
    """A remediation as the plan shows it: the diff, then `!` before each destructive line."""
    lines = (*wanted.diff, *(f"! {line}" for line in wanted.destructive))
    return tuple(redacted(line, platform) for line in lines)
