"""Statements: the exact text that somebody signs, and what may stand in one."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from dcctl import clock
from dcctl.errors import Refused
from dcctl.model import plain
from dcctl.model.approval import Purpose, Role
from dcctl.model.plan import Plan
from dcctl.text import N_
from dcctl.workflows.services import Services

_AHEAD = timedelta(minutes=10)  # how far another machine's clock may be before ours
_LARGEST = 10_000
_ALWAYS = frozenset({"approver", "at", "estate", "purpose"})
_KEYS = {
    Purpose.PLAN: _ALWAYS | {"lab", "plan", "requester", "role", "verb"},
    Purpose.SIGNERS: _ALWAYS | {"from", "journal", "to"},
    **dict.fromkeys(
        (Purpose.WAIVER_REQUEST, Purpose.WAIVER, Purpose.ATTESTATION),
        frozenset({"at", "digest", "estate", "name", "purpose", "role", "signer"}),
    ),
}


def of_plan(plan: Plan, services: Services, *, approver: str, role: Role) -> str:
    """What `approver` signs to say yes to `plan`: canonical JSON (RFC 8785) and a line's end."""
    data = {
        "approver": approver,
        "at": clock.now().isoformat(timespec="seconds"),
        "estate": plan.estate,
        "lab": plan.lab,
        "plan": plan.hash,
        "purpose": Purpose.PLAN.value,
        "requester": services.journal.made_by(plan.hash),
        "role": role.value,
        "verb": plan.verb,
    }
    return plain.canonical(data).decode() + "\n"


def of_declaration(
    purpose: Purpose, *, name: str, digest: str, signer: str, role: str, estate: str
) -> str:
    """What `signer` signs to ask for a waiver, to approve one, or to attest."""
    data = {
        "at": clock.now().isoformat(timespec="seconds"),
        "digest": digest,
        "estate": estate,
        "name": name,
        "purpose": purpose.value,
        "role": role,
        "signer": signer,
    }
    return plain.canonical(data).decode() + "\n"


def purpose_of(statement: str) -> str:
    """What a statement says that it is for; empty where it is none."""
    try:
        return str(_read(statement).get("purpose", ""))
    except (ValueError, RecursionError):
        return ""


def parse(statement: str, services: Services, *, purpose: Purpose) -> dict[str, Any]:
    """What a statement says.

    Raises:
        Refused: it is none, for something else, of another estate, or of a time to come.
    """
    said = parse_of(statement, services.estate.name, purpose)
    if datetime.fromisoformat(said["at"]) > clock.now() + _AHEAD:
        raise Refused(
            N_("the statement is of {at}, which is still to come"),
            hint=N_("set the clocks of both machines right"),
            at=said["at"],
        )
    return said


def parse_of(statement: str, estate: str, purpose: Purpose) -> dict[str, Any]:
    """The same, whatever time it is.

    Raises:
        Refused: it is none, for something else, or of another estate.
    """
    try:
        said = _read(statement)
        at = datetime.fromisoformat(said["at"])
    except (ValueError, KeyError, RecursionError):
        said, at = {}, None
    if (
        at is None
        or at.tzinfo is None
        or said.keys() != _KEYS[purpose]
        or said["purpose"] != purpose
    ):
        raise Refused(
            N_("this is not a statement for {purpose} as dcctl writes it"),
            hint=N_("sign exactly what --statement prints, byte by byte"),
            purpose=purpose.value,
        )
    if said["estate"] != estate:
        raise Refused(
            N_("the statement is about the estate {found}, and this is {wanted}"),
            found=said["estate"],
            wanted=estate,
        )
    return said


def _read(statement: str) -> dict[str, Any]:
    """Its content, where the text is exactly what `plain.canonical` makes of it.

    Raises:
        ValueError: it is not.
    """
    said = json.loads(statement) if len(statement) < _LARGEST else None
    if not isinstance(said, dict) or plain.canonical(said).decode() + "\n" != statement:
        raise ValueError
    if not all(type(value) is (bool if key == "lab" else str) for key, value in said.items()):
        raise ValueError
    return said


def require_plan(said: dict[str, Any], plan: Plan, requester: str) -> None:
    """Refuse a statement about something else than `plan`.

    Raises:
        Refused: another plan, verb, lab flag or requester, or an unknown role.
    """
    wanted = {
        "plan": plan.hash,
        "verb": plan.verb,
        "lab": plan.lab,
        "requester": requester,
    }
    for key, value in wanted.items():
        if said[key] != value:
            raise Refused(
                N_("the statement says {key} {found}, and it is {wanted}"),
                hint=N_("a signature counts for the one plan that it names; sign for this one"),
                key=key,
                found=str(said[key])[:12],
                wanted=str(value)[:12],
            )
    if said["role"] not in tuple(Role):
        raise Refused(N_("there is no role {role}"), role=said["role"])
