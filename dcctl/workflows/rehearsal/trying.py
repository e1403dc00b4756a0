"""The faults that a rehearsal plays, each at the moment when a phase has just begun."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcctl.errors import Unreachable
from dcctl.model.event import EventKind
from dcctl.model.upgrade import Phase
from dcctl.text import N_
from dcctl.workflows.rehearsal.sessions import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.lab.elements.network import Network
    from dcctl.model.target import Target
    from dcctl.workflows.rehearsal.tasks import Tasks

KILL, CUT, FELLOW = "controller_killed", "answer_lost", "fellow_loses_power"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong; `name` is the lab's word, or one of those above."""

    name: str
    title: str  # for people
    phases: tuple[Phase, ...]
    given: Mapping[str, Any] = field(default_factory=dict)
    port: bool = False  # on one interface
    after_s: float = 0.0


_ACTS = (Phase.PREPARE, Phase.DRAIN, Phase.ACTIVATE, Phase.WAIT, Phase.COMMIT, Phase.UNDRAIN)
FAULTS = (
    Fault(name=KILL, title=N_("the controller is killed"), phases=(*_ACTS, Phase.GATE, Phase.SOAK)),
    Fault(name=CUT, title=N_("an answer is lost and the session is cut"), phases=_ACTS),
    Fault(
        name="power_loss",
        title=N_("the element loses power for a minute"),
        phases=(Phase.PREPARE, Phase.DRAIN, Phase.GATE, Phase.COMMIT, Phase.SOAK),
        given={"seconds": 60.0},
    ),
    Fault(
        name="power_loss_install",
        title=N_("the element loses power while it installs"),
        phases=(Phase.PREPARE, Phase.ACTIVATE),
    ),
    Fault(
        name="operation_hangs",
        title=N_("the installation never ends"),
        phases=(Phase.PREPARE, Phase.ACTIVATE),
    ),
    Fault(name="never_back", title=N_("it never comes back"), phases=(Phase.ACTIVATE,)),
    Fault(
        name="bad_image",
        title=N_("the new release does not start"),
        phases=(Phase.ACTIVATE,),
        given={"how": "boot_loop"},
    ),
    Fault(
        name="bad_image",
        title=N_("a board does not start with the new release"),
        phases=(Phase.ACTIVATE,),
        given={"how": "unit_fails"},
    ),
    Fault(
        name="dimmer_after_reload",
        title=N_("after the reload a fibre has lost 6 dB"),
        phases=(Phase.ACTIVATE,),
        given={"db": 6.0},
        port=True,
    ),
    Fault(
        name="net_fires",
        title=N_("the safety net fires too early"),
        phases=(Phase.ACTIVATE,),
    ),
    Fault(
        name="link_down",
        title=N_("one of its fibres is cut"),
        phases=(Phase.PREPARE, Phase.WAIT, Phase.GATE, Phase.SOAK),
        port=True,
    ),
    Fault(
        name=FELLOW,
        title=N_("its partner loses power"),
        phases=(Phase.PREPARE, Phase.DRAIN, Phase.WAIT, Phase.SOAK),
        given={"seconds": 1800.0},
    ),
)


class Script:
    """One fault at one moment; nothing without one."""

    def __init__(
        self, tasks: Tasks, network: Network, target: Target | None, fault: Fault | None, phase: str
    ) -> None:
        self._tasks, self._network = tasks, network
        self._target, self._fault, self._phase = target, fault, phase
        self.played = False
        self._kills = False
        self.cuts = False  # the next answer is lost

    def boundary(self, *, weighs: bool, durable: bool, target: str = "") -> None:
        """See world.Fate."""
        del weighs, durable, target
        if self._tasks.dead or self._kills:
            self._kills = False
            self._tasks.kill()

    def told(self, kind: EventKind, target: str, data: Mapping[str, Any]) -> None:
        """See world.Fate."""
        if self.played or self._fault is None or self._target is None:
            return
        begun = kind is EventKind.STEP_PROGRESS and data.get("state") == "begun"
        if begun and target == self._target.name and data.get("phase") == self._phase:
            self.played = True
            self._play(self._fault, self._target)

    def _play(self, fault: Fault, target: Target) -> None:
        self._network.advance()
        if fault.name == KILL:
            self._kills = True
            return
        if fault.name == CUT:
            self.cuts = True
            return
        ports = [port for port in target.interfaces if port.link and port.peer]
        name, given = target.name, dict(fault.given)
        if fault.port:
            given["interface"] = ports[0].name
        if fault.name == FELLOW:
            played = [port.peer for port in ports if port.peer in self._network.elements]
            self._network.fault(played[0], "power_loss", given)
            return
        self._network.fault(name, fault.name, given)


class ScriptedWire(Wire):
    """Loses one answer of the element when the script says so; a dead process hears nothing."""

    def __init__(self, script: Script, name: str, command_s: float, login_s: float) -> None:
        super().__init__(command_s, login_s)
        self._script, self._name = script, name

    def after(self, name: str) -> None:
        """See Wire."""
        if self._script.cuts and name == self._name:
            self._script.cuts = False
            raise Unreachable(N_("{name}: the session was cut"), name=name)
