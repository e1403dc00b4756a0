"""What a process that died had begun: read from the element, never repeated blindly.

| what was begun last | what the element shows | what is done |
|---|---|---|
| nothing was activated | the old release, nothing pending | go on from the drain |
| to get ready for it | it refuses, being at it still | told again until it has ended |
| a stage | it has arrived, or the new release runs | go on after it |
| a stage | the old release, and it has booted since | it was taken back: traffic goes back |
| a stage | the old release, not booted since, nothing pending | watched; never heard: do it |
| a stage that does not reload it | some of it, and no more comes | watched; do it again |
| the commit | the new release, committed | lead traffic back, and watch |
| the commit | the new release, not committed | prove it again, then commit |
| the revert | the old release | traffic goes back |
| anything | a third release, or no answer | nothing: a person is asked |
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import (
    CommandFailed,
    JournalError,
    TargetError,
    TargetTimeout,
    Unreachable,
)
from dcctl.executors.upgrading import console, machine, phases, proof, waiting
from dcctl.executors.upgrading.ending import ended
from dcctl.model import plain
from dcctl.model.outcome import GateFinding
from dcctl.model.status import StepStatus
from dcctl.model.upgrade import Image, Phase, UpgradeNet
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Stage
    from dcctl.executors.upgrading.element import Element
    from dcctl.model.outcome import Outcome
    from dcctl.model.upgrade import Installed

_TURNS = frozenset({Phase.DRAIN, Phase.UNDRAIN})  # what turns traffic


def resume(element: Element) -> Outcome:
    """End what an earlier process had begun.

    Raises:
        JournalError: what can't be written down must not go on. Unreachable: it answers nobody,
        and stays in doubt.
    """
    try:
        _remember(element)
        return _looked_at(element)
    except JournalError:
        raise
    except Unreachable:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the step's outcome
        return ended(
            element,
            StepStatus.ERROR,
            N_("begun before the interruption, and not known: {error}"),
            error=error,
        )


def _looked_at(element: Element) -> Outcome:
    """Look at it and go on; once more where it goes away under our eyes: it may be reloading."""
    until = clock.monotonic() + element.upgrade.boot_s
    while True:
        try:
            return _go_on(element, _look(element))
        except (Unreachable, TargetTimeout):
            if clock.monotonic() > until:
                raise
        clock.sleep(element.order.pause_s)


def _remember(element: Element) -> None:
    """What the journal says of the earlier process."""
    told = element.journal.last(Phase.SNAPSHOT_A, "ended")
    if told is not None:
        since = _seconds_since(str(told["at"]))
        element.before = proof.Snapshot(
            readings=proof.revived(told["readings"]),
            far=proof.revived(told["far"], topic="optics"),
            at=clock.monotonic() - since,
        )
    put = len(element.journal.all(Phase.DRAIN))
    taken = len(element.journal.all(Phase.UNDRAIN, "ended"))
    element.drained = put > taken
    drains = element.journal.all(Phase.DRAIN)
    element.undrained = str(drains[0].get("undrained", "")) if drains else ""
    turns = [one for one in element.journal.earlier if one["phase"] in _TURNS]
    element.detour.unsettled = bool(turns) and turns[-1]["state"] == "begun"
    element.neighbours.before = dict(_seen_before(element))
    _net_before(element)
    kept = (element.journal.last(Phase.PRECHECK, "ended") or {}).get("previous")
    element.previous = element.order.previous if kept is None else plain.from_plain(Image, kept)
    acted = element.journal.last(Phase.ACTIVATE)
    if acted is not None:
        element.armed_at = clock.monotonic() - _seconds_since(str(acted["at"]))


def _net_before(element: Element) -> None:
    """Which net it had: asking the device for it might be the login that cancels it."""
    told = element.journal.last(Phase.PRECHECK, "ended") or {}
    if told.get("net"):
        element.remember_net(UpgradeNet(told["net"]))


def _seen_before(element: Element) -> dict[str, bool | None]:
    told = element.journal.last(Phase.PRECHECK, "ended") or {}
    return dict(told.get("neighbours") or {})


def _seconds_since(at: str) -> float:
    return max(0.0, (clock.now() - datetime.fromisoformat(at)).total_seconds())


def _look(element: Element) -> Installed:
    """What is installed now; where a login would cancel its safety net, neighbours say so first.

    Raises:
        Unreachable: it answers nobody.
    """
    until = clock.monotonic() + element.upgrade.boot_s
    while not element.door.answers():
        if clock.monotonic() > until:
            told = console.look(element, waiting.net_left(element))
            words = N_("{name} answers nobody")
            if told:
                words = N_("{name} answers nobody; its console: {console}")
            raise Unreachable(words, name=element.name, console=told)
        clock.sleep(element.order.pause_s)
    if element.armed_at:
        try:
            waiting.may_log_in(element, until)
        except CommandFailed:
            _let_it_revert(element)
    element.journal.begin()
    session = element.door.fresh()
    element.entered = True
    return element.upgrade.installed(session)


def _let_it_revert(element: Element) -> None:
    clock.sleep(max(0.0, waiting.net_left(element)) + 60.0)


def _go_on(element: Element, now: Installed) -> Outcome:
    new, old = element.order.image.version, element.order.running
    activated = element.journal.all(Phase.ACTIVATE)
    reverting = element.journal.last(Phase.REVERT) is not None
    if now.running not in {new, old}:
        raise CommandFailed(
            N_("{name} runs {now}, which is neither {old} nor {new}"),
            name=element.name,
            now=now.running,
            old=old,
            new=new,
        )
    if reverting or element.order.choice == "revert":
        return _reverted(element)
    if not activated:
        return _before(element)
    if now.running == new:
        return _arrived(element, now)
    return _stage_in_doubt(element, now)


def _before(element: Element) -> Outcome:
    """Nothing was activated: it goes on from the drain, or is led back if that failed already."""
    error = element.journal.last(Phase.UNDRAIN)
    if error is not None:
        words = CommandFailed(N_("interrupted while it was being led back"))
        return machine.back_out(element, words)
    element.neighbours.look_before()
    told = element.journal.last(Phase.PREPARE)
    if told is not None and element.journal.last(Phase.PREPARE, "ended") is None:
        try:
            phases.prepare_again(element)
        except TargetError as refused:
            return machine.back_out(element, refused)
    return machine.touch(element)


def _arrived(element: Element, now: Installed) -> Outcome:
    """The new release runs: stages that are left, the proof, the commit."""
    if now.committed is not False and element.journal.last(Phase.COMMIT) is not None:
        _proved_before(element)
        return machine.finish(element)
    return machine.switch(element, _stages_done(element))


def _proved_before(element: Element) -> None:
    """What the earlier process had proved, and is not proved again, for the outcome to tell."""
    seen = element.journal.last(Phase.RECONCILE, "ended")
    told = element.journal.last(Phase.GATE, "ended")
    if seen is not None:
        element.data["left"] = list(seen["installed"]["left"])
    if told is not None:
        element.findings = tuple(plain.from_plain(GateFinding, one) for one in told["findings"])


def _stages_done(element: Element) -> int:
    """How many stages are known to have arrived: by the journal, or by asking the element."""
    stages = element.upgrade.stages(element.door.session(), element.order.image)
    done = element.journal.numbers(Phase.WAIT, "ended")
    begun = element.journal.numbers(Phase.ACTIVATE)
    while done < min(begun, len(stages)):
        if not stages[done].arrived(element.door.session(), element.order.image):
            waiting.until_arrived(element, stages[done])
        done += 1
    return done


def _stage_in_doubt(element: Element, now: Installed) -> Outcome:
    """The old release runs, though a stage was begun: never heard, still under way, or reverted."""
    begun = element.journal.numbers(Phase.ACTIVATE)
    stages = element.upgrade.stages(element.door.session(), element.order.image)
    last = stages[min(begun, len(stages)) - 1]
    if last.arrived(element.door.session(), element.order.image):
        return machine.switch(element, begun)
    first = element.journal.all(Phase.ACTIVATE)[0]
    booted = waiting.booted_since(element, _seconds_since(str(first["at"])))
    if booted and not now.pending:
        error = CommandFailed(
            N_("{name} has booted since, and {release} runs again"),
            name=element.name,
            release=now.running,
        )
        return machine.old_again(element, error)
    at = str(element.journal.all(Phase.ACTIVATE)[-1]["at"])
    # What the stages before this one have set waits for it, and says nothing of it.
    quiet = now.pending if begun > 1 and not booted else ()
    stirs = now.pending != quiet or now.net_s is not None or booted is None
    if stirs or _stirs(element, last, at, quiet):
        return _under_way(element, begun)
    phases.look_live(element, Phase.ACTIVATE)
    return machine.switch(element, begun - 1)


def _stirs(element: Element, stage: Stage, at: str, quiet: Sequence[str]) -> bool:
    """Whether the device turns out to be at a stage of which it shows nothing yet.

    Some say nothing of an operation until it reloads them. Begun once more it would be refused,
    and they would go down later, when traffic is on them again.
    """
    while _seconds_since(at) < element.upgrade.boot_s:
        if not element.door.answers():
            return True
        try:
            now = element.upgrade.installed(element.door.session())
            if now.net_s is not None or now.running != element.order.running:
                return True
            if now.pending != quiet:
                return True
            if stage.arrived(element.door.session(), element.order.image):
                return True
        except TargetError:
            return True  # it went away under our eyes
        clock.sleep(element.order.pause_s)
    return False


def _under_way(element: Element, begun: int) -> Outcome:
    """The device is still at it: wait for the stage, do not begin it again.

    One that gave up with the session that told it may be told again, where that reloads nothing.
    """
    stages = element.upgrade.stages(element.door.session(), element.order.image)
    stage = stages[begun - 1]
    try:
        waiting.until_arrived(element, stage)
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - the old release is taken back, and told
        if not stage.reloads and type(error) is TargetTimeout:
            phases.look_live(element, Phase.ACTIVATE)
            return machine.switch(element, begun - 1)
        return machine.take_back(element, error)
    return machine.switch(element, begun)


def _reverted(element: Element) -> Outcome:
    error = CommandFailed(N_("interrupted while the old release was being taken back"))
    if element.order.choice == "revert":
        error = CommandFailed(N_("it was chosen to take the old release back"))
    return machine.take_back(element, error)
