"""A fault that plays nothing is refused: else a rehearsed night goes well for the wrong reason."""

from __future__ import annotations

import pytest

from dcctl.errors import InvalidInput
from dcctl.lab.elements.faults import arguments_of


@pytest.mark.parametrize(
    ("name", "given", "match"),
    [
        ("bad_image", {"how": "unit_fail"}, "knows no how=unit_fail"),
        ("bad_image", {"what": "boot_loop"}, "takes no what"),
        ("link_down", {}, "needs interface"),
        ("no_such", {}, "there is no fault"),
    ],
)
def test_what_is_no_fault(name: str, given: dict[str, str], match: str) -> None:
    with pytest.raises(InvalidInput, match=match):
        arguments_of(name, given)


def test_what_is_one() -> None:
    assert arguments_of("bad_image", {}) == {"how": "unit_fails"}
    assert arguments_of("bad_image", {"how": "boot_loop"}) == {"how": "boot_loop"}
