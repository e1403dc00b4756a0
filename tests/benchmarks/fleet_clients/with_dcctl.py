"""dcctl's own way, whole: plan, journal, worker processes, sessions, evidence, record."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from dcctl import running
from dcctl.journal import Journal
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.status import StepStatus
from dcctl.model.target import Connection, Target
from tests.benchmarks.fleet_devices import ANSWERS, PASSWORD, PORT, USER, address


def _steps(name: str) -> list[Step]:
    return [
        Step(
            id=f"{name}/command:{number}",
            target=name,
            kind=StepKind.COMMAND,
            name=str(number),
            executor="device_session",
            changes=False,
            settings={"command": command},
        )
        for number, command in enumerate(ANSWERS)
    ]


def plan_of(folder: Path, count: int, concurrency: int) -> Plan:
    """Both commands on every device."""
    known = str(folder / "known_hosts")
    targets = {
        f"dev{n:05d}": Target(
            name=f"dev{n:05d}",
            platform="cisco_xe",
            kind="router",
            connection=Connection(
                address=address(n), port=PORT, credential="bench", known_hosts=known
            ),
        )
        for n in range(count)
    }
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD, encoding="ascii")
    made = Plan(
        verb="exec",
        estate="bench",
        lab=True,
        targets=targets,
        steps=tuple(step for name in targets for step in _steps(name)),
        waves=(Wave(index=0, targets=tuple(targets)),),
        options={
            "credentials": {"bench": {"username": USER, "password": f"file:{secret}"}},
            "timeouts": {"connect": 30, "command": 60},
            **({"concurrency": concurrency} if concurrency else {}),
        },
    )
    return replace(made, hash=made.content_hash())


def main(folder: Path, count: int, concurrency: int) -> None:
    """Ask everybody, in one run."""
    made = plan_of(folder, count, concurrency)
    with tempfile.TemporaryDirectory() as site:
        runner = running.LocalRunner()
        runner.prepare(made)  # in the order of `workflows.execute`
        journal = Journal.open("sqlite:///journal.db", root=Path(site))
        journal.keep_plan(made, operator="")
        run = journal.open_run(made, operator="bench", request={})
        running.run(
            made,
            run,
            journal,
            runner=runner,
            on_event=lambda _event: None,
            site_root=Path(site),
        )
        record = journal.record(run.id)
        wanted = {str(n): answer.splitlines() for n, answer in enumerate(ANSWERS.values())}
        whole = dict.fromkeys(made.targets, True)
        for step, outcome in record.steps():
            got = str(outcome.data.get("output", "")).splitlines()
            if outcome.status is not StepStatus.OK or got != wanted[step.name]:
                whole[step.target] = False
        print(sum(whole.values()))
        runner.dismiss()
        journal.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
