"""An upgrade goes through its own verb, which checks its certificate: `apply` doesn't."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dcctl.errors import Refused
from dcctl.journal import Journal
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.workflows.apply import ApplyRequest, apply
from dcctl.workflows.services import Services


def test_apply_refuses_an_upgrade(tmp_path: Path) -> None:
    step = Step(
        id="pe1/upgrade:x",
        target="pe1",
        kind=StepKind.UPGRADE,
        name="x",
        executor="device_session",
        changes=True,
    )
    made = Plan(
        verb="upgrade",
        estate="small",
        lab=True,
        targets={},
        steps=(step,),
        waves=(Wave(index=0, targets=("pe1",), steps=(step.id,)),),
    )
    made = replace(made, hash=made.content_hash())
    journal = Journal.open("sqlite:///journal.db", root=tmp_path)
    journal.keep_plan(made, operator="lan")
    services = Services(root=tmp_path, operator="lan")
    vars(services).update(journal=journal)
    with pytest.raises(Refused, match="upgrade campaign"):
        apply(ApplyRequest(plan=made.hash), services)
    assert journal.runs() == ()
    journal.close()
