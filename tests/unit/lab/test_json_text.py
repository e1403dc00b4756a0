"""What devices print as JSON is laid out as Python's own writer does it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dcctl.lab.elements.json_text import indented

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON, st.integers(1, 4))
def test_it_is_what_python_writes(data: Any, indent: int) -> None:
    assert indented(data, indent) == json.dumps(data, indent=indent)
