"""What became of a fact: keyed sets, counters, light, error ratios, states."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dcctl.facts import all_facts
from dcctl.planning.comparing import compare

CASES = yaml.load(
    (Path(__file__).parents[2] / "cases/comparing/differences.yaml").read_text(), yaml.CSafeLoader
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-50, 50) | st.sampled_from("ab"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("name", "state", "rx_dbm", "items", "lane")), inner)
    ),
    max_leaves=12,
)
FACTS = st.dictionaries(st.sampled_from(("items", "state", "total", "x_ber")), PLAIN)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['topic']}: {case['what']}")
def test_what_differs_is_told_and_nothing_else(case):
    found = compare(case["topic"], case["before"], case["after"])
    told = [[one.item, one.field, one.verdict.value, one.delta] for one in found]
    assert told == case["told"]


@given(FACTS, FACTS)
def test_a_fact_equals_itself_and_no_difference_is_lost(before, after):
    assert compare("any", before, before) == ()
    assert bool(compare("any", before, None)) == bool(compare("any", None, before))
    compare("any", before, after)


def test_every_topic_has_facts_that_can_be_compared():
    for topic in all_facts():
        assert compare(topic, {}, {}) == ()
