"""One element of the sample and its neighbours, in this process, and what they wrote."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from dcctl import clock, discovery, estate, gates, platforms
from dcctl.contracts import Context
from dcctl.lab.elements import images
from dcctl.lab.elements.model import Note
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import plan_of, simulated
from dcctl.lab.elements.software import with_file
from dcctl.lab.elements.traffic import drained
from dcctl.model.approval import APPROVED
from dcctl.model.estate import UpgradePolicy
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Step
from dcctl.model.target import Target
from dcctl.model.upgrade import Image, ImageFile
from dcctl.planning.render import render, template_paths
from dcctl.planning.upgrades import Wish, upgrade_step
from dcctl.planning.witnesses import with_witnesses
from dcctl.workflows.rehearsal import sessions

ROOT = discovery.data_root()
CORE = ("hl-cor-r1", "hl-cor-r2")  # where the provinces' traffic goes


@cache
def _sample() -> Any:
    return estate.load(ROOT)


@cache
def _target(name: str, peers: tuple[str, ...]) -> Target:
    """The target, with those of its links alone that lead to `peers` where there are any."""
    whole = _sample().target(name)
    kept = [one for one in whole.interfaces if not one.link or not peers or one.peer in peers]
    return replace(whole, interfaces=tuple(kept))


@cache
def _text(name: str, peers: tuple[str, ...]) -> str:
    return render(_target(name, peers), template_paths(ROOT))


@dataclass
class Scene:
    """The element `name` and its neighbours; `notes` are what they wrote, with when."""

    name: str
    time: clock.ManualClock
    peers: tuple[str, ...] = ()
    notes: list[tuple[float, str, Note]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)  # the step's progress

    def __post_init__(self) -> None:
        self.target = _target(self.name, self.peers)
        around = dict.fromkeys(one.peer for one in self.target.interfaces if one.link)
        known = {name: _sample().target(name) for name in around}
        self.fellows = {name: one for name, one in known.items() if simulated(one)}
        plan = plan_of([self.target, *self.fellows.values()], "x", anchors=CORE)
        self.network = Network(
            plan.chassis,
            plan.links,
            plan.absent,
            now=clock.now().timestamp(),
            anchors=plan.anchors,
            observe=self._observe,
        )
        self.network.configure(self.name, _text(self.name, self.peers))
        for name in self.fellows:
            self.network.configure(name, _text(name, ()))
        self.pass_time(4000)
        self.platform = platforms.get(self.target.platform)
        context = Context(
            run="run",
            shard="shard",
            folder="",
            site_root=str(ROOT),
            lab=True,
            options={APPROVED: ["no_safety_net"]},
            emit=self._emit,
            keep=self._keep,
            cancelled=lambda: False,
        )
        self.build = partial(sessions.simulated(self.network), "device_session", context)
        self.executor = self.build()
        self.notes.clear()

    def _observe(self, name: str, _time: float, note: Note, _session: int) -> None:
        self.notes.append((clock.monotonic(), name, note))

    def _emit(self, kind: str, **data: Any) -> None:
        if kind == "step_progress":
            self.told.append({"at": clock.monotonic(), **data})

    def _keep(self, content: str | bytes, **_: Any) -> str:
        return hashlib.sha256(
            content if isinstance(content, bytes) else content.encode()
        ).hexdigest()

    def pass_time(self, seconds: float) -> None:
        """Let time pass for all."""
        self.time.advance(seconds)
        self.network.advance()

    # --- the image ---

    def image(self, flags: Mapping[str, str]) -> Image:
        """The sample's image for this element, with these flags; its files lie on it now."""
        seen = self.executor.read(self.target, ("version",))["version"].value
        wanted = next(
            one
            for one in _sample().images
            if one.platform == self.target.platform
            and any(fnmatch.fnmatch(seen.model.lower(), model.lower()) for model in one.models)
        )
        self._store = self.platform.upgrade.stores(self.executor.session(self.target))[0]
        return replace(wanted, files=tuple(self._put(wanted, one, flags) for one in wanted.files))

    def _put(self, image: Image, file: ImageFile, flags: Mapping[str, str]) -> ImageFile:
        content = images.image(
            image.platform,
            image.version,
            size=file.size,
            role=file.role,
            flags=flags if file.role == "system" else {},
        )
        element, push = self.network.elements[self.name], self.platform.upgrade.push_path
        path = push(self._store, file.name)
        home, name = self.network.system(self.name).place(element, path)
        put = images.file(name, content, clock.now().timestamp())
        for store in element.stores:
            if store.name == home.name or store.name.endswith("#" + home.name):
                element = with_file(element, store, put)
        self.network.elements[self.name] = element
        return replace(
            file,
            sha512=hashlib.sha512(content).hexdigest(),
            sha256=hashlib.sha256(content).hexdigest(),
            md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        )

    # --- the upgrade ---

    def step(self, flags: Mapping[str, str], *, keeps_old: bool = False) -> Step:
        """The step that upgrades the element; `keeps_old`: the old package is on it too."""
        image = self.image(flags)
        release = self.software.release
        names = [replace(one, name=f"{release}-{one.name}") for one in image.files]
        old = replace(image, name="old", version=release, files=tuple(names))
        if keeps_old:
            old = replace(old, files=tuple(self._put(old, one, {}) for one in names))
        wish = Wish(
            target=self.target,
            platform=self.platform,
            image=image,
            running=release,
            previous=old if keeps_old else None,
        )
        made = upgrade_step(wish, UpgradePolicy(), gates=gates.tailor({}))
        return with_witnesses(made, self.target, self.fellows)

    def upgrade(self, step: Step) -> Outcome:
        """Do it; what the twins wrote before is forgotten."""
        self.notes.clear()
        (outcome,) = self.executor.run([step], {self.name: self.target})
        self.network.advance()
        return outcome

    # --- what is true ---

    @property
    def software(self) -> Any:
        """The element's own."""
        return self.network.elements[self.name].software

    @property
    def engines(self) -> set[str]:
        """The releases of all its routing engines, where it tells them apart."""
        state = self.software.state
        return {one.label.boots for one in getattr(state, "engines", ())} or {self.software.release}

    @property
    def drained(self) -> bool:
        """Whether traffic goes round it, by its running configuration."""
        return drained(self.network.intent(self.name))

    @property
    def saved(self) -> bool:
        """Whether what runs is what would be booted."""
        element = self.network.elements[self.name]
        return bool(element.running == element.startup)

    @property
    def nothing_pending(self) -> bool:
        """Whether the element, asked anew, has nothing that waits to be installed or started."""
        now = self.platform.upgrade.installed(self.executor.reopened(self.target))
        return not now.pending and now.committed is not False

    def when(self, kind: str, text: str = "") -> list[float]:
        """When the element wrote notes of this kind."""
        return [
            at
            for at, name, note in self.notes
            if name == self.name and note.kind == kind and text in (note.text, note.subject, "")
        ]

    def drains(self) -> list[float]:
        """When traffic was led round it, back, round it ... by its own log."""
        return self.when("drain")

    def adjacent_since(self, after: float, before: float) -> list[float]:
        """When each of the adjacencies that it now has came up, since `after`."""
        offset = self.time.now().timestamp() - clock.monotonic()
        view = self.network.view(self.name)
        return [one.since - offset for one in view.adjacencies if one.since - offset > after]

    def phase(self, name: str, state: str = "begun") -> list[float]:
        """When the machine told this of a phase."""
        return [one["at"] for one in self.told if (one["phase"], one["state"]) == (name, state)]


@contextmanager
def scene(name: str, peers: tuple[str, ...] = ()):
    """A scene in virtual time."""
    with clock.use(clock.ManualClock()) as time:
        yield Scene(name=name, time=time, peers=peers)
