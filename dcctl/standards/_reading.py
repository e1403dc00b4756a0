"""Reading the catalogue's files: what is wrong is named with its file and its row or clause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dcctl.errors import InvalidContribution
from dcctl.standards._model import Both
from dcctl.text import LANGUAGES, N_


def load(path: Path) -> dict[str, Any]:
    """One file.

    Raises:
        InvalidContribution: it is no YAML mapping.
    """
    import yaml  # not at start-up

    try:
        data = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise wrong(path, "", str(error)) from error
    if not isinstance(data, dict):
        raise wrong(path, "", "no mapping")
    return data


def wrong(path: Path, item: str, error: str) -> InvalidContribution:
    """What is wrong with one item of a file."""
    return InvalidContribution(
        N_("{file}: {item}: {error}"), file=path.name, item=item or "-", error=error
    )


def both(texts: Any, what: str) -> Both:
    """A text in every language; raises ValueError."""
    if not isinstance(texts, Mapping):
        message = f"{what} is no text in {' and '.join(LANGUAGES)}"
        raise ValueError(message)  # noqa: TRY004 - the caller tells one kind of error
    missing = [language for language in LANGUAGES if not texts.get(language)]
    if missing:
        message = f"{what} lacks {', '.join(missing)}"
        raise ValueError(message)
    return {language: " ".join(str(texts[language]).split()) for language in LANGUAGES}


def day(value: str | None) -> date | None:
    """A date, or none."""
    return date.fromisoformat(value) if value else None


def only(data: Mapping[str, Any], known: set[str]) -> None:
    """Refuse keys that nobody reads; raises ValueError."""
    unknown = sorted(set(data) - known)
    if unknown:
        message = f"unknown: {', '.join(unknown)}"
        raise ValueError(message)
