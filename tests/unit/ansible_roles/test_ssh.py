"""Over a real sshd: who may in, whose key is right, and what is said when not."""

import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from dcctl.executors.ansible_roles._reach import Reach
from dcctl.model.outcome import Outcome
from dcctl.model.status import StepStatus
from dcctl.model.target import Connection, Target

from .conftest import Bench, Sshd, step

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("sshd", path="/usr/sbin"), reason="needs root and sshd"
)

PIPE = "Data could not be sent to remote host '127.0.0.1'. Make sure this host can be reached."
REFUSED = "the target refused our credentials"
BEHIND = "box: not through the jump host box:"
CHANGED = "the host key is not the pinned one; if that is right: dcctl inventory trust changed"
UNKNOWN = "the host key is not pinned; check it and: dcctl inventory trust unknown"


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


def _through(name: str, sshd: Sshd, hop: Target) -> Target:
    target = box(name, sshd, "key")
    return replace(target, connection=replace(target.connection, jump=(hop.connection,)))


@pytest.fixture
def scene(bench: Bench, sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> list[Target]:
    """Ways in, and what refuses."""
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
    return [
        box("good", sshd, "key"),
        _through("by-hop", sshd, box("hop", sshd, "key")),
        _through("by-impostor", sshd, box("hop", sshd, "key", changed)),
        _through("by-stranger", sshd, box("hop", sshd, "password")),
        box("password", sshd, "password"),
        box("no-key", sshd, "no-key"),
        box("changed", sshd, "key", changed),
        box("unknown", sshd, "key", empty),
        replace(box("nobody", sshd, "nobody"), name="nobody"),
    ]


@pytest.fixture
def outcomes(bench: Bench, scene: list[Target]) -> dict[str, Outcome]:
    """All of them in one run."""
    return bench.run([step(target.name, "ask") for target in scene], *scene)


def test_each_way_in_and_each_refusal(outcomes: dict[str, Outcome], sshd: Sshd) -> None:
    told = {
        name.partition("/")[0]: (outcome.status, str(outcome.message))
        for name, outcome in outcomes.items()
    }
    impostor = told["by-impostor"][1]
    shown = impostor.partition("CHANGED: ")[2]
    expected = {
        "good": (StepStatus.OK, ""),
        "by-hop": (StepStatus.OK, ""),
        "by-impostor": (StepStatus.UNREACHABLE, f"{BEHIND} box: the host key CHANGED: {shown}"),
        "by-stranger": (
            StepStatus.UNREACHABLE,
            f"{BEHIND} box: login of root refused (tried: password)",
        ),
        "password": (StepStatus.UNREACHABLE, REFUSED),
        "no-key": (StepStatus.ERROR, f"{sshd.key}.absent: there is no such key"),
        "changed": (StepStatus.UNREACHABLE, CHANGED),
        "unknown": (StepStatus.UNREACHABLE, UNKNOWN),
        "nobody": (StepStatus.ERROR, "there is no credential nobody"),
    }
    assert told == expected
    assert "pinned is SHA256:" in shown


@pytest.mark.parametrize("name", ["password", "changed", "unknown", "closed", "good"])
def test_what_ansible_does_not_tell_is_looked_for(
    scene: list[Target], bench: Bench, sshd: Sshd, name: str
) -> None:
    """When ssh ends before Ansible has written to it, Ansible tells of the broken pipe alone."""
    targets = {target.name: target for target in scene}
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        targets["closed"] = box("closed", replace(sshd, port=nobody.getsockname()[1]), "key")
        reach = Reach(bench.context(), targets)
        said = str(reach.why(name, PIPE))
    assert (
        said
        == {
            "password": REFUSED,
            "changed": CHANGED,
            "unknown": UNKNOWN,
            "closed": "nothing listens there (connection refused)",
            "good": f"unreachable: {PIPE}",
        }[name]
    )
