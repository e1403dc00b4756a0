"""server_shell against a real OpenSSH server."""

from __future__ import annotations

import os
import signal
import socket
import threading

import pytest

from dcctl import executors
from dcctl.contracts import Collector
from dcctl.executors import hostkeys
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import ReadingStatus, StepStatus
from tests.unit.executors.conftest import (
    PASSWORD,
    free_port,
    keygen,
    needs_root,
    wait_for,
)

TOPICS = ("version", "kernel", "interfaces")


@pytest.fixture
def shell(sshd, contexts):
    opened = []

    def opening(**options):
        timeouts = {"connect": 5, "command": 20}
        standard = {"credentials": sshd.credentials, "timeouts": timeouts}
        opened.append(executors.build("server_shell", contexts(**(standard | options))))
        return opened[-1]

    yield opening
    for executor in opened:
        executor.close()


def statuses(readings):
    return {reading.status for reading in readings.values()}


def test_all_topics_come_in_one_round_trip(sshd, shell, contexts):
    readings = shell().read(sshd.target(), (*TOPICS, "optics", "unchanged"))
    assert list(readings) == [*TOPICS, "optics", "unchanged"]
    assert readings["unchanged"].value.same  # both looks at its files, in the same round trip
    assert readings["unchanged"].value.looked_at > 3
    assert len(readings["unchanged"].answers) == 2
    assert {t: readings[t].status for t in TOPICS} == dict.fromkeys(TOPICS, ReadingStatus.PARSED)
    assert readings["optics"].status is ReadingStatus.NO_TEMPLATE
    assert readings["version"].value.os
    assert all(digest in contexts.kept.blobs for t in TOPICS for digest in readings[t].evidence)
    assert len(sshd.said(r"Starting session: ")) == 1
    assert len(sshd.said(r"Accepted publickey")) == 1


def test_one_connection_serves_the_whole_shard(sshd, shell):
    executor = shell()
    for _ in range(3):
        assert statuses(executor.read(sshd.target(), ("version",))) == {ReadingStatus.PARSED}
    assert len(sshd.said(r"Accepted publickey")) == 1
    assert len(sshd.said(r"Starting session: ")) == 3


@needs_root
def test_a_password_opens_it_and_is_nowhere_to_be_seen(sshd, shell, contexts):
    spy = """
import glob
def probe():
    seen = []
    for path in glob.glob("/proc/[0-9]*/cmdline") + ["/proc/self/environ"]:
        try:
            seen.append(open(path, "rb").read().decode("latin-1"))
        except OSError:
            pass
    return seen
"""
    executor = shell()
    readings = executor.read(sshd.target("password"), ("version",))
    assert statuses(readings) == {ReadingStatus.PARSED}
    assert len(sshd.said(r"Accepted password for probe")) == 1
    collector = Collector(topic="x", commands=(spy,), parse=str)
    answer = executor._probe(sshd.target("password"), [collector])
    assert "python3" in str(answer)
    assert PASSWORD not in str(answer)
    assert all(PASSWORD.encode() not in blob for blob in contexts.kept.blobs.values())
    assert PASSWORD not in sshd.log.read_text() + str(contexts.kept.events)


@needs_root
def test_a_wrong_password_is_told_as_such(sshd, shell):
    readings = shell().read(sshd.target("wrong"), ("version",))
    assert statuses(readings) == {ReadingStatus.UNREACHABLE}
    assert "login of probe refused" in readings["version"].message
    assert "wrong-horse" not in str(readings)
    assert len(sshd.said(r"Failed password")) == 1  # tried once: no account is locked by us


def test_nobody_listens(sshd, shell):
    target = sshd.target(port=free_port())
    readings = shell().read(target, TOPICS)
    assert statuses(readings) == {ReadingStatus.UNREACHABLE}
    assert "refused" in readings["version"].message


def test_an_unknown_host_key_is_refused_and_can_be_pinned(sshd, shell, tmp_path):
    target = sshd.target(known_hosts=str(tmp_path / "none"))
    reading = shell().read(target, ("version",))["version"]
    shown = hostkeys.fetch(sshd.target().connection)
    assert reading.status is ReadingStatus.UNREACHABLE
    assert "not known" in reading.message
    assert shown.fingerprint in reading.message
    assert shown.line == sshd.host_key
    assert not sshd.said("Accepted")
    hostkeys.pin(tmp_path / "none", "server", shown.line)
    assert statuses(shell().read(target, ("version",))) == {ReadingStatus.PARSED}


def test_a_changed_host_key_is_refused(sshd, shell, tmp_path):
    keygen(tmp_path / "other")
    line = " ".join((tmp_path / "other.pub").read_text().split()[:2])
    hostkeys.pin(tmp_path / "known", "server", line)
    reading = shell().read(sshd.target(known_hosts=str(tmp_path / "known")), ("version",))[
        "version"
    ]
    assert reading.status is ReadingStatus.UNREACHABLE
    assert "CHANGED" in reading.message
    assert not sshd.said("Accepted|Failed")


def test_a_host_that_hangs_costs_its_timeout(sshd, shell):
    timeouts = {"connect": 5, "command": 20}
    executor = shell(timeouts=timeouts)
    assert statuses(executor.read(sshd.target(), ("version",))) == {ReadingStatus.PARSED}
    for pid in sshd.sessions():
        os.kill(pid, signal.SIGSTOP)
    timeouts["command"] = 1
    reading = executor.read(sshd.target(), ("version",))["version"]
    assert reading.status is ReadingStatus.ERROR
    assert "no answer within 1.0 s" in reading.message


def test_a_stopped_server_is_unreachable(sshd, shell):
    os.kill(sshd.process.pid, signal.SIGSTOP)
    reading = shell(timeouts={"connect": 1}).read(sshd.target(), ("version",))["version"]
    assert reading.status is ReadingStatus.UNREACHABLE


def test_a_lost_connection_is_made_again_for_a_read(sshd, shell):
    executor = shell()
    assert statuses(executor.read(sshd.target(), ("version",))) == {ReadingStatus.PARSED}
    for pid in sshd.sessions():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not sshd.sessions())
    assert statuses(executor.read(sshd.target(), ("version",))) == {ReadingStatus.PARSED}
    assert len(sshd.said(r"Accepted publickey")) == 2


@pytest.mark.parametrize("said", [b"", b"\x00\xff" * 500, b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_what_speaks_no_ssh_is_unreachable(sshd, shell, said):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            connection.sendall(said)
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        target = sshd.target(port=server.getsockname()[1])
        reading = shell(timeouts={"connect": 3}).read(target, ("version",))["version"]
        thread.join()
    assert reading.status is ReadingStatus.UNREACHABLE
    assert "no SSH session" in reading.message


def command(text):
    return Step(
        id="server/command:exec",
        target="server",
        kind=StepKind.COMMAND,
        name="exec",
        executor="server_shell",
        changes=False,
        settings={"command": text},
    )


@pytest.mark.parametrize(
    ("text", "status", "seen"),
    [
        ("uname -s", StepStatus.OK, "Linux"),
        ("cat  /proc/version", StepStatus.OK, "Linux"),
        ("df /no/such/path", StepStatus.FAILED, "status 1"),
        ("touch /tmp/x", StepStatus.NOT_STARTED, "not a read-only command"),
        ("uname -s; id", StepStatus.NOT_STARTED, "not a read-only command"),
    ],
)
def test_commands_by_hand(sshd, shell, text, status, seen):
    (outcome,) = shell().run([command(text)], {"server": sshd.target()})
    assert outcome.status is status
    assert seen in str(outcome.message) + str(outcome.data)
    if status is StepStatus.NOT_STARTED:
        assert not sshd.said("Starting session")


def test_an_answer_without_end_is_cut(sshd, shell, monkeypatch):
    monkeypatch.setattr("dcctl.executors.server_shell._MOST", 100)
    (outcome,) = shell().run([command("cat /proc/cpuinfo")], {"server": sshd.target()})
    assert outcome.status is StepStatus.ERROR
    assert "more than 100 bytes" in str(outcome.message)


def test_a_missing_credential_is_named(sshd, shell):
    reading = shell().read(sshd.target("nobody"), ("version",))["version"]
    assert reading.status is ReadingStatus.ERROR
    assert "no credential nobody" in reading.message
