"""Every fault planted in a real server flips its check, and only checks that follow it."""

# ruff: noqa: E501 - what is typed into a shell stays on one line

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

import pytest

from dcctl import checks, clock, executors, lab, platforms
from dcctl.contracts import Context
from dcctl.model.status import FindingStatus
from tests.lab.conftest import _site, need_root, server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.outcome import Finding
    from tests.lab.conftest import LabSite

pytestmark = [pytest.mark.lab, pytest.mark.slow]

NAME, ADDRESS = "flt-sto-a01", "10.60.12.91"
TOPICS = tuple(collector.topic for collector in platforms.get("linux").collectors)
CHECKS = tuple(
    name
    for name in checks.all_checks()
    # Backups need a second host; TLS needs a CA. Their roles' tests have both.
    if not name.startswith("backup.") and name != "logging.encrypted"
)

PREPARE = r"""
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y install chrony rsyslog prometheus-node-exporter btrfs-progs nftables logrotate \
    lsof rsync sudo locales less ca-certificates tzdata iproute2 >/dev/null 2>&1
printf 'local stratum 10\n' >>/etc/chrony/chrony.conf; systemctl restart chrony
mkdir -p /etc/systemd/journald.conf.d /var/log/journal
printf '[Journal]\nStorage=persistent\nMaxRetentionSec=180day\n' >/etc/systemd/journald.conf.d/t.conf
cat >/etc/systemd/system/sink.service <<'U'
[Service]
ExecStart=/usr/bin/python3 -c "import socket,time; s=socket.create_server(('',6514)); k=[s.accept() for _ in range(99)]"
U
systemctl daemon-reload; systemctl start sink; sleep 0.3
for a in 127.0.0.1 127.0.0.2; do
    printf 'action(type="omfwd" target="%s" port="6514" protocol="tcp")\n' $a
done >/etc/rsyslog.d/10-t.conf
systemctl restart rsyslog; logger hello
cat >/etc/nftables.conf <<'U'
flush ruleset
table inet t {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        iif lo accept
        tcp dport { 22, 9100 } accept
    }
}
U
systemctl enable -q --now nftables
disk() { readlink -f /dev/disk/by-id/lab-$1; }
mkfs.btrfs -q -L data -d raid1 -m raid1 $(disk FLT1) $(disk FLT2) >/dev/null 2>&1
mkdir -p /srv/data; mount $(disk FLT1) /srv/data; btrfs scrub start -B /srv/data >/dev/null
printf '[Timer]\nOnCalendar=weekly\n[Install]\nWantedBy=timers.target\n' >/etc/systemd/system/dcctl-scrub-data.timer
printf '[Service]\nExecStart=/bin/true\n' >/etc/systemd/system/dcctl-scrub-data.service
systemctl daemon-reload; systemctl enable -q --now dcctl-scrub-data.timer
ln -sf /usr/share/zoneinfo/Asia/Ho_Chi_Minh /etc/localtime; echo LANG=en_US.UTF-8 >/etc/default/locale
echo '10.60.12.91 flt-sto-a01' >>/etc/hosts
cat >/etc/ssh/sshd_config.d/00-t.conf <<'U'
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxAuthTries 3
ClientAliveInterval 100
ClientAliveCountMax 3
AllowGroups root
KexAlgorithms curve25519-sha256
Ciphers aes256-ctr
MACs hmac-sha2-512
U
cd /proc/sys/net/ipv4
for c in accept_redirects accept_source_route send_redirects; do echo 0 >conf/all/$c; done
for c in log_martians rp_filter; do echo 1 >conf/all/$c; done
echo 1 >tcp_syncookies; echo 1 >icmp_echo_ignore_broadcasts
for c in accept_redirects accept_source_route; do echo 0 >/proc/sys/net/ipv6/conf/all/$c || true; done
useradd -m minh || true
"""


def ssh_line(line: str) -> tuple[str, str]:
    file = "/etc/ssh/sshd_config.d/00-0.conf"
    return f"echo '{line}' >{file}", f"rm {file}"


def moved(path: str) -> tuple[str, str]:
    return f"mv {path} {path}.away", f"mv {path}.away {path}"


# check: what plants the fault, what takes it away
FAULTS = {
    "accounts.uid_zero": (
        "echo 'toor:x:0:0::/root:/bin/sh' >>/etc/passwd",
        "sed -i /^toor:/d /etc/passwd",
    ),
    "accounts.empty_passwords": ("passwd -q -d minh", "passwd -q -l minh"),
    "accounts.present": ("usermod -aG operators minh", "gpasswd -d minh operators"),
    "accounts.system_shells": (
        "echo 'news:abc' | chpasswd; chsh -s /bin/sh news",
        "passwd -q -l news; chsh -s /usr/sbin/nologin news",
    ),
    "accounts.sudo_passwordless": (
        "echo 'minh ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/planted",
        "rm /etc/sudoers.d/planted",
    ),
    "disks.writable": ("mount -o remount,ro /srv/data", "mount -o remount,rw /srv/data"),
    "firewall.at_boot": ("systemctl -q disable nftables", "systemctl -q enable nftables"),
    "firewall.default_deny": (
        "nft chain inet t input '{ policy accept; }'",
        "nft chain inet t input '{ policy drop; }'",
    ),
    "firewall.open_ports": (
        "nft add rule inet t input tcp dport 3306 accept",
        "nft -f /etc/nftables.conf",
    ),
    "kernel.sysctls": (
        "echo 1 >/proc/sys/net/ipv4/conf/all/accept_redirects",
        "echo 0 >/proc/sys/net/ipv4/conf/all/accept_redirects",
    ),
    "logging.collectors": (
        "sed -i 2d /etc/rsyslog.d/10-t.conf",
        """sed 's/0[.]1"/0.2"/' /etc/rsyslog.d/10-t.conf >/tmp/x; cat /tmp/x >>/etc/rsyslog.d/10-t.conf""",
    ),
    "logging.forwarding": (
        "systemctl stop sink; sleep 0.2; logger x",
        "systemctl start sink; sleep 0.2; systemctl restart rsyslog; logger y; sleep 0.3",
    ),
    "logging.persistent": (
        "echo Storage=volatile >>/etc/systemd/journald.conf.d/t.conf",
        "sed -i /volatile/d /etc/systemd/journald.conf.d/t.conf",
    ),
    "logging.retention": (
        "sed -i s/180day/20day/ /etc/systemd/journald.conf.d/t.conf",
        "sed -i s/20day/180day/ /etc/systemd/journald.conf.d/t.conf",
    ),
    "monitoring.agent": (
        "systemctl stop prometheus-node-exporter",
        "systemctl start prometheus-node-exporter; sleep 1",
    ),
    "packages.required": ("dpkg -r --force-depends lsof", "apt-get -qq -y install lsof"),
    "services.none_failed": ("systemd-run -q --unit=planted --wait false || true", "systemctl reset-failed planted"),
    "services.required": ("systemctl stop nftables; nft -f /etc/nftables.conf", "systemctl start nftables"),
    "sockets.declared": (
        "systemd-run -q --unit=planted python3 -m http.server 8080; sleep 1",
        "systemctl stop planted",
    ),
    "sockets.insecure_services": (
        "systemd-run -q --unit=planted python3 -m http.server 23; sleep 1",
        "systemctl stop planted",
    ),
    "ssh_server.access": (
        "sed -i s/^AllowGroups/#AllowGroups/ /etc/ssh/sshd_config.d/00-t.conf",
        "sed -i s/^#AllowGroups/AllowGroups/ /etc/ssh/sshd_config.d/00-t.conf",
    ),
    "ssh_server.ciphers": ssh_line("Ciphers aes256-ctr,3des-cbc"),
    "ssh_server.empty_passwords": ssh_line("PermitEmptyPasswords yes"),
    "ssh_server.idle_timeout": ssh_line("ClientAliveInterval 0"),
    "ssh_server.max_auth_tries": ssh_line("MaxAuthTries 20"),
    "ssh_server.password_authentication": ssh_line("PasswordAuthentication yes"),
    "ssh_server.root_login": ssh_line("PermitRootLogin yes"),
    "system.hostname": ("hostname elsewhere", f"hostname {NAME}"),
    "system.hosts": ("sed -i s/^10.60.12.91/10.9.9.9/ /etc/hosts", "sed -i s/^10.9.9.9/10.60.12.91/ /etc/hosts"),
    "system.locale": moved("/etc/default/locale"),
    "system.reboot_pending": ("touch /run/reboot-required", "rm /run/reboot-required"),
    "system.time_zone": (
        "ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime",
        "ln -sf /usr/share/zoneinfo/Asia/Ho_Chi_Minh /etc/localtime",
    ),
    "time_sync.synchronised": (
        "sed -i '/^local stratum/d' /etc/chrony/chrony.conf; systemctl restart chrony",
        "echo 'local stratum 10' >>/etc/chrony/chrony.conf; systemctl restart chrony; sleep 0.5",
    ),
    "volume.scrub_timer": (
        "systemctl stop dcctl-scrub-data.timer",
        "systemctl start dcctl-scrub-data.timer",
    ),
    # The last one: the disk stays damaged.
    "volume.health": (
        "dd if=/dev/urandom of=/srv/data/f bs=1M count=20 status=none; sync; dd if=/dev/zero of=$(readlink -f /dev/disk/by-id/lab-FLT2) bs=1M seek=1 count=1000 conv=notrunc status=none; btrfs scrub start -B /srv/data || true",
        "btrfs device stats -z /srv/data; btrfs scrub start -B /srv/data",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabSite]:
    """One server, built by hand so that everything passes."""
    need_root()
    target = server(NAME, ADDRESS, "FLT1", "FLT2")
    made = _site(tmp_path_factory.mktemp("faults"), [target])
    made.inside(NAME, "bash", "-ec", PREPARE, timeout=300)
    made.targets[NAME] = dataclasses.replace(
        made.targets[NAME],
        intent={
            **target.intent,
            "management_address": ADDRESS,
            "services": {
                "units": ["ssh", "chrony", "rsyslog", "nftables"],
                "listening": [22, 9100, "6514/tcp"],
            },
        },
        variables={"accounts_users": [{"name": "minh"}], "accounts_admin_group": "operators"},
        peers={"time_servers": [{"name": NAME, "address": ADDRESS}]},
        roles=("monitoring_agent",),
    )
    made.inside(NAME, "groupadd", "-f", "operators")
    yield made
    lab.down(made.folder)


def judge(site: LabSite) -> dict[str, Finding]:
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
        readings = executor.read(site.targets[NAME], TOPICS)
    finally:
        executor.close()
    found = checks.evaluate(site.targets[NAME], readings, checks.tailor(CHECKS))
    return {finding.check: finding for finding in found}


def well(findings: dict[str, Finding]) -> dict[str, str]:
    good = {FindingStatus.PASS, FindingStatus.NOT_APPLICABLE}
    return {
        name: f"{finding.status}: {finding.message}"
        for name, finding in findings.items()
        # A clock that follows nobody can't say how far it is off.
        if finding.status not in good and name != "time_sync.offset"
    }


def healed(site: LabSite) -> dict[str, str]:
    """What is still wrong after the fault is gone; services take a moment."""
    end = clock.monotonic() + 8
    while (left := well(judge(site))) and clock.monotonic() < end:
        clock.sleep(0.5)
    return left


@pytest.mark.parametrize("check", FAULTS)
def test_a_fault_flips_its_check_and_only_those_that_follow_it(site: LabSite, check: str) -> None:
    assert healed(site) == {}
    plant, heal = FAULTS[check]
    site.inside(NAME, "bash", "-c", plant, timeout=60)
    try:
        flipped = well(judge(site))
    finally:
        site.inside(NAME, "bash", "-c", heal, timeout=60)
    assert check in flipped
    undeclared = {
        name: words
        for name, words in flipped.items()
        if name != check and check not in checks.all_checks()[name].follows
    }
    assert undeclared == {}
