"""What goes wrong in a simulated campaign, when, and for how long: all drawn from the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.errors import TargetTimeout, Unreachable
from dcctl.model.event import EventKind
from dcctl.text import N_
from dcctl.workflows.rehearsal.sessions import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from dcctl.lab.elements.network import Network
    from dcctl.model.estate import Estate
    from dcctl.workflows.rehearsal.tasks import Tasks
    from dcctl.workflows.rehearsal.truth import Truth

_PATIENCE_S = 30.0  # for an answer that was lost
_OWN = (  # faults of the element that is worked on
    "bad_image",
    "dimmer_after_reload",
    "never_back",
    "power_loss",
    "power_loss_install",
    "operation_hangs",
    "net_fires",
    "link_down",
    "storm",
    "hang",
    "service_stopped",
)
_OTHERS = ("power_loss", "link_down", "storm", "hang", "service_stopped", "never_back")
_PASSING = frozenset({"link_down", "hang", "service_stopped"})


class Mischief:
    """Draws faults at the moments when something is journalled, and kills the controller."""

    def __init__(self, random: Random, tasks: Tasks, estate: Estate, truth: Truth) -> None:
        self._random, self._tasks, self._estate, self._truth = random, tasks, estate, truth
        self.network: Network = truth.network
        self.chance = random.choice((0.0, 0.002, 0.01, 0.03))  # a fault at a moment of a phase
        self._deaths = sorted(
            random.randrange(1, 80 * len(estate.names))
            for _ in range(random.choice((0, 0, 1, 2, 3, 5)))
        )
        self._passed = 0
        self._storms: dict[str, float] = {}  # element -> until when its answers get lost
        self.armed = False

    # --- moments ---

    def boundary(self, *, weighs: bool, durable: bool, target: str = "") -> None:
        """Something is about to be, or was, written down; most deaths come where it `weighs`.

        Raises:
            KilledError: the controller dies here.
        """
        del durable, target
        if self._tasks.dead:
            self._tasks.kill()
        if not self.armed:
            return
        self._passed += weighs or self._random.random() < 0.1  # noqa: PLR2004
        if self._deaths and self._passed >= self._deaths[0]:
            del self._deaths[0]
            self._truth.say("the controller is killed")
            self._tasks.kill()

    def told(self, kind: EventKind, target: str, data: Mapping[str, Any]) -> None:
        """Something was written down: now and then something goes wrong soon after."""
        if not self.armed or kind is not EventKind.STEP_PROGRESS or "phase" not in data:
            return
        if self._random.random() >= self.chance:
            return
        delay = self._random.choice((0.0, 1.0, 20.0, 120.0)) * self._random.random()
        if self._random.random() < 0.1:  # noqa: PLR2004
            self._jump()
            return
        if self._random.random() < 0.6:  # noqa: PLR2004
            name, fault = target, self._random.choice(_OWN)
        else:
            name, fault = self._near(target), self._random.choice(_OTHERS)
        self._tasks.at(delay, lambda: self.break_(name, fault))

    def _jump(self) -> None:
        seconds = self._random.choice((-3600.0, -60.0, 60.0, 3600.0, 86400.0))
        self._truth.say(f"the controller's clock jumps by {seconds:.0f} s")
        self._tasks.jump(seconds)

    def _near(self, name: str) -> str:
        """Mostly a neighbour or fellow, sometimes anybody."""
        links = [one for one in self._estate.links if name in (one.a.host, one.b.host)]
        near = [link.far_end(name).host for link in links]
        return self._random.choice([*near, *near, *self._estate.names])

    # --- faults ---

    def break_(self, name: str, fault: str) -> None:
        """Let a fault happen, and most pass after a while."""
        random = self._random
        self.network.advance()
        if fault == "storm":
            self._truth.say(f"answers of {name} get lost")
            self._storms[name] = self._tasks.elapsed + random.choice((5.0, 60.0, 600.0))
            return
        given: dict[str, Any] = {}
        if fault in {"link_down", "dimmer_after_reload"}:
            given["interface"] = self._port(name)
        if fault == "dimmer_after_reload":
            given["db"] = random.choice((0.5, 3.0, 6.0))
        elif fault == "bad_image":
            given["how"] = random.choice(("unit_fails", "boot_loop"))
        elif fault.startswith("power_loss"):
            given["seconds"] = random.choice((5.0, 60.0, 900.0))
        self.network.fault(name, fault, given)
        if fault in _PASSING and random.random() < 0.8:  # noqa: PLR2004
            after = random.choice((10.0, 120.0, 1800.0))
            self._tasks.at(after, lambda: self.network.fault(name, "clear", {}))

    def _port(self, name: str) -> str:
        return self._random.choice(
            [one.name for one in self._estate.target(name).interfaces if one.link]
        )

    def tire(self) -> None:
        """Nothing more goes wrong."""
        self.chance = 0.0
        self._deaths.clear()

    def heal(self) -> None:
        """People mend what they can before they resume."""
        self._storms.clear()
        for name in self._estate.names:
            standing = self.network.faults_of(name)
            if standing.cut or standing.hang or standing.service_stopped:
                self.network.fault(name, "clear", {})

    def loses(self, name: str) -> bool:
        """Whether what is sent now gets lost."""
        return (
            self._storms.get(name, 0.0) > self._tasks.elapsed and self._random.random() < 0.3  # noqa: PLR2004
        )

    def latency(self) -> float:
        """Of one command, in seconds."""
        return self._random.choice((0.05, 0.1, 0.4))


class TrickyWire(Wire):
    """Loses commands and answers when mischief says so; a dead process sends nothing."""

    def __init__(self, mischief: Mischief, tasks: Tasks) -> None:
        super().__init__()
        self._mischief, self._tasks = mischief, tasks

    def before(self, name: str) -> None:
        """See Wire."""
        self._tasks.sleep(self._mischief.latency())
        self._lose(name)

    def after(self, name: str) -> None:
        """See Wire."""
        self._lose(name)

    def _lose(self, name: str) -> None:
        if not self._mischief.loses(name):
            return
        if self._mischief.latency() < 0.1:  # noqa: PLR2004
            raise Unreachable(N_("{name}: the session was cut"), name=name)
        self._tasks.sleep(_PATIENCE_S)
        raise TargetTimeout(N_("{name} does not answer"), name=name)
