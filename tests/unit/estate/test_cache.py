"""The cache answers only for these very files, is private, and is trusted no further."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time

import pytest

from dcctl import estate
from dcctl.estate import cache, loading
from dcctl.estate.store import Damaged, Store
from dcctl.estate.tree import Entry
from tests.unit.estate import site

SERVERS = "inventory/hosts/servers.yml"


@pytest.fixture
def root(tmp_path):
    return site.write(tmp_path)


@pytest.fixture
def made(monkeypatch):
    """Counts how often an estate was made from its files."""
    calls = []
    make = loading._make
    monkeypatch.setattr(loading, "_make", lambda *arguments: calls.append(1) or make(*arguments))
    return calls


def _cache(root):
    return root / cache.FOLDER / cache.FILE


def _serial(root, host="s1"):
    return estate.load(root).target(host).intent["serial"]


def _everything(loaded):
    return (
        loaded.names, dict(loaded.groups), loaded.links, loaded.redundancy, loaded.racks,
        loaded.sites,
        loaded.site_config, [loaded.target(name) for name in loaded.names],
    )  # fmt: skip


def test_warm_is_what_cold_was_and_is_not_made_again(root, made):
    cold, warm = estate.load(root), estate.load(root)
    assert _everything(cold) == _everything(warm)
    assert len(made) == 1


def test_it_is_private(root):
    estate.load(root)
    assert stat.S_IMODE(_cache(root).stat().st_mode) == 0o600
    assert stat.S_IMODE(_cache(root).parent.stat().st_mode) == 0o700


def test_a_changed_file_is_read_again(root):
    assert _serial(root) == "S1"
    (root / SERVERS).write_text(site.FILES[SERVERS].replace("serial: S1", "serial: S9"))
    assert _serial(root) == "S9"


def test_a_change_that_size_and_time_do_not_show_is_seen(root):
    """As `rsync -t` or a script would leave it: the same size and modification time."""
    assert _serial(root) == "S1"
    path = root / SERVERS
    before = path.stat()
    path.write_text(site.FILES[SERVERS].replace("serial: S1", "serial: S9"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert _serial(root) == "S9"


def test_a_change_long_after_that_size_and_time_do_not_show_is_seen(root, monkeypatch):
    """Only the time of the inode's change is left to tell, which nobody can set back."""
    clock = time.time_ns() + 10 * 10**9
    monkeypatch.setattr(cache, "file_system_clock", lambda _root: clock)
    assert _serial(root) == "S1"
    path = root / SERVERS
    before = path.stat()
    path.write_text(site.FILES[SERVERS].replace("serial: S1", "serial: S9"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert _serial(root) == "S9"


def test_a_change_within_one_tick_of_the_clock_is_seen(root, monkeypatch):
    """The file looks the same in every respect, as when it changes twice within a tick."""
    assert _serial(root) == "S1"
    original = Entry.signature.fget
    known = {}
    monkeypatch.setattr(
        Entry, "signature", property(lambda self: known.setdefault(self.shown, original(self)))
    )
    estate.load(root)
    (root / SERVERS).write_text(site.FILES[SERVERS].replace("serial: S1", "serial: S9"))
    assert _serial(root) == "S9"


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("inventory/hosts/host_vars/s1.yml", "dcctl: {serial: S9}\n"),
        ("inventory/hosts/zmore.yml", "servers: {hosts: {s1: {dcctl: {serial: S9}}}}\n"),
        ("inventory/hosts/zz/more.yml", "servers: {hosts: {s1: {dcctl: {serial: S9}}}}\n"),
    ],
)
def test_a_new_file_is_read_and_a_removed_one_forgotten(root, shown, text):
    assert _serial(root) == "S1"
    path = root / shown
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert _serial(root) == "S9"
    path.unlink()
    assert _serial(root) == "S1"


def test_a_renamed_file_is_noticed(root):
    estate.load(root)
    (root / "inventory/hosts/group_vars/servers.yml").rename(
        root / "inventory/hosts/group_vars/sevrers.yml"
    )
    with pytest.raises(estate.InvalidEstate):
        estate.load(root)


def test_touching_files_costs_no_merge(root, made):
    estate.load(root)
    for shown in site.FILES:
        os.utime(root / shown)
    estate.load(root)
    assert len(made) == 1


def test_files_at_rest_are_not_read_at_all(root, made, monkeypatch):
    """Once their times are safely past, a warm load looks at no content."""
    for shown in site.FILES:
        os.utime(root / shown, ns=(10**18, 10**18))
    clock = time.time_ns() + 10 * 10**9  # their change times can't be set back: let the clock go on
    monkeypatch.setattr(cache, "file_system_clock", lambda _root: clock)
    estate.load(root)
    monkeypatch.setattr(cache, "hash_of", lambda _entries: pytest.fail("read a file"))
    estate.load(root)
    assert len(made) == 1


def test_files_once_fresh_are_signed_again_when_they_have_rested(root, monkeypatch):
    estate.load(root)
    clock = time.time_ns() + 10 * 10**9
    monkeypatch.setattr(cache, "file_system_clock", lambda _root: clock)
    estate.load(root)
    monkeypatch.setattr(cache, "hash_of", lambda _entries: pytest.fail("read a file"))
    assert _serial(root) == "S1"


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "text", "folder", "header"])
def test_a_damaged_cache_is_ignored(root, made, damage):
    whole = _everything(estate.load(root))
    path = _cache(root)
    data = path.read_bytes()
    if damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(
            {
                "cut": data[:-7],
                "flip": data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
                "empty": b"",
                "text": b"a: 1\n",
                "header": data[:27] + b"]" + data[28:],
            }[damage]
        )
    assert _everything(estate.load(root)) == whole
    assert len(made) == 2


def test_every_flipped_bit_is_noticed(root):
    estate.load(root)
    data = bytearray(_cache(root).read_bytes())
    for position in range(0, len(data), 97):
        data[position] ^= 4
        with pytest.raises(Damaged):
            Store(bytes(data))
        data[position] ^= 4


@pytest.mark.parametrize("mode", [0o644, 0o620])
def test_a_cache_that_others_may_read_or_write_is_ignored(root, made, mode):
    estate.load(root)
    _cache(root).chmod(mode)
    estate.load(root)
    assert len(made) == 2
    assert stat.S_IMODE(_cache(root).stat().st_mode) == 0o600


def test_a_cache_of_another_user_or_behind_a_link_is_ignored(root, made, tmp_path):
    estate.load(root)
    path = _cache(root)
    moved = tmp_path / "elsewhere"
    path.rename(moved)
    path.symlink_to(moved)
    estate.load(root)
    assert len(made) == 2
    if os.geteuid() == 0:
        os.chown(path, 65534, -1)
        estate.load(root)
        assert len(made) == 3


def test_where_nothing_can_be_written_it_works_without(root, made, monkeypatch):
    (root / ".dcctl").write_text("in the way")
    assert _serial(root) == _serial(root) == "S1"
    assert len(made) == 2


def test_a_full_disk_costs_only_the_cache(root, monkeypatch):
    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def write(self, _data):
            raise OSError(28, "No space left on device")

    real = os.fdopen

    def fdopen(descriptor, mode="r", *rest):
        if mode == "wb":
            os.close(descriptor)
            return Full()
        return real(descriptor, mode, *rest)

    monkeypatch.setattr(cache.os, "fdopen", fdopen)
    assert _serial(root) == "S1"
    assert list((root / cache.FOLDER).iterdir()) == []


def test_a_new_role_is_known_at_once(root):
    changed = site.changed(
        "inventory/hosts/group_vars/servers.yml", ("accounts]", "accounts, mine]")
    )
    site.write(root, changed)
    with pytest.raises(estate.InvalidEstate, match="there is no role mine"):
        estate.load(root)
    (root / "roles/mine").mkdir(parents=True)
    assert "mine" in estate.load(root).target("s1").roles
    (root / "roles/mine").rmdir()
    with pytest.raises(estate.InvalidEstate, match="there is no role mine"):
        estate.load(root)


def test_a_warm_load_imports_neither_yaml_nor_pydantic(root):
    estate.load(root)
    program = (
        "import sys; from pathlib import Path; from dcctl import estate;"
        f"print(estate.load(Path({str(root)!r})).select('servers'));"
        "print({'yaml', 'pydantic', 'netmiko', 'sqlalchemy', 'ansible'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "('s1', 's2')\nset()\n"
