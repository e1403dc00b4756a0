"""The same over SSH: simulated routers, guarded changes, killed (-9) at the journal's boundaries.

What a router was sent, and what it did about it, must be what a run that was never killed sends
and does. Only a save may come twice: it says nothing new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dcctl import discovery, estate, executors
from dcctl.contracts import Context
from dcctl.executors import hostkeys
from dcctl.lab import elements, pki
from dcctl.model import plain
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.target import Connection, Target
from tests.unit.running.test_kill import Forker, last_record, what_is_told

NAMES = ("p01-pe1", "p79-pe1", "hl-cor-r1")
LINES = {
    "cisco_xe": (
        "snmp-server location {}\nend",
        "snmp-server contact {}\nend",
        "ip domain name {}\nend",
    ),
    "juniper_junos": (
        "set snmp location {}",
        "set system login message {}",
        "set system domain-name {}",
    ),
}
SPREAD = 8  # how many boundaries the default run takes, evenly


@dataclass
class Fleet:
    folder: Path
    targets: dict[str, Target]
    forker: Forker
    seen: dict[str, int]
    tokens: tuple[str, str] = ("none", "none")  # what the last plan replaced, and by what

    @property
    def options(self) -> dict[str, Any]:
        return {
            "credentials": {"lab": elements.credential(self.folder)},
            "timeouts": {"command": 30, "connect": 15},
            "safety_net_s": 60,
            "concurrency": 4,
        }

    def nameless(self, text: str) -> str:
        """`text` with what differs from plan to plan taken out."""
        return text.replace(self.tokens[1], "NEW").replace(self.tokens[0], "OLD")

    def plan(self, token: str) -> Plan:
        self.tokens = (self.tokens[1], token)
        steps = []
        for name, target in self.targets.items():
            for number, line in enumerate(LINES[target.platform]):
                steps.append(_config(name, f"part{number}", line.format(token)))
            steps.append(_collect(name))
        predicted = self._predict([step for step in steps if step.changes])
        plan = Plan(
            verb="build",
            estate="test",
            lab=True,
            targets=self.targets,
            steps=tuple(replace(s, predicted=predicted.get(s.id)) for s in steps),
            waves=(Wave(index=0, targets=NAMES[:1]), Wave(index=1, targets=NAMES[1:])),
            checks={"version.reachable": {}},
            options=self.options,
        )
        return replace(plan, hash=plan.content_hash())

    def _predict(self, steps: list[Step]) -> dict[str, tuple[str, ...] | None]:
        executor = executors.build(
            "device_session",
            Context(
                run="",
                shard="",
                folder=str(self.folder),
                site_root=str(self.folder),
                lab=True,
                options=self.options,
                emit=lambda *_, **__: None,
                keep=lambda *_, **__: "",
                cancelled=lambda: False,
            ),
        )
        try:
            return dict(executor.predict(steps, self.targets))
        finally:
            executor.close()

    def told(self) -> dict[str, Any]:
        """What each router was sent and did since the last time it was asked."""
        found: dict[str, Any] = {}
        for name in self.targets:
            rows = elements.log(self.folder, name)
            new, self.seen[name] = rows[self.seen.get(name, 0) :], len(rows)
            found[name] = {
                "sent": [
                    self.nameless(row["text"])
                    for row in new
                    if row["kind"] == "command" and self.nameless(row["text"]) != row["text"]
                ],
                "did": [
                    row["kind"]
                    for row in new
                    if row["kind"] in {"change", "commit", "confirm", "revert", "boot"}
                ],
                "saved": any(row["kind"] == "save" for row in new),
            }
        return found

    def go(self, root: Path, plan: Plan, boundary: int, *, resume: bool = False) -> dict[str, int]:
        if not resume:
            pki.invent(root / ".dcctl/lab", self.targets.values())
        return self.forker(
            root=str(root),
            plan=plain.to_plain(plan),
            build="dcctl.executors:build",
            load=["dcctl.executors.device_session", "netmiko"],
            boundary=boundary,
            resume=resume,
        )


def _config(name: str, part: str, text: str) -> Step:
    return Step(
        id=f"{name}/config:{part}",
        target=name,
        kind=StepKind.CONFIG,
        name=part,
        executor="device_session",
        changes=True,
        settings={"text": text},
    )


def _collect(name: str) -> Step:
    return Step(
        id=f"{name}/collect:facts",
        target=name,
        kind=StepKind.COLLECT,
        name="facts",
        executor="device_session",
        changes=False,
        settings={"topics": ["version"], "checks": ["version.reachable"]},
    )


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    sample = estate.load(discovery.data_root())
    folder = tmp_path / "lab"
    lab_id = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    entries = elements.up([sample.target(name) for name in NAMES], folder, lab_id)
    forker = Forker()
    try:
        targets = {}
        for entry in entries:
            hostkeys.pin(folder / "known_hosts", entry.name, entry.host_key)
            connection = Connection(
                address=entry.address,
                port=entry.port,
                host_key_alias=entry.name,
                known_hosts=str(folder / "known_hosts"),
                credential="lab",
            )
            targets[entry.name] = replace(sample.target(entry.name), connection=connection)
        yield Fleet(folder, targets, forker, {})
    finally:
        forker.close()
        elements.down(folder)


def record_of(root: Path, fleet: Fleet) -> Any:
    told = what_is_told(last_record(root))
    del told["values"]  # uptime goes on
    return json.loads(fleet.nameless(json.dumps(plain.to_plain(told))))


def killed_and_resumed(fleet: Fleet, memory: Path, chosen) -> None:
    def begin(token: str, boundary: int) -> tuple[Path, Plan, dict[str, int]]:
        root = memory / token
        root.mkdir()
        plan = fleet.plan(token)
        fleet.told()
        return root, plan, fleet.go(root, plan, boundary)

    assert begin("warm-x", 0)[2]["status"] == 0  # day 0 has no archive yet; later runs find one
    root, _, answer = begin("reference-x", 0)
    assert answer["status"] == 0
    expected = record_of(root, fleet)
    assert {status for status, _ in expected["outcomes"].values()} == {"changed", "ok"}
    sent = fleet.told()
    assert all(len(told["sent"]) >= 3 for told in sent.values())

    for boundary in chosen(answer["passed"]):
        token = f"at-{boundary}-x"
        root, plan, answer = begin(token, boundary)
        assert answer["status"] == -9, boundary
        assert fleet.go(root, plan, 0, resume=True)["status"] == 0, boundary
        assert record_of(root, fleet) == expected, boundary
        for name, told in fleet.told().items():
            assert told == sent[name], (boundary, name, told, sent[name])


def test_killed_at_some_boundaries_then_resumed(fleet: Fleet, memory: Path) -> None:
    killed_and_resumed(
        fleet, memory, lambda last: range(last // SPREAD // 2, last, max(1, last // SPREAD))
    )


@pytest.mark.slow
def test_killed_at_every_boundary_then_resumed(fleet: Fleet, memory: Path) -> None:
    killed_and_resumed(fleet, memory, lambda last: range(1, last))
