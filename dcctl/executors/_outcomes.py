"""How errors become readings and outcomes; the same for every door that speaks SSH."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl import clock, platforms
from dcctl.errors import (
    AuthenticationFailed,
    CommandFailed,
    DcctlError,
    HostKeyRejected,
    JournalError,
    Refused,
    Unparsed,
    Unreachable,
)
from dcctl.executors import unchanged
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.outcome import Answer, Outcome, Reading
from dcctl.model.status import NotStarted, ReadingStatus, StepStatus
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dcctl.contracts import Collector, Context, Output, Platform
    from dcctl.facts.transport import Transport
    from dcctl.model.plan import Step

TRANSPORT = "transport"  # the topic that a session itself tells, on every platform
_UNREAD = {ReadingStatus.ERROR, ReadingStatus.UNREACHABLE}
# An error of this kind comes again at once: dialling a second time only locks accounts.
FINAL = (AuthenticationFailed, HostKeyRejected)


def step_status(error: Exception) -> StepStatus:
    """How a step ends that raised `error`."""
    if isinstance(error, Unreachable):
        return StepStatus.UNREACHABLE
    if isinstance(error, CommandFailed):
        return StepStatus.FAILED
    if isinstance(error, Refused):
        return StepStatus.NOT_STARTED
    return StepStatus.ERROR


def each(steps: Sequence[Step], do: Callable[[Step, str], Outcome]) -> Iterator[Outcome]:
    """Exactly one outcome for each step: what `do` (given when it began) gives, or raises.

    Raises:
        JournalError: what can't be written down must not go on.
    """
    for step in steps:
        started = now()
        try:
            outcome = do(step, started)
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the step's outcome
            outcome = from_error(step, error, started)
        yield outcome


def from_error(step: Step, error: Exception, started: str, **more: Any) -> Outcome:
    """The outcome of a step that raised `error`."""
    status = step_status(error)
    return Outcome(
        step=step.id,
        target=step.target,
        status=status,
        reason=NotStarted.REFUSED if status is StepStatus.NOT_STARTED else "",
        message=message_of(error),
        started_at=started,
        finished_at=now(),
        **more,
    )


def finished(step: Step, status: StepStatus, started: str, **more: Any) -> Outcome:
    """The outcome of a step that came to its end."""
    return Outcome(
        step=step.id,
        target=step.target,
        status=status,
        started_at=started,
        finished_at=now(),
        **more,
    )


def message_of(error: Exception) -> Text:
    """What a person reads of `error`; ours keep their message id."""
    if isinstance(error, DcctlError):
        return error.text
    return Text(N_("{kind}: {error}"), {"kind": type(error).__name__, "error": str(error)[:200]})


def unpredicted(context: Context, step: Step, why: Text) -> None:
    """Tell why the prediction of `step` is not known."""
    context.emit(
        EventKind.STEP_PROGRESS,
        target=step.target,
        step=step.id,
        unpredicted=True,
        message=str(why),
    )


def tell_remediation(context: Context, step: Step, remediation: Mapping[str, Any]) -> None:
    """Write down how `step` would change its target, and what of it nobody understood."""
    context.emit(
        EventKind.STEP_PROGRESS, target=step.target, step=step.id, remediation=dict(remediation)
    )


def unread(topics: Sequence[str], error: Exception) -> dict[str, Reading]:
    """Readings of topics none of which could be asked for."""
    status = ReadingStatus.UNREACHABLE if isinstance(error, Unreachable) else ReadingStatus.ERROR
    text = str(message_of(error))
    return {topic: Reading(topic=topic, status=status, message=text) for topic in topics}


def no_collector(topic: str, platform: str) -> Reading:
    """The reading of a topic that the platform can't tell."""
    return Reading(
        topic=topic,
        status=ReadingStatus.NO_TEMPLATE,
        message=f"{platform} has no collector for {topic}",
    )


def agreed(fact: Transport, context: Context, target: str) -> Reading:
    """What a session's transport was agreed on, as the reading of its topic."""
    text = plain.canonical(fact)
    digest = context.keep(text, target=target, media_type="application/json")
    return Reading(topic=TRANSPORT, status=ReadingStatus.PARSED, value=fact, evidence=(digest,))


def compared(platform: Platform, looks: Callable[[], Sequence[tuple[Output, str]]]) -> Reading:
    """Whether the configuration is the same at both looks, each with what it is kept as.

    A look that can't be had, or is not whole, is no proof: nobody can tell then.
    """
    try:
        return _compared(platform, looks())
    except JournalError:
        raise  # what can't be written down must not go on
    except Exception as error:  # noqa: BLE001 - as above
        return unread((unchanged.TOPIC,), error)[unchanged.TOPIC]


def _compared(platform: Platform, looks: Sequence[tuple[Output, str]]) -> Reading:
    for output, _ in looks:
        last = output.text.rstrip().rpartition("\n")[2].strip()
        ended = re.fullmatch(platform.config_end or ".*", last) and output.text.strip()
        if output.failed or not ended:
            raise Unparsed(
                N_("{command}: not a whole configuration: {why}"),
                command=output.command,
                why=last[-200:] if output.failed else "it does not end",
            )
    before, after = (output.text for output, _ in looks)
    make = unchanged.of_kept if platform.config_probe else unchanged.of_texts
    return Reading(
        topic=unchanged.TOPIC,
        status=ReadingStatus.PARSED,
        value=make(platform, before, after),
        evidence=tuple(dict.fromkeys(digest for _, digest in looks)),
        answers=tuple(Answer(command=output.command, digest=digest) for output, digest in looks),
    )


def parsed(collector: Collector, outputs: Sequence[Output], evidence: Sequence[str]) -> Reading:
    """The reading that `collector` makes of the raw answers; a parser's mistake is no pass.

    `evidence` is what each answer was kept as, in the same order.
    """
    status, value, message = platforms.fact_of(collector, outputs)
    return Reading(
        topic=collector.topic,
        status=status,
        value=value,
        message=str(message),
        evidence=tuple(evidence),
        answers=tuple(
            Answer(command=output.command, digest=digest, failed=output.failed)
            for output, digest in zip(outputs, evidence, strict=True)
        ),
    )


def collected(step: Step, readings: Mapping[str, Reading], started: str) -> Outcome:
    """The outcome of a collect step: as bad as its worst reading."""
    statuses = {reading.status for reading in readings.values()}
    evidence = tuple(sorted({d for reading in readings.values() for d in reading.evidence}))
    data = {"topics": {topic: reading.status.value for topic, reading in readings.items()}}
    worst = next((r for r in readings.values() if r.status in _UNREAD), None)
    status = StepStatus.OK
    if statuses & _UNREAD:
        unreachable = ReadingStatus.UNREACHABLE in statuses
        status = StepStatus.UNREACHABLE if unreachable else StepStatus.ERROR
    message = Text("{message}", {"message": worst.message}) if worst else Text("")
    return finished(step, status, started, evidence=evidence, data=data, message=message)


def fingerprint(
    steps: Sequence[Step], read: Callable[[Sequence[str]], Mapping[str, Reading]]
) -> str:
    """For a door that changes nothing: a digest of the topics that the steps name."""
    topics = sorted({t for step in steps for t in step.settings.get("topics", ())})
    readings = read(topics)
    return plain.digest({t: (readings[t].status, readings[t].value) for t in topics})


def unchanging(steps: Sequence[Step]) -> dict[str, tuple[str, ...] | None]:
    """What such a door predicts: nothing of what it runs, and unknown of what it would not run."""
    return {step.id: None if step.changes else () for step in steps}


def now() -> str:
    """The time, ISO 8601 UTC."""
    return clock.now().isoformat()
