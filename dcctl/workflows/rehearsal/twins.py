"""The twins of a plan's elements: configuration from the last backup, release, files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dcctl.errors import DcctlError, Refused
from dcctl.lab.elements import images
from dcctl.lab.elements.site import plan_of
from dcctl.lab.elements.site import simulated as has_twin
from dcctl.model.backup import BEFORE_CHANGE
from dcctl.model.plan import Plan, Step, StepKind
from dcctl.model.status import StepStatus
from dcctl.planning import graph
from dcctl.planning.render import render
from dcctl.planning.upgrades import CALENDAR
from dcctl.text import N_
from dcctl.workflows import backup
from dcctl.workflows.rehearsal.staged import stage
from dcctl.workflows.rehearsal.world import WARM_S, network_of
from dcctl.workflows.services import LAB_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dcctl.lab.elements.network import Network
    from dcctl.model.backup import Backup
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.workflows.rehearsal.tasks import Tasks
    from dcctl.workflows.rehearsal.truth import Truth
    from dcctl.workflows.services import Services

_SIZE = 1 << 16  # bytes of a stand-in for an image


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays in a rehearsal."""

    plan: Plan  # of what has a twin; its images are stand-ins
    targets: Mapping[str, Target]  # all that are played, those of the paths that stay among them
    texts: Mapping[str, str]  # configurations
    trees: dict[str, Any]  # the same, once they were read
    kept_at: Mapping[str, str]  # element -> when the backup was made that its twin starts from
    without_twin: tuple[str, ...]


def cast(plan: Plan, services: Services) -> Cast:
    """Everybody who is in the plan, or on the way of what is.

    Raises:
        Refused: the last backup of some is older than their last change.
    """
    wanted = _concerned(plan, services)
    names = [name for name in services.estate.names if name in wanted]
    targets = {name: services.estate.target(name) for name in names}
    played = {name: target for name, target in targets.items() if has_twin(target)}
    backups = {name: kept[0] for name in played if (kept := services.journal.backups(name, 1))}
    old = outdated(backups.values(), services.journal.record)
    if old:
        raise Refused(
            N_("changed since the last backup, and a rehearsal begins from it: {names}"),
            hint=N_("first: dcctl backup run --limit {limit}"),
            names=", ".join(old),
            limit=",".join(old) + (" --lab" if services.lab else ""),
        )
    texts, kept_at = {}, {}
    for name, target in played.items():
        texts[name], kept_at[name] = _configuration(target, backups.get(name), services)
    return Cast(
        plan=_rehearsed(plan, played),
        targets=played,
        texts=texts,
        trees={},
        kept_at={name: at for name, at in kept_at.items() if at},
        without_twin=tuple(name for name in plan.targets if name not in played),
    )


def _concerned(plan: Plan, services: Services) -> set[str]:
    """The plan's elements, their neighbours, the paths that must stay, and where these lead to."""
    found = {*plan.targets, *graph.graph_of(services.estate).anchors}
    for target in plan.targets.values():
        found |= {port.peer for port in target.interfaces if port.link}
    for step in plan.steps:
        found |= {one["name"] for one in step.settings.get("order", {}).get("kept", ())}
    return found


def outdated(backups: Iterable[Backup], record: Callable[[str], RunRecord]) -> tuple[str, ...]:
    """Those whose last backup was made before a change that then stayed."""
    changed: dict[str, set[str]] = {}
    found = []
    for one in backups:
        if one.occasion != BEFORE_CHANGE:
            continue
        if one.run not in changed:
            changed[one.run] = {
                step.target
                for step, outcome in record(one.run).steps()
                if step.kind is StepKind.CONFIG and outcome.status is StepStatus.CHANGED
            }
        if one.target in changed[one.run]:
            found.append(one.target)
    return tuple(sorted(found))


def _configuration(target: Target, kept: Backup | None, services: Services) -> tuple[str, str]:
    """The last backup, and when it was made; else what the estate wants it to be."""
    if kept is not None:
        try:
            return backup.text_of(kept, services, secrets=True), kept.taken_at
        except DcctlError:
            pass  # sealed with a key that is not here
    return render(target, services.template_paths), ""


def built(cast: Cast, truth: Truth, tasks: Tasks, estate: Any) -> Network:
    """The network of twins, warm, with the images on every supervisor."""
    steps = {step.target: step for step in cast.plan.steps if step.kind is StepKind.UPGRADE}
    releases = {name: step.settings["order"]["running"] for name, step in steps.items()}
    site = plan_of(list(cast.targets.values()), "rehearsal", releases=releases)
    network = network_of(site, truth, tasks, graph.graph_of(estate).anchors)
    for name, text in cast.texts.items():
        if name not in cast.trees:
            start = network.boot if name in cast.kept_at else network.configure
            start(name, text)
            cast.trees[name] = network.elements[name].running
        network.restore(name, cast.trees[name], cast.trees[name])
        truth.before[name] = network.elements[name].software.release
    tasks.sleep(WARM_S)
    network.advance()
    for name, step in steps.items():
        image = step.settings["order"]["image"]
        files = {file["name"]: stand_in(image, file["role"]) for file in image["files"]}
        stage(network, cast.targets[name], files)
    return network


def stand_in(image: Mapping[str, Any], role: str) -> bytes:
    """A small file that a twin boots as that release."""
    return images.image(str(image["platform"]), str(image["version"]), size=_SIZE, role=role)


def _rehearsed(plan: Plan, played: Mapping[str, Target]) -> Plan:
    """The plan of what has a twin, without windows: the night is another one."""
    steps = tuple(_stood_in(step, played) for step in plan.steps if step.target in played)
    ids = {step.id for step in steps}
    waves = [
        replace(
            wave,
            targets=tuple(name for name in wave.targets if name in played),
            steps=tuple(step for step in wave.steps if step in ids),
        )
        for wave in plan.waves
    ]
    options = {
        **plan.options,
        CALENDAR: None,
        "backup_key": f"file:{LAB_FOLDER / 'backup.key'}",
    }
    made = replace(
        plan,
        lab=True,
        targets={name: target for name, target in plan.targets.items() if name in played},
        steps=steps,
        waves=tuple(wave for wave in waves if wave.steps),
        preconditions={},
        options=options,
    )
    return replace(made, hash=made.content_hash())


def _stood_in(step: Step, played: Mapping[str, Target]) -> Step:
    """The step with images that a twin can boot, and without witnesses that have no twin."""
    settings = dict(step.settings)
    if step.kind is StepKind.UPGRADE:
        order = dict(settings["order"])
        image = dict(order["image"])
        image["files"] = [_file(image, file) for file in image["files"]]
        settings["order"] = {
            **order,
            "image": image,
            "keeps": [_kept(one, played) for one in order.get("keeps", ())],
            "kept": [one for one in order.get("kept", ()) if one["name"] in played],
        }
    if "witnesses" in settings:
        seen = [one for one in settings["witnesses"] if one["target"]["name"] in played]
        settings["witnesses"] = seen
    return replace(step, settings=settings)


def _kept(path: Mapping[str, Any], played: Mapping[str, Target]) -> dict[str, Any]:
    """A path that must stay, as far as it leads over twins."""
    links = [one for one in path["links"] if {one["a"]["host"], one["b"]["host"]} <= set(played)]
    return {**path, "links": links}


def _file(image: Mapping[str, Any], file: Mapping[str, Any]) -> dict[str, Any]:
    content = stand_in(image, file["role"])
    return {
        **file,
        "size": len(content),
        "sha512": hashlib.sha512(content).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }
