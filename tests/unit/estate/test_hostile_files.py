"""Files that are no text, too large, bombs, unreadable or no files: one clear line each, soon."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dcctl import estate
from dcctl.estate import reading
from dcctl.estate.complaints import Complaints
from tests.unit.estate import site

HOSTS = "inventory/hosts/servers.yml"


def _only(root) -> str:
    start = time.perf_counter()
    complaints = estate.check(root)
    assert time.perf_counter() - start < 20
    assert len(complaints) == 1, complaints
    assert str(complaints[0].hint)
    return f"{complaints[0].place}: {complaints[0].text}"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"servers:\n  hosts:\n    s\0: 1\n", f"{HOSTS}:3:6: a NUL byte: this is no text file"),
        (b"servers:\n  vars:\n    a: \xff\xfe\n", f"{HOSTS}:3:8: byte 0xff is not UTF-8"),
        ("servers:\n  vars:\n    a: ắ\n".encode("utf-16"),
         f"{HOSTS}:1:4: a NUL byte: this is no text file"),
        (b"servers:\n  vars:\n    a: \x07\n",
         f"{HOSTS}:3: a control character, which YAML forbids"),
        (b"servers:\n  hosts:\n    s1: {a: [1,\n",
         f"{HOSTS}:3: the file ends too early: something is opened and never closed"),
        (b"a: " + b"[" * 5000, f"{HOSTS}:1:63: nested deeper than 60"),
        (b'{"a": ' * 5000, f"{HOSTS}:1:361: nested deeper than 60"),
        (b"a: &a {x: *a}\n", f"{HOSTS}:1:11: *a refers to nothing above it"),
        (b"? [a, b]\n: c\n", f"{HOSTS}:1:3: a key must be text"),
        (b"a: {<<: 5}\n", f"{HOSTS}:1:5: << wants a mapping, or a list of mappings"),
        (b"%YAML 9.9\n---\na:\n",
         f"{HOSTS}:1:1: is not YAML here: found incompatible YAML document"),
        (b"s:\n  hosts:\n    's[1:99999999]':\n",
         f"{HOSTS}:3: s[1:99999999] is no host name and no proper range"),
        (b"s:\n  hosts:\n    's[1:999]-[1:999]-[1:999]':\n",
         f"{HOSTS}:3: s[1:999]-[1:999]-[1:999] is no host name and no proper range"),
    ],
)  # fmt: skip
def test_what_is_no_proper_text_is_told_with_its_place(tmp_path, content, told):
    root = site.write(tmp_path, {HOSTS: content, "inventory/hosts/group_vars/servers.yml": None})
    assert _only(root) == told


def test_a_file_of_fifty_megabytes_is_refused_without_being_read(tmp_path):
    root = site.write(tmp_path)
    with (root / HOSTS).open("r+b") as file:
        file.truncate(50 * 2**20)  # sparse: it costs no disk
    before = _read_bytes()
    assert _only(root) == f"{HOSTS}: is larger than 16 MiB"
    assert _read_bytes() - before < 20 * 2**20


def _read_bytes() -> int:
    return int(Path("/proc/self/io").read_text().split()[1])


@pytest.mark.parametrize("merged", [False, True])
def test_a_billion_laughs_are_refused_before_they_unfold(tmp_path, merged):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"]
    for level in range(1, 12):
        items = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{items}]\n")
    text = "".join(lines)
    if merged:
        text = "".join(
            f"a{n}: &a{n} {{k{n}: " + (f"[*a{n - 1}, *a{n - 1}]" if n else "1") + "}\n"
            for n in range(60)
        )
    root = site.write(tmp_path, {"inventory/hosts/group_vars/all.yml": text})
    assert "aliases unfold to more than 3000000 values" in _only(root)


def test_a_folder_that_leads_back_to_itself_is_read_once(tmp_path):
    root = site.write(tmp_path)
    (root / "inventory/hosts/again").symlink_to(root / "inventory")
    assert _names(root) == {"r1", "r2", "s1", "s2"}


def _names(root):
    return set(estate.load(root).names)


def test_a_pipe_in_the_inventory_is_refused_and_not_waited_for(tmp_path):
    root = site.write(tmp_path)
    os.mkfifo(root / "inventory/hosts/pipe.yml")
    assert _only(root) == "inventory/hosts/pipe.yml: is not a regular file"
    with pytest.raises(estate.InvalidEstate):
        estate.load(root)


def test_a_link_to_itself_and_a_folder_named_like_a_file_are_told(tmp_path):
    root = site.write(tmp_path)
    (root / "inventory/hosts/loop.yml").symlink_to("loop.yml")
    (root / "inventory/windows.yml").mkdir()
    assert [f"{one.place}: {one.text}" for one in estate.check(root)] == [
        "inventory/hosts/loop.yml: can't be read: Too many levels of symbolic links",
        "inventory/windows.yml: is not a regular file",
    ]


def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    complaints = Complaints()
    with pytest.raises(reading.Unusable):
        reading.read_text(tmp_path / "pipe", "pipe", complaints)
    assert [str(one.text) for one in complaints.sorted()] == ["is not a regular file"]


def test_a_link_to_nothing_is_told(tmp_path):
    root = site.write(tmp_path)
    (root / "inventory/hosts/gone.yml").symlink_to(root / "nowhere")
    assert _only(root) == "inventory/hosts/gone.yml: can't be read: No such file or directory"


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (HOSTS, f"{HOSTS}: can't be read: Permission denied"),
        (
            "inventory/hosts/group_vars",
            "inventory/hosts/group_vars: can't be read: Permission denied",
        ),
    ],
)
def test_what_may_not_be_read_is_told(tmp_path, shown, told):
    root = site.write(tmp_path)
    (root / shown).chmod(0)
    with _AsNobody(tmp_path):
        assert told in [f"{one.place}: {one.text}" for one in estate.check(root)]
    (root / shown).chmod(0o755)


class _AsNobody:
    """Root reads everything; so be somebody else for a moment."""

    def __init__(self, folder):
        self._folder = folder

    def __enter__(self):
        self._root = os.geteuid() == 0
        if self._root:
            self._opened = []
            for parent in (self._folder, *self._folder.parents):
                mode = parent.stat().st_mode & 0o7777
                if mode & 0o005 != 0o005 and parent.stat().st_uid == 0 and parent != parent.parent:
                    self._opened.append((parent, mode))
                    parent.chmod(mode | 0o055)
            os.seteuid(65534)

    def __exit__(self, *_):
        if self._root:
            os.seteuid(0)
            for parent, mode in self._opened:
                parent.chmod(mode)


def test_a_folder_without_dcctl_yml_is_no_estate(tmp_path):
    with pytest.raises(estate.InvalidEstate, match=r"dcctl.yml: can't be read: No such file"):
        estate.load(tmp_path)


def test_an_estate_without_hosts_is_told(tmp_path):
    (tmp_path / "dcctl.yml").write_text("estate: empty\n")
    (tmp_path / "inventory").mkdir()
    assert _only(tmp_path) == "inventory/hosts: there is no inventory"


def test_an_empty_inventory_is_told(tmp_path):
    (tmp_path / "dcctl.yml").write_text("estate: empty\n")
    (tmp_path / "inventory/hosts").mkdir(parents=True)
    assert _only(tmp_path) == "inventory/hosts: the inventory names no host"


def test_a_file_wrong_everywhere_does_not_flood(tmp_path):
    lines = "".join(f"  h{number}: {{x: no}}\n" for number in range(3000))
    root = site.write(tmp_path, {"inventory/hosts/many.yml": "many:\n hosts:\n" + lines})
    complaints = estate.check(root)
    assert len(complaints) == 1001
    assert str(complaints[-1].text) == "2000 more complaints are not listed"


def test_vaulted_files_and_values_stay_closed(tmp_path):
    vault = "$ANSIBLE_VAULT;1.1;AES256\n3132\n"
    root = site.write(
        tmp_path,
        {
            "inventory/hosts/group_vars/servers/plain.yml": site.FILES[
                "inventory/hosts/group_vars/servers.yml"
            ]
            + "token: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3334\n",
            "inventory/hosts/group_vars/servers.yml": None,
            "inventory/hosts/group_vars/servers/secrets.yml": vault,
            "inventory/hosts/host_vars/s1.yml": vault,
        },
    )
    target = estate.load(root).target("s1")
    assert target.variables["token"] == {"__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\n3334\n"}
    assert target.variables["dcctl_vault_files"] == [
        str(root / "inventory/hosts/group_vars/servers/secrets.yml"),
        str(root / "inventory/hosts/host_vars/s1.yml"),
    ]


def test_the_size_bound_counts_what_is_read_too(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_BYTES", 100)
    root = site.write(tmp_path)
    told = [f"{one.place}: {one.text}" for one in estate.check(root)]
    assert f"{HOSTS}: is larger than 0 MiB" in told
