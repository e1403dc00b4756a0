"""Through real jump hosts: two sshd in a row, and behind them a server and simulated elements."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from dcctl import executors
from dcctl.errors import HostKeyRejected, Unreachable
from dcctl.executors import _bastions, askpass, hostkeys, interactive
from dcctl.model.event import EventKind
from dcctl.model.status import ReadingStatus
from tests.unit.executors.conftest import free_port, keygen, needs_root, start_sshd

PARSED = {ReadingStatus.PARSED}


class Way:
    """`near` and `far`, one behind the other; `known` pins both."""

    def __init__(self, near, far, known):
        self.near, self.far, self.known = near, far, known
        for name, sshd in (("near", near), ("far", far)):
            hostkeys.pin(known, name, sshd.host_key)
        self.credentials = {
            **{f"near-{name}": entry for name, entry in near.credentials.items()},
            **{f"far-{name}": entry for name, entry in far.credentials.items()},
        }

    def hop(self, name, credential="key", **more):
        sshd = getattr(self, name)
        given = {"host_key_alias": name, "known_hosts": str(self.known)} | more
        return replace(sshd.target(f"{name}-{credential}").connection, **given)

    def behind(self, target, *hops):
        return replace(target, connection=replace(target.connection, jump=hops))

    def server(self, *hops, name="server"):
        """The far sshd as a server that lies behind `hops`."""
        target = replace(self.far.target("far-key"), name=name)
        return self.behind(target, *hops)


@pytest.fixture
def way(tmp_path_factory, tmp_path):
    folders = [tmp_path_factory.mktemp(name) for name in ("near", "far")]
    started = [start_sshd(folder) for folder in folders]
    yield Way(*started, tmp_path / "hops")
    for sshd in started:
        for pid in (*sshd.sessions(), sshd.process.pid):
            with suppress(ProcessLookupError):  # a session that has ended by itself since
                os.kill(pid, signal.SIGCONT)
        sshd.process.terminate()
        sshd.process.wait(10)
    _bastions._known.clear()


@pytest.fixture
def opened(way, contexts):
    """Build an executor that knows the way; it is closed after the test."""
    made = []

    def build(name, **options):
        timeouts = {"connect": 5, "command": 20}
        standard = {"credentials": way.credentials, "timeouts": timeouts}
        made.append(executors.build(name, contexts(**(standard | options))))
        return made[-1]

    yield build
    for executor in made:
        executor.close()


def statuses(readings):
    return {reading.status for reading in readings.values()}


def settled(sshd):
    """Whether nobody is logged in any more."""
    end = time.monotonic() + 5
    while sshd.sessions() and time.monotonic() < end:
        time.sleep(0.02)
    return not sshd.sessions()


@needs_root
def test_an_element_behind_two_jump_hosts_each_with_its_own_secret(
    way, opened, contexts, raise_elements
):
    elements = raise_elements("p01-pe1")
    lab = elements.context(contexts).options["credentials"]
    target = way.behind(elements.targets["p01-pe1"], way.hop("near", "password"), way.hop("far"))
    executor = opened("device_session", credentials=way.credentials | lab)
    readings = executor.read(target, ("version", "transport"))
    assert statuses(readings) == PARSED
    assert readings["transport"].value.through == ("near", "far")
    assert len(way.near.said("Accepted password for probe")) == 1
    assert len(way.far.said("Accepted publickey")) == 1
    assert not way.near.said("Starting session") + way.far.said("Starting session")
    opened_ones = [row for row in contexts.kept.events if row[0] is EventKind.SESSION]
    assert [row[1] for row in opened_ones] == ["p01-pe1"]
    executor.close()
    assert settled(way.near)
    assert settled(way.far)


def test_many_targets_share_one_transport_up_to_its_cap(way, opened):
    executor = opened("server_shell", bastions={"near": {"sessions": 4}})
    targets = [way.server(way.hop("near"), name=f"s{number}") for number in range(9)]
    with ThreadPoolExecutor(9) as pool:
        found = list(pool.map(lambda target: executor.read(target, ("version",)), targets))
    assert [statuses(readings) for readings in found] == [PARSED] * 9
    assert len(way.far.said("Accepted publickey")) == 9
    assert len(way.near.said("Accepted publickey")) == 3  # 4 + 4 + 1
    assert statuses(executor.read(targets[0], ("version",))) == PARSED
    assert len(way.near.said("Accepted publickey")) == 3
    executor.close()
    assert settled(way.near)


def test_a_transport_that_died_is_replaced_once(way, opened):
    executor = opened("server_shell")
    targets = [way.server(way.hop("near"), name=f"s{number}") for number in range(3)]
    for target in targets:
        executor.read(target, ("version",))
    for pid in way.near.sessions():
        os.kill(pid, signal.SIGKILL)
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda target: executor.read(target, ("version",)), targets))
    assert [str(readings["version"].message) for readings in found] == [""] * 3
    assert len(way.near.said("Accepted publickey")) == 2


def test_a_dead_jump_host_is_told_by_each_target_and_tried_once_for_all(way, opened):
    executor = opened("server_shell", timeouts={"connect": 2, "command": 20})
    os.kill(way.near.process.pid, signal.SIGSTOP)  # its port is open, and nobody answers
    targets = [way.server(way.hop("near"), name=f"s{number}") for number in range(8)]
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda target: executor.read(target, ("version",)), targets))
    assert time.monotonic() - began < 2 * 2
    for readings in found:
        assert statuses(readings) == {ReadingStatus.UNREACHABLE}
        assert readings["version"].message.startswith("server: not through the jump host near: ")
        assert readings["version"].message.count("jump host") == 1


def test_the_jump_host_that_failed_is_the_one_that_is_named(way, opened):
    near = way.hop("near")
    gone = replace(way.hop("far"), port=free_port())
    message = opened("server_shell").read(way.server(near, gone), ("version",))["version"].message
    assert message.startswith("server: not through the jump host near: 127.0.0.1 port")
    message = opened("server_shell").read(way.server(gone, near), ("version",))["version"].message
    assert message.startswith("server: not through the jump host far: 127.0.0.1 port")
    assert "refused" in message


def test_a_jump_host_with_another_key_gets_no_secret_and_leads_nowhere(way, opened, tmp_path):
    keygen(tmp_path / "other")
    line = " ".join((tmp_path / "other.pub").read_text().split()[:2])
    hostkeys.pin(tmp_path / "changed", "near", line)
    for known, said in (("changed", "CHANGED"), ("none", "not known")):
        hop = way.hop("near", known_hosts=str(tmp_path / known))
        reading = opened("server_shell").read(way.server(hop), ("version",))["version"]
        assert reading.status is ReadingStatus.UNREACHABLE
        assert said in reading.message
        assert "jump host near" in reading.message
    assert not way.near.said("Accepted|Failed")
    assert not way.far.said("Connection from")


def test_a_jump_host_that_forwards_nothing_is_told(way, opened):
    way.near.process.terminate()
    way.near.process.wait(10)
    config = way.near.folder / "config"
    config.write_text(config.read_text().replace("Forwarding yes", "Forwarding no"))
    with way.near.log.open("ab") as log:
        way.near.process = subprocess.Popen(
            ["/usr/sbin/sshd", "-D", "-e", "-f", str(config)], stderr=log
        )
    end = time.monotonic() + 10
    while len(way.near.said("Server listening")) < 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    reading = opened("server_shell").read(way.server(way.hop("near")), ("version",))["version"]
    assert reading.status is ReadingStatus.UNREACHABLE
    assert "jump host near" in reading.message
    assert "prohibited" in reading.message


def test_a_key_is_fetched_through_jump_hosts_that_are_pinned(way, tmp_path):
    options = {"credentials": way.credentials}
    target = way.server(way.hop("near")).connection
    assert hostkeys.fetch(target, options, base=tmp_path).line == way.far.host_key
    assert len(way.near.said("Accepted publickey")) == 1
    stranger = way.hop("near", known_hosts=str(tmp_path / "none"))
    with pytest.raises(HostKeyRejected) as caught:
        hostkeys.fetch(replace(target, jump=(stranger,)), options, base=tmp_path)
    assert "dcctl inventory trust near" in str(caught.value.hint)
    gone = replace(target, port=free_port())
    with pytest.raises(Unreachable, match="jump host near"):
        hostkeys.fetch(gone, options, base=tmp_path)


@needs_root
def test_ssh_goes_the_same_way_and_each_host_is_told_its_own_secret(way, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    folder = tmp_path / "it's 100% of us"  # what a shell or ssh would take for something else
    folder.mkdir()
    known = folder / "known hosts"
    for name, sshd in (("near", way.near), ("far", way.far), ("server", way.far)):
        hostkeys.pin(known, name, sshd.host_key)
    hops = tuple(way.hop(name, "password", known_hosts=str(known)) for name in ("near", "far"))
    target = replace(way.server(*hops).connection, known_hosts=str(known))
    options = {"credentials": way.credentials}
    given, missing = askpass.answers(target, options, base=tmp_path)
    assert (len(given), missing) == (2, ())
    argv = interactive.arguments(target, options, base=tmp_path, command=["echo", "it works"])
    assert "correct-horse" not in str(argv)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(writing, 1)
        os.execvpe(argv[0], argv, {**os.environ, **askpass.serve(given)})
    os.close(writing)
    with os.fdopen(reading) as stream:
        assert stream.read() == "it works\n"
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert len(way.near.said("Accepted password for probe")) == 1
    assert len(way.far.said("Accepted password for probe")) == 1
    assert len(way.far.said("Accepted publickey")) == 1


def test_no_thread_stays_behind(way, opened):
    before = threading.active_count()
    executor = opened("server_shell")
    executor.read(way.server(way.hop("near"), way.hop("far")), ("version",))
    assert threading.active_count() > before
    executor.close()
    end = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.02)
    assert threading.active_count() == before
