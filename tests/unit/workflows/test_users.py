"""Two simulated routers from day 0 to a report: engineer, operator and auditor."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.workflows.test_bad_input import dcctl

BOTH = ("--lab", "--limit", "p01-pe1,p01-pe2")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory):
    root = tmp_path_factory.mktemp("users") / "site"
    made = dcctl(root.parent, "init", str(root))
    assert made.returncode == 0, made
    up = dcctl(root, "lab", "up", "--limit", "p01-pe1,p01-pe2")
    assert up.returncode == 0, up.stderr
    try:
        planned = dcctl(root, "plan", *BOTH, "--output", "json")
        assert planned.returncode == 5, planned.stderr
        plan = json.loads(planned.stdout)
        applied = dcctl(
            root, "-v", "apply", plan["hash"][:12], "--lab", "--yes", "--output", "json"
        )
        assert applied.returncode in {0, 3, 4}, applied.stderr
        yield root, plan, json.loads(applied.stdout)
    finally:
        assert dcctl(root, "lab", "down").returncode == 0


def statuses(record: dict[str, Any]) -> dict[str, str]:
    return {name: row["status"] for name, row in record["outcomes"].items()}


def test_what_ran_is_what_was_planned_and_never_both_at_once(built) -> None:
    _, plan, record = built
    assert record["plan"]["hash"] == plan["hash"]
    assert set(record["outcomes"]) == {step["id"] for step in plan["steps"]}
    for name in ("p01-pe1", "p01-pe2"):
        assert statuses(record)[f"{name}/config:cisco_xe"] == "changed"
        predicted = next(s for s in plan["steps"] if s["id"] == f"{name}/config:cisco_xe")
        changed = record["outcomes"][f"{name}/config:cisco_xe"]["changed"]
        assert set(changed) <= set(predicted["predicted"])
    for wave in plan["waves"]:
        if wave["title"] in {"canary", "change"}:
            assert len({"p01-pe1", "p01-pe2"} & set(wave["targets"])) <= 1
    assert [wave["title"] for wave in plan["waves"]] == [
        "canary", "verify", "change", "verify", "read",
    ]  # fmt: skip


def test_a_second_build_changes_nothing(built) -> None:
    root, plan, _ = built
    again = dcctl(root, "build", *BOTH, "--yes", "--settle", "0", "--output", "json")
    record = json.loads(again.stdout)
    assert set(statuses(record)) == {step["id"] for step in plan["steps"]}
    assert set(statuses(record).values()) == {"ok"}, statuses(record)
    planned = dcctl(root, "plan", *BOTH)
    assert planned.returncode == 0, planned.stderr


def test_a_session_is_logged_without_its_secrets(built) -> None:
    root, _, record = built
    logs = list((root / ".dcctl/lab/shards" / record["run"]["id"]).rglob("sessions/*.log"))
    assert {log.stem for log in logs} == {"p01-pe1", "p01-pe2"}
    password = (root / ".dcctl/lab/elements/password").read_text().strip()
    for log in logs:
        text = log.read_text()
        assert "show" in text
        assert password not in text
        assert log.stat().st_mode & 0o077 == 0


def test_of_what_ended_no_workers_log_is_left(built) -> None:
    root, _, record = built
    shards = root / ".dcctl/lab/shards"
    assert [path.name for path in shards.iterdir()] == [record["run"]["id"]]  # its session logs
    assert not [*shards.rglob("events.jsonl"), *shards.rglob("*.z")]


def test_a_plan_whose_estate_has_moved_is_stale(built) -> None:
    root, _, _ = built
    shown = root / "inventory/hosts/group_vars/provinces.yml"
    before = shown.read_text()
    planned = json.loads(dcctl(root, "plan", *BOTH, "--output", "json").stdout)
    shown.write_text(before + "\nsomething_new: 1\n")
    try:
        refused = dcctl(root, "apply", planned["hash"][:12], "--lab", "--yes")
    finally:
        shown.write_text(before)
    assert refused.returncode == 6, refused
    assert "stale" in refused.stderr
    assert "p01-pe1" in refused.stderr


def test_a_live_change_needs_a_pinned_journal(built) -> None:
    root, _, _ = built
    marker = root / "dcctl.yml"
    before = marker.read_text()
    marker.write_text(re.sub(r"\n  id: .*", "", before, count=1))
    try:
        refused = dcctl(root, "build", "--limit", "p01-pe1", "--yes", "--offline")
    finally:
        marker.write_text(before)
    assert refused.returncode == 6, refused
    assert "pins no journal" in refused.stderr


def test_a_fault_is_found_reported_and_run_again(built, tmp_path: Path) -> None:
    root, _, _ = built
    link = json.loads(dcctl(root, "inventory", "show", "p01-pe1", "--output", "json").stdout)
    port = next(i["name"] for i in link["interfaces"] if i["peer"] == "p01-pe2")
    fault = ("lab", "fault", "p01-pe1", "link_down", f"interface={port}")
    assert dcctl(root, *fault).returncode == 0
    try:
        found = dcctl(root, "check", *BOTH, "--output", "json")
    finally:
        assert dcctl(root, *fault, "--heal").returncode == 0
    assert found.returncode == 3, found.stderr
    bad = {
        (f["target"], f["check"])
        for f in json.loads(found.stdout)["findings"]
        if f["status"] == "fail"
    }
    for name in ("p01-pe1", "p01-pe2"):
        assert {(name, "isis.adjacencies"), (name, "optics.receive_power")} <= bad
    for form in ("html", "json", "junit", "markdown"):
        for language in ("en", "vi"):
            wanted = ("report", "latest", "--lab", "--format", form, "--language", language)
            out = tmp_path / f"{form}.{language}"
            assert dcctl(root, *wanted, "--out", str(out)).returncode == 0
            assert dcctl(root, *wanted).stdout.encode() == out.read_bytes()
            assert b"isis.adjacencies" in out.read_bytes().replace(b"\\", b"")
    again = dcctl(root, "runs", "rerun", "latest", "--failed", "--lab", "--output", "json")
    healed = json.loads(again.stdout)
    assert not [
        f for f in healed["findings"] if f["check"] == "isis.adjacencies" and f["status"] != "pass"
    ]
    listed = json.loads(dcctl(root, "runs", "list", "--lab", "--output", "json").stdout)
    assert [run["verb"] for run in listed[:2]] == ["check", "check"]
    watched = dcctl(root, "runs", "watch", "latest", "--lab")
    assert "p01-pe1/collect:facts" in watched.stderr


def test_an_audit_is_collected_once_and_judged_by_any_law(built) -> None:
    root, _, _ = built
    collected = dcctl(root, "audit", "collect", *BOTH, "--output", "json")
    assert collected.returncode == 0, collected.stderr
    run = json.loads(collected.stdout)
    assert not run["findings"]  # nothing is judged where it is read
    assert {o["status"] for o in run["outcomes"].values()} == {"ok"}
    judged = ("audit", "evaluate", run["run"]["id"], "--lab")
    first = dcctl(root, *judged, "--output", "json")
    assert first.returncode in {3, 4}, first.stderr
    assert dcctl(root, *judged, "--output", "json").stdout == first.stdout
    found = json.loads(first.stdout)
    assert found["levels"] == {"p01-pe1": 3, "p01-pe2": 3}
    by_row = {(r["requirement"], r["target"]): r["status"] for r in found["results"]}
    assert by_row["DC-NET-001", "p01-pe1"] == "pass"
    assert "TCVN 14423:2026" in found["standards"]
    old = dcctl(root, *judged, "--as-of", "2025-06-01", "--level", "4", "--output", "json")
    assert set(json.loads(old.stdout)["levels"].values()) == {4}
    assert "TCVN 14423:2026" not in json.loads(old.stdout)["standards"]
    kept = root / "kept.json"
    kept.write_text(first.stdout)
    versus = ("audit", "compare", run["run"]["id"], run["run"]["id"], "--lab")
    same = dcctl(root, *versus, "--kept", str(kept), "--output", "json")
    assert same.returncode == 0, same.stderr
    assert json.loads(same.stdout)["changes"] == []
    passed = next(r for r in found["results"] if r["status"] == "pass")
    passed["status"] = "partial"  # as an older version may have told it
    kept.write_text(json.dumps(found))
    told = dcctl(root, *versus, "--kept", str(kept), "--output", "json")
    (differs,) = json.loads(told.stdout)["changes"]
    assert (differs["requirement"], differs["target"]) == (passed["requirement"], passed["target"])
    assert differs["causes"] == {"check": "pass"}
    shown = dcctl(root, *versus, "--kept", str(kept))
    assert "the check changed" in shown.stdout
    kept.write_text("{}")
    broken = dcctl(root, *versus, "--kept", str(kept))
    assert broken.returncode == 2, broken
    page = dcctl(root, *judged, "--format", "csv", "--language", "vi")
    assert "DC-NET-001" in page.stdout
