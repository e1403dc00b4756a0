"""What pydantic found, in words that say what to do."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SECRETS = frozenset(("password", "key_passphrase", "enable"))
_WANTED = {
    "string_type": N_("text"),
    "int_type": N_("a whole number"),
    "int_from_float": N_("a whole number"),
    "float_type": N_("a number"),
    "bool_type": N_("true or false"),
    "list_type": N_("a list"),
    "dict_type": N_("a mapping"),
    "model_type": N_("a mapping"),
    "model_attributes_type": N_("a mapping"),
}


def explain(error: Mapping[str, Any], known: Iterable[str]) -> tuple[str, str, dict[str, Any]]:
    """Message, hint and their parameters for one of pydantic's errors.

    `known` are keys that could have stood there.
    """
    kind, value = error["type"], error["input"]
    keys = [str(key) for key in error["loc"]]
    params: dict[str, Any] = {"key": ".".join(keys) or "the file", "value": short(value)}
    if _SECRETS & set(keys):  # what was written there may be the secret itself
        return (
            N_("{key} must be a reference to a secret"),
            N_("give env:NAME, file:PATH, vault:PATH#KEY or prompt:LABEL, never the secret"),
            {"key": params["key"]},
        )
    if kind == "missing":
        return N_("{key} is missing"), N_("add it"), params
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(keys[-1], list(known), n=1, cutoff=0.6)
        if close:
            params["close"] = close[0]
            return N_("{key} is not known here"), N_("did you mean {close}?"), params
        return (
            N_("{key} is not known here"),
            N_("take it out; dcctl inventory schema lists what is known"),
            params,
        )
    if isinstance(value, dict) and {"__ansible_vault", "__ansible_unsafe"} & value.keys():
        return (
            N_("{key} is vaulted or unsafe; dcctl must be able to read it"),
            N_("write it in clear, or keep it outside `dcctl`"),
            params,
        )
    if kind == "string_type" and isinstance(value, int | float):
        params["value"] = str(value).lower() if isinstance(value, bool) else value
        return N_("{key} is {value} to YAML; text is wanted"), N_('quote it: "{value}"'), params
    if kind in _WANTED:
        params["wanted"] = _WANTED[kind]
        return N_("{key} is {value}; {wanted} is wanted"), N_("correct it"), params
    if kind in ("literal_error", "enum"):
        params["wanted"] = error["ctx"]["expected"]
        return N_("{key} is {value}; it must be {wanted}"), N_("choose one of these"), params
    if kind == "value_error":
        params["reason"] = str(error["ctx"]["error"])
        return N_("{key}: {value} {reason}"), N_("correct it"), params
    params["reason"] = error["msg"]
    return N_("{key} is {value}: {reason}"), N_("correct it"), params


def short(value: Any) -> str:
    """A value as a person would point at it, never long."""
    if isinstance(value, dict):
        return N_("a mapping")
    if isinstance(value, list):
        return N_("a list")
    text = (
        "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - fits one line
