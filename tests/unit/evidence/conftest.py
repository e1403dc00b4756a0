"""A site whose journal has runs, and the three parties with their keys."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dcctl.model.status import RunStatus
from dcctl.workflows.journal import checkpoint, key, witness
from dcctl.workflows.services import open_site
from tests.unit.estate import site as estate
from tests.unit.evidence.packed import Packed
from tests.unit.journal.conftest import small_plan, write_shard

ORIGIN = "hoalac.example/journal"
POLICY = Path("inventory/evidence.policy")
ROLES = ("operator", "auditor", "province")


class Parties:
    """The operator's site, and what the auditor and the province have on their own media."""

    def __init__(self, root: Path) -> None:
        self.root, self.media, self.own = root / "site", root / "usb", root / "own"

    def keys(self) -> None:
        lines = [
            key.make(self.own / role, ORIGIN if role == "operator" else f"{role}.example", role)
            for role in ROLES
        ]
        (self.root / POLICY).write_text(
            "\n".join([*lines, "group both all auditor province", "quorum both", ""])
        )
        shutil.copy(self.root / POLICY, self.own / "policy")

    def opened(self):
        return open_site(self.root, operator="lan")

    def run(self, *, text: str = "evidence") -> str:
        """A run that ended."""
        with self.opened() as services:
            journal = services.journal
            run = journal.open_run(small_plan(), operator="lan", request={"text": text})
            write_shard(journal, run, "one", "a")
            write_shard(journal, run, "two", "b")
            journal.import_run(run.id)
            journal.finish_run(run.id, RunStatus.FINISHED)
            return run.id

    def checkpoint(self, *, key: str = "operator", since: int | None = None):
        with self.opened() as services:
            return checkpoint.checkpoint(self.own / key, services, out=self.media, since=since)

    def cosign(self, name: str, *, key: str = ""):
        return witness.cosign(
            self.media / f"{name}.add-checkpoint", self.own / (key or name), self.own / "policy"
        )

    def take(self, name: str):
        with self.opened() as services:
            return witness.take(self.media / f"{name}.cosignature", services)

    def witnessed(self):
        """A checkpoint that everybody cosigned."""
        self.checkpoint()
        for name in ("auditor", "province"):
            self.cosign(name)
            head = self.take(name)
        return head

    def copy(self, root: Path) -> Parties:
        shutil.copytree(self.root.parent, root, dirs_exist_ok=True)
        return Parties(root)


@pytest.fixture(scope="session")
def _made(tmp_path_factory):
    made = Parties(tmp_path_factory.mktemp("parties"))
    estate.write(made.root)
    made.keys()
    made.run()
    made.run()
    return made


@pytest.fixture
def parties(_made, tmp_path):
    """Keys, a policy, two runs; no checkpoint yet."""
    return _made.copy(tmp_path)


@pytest.fixture(scope="session")
def _witnessed(_made, tmp_path_factory):
    made = _made.copy(tmp_path_factory.mktemp("witnessed"))
    made.witnessed()
    return made


@pytest.fixture
def witnessed(_witnessed, tmp_path):
    """The same, with a checkpoint that everybody cosigned."""
    return _witnessed.copy(tmp_path)


@pytest.fixture(scope="session")
def bundle(_witnessed, tmp_path_factory):
    """The evidence of a run under that checkpoint."""
    return Packed(_witnessed.copy(tmp_path_factory.mktemp("packed")))
