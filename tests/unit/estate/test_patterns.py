"""Patterns: where we differ from Ansible, which only warns, and what is said then."""

from __future__ import annotations

import pytest

from dcctl import estate
from dcctl.errors import InvalidInput, NotFound
from tests.unit.estate import site


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return estate.load(site.write(tmp_path_factory.mktemp("site")))


@pytest.mark.parametrize(
    ("limit", "hosts"),
    [
        (None, "r1 r2 s1 s2"),
        ("all", "r1 r2 s1 s2"),
        ("*", "r1 r2 s1 s2"),
        ("s2,r1", "r1 s2"),
        ("servers:r1", "r1 s1 s2"),
        ("all:!servers", "r1 r2"),
        ("!servers", "r1 r2"),
        ("servers:&s*", "s1 s2"),
        ("&servers:all:!s1", "s2"),
        ("~[rs]1", "r1 s1"),
        ("servers[0]", "s1"),
        ("servers[-1]", "s2"),
        ("all[1:2]", "r2 s1"),
        ("all[2:]", "s1 s2"),
        ("all[2:0]", "s1"),  # as Ansible has it: no end
        ("?1", "r1 s1"),
        (" s1 , r1 ", "r1 s1"),
    ],
)
def test_what_a_limit_stands_for(small, limit, hosts):
    assert small.select(limit) == tuple(hosts.split())


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("s3", "no host or group is called s3"),
        ("s1,serverz", "no host or group is called serverz"),
        ("all:!r11", "no host or group is called r11"),
        ("all:&core", "no host or group is called core"),
        ("servers:&routers", "no host is left of servers:&routers"),
        ("ungrouped", "no host is left of ungrouped"),
        ("servers[5]", "servers[5] stands for nothing: there are only 2"),
        ("localhost", "no host or group is called localhost"),
    ],
)
def test_a_part_that_stands_for_nothing_is_refused(small, limit, told):
    with pytest.raises(NotFound) as caught:
        small.select(limit)
    assert str(caught.value) == told
    assert str(caught.value.hint)


@pytest.mark.parametrize("limit", ["", " , ", "~(", "s1:!", "@/nowhere/limit"])
def test_what_can_not_be_read_is_refused(small, limit):
    with pytest.raises(InvalidInput):
        small.select(limit)


def test_a_file_holds_a_pattern_a_line(small, tmp_path):
    path = tmp_path / "limit"
    path.write_text("s1\n\n  r2 \n!r1\n")
    assert small.select(f"@{path}") == ("r2", "s1")
    assert small.select(f"all,@{path}") == ("r2", "s1", "s2")
    path.write_bytes(b"\xff")
    with pytest.raises(InvalidInput, match="UTF-8"):
        small.select(f"@{path}")
    with pytest.raises(InvalidInput, match="directory"):
        small.select(f"@{tmp_path}")
