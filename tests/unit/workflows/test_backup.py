"""Whole configurations, kept sealed: over SSH from simulated routers, and brought back to them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dcctl import lab, platforms
from dcctl.contracts import Context
from dcctl.errors import InvalidInput, NotFound, Unparsed
from dcctl.executors import _backup, sealing
from dcctl.model.approval import Approval
from dcctl.model.status import StepStatus
from dcctl.workflows.backup import (
    BackupRequest,
    backup,
    diff,
    export,
    find,
    history,
    restore,
    text_of,
)
from dcctl.workflows.services import LAB_FOLDER, Services, open_site
from tests.faults.planting import copied, raised
from tests.faults.test_network_faults import type_in
from tests.unit.executors.conftest import Maker

NAMES = ("p01-pe1", "p79-pe2")
LIMIT = ",".join(NAMES)
SECRET = {
    "p01-pe1": r"username netops .* secret 9 (\S+)",
    "p79-pe2": r"encrypted-password \"(\S+)\"",
}
# What XE's own safety net stands on is set up with the first change, and stays.
ARCHIVE = ("+archive", "+ path flash:dcctl-archive", "+ maximum 10", "+!")
BY_HAND = {
    "p01-pe1": [
        "interface TenGigabitEthernet0/0/1",
        "description by hand",
        "exit",
        "banner motd #hi#",
    ],
    "p79-pe2": ["set interfaces xe-0/1/1 description by-hand", "set system services ftp"],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = copied(tmp_path_factory.mktemp("backup"))
    raised(made, LIMIT)
    yield made
    lab.down(made / LAB_FOLDER)


@pytest.fixture
def services(root: Path) -> Iterator[Services]:
    with open_site(
        root,
        lab=True,
        serial=True,
        approve=lambda _plan: True,
        approvals=frozenset({Approval.DESTRUCTIVE}),
    ) as opened:
        yield opened


def kept_now(services: Services) -> None:
    record = backup(BackupRequest(limit=LIMIT), services)
    assert {outcome.status for outcome in record.outcomes.values()} == {StepStatus.OK}


@pytest.mark.parametrize("name", NAMES)
def test_a_change_by_hand_is_seen_and_taken_back_and_no_secret_is_told(
    root: Path, services: Services, name: str
) -> None:
    kept_now(services)
    (first,) = history(name, services, 1)
    whole = text_of(first, services, secrets=True)
    secret = re.search(SECRET[name], whole)
    assert secret
    assert secret.group(1) not in text_of(first, services)

    type_in(root, name, BY_HAND[name])
    kept_now(services)
    (second,) = history(name, services, 1)
    changed = diff(first, second, services)
    assert any(line.startswith("+") and "by" in line and "hand" in line for line in changed)
    assert secret.group(1) not in "\n".join(changed)
    (other,) = set(NAMES) - {name}
    newer, older = history(other, services, 2)
    assert newer.fingerprint == older.fingerprint

    record = restore(first, services, settle_s=1)
    outcome = record.outcomes[f"{name}/config:restore"]
    assert outcome.status is StepStatus.CHANGED, (str(outcome.message), outcome.data["diff"])
    kept_now(services)
    left = diff(first, history(name, services, 1)[0], services)[2:]
    assert [line for line in left if line[0] in "+-" and line not in ARCHIVE] == []
    assert restore(first, services, settle_s=1).step_counts()["changed"] == 0
    for folder in (root / LAB_FOLDER).rglob("*"):
        if folder.is_file() and "shard" in str(folder):
            assert secret.group(1).encode() not in folder.read_bytes()
    told = {str(digest) for one in history(name, services) for digest in (one.sealed,)}
    assert all(secret.group(1).encode() not in services.journal.blob(digest) for digest in told)


def test_a_changed_secret_shows_as_another_mark(root: Path, services: Services) -> None:
    kept_now(services)
    type_in(root, "p01-pe1", ["snmp-server community first-community ro"])
    kept_now(services)
    type_in(
        root,
        "p01-pe1",
        ["no snmp-server community first-community ro", "snmp-server community other-community ro"],
    )
    kept_now(services)
    new, old = history("p01-pe1", services, 2)
    lines = [line for line in diff(old, new, services) if "snmp-server community" in line]
    assert [line[0] for line in lines] == ["-", "+"]
    assert lines[0][1:] != lines[1][1:]
    assert not any("community first" in line or "other" in line for line in lines)


def test_a_backup_is_found_by_run_seal_and_latest(services: Services) -> None:
    kept_now(services)
    newest, *_ = history("p01-pe1", services)
    for name in ("latest", newest.run, newest.run[-6:], newest.sealed[:10]):
        assert find("p01-pe1", name, services) == newest
    with pytest.raises(NotFound, match="no backup nothing"):
        find("p01-pe1", "nothing", services)


def test_another_key_opens_nothing_and_a_second_line_of_the_old_one_does(
    root: Path, services: Services
) -> None:
    kept_now(services)
    (kept,) = history("p01-pe1", services, 1)
    path = root / LAB_FOLDER / "backup.key"
    old = path.read_text(encoding="ascii")
    try:
        path.write_text(sealing.new_key() + "\n", encoding="ascii")
        with pytest.raises(InvalidInput, match="can't be opened"):
            text_of(kept, services)
        path.write_text(sealing.new_key() + "\n" + old, encoding="ascii")
        assert "hostname" in text_of(kept, services)
        path.chmod(0o644)
        with pytest.raises(InvalidInput, match="others may read"):
            backup(BackupRequest(limit=LIMIT), services)
    finally:
        path.chmod(0o600)
        path.write_text(old, encoding="ascii")


def test_an_export_is_one_commit_only_when_something_differs(
    root: Path, services: Services, tmp_path: Path
) -> None:
    def commits() -> int:
        told = subprocess.run(
            ["git", "-C", str(tmp_path), "rev-list", "--count", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
        )
        return int(told.stdout)

    kept_now(services)
    assert {path.name for path in export(tmp_path, services, LIMIT)} == {f"{n}.cfg" for n in NAMES}
    export(tmp_path, services, LIMIT)
    assert commits() == 1
    type_in(root, "p01-pe1", ["banner motd #another#"])
    kept_now(services)
    export(tmp_path, services, LIMIT)
    assert commits() == 2
    assert "«redacted" in (tmp_path / "cisco_xe" / "p01-pe1.cfg").read_text(encoding="utf-8")


class Answers:
    """A device that answers with these texts, one after the other."""

    read_only = True

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)

    def send(self, command: str, *, timeout: float | None = None) -> str:
        del command, timeout
        return self.texts.pop(0)

    def configure(
        self, lines: Sequence[str], *, enter: str = "", timeout: float | None = None
    ) -> str:
        raise AssertionError

    def host(self, arguments: Sequence[str], *, stdin: str = "") -> str:
        raise AssertionError

    def close(self) -> None:
        """Nothing to end."""


WHOLE = "hostname a\ninterface one\n mtu 1500\nend\n"


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ((WHOLE[:20], WHOLE[:20]), "does not end"),
        (("", ""), "is empty"),
        ((WHOLE, "x\n" + WHOLE, "y\n" + WHOLE), "changes from one read"),
    ],
)
def test_a_configuration_that_is_not_whole_is_not_kept(
    tmp_path: Path, texts: tuple[str, ...], why: str
) -> None:
    maker = Maker(tmp_path)
    context = context_with_key(maker, tmp_path)
    with pytest.raises(Unparsed, match=why):
        _backup.keep(Answers(*texts), platforms.get("cisco_xe"), context, "a", "backup")
    assert not maker.kept.blobs


def test_lines_that_change_by_themselves_do_not_count(tmp_path: Path) -> None:
    maker = Maker(tmp_path)
    texts = [
        f"! Last configuration change at {hour}:00:00 UTC\n{WHOLE}" for hour in (10, 11, 12, 12)
    ]
    context = context_with_key(maker, tmp_path)
    xe = platforms.get("cisco_xe")
    one = _backup.keep(Answers(*texts[:2]), xe, context, "a", "backup")
    two = _backup.keep(Answers(*texts[2:]), xe, context, "a", "backup")
    assert one.data["fingerprint"] == two.data["fingerprint"]
    assert one.text == texts[1]


def context_with_key(maker: Maker, folder: Path) -> Context:
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_text(sealing.new_key(), encoding="ascii")
    return maker(backup_key=f"file:{key}")
