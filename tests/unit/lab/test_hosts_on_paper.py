"""What a lab's real hosts will be, decided before anything is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dcctl import lab
from dcctl.errors import InvalidInput
from dcctl.lab import capacity, cgroups, corruption, layout, packages
from dcctl.lab.lifecycle import say_nothing
from dcctl.model.target import Connection, Interface, Target
from tests.lab.conftest import server, triangle

ALONE = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0\n"
HYBRID = """\
tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0
cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
"""
OLD = "cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,name=systemd 0 0\n"


@pytest.mark.parametrize(
    ("mounts", "memberships", "place"),
    [
        (ALONE, "0::/\n", "/sys/fs/cgroup/dcctl-lab-ab"),
        (
            ALONE,
            "0::/user.slice/user-0.slice/session-1.scope\n",
            "/sys/fs/cgroup/user.slice/user-0.slice/session-1.scope/dcctl-lab-ab",
        ),
        (HYBRID, "9:name=systemd:/x\n1:cpu:/y\n0::/\n", "/sys/fs/cgroup/unified/dcctl-lab-ab"),
        (HYBRID, "1:cpu:/y\n0::/job\n", "/sys/fs/cgroup/unified/job/dcctl-lab-ab"),
        # from inside another lab, and from a group outside of what we can see
        (ALONE, "0::/a/dcctl-lab-cd/daemon\n", "/sys/fs/cgroup/a/dcctl-lab-ab"),
        (ALONE, "0::/../../b\n", "/sys/fs/cgroup/dcctl-lab-ab"),
    ],
)
def test_the_labs_group_is_below_ones_own_wherever_version_2_is_mounted(
    mounts: str, memberships: str, place: str
) -> None:
    mounted = Path(cgroups.unified_mount(mounts))
    assert str(cgroups.place_for("ab", mounted, memberships)) == place


def test_a_machine_that_mounts_only_version_1_offers_none() -> None:
    assert cgroups.unified_mount(OLD) == ""
    assert cgroups.own_path("1:name=systemd:/x\n") == "/"


def test_hosts_have_their_inventory_addresses_disks_and_cables() -> None:
    targets = [server("s", "10.60.12.7", "D1", "D2", "D1"), *triangle("r1", "r2")]
    hosts = {host.name: host for host in layout.hosts_of(targets, "abcdef12")}
    assert hosts["s"].address == "10.60.12.7"
    assert [disk.serial for disk in hosts["s"].disks] == ["D1", "D2"]
    assert hosts["s"].interface == "eth0"
    wires = {wire.interface: wire.peer for wire in hosts["r1"].wires}
    assert wires == {"to-r2": "r2", "uplink": ""}
    assert len({host.relay_address for host in hosts.values()}) == 3


def test_the_management_interface_and_prefix_come_from_the_estate() -> None:
    target = Target(
        name="r",
        platform="frr",
        kind="router",
        connection=Connection(address="127.77.0.1", port=2200),  # an overlay was applied
        intent={"management": {"interface": "mgmt0", "address": "10.61.1.9/22"}},
        interfaces=(
            Interface(name="mgmt0", link="oob-1", peer="sw"),
            Interface(name="lo"),
            Interface(name="GigabitEthernet0/0/0/1", link="l1", peer="x"),  # no name for Linux
        ),
    )
    (host,) = layout.hosts_of([target], "abcdef12")
    assert (host.address, host.prefix, host.interface) == ("10.61.1.9", 22, "mgmt0")
    assert host.wires == ()


@pytest.mark.parametrize("given", ["", "no-address", "10.60.1.1.1"])
def test_a_target_without_a_usable_address_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput, match="x has no management address"):
        layout.hosts_of([server("x", given)], "abcdef12")


def test_two_targets_with_one_address_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"x and y have the same management address 10\.0\.0\.1"):
        layout.hosts_of([server("x", "10.0.0.1"), server("y", "10.0.0.1")], "abcdef12")


def test_the_labs_own_station_takes_no_hosts_address() -> None:
    hosts = layout.hosts_of([server("x", "10.0.0.254"), server("y", "10.0.0.253")], "abcdef12")
    assert layout.control_address(hosts) == "10.0.0.252"


def test_a_blueprint_survives_being_written(tmp_path: Path) -> None:
    blueprint = layout.Blueprint(
        lab_id="abcdef12",
        folder=str(tmp_path),
        control="10.0.0.254",
        mirror="/m",
        layers={"server": ["/b"]},
        cgroup="/g",
        hosts=layout.hosts_of([server("s", "10.0.0.1", "D"), *triangle("r")], "abcdef12"),
    )
    (tmp_path / layout.BLUEPRINT).write_text(blueprint.dump())
    assert layout.read(tmp_path) == blueprint
    (tmp_path / layout.BLUEPRINT).write_text(blueprint.dump()[:-20])  # a crash half way
    assert layout.read(tmp_path) is None


def test_two_folders_are_two_labs(tmp_path: Path) -> None:
    assert layout.lab_id(tmp_path / "a") != layout.lab_id(tmp_path / "b")
    assert layout.lab_id(tmp_path / "a") == layout.lab_id(tmp_path / "b/../a")


def test_packages_are_read_from_the_roles_of_a_site(tmp_path: Path) -> None:
    role = tmp_path / "roles/web/defaults"
    role.mkdir(parents=True)
    (role / "main.yml").write_text(
        "web_packages: [nginx, '{{ other }}']\nweb_port: 80\nweb: {extra_packages: [curl]}\n"
    )
    (tmp_path / "roles/web/dcctl.yml").write_text("title: Web\npackages: [openssl]\n")
    broken = tmp_path / "roles/broken/defaults"
    broken.mkdir(parents=True)
    (broken / "main.yml").write_text("a: [")
    found = set(packages.wanted(tmp_path)) - set(packages.wanted())
    assert found >= {"nginx", "curl"} - set(packages.wanted())
    assert "openssl" in packages.wanted(tmp_path)
    assert not any("{" in name for name in packages.wanted(tmp_path))


def test_corruption_spares_superblocks_and_holes(tmp_path: Path) -> None:
    file = tmp_path / "leg"
    with file.open("wb") as disk:
        disk.truncate(128 << 20)
        for offset in (64 << 10, 8 << 20, 64 << 20):
            disk.seek(offset)
            disk.write(b"\1" * (64 << 10))
    assert corruption.spoil(file) == (64 << 10) // corruption.BLOCK // 2
    content = file.read_bytes()
    assert content[64 << 10 : 128 << 10] == b"\1" * (64 << 10)
    assert content[64 << 20 : (64 << 20) + (64 << 10)] == b"\1" * (64 << 10)
    spoilt = content[8 << 20 : (8 << 20) + (64 << 10)]
    assert spoilt.count(b"\1" * corruption.BLOCK) == 8
    assert file.stat().st_blocks * 512 < 1 << 20  # still sparse


def test_hosts_that_do_not_fit_are_refused_before_anything_is_made() -> None:
    free = int(Path("/proc/sys/fs/inotify/max_user_instances").read_text())
    with pytest.raises(lab.LabFailure, match=r"has room for \d+ more hosts") as caught:
        capacity.await_room(free, say_nothing)
    assert "sysctl fs.inotify.max_user_instances=" in str(caught.value.hint)


def test_without_root_real_hosts_are_left_out_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    status = lab.up([server("a", "10.0.0.1"), *triangle("r")], [], tmp_path / "lab")
    assert status.targets == ()
    assert [str(note) for note in status.notes] == [
        "2 servers and routers are left out: real hosts need root"
    ]
    lab.down(tmp_path / "lab")
    assert not (tmp_path / "lab").exists()


def test_a_target_that_nothing_stands_for_is_named(tmp_path: Path) -> None:
    crate = Target(name="crate", platform="unmanaged", kind="pdu")
    status = lab.up([crate], [], tmp_path / "lab")
    assert [str(note) for note in status.notes] == ["no twin for crate"]
    lab.down(tmp_path / "lab")
