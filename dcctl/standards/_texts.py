"""The standards: one file of `texts/` each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dcctl.standards._model import (
    CERTAINTIES,
    DETAILS,
    LEVELS,
    Both,
    Clause,
    Standard,
    Transition,
)
from dcctl.standards._reading import both, day, load, only, wrong

_KEYS = {
    *("id", "title", "source", "status", "certainty", "detail", "clauses"),
    *("effective_from", "effective_to", "transition", "supersedes"),
}


def read_standards(folder: Path) -> dict[str, Standard]:
    """Every standard of a folder, by its id.

    Raises:
        InvalidContribution: a file that lacks something, or says it in one language only.
    """
    found: dict[str, Standard] = {}
    for path in sorted(folder.glob("*.yml")):
        data = load(path)
        try:
            standard = _standard(path, data)
        except (KeyError, TypeError, ValueError) as error:
            raise wrong(path, "", f"{type(error).__name__}: {error}") from error
        if standard.id in found:
            raise wrong(path, standard.id, "stands in another file too")
        found[standard.id] = standard
    return found


def _standard(path: Path, data: Mapping[str, Any]) -> Standard:
    only(data, _KEYS)
    if data["detail"] not in DETAILS:
        message = f"detail is one of {', '.join(DETAILS)}"
        raise ValueError(message)
    clauses: list[Clause] = []
    seen: set[tuple[str, int | None]] = set()
    for item in data["clauses"]:
        name = str(item.get("id") or item.get("at"))
        try:
            made = list(_clauses(data, item))
        except (KeyError, TypeError, ValueError) as error:
            raise wrong(path, name, f"{type(error).__name__}: {error}") from error
        for clause in made:
            if (clause.id, clause.level) in seen:
                raise wrong(path, clause.id, f"twice at level {clause.level}")
            seen.add((clause.id, clause.level))
        clauses += made
    return Standard(
        id=data["id"],
        title=both(data["title"], "title"),
        source=data["source"],
        status=both(data["status"], "status"),
        certainty=_certainty(data["certainty"]),
        effective_from=day(data.get("effective_from")),
        effective_to=day(data.get("effective_to")),
        transition=_transition(data["transition"]) if "transition" in data else None,
        supersedes=tuple(data.get("supersedes", ())),
        clauses=tuple(clauses),
    )


def _transition(data: Mapping[str, Any]) -> Transition:
    only(data, {"until", "for"})
    return Transition(until=date.fromisoformat(data["until"]), applies_to=both(data["for"], "for"))


def _clauses(standard: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[Clause]:
    """One clause for each level that `at` names, or one that knows no levels."""
    only(item, {"id", "at", "title", "gist", "gist_at", "certainty"})
    numbers: Mapping[int | None, str] = item["at"] if "at" in item else {None: item["id"]}
    own: Mapping[int, Any] = item.get("gist_at", {})
    for level in (*numbers, *own):
        if level not in (*LEVELS, None) or level not in numbers:
            message = f"no level of it: {level}"
            raise ValueError(message)
    for level, number in numbers.items():
        if not isinstance(number, str):
            message = f"quote the number {number}"
            raise ValueError(message)  # noqa: TRY004 - the caller tells one kind of error
        gist = own.get(level) if level is not None else None
        yield Clause(
            standard=standard["id"],
            id=number,
            level=level,
            title=_text(standard, item.get("title"), "title", ("full", "titles")),
            gist=_text(standard, gist or item.get("gist"), "gist", ("full",)),
            certainty=_certainty(item.get("certainty", standard["certainty"])),
        )


def _text(standard: Mapping[str, Any], texts: Any, what: str, details: tuple[str, ...]) -> Both:
    """The text, where the standard's detail allows it: there it must be."""
    if standard["detail"] in details:
        return both(texts, what)
    if texts:
        message = f"a standard of detail {standard['detail']} says no {what}"
        raise ValueError(message)
    return {}


def _certainty(value: str) -> str:
    if value not in CERTAINTIES:
        message = f"certainty is one of {', '.join(CERTAINTIES)}"
        raise ValueError(message)
    return value
