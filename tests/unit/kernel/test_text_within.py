"""A message within a message is told in the reader's language, from the journal too."""

from __future__ import annotations

import json

import pytest

from dcctl.model import plain
from dcctl.text import Text

_INNER = Text("{site} keeps the path {path}", {"site": "P01", "path": "a - b"})
_SEVERAL = [_INNER, Text("never came back")]


@pytest.mark.parametrize("stored", [False, True])
def test_what_is_within_is_told_in_the_same_language(*, stored: bool) -> None:
    text = Text("not upgraded, and as it was: {error}", {"error": Text("{all}", {"all": _SEVERAL})})
    if stored:
        text = plain.from_plain(Text, json.loads(plain.canonical(text)))
    assert str(text) == ("not upgraded, and as it was: P01 keeps the path a - b; never came back")
    vietnamese = text.in_language("vi")
    assert vietnamese.endswith("P01 giữ đường đi a - b; không trở lại")
    assert "as it was" not in vietnamese


@pytest.mark.parametrize("value", [{"msgid": "x"}, [], ["a"], {"msgid": "x", "params": {}, "y": 1}])
def test_what_is_no_message_stays_as_it_is(value: object) -> None:
    assert str(Text("{value}", {"value": value})) == str(value)
