"""A run of one role on this machine, in a process that can be killed: ROOT is its argument."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from dcctl import running
from dcctl.journal import Journal
from dcctl.model.plan import Plan, Wave
from tests.unit.ansible_roles.conftest import Bench, step


def main() -> None:
    bench = Bench(Path(sys.argv[1]))
    plan = Plan(
        verb="build",
        estate="test",
        lab=False,
        targets={"one": bench.target("one")},
        steps=(step("one", "slow"),),
        waves=(Wave(index=0, targets=("one",)),),
        checks={},
        options={"roles_path": [str(bench.root / "roles")]},
    )
    plan = replace(plan, hash=plan.content_hash())
    with Journal.open("sqlite:///.dcctl/journal.db", root=bench.root) as journal:
        run = journal.open_run(plan, operator="test", request={})
        running.run(
            plan,
            run,
            journal,
            runner=running.LocalRunner(1),
            on_event=lambda _event: None,
            site_root=bench.root,
        )


if __name__ == "__main__":
    main()
