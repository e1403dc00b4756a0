"""Real servers and routers of the lab.

Reached through the relay, and doing what servers and routers do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dcctl import clock
from dcctl.lab import layout, trees

if TYPE_CHECKING:
    from tests.lab.conftest import LabSite

pytestmark = pytest.mark.lab

SERVERS = ("hl-mgt-a01", "hl-cmp-a01", "hl-sto-a01", "hl-bak-a01")
ROUTERS = ("hl-oob-r1", "hl-oob-r2", "hl-oob-r3")


def eventually(probe, *, seconds: float = 30):
    """The first true value that `probe` gives."""
    end = clock.monotonic() + seconds
    while not (found := probe()):
        assert clock.monotonic() < end, f"not within {seconds} s"
        clock.sleep(0.1)
    return found


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_answers_ssh_at_its_own_address_with_a_pinned_host_key(
    lab_site: LabSite, name: str
) -> None:
    answer = lab_site.ssh(
        name, "hostname; ip -4 -br address show eth0; systemctl is-system-running --wait"
    )
    assert answer.returncode == 0, answer.stderr
    hostname, interface, state = answer.stdout.splitlines()
    assert hostname == name
    assert lab_site.targets[name].variables["ansible_host"] in interface
    assert state == "running"


def test_no_two_hosts_have_one_identity(lab_site: LabSite) -> None:
    """systemd itself must take the one that it was given, and not that of the machine below."""
    told = {
        name: lab_site.inside(name, "systemd-id128", "machine-id").stdout.strip()
        for name in (*SERVERS, *ROUTERS)
    }
    assert len(set(told.values())) == len(told)
    assert told == {name: trees.machine_id(layout.lab_id(lab_site.folder), name) for name in told}


def test_packages_come_from_the_mirror_inside_the_lab(lab_site: LabSite) -> None:
    name = "hl-mgt-a01"
    assert lab_site.inside(name, "which", "less", check=False).returncode == 0
    lab_site.inside(name, "apt-get", "-qq", "update")
    lab_site.inside(name, "apt-get", "-qq", "-y", "install", "chrony")
    assert lab_site.inside(name, "systemctl", "is-active", "chrony").stdout.strip() == "active"
    lab_site.inside(name, "apt-get", "-qq", "-y", "purge", "chrony")


def test_reboot_is_a_boot_of_its_own(lab_site: LabSite) -> None:
    name = "hl-bak-a01"
    boot = ("cat", "/proc/sys/kernel/random/boot_id")
    before = lab_site.inside(name, *boot).stdout
    lab_site.inside(name, "touch", "/root/kept", "/run/lost")
    lab_site.ssh(name, "systemctl reboot")
    eventually(lambda: lab_site.ssh(name, " ".join(boot)).stdout not in ("", before))
    left = lab_site.ssh(name, "ls /root/kept /run/lost").stdout.split()
    assert left == ["/root/kept"]
    lab_site.inside(name, "rm", "/root/kept")


@pytest.mark.parametrize("name", ROUTERS)
def test_a_router_comes_up_with_its_daemons_and_its_cables(lab_site: LabSite, name: str) -> None:
    assert lab_site.ssh(name, "").returncode in (
        0,
        1,
    )  # a login into vtysh, which has nothing to do
    daemons = lab_site.inside(name, "vtysh", "-c", "show daemons").stdout.split()
    assert {"zebra", "bgpd", "ospfd", "isisd", "bfdd"} <= set(daemons)
    interfaces = lab_site.inside(name, "ip", "-br", "link").stdout
    for wire in lab_site.targets[name].interfaces:
        line = next(line for line in interfaces.splitlines() if line.startswith(f"{wire.name}@"))
        assert line.split()[1] == "UP"
