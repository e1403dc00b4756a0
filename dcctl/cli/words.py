"""The user's language for everything that the command line shows."""

from __future__ import annotations

from typing import Any

from dcctl.errors import DcctlError
from dcctl.text import N_, Text, fill, translate, user_language


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


def typed(name: str, *, lab: bool) -> str:
    """A hash or a run as the next verb takes it: the lab's with the option that says so."""
    return f"{name} --lab" if lab else name


def wave_word(title: str) -> str:
    """The reports' word for a wave's title."""
    from dcctl.reports._words import WAVE_WORDS

    return _(WAVE_WORDS.get(title, title))


def phase_word(phase: str) -> str:
    """The reports' word for a phase of an upgrade that is under way."""
    from dcctl.reports._words import PHASE_WORDS

    return _(PHASE_WORDS.get(phase, phase))  # type: ignore[call-overload] # a stored phase equals its member


# How an answer was read, and what a difference means.
_READ = {
    "parsed": N_("parsed"),
    "empty": N_("empty"),
    "no_template": N_("no template"),
    "worse": N_("worse"),
    "better": N_("better"),
    "unknown": N_("unknown"),
}
# What an element of a campaign is, beside how its step ended.
_STANDS = {"waiting": N_("waiting"), "in_doubt": N_("in doubt")}


def status_word(status: str) -> str:
    """The reports' word for a stored status, severity, certainty, or for why there is none."""
    from dcctl.reports import _words

    for words in (
        _words.WORDS,
        _words.SEVERITY_WORDS,
        _words.RUN_WORDS,
        _words.NOT_STARTED,
        _words.REASONS,
        _words.CERTAINTY_WORDS,
        _READ,
        _STANDS,
    ):
        if status in words:
            return _(words[status])  # type: ignore[index] # a stored word equals its member
    return status
