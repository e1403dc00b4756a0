"""The door to network elements, over simulated ones in this process: no socket, no real time."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from dcctl import clock, platforms
from dcctl.errors import CommandRefused, TargetTimeout, Unreachable
from dcctl.executors import guard
from dcctl.executors.device_session import DeviceSessions
from dcctl.facts.transport import Transport
from dcctl.lab.elements.session import InProcessSession
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dcctl.contracts import Context, Executor, Platform
    from dcctl.lab.elements.network import Network
    from dcctl.model.target import Target

LATENCY_S = 0.05  # that each command takes on the wire and the device


class SimulatedSession(InProcessSession):
    """What `DeviceSession` is to a machine, over an element in this process."""

    def __init__(self, network: Network, target: Target, platform: Platform) -> None:
        super().__init__(
            network,
            target.name,
            failures=platform.failures,
            enter=platform.enter,
            leave=platform.leave,
            answers=platform.answers,
        )
        self.platform, self.console = platform, False
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
        """Let changes through inside the block."""
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
        return self._said(
            lambda: InProcessSession.configure(self, lines, enter=enter, timeout=timeout, stay=stay)
        )

    def _said(self, exchange: Callable[[], str]) -> str:
        clock.sleep(LATENCY_S)
        try:
            return exchange()
        except (Unreachable, TargetTimeout):
            self.alive = False
            raise


def simulated(network: Network) -> Callable[[str, Context], Executor]:
    """Builds executors whose device sessions lead to `network`."""

    class Simulated(DeviceSessions):
        def open(self, target: Target, *, console: bool = False) -> SimulatedSession:  # type: ignore[override]
            del console
            return SimulatedSession(network, target, platforms.get(target.platform))

        def answers(self, target: Target) -> bool:
            network.advance()
            return network.alive(target.name) and not network.faults[target.name].service_stopped

    return lambda _name, context: Simulated(context)
