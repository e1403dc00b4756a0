"""A run in a process of its own, so that it can be interrupted and killed.

Arguments: root, ports (JSON), options (JSON), runner. Prints `run ID`, then each event's kind and
step, then the status.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dcctl import running
from dcctl.journal import Journal
from dcctl.model.event import Event
from tests.unit.running.device import Made, build, change, target

BUILD = "tests.unit.running.device:build"


def main() -> None:
    root, ports, options, kind = Path(sys.argv[1]), *map(json.loads, sys.argv[2:4]), sys.argv[4]
    targets = {name: target(name, port) for name, port in ports.items()}
    steps = [
        change(name, key, predicted=(f"{key}: None -> new",))
        for name in ports
        for key in ("k1", "k2")
    ]
    plan = Made(targets, steps).plan(options=options)
    journal = Journal.open("sqlite:///.dcctl/journal.db", root=root)
    run = journal.open_run(plan, operator="test", request={})
    say(f"run {run.id}")
    serial = running.SerialRunner(build=build)
    runner = serial if kind == "serial" else running.LocalRunner(2, build=BUILD)
    hears = {"on_event": heard, "on_notice": lambda told: say(f"notice {told}")}
    status = running.run(plan, run, journal, runner=runner, site_root=root, **hears)
    say(f"status {status}")


def heard(event: Event) -> None:
    say(f"{event.kind} {event.step}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
