"""The law: what our own loader says of an inventory is what `ansible-inventory` says of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dcctl import discovery, estate
from dcctl.errors import InvalidInput
from tests.benchmarks.estate_files import Size, generate
from tests.unit.estate import oracle
from tests.unit.estate.invention import Invention

SEEDS = st.integers(0, 2**32)
# A seed has nothing to shrink, and each example is a process of some seconds.
COMMON = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
QUICK = settings(COMMON, max_examples=3, derandomize=True)
LONG = settings(COMMON, max_examples=40)


def _agree(root: Path, answer: dict) -> None:
    ours = estate.load(root)
    theirs = answer["_meta"]["hostvars"]
    assert set(ours.names) == oracle.all_hosts(answer, "all")
    for name in ours.names:
        expected = {key: value for key, value in theirs.get(name, {}).items() if key != "dcctl"}
        assert dict(ours.target(name).variables) == expected, name
    for group, members in ours.groups.items():
        assert set(members) == oracle.all_hosts(answer, group), group
        for name in members:
            assert group == "all" or group in ours.target(name).groups


def _hold(seed: int) -> None:
    with TemporaryDirectory() as folder:
        root = Invention(seed).write(Path(folder) / "site")
        answer, _ = oracle.listing(root / "inventory/hosts", Path(folder) / "empty")
        _agree(root, answer)


def _hold_patterns(seed: int, count: int) -> None:
    with TemporaryDirectory() as folder:
        invention = Invention(seed)
        root = invention.write(Path(folder) / "site")
        ours = estate.load(root)
        patterns = invention.patterns(count)
        answers = oracle.matches(root / "inventory/hosts", Path(folder) / "empty", patterns)
        for pattern, theirs in zip(patterns, answers, strict=True):
            assert _same(ours, pattern, theirs), (pattern, theirs)


def _same(ours, pattern: str, theirs: list[str] | str) -> bool:
    try:
        chosen = ours.select(pattern)
    except InvalidInput:
        # Where Ansible only warns, or gives nothing, we refuse: that is the one difference.
        return isinstance(theirs, str) or not theirs or _some_part_is_nothing(ours, pattern)
    return set(chosen) == set(theirs)


def _some_part_is_nothing(ours, pattern: str) -> bool:
    from dcctl.estate.patterns import split

    for part in split(pattern):
        try:
            ours.select(part.lstrip("&!"))
        except InvalidInput:
            return True
    return False


@QUICK
@given(SEEDS)
def test_hosts_groups_and_variables_are_ansibles(seed):
    _hold(seed)


@QUICK
@given(SEEDS)
def test_patterns_stand_for_what_ansible_says(seed):
    _hold_patterns(seed, 80)


@pytest.mark.slow
@LONG
@given(SEEDS)
def test_hosts_groups_and_variables_are_ansibles_many_times(seed):
    _hold(seed)


@pytest.mark.slow
@LONG
@given(SEEDS)
def test_patterns_stand_for_what_ansible_says_many_times(seed):
    _hold_patterns(seed, 200)


def test_the_sample_estate_is_read_as_ansible_reads_it_and_without_a_warning(tmp_path):
    source = discovery.data_root()
    root = tmp_path / "site"
    shutil.copytree(source / "inventory", root / "inventory")
    shutil.copy(source / "dcctl.yml", root)
    answer, said = oracle.listing(root / "inventory/hosts", tmp_path / "empty")
    assert said == ""
    _agree(root, answer)


def test_the_estate_that_is_measured_is_sound(tmp_path):
    root = generate(tmp_path, Size(elements=400, servers=60))
    assert estate.check(root) == ()
    loaded = estate.load(root)
    assert len(loaded.names) == 460
    assert {target.kind for target in map(loaded.target, loaded.names)} == {
        "router", "server", "switch", "transport",
    }  # fmt: skip


@pytest.mark.slow
def test_the_estate_that_is_measured_is_read_as_ansible_reads_it(tmp_path):
    root = generate(tmp_path / "site", Size(elements=400, servers=60))
    answer, said = oracle.listing(root / "inventory/hosts", tmp_path / "empty")
    assert said == ""
    _agree(root, answer)
