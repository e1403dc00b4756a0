"""The one path of a run: journal, run, read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any

from dcctl import __version__, clock
from dcctl.errors import NotFound
from dcctl.model import plain
from dcctl.model.plan import Plan, Step
from dcctl.model.record import Run, RunRecord
from dcctl.model.target import Target
from dcctl.planning import make_plan, make_waves
from dcctl.text import N_
from dcctl.workflows.backup_key import reference, require_key
from dcctl.workflows.journal import automatic
from dcctl.workflows.services import Services

if TYPE_CHECKING:
    from dcctl import running


def execute(plan: Plan, services: Services, *, request: Mapping[str, Any]) -> RunRecord:
    """Run exactly `plan` and give what the journal then says of it."""
    if any(step.changes for step in plan.steps):
        services.require_may_change()  # before a run is opened
    require_key(plan, services)
    journal, runner = services.journal, _runner(services)
    runner.prepare(plan)
    try:
        journal.keep_plan(plan, operator=services.operator)
        run = journal.open_run(plan, operator=services.operator, request=dict(request))
        return carry_on(plan, run, services, runner=runner)
    finally:
        runner.dismiss()


def carry_on(
    plan: Plan,
    run: Run,
    services: Services,
    *,
    resume: bool = False,
    runner: running.Runner | None = None,
) -> RunRecord:
    """Start (or resume) a journalled run.

    Raises:
        Refused: it changes something, and who runs it may not.
    """
    from dcctl import running

    if any(step.changes for step in plan.steps):
        services.require_may_change()

    running.run(
        plan,
        run,
        services.journal,
        runner=runner or _runner(services),
        on_event=services.on_event,
        on_notice=services.on_notice,
        site_root=services.root,
        resume=resume,
    )
    record = services.journal.record(run.id)
    # What is left on the disk after this is what a resume needs, and what people asked for.
    services.journal.discard_ended()
    automatic.after(record.run, services)
    return record


def _runner(services: Services) -> running.Runner:
    from dcctl import running

    if services.runner is not None:
        return services.runner
    return running.SerialRunner() if services.serial else running.LocalRunner()


def simple_plan(
    verb: str,
    targets: Mapping[str, Target],
    steps: Sequence[Step],
    services: Services,
    *,
    checks: Mapping[str, Mapping[str, Any]] | None = None,
) -> Plan:
    """A plan that only reads."""
    return make_plan(
        verb=verb,
        estate=services.estate.name,
        lab=services.lab,
        targets=targets,
        steps=steps,
        waves=make_waves(steps, {}),
        checks=checks,
        options=options(services),
        versions=versions(),
        created_at=clock.now().isoformat(),
    )


def select(services: Services, limit: str | None) -> dict[str, Target]:
    """The targets that `limit` selects, in the estate's order.

    Raises:
        NotFound: it selects nothing.
    """
    names = services.estate.select(limit)
    if not names:
        raise NotFound(
            N_("--limit {limit} selects nothing"),
            hint=N_("`dcctl inventory list` shows what there is"),
            limit=limit or "all",
        )
    return {name: services.estate.target(name) for name in names}


def options(services: Services) -> dict[str, Any]:
    """The settings that travel with every shard; secrets only by reference."""
    config = services.estate.site_config
    chosen: dict[str, Any] = {
        "credentials": dict(config.credentials),
        "concurrency": config.concurrency,
        "site_caps": dict(config.site_caps),
        "bastions": dict(config.bastions),
        "timeouts": plain.to_plain(config.timeouts),
        "max_failures": config.policy.max_failures,
        "safety_net_s": config.policy.safety_net_s,
        "watch_s": config.policy.watch_s,
        "backup_key": reference(services),
        "ansible": dict(config.ansible),
        "roles_path": [str(path) for path in services.role_paths],
    }
    chosen.update({key: value for key, value in services.overrides.items() if value is not None})
    return chosen


def versions() -> dict[str, str]:
    """The versions that decide what a run does."""
    found = {"dcctl": __version__}
    for package in ("ansible-core", "ansible", "netmiko"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
