"""A campaign over real SSH at accelerated time, and how well its rehearsal foretold its length."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dcctl.model.plan import StepKind
from dcctl.model.status import RunStatus, StepStatus
from dcctl.workflows.rehearsal import forecast
from dcctl.workflows.rehearsal.rehearse import RehearseRequest, rehearse
from dcctl.workflows.services import Services

ROOT = Path(__file__).parents[2]
TWINS = "hl-cor-r1,hl-cor-r2,p01-pe*,p51-pe*"
FACTOR = 10  # with more of it a busy machine's own time outweighs that of the twins

Dcctl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The sample estate, signed for by a second person, patient where time runs fast."""
    shutil.copytree(ROOT / "inventory", tmp_path / "inventory")
    told = (ROOT / "dcctl.yml").read_text()
    assert "safety_net_s: 120 " in told
    (tmp_path / "dcctl.yml").write_text(told.replace("safety_net_s: 120 ", "safety_net_s: 1200 "))
    key = tmp_path / "an"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    public = key.with_suffix(".pub").read_text()
    (tmp_path / "inventory/allowed_signers").write_text(f"an@dc.vn {public}")
    return tmp_path


@pytest.fixture
def dcctl(site: Path) -> Iterator[Dcctl]:
    """The command line, all of it by one fast clock; the lab is taken down behind it."""
    origin = datetime.now(UTC).isoformat()
    env = {**os.environ, "DCCTL_CLOCK": f"accelerated:{FACTOR}@{origin}", "PYTHONPATH": str(ROOT)}

    def run(*argv: str, ends: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "dcctl", *argv],
            cwd=site,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=1800,
            check=False,
        )
        assert done.returncode in ends, f"{argv}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done

    yield run
    run("lab", "down")


@pytest.mark.slow
@pytest.mark.lab
def test_a_rehearsal_foretells_the_campaign_within_a_fifth(site: Path, dcctl: Dcctl) -> None:
    dcctl("lab", "up", "--limit", TWINS)
    dcctl("build", "--lab", "--yes", ends=(0, 3, 4))  # findings are not what is tried here
    dcctl("images", "stage", "--lab", "--yes")
    dcctl("backup", "run", "--lab")
    planned = dcctl("upgrade", "plan", "--lab", "--limit", "p*-pe*", "-o", "json", ends=(5,))
    services = Services(root=site, lab=True)
    plan = services.journal.plan(json.loads(planned.stdout)["hash"])
    foretold = rehearse(RehearseRequest(plan=plan.hash, faults=False), services)
    assert not foretold.bad

    for role in ("approver", "no_safety_net"):
        sign = ("--key", str(site / "an"), "--as", "an@dc.vn", "--role", role, "--yes")
        dcctl("approve", plan.hash, "--lab", *sign, ends=(0, 6))
    dcctl("upgrade", "run", plan.hash, "--lab", ends=(0, 3, 4))
    run = services.journal.runs(1)[0]
    record = services.journal.record(run.id)
    services.close()

    assert run.status is RunStatus.FINISHED
    upgraded = {o.target: o for s, o in record.steps() if s.kind is StepKind.UPGRADE}
    assert len(upgraded) == 4
    assert {one.status for one in upgraded.values()} == {StepStatus.CHANGED}
    moved = {name: forecast.lengths(one)["moved"] for name, one in upgraded.items()}
    assert all(seconds > 0 for seconds in moved.values())  # there was traffic to be led round
    took = forecast.spans(record)
    told = {wave.index: wave.seconds for wave in foretold.waves}
    assert foretold.seconds == pytest.approx(sum(took.values()), rel=0.2), (told, took)
    assert told[0] == pytest.approx(took[0], rel=0.2)
    assert told[1] == pytest.approx(took[1], rel=0.2)
