"""Plan an upgrade campaign: read what runs and what is down, compute waves, certify them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcctl import clock, facts, gates, platforms
from dcctl.errors import Interrupted, Refused
from dcctl.model import plain
from dcctl.model.approval import Role
from dcctl.model.plan import Plan, Wave
from dcctl.model.status import ReadingStatus, RunStatus
from dcctl.model.upgrade import UpgradeNet
from dcctl.planning import graph, make_plan
from dcctl.planning.approvals import ROLES
from dcctl.planning.steps import topics_step
from dcctl.planning.upgrades import CALENDAR, Wish, image_for, image_of, unfit, upgrade_step
from dcctl.planning.waves import CANARY
from dcctl.planning.witnesses import reached, with_witnesses
from dcctl.text import N_
from dcctl.workflows.execute import execute, options, select, simple_plan, versions
from dcctl.workflows.observe import observe
from dcctl.workflows.plan import HEALTH, judged_checks, reading_step, told_by

if TYPE_CHECKING:
    from dcctl.model.estate import Estate, UpgradePolicy
    from dcctl.model.plan import Step
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Image
    from dcctl.text import Text
    from dcctl.workflows.services import Services

VERB = "upgrade"
_READ = ("version", "interfaces")
_SPOKEN = ("isis", "ospf")
_ANY_BPS = 10**15


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
    network = _network(services)
    record = _look({**network, **chosen}, services)
    wishes = {name: _wish(t, record, request, services) for name, t in chosen.items()}
    wanted = {name: wish for name, wish in wishes.items() if wish.running != wish.image.version}
    waves = _waves(wanted, network, record, services)
    if waves.cutting and not request.accept_cuts:
        raise Refused(
            N_("to upgrade these, sites must be cut off: {told}"),
            hint=N_("--accept-cuts plans them, in waves of their own"),
            told="; ".join(f"{name}: {', '.join(cut)}" for name, cut in waves.cutting.items()),
        )
    return _made(request, services, wishes, wanted, waves)


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


def _network(services: Services) -> dict[str, Target]:
    """Every element of the graph that can be asked on a command line of its own."""
    known = graph.graph_of(services.estate).hosts
    targets = (services.estate.target(name) for name in services.estate.names if name in known)
    return {target.name: target for target in targets if told_by(target)}


def _look(targets: Mapping[str, Target], services: Services) -> RunRecord:
    steps = [topics_step(t, platforms.get(t.platform), _READ) for t in targets.values()]
    plan = simple_plan("observe", targets, steps, services)
    record = execute(plan, services, request={"verb": "observe"})
    if record.run.status is not RunStatus.FINISHED:
        raise Interrupted(N_("interrupted while observing; no plan was made, nothing was changed"))
    return record


def _fact(record: RunRecord, name: str, topic: str) -> Any | None:
    reading = record.readings.get(name, {}).get(topic)
    if reading is None or reading["status"] != ReadingStatus.PARSED.value:
        return None
    return facts.revive(topic, reading["value"])


def _wish(target: Target, record: RunRecord, request: UpgradeRequest, services: Services) -> Wish:
    images = services.estate.images
    seen = _fact(record, target.name, "version")
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
        already_down=_down(network, record, services),
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


def _down(network: Mapping[str, Target], record: RunRecord, services: Services) -> graph.Down:
    """What does not answer, and links that are seen down though both their ends answer."""
    dead = {name for name in network if _fact(record, name, "version") is None}
    known = graph.graph_of(services.estate).links
    links = set()
    for name, target in network.items():
        seen = _fact(record, name, "interfaces")
        states = {one.name: one.oper_up for one in seen.items} if seen is not None else {}
        links |= {
            port.link
            for port in target.interfaces
            if port.link in known and port.peer not in dead and states.get(port.name) is False
        }
    return graph.Down(hosts=frozenset(dead), links=frozenset(links))


def _made(
    request: UpgradeRequest,
    services: Services,
    wishes: Mapping[str, Wish],
    wanted: Mapping[str, Wish],
    waves: graph.WavePlan,
) -> Plan:
    """The plan itself: a step an element, the waves, the reading at the end."""
    policy = services.estate.site_config.policy.upgrade
    first = {
        name
        for wave, kind in zip(waves.waves, waves.kinds, strict=True)
        for name in wave
        if kind is graph.WaveKind.CANARY
    }
    tailored = gates.tailor(services.estate.site_config.gates)
    keeping = graph.Keeping(graph.graph_of(services.estate), waves.certificate)
    steps = [
        _step(
            wish,
            services,
            keeping,
            request,
            canary=name in first,
            cutting=waves.cutting,
            gates=tailored,
            policy=policy,
        )
        for name, wish in wanted.items()
    ]
    targets = {name: wish.target for name, wish in wishes.items()}
    health = judged_checks((HEALTH,), services)
    reading = [reading_step(target, health, settle_s=120) for target in targets.values()]
    seen = observe(targets, steps, (), {}, services)
    made = make_plan(
        verb=VERB,
        estate=services.estate.name,
        lab=services.lab,
        targets=targets,
        steps=(*steps, *reading),
        waves=_as_waves(waves, steps, reading),
        observations=seen,
        checks=health,
        options={
            **options(services),
            "upgrade": _told(waves, request),
            ROLES: _roles(wanted, waves),
            CALENDAR: plain.to_plain(services.estate.calendar) if request.windows else None,
        },
        versions=versions(),
        digests={
            graph.DIGEST: graph.digest_of(services.estate),
            **_digests(w.image for w in wanted.values()),
        },
        certificate=waves.certificate,
        created_at=clock.now().isoformat(),
    )
    services.journal.keep_plan(made, operator=services.operator)
    return made


def _digests(images: Iterable[Image]) -> dict[str, str]:
    return {f"image:{one.name}": plain.digest(plain.to_plain(one)) for one in images}


def _step(
    wish: Wish,
    services: Services,
    keeping: graph.Keeping,
    request: UpgradeRequest,
    *,
    canary: bool,
    cutting: Collection[str],
    policy: UpgradePolicy,
    **more: Any,
) -> Step:
    name = wish.target.name
    if name in cutting:
        more["residue_bps"] = _ANY_BPS  # what has no other way stays on it until it goes down
    keeps = [kept_path(one, services.estate) for one in keeping.of(name)]
    hosts = {host for one in keeps for host in one["path"]} - {name}
    known = set(services.estate.names)
    kept = [services.estate.target(host) for host in sorted(hosts & known)]
    step = upgrade_step(
        wish,
        policy,
        keeps=keeps,
        kept=[reached(target) for target in kept if told_by(target)],
        canary=canary,
        drain=request.drain,
        waivers=[plain.to_plain(one) for one in services.estate.waivers],
        **more,
    )
    peers = {port.peer for port in wish.target.interfaces if port.link and port.enabled}
    fellows = {one: services.estate.target(one) for one in sorted(peers & known)}
    return with_witnesses(
        step, wish.target, {one: fellow for one, fellow in fellows.items() if told_by(fellow)}
    )


def kept_path(one: graph.KeptPath, estate: Estate) -> dict[str, Any]:
    """A kept path as the step holds it, each link with the protocols that must be up on it."""
    links = []
    for link in one.links:
        near, far = (estate.target(host) for host, _ in (link.a, link.b))
        port = next((p for p in near.interfaces if p.link == link.id), None)
        links.append(
            {
                "id": link.id,
                "a": {"host": link.a[0], "interface": link.a[1]},
                "b": {"host": link.b[0], "interface": link.b[1]},
                "protocols": [p for p in _SPOKEN if port is not None and p in port.protocols],
                "unseen": not (told_by(near) or told_by(far)),
            }
        )
    return {"site": one.site, "path": list(one.hosts), "links": links}


def _as_waves(
    waves: graph.WavePlan, steps: Sequence[Step], reading: Sequence[Step]
) -> tuple[Wave, ...]:
    own = {step.target: step.id for step in steps}
    made = [
        Wave(
            index=index,
            targets=members,
            steps=tuple(own[name] for name in members),
            title=CANARY if kind is graph.WaveKind.CANARY else kind.value,
        )
        for index, (members, kind) in enumerate(zip(waves.waves, waves.kinds, strict=True))
    ]
    if reading:
        targets = tuple(dict.fromkeys(step.target for step in reading))
        ids = tuple(step.id for step in reading)
        made.append(Wave(index=len(made), targets=targets, steps=ids, title="read"))
    return tuple(made)


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
