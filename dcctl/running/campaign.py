"""A whole run: wave after wave, each as shards, watched while they work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.journal import ShardLog
from dcctl.journal.fold import StepState, fold, in_order, phases
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.plan import StepKind
from dcctl.model.status import NotStarted, RunStatus, StepStatus
from dcctl.running import lifeline
from dcctl.running.admission import CHANGES_ONLY, Admission, Refusal
from dcctl.running.control import Control, interrupts
from dcctl.running.ledger import not_started
from dcctl.running.split import Room, Share, make_shards
from dcctl.running.tally import as_before, ended_as, failures_allowed, steps_of
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dcctl.journal import Journal
    from dcctl.model.event import Event
    from dcctl.model.plan import Plan, Step, Wave
    from dcctl.model.record import Run
    from dcctl.running.runners import Runner

_BAD = frozenset({StepStatus.FAILED, StepStatus.ERROR, StepStatus.UNREACHABLE})
_HEARTBEAT_S = 60.0


def run(
    plan: Plan,
    run: Run,
    journal: Journal,
    *,
    runner: Runner,
    on_event: Callable[[Event], None],
    site_root: Path,
    on_notice: Callable[[Text], None] = lambda _told: None,
    resume: bool = False,
) -> RunStatus:
    """Carry out `plan` as `run`, or go on with it where it was interrupted.

    Every event is given to `on_event` once it is in the journal; `on_notice` hears what else a
    person has to know while it goes on.

    Raises:
        LockHeld: another process carries this run out, or is still at work for it.
        Interrupted: while that was waited for.
        JournalError: the journal can't be written; what was written before stays, and the run can
        be resumed.
    """
    control = Control()
    campaign = Campaign(plan, run, journal, runner, on_event, site_root, control)
    campaign.on_notice = on_notice
    journal.take_run(run.id)
    with interrupts(control, campaign.on_abort):
        try:
            if resume:
                lifeline.await_end(run.id, journal, control.stopping)
                campaign.take_over()
            campaign.go()
        except KeyboardInterrupt:
            if not control.aborted():
                raise
        finally:
            runner.dismiss()
    return campaign.end()


class Campaign:
    """The state of a run while this process carries it out."""

    def __init__(
        self,
        plan: Plan,
        run: Run,
        journal: Journal,
        runner: Runner,
        on_event: Callable[[Event], None],
        site_root: Path,
        control: Control,
    ) -> None:
        self._plan, self._run, self._journal = plan, run, journal
        self._runner, self._on_event, self._control = runner, on_event, control
        self._site_root = site_root
        self._steps = {step.id: step for step in plan.steps}
        self._states: dict[str, StepState] = {}
        self._generation = 1
        self._log: ShardLog | None = None
        self._watched: list[str] = []  # shards whose logs may grow
        self._told: set[str] = set()  # steps that this start has dealt with
        self._failed: set[str] = set()  # targets whose change went wrong
        self._down: set[str] = set()  # of those, the ones that may not stand in for a fellow
        self._phases: dict[str, list[dict[str, Any]]] = {}  # upgrade step -> what was told of it
        self._deaf: Exception | None = None  # what the listener failed with
        self.on_notice: Callable[[Text], None] = lambda _told: None
        self._noticed = False  # that an interrupt was told of
        self._beat = clock.monotonic()
        self._limit = failures_allowed(plan)
        self._admission = Admission(
            plan, run.id, journal, control, self._steps, self._states, self._down
        )

    # --- start and end ---

    def take_over(self) -> None:
        """Read what an earlier start left: every log is imported before anything is decided."""
        self._journal.reopen_run(self._run.id)
        for event in self._journal.import_run(self._run.id):
            self._tell(event)
        events = in_order(self._journal.events(self._run.id))
        self._phases = phases(events)
        self._states.update(fold(events))
        shards = {*self._journal.shard_ids(self._run.id), *(event.shard for event in events)}
        self._generation = 1 + max((_generation(shard) for shard in shards), default=0)
        for name, state in self._states.items():
            if state.outcome is not None and not state.open:
                self._count(name, state.outcome)
        # It may have died before it gave back what is done, which what comes next may rely on.
        from dcctl.journal.locks import of_run  # who only carries out shards has no SQLAlchemy

        self._admission.give_back({of_run(self._run.id)})

    def go(self) -> None:
        """Wave after wave."""
        for wave in self._plan.waves:
            steps = self._pending(wave)
            if steps and not self._control.aborted():
                self._wave(wave, steps)

    def end(self) -> RunStatus:
        """Write down how the run ended, and keep locked what is in doubt."""
        self._close_log()
        status = ended_as(self._plan, self._states, cancelled=self._control.cancelled)
        self._journal.finish_run(self._run.id, status)
        self._admission.give_back(set())
        if self._deaf is not None:
            raise self._deaf
        return status

    # --- one wave ---

    def _pending(self, wave: Wave) -> list[Step]:
        pending = []
        for step in steps_of(wave, self._plan):
            state = self._states.get(step.id)
            if step.id not in self._told and (state is None or not state.settled):
                pending.append(step)
        self._told.update(step.id for step in pending)
        return pending

    def _wave(self, wave: Wave, steps: Sequence[Step]) -> None:
        try:
            self.poll()  # a pause or an end may have been asked for before anything here begins
            ready = self._admitted(steps)
            if ready:
                shards = make_shards(self._share(wave), ready)
                self._watched = [shard.id for shard in shards]
                self._runner.carry_out(shards, self._control, self.poll, self._room())
                self.poll()
        except KeyboardInterrupt:
            self.poll()  # what was written last is what is in doubt
            self._admission.release()
            raise
        else:
            # After any other error what the logs say may not have been heard: every lock stays.
            self._admission.release()
        finally:
            self._watched = []

    def _share(self, wave: Wave) -> Share:
        open_steps = {name: s.started for name, s in self._states.items() if s.open}
        changed = any(
            s.outcome is not None and s.outcome.status is StepStatus.CHANGED
            for s in self._states.values()
        )
        return Share(
            plan=self._plan,
            run=self._run,
            wave=wave.index,
            generation=self._generation,
            processes=self._runner.processes,
            site_root=str(self._site_root),
            folder=lambda shard: self._journal.shard_folder(self._run.id, shard),
            resume=open_steps,
            journalled={name: tuple(self._phases.get(name, ())) for name in open_steps},
            done=frozenset(name for name, state in self._states.items() if state.good),
            settled=frozenset(name for name, state in self._states.items() if state.settled),
            begun=frozenset(
                state.target
                for name, state in self._states.items()
                if state.started and name in self._steps and self._steps[name].changes
            ),
            settle=changed,
            unwell=frozenset(
                step.target
                for step in self._plan.steps
                if step.changes and not (step.id in self._states and self._states[step.id].good)
            ),
        )

    def _room(self) -> Room:
        options = self._plan.options
        caps = {site: int(cap) for site, cap in (options.get("site_caps") or {}).items()}
        return Room(max(1, int(options.get("concurrency") or 1)), caps)

    def _admitted(self, steps: Sequence[Step]) -> list[Step]:
        """The steps that may go to a worker; the others get their outcome here."""
        by_target: dict[str, list[Step]] = {}
        for step in steps:
            by_target.setdefault(step.target, []).append(step)
        ready: list[Step] = []
        self._admission.new_wave()
        refusals = {name: self._admission.ask(name, own) for name, own in by_target.items()}
        for name, own in by_target.items():
            refusal = refusals[name]
            fellows = self._admission.together_with(name) if _changing(own) else ()
            if refusal is None and any(refusals.get(fellow) for fellow in fellows):
                refusal = Refusal(NotStarted.TOGETHER)
            for step in own:
                if refusal is None or (not step.changes and refusal.reason in CHANGES_ONLY):
                    ready.append(step)
                elif not self._is_open(step):
                    self._write(not_started(step, refusal.reason, refusal.words))
        return ready

    def _is_open(self, step: Step) -> bool:
        state = self._states.get(step.id)
        return state is not None and state.open

    # --- watching ---

    def poll(self) -> None:
        """Import what the workers wrote, count failures, and hear whether to stop."""
        for shard in self._watched:
            for event in self._journal.import_shard(self._run.id, shard):
                self._take(event)
        asked = self._journal.asked_of(self._run.id)
        if asked.cancel:
            self._control.cancelled = True
            self._control.stop(NotStarted.INTERRUPTED)
        if asked.cancel > 1:
            self._control.abort()
        if asked.pause:
            self._control.stop(NotStarted.PAUSED)
        self._notice()
        if clock.monotonic() - self._beat > _HEARTBEAT_S:
            self._beat = clock.monotonic()
            self._journal.heartbeat(self._run.id)

    def _notice(self) -> None:
        """Say once what an interrupt waits for: silence invites a second, which breaks that off."""
        if self._noticed or self._control.stopping() != NotStarted.INTERRUPTED:
            return
        self._noticed = True
        busy = sorted({state.target for state in self._states.values() if state.open})
        words = N_(
            "nothing more is begun; what is under way is finished first ({names}); "
            "one more interrupt would leave it half done"
        )
        try:
            self.on_notice(Text(words, {"names": ", ".join(busy) or "-"}))
        except Exception as error:  # noqa: BLE001 - as of a listener
            self._deaf = self._deaf or error

    def _take(self, event: Event) -> None:
        if event.kind is EventKind.STEP_STARTED:
            state = self._states.setdefault(event.step, StepState())
            state.target, state.started, state.open = event.target, state.started + 1, True
        elif event.kind is EventKind.STEP_FINISHED:
            state = self._states.setdefault(event.step, StepState())
            outcome = plain.from_plain(Outcome, event.data["outcome"])
            state.target, state.outcome, state.open = event.target, outcome, False
            self._count(event.step, outcome)
        self._tell(event)

    def _tell(self, event: Event) -> None:
        """A listener that fails (a terminal that is gone) must not break off a change."""
        try:
            self._on_event(event)
        except Exception as error:  # noqa: BLE001 - raised again once what runs has ended
            self._deaf = self._deaf or error
            self._control.stop(NotStarted.INTERRUPTED)

    def _count(self, name: str, outcome: Outcome) -> None:
        step = self._steps.get(name)
        if step is None or outcome.status not in _BAD:
            return
        if not (step.changes or step.settings.get("verify")):
            return
        self._failed.add(outcome.target)
        untouched = step.kind is StepKind.UPGRADE and as_before(outcome)
        # What failed to be staged carries traffic as it did: its fellow may have its turn.
        if not untouched and step.kind is not StepKind.STAGE:
            self._down.add(outcome.target)
        if step.kind is StepKind.UPGRADE and outcome.status is StepStatus.ERROR:
            self._control.stop(NotStarted.UNSURE)
        if self._limit is not None and len(self._failed) > self._limit:
            self._control.stop(NotStarted.MAX_FAILURES)

    def on_abort(self) -> None:
        """A second interrupt: when a step runs in this very thread, break out of it."""
        if self._runner.in_process:
            raise KeyboardInterrupt

    # --- this process's own log ---

    def _write(self, outcome: Outcome) -> None:
        """An outcome that no worker writes goes through a log of our own, like any other."""
        name = f"g{self._generation:03d}-parent"
        if self._log is None:
            folder = self._journal.shard_folder(self._run.id, name)
            self._log = ShardLog(folder, self._run.id, name)
        self._log.emit(
            EventKind.STEP_FINISHED,
            target=outcome.target,
            step=outcome.step,
            outcome=outcome,
        )
        for event in self._journal.import_shard(self._run.id, name):
            self._take(event)

    def _close_log(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None


def _changing(steps: Sequence[Step]) -> bool:
    return any(step.changes for step in steps)


def _generation(shard: str) -> int:
    head = shard.partition("-")[0]
    return int(head[1:]) if head[:1] == "g" and head[1:].isdigit() else 1
