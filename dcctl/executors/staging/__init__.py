"""An image's files put on one element: looked at first, proven after, nothing done twice.

| module | what |
|---|---|
| `survey` | what lies on the element: whole, partial, damaged, missing |
| `line` | the share of a site's line: a token bucket, and places for those that fetch themselves |
| `source` | a file on this machine, proven before any of it goes out |
| `push` | a file sent over the element's SSH, by SFTP (continued) or SCP |
| `work` | the files of one image, one after the other, onto every supervisor |
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dcctl import clock, platforms
from dcctl.errors import CommandFailed, Refused
from dcctl.executors import _outcomes
from dcctl.executors.staging import survey
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.status import StepStatus
from dcctl.model.upgrade import StageOrder
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Protocol, TypeVar

    from dcctl.contracts import Context, Upgrade
    from dcctl.executors._device import DeviceSession
    from dcctl.executors.staging.survey import Found
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Step
    from dcctl.model.target import Target

    T = TypeVar("T")

    class Sessions(Protocol):
        """What keeps the sessions of all targets of a shard."""

        def reading(self, target: Target, ask: Callable[[DeviceSession], T]) -> T:
            """Ask on the target's session; one that is found dead is made anew once."""

        def session(self, target: Target) -> DeviceSession:
            """The target's session."""

        def reopened(self, target: Target, *, end: bool = True) -> DeviceSession:
            """A new session."""


def order_of(step: Step) -> StageOrder:
    """What the step is to do."""
    return plain.from_plain(StageOrder, step.settings["order"])


def upgrade_of(target: Target) -> Upgrade:
    """How the platform is upgraded.

    Raises:
        Refused: there is no way to.
    """
    upgrade = platforms.get(target.platform).upgrade
    if upgrade is None:
        raise Refused(N_("{platform}: no way to upgrade it"), platform=target.platform)
    return upgrade


def prediction(step: Step, target: Target, sessions: Sessions) -> tuple[str, ...]:
    """What staging would change, a line a file; nothing where all is there and whole."""
    found = _look(order_of(step), target, sessions)
    return tuple(f"+ {one.where} ({one.file.size} bytes)" for one in found if not one.whole)


def _look(order: StageOrder, target: Target, sessions: Sessions) -> tuple[Found, ...]:
    look = partial(survey.look, upgrade=upgrade_of(target), image=order.image, name=target.name)
    return sessions.reading(target, look)


def run(step: Step, target: Target, context: Context, sessions: Sessions, started: str) -> Outcome:
    """Stage, or look only: whichever the step is.

    Raises:
        TargetError, Refused.
    """
    if step.changes:
        return stage(step, target, context, sessions, started)
    context.emit(EventKind.STEP_STARTED, target=step.target, step=step.id)
    return check(step, target, sessions, started)


def check(step: Step, target: Target, sessions: Sessions, started: str) -> Outcome:
    """Whether the image suits the element and its files are there, or have room; changes nothing.

    Raises:
        TargetError, Refused.
    """
    order, upgrade = order_of(step), upgrade_of(target)
    found = _look(order, target, sessions)
    version = sessions.reading(target, partial(survey.version, upgrade=upgrade, target=target))
    wrong = [*survey.unfit(order.image, version, target.name)]
    wrong += survey.lacking(found, target.name)
    wrong += [one.told(target.name) for one in found if one.state == survey.DAMAGED]
    if step.settings.get("staged"):
        wrong += [
            one.told(target.name) for one in found if one.state in {survey.MISSING, survey.PARTIAL}
        ]
    data = {**survey.data_of(found, upgrade), "running": version.release, "model": version.model}
    return _outcomes.finished(
        step,
        StepStatus.FAILED if wrong else StepStatus.OK,
        started,
        message=_joined(wrong) if wrong else survey.summary(found),
        data={**data, "wrong": [str(one) for one in wrong]},
    )


def _joined(texts: list[Text]) -> Text:
    if len(texts) == 1:
        return texts[0]
    return Text("{told}", {"told": "; ".join(str(one) for one in texts)})


def stage(
    step: Step, target: Target, context: Context, sessions: Sessions, started: str
) -> Outcome:
    """Put the files there, unless they are.

    Raises:
        TargetError, Refused.
    """
    from dcctl.executors.staging.work import Work  # brings paramiko

    order, upgrade = order_of(step), upgrade_of(target)
    try:
        before = _look(order, target, sessions)
    except CommandFailed as error:  # nothing was begun, so nothing failed
        raise Refused(error.text.msgid, **error.text.params) from error
    if all(one.whole for one in before):
        return _outcomes.finished(
            step,
            StepStatus.OK,
            started,
            message=Text(N_("all of it is there, and whole")),
            data=survey.data_of(before, upgrade),
        )
    _refuse_misplaced(order, target, upgrade, sessions)
    work = Work(order, target, upgrade, context, sessions)
    way = work.way()
    context.emit(EventKind.STEP_STARTED, target=step.target, step=step.id, durable=True)
    begun = clock.monotonic()
    work.told = lambda **data: context.emit(
        EventKind.STEP_PROGRESS, target=step.target, step=step.id, **data
    )
    _refuse_short(before, target.name)
    work.fill(before)
    after = _look(order, target, sessions)
    _refuse_broken(after, target.name)
    told: dict[str, Any] = survey.data_of(after, upgrade)
    told |= {"way": way.value, "seconds": round(clock.monotonic() - begun, 1)}
    told |= {"sent": work.sent, "continued": work.continued, "hashed": dict(work.hashed)}
    return _outcomes.finished(
        step,
        StepStatus.CHANGED,
        started,
        message=survey.summary(after),
        changed=tuple(f"+ {one.where}" for one in before if not one.whole),
        data=told,
    )


def _refuse_misplaced(
    order: StageOrder, target: Target, upgrade: Upgrade, sessions: Sessions
) -> None:
    """An image of another machine."""
    runs = sessions.reading(target, partial(survey.version, upgrade=upgrade, target=target))
    other = survey.misplaced(order.image, runs, target.name)
    if other is not None:
        raise Refused(other.msgid, **other.params)


def _refuse_short(found: Sequence[Found], name: str) -> None:
    for text in survey.lacking(found, name):
        raise CommandFailed(text.msgid, **text.params)


def _refuse_broken(found: Sequence[Found], name: str) -> None:
    for one in found:
        if not one.whole:
            text = one.told(name)
            raise CommandFailed(text.msgid, **text.params)
