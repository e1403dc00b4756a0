"""Which language a person is spoken to: `DCCTL_LANG`, then the locale in gettext's order."""

from __future__ import annotations

import pytest

from dcctl.text import user_language

NAMES = ("DCCTL_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN"}, "vi"),
        ({"LC_MESSAGES": "vi_VN.UTF-8", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LC_ALL": "vi_VN.UTF-8", "LC_MESSAGES": "en_US.UTF-8", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LC_ALL": "", "LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LC_ALL": "C.UTF-8", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANGUAGE": "vi:en", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LANGUAGE": "fr:vi", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LANGUAGE": "en", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"LANGUAGE": "fr", "LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANGUAGE": "vi", "LC_ALL": "C", "LANG": "en_US.UTF-8"}, "en"),
        ({"LANGUAGE": "vi"}, "en"),
        ({"DCCTL_LANG": "vi", "LANGUAGE": "en", "LC_ALL": "C"}, "vi"),
        ({"DCCTL_LANG": "en", "LANGUAGE": "vi", "LANG": "vi_VN.UTF-8"}, "en"),
    ],
    ids=str,
)
def test_the_language(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], language: str
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert user_language() == language
