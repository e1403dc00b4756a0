"""The rows: one file of `rows/` for each family. Which clauses ask for it, and what answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dcctl.errors import InvalidInput
from dcctl.model import parameters
from dcctl.standards._model import (
    LEVELS,
    Attested,
    Both,
    Clause,
    Concluded,
    Live,
    NotEvaluated,
    Row,
    Standard,
    is_by_level,
)
from dcctl.standards._reading import both, load, only, wrong

_ID = re.compile(r"DC-[A-Z]{3}-\d{3}")
_TARGETS = ("servers", "elements", "all")
_ANSWERS = ("live", "attested", "concluded", "not_evaluated")
_SUBJECTS = ("waivers", "duties")  # of what an evaluation concludes

Answer = Live | Attested | Concluded | NotEvaluated


def read_roles(path: Path) -> dict[str, Both]:
    """Who may attest, by the role's id."""
    try:
        return {role: both(texts, role) for role, texts in load(path).items()}
    except ValueError as error:
        raise wrong(path, "", str(error)) from error


def read_rows(
    folder: Path,
    standards: Mapping[str, Standard],
    roles: Mapping[str, Both],
    known: Mapping[str, Mapping[str, Any]],
) -> tuple[Row, ...]:
    """Every row of a folder, in the order of the ids; `known` are the checks' parameters.

    Raises:
        InvalidContribution: a row whose clause, check, parameter or role does not exist, that says
            something in one language only, or stands there twice; names file and row.
    """
    found: dict[str, Row] = {}
    for path in sorted(folder.glob("*.yml")):
        data = load(path)
        for item in data.get("rows") or ():
            name = str(item.get("id"))
            try:
                row = _row(data, item, standards, roles)
                _require(row, known)
            except (KeyError, TypeError, ValueError) as error:
                said = f"lacks {error}" if isinstance(error, KeyError) else str(error)
                raise wrong(path, name, said) from error
            if row.id in found:
                raise wrong(path, name, "stands there twice")
            found[row.id] = row
    return tuple(row for _, row in sorted(found.items()))


def _row(
    file: Mapping[str, Any],
    item: Mapping[str, Any],
    standards: Mapping[str, Standard],
    roles: Mapping[str, Both],
) -> Row:
    only(item, {"id", "priority", "title", "pass", "clauses", "site", "every", *_ANSWERS})
    if not _ID.fullmatch(item["id"]):
        message = "an id is DC-XXX-000"
        raise ValueError(message)
    if item["priority"] not in (1, 2) or file["targets"] not in _TARGETS:
        message = f"priority is 1 or 2, targets one of {', '.join(_TARGETS)}"
        raise ValueError(message)
    return Row(
        id=item["id"],
        family=file["family"],
        targets=file["targets"],
        priority=item["priority"],
        title=both(item["title"], "title"),
        passes=both(item["pass"], "pass"),
        clauses={name: _cited(standards, name, asked) for name, asked in item["clauses"].items()},
        answer=_answer(item, roles),
        site={check: tuple(names) for check, names in item.get("site", {}).items()},
        every=_periods(item.get("every", {})),
    )


def _periods(given: Any) -> dict[int, int]:
    """Months by level; a level at which nothing recurs is left out."""
    whole = isinstance(given, Mapping) and all(
        level in LEVELS and isinstance(months, int) and months > 0
        for level, months in given.items()
    )
    if not whole:
        message = "every gives whole months by level"
        raise ValueError(message)
    return dict(given)


def _cited(
    standards: Mapping[str, Standard], name: str, asked: Any
) -> Mapping[int, tuple[Clause, ...]]:
    """The clauses by level; a plain list holds at every level that its clauses have."""
    if name not in standards:
        message = f"there is no standard {name}"
        raise ValueError(message)
    standard = standards[name]
    by_level = isinstance(asked, Mapping)
    wanted = asked if by_level else dict.fromkeys(LEVELS, asked)
    found: dict[int, tuple[Clause, ...]] = {}
    for level, numbers in wanted.items():
        clauses = [standard.clause(number, level) for number in numbers]
        missing = [number for number, clause in zip(numbers, clauses, strict=True) if not clause]
        if missing and by_level:
            message = f"{name} has no clause {', '.join(missing)} at level {level}"
            raise ValueError(message)
        found[level] = tuple(clause for clause in clauses if clause)
    known = {clause.id for clauses in found.values() for clause in clauses}
    unknown = [number for numbers in wanted.values() for number in numbers if number not in known]
    if unknown or not known:
        message = f"{name} has no clause {', '.join(unknown)}"
        raise ValueError(message)
    return found


def _answer(item: Mapping[str, Any], roles: Mapping[str, Both]) -> Answer:
    given = [name for name in _ANSWERS if name in item]
    if len(given) != 1:
        message = f"needs exactly one of {', '.join(_ANSWERS)}"
        raise ValueError(message)
    said = item[given[0]]
    if given[0] == "not_evaluated":
        return NotEvaluated(reason=both(said, "not_evaluated"))
    if given[0] == "concluded":
        if said not in _SUBJECTS:
            message = f"concluded is one of {', '.join(_SUBJECTS)}"
            raise ValueError(message)
        return Concluded(subject=said)
    if given[0] == "live":
        if not isinstance(said, Mapping) or not said:
            message = "live names checks"
            raise ValueError(message)
        return Live(checks={check: dict(values or {}) for check, values in said.items()})
    only(said, {"role", "months"})
    if said["role"] not in roles or not isinstance(said["months"], int) or said["months"] < 1:
        message = f"a role is one of {', '.join(roles)}, and holds for whole months"
        raise ValueError(message)
    return Attested(role=said["role"], months=said["months"])


def _require(row: Row, known: Mapping[str, Mapping[str, Any]]) -> None:
    """That its checks exist and take the parameters it gives them; raises ValueError."""
    if not isinstance(row.answer, Live):
        return
    for check, values in row.answer.checks.items():
        if check not in known:
            message = f"there is no check {check}"
            raise ValueError(message)
        partly = [
            name
            for name, value in values.items()
            if isinstance(value, Mapping)
            and any(isinstance(key, int) for key in value)
            and not is_by_level(value)
        ]
        if partly:
            message = f"{check}: {', '.join(partly)} needs a value for every level"
            raise ValueError(message)
    for check, names in row.site.items():
        unknown = [name for name in names if name not in known.get(check, ())]
        if check not in row.answer.checks or unknown:
            message = f"the site can't say {check}: {', '.join(unknown or names)}"
            raise ValueError(message)
    for level in LEVELS:
        try:
            parameters.tailor("live", known, (), row.answer.asked(level))
        except InvalidInput as error:
            raise ValueError(str(error)) from error
