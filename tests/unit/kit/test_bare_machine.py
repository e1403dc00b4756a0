"""A kit on a machine that has Python and nothing else: no package, no index, no network."""

from __future__ import annotations

import subprocess
import sys
import venv

import pytest

from dcctl.model.status import RunStatus
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.audit.kit.make import KitRequest, make
from dcctl.workflows.audit.kit.merge import merge
from dcctl.workflows.services import open_site
from tests.unit.estate import site as estate
from tests.unit.executors.conftest import needs_root, sshd  # noqa: F401 - a fixture


@needs_root
@pytest.mark.slow
@pytest.mark.lab
def test_it_reads_there_and_is_judged_here(sshd, tmp_path) -> None:  # noqa: F811 - the fixture
    root, bare = tmp_path / "site", tmp_path / "bare"
    user = {"username: dcctl, agent: true": f"username: {sshd.user}, key: client"}
    estate.write(root, estate.changed("dcctl.yml", *user.items()))
    hosts = root / "inventory/hosts/servers.yml"
    text = hosts.read_text().replace("10.0.1.1\n", f"127.0.0.1\n      ansible_port: {sshd.port}\n")
    hosts.write_text(text)
    known = root / "inventory/known_hosts"
    with open_site(root, operator="minh") as services:
        target = services.estate.target("s1")
        alias = target.connection.host_key_alias or f"[127.0.0.1]:{sshd.port}"
        known.write_text(f"{alias} {sshd.host_key}\n")
        made = make(KitRequest(limit="s1"), tmp_path / "kit.zip", services)
    assert next(str(need) for need in made.needs).startswith("the file client")
    assert made.unpinned == ()

    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python"
    nothing = subprocess.run([python, "-c", "import paramiko"], capture_output=True, check=False)
    assert nothing.returncode != 0
    bare.mkdir()

    def there(*before: str) -> subprocess.CompletedProcess[str]:
        command = [*before, str(python), str(tmp_path / "kit.zip"), "-O", "result.zip"]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(bare), "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            command, cwd=bare, env=environment, capture_output=True, text=True, check=False
        )

    alone = there("unshare", "-n")  # no network at all: everything it runs is in the kit
    assert alone.returncode == 4, alone
    assert "0 of 1 read whole" in alone.stdout
    (folder,) = bare.glob("dcctl-kit-*")
    assert folder.stat().st_mode & 0o077 == 0
    (folder / "client").write_bytes((sshd.folder / "client").read_bytes())
    (folder / "client").chmod(0o600)
    done = there()
    assert done.returncode in (0, 4), done  # 4: this machine has a topic that can't be read
    assert "Traceback" not in done.stderr
    assert len(sshd.said(r"Accepted publickey")) == 1  # one round trip for all topics

    with open_site(root, operator="minh") as services:
        taken = merge(bare / "result.zip", services)
        assert taken.record.run.status is RunStatus.FINISHED
        assert taken.record.readings["s1"]["version"]["status"] == "parsed"
        told = evaluate(EvaluateRequest(), services).assessment
        assert told.counts()["pass"] > 5

    other = (tmp_path / "kit.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(other[:-1] + bytes([other[-1] ^ 1]))
    cut = subprocess.run(
        [python, str(tmp_path / "cut.zip")], cwd=bare, capture_output=True, text=True, check=False
    )
    assert cut.returncode == 1
    assert "altered" in cut.stderr
    assert sys.version_info >= (3, 11)
