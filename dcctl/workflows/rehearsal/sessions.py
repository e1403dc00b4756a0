"""The door to network elements, over simulated ones in this process: no socket, no real time."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from dcctl import clock, platforms
from dcctl.errors import CommandRefused, TargetTimeout, Unreachable
from dcctl.executors import guard
from dcctl.executors._judging import judge
from dcctl.executors.device_session import DeviceSessions
from dcctl.facts.transport import Transport
from dcctl.lab.elements.session import InProcessSession
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dcctl.contracts import Context, Platform
    from dcctl.lab.elements.network import Network
    from dcctl.model.target import Target

LATENCY_S = 0.05  # that each command takes on the wire and the device


class Wire:
    """What lies between dcctl and an element; one that plays tricks is a subclass."""

    def __init__(self, latency_s: float = LATENCY_S, login_s: float = LATENCY_S) -> None:
        self._latency_s, self._login_s = latency_s, login_s

    def login(self, name: str) -> None:
        """A session is about to be opened.

        Raises:
            Unreachable, TargetTimeout: it never comes to be.
        """
        clock.sleep(self._login_s)
        self.before(name)

    def lines(self, count: int) -> None:
        """So many lines are typed, each answered before the next."""
        clock.sleep(self._latency_s * count)

    def before(self, name: str) -> None:
        """Something is about to be sent to the element.

        Raises:
            Unreachable, TargetTimeout: it never arrives.
        """
        del name
        clock.sleep(self._latency_s)

    def after(self, name: str) -> None:
        """The element has answered.

        Raises:
            Unreachable, TargetTimeout: the answer never arrives.
        """


class SimulatedSession(InProcessSession):
    """What `DeviceSession` is to a machine, over an element in this process."""

    def __init__(
        self,
        network: Network,
        target: Target,
        platform: Platform,
        wire: Wire,
        *,
        console: bool = False,
    ) -> None:
        self._wire = wire
        wire.login(target.name)
        super().__init__(
            network,
            target.name,
            console=console,
            enter=platform.enter,
            leave=platform.leave,
            answers=platform.answers,
        )
        self.platform, self.console = platform, console
        self._reading = True
        self.alive = True
        for command in platform.setup:
            self._said(partial(self._type, command, None))

    @property
    def read_only(self) -> bool:
        """See DeviceSession."""
        return self._reading

    @property
    def agreed(self) -> Transport:
        """Nothing was agreed on: there is no wire.

        Raises:
            Unreachable: always.
        """
        raise Unreachable(
            N_("{name} is simulated in this process: there is no SSH"), name=self._name
        )

    @contextmanager
    def changing(self) -> Iterator[SimulatedSession]:
        """Let changes through inside the block.

        Raises:
            CommandRefused: over a console nothing is changed.
        """
        if self.console:
            raise CommandRefused(N_("{name}: nothing is changed over its console"), name=self._name)
        self._reading = False
        try:
            yield self
        finally:
            self._reading = True

    def send(self, command: str, *, timeout: float | None = None) -> str:
        """See contracts.Session."""
        if self._reading:
            command = guard.permit(self.platform, command)
        return self._said(lambda: InProcessSession.send(self, command, timeout=timeout))

    def configure(
        self,
        lines: Sequence[str],
        *,
        enter: str = "",
        timeout: float | None = None,
        stay: bool = False,
    ) -> str:
        """See contracts.Session."""
        if self._reading:
            raise CommandRefused(N_("a read-only session changes nothing"))
        self._wire.lines(len(lines) + 1)
        return self._said(
            lambda: InProcessSession.configure(self, lines, enter=enter, timeout=timeout, stay=stay)
        )

    def _judge(self, command: str, text: str) -> None:
        judge(self.platform, self._name, command, text)

    def _said(self, exchange: Callable[[], str]) -> str:
        try:
            self._wire.before(self._name)
            answer = exchange()
            self._wire.after(self._name)
        except (Unreachable, TargetTimeout):
            self.alive = False
            self.close()  # what comes next on it could be the answer to something else
            raise
        return answer


def simulated(
    network: Network, wire: Wire | None = None
) -> Callable[[str, Context], DeviceSessions]:
    """Builds executors whose device sessions lead over `wire` to `network`."""
    way = wire or Wire()

    class Simulated(DeviceSessions):
        def open(self, target: Target, *, console: bool = False) -> SimulatedSession:  # type: ignore[override]
            platform = platforms.get(target.platform)
            return SimulatedSession(network, target, platform, way, console=console)

        def answers(self, target: Target) -> bool:
            try:
                way.before(target.name)
                way.after(target.name)
            except (Unreachable, TargetTimeout):
                return False
            network.advance()
            return network.alive(target.name) and not network.faults[target.name].service_stopped

    return lambda _name, context: Simulated(context)


def unheard() -> Context:
    """What an executor is given that works for no run: nothing is written down anywhere."""
    from dcctl.contracts import Context

    return Context(
        run="",
        shard="",
        folder="",
        site_root="",
        lab=True,
        options={},
        emit=lambda *_, **__: None,
        keep=lambda *_, **__: "",
        cancelled=lambda: False,
    )
