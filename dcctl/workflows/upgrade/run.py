"""Run an upgrade campaign that two people approved, or go on with it; pause it; take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcctl.errors import InvalidInput, Refused
from dcctl.journal.fold import in_order, phases
from dcctl.model import plain
from dcctl.model.approval import APPROVED, Approval, Role
from dcctl.model.plan import Plan, StepKind
from dcctl.model.status import NotStarted, RunStatus, StepStatus
from dcctl.planning import graph
from dcctl.planning.approvals import ROLES
from dcctl.planning.certificate_checker import objections
from dcctl.text import N_
from dcctl.workflows import runs
from dcctl.workflows.apply import verify
from dcctl.workflows.approve import require_approvals
from dcctl.workflows.execute import execute
from dcctl.workflows.upgrade.plan import VERB, UpgradeRequest, plan_upgrade

if TYPE_CHECKING:
    from dcctl.model.record import Run, RunRecord
    from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Where one element of a campaign stands."""

    name: str
    wave: int
    image: str
    running: str  # the release before
    status: str  # waiting | running | a StepStatus
    phase: str = ""
    since: str = ""  # ISO 8601
    message: str = ""


def run_upgrade(plan_hash: str, services: Services) -> RunRecord:
    """Carry out exactly this plan.

    Raises:
        StalePlan: something that it was made from is no longer so. Refused: not approved, or its
        certificate does not hold. InvalidInput: it is no plan of an upgrade.
    """
    plan = services.journal.plan(plan_hash)
    if plan.verb != VERB:
        raise InvalidInput(
            N_("the plan {hash} upgrades nothing"),
            hint=N_("run it with `dcctl apply {hash}`"),
            hash=plan.hash[:12],
        )
    _require_new(plan, services)
    services.require_may_change()
    verify(plan, services)
    check_certificate(plan, services)
    require_approvals(plan, services)
    services.on_plan(plan)
    request = {"verb": VERB, "plan": plan.hash, APPROVED: _approved(plan)}
    return execute(plan, services, request=request)


def check_certificate(plan: Plan, services: Services) -> None:
    """Ask the independent checker whether the plan's waves keep every site connected.

    Raises:
        Refused: it objects; says to what.
    """
    topology = plain.to_plain(graph.graph_of(services.estate))
    bad = objections(topology, plain.to_plain(plan.certificate))
    planned = [list(wave.targets) for wave in plan.waves if wave.title != "read"]
    certified = [sorted(wave["down"]) for wave in plan.certificate["waves"]]
    if [sorted(wave) for wave in planned] != certified:
        bad = [*bad, "the plan's waves are not those of its certificate"]
    if bad:
        raise Refused(
            N_("the plan {hash} is not run, for its certificate does not hold: {why}"),
            hint=N_("make a new one with `dcctl upgrade plan`"),
            hash=plan.hash[:12],
            why="; ".join(bad)[:400],
        )


def _require_new(plan: Plan, services: Services) -> None:
    """Refuse what another run is carrying out, or was cut off from: a resume goes on with that.

    Raises:
        Refused: names the run.
    """
    for run in services.journal.runs(verb=VERB):
        if run.plan_hash == plan.hash and run.status in runs.UNFINISHED:
            raise Refused(
                N_("the plan {hash} was begun by run {run}, which has not ended"),
                hint=N_(
                    "look: `dcctl upgrade status {named}`; go on: `dcctl upgrade resume {named}`"
                ),
                hash=plan.hash[:12],
                run=run.id,
                named=f"{run.id} --lab" if services.lab else run.id,
            )


def _approved(plan: Plan) -> list[str]:
    """What the signatures on the plan allow beyond itself."""
    roles = set(plan.options.get(ROLES, ()))
    return [Approval.NO_SAFETY_NET.value] if Role.NO_SAFETY_NET in roles else []


def pause(run: str, services: Services) -> Run:
    """Ask a running campaign to begin no further element; what is under way is finished.

    Raises:
        Refused: it has ended, so nothing would be held up.
    """
    found = services.journal.run(_named(run, services, unended=True))
    if found.status not in runs.UNFINISHED:
        raise Refused(
            N_("run {run} is not under way: there is nothing to pause"),
            hint=N_("`dcctl runs list` shows which are"),
            run=found.id,
        )
    services.journal.request_pause(found.id, operator=services.operator)
    return found


def resume_upgrade(run: str, services: Services) -> RunRecord:
    """Go on with a campaign: what was begun is read from the elements before anything is decided.

    Raises:
        Refused: there is nothing to resume, or it is no longer approved.
    """
    return runs.resume(_named(run, services, unended=True), services)


def rollback(
    run: str,
    services: Services,
    *,
    limit: str | None = None,
    accept_cuts: bool = False,
    windows: bool = True,
) -> Plan:
    """The plan that puts the old releases back where this campaign changed them.

    Raises:
        Refused: it changed nothing. NotFound: images.yml has no image of an old release.
    """
    record = services.journal.record(_named(run, services))
    chosen = set(services.estate.select(limit)) if limit else None
    back = {
        step.target: str(outcome.data.get("from", ""))
        for step, outcome in record.steps()
        if step.kind is StepKind.UPGRADE
        and outcome.status is StepStatus.CHANGED
        and (chosen is None or step.target in chosen)
    }
    if not back:
        raise Refused(N_("run {run} upgraded nothing that could be taken back"), run=record.run.id)
    request = UpgradeRequest(
        limit=",".join(back), back_to=back, accept_cuts=accept_cuts, windows=windows
    )
    return plan_upgrade(request, services)


def status(run: str, services: Services) -> tuple[RunRecord, tuple[Element, ...]]:
    """Where each element of a campaign stands, as the journal tells."""
    name = _named(run, services)
    for _event in services.journal.import_run(name):
        pass
    record = runs.show(name, services)
    told = phases(in_order(services.journal.events(name)))
    waves = {target: wave.index for wave in record.plan.waves for target in wave.targets}
    for wave in record.plan.waves:
        if wave.title != "read":
            waves.update(dict.fromkeys(wave.targets, wave.index))
    return record, tuple(
        _element(record, step.id, waves[step.target], told.get(step.id, []))
        for step in record.plan.steps
        if step.kind is StepKind.UPGRADE
    )


def paused(run: str, services: Services) -> tuple[str, str]:
    """Who asked a campaign to begin no further element, and when; nothing where nobody did."""
    journal = services.journal
    if not journal.asked_of(run).pause or journal.run(run).status not in runs.UNFINISHED:
        return "", ""
    last = [one for one in journal.controls(run) if one.kind == "pause"][-1]
    return last.operator or "?", last.at


def _element(record: RunRecord, step_id: str, wave: int, told: list[dict[str, Any]]) -> Element:
    step = next(step for step in record.plan.steps if step.id == step_id)
    outcome = record.outcomes.get(step_id)
    last: Mapping[str, Any] = told[-1] if told else {}
    order = step.settings["order"]
    state = "waiting" if not told else "running"
    doubtful = outcome is not None and outcome.reason == "in_doubt"
    if outcome is not None and outcome.reason not in {"in_doubt", NotStarted.INTERRUPTED}:
        state = outcome.status.value
    elif doubtful and record.run.status is not RunStatus.RUNNING:
        state = "in_doubt"
    return Element(
        name=step.target,
        wave=wave,
        image=order["image"]["name"],
        running=order["running"],
        status=state,
        phase=str(last.get("phase", "")),
        since=str(last.get("at", "")),
        message=str(outcome.message) if outcome is not None else "",
    )


def _named(run: str, services: Services, *, unended: bool = False) -> str:
    """The run that is meant; `latest` is the campaign at work, else the newest.

    With `unended`, one that was cut off or put off goes before those that have ended.

    Raises:
        Refused: there is none, or it is none.
    """
    if run == "latest":
        found = [
            one for one in services.journal.runs(verb=VERB) if one.status is not RunStatus.AWAY
        ]
        if not found:
            raise Refused(N_("there was no upgrade campaign yet"))
        living = {lock.owner for lock in services.journal.locks() if lock.alive}
        at_work = [one for one in found if one.id in living]
        left = [one for one in found if unended and one.status in runs.UNFINISHED]
        return (at_work or left or found)[0].id
    known = services.journal.run(run)
    if known.verb != VERB:
        raise Refused(
            N_("run {run} ({verb}) is no upgrade campaign"), run=known.id, verb=known.verb
        )
    return known.id
