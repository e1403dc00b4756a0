"""`dcctl ssh`: a real ssh, a real sshd; the password is told and is nowhere to be seen."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time

import pytest

from dcctl.executors import askpass, hostkeys
from dcctl.model import plain
from tests.unit.executors.conftest import PASSWORD, keygen, needs_root, wait_for

# What `dcctl ssh` does, with the target and the settings given instead of looked up.
BECOME = """
import json, os, sys
from pathlib import Path
from dcctl.executors import askpass, interactive
from dcctl.model import plain
from dcctl.model.target import Connection
given = json.load(open(sys.argv[1]))
connection = plain.from_plain(Connection, given["connection"])
base = Path(sys.argv[1]).parent
arguments = interactive.arguments(connection, given["options"], base=base)
answers, missing = askpass.answers(connection, given["options"], base=base)
assert not missing
environment = {**os.environ, **askpass.serve(answers)}
os.execvpe(arguments[0], [*arguments, *sys.argv[2:]], environment)
"""


@pytest.fixture
def session(sshd, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def command(target, *words):
        given = {
            "connection": plain.to_plain(target.connection),
            "options": {"credentials": sshd.credentials},
        }
        (tmp_path / "given.json").write_text(json.dumps(given))
        return [sys.executable, "-c", BECOME, str(tmp_path / "given.json"), *words]

    yield command
    wait_for(lambda: not list(tmp_path.glob("dcctl-ask-*")))


def run(command, **more):
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=30,
        stdin=subprocess.DEVNULL, start_new_session=True, **more,
    )  # fmt: skip


@needs_root
def test_the_password_is_told_and_nowhere_to_be_seen(sshd, session):
    spy = (
        "for f in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do tr '\\0' ' ' <$f; echo; done "
        "2>/dev/null; echo $SSH_CONNECTION"
    )
    process = subprocess.Popen(
        session(sshd.target("password"), "id -un; sleep 2"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout.readline() == "probe\n"
    seen = subprocess.run(["sh", "-c", spy], capture_output=True, text=True, check=False).stdout
    assert "SSH_ASKPASS_REQUIRE=force" in seen, "the spy sees the session"
    assert PASSWORD not in seen
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert PASSWORD not in out + err
    assert len(sshd.said(r"Accepted password for probe")) == 1


@needs_root
def test_a_wrong_password_is_told_once_and_nobody_waits(sshd, session):
    done = run(session(sshd.target("wrong"), "true"))
    assert done.returncode == 255
    assert "Permission denied" in done.stderr
    assert "wrong-horse" not in done.stdout + done.stderr
    assert not sshd.said("Accepted")


@needs_root
def test_a_host_with_another_key_hears_no_password(sshd, session, tmp_path):
    keygen(tmp_path / "other")
    line = " ".join((tmp_path / "other.pub").read_text().split()[:2])
    hostkeys.pin(tmp_path / "known", "server", line)
    done = run(session(sshd.target("password", known_hosts=str(tmp_path / "known")), "true"))
    assert done.returncode == 255
    assert "HOST IDENTIFICATION HAS CHANGED" in done.stderr
    assert not sshd.said("Accepted|Failed")


@needs_root
def test_who_was_wrong_once_asks_the_person(sshd, session):
    """The second question goes to the terminal, unseen, and its answer opens the session."""
    pid, terminal = pty.fork()
    if pid == 0:
        command = session(sshd.target("wrong"), "id", "-un")
        os.execv(command[0], command)
    said, answered, end = b"", False, time.monotonic() + 30
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                said += os.read(terminal, 4096)
            except OSError:
                break  # it ended
        if not answered and b"password: " in said:
            time.sleep(0.2)  # the question is printed just before the echo goes off
            os.write(terminal, PASSWORD.encode() + b"\n")
            answered = True
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert b"\nprobe" in said
    assert PASSWORD.encode() not in said


def test_only_the_target_s_own_questions_are_answered(sshd, tmp_path, monkeypatch):
    """A jump host that asks gets nothing, however it words its question."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    target = sshd.target("password").connection
    options = {"credentials": sshd.credentials}
    for question, expected in (
        ("probe@jump's password: ", ""),
        ("(probe@jump) probe@server's password: ", ""),
        ("(probe@server) One-time code: ", ""),
        ("Are you sure you want to continue connecting (yes/no)? ", ""),
        ("(probe@server) Password: ", PASSWORD + "\n"),
        ("probe@server's password: ", PASSWORD + "\n"),
    ):
        given, _ = askpass.answers(target, options, base=tmp_path)
        assert answer(given, question) == expected, question


def answer(given, question):
    """What a process says that becomes the askpass program while somebody serves it."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(writing, 1)
        environment = {**os.environ, **askpass.serve(given)}
        os.execve(environment["SSH_ASKPASS"], ["ask", question], environment)
    os.close(writing)
    with os.fdopen(reading) as stream:
        said = stream.read()
    os.waitpid(pid, 0)
    return said


def test_a_secret_that_is_not_there_is_named(sshd, tmp_path):
    options = {"credentials": {"password": {"username": "probe", "password": "env:NOT_SET_HERE"}}}
    given, missing = askpass.answers(sshd.target("password").connection, options, base=tmp_path)
    assert given == ()
    assert "NOT_SET_HERE" in str(missing[0])
