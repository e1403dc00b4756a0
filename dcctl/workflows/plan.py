"""Plan: observe, then say for each target what would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dcctl import checks as check_catalogue
from dcctl import clock, platforms
from dcctl.contracts import Platform
from dcctl.errors import InvalidInput, NotFound
from dcctl.model.estate import Estate
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.target import Target
from dcctl.planning import make_plan, make_waves
from dcctl.planning import roles as role_catalogue
from dcctl.planning.awaiting import idle_targets, with_expectations
from dcctl.planning.peers import with_peers
from dcctl.planning.plan import Observation
from dcctl.planning.render import render
from dcctl.planning.steps import collect_step, config_step, role_steps, verify_step
from dcctl.planning.together import refuse_redundant, with_groups
from dcctl.planning.witnesses import with_witnesses
from dcctl.text import N_
from dcctl.workflows.execute import options, select, versions
from dcctl.workflows.observe import observe
from dcctl.workflows.services import Services

HEALTH = "health"
KINDS = {"servers": "server_shell", "transmission": "device_session"}
PACKS = (HEALTH, "baseline")
REACHABLE = "version.reachable"  # what is asked after a change that was planned offline


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is to be planned."""

    limit: str | None = None
    offline: bool = False  # observe nothing: every prediction is unknown
    checks: tuple[str, ...] = PACKS  # judged after the changes
    settle_s: int = 120  # how long adjacencies and clocks may take to come up, in seconds
    kind: str = ""  # servers: only what roles build; transmission: only what has a configuration
    together: tuple[str, ...] = ()  # host patterns, each an all-or-nothing group
    together_redundant: bool = False  # even those that are redundant to each other
    witnesses: bool = True  # neighbours are asked before a change is confirmed


def plan(request: PlanRequest, services: Services) -> Plan:
    """Make a plan and keep it in the journal, so that `apply` can run exactly it."""
    return plan_of(request, services, changing_steps)


def plan_of(
    request: PlanRequest,
    services: Services,
    changing_of: Callable[[Target, Services], tuple[Step, ...]],
    *,
    verb: str = "build",
) -> Plan:
    """A plan of the changes that `changing_of` says each target needs, kept in the journal."""
    chosen = of_kind(select(services, request.limit), request.kind)
    targets = with_peers(chosen, services.estate, services.roles)
    judged = judged_checks(request.checks, services)
    health = judged_checks((HEALTH,), services)
    changing = [step for target in targets.values() for step in changing_of(target, services)]
    groups = _groups(request, chosen, services)
    changing = list(with_groups(changing, groups))
    touched = [targets[name] for name in dict.fromkeys(step.target for step in changing)]
    seen: dict[str, Observation] | None = None
    if not request.offline:
        before = [reading_step(target, health, name="before") for target in touched]
        seen = observe(targets, changing, before, health, services)
    if request.witnesses:
        changing = [_witnessed(step, targets[step.target], services) for step in changing]
    steps = (*changing, *_asking(request, targets, changing, judged, seen or {}))
    made = make_plan(
        verb=verb,
        estate=services.estate.name,
        lab=services.lab,
        targets=targets,
        steps=steps,
        waves=_waves(steps, _proving_nothing(changing, seen or {}), groups, services),
        observations=seen,
        checks={**health, **judged},
        options={**options(services), "witnesses": request.witnesses},
        versions=versions(),
        digests=digests(changing),
        created_at=clock.now().isoformat(),
    )
    services.journal.keep_plan(made, operator=services.operator)
    return made


def _asking(
    request: PlanRequest,
    targets: Mapping[str, Target],
    changing: Sequence[Step],
    judged: Mapping[str, Any],
    seen: Mapping[str, Observation],
) -> Iterator[Step]:
    """What is asked after the changes: again what passed, then all that is judged."""
    settle = request.settle_s
    for name in dict.fromkeys(step.target for step in changing):
        yield verifying_step(targets[name], seen.get(name), settle_s=settle)
    for target in targets.values():
        reading = reading_step(target, judged, settle_s=settle)
        yield with_expectations(reading, target, targets, changing, seen)


def _waves(
    steps: Sequence[Step],
    last_resort: frozenset[str],
    groups: Sequence[tuple[str, ...]],
    services: Services,
) -> tuple[Wave, ...]:
    policy = services.estate.site_config.policy
    return make_waves(
        steps,
        {group.name: group.members for group in services.estate.redundancy},
        canary=policy.canary,
        size=policy.wave_size,
        last_resort=last_resort,
        together=groups,
    )


def _groups(
    request: PlanRequest, chosen: Mapping[str, Target], services: Services
) -> list[tuple[str, ...]]:
    """The all-or-nothing groups that were asked for.

    Raises:
        NotFound: a pattern stands for nothing. InvalidInput: for one target, or for some that are
        not in the plan. Refused: for some that are redundant to each other.
    """
    groups = []
    for pattern in request.together:
        members = joined(pattern, services.estate)
        outside = [name for name in members if name not in chosen]
        if len(members) < 2 or outside:  # noqa: PLR2004
            raise InvalidInput(
                N_("--together {pattern} needs two targets or more, all of them in the plan"),
                hint=N_("not in the plan: {outside}"),
                pattern=pattern,
                outside=", ".join(outside) or "-",
            )
        groups.append(members)
    if not request.together_redundant:
        refuse_redundant(groups, services.estate.redundancy)
    return groups


def joined(pattern: str, estate: Estate) -> tuple[str, ...]:
    """The members of one group of `--together`: a host pattern, or a group's name in topology.yml.

    The inventory's own hosts and groups come first, as everywhere else.

    Raises:
        NotFound: it stands for nothing. InvalidInput: it can't be read.
    """
    named = {ring.name: ring.members for ring in estate.rings}
    named |= {group.name: group.members for group in estate.redundancy}
    if pattern in named and pattern not in estate.groups and pattern not in estate.names:
        pattern = ",".join(named[pattern])
    return tuple(estate.select(pattern))


def _witnessed(step: Step, target: Target, services: Services) -> Step:
    """A step that changes a configuration, told which neighbours see its target."""
    if step.kind is not StepKind.CONFIG:
        return step
    known = set(services.estate.names)
    peers = {port.peer for port in target.interfaces if port.link and port.enabled}
    fellows = {name: services.estate.target(name) for name in sorted(peers & known)}
    told = {name: fellow for name, fellow in fellows.items() if told_by(fellow)}
    return with_witnesses(step, target, told)


def told_by(target: Target) -> bool:
    """Whether it is asked on a command line of its own."""
    return target.managed and platforms.get(target.platform).executor == KINDS["transmission"]


def _proving_nothing(steps: Sequence[Step], seen: Mapping[str, Observation]) -> frozenset[str]:
    """Targets that were observed to need no change, or could not be observed."""
    unseen = {name for name, observation in seen.items() if not observation.fingerprint}
    return idle_targets(steps, seen) | unseen


def of_kind(targets: Mapping[str, Target], kind: str) -> dict[str, Target]:
    """The targets of a kind: `servers`, `transmission`, or all.

    Raises:
        InvalidInput: no such kind. NotFound: there are none of it.
    """
    if not kind:
        return dict(targets)
    if kind not in KINDS:
        raise InvalidInput(
            N_("there is no kind {kind}"),
            hint=N_("kinds: {known}"),
            kind=kind,
            known=", ".join(KINDS),
        )
    found = {
        name: target
        for name, target in targets.items()
        if target.managed and platforms.get(target.platform).executor == KINDS[kind]
    }
    if not found:
        raise NotFound(N_("nothing selected is of the kind {kind}"), kind=kind)
    return found


def judged_checks(asked: Sequence[str], services: Services) -> Mapping[str, Mapping[str, Any]]:
    """The checks that ids, packs and wildcards stand for, each with the site's parameters."""
    ids = check_catalogue.resolve(asked)
    tailored = check_catalogue.tailor(ids, services.estate.site_config.checks)
    return check_catalogue.dated(tailored, clock.now().date())


def changing_steps(target: Target, services: Services) -> tuple[Step, ...]:
    """What makes `target` what the estate says.

    Roles for a server, a configuration for a network element.
    """
    if not target.managed:
        return ()
    platform = platforms.get(target.platform)
    names = role_catalogue.order(target.roles, services.roles)
    roles = [services.roles[name] for name in names]
    steps = role_steps(target, [role for role in roles if target.platform in role.applies_to])
    if platform.change is not None:
        steps += (config_step(target, platform, render(target, services.template_paths)),)
    return steps


def reading_step(
    target: Target, judged: Iterable[str], *, settle_s: int = 0, name: str = "facts"
) -> Step:
    """The step that reads what the checks need; topics of checks that can't apply are not read."""
    topics = _topics(target, judged)
    return collect_step(target, _platform(target), topics, settle_s=settle_s, name=name)


def verifying_step(target: Target, seen: Observation | None, *, settle_s: int) -> Step:
    """The step that asks again, after the target's change, what passed before it.

    Left out is what may fail because of something that did not pass before either: a port that
    comes up towards a neighbour not built yet raises an alarm, and no change is to blame.
    """
    passed = frozenset(seen.passed if seen is not None else (REACHABLE,))
    asked = [name for name in sorted(passed) if _stands_alone(target, name, passed)]
    return verify_step(target, _platform(target), _topics(target, asked), settle_s=settle_s)


def _stands_alone(target: Target, check: str, passed: frozenset[str]) -> bool:
    """Whether everything that `check` follows, near or far, passed or does not apply."""
    catalogue = check_catalogue.all_checks()
    return all(
        name in passed or catalogue[name].pack != HEALTH or bool(catalogue[name].applies(target))
        for name in check_catalogue.causes(check)
    )


def _topics(target: Target, checks: Iterable[str]) -> dict[str, Sequence[str]]:
    catalogue = check_catalogue.all_checks()
    return {
        name: () if catalogue[name].applies(target) else catalogue[name].topics for name in checks
    }


def _platform(target: Target) -> Platform | None:
    return platforms.get(target.platform) if target.managed else None


def digests(steps: Sequence[Step]) -> dict[str, str]:
    """The role trees that the steps use."""
    return {
        f"role:{step.settings['role']}": str(step.settings["digest"])
        for step in steps
        if "role" in step.settings
    }


def as_request(request: PlanRequest) -> dict[str, Any]:
    """The request as the journal keeps it."""
    return asdict(request)
