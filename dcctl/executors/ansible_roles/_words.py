"""One clear line for each way in which Ansible can fail. The only place that reads its messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.secrets import redact
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.executors.ansible_roles._fold import Failure

_LONGEST = 400
ARGUMENTS = "validate_argument_spec"
_UNDEFINED = re.compile(r"'(?P<name>[^']+)' is undefined")
KEY_CHANGED = N_(
    "the host key is not the pinned one; if that is right: dcctl inventory trust {target}"
)
KEY_UNKNOWN = N_("the host key is not pinned; check it and: dcctl inventory trust {target}")
REFUSED = N_("the target refused our credentials")
BEFORE_LOGIN = N_("the connection was closed before any login")
LATE = N_("no answer in time")
_UNREACHABLE = (
    (r"REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed", KEY_CHANGED),
    (r"Host key verification failed|No \S+ host key is known", KEY_UNKNOWN),
    (r"Permission denied|Invalid/incorrect (username/)?password|Too many auth", REFUSED),
    (r"kex_exchange_identification|UNKNOWN port 65535", BEFORE_LOGIN),
    (r"timed out|Timeout", LATE),
    (r"Connection refused", N_("nothing listens there (connection refused)")),
    (r"No route to host|Network is unreachable", N_("there is no way to it (no route to host)")),
    (r"Could not resolve hostname|Name or service not known", N_("its name can't be resolved")),
)


def unreachable(message: str, target: str) -> Text | None:
    """Why a target could not be reached; None where `message` does not say."""
    for pattern, msgid in _UNREACHABLE:
        if re.search(pattern, message, re.IGNORECASE):
            return Text(msgid, {"target": target})
    return None


def broken_off(message: str) -> Text:
    """It could not be reached, and can be now."""
    return Text(N_("unreachable: {reason}"), {"reason": _one_line(message)})


def failed(failure: Failure, role: str) -> Text:
    """Why a role failed."""
    result = failure.result
    if failure.action.endswith(ARGUMENTS):
        return Text(
            N_("role {role}: {problem}"),
            {"role": role, "problem": _one_line(_arguments(result))},
        )
    message = _message(result)
    undefined = _UNDEFINED.search(message)
    if undefined:
        return Text(
            N_("{task}: the variable {name} is undefined"),
            {"task": failure.task, "name": undefined["name"]},
        )
    if re.search(r"(incorrect|missing) sudo password|Sorry, try again", message, re.IGNORECASE):
        return Text(N_("the target refused our password for becoming root"), {})
    return Text(N_("{task}: {problem}"), {"task": failure.task, "problem": _one_line(message)})


def could_not_begin(output: Sequence[str]) -> Text:
    """Why Ansible ended before it did anything."""
    lines = [line.strip() for part in output for line in part.splitlines() if line.strip()]
    errors = [line for line in lines if "ERROR" in line]
    reason = (errors or lines[-1:] or [""])[0]
    return Text(N_("Ansible could not begin: {reason}"), {"reason": _one_line(reason)})


def _arguments(result: Mapping[str, Any]) -> str:
    errors = result.get("argument_errors")
    return "; ".join(str(error) for error in errors) if errors else _message(result)


def _message(result: Mapping[str, Any]) -> str:
    for key in ("msg", "stderr", "module_stderr", "exception", "censored"):
        value = result.get(key)
        if value:
            extra = result.get("stderr") if key == "msg" else None
            return (
                f"{value}: {extra}"
                if extra and str(value) == "non-zero return code"
                else str(value)
            )
    return "failed"


def _one_line(message: str) -> str:
    line = redact(" ".join(message.split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
