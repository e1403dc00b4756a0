"""A kit goes to a site without a link, and what it brings back is judged like any other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from dcctl import clock, discovery
from dcctl.errors import InvalidInput, JournalError, Refused
from dcctl.journal import commitments, redaction
from dcctl.model import plain
from dcctl.model.status import FindingStatus, RunStatus
from dcctl.model.target import Connection, Target
from dcctl.running import SerialRunner
from dcctl.workflows import runs
from dcctl.workflows.audit.collect import CollectRequest, collect
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.audit.kit import order, tool
from dcctl.workflows.audit.kit.make import KitRequest, _carried, make, there
from dcctl.workflows.audit.kit.merge import merge, salts_of
from dcctl.workflows.audit.kit.there import ReadRequest, read
from dcctl.workflows.journal.reveal import reveal
from dcctl.workflows.rehearsal import sessions
from dcctl.workflows.services import open_site
from tests.unit.kit.conftest import LIMIT, site
from tests.unit.upgrading.scene import Scene

QUIET = {"on_event": lambda _event: None}


def entries(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_comes_back_is_judged_as_if_it_had_been_read_from_here(trip) -> None:
    taken = trip.merge(seal=trip.brought.seal[:12])
    assert taken.record.run.status is RunStatus.FINISHED
    assert trip.state() == ("finished", taken.events, taken.evidence)
    with clock.use(trip.time), trip.opened() as services:
        told = evaluate(EvaluateRequest(), services).assessment
        scene = Scene(name="p01-pe1", time=trip.time)
        services.__dict__["runner"] = SerialRunner(build=sessions.simulated(scene.network))
        here = collect(CollectRequest(limit=LIMIT), services)
        wanted = evaluate(EvaluateRequest(run=here.run.id), services).assessment
    assert told.run == trip.made.run
    assert told.counts()["pass"] > 20
    status = {(r.requirement, r.target): (r.status, r.reason) for r in told.results}
    assert status == {(r.requirement, r.target): (r.status, r.reason) for r in wanted.results}
    assert told.as_of == wanted.as_of


def test_a_redaction_made_there_is_proven_here(trip, tmp_path) -> None:
    """With the salts that came back: those of this journal's own key would prove nothing."""
    trip.merge()
    with clock.use(trip.time), trip.opened() as services:
        scene = Scene(name="p01-pe1", time=trip.time)
        show = scene.platform.config_command
        original = scene.executor.reading(
            services.estate.target("p01-pe1"), lambda session: session.send(show)
        )
        journal, run = services.journal, trip.made.run
        answers = journal.record(run).readings["p01-pe1"]["unchanged"]["answers"]
        digest = answers[0]["digest"]
        lines = zip(original.splitlines(), journal.blob(digest).decode().splitlines(), strict=True)
        was, kept = next(pair for pair in lines if "«redacted»" in pair[1])
        piece, *_ = commitments.hidden(was.encode(), kept.encode())
        secret = tmp_path / "secret"
        secret.touch(mode=0o600)
        secret.write_bytes(piece)
        told = json.loads(reveal(run, digest, 0, f"file:{secret}", services))
        assert told["value"] == piece.decode()
        salts_of(run, services).unlink()
        with pytest.raises((Refused, JournalError)):
            reveal(run, digest, 0, f"file:{secret}", services)


def test_the_day_of_the_law_is_that_of_the_reading(gone, tmp_path) -> None:
    root = tmp_path / "far"
    with clock.use(clock.ManualClock()) as time:
        scene = Scene(name="p01-pe1", time=time)
        with open_site(site(root / "site"), operator="minh") as services:
            make(KitRequest(limit="p01-pe1", tool=False), root / "kit.zip", services)
            time.advance(40 * 86400)
            request = ReadRequest(kit=root / "kit.zip", out=root / "r.zip", folder=root / "work")
            read(request, build=sessions.simulated(scene.network), **QUIET)
            read_on = clock.now().date().isoformat()
            time.advance(20 * 86400)
            merge(root / "r.zip", services)
            assert evaluate(EvaluateRequest(), services).assessment.as_of == read_on


def test_no_secret_no_variable_and_no_path_of_this_machine_goes_along(gone) -> None:
    told = entries(gone.kit)
    whole = b"".join(told.values()).decode()
    assert str(gone.root) not in whole
    assert str(discovery.data_root()) not in whole
    order = json.loads(told["kit.json"])
    assert redaction.redact_content(told["kit.json"], "application/json") == told["kit.json"]
    assert [t["name"] for t in order["targets"]] == LIMIT.split(",")
    for target in order["targets"]:
        assert not any(target[name] for name in ("variables", "intent", "interfaces", "peers"))
    assert order["options"].keys() == {
        *("bastions", "concurrency", "credentials", "site_caps", "timeouts")
    }
    for entry in order["options"]["credentials"].values():
        assert re.fullmatch(r"(env|file|prompt):.+", entry["password"])


def test_a_vault_is_asked_for_there(tmp_path) -> None:
    root = site(tmp_path / "site")
    text = (root / "dcctl.yml").read_text()
    text = re.sub(r"password: \"?env:\w+\"?", 'password: "vault:secrets.yml#net"', text)
    (root / "dcctl.yml").write_text(text)
    with open_site(root, operator="minh") as services:
        made = make(KitRequest(limit="p01-pe1", tool=False), tmp_path / "kit.zip", services)
    assert any("asked for" in str(need) for need in made.needs)
    whole = entries(tmp_path / "kit.zip")["kit.json"].decode()
    assert "vault:" not in whole
    assert "prompt:" in whole


def test_only_the_keys_of_its_hosts_and_straight_where_told(tmp_path) -> None:
    root = site(tmp_path / "site")
    keys = ["p01-pe1 ssh-ed25519 AAAAC3Nz", "p09-pe1 ssh-ed25519 AAAAC3Nx"]
    with open_site(root, operator="minh") as services:
        target = services.estate.target("p01-pe1")
        alias = target.connection.host_key_alias or target.connection.address
        keys[0] = keys[0].replace("p01-pe1", alias)
        file = target.connection.known_hosts
        Path(file).write_text("\n".join(keys) + "\n")
        made = make(KitRequest(limit=LIMIT, tool=False, direct=True), tmp_path / "k.zip", services)
    told = entries(tmp_path / "k.zip")
    assert told["known_hosts"].decode() == keys[0] + "\n"
    assert made.unpinned == ("p01-pe2",)
    assert not any(t["connection"]["jump"] for t in json.loads(told["kit.json"])["targets"])


def test_straight_where_told_and_never_with_a_file_of_this_machine(tmp_path) -> None:
    hop = Connection(address="10.9.9.9", known_hosts="/here/known_hosts")
    far = Connection(address="10.1.1.1", known_hosts="/here/known_hosts", jump=(hop,))
    target = Target(name="a", platform="linux", kind="server", connection=far, console=far)
    for direct in (True, False):
        carried = there(_carried(target, direct=direct), "there")
        for one in (carried.connection, carried.console):
            assert [hop.address for hop in one.jump] == ([] if direct else ["10.9.9.9"])
            assert {one.known_hosts, *(hop.known_hosts for hop in one.jump)} == {"there"}


def test_its_run_waits_and_is_not_the_latest(trip) -> None:
    with trip.opened() as services:
        assert services.journal.run(trip.made.run).status is RunStatus.AWAY
        with pytest.raises(InvalidInput):
            services.journal.run("latest")
        with pytest.raises(Refused):
            runs.resume(trip.made.run, services)
        assert runs.cancel(trip.made.run, services).status is RunStatus.CANCELLED
    with pytest.raises(Refused, match="no longer wanted"):
        trip.merge()


def test_a_second_try_reads_only_what_was_not_read(gone, tmp_path) -> None:
    """One of two does not answer the first time; the result holds both tries."""
    trip = gone.copy(tmp_path / "trip")
    asked: list[str] = []
    with clock.use(trip.time):
        scene = Scene(name="p01-pe1", time=trip.time)

        class Deaf(sessions.Wire):
            def login(self, name: str) -> None:
                asked.append(name)
                if name == "p01-pe2" and len(asked) <= 2:
                    raise OSError("no route")
                super().login(name)

        build = sessions.simulated(scene.network, Deaf(0, 0))
        request = ReadRequest(kit=trip.kit, out=trip.result, folder=tmp_path / "work")
        first = read(request, build=build, **QUIET)
        assert [one.status for one in first.outcomes].count("ok") < 2
        tried = len(asked)
        (shard,) = (tmp_path / "work/shards" / trip.made.run).iterdir()
        with (shard / "events.jsonl").open("ab") as log:  # what a kill leaves behind
            log.write(b'{"run":"' + trip.made.run.encode())
        (shard / "blobs" / ("0" * 64 + ".z")).write_bytes(b"nothing tells of it")
        again = read(request, build=build, **QUIET)
        assert "p01-pe2" in asked[tried:]
    taken = trip.merge()
    shards = {e.shard for e in _events(trip)}
    assert {name[:4] for name in shards} == {"g001", "g002"}
    assert taken.seal == again.seal != first.seal
    read_topics = taken.record.readings["p01-pe2"]
    assert sum(one["status"] == "parsed" for one in read_topics.values()) > 5


def _events(trip):
    with trip.opened() as services:
        return services.journal.events(trip.made.run)


def test_a_clock_before_the_kit_is_told_where_it_can_be_set(trip, tmp_path) -> None:
    early = clock.ManualClock()
    early.advance(-86400)
    request = ReadRequest(kit=trip.kit, out=tmp_path / "r.zip", folder=tmp_path / "work")
    with clock.use(early), pytest.raises(InvalidInput, match="clock"):
        read(request, **QUIET)
    assert timedelta(0) < clock.now() - early.now()


def test_another_version_is_not_used_for_it(trip, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("dcctl.workflows.audit.kit.there.__version__", "9.9", raising=False)
    request = ReadRequest(kit=trip.kit, out=tmp_path / "r.zip", folder=tmp_path / "work")
    with clock.use(trip.time), pytest.raises(Refused, match=r"9\.9"):
        read(request, **QUIET)


def test_a_damaged_kit_is_not_used(trip, tmp_path) -> None:
    content = bytearray(trip.kit.read_bytes())
    content[len(content) // 2] ^= 1
    bad = tmp_path / "bad.zip"
    bad.write_bytes(content)
    request = ReadRequest(kit=bad, out=tmp_path / "r.zip", folder=tmp_path / "work")
    with clock.use(trip.time), pytest.raises(InvalidInput):
        read(request, **QUIET)


def test_its_library_is_what_reading_needs_and_no_more() -> None:
    names = {tool._normal(one.name) for one in tool._needed()}
    assert {"netmiko", "paramiko", "cryptography", "typer", "pyyaml"} <= names
    assert not names & tool._LEFT_OUT
    assert "pytest" not in names


def test_reading_asks_for_nothing_that_is_left_out() -> None:
    """In a process where those packages can't be had, all that a kit runs can be loaded."""
    script = f"""
import sys
for name in {sorted(tool._LEFT_OUT)!r}:
    sys.modules[name.replace("-", "_")] = None
sys.modules["dcctl.lab"] = sys.modules["ansible"] = None
import dcctl.cli.app, dcctl.cli.audit._there
from dcctl import executors, platforms
from dcctl.executors import device_session, server_shell
from dcctl.workflows.audit.kit import there
device_session.LOAD()
platforms.all_platforms()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_nothing_is_a_pass_before_the_result_is_back(trip) -> None:
    with clock.use(trip.time), trip.opened() as services:
        told = evaluate(EvaluateRequest(run=trip.made.run), services).assessment
    assert {r.status for r in told.results} <= {
        FindingStatus.NOT_EVALUATED,
        FindingStatus.NOT_APPLICABLE,
    }


def test_an_order_is_the_same_after_its_file(gone) -> None:
    kit = order.read(gone.kit)
    assert plain.from_plain(order.Order, plain.to_plain(kit.order)) == kit.order
    assert kit.seal == gone.made.seal
