"""What a process that died had begun: read from the element, never repeated blindly.

| what was begun last | what the element shows | what is done |
|---|---|---|
| nothing was activated | the old release, nothing pending | go on from the drain |
| a stage | it has arrived, or the new release runs | go on after it |
| a stage | the old release, and it has booted since | it was taken back: traffic goes back |
| a stage | the old release, not booted since, nothing pending | watched; never heard: do it |
| the commit | the new release, committed | lead traffic back, and watch |
| the commit | the new release, not committed | prove it again, then commit |
| the revert | the old release | traffic goes back |
| anything | a third release, or no answer | nothing: a person is asked |
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import CommandFailed, JournalError, TargetError, Unreachable
from dcctl.executors.upgrading import proof, waiting
from dcctl.model import plain
from dcctl.model.status import StepStatus
from dcctl.model.upgrade import Image, Phase, UpgradeNet
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Stage
    from dcctl.executors.upgrading.machine import Machine
    from dcctl.model.outcome import Outcome
    from dcctl.model.upgrade import Installed


def resume(machine: Machine) -> Outcome:
    """End what an earlier process had begun.

    Raises:
        JournalError: what can't be written down must not go on. Unreachable: it answers nobody,
        and stays in doubt.
    """
    try:
        _remember(machine)
        now = _look(machine)
        return _go_on(machine, now)
    except JournalError:
        raise
    except Unreachable:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the step's outcome
        return machine.end(
            StepStatus.ERROR,
            N_("begun before the interruption, and not known: {error}"),
            error=error,
        )


def _remember(machine: Machine) -> None:
    """What the journal says of the earlier process."""
    told = machine.journal.last(Phase.SNAPSHOT_A, "ended")
    if told is not None:
        since = _seconds_since(str(told["at"]))
        machine.before = proof.Snapshot(
            readings=proof.revived(told["readings"]),
            far=proof.revived(told["far"], topic="optics"),
            at=clock.monotonic() - since,
        )
    put = len(machine.journal.all(Phase.DRAIN))
    taken = len(machine.journal.all(Phase.UNDRAIN, "ended"))
    machine.drained = put > taken
    drains = machine.journal.all(Phase.DRAIN)
    machine.undrained = str(drains[0].get("undrained", "")) if drains else ""
    machine.neighbours.before = dict(_seen_before(machine))
    _net_before(machine)
    kept = (machine.journal.last(Phase.PRECHECK, "ended") or {}).get("previous")
    machine.previous = machine.order.previous if kept is None else plain.from_plain(Image, kept)
    acted = machine.journal.last(Phase.ACTIVATE)
    if acted is not None:
        machine.armed_at = clock.monotonic() - _seconds_since(str(acted["at"]))


def _net_before(machine: Machine) -> None:
    """Which net it had: asking the device for it might be the login that cancels it."""
    told = machine.journal.last(Phase.PRECHECK, "ended") or {}
    if told.get("net"):
        machine.remember_net(UpgradeNet(told["net"]))


def _seen_before(machine: Machine) -> dict[str, bool | None]:
    told = machine.journal.last(Phase.PRECHECK, "ended") or {}
    return dict(told.get("neighbours") or {})


def _seconds_since(at: str) -> float:
    return max(0.0, (clock.now() - datetime.fromisoformat(at)).total_seconds())


def _look(machine: Machine) -> Installed:
    """What is installed now; where a login would cancel its safety net, neighbours say so first.

    Raises:
        Unreachable: it answers nobody.
    """
    until = clock.monotonic() + machine.upgrade.boot_s
    while not machine.door.answers():
        if clock.monotonic() > until:
            raise Unreachable(N_("{name} answers nobody"), name=machine.name)
        clock.sleep(machine.order.pause_s)
    if machine.armed_at:
        try:
            waiting.may_log_in(machine, until)
        except CommandFailed:
            _let_it_revert(machine)
    machine.journal.begin()
    session = machine.door.fresh()
    machine.entered = True
    return machine.upgrade.installed(session)


def _let_it_revert(machine: Machine) -> None:
    clock.sleep(max(0.0, waiting.net_left(machine)) + 60.0)


def _go_on(machine: Machine, now: Installed) -> Outcome:
    new, old = machine.order.image.version, machine.order.running
    activated = machine.journal.all(Phase.ACTIVATE)
    reverting = machine.journal.last(Phase.REVERT) is not None
    if now.running not in {new, old}:
        raise CommandFailed(
            N_("{name} runs {now}, which is neither {old} nor {new}"),
            name=machine.name,
            now=now.running,
            old=old,
            new=new,
        )
    if reverting or machine.order.choice == "revert":
        return _reverted(machine)
    if not activated:
        return _before(machine)
    if now.running == new:
        return _arrived(machine, now)
    return _stage_in_doubt(machine, now)


def _before(machine: Machine) -> Outcome:
    """Nothing was activated: it goes on from the drain, or is led back if that failed already."""
    error = machine.journal.last(Phase.UNDRAIN)
    if error is not None:
        words = CommandFailed(N_("interrupted while it was being led back"))
        return machine.back_out(words)
    machine.neighbours.look_before()
    return machine.touch()


def _arrived(machine: Machine, now: Installed) -> Outcome:
    """The new release runs: stages that are left, the proof, the commit."""
    if now.committed is not False and machine.journal.last(Phase.COMMIT) is not None:
        return machine.finish()
    return machine.switch(_stages_done(machine))


def _stages_done(machine: Machine) -> int:
    """How many stages are known to have arrived: by the journal, or by asking the element."""
    stages = machine.upgrade.stages(machine.door.session(), machine.order.image)
    done = len(machine.journal.all(Phase.WAIT, "ended"))
    begun = len(machine.journal.all(Phase.ACTIVATE))
    while done < min(begun, len(stages)):
        if not stages[done].arrived(machine.door.session(), machine.order.image):
            waiting.until_arrived(machine, stages[done])
        done += 1
    return done


def _stage_in_doubt(machine: Machine, now: Installed) -> Outcome:
    """The old release runs, though a stage was begun: never heard, still under way, or reverted."""
    begun = len(machine.journal.all(Phase.ACTIVATE))
    stages = machine.upgrade.stages(machine.door.session(), machine.order.image)
    last = stages[min(begun, len(stages)) - 1]
    if last.arrived(machine.door.session(), machine.order.image):
        return machine.switch(begun)
    first = machine.journal.all(Phase.ACTIVATE)[0]
    booted = waiting.booted_since(machine, _seconds_since(str(first["at"])))
    if booted and not now.pending:
        error = CommandFailed(
            N_("{name} has booted since, and {release} runs again"),
            name=machine.name,
            release=now.running,
        )
        return machine.old_again(error)
    at = machine.journal.all(Phase.ACTIVATE)[-1]["at"]
    if now.pending or now.net_s is not None or booted is None or _stirs(machine, last, str(at)):
        return _under_way(machine, begun)
    machine.look_live(Phase.ACTIVATE)
    return machine.switch(begun - 1)


def _stirs(machine: Machine, stage: Stage, at: str) -> bool:
    """Whether the device turns out to be at a stage of which it shows nothing yet.

    Some say nothing of an operation until it reloads them. Begun once more it would be refused,
    and they would go down later, when traffic is on them again.
    """
    while _seconds_since(at) < machine.upgrade.boot_s:
        if not machine.door.answers():
            return True
        try:
            now = machine.upgrade.installed(machine.door.session())
            if now.pending or now.net_s is not None or now.running != machine.order.running:
                return True
            if stage.arrived(machine.door.session(), machine.order.image):
                return True
        except TargetError:
            return True  # it went away under our eyes
        clock.sleep(machine.order.pause_s)
    return False


def _under_way(machine: Machine, begun: int) -> Outcome:
    """The device is still at it: wait for the stage, do not begin it again."""
    stages = machine.upgrade.stages(machine.door.session(), machine.order.image)
    try:
        waiting.until_arrived(machine, stages[begun - 1])
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - the old release is taken back, and told
        return machine.take_back(error)
    return machine.switch(begun)


def _reverted(machine: Machine) -> Outcome:
    error = CommandFailed(N_("interrupted while the old release was being taken back"))
    if machine.order.choice == "revert":
        error = CommandFailed(N_("it was chosen to take the old release back"))
    return machine.take_back(error)
