"""Who carries out shards: here this process, one after the other; workers are in `local`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from dcctl import executors
from dcctl.running.shard import run_shard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dcctl.contracts import Context, Executor
    from dcctl.model.event import Emit
    from dcctl.model.plan import Plan, Shard
    from dcctl.running.control import Control
    from dcctl.running.split import Room


class Runner(Protocol):
    """Carries out shards and returns when none runs any more."""

    processes: int  # how many shards it can carry out at once
    in_process: bool  # steps run in the caller's thread, which an abort must break out of

    def prepare(self, plan: Plan) -> None:
        """Get ready for shards of `plan`, while they are still being made."""

    def dismiss(self) -> None:
        """Give up what was prepared; the run that used it has ended."""

    def carry_out(
        self, shards: Sequence[Shard], control: Control, poll: Callable[[], None], room: Room
    ) -> None:
        """Carry out `shards`; `poll` is called whenever a log may have grown."""


class SerialRunner:
    """Everything in this process: for tests and rehearsals.

    One target after the other, unless they go `side_by_side`.
    """

    processes = 1
    in_process = True

    def __init__(
        self,
        *,
        build: Callable[[str, Context], Executor] = executors.build,
        wrap_emit: Callable[[Emit], Emit] = lambda emit: emit,
        side_by_side: bool = False,
    ) -> None:
        self._build = build
        self._wrap_emit = wrap_emit
        self._side_by_side = side_by_side

    def prepare(self, plan: Plan) -> None:
        """Nothing: all is here."""

    def dismiss(self) -> None:
        """Nothing."""

    def carry_out(
        self, shards: Sequence[Shard], control: Control, poll: Callable[[], None], room: Room
    ) -> None:
        """Carry out `shards` in their order."""
        del room  # one shard at a time is within any bound
        for shard in shards:
            if control.aborted():
                return
            if not self._side_by_side:
                shard = replace(shard, options={**shard.options, "concurrency": 1})  # noqa: PLW2901
            run_shard(
                shard,
                cancelled=control.aborted,
                stopping=control.stopping,
                build=self._build,
                after_emit=lambda durable: poll() if durable or not self._side_by_side else None,
                wrap_emit=self._wrap_emit,
                threads=self._side_by_side,
            )
            poll()
