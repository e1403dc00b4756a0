"""A site's thresholds over the checks' own: names and types must fit."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from dcctl.contracts import Check
from dcctl.errors import InvalidInput, NotFound
from dcctl.text import N_


def tailor(
    checks: Mapping[str, Check], ids: tuple[str, ...], site: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """See `dcctl.checks.tailor`; the whole of `site` is validated, also what was not asked for."""
    for check_id, values in site.items():
        _validate(checks, check_id, values)
    return {
        check_id: {**_plain(checks[check_id].parameters), **_plain(site.get(check_id) or {})}
        for check_id in ids
    }


def _validate(checks: Mapping[str, Check], check_id: str, values: Any) -> None:
    if check_id not in checks:
        raise NotFound(
            N_("checks: {id} is tailored, but there is no such check"),
            hint=N_("there is: {near}"),
            near=_near(check_id, checks),
            id=check_id,
        )
    if values is not None and not isinstance(values, Mapping):
        raise InvalidInput(
            N_("checks: {id} must hold parameters, not {got}"),
            id=check_id,
            got=type(values).__name__,
        )
    defaults = checks[check_id].parameters
    for name, value in (values or {}).items():
        if name not in defaults:
            raise NotFound(
                N_("checks: {id} has no parameter {name}"),
                hint=N_("there is: {near}") if defaults else N_("this check takes no parameters"),
                near=_near(str(name), defaults),
                id=check_id,
                name=name,
            )
        wanted = _mismatch(defaults[name], value)
        if wanted:
            raise InvalidInput(
                N_("checks: {id}: {name} must be {wanted}, not {value}"),
                id=check_id,
                name=name,
                wanted=wanted,
                value=repr(value),
            )


def _near(name: str, choices: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, list(choices), n=3) or sorted(choices)[:8]
    return ", ".join(near)


def _mismatch(default: Any, value: Any) -> str:  # noqa: PLR0911 - one line a type
    """What `value` should have been, or nothing when it fits."""
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else N_("true or false")
    if isinstance(default, int | float):
        kinds = int if isinstance(default, int) else int | float
        if isinstance(value, bool) or not isinstance(value, kinds):
            return N_("a whole number") if isinstance(default, int) else N_("a number")
        return N_("zero or more") if default >= 0 > value else ""
    if isinstance(default, str):
        return "" if isinstance(value, str) else N_("text")
    if isinstance(default, Mapping):
        fits = isinstance(value, Mapping) and all(isinstance(key, str) for key in value)
        return "" if fits else N_("a mapping")
    if not isinstance(value, list | tuple):
        return N_("a list")
    kind = type(default[0]) if default else str
    fits = all(isinstance(item, kind) and not isinstance(item, bool) for item in value)
    return "" if fits else N_("a list of {kind}").replace("{kind}", kind.__name__)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as they are stored in a plan: lists, not tuples."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }
