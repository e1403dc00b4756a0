"""How an upgrade reaches its element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.executors._device import DeviceSession
    from dcctl.model.outcome import Reading
    from dcctl.model.target import Target


class Door(Protocol):
    """One element's sessions; every method may raise TargetError."""

    def session(self) -> DeviceSession:
        """The open session; a new one where there is none that lives."""

    def fresh(self) -> DeviceSession:
        """A new login; the session before it is ended."""

    def drop(self) -> None:
        """End the session; never raises."""

    def answers(self) -> bool:
        """Whether its door can be knocked at, without logging in; never raises."""

    def read(self, topics: Sequence[str]) -> Mapping[str, Reading]:
        """Read topics; see contracts.Executor."""

    def console(self) -> DeviceSession | None:
        """A session over its line of a console server, for reading; none where it has no line."""


class SessionDoor:
    """The door of one target, over the sessions that its executor keeps."""

    def __init__(self, target: Target, sessions: Sessions) -> None:
        self._target, self._sessions = target, sessions

    def session(self) -> DeviceSession:
        """See Door."""
        return self._sessions.session(self._target)

    def fresh(self) -> DeviceSession:
        """See Door."""
        return self._sessions.reopened(self._target)

    def drop(self) -> None:
        """See Door."""
        self._sessions.release(self._target.name)

    def answers(self) -> bool:
        """See Door."""
        return self._sessions.answers(self._target)

    def read(self, topics: Sequence[str]) -> Mapping[str, Reading]:
        """See Door."""
        return self._sessions.read(self._target, topics)

    def console(self) -> DeviceSession | None:
        """See Door."""
        if self._target.console is None:
            return None
        return self._sessions.open(self._target, console=True)


class Sessions(Protocol):
    """What keeps the sessions of all targets of a shard."""

    def session(self, target: Target) -> DeviceSession:
        """The target's session."""

    def reopened(self, target: Target, *, end: bool = True) -> DeviceSession:
        """A new session; the one before it is ended, unless told not to."""

    def release(self, target: str) -> None:
        """End the target's session; never raises."""

    def answers(self, target: Target) -> bool:
        """Whether something takes a connection at its address, without a login; never raises."""

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """See contracts.Executor."""

    def open(self, target: Target, *, console: bool = False) -> DeviceSession:
        """A session of its own, to be closed by who asked for it."""
