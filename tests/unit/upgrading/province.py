"""A province of the sample estate in this process: two PEs, the core, images on the PEs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dcctl import clock, estate, gates, platforms
from dcctl.contracts import Context
from dcctl.lab.elements import images
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import plan_of
from dcctl.model.estate import UpgradePolicy
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Step
from dcctl.model.target import Target
from dcctl.planning import graph
from dcctl.planning.render import render
from dcctl.planning.upgrades import Wish, upgrade_step
from dcctl.planning.witnesses import reached, with_witnesses
from dcctl.workflows.rehearsal.sessions import simulated
from dcctl.workflows.upgrade.steps import kept_path

ROOT = Path(__file__).parents[3]
CORE = ("hl-cor-r1", "hl-cor-r2")


class Time(clock.ManualClock):
    """A clock by which things happen."""

    def __init__(self) -> None:
        super().__init__()
        self._due: list[tuple[float, Callable[[], object]]] = []

    def at(self, seconds: float, act: Callable[[], object]) -> None:
        """Let `act` happen in so many seconds."""
        self._due.append((self.monotonic() + seconds, act))

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        due = [act for at, act in self._due if at <= self.monotonic()]
        self._due = [one for one in self._due if one[0] > self.monotonic()]
        for act in due:
            act()


@dataclass
class Province:
    """The network, its truth (`seen`), and what the machine wrote down (`told`)."""

    time: Time
    network: Network
    targets: Mapping[str, Target]
    graph: Any
    seen: list[tuple[str, float, Any]]
    told: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)

    def step(self, name: str, waves: tuple[str, ...] = (), **more: Any) -> Step:
        """The upgrade of one element, as the planner makes it."""
        site = SITE
        target = self.targets[name]
        platform = platforms.get(target.platform)
        image = next(one for one in site.images if one.platform == target.platform)
        made = graph.upgrade_waves(self.graph, list(waves or (name,)))
        keeps = [kept_path(one, site) for one in graph.keeps(self.graph, made.certificate, name)]
        kept = {host for one in keeps for host in one["path"]} & set(self.targets)
        release = self.run_of(name)
        step = upgrade_step(
            Wish(target=target, platform=platform, image=image, running=release),
            UpgradePolicy(soak_s=60),
            keeps=keeps,
            kept=[reached(self.targets[host]) for host in sorted(kept - {name})],
            gates=gates.tailor({}),
            **more,
        )
        fellows = {port.peer for port in target.interfaces if port.link} & set(self.targets)
        return with_witnesses(step, target, {one: self.targets[one] for one in fellows})

    def run_of(self, name: str) -> str:
        """The release that its version tells."""
        reading = self.door().read(self.targets[name], ("version",))["version"]
        return str(reading.value.release)

    def door(self) -> Any:
        context = Context(
            run="run",
            shard="shard",
            folder="/nonexistent",
            site_root=str(ROOT),
            lab=True,
            options=self.options,
            emit=self.emit,
            keep=lambda content, **_more: hashlib.sha256(str(content).encode()).hexdigest(),
            cancelled=lambda: False,
        )
        return simulated(self.network)("device_session", context)

    def emit(self, kind: Any, *, target: str = "", **data: Any) -> None:
        """Keeps what the machine writes down."""
        self.told.append((str(kind), target, data))

    def upgrade(self, step: Step) -> Outcome:
        (outcome,) = self.door().run([step], self.targets)
        return outcome

    def phases(self) -> list[str]:
        """The phases that were begun, in order."""
        return [d["phase"] for _, _, d in self.told if d.get("state") == "begun"]

    def notes(self, name: str, kind: str) -> list[str]:
        """What the element's own log tells of one kind."""
        return [note.text for who, _, note in self.seen if who == name and note.kind == kind]


SITE = estate.load(ROOT)


@contextmanager
def province(name: str, *beside: str, **flags: Any) -> Iterator[Province]:
    """`name`'s PEs and the core, configured and idle for an hour; `flags` are of the image."""
    hosts = [*CORE, f"{name}-pe1", f"{name}-pe2", *beside]
    targets = {host: SITE.target(host) for host in hosts}
    time = Time()
    with clock.use(time):
        plan = plan_of(list(targets.values()), "province", anchors=graph.graph_of(SITE).anchors)
        seen: list[tuple[str, float, Any]] = []
        network = Network(
            plan.chassis,
            plan.links,
            plan.absent,
            now=time.now().timestamp(),
            anchors=plan.anchors,
            observe=lambda who, at, note, _session: seen.append((who, at, note)),
        )
        for host, target in targets.items():
            network.configure(host, render(target, [ROOT / "templates"]))
            _stage(network, target, flags)
        time.advance(4000)
        network.advance()
        seen.clear()
        yield Province(time, network, targets, graph.graph_of(SITE), seen)


def _stage(network: Network, target: Target, flags: Mapping[str, Any]) -> None:
    """Every image of its platform on every store of an element."""
    element = network.elements[target.name]
    files = {}
    for image in SITE.images:
        if image.platform != target.platform:
            continue
        for file, content in images.written([image]):
            whole = images.read(content)[0]
            assert whole is not None
            spoilt = replace(whole, flags={**whole.flags, **flags})
            files[file] = images.file(file, images.made(spoilt, len(content)) if flags else content)
    network.elements[target.name] = replace(
        element, stores=tuple(replace(one, files={**one.files, **files}) for one in element.stores)
    )
