"""Plan an upgrade campaign: read what runs and what is down, compute waves, certify them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcctl import clock, platforms
from dcctl.errors import Refused
from dcctl.model import plain
from dcctl.model.approval import Role
from dcctl.model.plan import Plan
from dcctl.model.upgrade import UpgradeNet
from dcctl.planning import graph, make_plan
from dcctl.planning.approvals import ROLES
from dcctl.planning.upgrades import CALENDAR, Wish, image_for, image_of, unfit
from dcctl.text import N_
from dcctl.workflows.execute import options, select, versions
from dcctl.workflows.observe import observe
from dcctl.workflows.plan import HEALTH, judged_checks, reading_step
from dcctl.workflows.upgrade.seen import down, fact_of, look, network_of
from dcctl.workflows.upgrade.steps import steps_of, waves_of

if TYPE_CHECKING:
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Image
    from dcctl.text import Text
    from dcctl.workflows.services import Services

VERB = "upgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeRequest:
    """What is to be upgraded to what."""

    limit: str | None = None
    image: str = ""  # name in images.yml; empty: of the release that the estate wants
    drain: bool = True
    windows: bool = True  # whether maintenance windows and freezes hold
    accept_cuts: bool = False  # also elements whose upgrade must cut a site off
    # element -> the release that it shall have again: a rollback asks no image what it suits
    back_to: Mapping[str, str] = field(default_factory=dict)


def plan_upgrade(request: UpgradeRequest, services: Services) -> Plan:
    """Make the campaign's plan and keep it in the journal, so that it can be approved and run.

    Raises:
        Refused: an element must cut a site, and that was not accepted; or it can't be upgraded.
        NotFound: no such image or target. Interrupted: while it was looked.
    """
    chosen = _upgradable(select(services, request.limit))
    network = network_of(services)
    record = look({**network, **chosen}, services)
    wishes = {name: _wish(t, record, request, services) for name, t in chosen.items()}
    wanted = {name: wish for name, wish in wishes.items() if wish.running != wish.image.version}
    waves = _waves(wanted, network, record, services)
    if waves.cutting and not request.accept_cuts:
        raise _cutting(waves)
    return _made(request, services, wishes, wanted, waves)


def _cutting(waves: graph.WavePlan) -> Refused:
    """Which elements cut what; and what is down already, which may be all that is wrong."""
    told = "; ".join(f"{name}: {', '.join(cut)}" for name, cut in waves.cutting.items())
    down = graph.already_of(waves.certificate).names
    words = N_("to upgrade these, sites must be cut off: {told}")
    if down:
        words = N_("to upgrade these, sites must be cut off: {told}; down already: {down}")
    return Refused(
        words,
        hint=N_("--accept-cuts plans them, in waves of their own"),
        told=told,
        down=", ".join(down),
    )


def _upgradable(targets: Mapping[str, Target]) -> dict[str, Target]:
    found = {}
    for name, target in targets.items():
        if not target.managed:
            continue
        platform = platforms.get(target.platform)
        if platform.upgrade is not None:
            found[name] = target
    if not found:
        raise Refused(N_("nothing that is selected can be upgraded by dcctl"))
    return found


def _wish(target: Target, record: RunRecord, request: UpgradeRequest, services: Services) -> Wish:
    images = services.estate.images
    seen = fact_of(record, target.name, "version")
    if seen is None:
        told = record.readings.get(target.name, {}).get("version", {})
        raise Refused(
            N_("{name}: nobody knows what it runs: {why}"),
            hint=N_("mend it, or leave it out with --limit"),
            name=target.name,
            why=str(told.get("message", "")) or "-",
        )
    wish = Wish(
        target=target,
        platform=platforms.get(target.platform),
        image=image_for(
            target, images, request.image, request.back_to.get(target.name, ""), seen.model
        ),
        running=seen.running,
        model=seen.model,
        previous=image_of(images, target, seen.running),
    )
    idle = wish.running == wish.image.version
    why = "" if idle or request.back_to else unfit(wish)
    if why:
        raise Refused(N_("{name}: {why}"), name=target.name, why=why)
    return wish


def _waves(
    wanted: Mapping[str, Wish],
    network: Mapping[str, Target],
    record: RunRecord,
    services: Services,
) -> graph.WavePlan:
    policy = services.estate.site_config.policy.upgrade
    taken: dict[str, int] = {}
    canary = []
    for name, wish in wanted.items():
        taken[wish.platform.name] = taken.get(wish.platform.name, 0) + 1
        if taken[wish.platform.name] <= policy.canary:
            canary.append(name)
    return graph.upgrade_waves(
        graph.graph_of(services.estate),
        list(wanted),
        already_down=down(network, record, services),
        groups=_linked(wanted),
        canary=canary,
        size=policy.wave_size,
    )


def _linked(wanted: Mapping[str, Wish]) -> dict[str, tuple[str, str]]:
    """Neighbours: one that reloads can't tell of the other, and would be blamed for its silence."""
    return {
        port.link: (name, port.peer)
        for name, wish in wanted.items()
        for port in wish.target.interfaces
        if port.link and port.enabled and port.peer in wanted
    }


def _made(
    request: UpgradeRequest,
    services: Services,
    wishes: Mapping[str, Wish],
    wanted: Mapping[str, Wish],
    waves: graph.WavePlan,
) -> Plan:
    """The plan itself: a step an element, the waves, the reading at the end."""
    steps = steps_of(wanted, waves, services, drain=request.drain)
    targets = {name: wish.target for name, wish in wishes.items()}
    health = judged_checks((HEALTH,), services)
    reading = [reading_step(target, health, settle_s=120) for target in targets.values()]
    windows = plain.to_plain(services.estate.calendar) if request.windows else None
    told = {"upgrade": _told(waves, request), ROLES: _roles(wanted, waves), CALENDAR: windows}
    images = _digests(wish.image for wish in wanted.values())
    made = make_plan(
        verb=VERB,
        estate=services.estate.name,
        lab=services.lab,
        targets=targets,
        steps=(*steps, *reading),
        waves=waves_of(waves, steps, reading),
        observations=observe(targets, steps, (), {}, services),
        checks=health,
        options={**options(services), **told},
        versions=versions(),
        digests={graph.DIGEST: graph.digest_of(services.estate), **images},
        certificate=waves.certificate,
        created_at=clock.now().isoformat(),
    )
    services.journal.keep_plan(made, operator=services.operator)
    return made


def _digests(images: Iterable[Image]) -> dict[str, str]:
    return {f"image:{one.name}": plain.digest(one) for one in images}


def _roles(wanted: Mapping[str, Wish], waves: graph.WavePlan) -> list[str]:
    """The approvals that this plan takes beside the one of every plan."""
    bare = any(
        wish.platform.upgrade is not None and wish.platform.upgrade.net is UpgradeNet.NONE
        for wish in wanted.values()
    )
    roles = {Role.SITE_CUT: bool(waves.cutting), Role.NO_SAFETY_NET: bare}
    return [role.value for role, asked in roles.items() if asked]


def _told(waves: graph.WavePlan, request: UpgradeRequest) -> dict[str, Any]:
    return {
        "kinds": [kind.value for kind in waves.kinds],
        "cutting": {name: list(cut) for name, cut in waves.cutting.items()},
        "lower_bound": waves.lower_bound,
        "waves": len(waves.waves),
        "accept_cuts": request.accept_cuts,
    }


def explained(plan: Plan, host: str, services: Services) -> tuple[Text, ...]:
    """Why `host` is in its wave, a sentence each.

    Raises:
        NotFound: it is in no wave of the plan.
    """
    why = graph.explain(graph.graph_of(services.estate), plan.certificate, host)
    return tuple(why.sentences())
