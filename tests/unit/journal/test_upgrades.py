"""The newest upgrade of each element, found in the journal, and what an audit keeps of it."""

from __future__ import annotations

from dataclasses import replace

from dcctl.facts import revive
from dcctl.journal import Journal, ShardLog
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.outcome import GateFinding, Outcome
from dcctl.model.plan import Plan, Step, StepKind
from dcctl.model.status import GateStatus, StepStatus
from dcctl.text import Text
from dcctl.workflows.audit.again import UPGRADE
from dcctl.workflows.audit.collect import upgrade_of
from tests.unit.journal.conftest import small_plan


def upgrading(release: str) -> Plan:
    plan = small_plan()
    steps = tuple(
        Step(
            id=f"{name}/upgrade:{release}",
            target=name,
            kind=StepKind.UPGRADE,
            name=release,
            executor="device_session",
            changes=True,
        )
        for name in ("a", "b")
    )
    made = replace(plan, verb="upgrade", steps=steps, hash="")
    return replace(made, hash=made.content_hash())


def carried_out(journal: Journal, release: str, ends: dict[str, StepStatus]) -> str:
    gates = [
        GateFinding(gate="isis", target="a", subject="n1", status=status, message=Text("as told"))
        for status in (GateStatus.PASS, GateStatus.PASS, GateStatus.WAIVED, GateStatus.FAIL)
    ]
    data = {"to": release, "gates": [plain.to_plain(one) for one in gates]}
    run = journal.open_run(upgrading(release), operator="lan", request={})
    with ShardLog(journal.shard_folder(run.id, "s"), run.id, "s") as log:
        for name, status in ends.items():
            step = f"{name}/upgrade:{release}"
            log.emit(EventKind.STEP_STARTED, target=name, step=step, durable=True)
            outcome = Outcome(
                step=step, target=name, status=status, finished_at="2026-11-01", data=data
            )
            log.emit(EventKind.STEP_FINISHED, target=name, step=step, outcome=outcome)
    journal.import_run(run.id)
    return run.id


def test_the_newest_that_was_begun_counts(journal: Journal, run) -> None:
    assert journal.upgrades() == {}  # a build is none
    first = carried_out(journal, "1.0", {"a": StepStatus.CHANGED, "b": StepStatus.ERROR})
    second = carried_out(journal, "2.0", {"a": StepStatus.FAILED, "b": StepStatus.NOT_STARTED})
    found = journal.upgrades()
    ends = {name: (run, one.status) for name, (run, one) in found.items()}
    assert ends == {"a": (second, StepStatus.FAILED), "b": (first, StepStatus.ERROR)}


def test_what_is_kept_of_it_is_the_fact(journal: Journal) -> None:
    run = carried_out(journal, "1.0", {"a": StepStatus.CHANGED})
    kept = upgrade_of(*journal.upgrades()["a"])
    fact = revive(UPGRADE, kept)
    assert (fact.run, fact.status, fact.release, fact.passed) == (run, "changed", "1.0", 2)
    assert [one.status for one in fact.others] == ["waived", "fail"]
    assert {(one.gate, one.subject, one.message) for one in fact.others} == {
        ("isis", "n1", "as told")
    }
