"""The elements as one network: their states, their time, each line to its system's function."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dcctl import clock
from dcctl.errors import NotFound
from dcctl.lab.elements import faults as faulting
from dcctl.lab.elements import images, power, views
from dcctl.lab.elements.absent import Absent
from dcctl.lab.elements.fabric import (
    Fabric,
    Link,
    spread,
)
from dcctl.lab.elements.faults import FAULTS, Faults
from dcctl.lab.elements.model import (
    Chassis,
    Element,
    Happening,
    Intent,
    Note,
    Reply,
    Surroundings,
    System,
    Terminal,
)
from dcctl.lab.elements.software import (
    NEVER,
    Fetch,
    Fetched,
    Wait,
    left,
    with_file,
)
from dcctl.lab.elements.traffic import Traffic, drained
from dcctl.lab.elements.tree import EMPTY, Tree
from dcctl.lab.systems import all_systems
from dcctl.text import N_

MESSAGES_KEPT = 100
FABRIC = ""  # under this name `observe` gets what is no element's own
Observe = Callable[[str, float, Note, int], None]  # (element, time, what, session number)


def _clock() -> float:
    return clock.now().timestamp()


def _no_mirror(_fetch: Fetch) -> Fetched:
    return Fetched(trouble="unreachable")


def _ignore(_name: str, _time: float, _note: Note, _session: int) -> None:
    pass


class ElementDownError(Exception):
    """The element has no power, or boots."""


class Network:
    """All elements of a lab. Not thread-safe: one owner."""

    def __init__(
        self,
        chassis: Sequence[Chassis],
        links: Sequence[Link] = (),
        absent: Sequence[Absent] = (),
        *,
        now: float,
        observe: Observe = _ignore,
        power: Callable[[str], None] = lambda _name: None,
        anchors: Sequence[str] = (),
        mirror: Callable[[Fetch], Fetched] = _no_mirror,
        time: Callable[[], float] = _clock,
    ) -> None:
        self.now = now
        self._time = time
        self.observe, self.power, self.mirror = observe, power, mirror
        self.elements: dict[str, Element] = {}
        self.faults: dict[str, Faults] = defaultdict(Faults)
        self.terminals: dict[str, dict[int, Terminal]] = defaultdict(dict)
        self.watched: dict[str, int] = {}  # element -> version of the fabric at its last look
        self._absent = {one.name: one.intent for one in absent}
        self._intents: dict[str, tuple[Tree, Intent]] = {}
        self._due: list[tuple[float, str]] = []
        self._systems = all_systems()
        self.fabric = Fabric(links, self.intent, self.alive, self.faults_of, self._tell)
        for one in chassis:
            tree = self._systems[one.system].day_zero(one)
            stores, software = self._systems[one.system].furnish(one)
            self.elements[one.name] = Element(
                chassis=one,
                running=tree,
                startup=tree,
                booted=now - spread(one.name, 86400, 86400 * 90),
                changed=now,
                saved=now,
                saved_by="factory",
                changed_by="factory",
                stores=stores,
                software=software,
            )
        for name in (*self._absent, *self.elements):
            self.fabric.refresh(name, now)
        self.traffic = Traffic(
            self.fabric,
            {one.name: one.site for one in chassis},
            anchors,
            lambda note: self.observe(FABRIC, self.now, note, 0),
            now,
        )

    # --- asking --------------------------------------------------------------------------------

    def system(self, name: str) -> System:
        """The system that an element runs.

        Raises:
            NotFound: no such element.
        """
        element = self.elements.get(name)
        if element is None:
            raise NotFound(N_("the lab has no simulated element {name}"), name=name)
        return self._systems[element.chassis.system]

    def intent(self, name: str) -> Intent | None:
        """What an element's running configuration asks for; None for what nobody described."""
        element = self.elements.get(name)
        if element is None:
            return self._absent.get(name)
        cached = self._intents.get(name)
        if cached is None or cached[0] is not element.running:
            system = self._systems[element.chassis.system]
            cached = (element.running, system.intent(element.chassis, element.running))
            self._intents[name] = cached
        return cached[1]

    def alive(self, name: str) -> bool:
        """Whether it has power and has booted; what is not simulated always has."""
        element = self.elements.get(name)
        return element is None or (element.powered and element.up_at <= self.now)

    def faults_of(self, name: str) -> Faults:
        """What stands wrong at an element."""
        return self.faults.get(name, _SOUND)

    def view(self, name: str) -> Surroundings:
        """All that the element can know of the world now."""
        return views.surroundings(self, name)

    # --- doing ---------------------------------------------------------------------------------

    def advance(self, now: float | None = None) -> None:
        """Let time pass until `now` (default: now): timers run out, elements boot."""
        until = self._time() if now is None else now
        while self._due and self._due[0][0] <= until:
            time, name = heapq.heappop(self._due)
            self.now = max(self.now, time)
            self._come_due(name)
        self.now = max(self.now, until)
        self.traffic.moved(self.now)

    def _come_due(self, name: str) -> None:
        element = self.elements[name]
        if element.reboot_at and element.reboot_at <= self.now:
            power.boot(self, name)
        elif element.timer and element.timer.due <= self.now:
            expired = self.system(name).expire(element, self.now)
            self.settle(name, expired, (Note(kind="revert", text="timer ran out"),), 0)
        elif element.powered and element.up_at == self.now:
            power.up(self, name)
        else:
            power.software_due(self, name)

    def login(self, name: str, user: str, peer: str = "127.0.0.1") -> Terminal:
        """A new session at an element.

        Raises:
            ElementDownError: it has no power, or boots.
        """
        self.advance()
        if not self.alive(name):
            raise ElementDownError(name)
        element = self.elements[name]
        number = element.sessions + 1
        self.elements[name] = power.logged_in(self, name, replace(element, sessions=number))
        terminal = self.system(name).login(
            element, Terminal(number=number, user=user, peer=peer, since=self.now)
        )
        self.terminals[name][number] = terminal
        self.observe(name, self.now, Note(kind="login", text=f"{user} from {peer}"), number)
        return terminal

    def send(self, name: str, terminal: Terminal, line: str) -> Reply:
        """One line (or key) typed at a terminal.

        Raises:
            ElementDownError: it lost power, or boots.
        """
        self.advance()
        if not self.alive(name):
            raise ElementDownError(name)
        reply = self.system(name).step(self.elements[name], terminal, line, self.view(name))
        self.terminals[name][terminal.number] = reply.terminal
        self.settle(name, reply.element, reply.notes, terminal.number)
        return reply

    def resume(self, name: str, terminal: Terminal, result: Fetched | None) -> Reply:
        """What a terminal waited for came to its end: `result` of a fetch, None of a wait.

        Raises:
            ElementDownError: it lost power, or boots.
        """
        self.advance()
        if not self.alive(name):
            raise ElementDownError(name)
        reply = self.system(name).resume(self.elements[name], terminal, result, self.view(name))
        self.terminals[name][terminal.number] = reply.terminal
        self.settle(name, reply.element, reply.notes, terminal.number)
        return reply

    def left(self, name: str, wait: Wait) -> float:
        """Seconds that a terminal's wait still lasts; infinite where it hangs."""
        self.advance()
        return left(self.elements[name], wait, self.now)

    def put(self, name: str, path: str, content: bytes) -> bool:
        """A file that came over SCP or SFTP, or lay there before; whether there was room.

        Raises:
            NotFound: no such place.
        """
        found = self.system(name).place(self.elements[name], path)
        if found is None:
            raise NotFound(N_("{name} has no place {path}"), name=name, path=path)
        store, file_name = found
        full = self.faults_of(name).flash_full
        if full or not store.takes(file_name, len(content)):
            return False
        fresh = images.file(file_name, content, self.now)
        element = with_file(self.elements[name], store, fresh)
        self.settle(name, element, (Note(kind="file", text="written", subject=path),), 0)
        return True

    def logout(self, name: str, terminal: Terminal) -> None:
        """The session ended, however it did."""
        if self.terminals[name].pop(terminal.number, None) is None:
            return
        element = self.elements[name]
        self.settle(name, self.system(name).leave(element, terminal), (), terminal.number)
        self.observe(name, self.now, Note(kind="logout", text=terminal.user), terminal.number)

    def configure(self, name: str, text: str) -> None:
        """Start an element already configured: `text` on top of what runs, and saved."""
        element = self.elements[name]
        tree = self.system(name).load(element.chassis, element.running, text)
        self.restore(name, tree, tree)

    def boot(self, name: str, text: str) -> None:
        """Start an element with `text` as all that it had saved: what is not there is default."""
        element = self.elements[name]
        tree = self.system(name).load(element.chassis, EMPTY, text)
        self.restore(name, tree, tree)

    def restore(self, name: str, running: Tree, startup: Tree) -> None:
        """Put back what an earlier daemon kept."""
        self.elements[name] = replace(self.elements[name], running=running, startup=startup)
        self.fabric.refresh(name, self.now)  # traffic follows once all of them are so

    def fault(self, name: str, fault: str, given: Mapping[str, Any]) -> None:
        """Make something go wrong.

        Raises:
            NotFound: no such element. InvalidInput: no such fault, or wrong arguments.
        """
        self.advance()
        self.system(name)
        arguments = faulting.arguments_of(fault, given)
        self._check_port(name, arguments.get("interface"))
        self.faults[name] = FAULTS[fault].apply(self.faults_of(name), arguments, self.now)
        if fault == faulting.POWER_LOSS:
            power.lose(self, name, float(arguments["seconds"]))
        self.observe(name, self.now, Note(kind="fault", text=fault), 0)
        self.refresh(name)
        self.power(name)

    def _check_port(self, name: str, port: str | None) -> None:
        if port and port not in {one.name for one in self.elements[name].chassis.ports}:
            raise NotFound(N_("{name} has no interface {port}"), name=name, port=port)

    def wake(self, name: str, time: float) -> None:
        """Look at an element then."""
        if time < NEVER:
            heapq.heappush(self._due, (time, name))

    def settle(self, name: str, element: Element, notes: Sequence[Note], session: int) -> None:
        """An element became another: what it wrote, what will come due, what others see of it."""
        before = self.elements[name]
        element = power.started(self, name, before, element)
        self.elements[name] = element
        for note in notes:
            self.observe(name, self.now, note, session)
        if element.timer and element.timer is not before.timer:
            self.wake(name, element.timer.due)
        if element.reboot_at and element.reboot_at != before.reboot_at:
            self.wake(name, element.reboot_at)
        if element.running is not before.running:
            self.refresh(name)

    def refresh(self, name: str) -> None:
        """What others see of an element changed."""
        known = self._intents.get(name)
        was = known is not None and drained(known[1])
        self.fabric.refresh(name, self.now)
        self.traffic.moved(self.now)
        if was != drained(self.intent(name)):
            self.observe(name, self.now, Note(kind="drain", text="cleared" if was else "set"), 0)

    def _tell(self, name: str, happening: Happening) -> None:
        element = self.elements.get(name)
        if element is None:
            return
        offset = self.faults_of(name).clock_offset_s
        text = self.system(name).message(element, happening, self.now + offset)
        kept = (*element.messages, text)[-MESSAGES_KEPT:]
        self.elements[name] = replace(element, messages=kept)


_SOUND = Faults()


def stamp(time: float) -> datetime:
    """A moment as UTC date and time."""
    return datetime.fromtimestamp(time, UTC)
