"""What elements would answer with the configuration that the estate wants: their twins are asked.

A twin is started from the last backup and read, then from the intended configuration and read
again, by the same collectors as the device. What differs between the two is what the change of
configuration does; what doesn't is not told by it (a fibre, a release), and stays as it was found.
No device is asked. Neighbours that are not among those asked are as the estate wants them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcctl import clock, concurrency, platforms
from dcctl.errors import DcctlError
from dcctl.executors import conformity
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import plan_of
from dcctl.lab.elements.site import simulated as has_twin
from dcctl.model.outcome import Reading
from dcctl.model.status import ReadingStatus
from dcctl.planning.render import render
from dcctl.workflows import backup
from dcctl.workflows.rehearsal.sessions import simulated, unheard
from dcctl.workflows.rehearsal.tasks import Tasks
from dcctl.workflows.rehearsal.world import WARM_S

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dcctl.executors.device_session import DeviceSessions
    from dcctl.model.target import Target
    from dcctl.workflows.services import Services

Readings = dict[str, "Mapping[str, Reading]"]  # element -> topic -> reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """What each element's twin answers before and after the change of its configuration."""

    before: Readings
    after: Readings


def twins(asked: Mapping[str, Collection[str]], services: Services) -> Twins:
    """The answers of the twins of `asked` (element -> topics), as far as there are any.

    An element without a twin, or without a backup that can be opened, is in neither.
    """
    targets, kept = {}, {}
    for name in asked:
        target = services.estate.target(name)
        text = _kept(name, services) if target.managed and has_twin(target) else ""
        if text:
            targets[name], kept[name] = target, text
    wanted = {one.name: render(one, services.template_paths) for one in targets.values()}
    return Twins(
        before=_answers(targets, kept, asked, wanted),
        after=_answers(targets, wanted, asked, wanted),
    )


def _kept(name: str, services: Services) -> str:
    found = services.journal.backups(name, 1)
    try:
        return backup.text_of(found[0], services, secrets=True) if found else ""
    except DcctlError:
        return ""  # sealed with a key that is not here


def _answers(
    targets: Mapping[str, Target],
    texts: Mapping[str, str],
    asked: Mapping[str, Collection[str]],
    wanted: Mapping[str, str],
) -> Readings:
    """Everybody's answers once the network of these configurations has settled."""
    if not targets:
        return {}
    tasks = Tasks("remedies")
    with clock.use(tasks), concurrency.use(tasks):
        network = _network(list(targets.values()), tasks)
        for name, text in texts.items():
            network.boot(name, text)
        tasks.sleep(WARM_S)
        network.advance()
        executor = simulated(network)("device_session", unheard())
        try:
            return {
                name: {
                    **executor.read(target, sorted(asked[name])),
                    conformity.TOPIC: _conforming(executor, target, wanted[name]),
                }
                for name, target in targets.items()
            }
        finally:
            executor.close()


def _conforming(executor: DeviceSessions, target: Target, intended: str) -> Reading:
    """What the twin runs against what is intended for it."""
    platform = platforms.get(target.platform)
    assert platform.change is not None  # noqa: S101 - only what can be configured is asked
    running = executor.reading(target, lambda session: session.send(platform.config_command))
    return Reading(
        topic=conformity.TOPIC,
        status=ReadingStatus.PARSED,
        value=conformity.of_texts(platform, platform.change, running, intended),
    )


def _network(targets: Sequence[Target], tasks: Tasks) -> Network:
    site: Any = plan_of(list(targets), "remedies")
    zero = tasks.now().timestamp()
    return Network(
        site.chassis,
        site.links,
        site.absent,
        now=zero,
        observe=lambda *_: None,
        anchors=site.anchors,
        time=lambda: zero + tasks.elapsed,
    )
