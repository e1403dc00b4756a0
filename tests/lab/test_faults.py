"""Every fault does to a real host what it says, and heals."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from dcctl import clock, lab
from dcctl.errors import InvalidInput, NotFound
from tests.lab.test_hosts import eventually

if TYPE_CHECKING:
    from tests.lab.conftest import LabSite

pytestmark = pytest.mark.lab

SERVER, STORAGE, ROUTER, PEER = "hl-cmp-a01", "hl-sto-a01", "hl-oob-r1", "hl-oob-r2"


def answers(site: LabSite, name: str, *, timeout: float = 4) -> bool:
    try:
        return site.ssh(name, "true", timeout=timeout).returncode == 0
    except subprocess.TimeoutExpired:
        return False


@pytest.mark.parametrize(
    ("fault", "arguments"),
    [
        ("hang", {}),
        ("disconnect", {}),
        ("garbage", {}),
        ("link_down", {}),
        ("power_loss", {}),
        ("service_stopped", {}),
        ("changed_host_key", {}),
    ],
)
def test_a_host_can_no_longer_be_reached_and_then_can_again(
    lab_site: LabSite, fault: str, arguments: dict
) -> None:
    assert answers(lab_site, SERVER)
    lab.fault(lab_site.folder, SERVER, fault, **arguments)
    assert not answers(lab_site, SERVER, timeout=2)
    lab.fault(lab_site.folder, SERVER, fault, heal=True)
    eventually(lambda: answers(lab_site, SERVER))


def test_power_loss_is_seen_in_the_status_and_ends_everything(lab_site: LabSite) -> None:
    lab_site.inside(SERVER, "touch", "/run/lost")
    lab.fault(lab_site.folder, SERVER, "power_loss")
    eventually(lambda: _state(lab_site) == "off")
    with pytest.raises(lab.LabFailure, match="switched off"):
        lab_site.inside(SERVER, "true")
    lab.fault(lab_site.folder, SERVER, "power_loss", heal=True)
    assert _state(lab_site) == "running"
    assert lab_site.inside(SERVER, "ls", "/run/lost", check=False).returncode != 0


def _state(site: LabSite) -> str:
    return {one.name: one.state for one in lab.status(site.folder).targets}[SERVER]


def test_a_slow_line_is_slow_each_way(lab_site: LabSite) -> None:
    def seconds() -> float:
        start = clock.monotonic()
        assert answers(lab_site, SERVER, timeout=30)
        return clock.monotonic() - start

    lab.fault(lab_site.folder, SERVER, "slow", seconds="0.1")  # as the command line gives it
    slow = seconds()
    lab.fault(lab_site.folder, SERVER, "slow", heal=True)
    assert slow > 1.0  # the ten flights or more of a login
    assert seconds() < slow


def test_a_cable_between_routers_is_pulled_at_both_ends(lab_site: LabSite) -> None:
    near, far = f"to-{PEER}", f"to-{ROUTER}"
    lab.fault(lab_site.folder, ROUTER, "link_down", interface=near)
    assert "NO-CARRIER" in lab_site.inside(PEER, "ip", "link", "show", far).stdout
    lab.fault(lab_site.folder, ROUTER, "link_down", interface=near, heal=True)
    eventually(lambda: "state UP" in lab_site.inside(PEER, "ip", "link", "show", far).stdout)
    with pytest.raises(InvalidInput, match="has no interface"):
        lab.fault(lab_site.folder, ROUTER, "link_down", interface="nowhere")


def test_a_router_shows_another_name(lab_site: LabSite) -> None:
    def prompt() -> str:
        said = lab_site.inside(ROUTER, "vtysh", stdin="show version\n").stdout
        return said.splitlines()[-1].strip()

    assert prompt() == f"{ROUTER}#"
    lab.fault(lab_site.folder, ROUTER, "wrong_prompt", hostname="impostor")
    assert prompt() == "impostor#"
    lab.fault(lab_site.folder, ROUTER, "wrong_prompt", heal=True)
    assert prompt() == f"{ROUTER}#"


def test_a_command_by_hand_drifts_the_configuration(lab_site: LabSite) -> None:
    lab.fault(lab_site.folder, SERVER, "drift", command="echo planted > /etc/planted")
    assert lab_site.inside(SERVER, "cat", "/etc/planted").stdout == "planted\n"
    with pytest.raises(InvalidInput, match="building the host again"):
        lab.fault(lab_site.folder, SERVER, "drift", heal=True)


def test_a_wrong_time_server_puts_the_clock_off(lab_site: LabSite) -> None:
    lab_site.inside(SERVER, "apt-get", "-qq", "update")
    lab_site.inside(SERVER, "apt-get", "-qq", "-y", "install", "chrony")
    lab.fault(lab_site.folder, SERVER, "clock_off", offset=120)

    def last_offset() -> float:
        columns = lab_site.inside(SERVER, "chronyc", "-c", "tracking").stdout.split(",")
        return float(columns[5])

    assert abs(last_offset()) == pytest.approx(120, abs=1)
    lab.fault(lab_site.folder, SERVER, "clock_off", heal=True)
    assert eventually(lambda: abs(last_offset()) < 1)


def test_disks_are_a_raid_that_silent_corruption_is_found_on_and_repaired(
    lab_site: LabSite,
) -> None:
    legs = [f"/dev/disk/by-id/lab-LABSTO{number}" for number in (1, 2)]
    assert lab_site.inside(STORAGE, "wipefs", *legs).stdout == ""  # new disks hold nothing
    lab_site.inside(STORAGE, "apt-get", "-qq", "update")
    lab_site.inside(STORAGE, "apt-get", "-qq", "-y", "install", "btrfs-progs")
    lab_site.inside(STORAGE, "mkfs.btrfs", "-q", "-d", "raid1", "-m", "raid1", *legs)
    uuid = lab_site.inside(STORAGE, "blkid", "-o", "value", "-s", "UUID", legs[0]).stdout.strip()
    lab_site.inside(STORAGE, "mkdir", "-p", "/srv/data")
    lab_site.inside(STORAGE, "mount", f"UUID={uuid}", "/srv/data")
    lab_site.inside(STORAGE, "dd", "if=/dev/urandom", "of=/srv/data/file", "bs=1M", "count=8")
    truth = lab_site.inside(STORAGE, "sha256sum", "/srv/data/file").stdout

    lab.fault(lab_site.folder, STORAGE, "disk_corrupted")
    assert _corruption_errors(lab_site) > 0
    lab.fault(lab_site.folder, STORAGE, "disk_corrupted", heal=True)
    scrub = lab_site.inside(STORAGE, "btrfs", "scrub", "start", "-B", "/srv/data").stdout
    assert "no errors found" in scrub
    assert lab_site.inside(STORAGE, "sha256sum", "/srv/data/file").stdout == truth

    lab.fault(lab_site.folder, STORAGE, "disk_full")
    full = lab_site.inside(
        STORAGE, "sh", "-c", "head -c 64M /dev/zero > /srv/data/more", check=False
    )
    assert "No space left" in full.stderr
    lab.fault(lab_site.folder, STORAGE, "disk_full", heal=True)
    lab_site.inside(STORAGE, "sh", "-c", "head -c 64M /dev/zero > /srv/data/more")

    lab.fault(lab_site.folder, STORAGE, "power_loss", seconds=0.1)
    lab_site.inside(STORAGE, "mount", f"UUID={uuid}", "/srv/data")  # found by one of its disks
    assert lab_site.inside(STORAGE, "sha256sum", "/srv/data/file").stdout == truth
    lab_site.inside(STORAGE, "umount", "/srv/data")
    lab_site.inside(STORAGE, "wipefs", "-q", "-a", *legs)


def _corruption_errors(site: LabSite) -> int:
    stats = site.inside(STORAGE, "btrfs", "device", "stats", "/srv/data").stdout
    return sum(int(line.split()[1]) for line in stats.splitlines() if "corruption_errs" in line)


def test_what_makes_no_sense_is_refused(lab_site: LabSite) -> None:
    with pytest.raises(NotFound, match="no twin of nobody"):
        lab.fault(lab_site.folder, "nobody", "hang")
    with pytest.raises(InvalidInput, match="no fault earthquake for a server"):
        lab.fault(lab_site.folder, SERVER, "earthquake")
    with pytest.raises(InvalidInput, match="takes no depth"):
        lab.fault(lab_site.folder, SERVER, "hang", depth=3)
    with pytest.raises(InvalidInput, match="has no disk"):
        lab.fault(lab_site.folder, SERVER, "disk_corrupted")
    with pytest.raises(InvalidInput, match="needs command="):
        lab.fault(lab_site.folder, SERVER, "drift")
