"""The user's language for everything that the command line shows."""

from __future__ import annotations

from typing import Any

from dcctl.errors import DcctlError
from dcctl.text import Text, fill, translate, user_language


def _(msgid: str, **params: Any) -> str:
    """`msgid` in the user's language, its placeholders filled."""
    return fill(translate(msgid), params)


def spoken(text: Text) -> str:
    """A carried message in the user's language."""
    return text.in_language(user_language())


def error_line(error: DcctlError) -> str:
    """One line: where, what, and what to do."""
    place = f"{error.place}: " if error.place else ""
    hint = spoken(error.hint)
    line = f"{place}{spoken(error.text)}"
    return f"{line} ({hint})" if hint else line
