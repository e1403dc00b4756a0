"""Raising the two servers: one built by its roles and hardened, one bare and weakened."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dcctl import checks, lab
from dcctl.errors import ExitCode
from dcctl.model.outcome import Finding
from dcctl.model.target import Connection, Target
from dcctl.workflows import lab as lab_workflow
from dcctl.workflows.audit import again
from dcctl.workflows.audit.collect import CollectRequest, collect
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.build import build
from dcctl.workflows.plan import PlanRequest
from dcctl.workflows.services import LAB_FOLDER, open_site
from tests.lab.audited.table import expectations

ROOT = Path(__file__).parents[3]
SITE = Path(__file__).with_name("site")
WEAK, HARDENED = "hl-sto-a02", "hl-sto-a01"
PAIR = f"{WEAK},{HARDENED}"
TIME_SERVER = "hl-mgt-a01"  # and collector; the other collector is where backups go
BUILT = f"{TIME_SERVER},hl-bak-a01,{HARDENED}"
AUDITOR = "auditor"
SCANNERS = ("openscap-scanner", "openscap-common", "ssg-debian", "lynis")
_SHARED = (*SCANNERS, "chrony", "nfs-kernel-server")
_OWN = {
    WEAK: (*_SHARED, "borgbackup", "btrfs-progs"),
    HARDENED: (*_SHARED, "borgbackup", "clamav-daemon", "strace"),
}
# What the packages above started and neither server is there for; rpcbind stays on the weak one.
_QUIET = "systemctl disable -q --now rpcbind.socket rpcbind.service || true"
Statuses = dict[str, str]  # by check
_SERVER = Target(name="any", platform="linux", kind="server", connection=Connection(address=""))


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Both servers, up; commands are run in them past their network, audits over SSH."""

    root: Path

    @property
    def folder(self) -> Path:
        """The lab's."""
        return self.root / LAB_FOLDER

    def inside(self, name: str, command: str, timeout: float = 900) -> str:
        """What a shell command says that must work."""
        done = lab.inside(self.folder, name, ["sh", "-c", command], timeout=timeout)
        assert done.returncode == 0, f"{name}: {command}: {done.stdout}{done.stderr}"
        return done.stdout

    def audited(self, limit: str = PAIR) -> list[Finding]:
        """Collect over SSH, as `dcctl audit collect --lab` does, and judge what was kept.

        By the catalogue's rows, and by the checks of the audit that no row of servers asks for.
        """
        with open_site(self.root, lab=True) as services:
            collected = collect(CollectRequest(limit=limit), services)
            record = evaluate(EvaluateRequest(run=collected.run.id, level=4), services)
            assert record.assessment is not None
            found = [one for result in record.assessment.results for one in result.findings]
            rest = set(checks.pack("audit")) - {finding.check for finding in found}
            others = again.findings(record, services.journal.blob, checks.tailor(sorted(rest)))
        return [*found, *(one for one in others if of_servers(one.check))]

    def statuses(self, limit: str = PAIR) -> dict[str, Statuses]:
        """Every check's status on each server; one that two rows ask for must say one thing."""
        return by_target(self.audited(limit))


def of_servers(check_id: str) -> bool:
    """Whether a check is for Linux, too."""
    return not checks.all_checks()[check_id].applies(_SERVER)


def by_target(findings: Iterable[Finding]) -> dict[str, Statuses]:
    """Their statuses, by target and check."""
    found: dict[str, Statuses] = {}
    for finding in findings:
        said = found.setdefault(finding.target, {}).setdefault(finding.check, finding.status)
        assert said == finding.status, f"{finding.check} says two things of {finding.target}"
    return found


def site(root: Path) -> Path:
    """The sample estate with what an audit needs of a site: its mirror, its packages."""
    shutil.copytree(ROOT / "inventory", root / "inventory")
    shutil.copytree(SITE / "roles", root / "roles")
    config = yaml.load((ROOT / "dcctl.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    own = yaml.load((SITE / "checks.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    config["checks"] |= own
    (root / "dcctl.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return root


def raised(root: Path) -> Pair:
    """Both servers, and the two that serve them; what has to be taken down by `lab.down`."""
    with open_site(root) as services:
        request = lab_workflow.LabUpRequest(limit=f"{BUILT},{WEAK}")
        lab_workflow.up(request, services, progress=lambda _text: None)
    with open_site(root, lab=True, approve=lambda _plan: True) as services:
        record = build(PlanRequest(limit=BUILT), services)
    assert record.exit_code() is ExitCode.OK, record.outcomes
    pair = Pair(root=root)
    weaken(pair)
    harden(pair)
    return pair


def weaken(pair: Pair) -> None:
    """A bare Debian, and everything that the table plants."""
    disks = "/dev/disk/by-id/lab-ZHLA02D"
    install(pair, WEAK)
    pair.inside(
        WEAK, f"mkfs.btrfs -q -f {disks}1 && mkdir -p /srv/data && mount {disks}1 /srv/data"
    )
    for row in expectations():
        if row.plant:
            pair.inside(WEAK, row.plant)


def harden(pair: Pair) -> None:
    """What the roles left, and what they do not do."""
    password = secrets.token_urlsafe(18)
    install(pair, HARDENED)
    pair.inside(HARDENED, _QUIET)
    pair.inside(HARDENED, f"useradd -m -s /bin/bash -G operators {AUDITOR}")
    for row in expectations():
        if row.harden:
            pair.inside(HARDENED, row.harden)
    given = ["sh", "-c", f'usermod -p "$(openssl passwd -6 -stdin)" {AUDITOR}']
    assert lab.inside(pair.folder, HARDENED, given, stdin=f"{password}\n").returncode == 0
    pair.inside(
        HARDENED, f"cp -r /root/.ssh /home/{AUDITOR}/ && chown -R {AUDITOR}: /home/{AUDITOR}"
    )
    pair.inside(HARDENED, "sshd -t && systemctl reload ssh")
    _enter_as_auditor(pair, password)


def install(pair: Pair, name: str) -> None:
    """The packages of one of the two, from the lab's mirror."""
    names = " ".join(_OWN[name])
    pair.inside(name, "apt-get -qq update")
    pair.inside(name, f"DEBIAN_FRONTEND=noninteractive apt-get -qq -y install {names}")


def _enter_as_auditor(pair: Pair, password: str) -> None:
    """From now on it is entered with a key and a password, and root's rights are asked for."""
    secret = pair.folder / "keys/auditor"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    file = pair.folder / "overlay.json"
    overlay: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    reference = f"file:{secret}"
    overlay["credentials"]["lab-auditor"] = {
        "username": AUDITOR,
        "key": str(pair.folder / "keys/id_ed25519"),
        "password": reference,
        "become": {"method": "sudo", "password": reference},
    }
    overlay["targets"][HARDENED]["credential"] = "lab-auditor"
    file.write_text(json.dumps(overlay), encoding="utf-8")
