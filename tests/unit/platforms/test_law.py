"""The law, on the simulated elements: sent, read again, compared, and back again."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dcctl import clock
from tests.unit.platforms.law import CHANGES, pair, planned, running, settled
from tests.unit.platforms.switch_estate import ALL, intended, session


@pytest.fixture
def watch():
    with clock.use(clock.ManualClock()) as ticking:
        yield ticking


@pytest.fixture
def both(watch, name):
    return pair(watch, name)


def same(name, one, other):
    """Section by section, in whatever order they stand."""
    replace = ALL[name].change.replace
    alike = sorted(one.splitlines()) == sorted(other.splitlines())
    return alike and not replace(one, other).diff and not replace(other, one).diff


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ALL)
def test_a_new_one_becomes_what_is_planned(both, name, change):
    rules, text = ALL[name].change, planned(name, change)
    wanted = rules.remediate(running(both, name), text)
    assert wanted.lines
    assert wanted.not_understood == ()
    rules.apply(session(both, name), wanted, 120)
    assert rules.remediate(running(both, name), text).diff == ()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ALL)
def test_a_change_arrives_and_a_backup_brings_the_old_back_whole(both, name, change):
    rules = ALL[name].change
    before = settled(both, name, intended(name))
    wanted = rules.remediate(before, planned(name, change))
    # A port that is not spoken of stays.
    assert wanted.lines or change == "one port less" or planned(name, change) == intended(name)
    after = settled(both, name, planned(name, change))
    assert rules.remediate(after, planned(name, change)).lines == ()
    assert same(name, after, before) != bool(wanted.lines)
    back = rules.replace(after, before)
    assert bool(back.lines) == bool(wanted.lines)
    if back.lines:
        rules.apply(session(both, name), back, 120)
        rules.confirm(session(both, name))
    assert same(name, running(both, name), before)


@pytest.mark.parametrize(("first", "second"), list(pairwise(CHANGES)))
@pytest.mark.parametrize("name", ALL)
def test_any_goes_over_into_any(both, name, first, second):
    settled(both, name, planned(name, first))
    after = settled(both, name, planned(name, second))
    assert ALL[name].change.remediate(after, planned(name, second)).lines == ()


@pytest.mark.parametrize("name", ALL)
def test_from_new_and_back_to_new(both, name):
    rules, before = ALL[name].change, running(both, name)
    kept = rules.remediate(before, intended(name)).prepare  # the safety net's own need stays
    after = settled(both, name, intended(name))
    back = rules.replace(after, before)
    rules.apply(session(both, name), back, 120)
    rules.confirm(session(both, name))
    now = [line for line in running(both, name).splitlines() if line not in kept]
    assert same(name, "\n".join(now), before)
