"""One element in virtual time, its terminal, and what was written of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager

from dcctl import clock
from dcctl.errors import TargetTimeout, Unreachable
from dcctl.lab.elements.model import Chassis, Note, Port
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.software import Fetch, Fetched


class Bench:
    """An element `e1` on a bench: type at it, let time pass, read what it did."""

    def __init__(self, chassis: Chassis, mirror: Mapping[str, bytes], text: str = "") -> None:
        self.time = clock.current()
        self.notes: list[Note] = []
        self.mirror = dict(mirror)
        self.network = Network(
            [chassis],
            now=clock.now().timestamp(),
            observe=lambda _name, _time, note, _session: self.notes.append(note),
            mirror=self._fetch,
        )
        if text:
            self.network.configure("e1", text)
        self.session: InProcessSession | None = None

    def _fetch(self, wanted: Fetch) -> Fetched:
        content = self.mirror.get(wanted.url)
        return (
            Fetched(trouble="missing") if content is None else Fetched(content=content, seconds=3)
        )

    @property
    def software(self):
        return self.network.elements["e1"].software

    def type(self, *lines: str, timeout: float | None = None) -> str:
        """What the lines answer, one after another; logs in first."""
        if self.session is None:
            self.session = InProcessSession(self.network, "e1")
        return "".join(self.session.send(line, timeout=timeout) for line in lines)

    def lost(self, *lines: str) -> bool:
        """Whether the element went away under the lines."""
        try:
            self.type(*lines)
        except (Unreachable, TargetTimeout):
            self.session = None
            return True
        return False

    def sleep(self, seconds: float) -> None:
        """Let time pass; a reload ends the session."""
        clock.sleep(seconds)
        self.network.advance()
        if not self.network.terminals["e1"]:
            self.session = None

    def kinds(self) -> list[tuple[str, str]]:
        """What it wrote of itself, without commands and logins."""
        silent = ("command", "login", "logout")
        return [
            (note.kind, note.subject or note.text) for note in self.notes if note.kind not in silent
        ]


@contextmanager
def bench(system: str, model: str, *, mirror: Mapping[str, bytes], text: str = "", ports=()):
    """A bench in virtual time."""
    names = tuple(Port(name=one) for one in ports)
    with clock.use(clock.ManualClock()):
        yield Bench(Chassis(name="e1", system=system, model=model, ports=names), mirror, text)
