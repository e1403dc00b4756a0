"""What pydantic found, in words that say what to do."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Words = tuple[str, str, dict[str, Any]]  # message, hint, their parameters
_LONGEST = 60  # characters of a value that still fit one line
_SECRETS = frozenset(("password", "key_passphrase", "enable"))
_MAPPING = N_("{key} is {value}; a mapping is wanted")
_WANTED = {
    "string_type": N_("{key} is {value}; text is wanted"),
    "int_type": N_("{key} is {value}; a whole number is wanted"),
    "int_from_float": N_("{key} is {value}; a whole number is wanted"),
    "float_type": N_("{key} is {value}; a number is wanted"),
    "bool_type": N_("{key} is {value}; true or false is wanted"),
    "list_type": N_("{key} is {value}; a list is wanted"),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "greater_than": N_("{key} is {value}; more than {gt} is wanted"),
    "greater_than_equal": N_("{key} is {value}; {ge} or more is wanted"),
    "less_than": N_("{key} is {value}; less than {lt} is wanted"),
    "less_than_equal": N_("{key} is {value}; {le} or less is wanted"),
    "finite_number": N_("{key} is {value}; a finite number is wanted"),
    "string_pattern_mismatch": N_("{key} is {value}; it must fit {pattern}"),
    "string_too_short": N_("{key} is {value}; at least {min_length} characters are wanted"),
    "string_too_long": N_("{key} is {value}; at most {max_length} characters are wanted"),
    "too_short": N_("{key} has {actual_length} entries; at least {min_length} are wanted"),
}


def explain(error: Mapping[str, Any], known: Iterable[str]) -> Words:
    """Message, hint and their parameters for one of pydantic's errors.

    `known` are keys that could have stood there.
    """
    kind, value = error["type"], error["input"]
    keys = [str(key) for key in error["loc"]]
    params: dict[str, Any] = {"key": ".".join(keys) or "-", "value": short(value)}
    if kind == "missing":
        return N_("{key} is missing"), N_("add it"), params
    if kind == "extra_forbidden":
        return _unknown(keys[-1], known, params)
    if _SECRETS & set(keys):  # what was written there may be the secret itself
        message = N_("{key} must be a reference to a secret")
        hint = N_("give env:NAME, file:PATH, vault:PATH#KEY or prompt:LABEL, never the secret")
        return message, hint, {"key": params["key"]}
    if isinstance(value, dict) and {"__ansible_vault", "__ansible_unsafe"} & value.keys():
        message = N_("{key} is vaulted or unsafe; dcctl must be able to read it")
        return message, N_("write it in clear, or keep it outside `dcctl`"), params
    return _wrong_value(kind, error, params)


def _unknown(key: str, known: Iterable[str], params: dict[str, Any]) -> Words:
    message = N_("{key} is not known here")
    close = difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)
    if close:
        return message, N_("did you mean {close}?"), {**params, "close": close[0]}
    return message, N_("take it out; dcctl inventory schema lists what is known"), params


def _wrong_value(kind: str, error: Mapping[str, Any], params: dict[str, Any]) -> Words:
    if kind == "string_type" and isinstance(error["input"], int | float):
        return N_("{key} is {value} to YAML; text is wanted"), N_('quote it: "{value}"'), params
    if kind in _WANTED:
        return _WANTED[kind], N_("correct it"), {**error.get("ctx", {}), **params}
    if kind in ("literal_error", "enum"):
        params["wanted"] = error["ctx"]["expected"]
        return N_("{key} is {value}; it must be {wanted}"), N_("choose one of these"), params
    if kind == "value_error":
        return str(error["ctx"]["error"]), N_("correct it"), params
    params["reason"] = error["msg"]
    return N_("{key} is {value}: {reason}"), N_("correct it"), params


def short(value: Any) -> str:
    """A value as a person would point at it, never long."""
    if isinstance(value, dict):
        return "{...}"
    if isinstance(value, list):
        return "[...]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
