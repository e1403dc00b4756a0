"""Over a real sshd: who may in, whose key is right, and what is said when not."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dcctl.model.outcome import Outcome
from dcctl.model.status import StepStatus
from dcctl.model.target import Connection, Target

from .conftest import Bench, Sshd, step

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("sshd", path="/usr/sbin"), reason="needs root and sshd"
)


def box(name: str, sshd: Sshd, credential: str, known_hosts: Path | None = None) -> Target:
    return Target(
        name=name,
        platform="linux",
        kind="server",
        connection=Connection(
            address="127.0.0.1",
            port=sshd.port,
            credential=credential,
            host_key_alias="box",
            known_hosts=str(known_hosts or sshd.known_hosts),
        ),
        # Whatever an inventory says of how to dial is not obeyed.
        variables={"ansible_ssh_common_args": "-o StrictHostKeyChecking=no", "ansible_port": 1},
    )


def _through(target: Target, hop: str) -> Target:
    return replace(target, connection=replace(target.connection, jump=(hop,)))


@pytest.fixture
def outcomes(bench: Bench, sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> dict[str, Outcome]:
    """All five in one run."""
    monkeypatch.setenv("WRONG", "not-the-password")
    key = str(sshd.key)
    bench.options["credentials"] = {
        "key": {"username": "root", "key": key},
        "password": {"username": "root", "password": "env:WRONG"},
        "no-key": {"username": "root", "key": key + ".absent"},
    }
    bench.options["timeouts"] = {"connect": 10}
    other = sshd.key.with_suffix(".pub").read_text().split()[:2]
    changed = bench.root / "changed"
    changed.write_text(f"box {' '.join(other)}\n")
    empty = bench.root / "empty"
    empty.touch()
    bench.role("hello", "- ansible.builtin.set_fact: {hello_report: '{{ x }}'}\n  vars: {x: hi}\n")
    bench.role("ask", "- name: Ask\n  ansible.builtin.command: id -u\n  changed_when: false\n")
    hop = {"address": "127.0.0.1", "port": sshd.port, "credential": "key", "host_key_alias": "box"}
    bench.options["jumps"] = {
        "hop": {**hop, "known_hosts": str(sshd.known_hosts)},
        "impostor": {**hop, "known_hosts": str(changed)},
        "mute": {**hop, "credential": "password", "known_hosts": str(sshd.known_hosts)},
    }
    targets = [
        box("good", sshd, "key"),
        *(_through(box(f"by-{name}", sshd, "key"), name) for name in ("hop", "impostor", "mute")),
        box("password", sshd, "password"),
        box("no-key", sshd, "no-key"),
        box("changed", sshd, "key", changed),
        box("unknown", sshd, "key", empty),
        replace(box("nobody", sshd, "nobody"), name="nobody"),
    ]
    return bench.run([step(target.name, "ask") for target in targets], *targets)


def test_each_way_in_and_each_refusal(outcomes: dict[str, Outcome], sshd: Sshd) -> None:
    told = {
        name.partition("/")[0]: (outcome.status, str(outcome.message))
        for name, outcome in outcomes.items()
    }
    # When ssh ends before Ansible has written to it, Ansible reports the broken pipe and keeps
    # ssh's own words to itself: still unreachable, only less precisely told.
    lost = {
        name
        for name, (status, message) in told.items()
        if status is StepStatus.UNREACHABLE and "Data could not be sent to remote host" in message
    }
    assert lost <= {"password", "changed", "unknown", "by-impostor"}
    expected = {
        "good": (StepStatus.OK, ""),
        "by-hop": (StepStatus.OK, ""),
        "by-impostor": (
            StepStatus.UNREACHABLE,
            "the connection was closed before any login; if there is a jump host, look at that",
        ),
        "by-mute": (StepStatus.ERROR, "jump host mute needs a key or the agent"),
        "password": (StepStatus.UNREACHABLE, "the target refused our credentials"),
        "no-key": (StepStatus.ERROR, f"{sshd.key}.absent: there is no such key"),
        "changed": (
            StepStatus.UNREACHABLE,
            "the host key is not the pinned one; if that is right: dcctl inventory trust changed",
        ),
        "unknown": (
            StepStatus.UNREACHABLE,
            "the host key is not pinned; check it and: dcctl inventory trust unknown",
        ),
        "nobody": (StepStatus.ERROR, "there is no credential nobody"),
    }
    assert told.keys() == expected.keys()
    assert {name: told[name] for name in told.keys() - lost} == {
        name: expected[name] for name in expected.keys() - lost
    }
