"""A run in a forked process that kills itself (-9) at one boundary of the journal.

Orders come as JSON lines: {root, plan, build, boundary, resume}; boundary 0 is never. The answer is
the wait status, and for boundary 0 the number of boundaries that were passed.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config  # noqa: F401

from dcctl import checks, running
from dcctl.journal.store import Journal
from dcctl.model import plain
from dcctl.model.event import Emit
from dcctl.model.plan import Plan


class Boundaries:
    def __init__(self, deadly: int) -> None:
        self.deadly = deadly
        self.passed = 0

    def cross(self) -> None:
        self.passed += 1
        if self.passed == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap_emit(self, emit: Emit) -> Emit:
        def wrapped(*arguments: Any, **more: Any) -> None:
            self.cross()
            emit(*arguments, **more)
            self.cross()

        return wrapped


class DeadlyJournal(Journal):
    """A journal whose every transaction has a boundary before and after it."""

    boundaries: Boundaries

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        self.boundaries.cross()
        with super()._writing() as connection:
            yield connection
        self.boundaries.cross()


def carry_out(order: dict[str, Any]) -> int:
    boundaries = Boundaries(order["boundary"])
    root = Path(order["root"])
    journal = DeadlyJournal.open("sqlite:///journal.db", root=root)
    assert isinstance(journal, DeadlyJournal)
    journal.boundaries = boundaries
    plan = plain.from_plain(Plan, order["plan"])
    runs = journal.runs() if order["resume"] else ()
    run = runs[0] if runs else journal.open_run(plan, operator="test", request={})
    running.run(
        plan,
        run,
        journal,
        runner=running.SerialRunner(build=named(order["build"]), wrap_emit=boundaries.wrap_emit),
        on_event=lambda _event: None,
        site_root=Path(order.get("site_root") or root),
        resume=bool(runs),
    )
    return boundaries.passed


def named(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def main() -> None:
    checks.all_checks()  # once, not in every child
    for line in sys.stdin:
        order = json.loads(line)
        named(order["build"])
        for module in order.get("load", ()):
            importlib.import_module(module)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            passed = carry_out(order)
            os.write(write, str(passed).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            said = pipe.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps({"status": status, "passed": int(said or 0)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
