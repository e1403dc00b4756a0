"""User-facing text: marked where it is written, translated where it is shown.

The library never translates: it carries a message id and its parameters (`Text`), so that a report
can be made in either language from the journal alone. Only `cli/` and `reports/` call `translate`.
Identifiers and logs stay English.
"""

from __future__ import annotations

import gettext
import locale
import os
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

LANGUAGES = ("en", "vi")
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
_UNTRANSLATED = frozenset({"", "C", "POSIX"})  # locales in which LANGUAGE counts for nothing
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})  # Unicode's general categories
_HARMLESS = frozenset("\n\t\u200c\u200d")
LOCALE_DIR = Path(__file__).parent / "locale"


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name, which every extractor knows
    """Mark a string for translation and return it unchanged."""
    return msgid


def shortened(text: str, length: int) -> str:
    """`text` on one line of at most `length` characters, cut between words, with a mark for it."""
    return textwrap.shorten(text, length, placeholder=" …")


@dataclass(frozen=True, slots=True)
class Text:
    """A message and what fills its `{placeholders}`; `str()` gives English.

    What fills one may be a message itself, or several, which are told one after the other.
    """

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Messages within it come back from a journal as the mappings that they were written as."""
        stored = {name: _revived(value) for name, value in self.params.items() if _held(value)}
        if stored:
            object.__setattr__(self, "params", {**self.params, **stored})

    def __str__(self) -> str:
        return fill(self.msgid, {name: _said(one, "") for name, one in self.params.items()})

    def in_language(self, language: str) -> str:
        """The message in `language`, English where there is no translation."""
        told = {name: _said(value, language) for name, value in self.params.items()}
        return fill(translate(self.msgid, language), told)


def _held(value: Any) -> bool:
    """Whether it is a message, or several, as plain data."""
    if isinstance(value, list):
        return bool(value) and all(_held(one) for one in value)
    return isinstance(value, dict) and value.keys() == {"msgid", "params"}


def _revived(value: Any) -> Text | list[Text]:
    return [Text(**one) for one in value] if isinstance(value, list) else Text(**value)


def _said(value: Any, language: str) -> Any:
    """A parameter as it is told; English where no language is named."""
    if isinstance(value, Text):
        return value.in_language(language) if language else str(value)
    if isinstance(value, list | tuple) and value and all(isinstance(one, Text) for one in value):
        return "; ".join(str(_said(one, language)) for one in value)
    if isinstance(value, Mapping) and value.keys() == set(LANGUAGES):  # data with both words
        return value[language or "en"]
    return value


def fill(template: str, params: Mapping[str, Any]) -> str:
    """Fill `{name}` placeholders; a message never fails because a parameter is missing."""
    if not params:
        return template
    try:
        return template.format_map(_Lenient(params))
    except (ValueError, IndexError, AttributeError):
        return f"{template} {dict(params)}"


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def visible(text: str) -> str:
    """`text` with each control or direction character written out, so that nothing poses as else.

    Left are line ends, tabs, and what joins letters in some scripts (ZWNJ, ZWJ).
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(char):04x}" if category(char) in _HIDDEN and char not in _HARMLESS else char
        for char in text
    )


def translate(msgid: str, language: str | None = None) -> str:
    """`msgid` in `language` (default: the user's)."""
    if not msgid:
        return msgid
    return _catalogue(language or user_language()).gettext(msgid)


def user_language() -> str:
    """`DCCTL_LANG`, else the locale's as gettext chooses it, else English."""
    own = os.environ.get("DCCTL_LANG", "")
    names = own or next((os.environ[one] for one in _LOCALES if os.environ.get(one)), "")
    wanted = [names or locale.getlocale()[0] or ""]
    if not own and names not in _UNTRANSLATED:
        wanted = [*os.environ.get("LANGUAGE", "").split(":"), *wanted]
    short = (one.partition(".")[0].partition("_")[0].lower() for one in wanted)
    return next((one for one in short if one in LANGUAGES), "en")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("dcctl", LOCALE_DIR, languages=[language], fallback=True)
