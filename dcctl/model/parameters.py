"""A site's parameters over the defaults of what it tailors: names and types must fit."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from dcctl.errors import InvalidInput, NotFound
from dcctl.model.condition import is_number
from dcctl.text import N_


def tailor(
    section: str,
    defaults: Mapping[str, Mapping[str, Any]],
    ids: Iterable[str],
    site: Mapping[str, Mapping[str, Any]],
) -> dict[str, dict[str, Any]]:
    """The parameters of `ids`; the whole of `site` is validated, also what was not asked for.

    `section` is the key of dcctl.yml that `site` stands under.

    Raises:
        NotFound: `site` names something or a parameter that does not exist.
        InvalidInput: a value of the wrong type.
    """
    for name, values in site.items():
        _validate(section, defaults, name, values)
    return {name: {**_plain(defaults[name]), **_plain(site.get(name) or {})} for name in ids}


def _validate(
    section: str, all_defaults: Mapping[str, Mapping[str, Any]], owner: str, values: Any
) -> None:
    if owner not in all_defaults:
        raise NotFound(
            N_("{section}: {id} is tailored, but there is nothing of this name"),
            hint=N_("there is: {near}"),
            near=_near(owner, all_defaults),
            section=section,
            id=owner,
        )
    if values is not None and not isinstance(values, Mapping):
        raise InvalidInput(
            N_("{section}: {id} must hold parameters, not {got}"),
            section=section,
            id=owner,
            got=type(values).__name__,
        )
    defaults = all_defaults[owner]
    for name, value in (values or {}).items():
        if name not in defaults:
            raise NotFound(
                N_("{section}: {id} has no parameter {name}"),
                hint=N_("there is: {near}") if defaults else N_("it takes no parameters"),
                near=_near(str(name), defaults),
                section=section,
                id=owner,
                name=name,
            )
        wanted = _mismatch(defaults[name], value)
        if wanted:
            raise InvalidInput(
                N_("{section}: {id}: {name} must be {wanted}, not {value}"),
                section=section,
                id=owner,
                name=name,
                wanted=wanted,
                value=repr(value),
            )


def _near(name: str, choices: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, list(choices), n=3) or sorted(choices)[:8]
    return ", ".join(near)


def _mismatch(default: Any, value: Any) -> str:  # noqa: PLR0911 - one line a type
    """What `value` should have been, or nothing when it fits; None stands for a number."""
    if default is None:
        return "" if is_number(value) else N_("a number")
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else N_("true or false")
    if isinstance(default, int | float):
        kinds = int if isinstance(default, int) else int | float
        if not is_number(value) or not isinstance(value, kinds):
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
