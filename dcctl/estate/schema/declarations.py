"""What people declare to an audit: inventory/waivers/NAME.yml, inventory/attestations/NAME.yml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from dcctl.errors import InvalidInput
from dcctl.estate.patterns import is_fixed
from dcctl.estate.schema.base import Model, Name
from dcctl.estate.schema.waivers import Day
from dcctl.text import N_


def _fixed(value: str) -> str:
    try:
        fixed = is_fixed(value)
    except InvalidInput as error:
        raise ValueError(error.text.msgid) from None
    if not fixed:  # what is signed must not depend on a file beside it, or on an order
        message = N_("{key}: {value} reads a file or counts hosts; name hosts and groups")
        raise ValueError(message)
    return value


Hosts = Annotated[
    str,
    Field(min_length=1, max_length=1000, description="an Ansible host pattern"),
    AfterValidator(_fixed),
]
Because = Annotated[str, Field(min_length=10, max_length=4000)]


class SignatureEntry(Model):
    """One signature; what was signed names its digest."""

    statement: Annotated[str, Field(max_length=10_000)]
    signature: Annotated[str, Field(max_length=20_000)]


class CompensationEntry(Model):
    """What must pass for a waiver to hold."""

    check: Name = Field(description="a check, or a row of the catalogue")
    hosts: Hosts | None = Field(default=None, description="where; none: on the waived target")


class AuditWaiver(Model):
    """A requirement that need not be met for a while, because something else makes up for it."""

    control: Name = Field(description="a row of the catalogue, or a check")
    hosts: Hosts
    sites: list[Name] = []
    reason: Because
    compensating: Annotated[list[CompensationEntry], Field(min_length=1)]
    requested_by: Name
    approved_by: Name
    effective_from: Day
    until: Day = Field(description="its last day; at most a year after the first")
    signatures: list[SignatureEntry] = []


class Attestation(Model):
    """What a person of a named role says of a row that no device can answer."""

    row: Name
    role: Name
    says: Literal["pass", "partial", "fail", "not_applicable"]
    statement: Because
    by: Name
    effective_from: Day
    until: Day = Field(description="its last day; the row says how many months at most")
    signatures: list[SignatureEntry] = []
