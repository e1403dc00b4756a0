"""server_shell becoming root through a real sudo: with a password, without, and refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from dcctl import executors
from dcctl.contracts import Collector, Context
from dcctl.model.status import ReadingStatus
from tests.lab.conftest import server

PASSWORD = "sudo-horse-4711"
SUDOERS = "/etc/sudoers.d/ops"
WHO = "import os\ndef probe():\n    return [os.geteuid(), open('/proc/self/environ').read()]\n"

pytestmark = pytest.mark.lab


@pytest.fixture
def host(raise_lab):
    site = raise_lab(server("hl-mgt-a01", "10.60.10.11"))
    name = "hl-mgt-a01"
    site.inside(name, "useradd", "-m", "-s", "/bin/sh", "ops")
    site.inside(name, "chpasswd", stdin=f"ops:{PASSWORD}\n")
    site.inside(name, "tee", SUDOERS, stdin="ops ALL=(ALL) ALL\n")
    site.inside(name, "cp", "-r", "/root/.ssh", "/home/ops/.ssh")
    site.inside(name, "chown", "-R", "ops", "/home/ops/.ssh")
    return site


@pytest.fixture
def shell(host, tmp_path):
    opened, kept = [], []
    (tmp_path / "password").touch(mode=0o600)
    (tmp_path / "password").write_text(PASSWORD)
    (tmp_path / "wrong").touch(mode=0o600)
    (tmp_path / "wrong").write_text("wrong-horse-1")

    def keep(content, *, target, media_type="text/plain", original=""):
        kept.append(content)
        return hashlib.sha256(content.encode()).hexdigest()

    def opening(become):
        key = host.credentials["lab-server"]["key"]
        entry = {"username": "ops", "key": key, "become": become}
        context = Context(
            run="run",
            shard="shard",
            folder=str(tmp_path),
            site_root=str(tmp_path),
            lab=True,
            options={"credentials": {"ops": entry}, "timeouts": {"command": 40}},
            emit=lambda *_, **__: None,
            keep=keep,
            cancelled=lambda: False,
        )
        opened.append(executors.build("server_shell", context))
        return opened[-1]

    opening.kept = kept
    yield opening
    for one in opened:
        one.close()


def target(host):
    reached = host.targets["hl-mgt-a01"]
    return replace(reached, connection=replace(reached.connection, credential="ops"))


def who(executor, host):
    collector = Collector(topic="who", commands=(WHO,), parse=str)
    return executor._probe(target(host), [collector])["who/0"]


def test_sudo(host, shell):
    plain, with_password = shell({}), shell({"method": "sudo", "password": "file:password"})
    assert who(plain, host)["data"][0] != 0
    answer = who(with_password, host)
    assert answer["data"][0] == 0
    assert PASSWORD not in str(answer) + "".join(shell.kept)
    refused = shell({"method": "sudo", "password": "file:wrong"})
    reading = refused.read(target(host), ["version"])["version"]
    assert reading.status is ReadingStatus.ERROR
    assert "sudo" in reading.message or "password" in reading.message
    asked = shell({"method": "sudo"}).read(target(host), ["version"])["version"]
    assert asked.status is ReadingStatus.ERROR
    host.inside("hl-mgt-a01", "tee", SUDOERS, stdin="ops ALL=(ALL) NOPASSWD: ALL\n")
    for executor in (with_password, shell({"method": "sudo"})):
        answer = who(executor, host)
        assert answer["data"][0] == 0
        assert PASSWORD not in str(answer)
    auth = host.inside("hl-mgt-a01", "journalctl", "-o", "cat", "--no-pager").stdout
    assert "sudo" in auth
    assert PASSWORD not in auth
    assert "wrong-horse" not in auth
