"""The sessions of a shard's targets: one a target, made anew when it is found dead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dcctl import concurrency, platforms
from dcctl.errors import TargetError, Unreachable
from dcctl.executors import transport
from dcctl.executors._device import DeviceSession
from dcctl.executors._outcomes import FINAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.contracts import Context
    from dcctl.model.target import Target

_T = TypeVar("_T")
_BANNER = 5.0  # seconds that an SSH server may take to say its first byte


class KeptSessions:
    """Sessions by target, and consoles of those that SSH does not reach."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sessions: dict[str, DeviceSession] = {}
        self._consoles: dict[str, DeviceSession] = {}  # of targets that SSH did not reach
        self._lock = concurrency.lock()

    def reading(self, target: Target, ask: Callable[[DeviceSession], _T]) -> _T:
        """Ask on the target's session; one that is found dead is made anew once. Reads only.

        Where the run allows it, what SSH does not reach is asked over its console.
        """
        console = self._consoles.get(target.name)
        if console is not None and console.alive:
            return ask(console)
        try:
            return self._over_ssh(target, ask)
        except Unreachable as error:
            allowed = self._context.options.get("console") and target.console is not None
            if not allowed or isinstance(error, FINAL):
                raise
        console = self.open(target, console=True)
        with self._lock:
            self._consoles[target.name] = console
        return ask(console)

    def _over_ssh(self, target: Target, ask: Callable[[DeviceSession], _T]) -> _T:
        fresh = not self._alive(target)
        try:
            return ask(self.session(target))
        except Unreachable as error:
            if fresh or isinstance(error, FINAL):
                raise
            return ask(self.reopened(target))

    def _alive(self, target: Target) -> bool:
        session = self._sessions.get(target.name)
        return session is not None and session.alive

    def open(self, target: Target, *, console: bool = False) -> DeviceSession:
        """A session of its own; the one place where a device is dialled."""
        platform = platforms.get(target.platform)
        return DeviceSession(target, platform, self._context, console=console)

    def answers(self, target: Target) -> bool:
        """Whether something takes a connection at its address, without a login; never raises."""
        base = Path(self._context.site_root)
        try:
            sock, lease = transport.reach(target.connection, self._context.options, base=base)
        except (TargetError, OSError):
            return False
        try:
            sock.settimeout(_BANNER)
            return bool(sock.recv(1))
        except OSError:
            return False
        finally:
            sock.close()
            if lease:
                lease.release()

    def session(self, target: Target) -> DeviceSession:
        """The target's session; a new one where there is none that lives."""
        with self._lock:
            session = self._sessions.get(target.name)
        if session is not None and session.alive:
            return session
        session = self.open(target)
        with self._lock:
            self._sessions[target.name] = session
        return session

    def reopened(self, target: Target, *, end: bool = True) -> DeviceSession:
        """A new session; the one before it is ended, unless told not to."""
        with self._lock:
            session = self._sessions.pop(target.name, None)
        if session is not None and end:
            session.close()
        return self.session(target)

    def release(self, target: str) -> None:
        """End the target's session; never raises."""
        with self._lock:
            session = self._sessions.pop(target, None)
        if session is not None:
            session.close()

    def close(self) -> None:
        """End all sessions; never raises."""
        with self._lock:
            sessions = [*self._sessions.values(), *self._consoles.values()]
            self._sessions, self._consoles = {}, {}
        for session in sessions:
            session.close()
