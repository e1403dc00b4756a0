"""What a kit holds: which targets are read, how they are dialled, and for which run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dcctl.errors import InvalidInput
from dcctl.model import plain
from dcctl.model.plan import Step
from dcctl.model.target import Target
from dcctl.text import N_
from dcctl.workflows.audit.kit import whole

SCHEMA = "dcctl-kit/1"
ORDER, KNOWN_HOSTS, AUTHORITIES = "kit.json", "known_hosts", "bmc_ca.pem"
LIB = "lib/"
RULES = whole.Rules(
    names=(
        r"__main__\.py",
        r"README",
        r"kit\.json",
        r"known_hosts",
        r"bmc_ca\.pem",
        r"lib/[\w.+@ /-]+",
    ),
    files=50_000,
    unpacked=1 << 30,
    largest=128 << 20,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be read there. Nothing secret: credentials only say where a secret lies."""

    run: str
    plan: str  # hash
    estate: str
    journal: str  # id
    made_at: str
    operator: str
    lab: bool
    dcctl: str  # version
    python: str  # which interpreter its library is for; empty: it has none
    targets: tuple[Target, ...]
    steps: tuple[Step, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    schema: str = SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A kit that was found whole."""

    order: Order
    known_hosts: bytes
    seal: str
    authorities: bytes = b""  # of management controllers


def read(path: Path) -> Kit:
    """The kit in a file.

    Raises:
        InvalidInput: it is none, damaged, or of another version.
    """
    with whole.opened(path, RULES) as archive:
        if ORDER not in archive.names or KNOWN_HOSTS not in archive.names:
            raise InvalidInput(N_("{path} is no audit kit"), path=str(path))
        told = json.loads(archive.read(ORDER))
        try:
            if told.get("schema") != SCHEMA:
                raise TypeError  # noqa: TRY301 - one place that tells of it
            order = plain.from_plain(Order, told)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise InvalidInput(
                N_("{path} is a kit of another version of dcctl"), path=str(path)
            ) from error
        return Kit(
            order=order,
            known_hosts=archive.read(KNOWN_HOSTS),
            seal=archive.seal,
            authorities=archive.read(AUTHORITIES) if AUTHORITIES in archive.names else b"",
        )
