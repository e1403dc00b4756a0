"""A check that nothing was ever seen to flip proves nothing: each has an entry in a table here."""

from __future__ import annotations

import pytest

from dcctl import checks, estate, lab
from tests.faults.planting import HERE, Entry, tables

ENTRIES = tables()
ESTATE = estate.load(HERE.parents[1])


# What only an audit asks is flipped by mutations of its cases and by weak and hardened
# configurations; of servers also one by one on a real one (tests/cases/audit/servers.yml).
AUDIT = "audit"


def test_every_check_has_an_entry() -> None:
    asked = {name for name, check in checks.all_checks().items() if check.pack != AUDIT}
    planted = {entry.check for entry in ENTRIES}
    assert asked <= planted
    assert planted <= set(checks.all_checks())


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_an_entry_names_what_exists(entry: Entry) -> None:
    assert bool(entry.fault) + bool(entry.plant) + bool(entry.estate) == 1
    for name in entry.places:
        ESTATE.target(name)
    wanted = {entry.check}.union(*entry.elsewhere.values())
    assert wanted <= set(checks.all_checks())
    assert not checks.all_checks()[entry.check].applies(ESTATE.target(entry.target))
    if entry.fault:
        known = [one for one in lab.faults() if one.name == entry.fault]
        assert any(set(entry.arguments) <= set(one.arguments) for one in known)
