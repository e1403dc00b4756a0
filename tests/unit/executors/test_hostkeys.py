"""known_hosts: looked up by alias, pinned atomically, and the command line of `dcctl ssh`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dcctl.errors import InvalidInput, NotFound, Unreachable
from dcctl.executors import credentials, hostkeys, interactive
from dcctl.model.target import Connection
from tests.unit.executors.conftest import free_port, needs_root

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEuO2og8E6aur6kUHx5ImLxpeek3Kmir7MrRVmHGCACS"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFoLiIVrjlkrt0wkXA6S7iAff9VQUpUjQ/JWPkcnrRFp"
RSA = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ=="


def test_pinning_replaces_only_the_same_name_and_type(tmp_path):
    file = tmp_path / "sub/known_hosts"
    for name, line in (("a", KEY), ("b", KEY), ("a", RSA), ("a", OTHER)):
        hostkeys.pin(file, name, line)
    file_text = file.read_text()
    assert file_text.splitlines() == [f"b {KEY}", f"a {RSA}", f"a {OTHER}"]
    assert hostkeys.known(str(file), "a") == dict(line.split() for line in (RSA, OTHER))
    assert [path.name for path in file.parent.iterdir()] == ["known_hosts"]


def test_comments_lists_and_broken_lines(tmp_path):
    file = tmp_path / "known_hosts"
    file.write_text(f"# {KEY}\n\n@revoked a {KEY}\n|1|x|y {KEY}\nbroken\na,b {OTHER} comment\n")
    assert hostkeys.known(str(file), "a") == hostkeys.known(str(file), "b") == dict([OTHER.split()])
    assert hostkeys.known(str(file), "#") == {}
    assert hostkeys.known(str(tmp_path / "none"), "a") == {}


@pytest.mark.parametrize(
    ("name", "line"),
    [("", KEY), ("a b", KEY), ("a", "x"), ("a\nb", KEY), ("a", f"{KEY}\nb {OTHER}")],
)
def test_nothing_else_gets_in(tmp_path, name, line):
    with pytest.raises(InvalidInput):
        hostkeys.pin(tmp_path / "known_hosts", name, line)


def test_a_folder_that_can_not_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="known_hosts"):
        hostkeys.pin(tmp_path / "file/known_hosts", "a", KEY)


def test_aliases():
    assert hostkeys.alias(Connection(address="10.0.0.1", host_key_alias="a")) == "a"
    assert hostkeys.alias(Connection(address="10.0.0.1")) == "10.0.0.1"
    assert hostkeys.alias(Connection(address="10.0.0.1", port=830)) == "[10.0.0.1]:830"


def test_nothing_to_fetch():
    with pytest.raises(Unreachable):
        hostkeys.fetch(Connection(address="127.0.0.1", port=free_port()))


def test_fingerprints_are_those_of_ssh_keygen(sshd):
    shown = hostkeys.fetch(sshd.target().connection)
    keygen = subprocess.run(
        ["ssh-keygen", "-lf", sshd.folder / "host.pub"], capture_output=True, text=True, check=True
    )
    assert shown.fingerprint in keygen.stdout


@needs_root
def test_ssh_takes_the_command_line(sshd):
    argv = interactive.arguments(
        sshd.target().connection, {"credentials": sshd.credentials}, base=sshd.folder
    )
    done = subprocess.run(
        [*argv, "echo it works"],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stdout) == (0, "it works\n")
    stranger = sshd.target(known_hosts="/dev/null")
    argv = interactive.arguments(
        stranger.connection, {"credentials": sshd.credentials}, base=sshd.folder
    )
    done = subprocess.run(
        [*argv, "true"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 255
    assert "Host key verification failed" in done.stderr


def test_an_address_is_never_an_option():
    argv = interactive.arguments(Connection(address="-oProxyCommand=id"), {}, base=Path("/"))
    assert argv[-2:] == ["--", "-oProxyCommand=id"]


def test_credentials(tmp_path, monkeypatch):
    monkeypatch.setenv("PW", "correct-horse")
    options = {
        "credentials": {
            "a": {
                "username": "ops",
                "password": "env:PW",
                "key": "keys/id",
                "agent": True,
                "become": {"method": "sudo", "password": "env:PW"},
            },
            "clear": {"username": "ops", "password": "hunter2"},
            "bare": {"username": "ops"},
        }
    }
    login = credentials.login(options, "a", base=tmp_path)
    assert (login.username, login.key, login.agent, login.become) == (
        "ops",
        tmp_path / "keys/id",
        True,
        True,
    )
    assert login.password.reveal() == login.become_password.reveal() == "correct-horse"
    assert "correct-horse" not in repr(login)
    assert credentials.login(options, "bare", base=tmp_path).become is False
    with pytest.raises(InvalidInput) as caught:
        credentials.login(options, "clear", base=tmp_path)
    assert "hunter2" not in str(caught.value)
    with pytest.raises(NotFound):
        credentials.login(options, "nobody", base=tmp_path)


def test_the_doors_are_not_opened_by_importing_their_handles():
    code = (
        "import sys, dcctl.executors\n"
        "from dcctl.executors import hostkeys, guard, interactive, credentials\n"
        "print([m for m in ('paramiko', 'netmiko', 'ansible_runner') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
