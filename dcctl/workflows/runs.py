"""Runs: list, show, resume, cancel, run again what failed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from dcctl import clock
from dcctl.errors import NotFound, Refused
from dcctl.model.event import Event
from dcctl.model.plan import StepKind
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import RunStatus
from dcctl.text import N_
from dcctl.workflows.apply import verify
from dcctl.workflows.approve import require_approvals
from dcctl.workflows.execute import carry_on
from dcctl.workflows.plan import PlanRequest, joined
from dcctl.workflows.services import Services

UNFINISHED = frozenset({RunStatus.RUNNING, RunStatus.INTERRUPTED})


def list_runs(services: Services, *, limit: int = 20) -> tuple[Run, ...]:
    """The newest runs first; one that was killed stands as interrupted."""
    living = {lock.owner for lock in services.journal.locks() if lock.alive}
    return tuple(_as_it_is(run, living) for run in services.journal.runs(limit=limit))


def show(run: str, services: Services) -> RunRecord:
    """One run: its id, the beginning of it, or `latest`."""
    record = services.journal.record(run)
    living = {lock.owner for lock in services.journal.locks() if lock.alive}
    return replace(record, run=_as_it_is(record.run, living))


def _as_it_is(run: Run, living: Collection[str]) -> Run:
    """The run; one that a killed process left `running` in the journal is interrupted."""
    dead = run.status is RunStatus.RUNNING and run.id not in living
    return replace(run, status=RunStatus.INTERRUPTED) if dead else run


def resume(run: str, services: Services) -> RunRecord:
    """Carry on a run that was interrupted or killed; reads the targets' reality before it decides.

    A campaign's signatures are asked for again, whichever verb resumes it, and a pause ends.

    Raises:
        Refused: there is nothing to resume, or a campaign is no longer approved.
        StalePlan: what is left of the plan would no longer be what was approved.
    """
    record = services.journal.record((_unfinished(services) if run == "latest" else "") or run)
    campaign = any(step.kind is StepKind.UPGRADE for step in record.plan.steps)
    if record.run.status not in UNFINISHED:
        raise Refused(
            N_("run {run} is {status}: there is nothing to resume"),
            hint=N_("`dcctl upgrade plan` plans what does not run its release yet")
            if campaign
            else N_("`dcctl runs rerun --failed {run}` runs again what failed"),
            run=record.run.id,
            status=record.run.status.value,
        )
    if any(step.changes for step in record.plan.steps):
        services.require_may_change()
        verify(record.plan, services)
    if campaign:
        require_approvals(record.plan, services)
        services.journal.request_go_on(record.run.id, operator=services.operator)
    return carry_on(record.plan, record.run, services, resume=True)


def _unfinished(services: Services) -> str:
    """The newest run that can be resumed, or ""; one that only observed is not missed."""
    return next(
        (
            found.id
            for found in services.journal.runs()
            if found.status in UNFINISHED and found.verb != "observe"
        ),
        "",
    )


def cancel(run: str, services: Services) -> Run:
    """Ask a running run to start nothing new and to finish what runs; give up one that died.

    The run that is given back is cancelled where nobody is left to end it.

    Raises:
        LockHeld: it died, and something that it began is still at work. Refused: it has ended.
    """
    from dcctl import running

    found = services.journal.run(run)
    if found.status not in UNFINISHED | {RunStatus.AWAY}:
        raise Refused(
            N_("run {run} is {status}: there is nothing to cancel"),
            run=found.id,
            status=found.status.value,
        )
    if not any(lock.alive for lock in services.journal.locks() if lock.owner == found.id):
        running.await_end(found.id, services.journal)  # its locks are given back: to nobody beside
    services.journal.request_cancel(found.id, operator=services.operator)
    return services.journal.run(found.id)


def watch(
    run: str, services: Services, *, on_event: Callable[[Event], None], every_s: float = 0.5
) -> RunRecord:
    """Follow a run that another process does: every event once, until it ends or was killed."""
    record = services.journal.record(run)
    seen = 0
    while True:
        ended = not _lives(record.run.id, services)
        for event in services.journal.events(record.run.id, after=seen):
            seen += 1
            on_event(event)
        if ended:
            return services.journal.record(record.run.id)
        clock.sleep(every_s)


def _lives(run: str, services: Services) -> bool:
    """Whether a process carries the run out; one that was killed says `running` for ever."""
    return services.journal.run(run).status is RunStatus.RUNNING and any(
        lock.alive for lock in services.journal.locks() if lock.owner == run
    )


def rerun(run: str, services: Services, *, failed: bool) -> RunRecord:
    """Do again what `run` did (with `failed`: where it went wrong); a change is planned and asked.

    Raises:
        Refused: it was the observing part of a plan. NotFound: nothing failed.
    """
    from dcctl.workflows.build import build
    from dcctl.workflows.check import CheckRequest, check
    from dcctl.workflows.exec import ExecRequest, exec_command

    request = rerun_request(run, services, failed=failed)
    before = services.journal.record(run).run
    # What only read must never come back as a change.
    if before.verb == "build":
        return build(request, services)
    if before.verb == "check":
        return check(CheckRequest(limit=request.limit, checks=request.checks), services)
    if before.verb == "exec":
        command = str(before.request["command"])
        return exec_command(ExecRequest(command=command, limit=request.limit), services)
    if before.verb == "upgrade":
        raise Refused(
            N_("run {run} is an upgrade campaign, which is not run again but planned anew"),
            hint=N_("`dcctl upgrade plan` plans what does not run its release yet"),
            run=before.id,
        )
    raise Refused(
        N_("run {run} ({verb}) only served a plan; there is nothing of it to run again"),
        hint=N_("make a new plan with `dcctl plan`"),
        run=before.id,
        verb=before.verb,
    )


def rerun_request(run: str, services: Services, *, failed: bool) -> PlanRequest:
    """A request to plan again what `run` planned.

    With `failed`, only for the targets where it went wrong.

    Raises:
        NotFound: nothing failed.
    """
    from dcctl.running import failed_targets

    record = services.journal.record(run)
    names = failed_targets(record) if failed else tuple(record.plan.targets)
    if not names:
        raise NotFound(N_("nothing failed in run {run}"), run=record.run.id)
    asked = record.run.request
    # A group of which only a part is run again is none: its other members are as they should be.
    groups = (str(one) for one in asked.get("together", ()))
    return PlanRequest(
        limit=",".join(names),
        checks=tuple(record.plan.checks) or PlanRequest().checks,
        together=tuple(one for one in groups if set(joined(one, services.estate)) <= set(names)),
        together_redundant=bool(asked.get("together_redundant")),
        witnesses=bool(asked.get("witnesses", True)),
    )
