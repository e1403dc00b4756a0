"""One tree of errors; every leaf knows its exit code, its place and what to do about it.

Foreign errors are translated into these once, at the door (an executor, a file loader, the
journal), and nobody
parses a message afterwards. Each leaf is also the builtin it resembles, so a caller may catch
either.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from dcctl.text import Text


class ExitCode(IntEnum):
    """What a process says to its caller. Stored and scripted against: never renumber."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    WRONG = 3
    COULD_NOT_TELL = 4
    CHANGES_PENDING = 5
    REFUSED = 6
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; `line` and `column` count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


class DcctlError(Exception):
    """Base of all errors that a user may see as one line.

    Args:
        msgid: the message, marked with `N_` where it is written, with `{placeholders}`.
        hint: what to do about it (marked with `N_` too; shares the parameters).
        place: the file and line, where there is one.
        params: what fills the placeholders. Never a secret.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(
        self, msgid: str, /, *, hint: str = "", place: Place | None = None, **params: Any
    ) -> None:
        self.text = Text(msgid, params)
        self.hint = Text(hint, params)
        self.place = place
        super().__init__(msgid)

    def __str__(self) -> str:
        prefix = f"{self.place}: " if self.place else ""
        return f"{prefix}{self.text}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.text, self.hint, self.place)


def _rebuild(cls: type[DcctlError], text: Text, hint: Text, place: Place | None) -> DcctlError:
    return cls(text.msgid, hint=hint.msgid, place=place, **text.params)


class InvalidInput(DcctlError, ValueError):
    """A file or an argument is wrong; nothing was started."""

    exit_code = ExitCode.USAGE


class NotFound(InvalidInput, LookupError):
    """A name that the user gave stands for nothing."""


class InvalidContribution(DcctlError, TypeError):
    """A platform, check, role, fact or report does not keep its contract; names its file."""

    exit_code = ExitCode.USAGE


class MissingDependency(DcctlError, ImportError):
    """A program or package that this needs is not installed."""

    exit_code = ExitCode.USAGE


class Refused(DcctlError, PermissionError):
    """Policy says no: approval, window, lock, redundancy. Nothing was run."""

    exit_code = ExitCode.REFUSED


class StalePlan(Refused):
    """What was observed when the plan was made is no longer so."""


class LockHeld(Refused):
    """Another run holds a lock that this one needs."""


class CommandRefused(Refused):
    """A command is not on the platform's read-only list."""


class TargetError(DcctlError):
    """Something about one target; becomes that target's outcome, never the run's end."""

    exit_code = ExitCode.COULD_NOT_TELL


class Unreachable(TargetError, ConnectionError):
    """No session could be had, or it was lost."""


class AuthenticationFailed(Unreachable):
    """The target refused our credentials."""


class HostKeyRejected(Unreachable):
    """The target's host key is unknown or differs from the pinned one."""


class TargetTimeout(TargetError, TimeoutError):
    """The target did not answer in time."""


class CommandFailed(TargetError, RuntimeError):
    """The target answered with one of its failure patterns."""

    exit_code = ExitCode.WRONG


class ConfigurationLocked(CommandFailed):
    """Somebody else holds the target's configuration; nothing was changed."""

    exit_code = ExitCode.REFUSED


class NothingToCommit(CommandFailed):
    """What was sent is the target's configuration already; nothing was changed."""


class Unparsed(TargetError, ValueError):
    """The target answered something that no parser understood; never a pass."""


class JournalError(DcctlError, OSError):
    """The journal can't be read or written (disk full, read-only, another version)."""

    exit_code = ExitCode.INTERNAL

    def __str__(self) -> str:  # OSError has a __str__ of its own
        return DcctlError.__str__(self)


class Interrupted(DcctlError):
    """The user asked to stop."""

    exit_code = ExitCode.INTERRUPTED
