"""All topics of a real server in one round trip, and faults planted in it that checks must find."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from dcctl import checks, executors, platforms
from dcctl.contracts import Context
from dcctl.model.status import FindingStatus, ReadingStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.model.outcome import Finding, Reading
    from tests.lab.conftest import LabSite

pytestmark = pytest.mark.lab

NAME = "hl-sto-a01"
TOPICS = tuple(collector.topic for collector in platforms.get("linux").collectors)


def read(site: LabSite, topics: tuple[str, ...] = TOPICS) -> Mapping[str, Reading]:
    context = Context(
        run="r",
        shard="s",
        folder=str(site.root),
        site_root=str(site.root),
        lab=True,
        options={"credentials": site.credentials},
        emit=lambda *_, **__: None,
        keep=lambda content, **_: hashlib.sha256(content.encode()).hexdigest(),
        cancelled=lambda: False,
    )
    executor = executors.build("server_shell", context)
    try:
        return executor.read(site.targets[NAME], topics)
    finally:
        executor.close()


def judge(site: LabSite, check: str, **parameters: Any) -> Finding:
    asked = checks.tailor([check], {check: parameters})
    (finding,) = checks.evaluate(site.targets[NAME], read(site, checks.topics([check])), asked)
    return finding


def test_every_topic_of_a_fresh_server_is_read(lab_site: LabSite) -> None:
    readings = read(lab_site)
    assert set(readings) == set(TOPICS)
    for topic, reading in readings.items():
        assert reading.status in {ReadingStatus.PARSED, ReadingStatus.EMPTY}, (topic, reading)
        assert reading.evidence
    assert readings["system"].value.hostname == NAME
    assert readings["system"].value.container
    assert readings["version"].value.os == "debian"
    assert readings["services"].value.unit("ssh").active == "active"
    assert any(socket.port == 22 for socket in readings["sockets"].value.items)
    assert readings["boot"].value.uptime_s >= 0


# What to plant, what takes it away again, and the check that must find it.
FAULTS = {
    "accounts.uid_zero": (
        "echo 'toor:x:0:0::/root:/bin/sh' >>/etc/passwd",
        "sed -i /^toor:/d /etc/passwd",
    ),
    "accounts.empty_passwords": (
        "useradd guest; passwd -q -d guest",
        "userdel guest",
    ),
    "accounts.sudo_passwordless": (
        "mkdir -p /etc/sudoers.d; echo 'www-data ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/planted",
        "rm /etc/sudoers.d/planted",
    ),
    "services.none_failed": (
        "systemd-run -q --unit=planted --wait false; systemctl --no-pager list-units planted",
        "systemctl reset-failed planted",
    ),
    "sockets.insecure_services": (
        (
            "systemd-run -q --unit=planted-telnet python3 -m http.server 23; timeout 60 sh -c"
            " 'until ss -Hltn sport = :23 | grep -q .; do sleep 0.1; done'"
        ),
        "systemctl stop planted-telnet",
    ),
    "system.reboot_pending": ("touch /run/reboot-required", "rm /run/reboot-required"),
    "system.hostname": ("hostname elsewhere", f"hostname {NAME}"),
    "ssh_server.empty_passwords": (
        "echo 'PermitEmptyPasswords yes' >/etc/ssh/sshd_config.d/00-planted.conf",
        "rm /etc/ssh/sshd_config.d/00-planted.conf",
    ),
}


@pytest.mark.parametrize("check", FAULTS)
def test_a_planted_fault_is_found_and_its_removal_too(lab_site: LabSite, check: str) -> None:
    plant, remove = FAULTS[check]
    assert judge(lab_site, check).status is FindingStatus.PASS
    try:
        lab_site.inside(NAME, "sh", "-c", plant)
        finding = judge(lab_site, check)
        assert finding.status is FindingStatus.FAIL, str(finding.message)
    finally:
        lab_site.inside(NAME, "sh", "-c", remove)
    assert judge(lab_site, check).status is FindingStatus.PASS


# What a fresh server lacks, what puts it there, and what takes it away; the check must see both.
# PAM is told in a file that this system does not use itself, so that nobody is locked out.
HARDENED = {
    "login_policy.shell_timeout": (
        "echo 'readonly TMOUT=300; export TMOUT' >/etc/profile.d/audit.sh",
        "rm /etc/profile.d/audit.sh",
    ),
    "login_policy.lockout": (
        "echo 'auth required pam_faillock.so deny=5 unlock_time=900' >/etc/pam.d/system-auth",
        "rm /etc/pam.d/system-auth",
    ),
    "login_policy.password_strength": (
        "echo 'password requisite pam_pwquality.so minlen=14 minclass=4' >/etc/pam.d/system-auth",
        "rm /etc/pam.d/system-auth",
    ),
    "login_policy.password_history": (
        "echo 'password required pam_pwhistory.so remember=10' >/etc/pam.d/system-auth",
        "rm /etc/pam.d/system-auth",
    ),
    "accounts.sudo_logged": (
        "echo 'Defaults use_pty, logfile=/var/log/sudo.log' >/etc/sudoers.d/audit",
        "rm /etc/sudoers.d/audit",
    ),
    "ssh_server.several_factors": (
        "echo 'AuthenticationMethods publickey,password' >/etc/ssh/sshd_config.d/00-audit.conf",
        "rm /etc/ssh/sshd_config.d/00-audit.conf",
    ),
    "integrity.monitoring": (
        "mkdir /var/lib/aide /var/log/aide; cd /var; touch lib/aide/aide.db log/aide/aide.log;"  # noqa: ISC004 - one text
        " printf '[Timer]\\nOnCalendar=daily\\n[Install]\\nWantedBy=timers.target\\n'"
        " >/etc/systemd/system/aide-check.timer; touch /usr/bin/aide;"
        " systemctl enable -q aide-check.timer",
        "systemctl disable -q aide-check.timer; cd /etc/systemd/system; rm -r aide-check.timer"  # noqa: ISC004 - one text
        " /usr/bin/aide /var/lib/aide /var/log/aide",
    ),
}


@pytest.mark.parametrize("check", HARDENED)
def test_hardening_is_seen_and_its_removal_too(lab_site: LabSite, check: str) -> None:
    harden, undo = HARDENED[check]
    assert judge(lab_site, check).status is FindingStatus.FAIL
    try:
        lab_site.inside(NAME, "sh", "-c", harden)
        finding = judge(lab_site, check)
        assert finding.status is FindingStatus.PASS, str(finding.message)
    finally:
        lab_site.inside(NAME, "sh", "-c", undo)
    assert judge(lab_site, check).status is FindingStatus.FAIL


def test_an_audit_of_a_fresh_server_can_tell_or_says_why(lab_site: LabSite) -> None:
    """Nothing passes by accident on a server that nobody hardened for it."""
    target, names = lab_site.targets[NAME], tuple(checks.pack("audit"))
    readings = read(lab_site, checks.topics(checks.applicable(target, names)))
    found = {
        finding.check: finding.status
        for finding in checks.evaluate(target, readings, checks.tailor(names))
    }
    assert set(found) == set(names)
    for check in ("integrity.monitoring", "malware.protection", "login_policy.password_age"):
        assert found[check] is FindingStatus.FAIL
    assert found["audit.running"] is FindingStatus.NOT_APPLICABLE  # the kernel is another's
    assert found["block_devices.encrypted"] is not FindingStatus.PASS
    assert found["ceph.traffic"] is FindingStatus.NOT_APPLICABLE
