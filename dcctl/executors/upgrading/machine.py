"""The upgrade of one element: the phases in their order, and what follows when one fails.

Until the release is activated a failure leads traffic back and leaves everything as it was. After
that a failure takes the old release back, by the device's own safety net where it has one, and
says what was then seen. Nothing is claimed that was not seen.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import (
    CommandFailed,
    Interrupted,
    JournalError,
    Refused,
    StalePlan,
    TargetError,
    TargetTimeout,
    Unreachable,
)
from dcctl.executors import _backup, _outcomes, sealing
from dcctl.executors._witnesses import Neighbours
from dcctl.executors.upgrading import files, installed, live, proof, resuming, waiting
from dcctl.executors.upgrading.detour import NET_S, Detour
from dcctl.executors.upgrading.journal import Journal
from dcctl.executors.upgrading.order import order_of
from dcctl.model import plain
from dcctl.model.approval import APPROVED, Approval
from dcctl.model.status import NotStarted, StepStatus
from dcctl.model.upgrade import Phase, UpgradeNet
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Context, Platform, Stage, Upgrade
    from dcctl.executors._witnesses import Witnesses
    from dcctl.executors.upgrading.door import Door
    from dcctl.model.outcome import GateFinding, Outcome, Reading
    from dcctl.model.plan import Step
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Installed

_MARGIN_S = 60.0  # of the safety net, left for committing


class Machine:
    """One upgrade step on one element."""

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
        self.before: proof.Snapshot | None = None
        self.after: proof.Snapshot | None = None
        self.findings: tuple[GateFinding, ...] = ()
        self.drained = False
        self.undrained = ""  # `Detour.state` before the drain
        self.committed = False
        self.previous = self.order.previous  # what could be gone back to
        self.back_at = 0.0  # when its door was first seen open again, where a login ends the net
        self.entered = False  # whether somebody logged in since: that ends a net of kind LOGIN
        self.armed_at = 0.0  # when the safety net was armed, on the monotonic clock
        self._evidence: list[str] = []
        self._data: dict[str, Any] = {}

    # --- the way through ---

    def carry_out(self) -> Outcome:
        """Upgrade the element; its one outcome.

        Raises:
            JournalError: what can't be written down must not go on.
        """
        if self.step.settings.get("in_doubt"):
            return resuming.resume(self)
        try:
            if self.precheck():
                self.journal.begin()
                return self.end(StepStatus.OK, N_("it runs {release} already"))
            self.snapshot()
            self.verify()
            self.look_live(Phase.PRECHECK)
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was changed
            return self._untouched(error)
        return self.touch()

    def _untouched(self, error: Exception) -> Outcome:
        """It was not begun: away, no longer as planned, or not fit to be touched."""
        if isinstance(error, Unreachable):
            return _outcomes.from_error(self.step, error, self.started, **self._told())
        reason = NotStarted.STALE if isinstance(error, StalePlan) else NotStarted.REFUSED
        return _outcomes.finished(
            self.step,
            StepStatus.NOT_STARTED,
            self.started,
            reason=reason.value,
            message=_outcomes.message_of(error),
            **self._told(),
        )

    def touch(self) -> Outcome:
        """From the first byte that changes something to the end."""
        self.journal.begin()
        try:
            self.prepare()
            self.drain()
            self.look_live(Phase.ACTIVATE)
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - it is led back, and told
            return self.back_out(error)
        return self.switch()

    def switch(self, begun: int = 0) -> Outcome:
        """Activate, prove, commit; `begun` counts the stages that are known to have arrived."""
        try:
            self.activate(begun)
            self.prove()
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - the old release is taken back, and told
            return self.take_back(error)
        return self.finish()

    def finish(self) -> Outcome:
        """Commit, lead traffic back, watch."""
        try:
            self.commit()
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - whether it is committed is looked up
            if not self._is_committed():
                return self.take_back(error)
        self.committed, self.armed_at = True, 0.0
        try:
            self.undrain()
            self.soak()
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - it runs, and is not well
            return self._unwell(error)
        with self.journal.phase(Phase.DONE):
            pass
        left = "; ".join(self._data.get("left", ()))
        return self.end(
            StepStatus.CHANGED,
            N_("{before} -> {release}; by hand now: {left}")
            if left
            else N_("{before} -> {release}"),
            left=left,
            changed=(f"release {self.order.running} -> {self.order.image.version}",),
        )

    @property
    def name(self) -> str:
        """The element's."""
        return self.target.name

    # --- phases ---

    def precheck(self) -> bool:
        """Whether it runs the release already; all that must hold before anything is touched.

        Raises:
            Refused: it may not be touched. StalePlan: it is no longer as it was planned from.
            TargetError.
        """
        with self.journal.phase(Phase.PRECHECK) as found:
            now = self.upgrade.installed(self.door.session())
            found["installed"], found["net"] = plain.to_plain(now), self.net.value
            if now.running == self.order.image.version and now.committed is not False:
                return True
            self._may_begin(now)
            self.previous = files.previous(self.door.session(), self.upgrade, self.order, now)
            found["previous"] = None if self.previous is None else plain.to_plain(self.previous)
            self._keep_backup()
            self.neighbours.look_before()
            found["neighbours"] = dict(self.neighbours.before)
        return False

    def _may_begin(self, now: Installed) -> None:
        if now.running != self.order.running:
            raise StalePlan(
                N_("{name} runs {now}, and was planned from {before}"),
                name=self.name,
                now=now.running,
                before=self.order.running,
            )
        if now.pending or now.committed is False:
            raise Refused(
                N_("{name}: an installation of somebody else is under way: {pending}"),
                name=self.name,
                pending="; ".join(now.pending) or now.running,
            )
        if self.net is UpgradeNet.NONE and not self._approved(Approval.NO_SAFETY_NET):
            raise Refused(
                N_("{name}: {platform} can't take a release back by itself"),
                hint=N_("--no-safety-net upgrades it all the same, and the journal says who did"),
                name=self.name,
                platform=self.platform.name,
            )

    def _keep_backup(self) -> None:
        if sealing.OPTION not in self.context.options:
            return  # the workflows always give one; a bare executor is asked for none
        kept = _backup.keep(
            self.door.session(), self.platform, self.context, self.name, "before an upgrade"
        )
        self._evidence += kept.evidence
        self._data["backup"] = kept.data

    def snapshot(self) -> None:
        """Snapshot A: what must be again afterwards."""
        with self.journal.phase(Phase.SNAPSHOT_A) as found:
            self.before = self.look(proof.topics_of(self.target))
            proof.whole(self.target, self.before.readings)
            found["readings"] = proof.as_told(self.before.readings)
            found["far"] = proof.as_told(self.before.far)

    def verify(self) -> None:
        """The image's files, once more, on every supervisor."""
        with self.journal.phase(Phase.VERIFY) as found:
            found["files"] = files.verified(
                self.door.session(), self.upgrade, self.order.image, self.name
            )
            self._data["files"] = found["files"]

    def look_live(self, before: Phase) -> None:
        """The paths that must stay, asked just before `before`.

        Raises:
            Refused: one is not whole. Interrupted: the run is given up.
        """
        if self.context.cancelled():
            raise Interrupted(N_("{name}: given up before it was activated"), name=self.name)
        self.journal.tell(before, "live", keeps=live.look(self.name, self.order, self.witnesses))

    def prepare(self) -> None:
        """What touches no traffic."""
        if self.upgrade.prepare is None:
            return
        with self.journal.phase(Phase.PREPARE):
            session = self.door.session()
            with session.changing():
                self.upgrade.prepare(session, self.order.image)

    def drain(self) -> None:
        """Lead traffic round it, and prove that it went."""
        lines = self.upgrade.drain(self.target) if self.order.drain else ()
        if not lines:
            return
        self.undrained = self.undrained or self.detour.state()
        with self.journal.phase(Phase.DRAIN, lines=list(lines), undrained=self.undrained):
            self.drained = True
            self.detour.put(lines, self._neighbours_hold)
        with self.journal.phase(Phase.MOVED) as found:
            until = clock.monotonic() + self.order.drain_s
            found["bps"] = self.detour.moved(self.order.residue_bps, until, self.order.pause_s)

    def activate(self, begun: int = 0) -> None:
        """The stages, each written down first, each seen to have arrived before the next."""
        stages = self.upgrade.stages(self.door.session(), self.order.image)
        for number, stage in enumerate(stages):
            if number < begun:
                continue
            self._stage(number, stage)

    def _stage(self, number: int, stage: Stage) -> None:
        with self.journal.phase(Phase.ACTIVATE, stage=stage.name, number=number):
            self.armed_at = clock.monotonic()
            self._act(stage)
        with self.journal.phase(Phase.WAIT, stage=stage.name, number=number):
            waiting.until_arrived(self, stage)

    def _act(self, stage: Stage) -> None:
        session = self.door.session()
        try:
            with session.changing():
                stage.act(session, self.order.image, self.net_s)
        except (TargetTimeout, ConnectionError):
            if not stage.reloads:
                raise
            # The session went down with the element, or before an answer came: what the element
            # does is seen by waiting, not from here.
        if stage.reloads:
            self.door.drop()

    def prove(self) -> None:
        """Version and boards, snapshot B, and every gate between it and snapshot A."""
        with self.journal.phase(Phase.RECONCILE) as found:
            now = waiting.reconciled(self)
            self._data["left"] = list(now.left)
            found["installed"] = plain.to_plain(now)
        with self.journal.phase(Phase.SNAPSHOT_B) as found:
            self._neighbours_hold()
            self.after = self.look()
            found["readings"] = proof.as_told(self.after.readings)
        with self.journal.phase(Phase.GATE) as found:
            self.hold_gates(self._until(self.order.settle_s))
            found["findings"] = [plain.to_plain(one) for one in self.findings]

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

    def hold_gates(self, until: float, *, since: proof.Snapshot | None = None) -> None:
        """Look until every gate passes, against snapshot A or (in a soak) one without a restart.

        Raises:
            CommandFailed, TargetTimeout: one doesn't, or could not tell.
        """
        before = since or self.before
        if before is None:
            return
        try:
            self.after, self.findings = proof.hold(
                self.target,
                self.order,
                before,
                self.look,
                until,
                self.context.cancelled,
                restarted=since is None,
            )
        except (proof.GateClosedError, proof.GateUnknownError) as error:
            self.findings = error.findings
            raise

    def commit(self) -> None:
        """Let the new release stay.

        Raises:
            TargetTimeout: proving took longer than the safety net holds. TargetError.
        """
        if self.upgrade.commit is None:
            return
        timed = self.net is UpgradeNet.TIMER
        if timed and self.armed_at and clock.monotonic() > self.armed_at + self.net_s:
            raise TargetTimeout(
                N_("{name}: proving the release took longer than its safety net holds"),
                name=self.name,
            )
        with self.journal.phase(Phase.COMMIT):
            session = self.door.session()
            with session.changing():
                self.upgrade.commit(session, self.order.image)
            if not self._is_committed():
                raise CommandFailed(N_("{name}: the commit did not take"), name=self.name)

    def undrain(self) -> None:
        """Lead traffic back."""
        if not self.drained:
            return
        lines = self.upgrade.undrain(self.target)
        with self.journal.phase(Phase.UNDRAIN, lines=list(lines)):
            try:
                self.detour.put(lines, self._neighbours_hold, unless=self.undrained)
            except Unreachable:
                # Lost in the midst of it. What it had taken is taken back by then, and the lines
                # say what is to stand there: they can be sent again.
                waiting.until_answering(self)
                clock.sleep(NET_S)
                self.detour.put(lines, self._neighbours_hold, unless=self.undrained)
            self.drained = False

    def soak(self) -> None:
        """Watch it carry traffic again."""
        if not self.order.soak_s:
            return
        with self.journal.phase(Phase.SOAK):
            until = clock.monotonic() + self.order.soak_s
            start = self.look()
            while clock.monotonic() < until and not self.context.cancelled():
                clock.sleep(min(self.order.pause_s * 6, self.order.soak_s))
                self._neighbours_hold()
            self.hold_gates(clock.monotonic() + self.order.pause_s, since=start)
            self.hold_gates(clock.monotonic() + self.order.pause_s)

    # --- when something fails ---

    def back_out(self, error: Exception) -> Outcome:
        """Nothing was activated: it is seen to run the old release, and traffic goes back."""
        try:
            pending = waiting.untouched(self)
            self.undrain()
        except JournalError:
            raise
        except Exception as second:  # noqa: BLE001 - told
            return self.end(
                StepStatus.ERROR,
                N_("not upgraded ({error}), and not seen to be as it was: {second}"),
                error=error,
                second=second,
            )
        if pending:
            words = N_("not upgraded: {error}; traffic is as it was, still under way: {left}")
            return self.end(StepStatus.FAILED, words, error=error, left="; ".join(pending))
        return self.end(StepStatus.FAILED, N_("not upgraded, and as it was: {error}"), error=error)

    def take_back(self, error: Exception) -> Outcome:
        """The old release again; then look, and say what the element has now."""
        self._tell_findings()
        self.journal.tell(Phase.GATE, "closed", why=str(_outcomes.message_of(error)))
        try:
            with self.journal.phase(Phase.REVERT):
                waiting.reverted(self, told=not isinstance(error, waiting.NeverBackError))
        except JournalError:
            raise
        except waiting.NeverBackError:
            words = N_("it never came back: {error}")
            return self.end(StepStatus.ERROR, words, error=error)
        except Exception as second:  # noqa: BLE001 - told
            words = N_("not upgraded ({error}), and the old release was not seen again: {second}")
            return self.end(StepStatus.ERROR, words, error=error, second=second)
        return self.old_again(error)

    def old_again(self, error: Exception) -> Outcome:
        """The old release runs: it must be as it was before traffic goes back to it."""
        self.armed_at = 0.0  # its safety net is spent, and no longer bounds how long we look
        try:
            self._neighbours_hold()
            if self.before is not None:
                self.hold_gates(clock.monotonic() + self.order.settle_s)
        except JournalError:
            raise
        except Exception as second:  # noqa: BLE001 - told
            words = N_("{before} runs again ({error}), but all is not as it was: {second}")
            return self.end(StepStatus.ERROR, words, error=error, second=second)
        try:
            self.undrain()
        except JournalError:
            raise
        except Exception as second:  # noqa: BLE001 - told
            words = N_("{before} runs again ({error}), but traffic was not led back: {second}")
            return self.end(StepStatus.ERROR, words, error=error, second=second)
        return self.end(
            StepStatus.FAILED, N_("taken back, {before} runs again: {error}"), error=error
        )

    def _unwell(self, error: Exception) -> Outcome:
        """It was committed and is not well with traffic on it: traffic goes round it again."""
        self._tell_findings()
        words = N_("{release} runs and is committed, but is not well: {error}")
        with suppress(TargetError):
            lines = self.upgrade.drain(self.target) if self.order.drain else ()
            if lines and not self.drained:
                with self.journal.phase(Phase.DRAIN, lines=list(lines)):
                    self.detour.put(lines, lambda: None)
                    self.drained = True
        return self.end(StepStatus.ERROR, words, error=error)

    # --- inside ---

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

    def _until(self, seconds: float) -> float:
        """So many seconds from now, but never longer than the safety net leaves."""
        until = clock.monotonic() + seconds
        if self.net is UpgradeNet.TIMER and self.armed_at:
            return min(until, self.armed_at + self.net_s - _MARGIN_S)
        return until

    def _neighbours_hold(self) -> None:
        self.neighbours.hold(self._until(self.order.settle_s), 0.0, stop=self.context.cancelled)

    def _is_committed(self) -> bool:
        with suppress(TargetError):
            now = self.upgrade.installed(self.door.session())
            return now.running == self.order.image.version and now.committed is not False
        return False

    def _approved(self, what: Approval) -> bool:
        return what in (self.context.options.get(APPROVED) or ())

    def _tell_findings(self) -> None:
        if self.findings:
            told = [plain.to_plain(one) for one in self.findings]
            self.journal.tell(Phase.GATE, "told", findings=told)
            self._data["stopped_by"] = [plain.to_plain(one) for one in self.findings if one.stops]

    def _told(self) -> dict[str, Any]:
        data = {
            **self._data,
            "from": self.order.running,
            "to": self.order.image.version,
            "net": self.net.value,
            "drained": self.drained,
            "took": self.journal.took,
            "gates": [plain.to_plain(one) for one in self.findings],
        }
        return {"data": data, "evidence": tuple(self._evidence)}

    def end(
        self,
        status: StepStatus,
        words: str,
        *,
        error: Exception | None = None,
        second: Exception | None = None,
        left: str = "",
        changed: Sequence[str] = (),
    ) -> Outcome:
        """The step's outcome."""
        params: dict[str, Any] = {
            "before": self.order.running,
            "release": self.order.image.version,
            "left": left,
        }
        if error is not None:
            params["error"] = str(_outcomes.message_of(error))
        if second is not None:
            params["second"] = str(_outcomes.message_of(second))
        return _outcomes.finished(
            self.step,
            status,
            self.started,
            message=Text(words, params),
            changed=tuple(changed),
            **self._told(),
        )


def _upgrade_of(platform: Platform) -> Upgrade:
    installed(platform)
    assert platform.upgrade is not None  # noqa: S101 - else that has raised
    return platform.upgrade
