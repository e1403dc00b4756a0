"""Dates of support say whence they are, and how sure that is."""

from __future__ import annotations

from datetime import date

import pytest

from dcctl.checks import support

CERTAINTIES = {"read", "secondary", "to be verified"}


@pytest.mark.parametrize("one", support._TABLE, ids=lambda one: one.name)
def test_a_date_says_whence_it_is(one) -> None:
    assert date.fromisoformat(one.ends).isoformat() == one.ends
    assert one.certainty in CERTAINTIES
    assert (one.certainty == "to be verified") == (not one.source)
    assert one.name == one.name.lower()


def test_no_release_stands_there_twice() -> None:
    names = [one.name for one in support._TABLE]
    assert len(names) == len(set(names))
