"""The daemon's life: it starts whole or not at all, outlives its starter, leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time

import pytest

from dcctl.errors import Unreachable
from dcctl.lab import elements
from dcctl.lab.elements import site
from tests.unit.lab.small_network import configuration, plan, target


def gone(pid, seconds=10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def pid_of(folder):
    return int((folder / "elements" / "daemon.pid").read_text(encoding="ascii"))


def reaches(entry):
    try:
        socket.create_connection((entry.address, entry.port), timeout=2).close()
    except OSError:
        return False
    return True


def test_down_leaves_no_process_no_socket_and_no_listener(tmp_path):
    (entry,) = elements.up([target("r1")], tmp_path, str(tmp_path))
    pid = pid_of(tmp_path)
    assert reaches(entry)
    assert entry.address.startswith("127.")
    assert elements.down(tmp_path)
    assert gone(pid)
    assert not reaches(entry)
    assert not (tmp_path / "elements" / "control").exists()
    assert not (tmp_path / "elements" / "daemon.pid").exists()
    assert elements.status(tmp_path) == ()
    assert not elements.down(tmp_path)


def test_it_ends_when_its_folder_is_taken_away(tmp_path):
    folder = tmp_path / "lab"
    (entry,) = elements.up([target("r1")], folder, str(folder))
    pid = pid_of(folder)
    shutil.rmtree(folder)
    assert gone(pid)
    assert not reaches(entry)


def test_it_ends_when_its_starter_dies_before_it_took_over(tmp_path):
    folder = site.Folder(tmp_path / "elements")
    folder.root.mkdir()
    folder.seed.write_text("00" * 32, encoding="ascii")
    folder.password.write_text("secret", encoding="ascii")
    from dcctl.model import plain

    folder.plan.write_bytes(plain.canonical(plan(("r1",))))
    ready, tell = os.pipe()
    hold, stay = os.pipe()
    command = [sys.executable, "-m", "dcctl.lab.elements", str(folder.root), str(tell), str(hold)]
    subprocess.run(command, pass_fds=(tell, hold), check=True, timeout=30)
    os.close(tell)
    os.close(hold)
    with os.fdopen(ready) as pipe:
        assert '"places"' in pipe.read()
    pid = int(folder.pid.read_text(encoding="ascii"))
    os.close(stay)  # as if the starter were killed here
    assert gone(pid)


def test_a_killed_daemon_is_seen_as_gone_and_starts_again(tmp_path):
    elements.up([target("r1")], tmp_path, str(tmp_path))
    os.kill(pid_of(tmp_path), 9)
    assert gone(pid_of(tmp_path))
    assert elements.status(tmp_path) == ()
    with pytest.raises(Unreachable):
        elements.fault(tmp_path, "r1", "hang")
    (entry,) = elements.up([target("r1")], tmp_path, str(tmp_path))
    assert reaches(entry)
    elements.down(tmp_path)


def test_two_labs_at_once_keep_apart(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    try:
        # The same identity asks for the same addresses; the second lab gets others.
        (first,) = elements.up([target("r1")], one, "same")
        (second,) = elements.up([target("r1")], two, "same")
        assert (first.address, first.port) != (second.address, second.port)
        assert first.host_key != second.host_key
        assert reaches(first)
        assert reaches(second)
    finally:
        elements.down(one)
        elements.down(two)


def test_host_keys_and_addresses_stay_over_a_restart(tmp_path):
    first = elements.up([target("r1"), target("r2")], tmp_path, str(tmp_path))
    elements.down(tmp_path)
    second = elements.up([target("r1"), target("r2")], tmp_path, str(tmp_path))
    elements.down(tmp_path)
    assert first == second


@pytest.mark.parametrize("keep", [True, False])
def test_configurations_survive_a_restart_if_asked(tmp_path, keep):
    elements.up([target("r1")], tmp_path, str(tmp_path))
    elements.configure(tmp_path, "r1", configuration("r1"))
    elements.down(tmp_path)
    elements.up([target("r1")], tmp_path, str(tmp_path), keep=keep)
    try:
        elements.configure(tmp_path, "r1", "hostname r1")
        kept = site.Folder(tmp_path / "elements").state("r1")
        deadline = time.monotonic() + 10
        while kept.stat().st_size == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        elements.down(tmp_path)
    assert ("router isis CORE" in kept.read_text(encoding="utf-8")) == keep


def test_a_wildcard_listener_does_not_take_the_labs_port(tmp_path):
    from dcctl.lab.elements import places

    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        everywhere.listen()
        taken = everywhere.getsockname()[1]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(places, "_FIRST_PORT", taken)
            sockets = places.bind("x", ["a", "b"])
    try:
        assert {sock.getsockname()[1] for sock in sockets.values()} != {taken}
        assert len({sock.getsockname()[0] for sock in sockets.values()}) == 2
    finally:
        for sock in sockets.values():
            sock.close()


def test_the_secrets_are_for_the_owner_only(tmp_path):
    elements.up([target("r1")], tmp_path, str(tmp_path))
    elements.down(tmp_path)
    for name in ("seed", "password"):
        assert (tmp_path / "elements" / name).stat().st_mode & 0o077 == 0
    assert (tmp_path / "elements").stat().st_mode & 0o077 == 0
    assert elements.credential(tmp_path)["username"] == "netops"
