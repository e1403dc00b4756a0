"""What takes something away is approved by itself, and the journal says that it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dcctl import lab
from dcctl.errors import ExitCode, Refused
from dcctl.model.approval import APPROVED, Approval
from dcctl.model.status import StepStatus
from dcctl.workflows.apply import ApplyRequest, apply
from dcctl.workflows.build import build
from dcctl.workflows.plan import PlanRequest, plan
from dcctl.workflows.services import LAB_FOLDER, open_site
from tests.faults.planting import copied, raised
from tests.faults.test_network_faults import type_in

NAME = "p79-pe2"
REQUEST = PlanRequest(limit=NAME)
BY_HAND = ["set protocols isis interface xe-0/1/3.0 passive"]
TAKEN = "delete protocols isis interface xe-0/1/3.0"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = copied(tmp_path_factory.mktemp("approvals"))
    raised(made, NAME)
    with open_site(made, lab=True, serial=True, approve=lambda _plan: True) as services:
        assert build(REQUEST, services).step_counts()["changed"] == 1  # takes nothing away
    yield made
    lab.down(made / LAB_FOLDER)


def opened(root: Path, **more: object) -> object:
    return open_site(root, lab=True, serial=True, approve=lambda _plan: True, **more)


def test_a_plan_approved_is_not_yet_what_it_takes_away(root: Path) -> None:
    type_in(root, NAME, BY_HAND)
    asked: list[Mapping[str, tuple[str, ...]]] = []

    def say(answer: bool) -> object:  # noqa: FBT001 - what the person answers
        return lambda lines: asked.append(lines) or answer

    with opened(root) as services:
        made = plan(REQUEST, services)
        (step,) = [step for step in made.steps if step.changes]
        assert step.remediation["destructive"] == [TAKEN]
        assert [title for title, _ in step.remediation["sections"]] == ["protocols isis"]
        assert TAKEN in step.remediation["sent"]
        before = len(services.journal.runs())
        with pytest.raises(Refused, match=f"takes away {NAME}: {TAKEN}") as caught:
            apply(ApplyRequest(plan=made.hash), services)
        assert caught.value.exit_code is ExitCode.REFUSED
        assert len(services.journal.runs()) == before
    with opened(root, can_ask=True, approve_destructive=say(answer=False)) as services:
        with pytest.raises(Refused, match=TAKEN):
            apply(ApplyRequest(plan=made.hash), services)
        assert len(services.journal.runs()) == before
    with opened(root, can_ask=True, approve_destructive=say(answer=True)) as services:
        record = apply(ApplyRequest(plan=made.hash), services)
    assert asked == [{NAME: (TAKEN,)}] * 2
    outcome = record.outcomes[step.id]
    assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
    assert outcome.data["destructive"] == [TAKEN]
    assert record.run.request[APPROVED] == ["destructive"]


def test_given_beforehand_it_is_not_asked(root: Path) -> None:
    type_in(root, NAME, BY_HAND)
    given = frozenset({Approval.DESTRUCTIVE})
    with opened(root, approvals=given) as services:
        record = build(REQUEST, services)
        assert record.step_counts()["changed"] == 1
        kept = services.journal.record(record.run.id)
    assert kept.run.request[APPROVED] == ["destructive"]
    assert kept.plan.content_hash() == kept.plan.hash
