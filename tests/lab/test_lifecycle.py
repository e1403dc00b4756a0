"""A lab comes, goes without a trace, and survives the death of any of its parts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dcctl import clock, lab
from dcctl.errors import InvalidInput
from dcctl.lab import cgroups, disks, kernel, layout
from tests.lab.conftest import need_root, server, triangle

pytestmark = pytest.mark.lab
ROOT = Path(__file__).resolve().parents[2]


def traces(folder: Path) -> dict[str, object]:
    """Everything on the machine that a lab could leave behind.

    Its own things, and the network and mounts of all.
    """
    identity = layout.lab_id(folder)
    processes = [
        entry.name
        for entry in Path("/proc").glob("[0-9]*")
        if f"{folder}".encode() in _read(entry / "cmdline") + _read(entry / "mountinfo")
    ]
    return {
        "groups": cgroups.find(identity),
        "loops": list(disks.attached(folder)),
        "processes": processes,
        "mounts": [
            line for line in _read(Path("/proc/self/mounts")).splitlines() if b"/loop/" in line
        ],
        "links": subprocess.check_output(["ip", "-br", "link"], text=True),
        "addresses": subprocess.check_output(["ip", "-br", "address"], text=True),
        "namespaces": subprocess.check_output(["ip", "netns", "list"], text=True),
        "files": sorted(folder.rglob("*")) if folder.exists() else [],
    }


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def group_of(folder: Path) -> Path:
    (group,) = cgroups.find(layout.lab_id(folder))
    return group


def daemon_pid(folder: Path) -> int:
    return int((group_of(folder) / "daemon/cgroup.procs").read_text().split()[0])


def test_down_leaves_nothing_behind(raise_lab, tmp_path: Path) -> None:
    folder = tmp_path / "site0/.dcctl/lab"
    before = traces(folder)
    site = raise_lab(server("a", "10.60.10.1", "DISK1"), *triangle("r1", "r2"))
    during = traces(folder)
    assert during["groups"]
    assert during["loops"]
    assert during["processes"]
    assert during["links"] == before["links"]  # nothing is ever configured outside
    assert during["namespaces"] == before["namespaces"]
    lab.down(site.folder)
    assert traces(folder) == before
    assert lab.status(folder).state == "down"


def test_up_is_idempotent_and_refuses_to_grow(raise_lab) -> None:
    one = server("a", "10.60.10.1")
    site = raise_lab(one)
    pid = daemon_pid(site.folder)
    assert lab.up([one], [], site.folder).state == "up"
    assert daemon_pid(site.folder) == pid
    with pytest.raises(InvalidInput, match="up without b"):
        lab.up([one, server("b", "10.60.10.2")], [], site.folder)


def test_after_the_daemon_was_killed_the_lab_is_broken_and_down_takes_the_rest(
    raise_lab, tmp_path: Path
) -> None:
    folder = tmp_path / "site0/.dcctl/lab"
    before = traces(folder)
    site = raise_lab(server("a", "10.60.10.1", "DISK1"))
    lab.fault(site.folder, "a", "hang")  # what is frozen must go too
    os.kill(daemon_pid(site.folder), signal.SIGKILL)
    while (group_of(folder) / "daemon/cgroup.procs").read_text():
        clock.sleep(0.01)
    status = lab.status(site.folder)
    assert status.state == "broken"
    assert cgroups.populated(group_of(folder))  # the host itself lives on
    lab.down(site.folder)
    assert traces(folder) == before


def test_up_clears_what_a_crash_left_and_goes_on(raise_lab) -> None:
    one = server("a", "10.60.10.1", "DISK1")
    site = raise_lab(one)
    os.kill(daemon_pid(site.folder), signal.SIGKILL)
    assert lab.up([one], [], site.folder).state == "up"
    assert site.inside("a", "ls", "/dev/disk/by-id").stdout.split() == ["lab-DISK1"]


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_up_that_was_killed_half_way_is_cleared_too(tmp_path: Path, lines: int) -> None:
    """Kill `up` after so many lines of its progress (0: as soon as its folder is there)."""
    folder = tmp_path / ".dcctl/lab"
    before = traces(folder)
    program = (
        "import sys; from pathlib import Path\n"
        "from dcctl import lab; from tests.lab.conftest import server\n"
        "lab.up([server('a', '10.60.10.1', 'D'), server('b', '10.60.10.2')], [], Path(sys.argv[1]),"
        " progress=lambda text: print(text, flush=True))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    if lines == 0:
        while not (folder / layout.BLUEPRINT).exists():
            clock.sleep(0.002)
    for _ in range(lines):
        process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    lab.down(folder)
    assert traces(folder) == before


def test_a_file_that_was_not_written_to_its_end_goes_too(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / ".overlay.json.new").write_text("{")
    lab.down(folder)
    assert not folder.exists()


def test_a_journal_in_the_folder_is_not_the_labs_to_remove(raise_lab) -> None:
    site = raise_lab(server("a", "10.60.10.1"))
    journal = site.folder / "journal.db"
    journal.write_text("kept")
    lab.down(site.folder)
    assert [journal] == list(site.folder.iterdir())


def test_it_works_where_cgroup_version_2_is_alone(tmp_path: Path) -> None:
    """See the machine as most are today: one cgroup2 mount at /sys/fs/cgroup and nothing else."""
    need_root()
    folder = tmp_path / ".dcctl/lab"

    def there() -> tuple[str, str, str]:
        subprocess.run(["umount", "--recursive", "--lazy", "/sys/fs/cgroup"], check=True)
        kernel.mount("cgroup2", "/sys/fs/cgroup", "cgroup2")
        try:
            lab.up([server("a", "10.60.10.1")], [], folder)
            (group,) = cgroups.find(layout.lab_id(folder))
            running = ["systemctl", "is-system-running", "--wait"]
            state = lab.inside(folder, "a", running).stdout.strip()
        finally:
            lab.down(folder)
        return str(group), state, lab.status(folder).state

    group, running, after = kernel.with_own_mounts(there)
    assert group.startswith("/sys/fs/cgroup/")
    assert (running, after) == ("running", "down")


def test_it_works_in_a_chroot_that_sees_no_cgroups(tmp_path: Path) -> None:
    """A root that is no mount point, with plain /proc, /sys and /dev, as a fresh tree has."""
    need_root()
    folder = tmp_path / ".dcctl/lab"
    before = traces(folder)
    program = (
        "import sys; from pathlib import Path; from dcctl import lab\n"
        "from tests.lab.conftest import server\n"
        "folder = Path(sys.argv[1])\n"
        "lab.up([server('a', '10.60.10.1')], [], folder)\n"
        "print(lab.inside(folder, 'a', ['systemctl', 'is-system-running', '--wait']).stdout)\n"
        "lab.down(folder)\n"
        "print(lab.status(folder).state)\n"
    )

    def there() -> str:
        kernel.mount("tmpfs", str(tmp_path), "tmpfs")
        root = tmp_path / "root"
        root.mkdir()
        for entry in Path("/").iterdir():
            if entry.is_symlink():
                (root / entry.name).symlink_to(entry.readlink())
            elif entry.is_dir():
                (root / entry.name).mkdir()
                if entry.name != "sys":
                    kernel.mount(str(entry), root / entry.name, "", kernel.MS_BIND | kernel.MS_REC)
        kernel.mount("sysfs", root / "sys", "sysfs")
        place = tempfile.mkdtemp(dir="/var/tmp")  # the chroot sees it, and so does everybody
        try:
            done = subprocess.run(
                ["chroot", str(root), sys.executable, "-c", program, f"{place}/.dcctl/lab"],
                capture_output=True,
                text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                check=False,
            )
        finally:
            shutil.rmtree(place)
        return done.stdout + done.stderr

    assert kernel.with_own_mounts(there).split() == ["running", "down"]
    assert traces(folder) == before
