"""A record in which every way to end stands at least once, and devices say nasty things."""

from __future__ import annotations

import pytest

from dcctl.model.outcome import Finding, Outcome
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import (
    FindingStatus,
    NotEvaluated,
    NotStarted,
    RunStatus,
    Severity,
    StepStatus,
)
from dcctl.model.target import Connection, Target
from dcctl.text import Text

HOSTILE = '<script>alert("x")</script> [/etc/ntp.conf] `rm` | \x1b[31mred\x00 &amp; Hòa Lạc'


def target(name: str, platform: str = "linux", site: str = "HOA-LAC") -> Target:
    return Target(
        name=name,
        platform=platform,
        kind="server",
        site=site,
        rack="HL-A-R01",
        connection=Connection(address="192.0.2.1"),
    )


def step(name: str, status: StepStatus, message: str = "", **more) -> tuple[Step, Outcome]:
    host, _, rest = name.partition("/")
    planned = Step(
        id=name,
        target=host,
        kind=StepKind.ROLE,
        name=rest,
        executor="ansible_roles",
        changes=True,
        predicted=("/etc/hostname",),
    )
    outcome = Outcome(
        step=name,
        target=host,
        status=status,
        message=Text("{answer}", {"answer": message}) if message else Text(""),
        started_at="2026-11-22T01:58:01+00:00",
        finished_at="2026-11-22T01:58:04.250000+00:00",
        **more,
    )
    return planned, outcome


def build(steps, findings, *, waves=None, status=RunStatus.FINISHED, **more) -> RunRecord:
    names = list(dict.fromkeys([s.target for s, _ in steps] + [f.target for f in findings]))
    plan = Plan(
        verb="build",
        estate="hoa-lac",
        lab=True,
        targets={name: target(name) for name in names},
        steps=tuple(planned for planned, _ in steps),
        waves=waves or (Wave(index=1, targets=tuple(names)),),
        created_at="2026-11-22T01:57:00+00:00",
        hash="6f1d" * 16,
    )
    run = Run(
        id="20261122-015800-ab12",
        verb="build",
        status=status,
        plan_hash=plan.hash,
        estate="hoa-lac",
        lab=True,
        operator="trần.minh",
        started_at="2026-11-22T01:58:00+00:00",
        finished_at="2026-11-22T02:03:27+00:00",
        versions={"dcctl": "0.1.0", "ansible-core": "2.19.14"},
    )
    outcomes = {outcome.step: outcome for _, outcome in steps}
    return RunRecord(run=run, plan=plan, outcomes=outcomes, findings=tuple(findings), **more)


def finding(host: str, check: str, status: FindingStatus, **more) -> Finding:
    more.setdefault("message", Text("its clock follows {source}", {"source": "10.60.10.51"}))
    more.setdefault("title", "Its clock is synchronised")
    more.setdefault("remediation", "Look at the path to the time servers.")
    return Finding(check=check, target=host, status=status, **more)


@pytest.fixture
def record() -> RunRecord:
    """Two waves, three targets, every status."""
    digest = "ab" * 32
    steps = [
        step("hl-mgt-a01/role:base", StepStatus.CHANGED, changed=("/etc/hosts: + 10.60.10.51",)),
        step("hl-mgt-a01/role:accounts", StepStatus.OK, evidence=(digest,)),
        step("hl-mgt-a01/role:logging", StepStatus.SKIPPED, reason="proved by its verify probe"),
        step("hl-cmp-a01/role:base", StepStatus.FAILED, HOSTILE, changed=(HOSTILE,), attempts=2),
        step("hl-cmp-a01/role:accounts", StepStatus.NOT_STARTED, reason=NotStarted.DEPENDENCY),
        step("p01-pe1/config:cisco_xe", StepStatus.UNREACHABLE, "no route to 10.60.1.3"),
        step("p01-pe1/collect:facts", StepStatus.ERROR, "wrong prompt"),
    ]
    findings = [
        finding("hl-mgt-a01", "time_sync.synchronised", FindingStatus.PASS, evidence=(digest,)),
        finding(
            "hl-mgt-a01",
            "disks.space",
            FindingStatus.PARTIAL,
            severity=Severity.HIGH,
            title="File systems have room",
            observed={"/var": "84%"},
            expected="< 80%",
        ),
        finding(
            "hl-cmp-a01",
            "ssh_server.root_login",
            FindingStatus.FAIL,
            severity=Severity.CRITICAL,
            message=Text("{keyword} is {found}", {"keyword": "permitrootlogin", "found": HOSTILE}),
            observed=HOSTILE,
        ),
        finding(
            "hl-cmp-a01",
            "volume.health",
            FindingStatus.NOT_APPLICABLE,
            reason="the estate gives it no volume",
            message=Text("the estate gives it no volume"),
        ),
        finding(
            "p01-pe1",
            "version.reachable",
            FindingStatus.NOT_EVALUATED,
            reason=NotEvaluated.UNREACHABLE,
            severity=Severity.CRITICAL,
        ),
        finding("p01-pe1", "management.banner", FindingStatus.WAIVED, reason="W-2026-003"),
    ]
    waves = (
        Wave(index=1, targets=("hl-mgt-a01",)),
        Wave(index=2, targets=("hl-cmp-a01", "p01-pe1")),
    )
    return build(steps, findings, waves=waves, orphans=("event 17 of shard 2",))
