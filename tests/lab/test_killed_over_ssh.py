"""The controller of a campaign over real SSH, killed (-9) again and again, and resumed.

One element of each make is upgraded undisturbed; then their fellows, one of each make in one wave,
while the process that upgrades them is killed at a spread of boundaries of its journal. What is
asserted comes from the twins' own logs.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from dcctl.journal.shardlog import LOG, read_log
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.status import RunStatus, StepStatus
from dcctl.workflows.services import Services
from tests.lab.fast_site import FastSite, boots, fast_site, never_both, settled

SITES = ("p01", "p08", "p38", "p42", "p46", "p48", "p51")  # a pair of each make
KILLS = 12
LOOK_EVERY_S = 0.02

Boundary = tuple[str, str, str]  # element, phase, state


@pytest.fixture
def site(tmp_path: Path) -> Iterator[FastSite]:
    """Watched briefly: what is tried here is not the soaking."""
    made = fast_site(tmp_path, {"soak_s": 60, "canary_soak_s": 60})
    yield made
    made.down()


class Watch:
    """The boundaries of one wave as the workers' own logs have them; each counts once."""

    def __init__(self, site: FastSite, wave: int) -> None:
        self._shards = site.root / ".dcctl/lab/shards"
        self._wave = f"w{wave:04d}"
        self._read: dict[Path, tuple[int, int]] = {}  # log -> bytes, lines
        self.passed: set[Boundary] = set()

    def look(self) -> int:
        """How many were passed by now."""
        for log in self._shards.glob(f"*/*-{self._wave}-*/{LOG}"):
            at, lines = self._read.get(log, (0, 0))
            if log.stat().st_size > at:
                events, end = read_log(log, offset=at, after=lines)
                self._read[log] = end, lines + len(events)
                self.passed.update(
                    (event.target, event.data["phase"], event.data["state"])
                    for event in events
                    if event.kind is EventKind.STEP_PROGRESS and "phase" in event.data
                )
        return len(self.passed)


def family(pid: int) -> list[int]:
    """A process and all that it started, itself first."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            found += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
    return found


def kill_at(
    number: int, watch: Watch, site: FastSite, argv: tuple[str, ...], *, all_: bool
) -> bool:
    """Run a command and kill it at a boundary; False where it ended before."""
    process = site.begun(*argv)
    while process.poll() is None:
        if watch.look() >= number:
            # The controller alone, as the kernel does when memory is short, or its workers with it.
            for pid in family(process.pid) if all_ else [process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
            return True
        time.sleep(LOOK_EVERY_S)
    return False


@pytest.mark.slow
@pytest.mark.lab
def test_killed_at_a_spread_of_moments_and_resumed(site: FastSite) -> None:
    members = ",".join(f"{name}-pe*" for name in SITES)
    site.furnished(f"hl-cor-r1,hl-cor-r2,{members}")
    plan = site.planned(members, "--max-failures", "0")
    before = {f"{name}-pe{n}": len(site.notes(f"{name}-pe{n}")) for name in SITES for n in (1, 2)}
    with_outages = len(site.notes(""))

    clean, watch = Watch(site, 0), Watch(site, 1)
    kills = 0
    assert kill_at(1, watch, site, ("upgrade", "run", plan, "--lab"), all_=True)
    clean.look()
    counted = Counter(name for name, _, _ in clean.passed)
    assert set(counted) == {f"{name}-pe1" for name in SITES}
    resume = ("upgrade", "resume", "--lab")
    for number in range(KILLS):
        at = round(len(clean.passed) * (number + 0.5) / KILLS)
        if not kill_at(at, watch, site, resume, all_=number % 2 == 1):
            break
        kills += 1
    else:
        site.dcctl(*resume, ends=(0, 3, 4))
    watch.look()

    services = Services(root=site.root, lab=True)
    record = services.journal.record(services.journal.runs(1)[0].id)
    services.close()
    assert record.run.status is RunStatus.FINISHED
    told = {o.target: o for s, o in record.steps() if s.kind is StepKind.UPGRADE}
    assert {name: one.status for name, one in told.items()} == dict.fromkeys(
        before, StepStatus.CHANGED
    ), {name: str(one) for name, one in told.items()}

    assert kills == KILLS, sorted(clean.passed ^ watch.passed)

    assert site.notes("")[with_outages:] == []  # no province was ever without a way
    notes = {name: site.notes(name)[since:] for name, since in before.items()}
    for name in SITES:
        first, second = notes[f"{name}-pe1"], notes[f"{name}-pe2"]
        assert boots(second) == boots(first), name  # as often as nobody was killed, not once more
        assert boots(first)
        assert settled(first)
        assert settled(second)
        never_both(first, second)
