"""The doors to the outside world: sessions, executors, and what an executor is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dcctl.model.event import Emit, Keep
from dcctl.model.outcome import Outcome, Reading
from dcctl.model.plan import Step
from dcctl.model.target import Target


class Session(Protocol):
    """An open session with one device; what platform hooks see instead of netmiko."""

    @property
    def read_only(self) -> bool:
        """Whether the transport refuses everything that is not on the platform's read-only list."""

    def send(self, command: str, *, timeout: float | None = None) -> str:
        """One command at the operational prompt; its output without echo and prompt.

        Raises:
            CommandRefused: read-only session and not on the list. CommandFailed: a failure pattern
            answered.
            TargetTimeout, Unreachable.
        """

    def configure(
        self,
        lines: Sequence[str],
        *,
        enter: str = "",
        timeout: float | None = None,
        stay: bool = False,
    ) -> str:
        """Send configuration lines in configuration mode.

        The mode is entered (by `enter`, else the platform's own way), and left without committing
        where there is a candidate; with `stay` it is left only when a line was refused.

        Raises:
            CommandFailed: a line was refused; names the line. CommandRefused: read-only session.
        """

    def host(self, arguments: Sequence[str], *, stdin: str = "") -> str:
        """Run one program on the host beneath the device's own command line, and give its output.

        Raises:
            NotFound: the credential names no shell account. CommandFailed, Unreachable,
            CommandRefused: read-only session, and not on the platform's list `host_reads`.
        """

    def close(self) -> None:
        """End the session; never raises."""


# A file in `Context.folder`. Every process that works for the shard holds a shared flock on it:
# one that an executor starts and that may outlive the worker has to, too.
LIFELINE = "lifeline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an executor is given for one shard; built inside the worker."""

    run: str
    shard: str
    folder: str  # the shard's own folder, absolute, 0700
    site_root: str
    lab: bool
    options: Mapping[str, Any]
    emit: Emit
    keep: Keep
    cancelled: Callable[[], bool]  # true once the second interrupt has come


class Executor(Protocol):
    """The only door to the outside world of its kind.

    One is made per shard; `run` may be called from many threads
    when `batches` is false (one thread a target).
    """

    name: str
    batches: bool  # true: `run` takes the steps of many targets at once (Ansible)

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """Read `topics`.

        Every topic asked for is in the answer, and nothing is raised for what the target did.
        """

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        """Do the steps (in this order for each target); yields exactly one outcome for each.

        A step whose settings say `in_doubt` was begun by a process that died: what the target
        already has is completed (confirmed, saved), and not sent again.

        Emits STEP_STARTED (durable) itself, before the first byte that could change a target.
        """

    def fingerprint(self, target: Target, steps: Sequence[Step]) -> str:
        """A digest of what `steps` would change on `target`, as it is now; raises TargetError."""

    def predict(
        self, steps: Sequence[Step], targets: Mapping[str, Target]
    ) -> Mapping[str, tuple[str, ...] | None]:
        """What each step would change, by step id, a line each; None where it can't be known.

        Changes nothing.
        """

    def release(self, target: str) -> None:
        """Let go of what is held for a target whose steps are done; never raises."""

    def close(self) -> None:
        """End all sessions; never raises."""
