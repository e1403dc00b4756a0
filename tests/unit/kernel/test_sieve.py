"""A sieve lets every text through in which its pattern finds something."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl import platforms
from dcctl.platforms import _router
from dcctl.sieve import Sieve, first_match, sieve, sieves

OWN = [
    pattern
    for platform in platforms.all_platforms().values()
    for pattern in (*platform.failures, *platform.locked, *platform.secret_patterns)
]
ODD = [
    r"(?i)ſecret|key",
    r"a(?:b|cd)?e+",
    r"(?:ab|)c",
    r"x{0,2}y",
    r"(?i:Ab)c",
    r"(?>ab|cd)e",
    r"(ab)?(?(1)c|d)",
    r"(?=ab)a",
    r"[ab]c(?!d)",
    r"",
]


def used(patterns: list[str]) -> list[Sieve]:
    return [sieve(one) for one in patterns]


@pytest.mark.parametrize("one", [*used(OWN), *used(ODD), _router._PAGER, _router._FAILED], ids=str)
def test_what_matches_is_let_through(one: Sieve) -> None:
    @settings(max_examples=20)
    @given(st.from_regex(one.pattern))
    def holds(text: str) -> None:
        assert one.pattern.search(text)
        assert one.may_match(text)

    holds()


def test_what_lacks_a_word_is_not_looked_at() -> None:
    refused = sieve(r"^\s*% ?(?:Invalid|Unknown)")
    assert refused.needs == (("%",), ("Invalid", "Unknown"))
    assert not refused.may_match("load 5 %, all is well")
    assert not refused.may_match("Invalid")
    assert refused.search("x\n % Invalid input").group() == " % Invalid"  # type: ignore[union-attr]


def test_most_of_our_own_are_sieved() -> None:
    assert all(one.needs for one in used(OWN))


def test_case_is_ignored_where_the_pattern_ignores_it() -> None:
    pager = sieve("press any key", re.IGNORECASE)
    assert pager.needs == (("press any key",),)
    assert pager.search("PRESS ANY KEY")
    assert pager.search("preſs any key")  # to the engine, a long s is an s


def test_the_first_pattern_that_finds_something_counts() -> None:
    found = first_match(sieves(("b", "a")), "a b")
    assert found is not None
    assert found.group() == "b"
    assert first_match(sieves(("c",)), "a b") is None
