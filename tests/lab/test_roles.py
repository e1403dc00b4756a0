"""Every role on real hosts: its probe fails before, its prediction holds, its probe passes after.

A second apply changes nothing, and one mutation flips the probe. Slow but for two roles.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dcctl import checks, discovery, executors, lab
from dcctl.contracts import Context
from dcctl.model.outcome import Finding, Outcome
from dcctl.model.plan import Step, StepKind
from dcctl.model.role import RoleSpec
from dcctl.model.status import FindingStatus, StepStatus
from dcctl.model.target import Target
from dcctl.planning.roles import load_roles

from .conftest import LabSite, _site, need_root, server

pytestmark = pytest.mark.lab

ROOT = discovery.data_root() / "roles"
ROLES = load_roles([ROOT])
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKXekSfWCJyIqqCDgmzdnpvuHtyM2wAAIKteziVT/3u7 anh"
# What breaks a role's work on a host, and nothing else.
MUTATIONS = {
    "base": ["ln", "-sf", "/usr/share/zoneinfo/Etc/UTC", "/etc/localtime"],
    "accounts": ["userdel", "anh"],
    "login_policy": ["rm", "/etc/profile.d/50-dcctl-timeout.sh"],
    "ssh_hardening": ["rm", "/etc/ssh/sshd_config.d/00-dcctl.conf"],
    "time_sync": ["systemctl", "stop", "chrony"],
    "logging": ["rm", "/etc/rsyslog.d/10-dcctl-forward.conf"],
    "firewall": ["nft", "flush", "ruleset"],
    "kernel_hardening": ["sysctl", "-qw", "net.ipv4.tcp_syncookies=0"],
    "monitoring_agent": ["systemctl", "stop", "prometheus-node-exporter"],
    "storage_volume": ["umount", "/srv/data"],
    "backup_client": ["rm", "/var/lib/dcctl/backup/system.json"],
    "auditd": [
        "sed",
        "-i",
        "s/^space_left_action.*/space_left_action = ignore/",
        "/etc/audit/auditd.conf",
    ],
    "aide": ["rm", "/var/lib/aide/aide.db"],
}
SETTLE_S = 120  # how long clocks and connections may take on a busy machine


@dataclass
class Stage:
    """A lab of servers, and the executor's view of it."""

    site: LabSite
    targets: dict[str, Target]

    def context(self) -> Context:
        return Context(
            run="run",
            shard="shard",
            folder=str(self.site.root),
            site_root=str(self.site.root),
            lab=True,
            options={
                "roles_path": [str(ROOT)],
                "credentials": self.site.credentials,
                "safety_net_s": 180,  # a busy machine takes long from one task to the next
                "timeouts": {"connect": 10},
            },
            emit=lambda *_, **__: None,
            keep=lambda *_, **__: "digest",
            cancelled=lambda: False,
        )

    def steps(self, role: str) -> list[Step]:
        names = [name for name in self.targets if self.has(name, role)]
        return [
            Step(
                id=f"{name}/role:{role}",
                target=name,
                kind=StepKind.ROLE,
                name=role,
                executor="ansible_roles",
                changes=True,
                settings={"role": role, "verify": list(ROLES[role].verify)},
            )
            for name in names
        ]

    def has(self, name: str, role: str) -> bool:
        return role != "storage_volume" or bool(self.targets[name].intent.get("volumes"))

    def predict(self, role: str) -> Mapping[str, tuple[str, ...] | None]:
        executor = executors.build("ansible_roles", self.context())
        return executor.predict(self.steps(role), self.targets)

    def apply(self, role: str, **variables: Any) -> dict[str, Outcome]:
        executor = executors.build("ansible_roles", self.context())
        targets = {
            name: dataclasses.replace(target, variables={**target.variables, **variables})
            for name, target in self.targets.items()
        }
        return {o.step: o for o in executor.run(self.steps(role), targets)}

    def judge(self, role: str, name: str) -> tuple[Finding, ...]:
        """The role's verify checks, read from the host now."""
        wanted = {check: checks.all_checks()[check] for check in ROLES[role].verify}
        topics = sorted({topic for check in wanted.values() for topic in check.topics})
        shell = executors.build("server_shell", self.context())
        readings = shell.read(self.targets[name], topics)
        shell.close()
        parameters = {check: dict(value.parameters) for check, value in wanted.items()}
        return checks.evaluate(self.targets[name], readings, parameters)

    def passes(self, role: str, name: str) -> bool:
        """What a container has none of (a kernel's audit of its own) does not count."""
        found = {f.status for f in self.judge(role, name)} - {FindingStatus.NOT_APPLICABLE}
        return found == {FindingStatus.PASS}

    def settle(self, role: str, name: str, *, wanted: bool) -> None:
        """Wait until the probe says `wanted`: a clock or a connection takes its time."""
        deadline = time.monotonic() + SETTLE_S
        while self.passes(role, name) is not wanted:
            told = [f"{f.check}: {f.status} {f.message}" for f in self.judge(role, name)]
            assert time.monotonic() < deadline, told
            time.sleep(0.5)


def stage_at(root: Path, *names: str) -> Stage:
    """These servers, each told of all."""
    every = [server("hl-mgt", "10.60.10.51"), server("hl-sto", "10.60.10.31", "D1", "D2")]
    site = _site(root, [one for one in every if one.name in names])
    peers = {
        one.name: [{"name": one.name, "address": str(one.variables["ansible_host"])}]
        for one in every
    }
    mgt = peers["hl-mgt"]
    asked = {
        "time_servers": mgt,
        "log_collectors": [*mgt, *peers["hl-sto"]],
        "monitoring_collectors": mgt,
        "backup_repositories": mgt,
    }
    variables = {
        "management_networks": ["10.60.0.0/16"],
        "domain_name": "hoalac.example",
        "accounts_users": [{"name": "anh", "comment": "Anh", "admin": True, "keys": [KEY]}],
        "backup_client_password_secret": "file:secrets/backup-password",
    }
    targets = {
        name: dataclasses.replace(
            target, variables={**target.variables, **variables}, peers=asked, roles=tuple(ROLES)
        )
        for name, target in site.targets.items()
    }
    return Stage(site, targets)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One lab for all roles, in their order: each builds on those before."""
    need_root()
    built = stage_at(tmp_path_factory.mktemp("roles"), "hl-mgt", "hl-sto")
    yield built
    lab.down(built.site.folder)


def _uncovered(changed: tuple[str, ...], predicted: tuple[str, ...] | None) -> list[str]:
    assert predicted is not None, "nothing was predicted"
    return [
        line for line in changed if line not in predicted and line.split(" [")[0] not in predicted
    ]


def proved(stage: Stage, role: str) -> None:
    """The five things that hold of every role."""
    names = [step.target for step in stage.steps(role)]
    for name in names:
        assert not stage.passes(role, name), f"{name} passes before {role} was applied"
    predicted = stage.predict(role)
    for name in names:
        assert not stage.passes(role, name), f"{name}: predicting {role} changed it"
    for step_id, outcome in stage.apply(role).items():
        assert outcome.status is StepStatus.CHANGED, f"{step_id}: {outcome.message}"
        assert _uncovered(outcome.changed, predicted[step_id]) == []
    for name in names:
        stage.settle(role, name, wanted=True)
    for step_id, outcome in stage.apply(role).items():
        assert (outcome.status, outcome.changed) == (StepStatus.OK, ()), step_id
    stage.site.inside(names[-1], *MUTATIONS[role])
    if role == "ssh_hardening":  # sshd -T reads the file anew by itself, as a new connection would
        stage.site.inside(names[-1], "systemctl", "reload", "ssh")
    if role == "logging":
        stage.site.inside(names[-1], "systemctl", "restart", "rsyslog")
    stage.settle(role, names[-1], wanted=False)
    repaired = stage.apply(role)[f"{names[-1]}/role:{role}"]
    assert repaired.status is StepStatus.CHANGED, repaired.message
    stage.settle(role, names[-1], wanted=True)


@pytest.mark.parametrize("role", ["base"])
def test_quick_roles_are_proved(tmp_path: Path, role: str) -> None:
    need_root()
    stage = stage_at(tmp_path / "site", "hl-mgt")  # two hosts prove no more, at twice the cost
    try:
        proved(stage, role)
    finally:
        lab.down(stage.site.folder)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_roles_are_proved(stage: Stage, role: str) -> None:
    proved(stage, role)


@pytest.mark.slow
def test_a_kernel_that_is_not_its_own_is_reported(stage: Stage) -> None:
    report = stage.apply("kernel_hardening")["hl-mgt/role:kernel_hardening"].data["report"]
    told = report["kernel_hardening"]["not_settable"]
    assert told
    assert all(not name.startswith("net.") for name in told)


@pytest.mark.slow
def test_an_audit_that_is_not_its_own_is_reported_and_fails_no_unit(stage: Stage) -> None:
    report = stage.apply("auditd")["hl-mgt/role:auditd"].data["report"]
    assert report["auditd"]["not_settable"] == ["auditd", "audit rules"]
    failed = stage.site.inside("hl-mgt", "systemctl", "--failed", "--no-legend").stdout
    assert "audit" not in failed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "variables"),
    [
        # Rules and settings under which nobody comes in any more.
        ("firewall", {"firewall_management_networks": ["192.0.2.0/24"]}),
        ("ssh_hardening", {"ssh_hardening_groups": ["nobody-at-all"]}),
    ],
)
def test_a_lock_out_takes_itself_back(stage: Stage, role: str, variables: dict[str, Any]) -> None:
    for outcome in stage.apply(role).values():  # as it should be
        assert outcome.status in {StepStatus.OK, StepStatus.CHANGED}, outcome.message
    for outcome in stage.apply(role, **variables, **{f"{role}_revert_s": 30}).values():
        assert outcome.status in {StepStatus.FAILED, StepStatus.UNREACHABLE}, outcome.message
    for name in stage.targets:
        stage.settle(role, name, wanted=True)
    for step_id, outcome in stage.apply(role).items():
        assert outcome.status in {StepStatus.OK, StepStatus.CHANGED}, (
            f"{step_id}: {outcome.message}"
        )


def test_a_disk_that_holds_anything_is_refused_until_it_is_named(tmp_path: Path) -> None:
    need_root()
    stage = stage_at(tmp_path / "site", "hl-sto")
    try:
        stage.site.inside("hl-sto", "apt-get", "-q", "update")
        disk = "/dev/disk/by-id/lab-D2"
        script = f"mkswap -q {disk} && wipefs --no-act --json {disk}"
        held = stage.site.inside("hl-sto", "sh", "-c", script).stdout
        outcome = stage.apply("storage_volume")["hl-sto/role:storage_volume"]
        assert outcome.status is StepStatus.FAILED
        assert "D2" in str(outcome.message)
        assert "holds swap" in str(outcome.message)
        now = stage.site.inside("hl-sto", "wipefs", "--no-act", "--json", disk).stdout
        assert now == held  # untouched
        named = stage.apply("storage_volume", storage_volume_wipe=["D2"])
        outcome = named["hl-sto/role:storage_volume"]
        assert outcome.status is StepStatus.CHANGED, outcome.message
        assert stage.passes("storage_volume", "hl-sto")
        # A name that stays in the inventory never empties a volume that is in use.
        again = stage.apply("storage_volume", storage_volume_wipe=["D1", "D2"])
        assert again["hl-sto/role:storage_volume"].changed == ()
    finally:
        lab.down(stage.site.folder)


def test_the_matrix_is_whole() -> None:
    assert set(MUTATIONS) == set(ROLES)
    assert all(isinstance(role, RoleSpec) for role in ROLES.values())
