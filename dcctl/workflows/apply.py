"""Apply: run exactly the plan that was approved, or refuse it as stale."""

from __future__ import annotations

from dataclasses import dataclass

from dcctl.errors import Refused, StalePlan
from dcctl.model import plain
from dcctl.model.approval import APPROVED
from dcctl.model.plan import Plan, StepKind
from dcctl.model.record import RunRecord
from dcctl.planning import graph
from dcctl.planning.peers import with_peers
from dcctl.planning.upgrades import CALENDAR
from dcctl.text import N_
from dcctl.workflows.approvals import approve
from dcctl.workflows.execute import execute, versions
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyRequest:
    """Which plan: its hash, or the beginning of it."""

    plan: str


def apply(request: ApplyRequest, services: Services) -> RunRecord:
    """Run the plan.

    Raises:
        StalePlan: something that the plan was made from is no longer so. Refused: not approved, or
        it is an upgrade, whose certificate is checked by its own verb.
    """
    plan = services.journal.plan(request.plan)
    if any(step.kind is StepKind.UPGRADE for step in plan.steps):
        raise Refused(
            N_("the plan {hash} is an upgrade campaign"),
            hint=N_("then run exactly this: dcctl upgrade run {hash}"),
            hash=plan.hash[:12],
        )
    services.require_may_change()
    verify(plan, services)
    services.on_plan(plan)
    approved = approve(plan, services)
    request_of = {"verb": "apply", "plan": plan.hash, APPROVED: approved}
    return execute(plan, services, request=request_of)


def verify(plan: Plan, services: Services) -> None:
    """Refuse a plan whose inputs have moved: the estate, the roles, the versions, the lab."""
    if plan.content_hash() != plan.hash:
        raise StalePlan(N_("the stored plan {hash} was altered"), hash=plan.hash[:12])
    if plan.lab != services.lab:
        raise StalePlan(
            N_("the plan {hash} is for the lab")
            if plan.lab
            else N_("the plan {hash} is for the live estate"),
            hint=N_("lab and live never mix: use --lab with a lab's plan, and only there"),
            hash=plan.hash[:12],
        )
    moved = [
        *_moved_versions(plan),
        *_moved_roles(plan, services),
        *_moved_images(plan, services),
        *_moved_windows(plan, services),
        *_moved_topology(plan, services),
        *_moved_targets(plan, services),
    ]
    if moved:
        raise StalePlan(
            N_("the plan {hash} is stale: {what} changed since it was made"),
            hint=N_("make a new one with `dcctl upgrade plan`")
            if plan.verb == "upgrade"
            else N_("make a new one with `dcctl plan`"),
            hash=plan.hash[:12],
            what=", ".join(moved[:5]) + (" …" if len(moved) > 5 else ""),  # noqa: PLR2004
        )


def _moved_versions(plan: Plan) -> list[str]:
    now = versions()
    return [name for name, version in plan.versions.items() if now.get(name) != version]


def _moved_roles(plan: Plan, services: Services) -> list[str]:
    moved = []
    for key, digest in plan.digests.items():
        if not key.startswith("role:"):
            continue
        role = services.roles.get(key.removeprefix("role:"))
        if role is None or role.digest != digest:
            moved.append(key)
    return moved


def _moved_images(plan: Plan, services: Services) -> list[str]:
    images = {f"image:{one.name}": one for one in services.estate.images}
    return [
        key
        for key, digest in plan.digests.items()
        if key.startswith("image:") and (key not in images or plain.digest(images[key]) != digest)
    ]


def _moved_windows(plan: Plan, services: Services) -> list[str]:
    told = plan.options.get(CALENDAR)
    return ["windows.yml"] if told and told != plain.to_plain(services.estate.calendar) else []


def _moved_topology(plan: Plan, services: Services) -> list[str]:
    told = plan.digests.get(graph.DIGEST)
    return ["topology.yml"] if told and told != graph.digest_of(services.estate) else []


def _moved_targets(plan: Plan, services: Services) -> list[str]:
    known = set(services.estate.names)
    present = {name: services.estate.target(name) for name in plan.targets if name in known}
    now = with_peers(present, services.estate, services.roles)
    return [
        name
        for name, target in plan.targets.items()
        if name not in now or plain.to_plain(now[name]) != plain.to_plain(target)
    ]
