"""What a host of the lab can't do to the machine that it runs on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.lab.conftest import LabSite

pytestmark = pytest.mark.lab

NAME = "hl-mgt-a01"
FORBIDDEN = {"SYS_MODULE": 16, "SYS_RAWIO": 17, "SYS_TIME": 25, "MKNOD": 27}
SETTINGS = ("kernel/panic", "kernel/printk", "vm/swappiness", "fs/file-max", "kernel/sysrq")


def machine_settings() -> dict[str, str]:
    root = Path("/proc/sys")
    return {name: (root / name).read_text() for name in SETTINGS if (root / name).exists()}


def lacks_capabilities(status: str) -> bool:
    bounding = int(status.split()[1], 16)
    return not any(bounding >> number & 1 for number in FORBIDDEN.values())


def test_the_machines_clock_and_kernel_settings_are_out_of_reach(lab_site: LabSite) -> None:
    # Asked first: were it otherwise, what follows would set the clock of this machine.
    assert lacks_capabilities(lab_site.inside(NAME, "grep", "CapBnd", "/proc/self/status").stdout)
    settings, offset = machine_settings(), time.time() - time.monotonic()
    for command in (
        # Each would change nothing if it were let through.
        ["date", "-s", f"@{time.time():.6f}"],
        ["sysctl", "-w", f"kernel.panic={Path('/proc/sys/kernel/panic').read_text().strip()}"],
        ["sysctl", "-w", f"vm.swappiness={Path('/proc/sys/vm/swappiness').read_text().strip()}"],
        ["mknod", "/root/disk", "b", "254", "0"],
    ):
        assert lab_site.ssh(NAME, " ".join(command)).returncode != 0, command
        assert lab_site.inside(NAME, *command, check=False).returncode != 0, command
    assert machine_settings() == settings
    assert time.time() - time.monotonic() == pytest.approx(offset, abs=1)


def test_a_session_over_ssh_lacks_the_capabilities_that_reach_the_machine(
    lab_site: LabSite,
) -> None:
    line = lab_site.ssh(NAME, "grep CapBnd /proc/self/status").stdout
    assert lacks_capabilities(line)


def test_network_settings_are_the_hosts_own(lab_site: LabSite) -> None:
    here = Path("/proc/sys/net/ipv4/conf/all/log_martians")
    before = here.read_text()
    assert lab_site.ssh(NAME, "sysctl -w net.ipv4.conf.all.log_martians=1").returncode == 0
    assert here.read_text() == before


def test_processes_and_devices_of_the_machine_are_not_to_be_seen(lab_site: LabSite) -> None:
    first = lab_site.inside(NAME, "cat", "/proc/1/comm").stdout.strip()
    assert first == "systemd"
    devices = lab_site.inside(NAME, "find", "/dev", "-type", "b").stdout.split()
    assert devices == []  # this server has no disks of its own
