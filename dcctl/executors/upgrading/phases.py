"""What each phase of an upgrade does to its element, or asks of it.

Every phase is written down as begun before it sends its first byte, and as ended once its effect
was seen. What follows when one raises is told in `machine`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import (
    CommandFailed,
    Interrupted,
    Refused,
    StalePlan,
    TargetTimeout,
    Unreachable,
)
from dcctl.executors import _backup, sealing
from dcctl.executors.upgrading import files, live, proof, waiting
from dcctl.model import plain
from dcctl.model.approval import Approval
from dcctl.model.upgrade import Phase, UpgradeNet
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Stage
    from dcctl.executors.upgrading.element import Element
    from dcctl.model.upgrade import Installed

_ASKED_AGAIN_S = 60.0

# --- before anything is touched ---


def precheck(element: Element) -> bool:
    """Whether it runs the release already; all that must hold before anything is touched.

    Raises:
        Refused: it may not be touched. StalePlan: it is no longer as it was planned from.
        TargetError.
    """
    with element.journal.phase(Phase.PRECHECK) as found:
        now = element.upgrade.installed(element.door.session())
        found["installed"], found["net"] = plain.to_plain(now), element.net.value
        if now.running == element.order.image.version and now.committed is not False:
            return True
        _may_begin(element, now)
        session = element.door.session()
        element.previous = files.previous(session, element.upgrade, element.order, now)
        found["previous"] = None if element.previous is None else plain.to_plain(element.previous)
        _keep_backup(element)
        element.neighbours.look_before()
        found["neighbours"] = dict(element.neighbours.before)
    return False


def _may_begin(element: Element, now: Installed) -> None:
    if now.running != element.order.running:
        raise StalePlan(
            N_("{name} runs {now}, and was planned from {before}"),
            name=element.name,
            now=now.running,
            before=element.order.running,
        )
    if now.pending or now.committed is False:
        raise Refused(
            N_("{name}: an installation of somebody else is under way: {pending}"),
            name=element.name,
            pending="; ".join(now.pending) or now.running,
        )
    if element.net is UpgradeNet.NONE and not element.approved(Approval.NO_SAFETY_NET):
        raise Refused(
            N_("{name}: {platform} can't take a release back by itself"),
            hint=N_("--no-safety-net upgrades it all the same, and the journal says who did"),
            name=element.name,
            platform=element.platform.name,
        )


def _keep_backup(element: Element) -> None:
    if sealing.OPTION not in element.context.options:
        return  # the workflows always give one; a bare executor is asked for none
    session = element.door.session()
    kept = _backup.keep(
        session, element.platform, element.context, element.name, "before an upgrade"
    )
    element.evidence += kept.evidence
    element.data["backup"] = kept.data


def snapshot(element: Element) -> None:
    """Snapshot A: what must be again afterwards."""
    with element.journal.phase(Phase.SNAPSHOT_A) as found:
        element.before = element.look(proof.topics_of(element.target))
        proof.whole(element.target, element.before.readings)
        found["readings"] = proof.as_told(element.before.readings)
        found["far"] = proof.as_told(element.before.far)


def verify(element: Element) -> None:
    """The image's files, once more, on every supervisor."""
    with element.journal.phase(Phase.VERIFY) as found:
        session = element.door.session()
        found["files"] = files.verified(session, element.upgrade, element.order.image, element.name)
        element.data["files"] = found["files"]


def look_live(element: Element, before: Phase) -> None:
    """The paths that must stay, asked just before `before`.

    Raises:
        Refused: one is not whole. Interrupted: the run is given up.
    """
    if element.context.cancelled():
        raise Interrupted(N_("{name}: given up before it was activated"), name=element.name)
    keeps = live.look(element.name, element.order, element.witnesses)
    element.journal.tell(before, "live", keeps=keeps)


# --- to the new release ---


def prepare(element: Element) -> None:
    """What touches no traffic."""
    if element.upgrade.prepare is None:
        return
    with element.journal.phase(Phase.PREPARE):
        session = element.door.session()
        with session.changing():
            element.upgrade.prepare(session, element.order.image)


def prepare_again(element: Element) -> None:
    """What an earlier process had told it may be under way still: then it refuses to be told.

    Raises:
        TargetError: it refuses even after as long as it may take.
    """
    until = clock.monotonic() + element.upgrade.boot_s
    while True:
        try:
            return prepare(element)
        except CommandFailed:
            if clock.monotonic() + _ASKED_AGAIN_S > until:
                raise
        clock.sleep(_ASKED_AGAIN_S)


def drain(element: Element) -> None:
    """Lead traffic round it, and prove that it went."""
    lines = element.upgrade.drain(element.target) if element.order.drain else ()
    if not lines:
        return
    element.undrained = element.undrained or element.detour.state()
    with element.journal.phase(Phase.DRAIN, lines=list(lines), undrained=element.undrained):
        element.drained = True
        element.detour.put(lines, element.hold_neighbours)
    with element.journal.phase(Phase.MOVED) as found:
        order, until = element.order, clock.monotonic() + element.order.drain_s
        found["bps"] = element.detour.moved(order.residue_bps, until, order.pause_s)


def activate(element: Element, begun: int = 0) -> None:
    """The stages from `begun` on, each written down, each seen to have arrived before the next."""
    stages = element.upgrade.stages(element.door.session(), element.order.image)
    for number, stage in enumerate(stages):
        if number < begun:
            continue
        with element.journal.phase(Phase.ACTIVATE, stage=stage.name, number=number):
            element.armed_at = clock.monotonic()
            _act(element, stage)
        with element.journal.phase(Phase.WAIT, stage=stage.name, number=number):
            waiting.until_arrived(element, stage)


def _act(element: Element, stage: Stage) -> None:
    session = element.door.session()
    try:
        with session.changing():
            stage.act(session, element.order.image, element.net_s)
    except (TargetTimeout, ConnectionError):
        if not stage.reloads:
            raise
        # The session went down with the element, or before an answer came: what the element
        # does is seen by waiting, not from here.
    if stage.reloads:
        element.door.drop()


def prove(element: Element) -> None:
    """Version and boards, snapshot B, and every gate between it and snapshot A."""
    with element.journal.phase(Phase.RECONCILE) as found:
        now = waiting.reconciled(element)
        element.data["left"] = list(now.left)
        found["installed"] = plain.to_plain(now)
    with element.journal.phase(Phase.SNAPSHOT_B) as found:
        element.hold_neighbours()
        after = element.look()
        found["readings"] = proof.as_told(after.readings)
    with element.journal.phase(Phase.GATE) as found:
        element.hold_gates(element.until(element.order.settle_s), first=after)
        found["findings"] = [plain.to_plain(one) for one in element.findings]


def commit(element: Element) -> None:
    """Let the new release stay.

    Raises:
        TargetTimeout: proving took longer than the safety net holds. TargetError.
    """
    if element.upgrade.commit is None:
        return
    timed = element.net is UpgradeNet.TIMER
    if timed and element.armed_at and clock.monotonic() > element.armed_at + element.net_s:
        raise TargetTimeout(
            N_("{name}: proving the release took longer than its safety net holds"),
            name=element.name,
        )
    with element.journal.phase(Phase.COMMIT):
        session = element.door.session()
        with session.changing():
            element.upgrade.commit(session, element.order.image)
        if not element.is_committed():
            raise CommandFailed(N_("{name}: the commit did not take"), name=element.name)


# --- traffic again ---


def undrain(element: Element) -> None:
    """Lead traffic back."""
    if not element.drained:
        return
    lines = element.upgrade.undrain(element.target)
    with element.journal.phase(Phase.UNDRAIN, lines=list(lines)):
        try:
            element.detour.put(lines, element.hold_neighbours, unless=element.undrained)
        except Unreachable:
            # Lost in the midst of it. The lines say what is to stand there: they can be sent again.
            waiting.until_answering(element)
            element.detour.put(lines, element.hold_neighbours, unless=element.undrained)
        element.drained = False


def soak(element: Element) -> None:
    """Watch it carry traffic again."""
    order = element.order
    if not order.soak_s:
        return
    with element.journal.phase(Phase.SOAK):
        until = clock.monotonic() + order.soak_s
        start = element.look()
        while clock.monotonic() < until and not element.context.cancelled():
            clock.sleep(min(order.pause_s * 6, order.soak_s))
            element.hold_neighbours()
        last = element.hold_gates(clock.monotonic() + order.pause_s, since=start)
        element.hold_gates(clock.monotonic() + order.pause_s, first=last)
