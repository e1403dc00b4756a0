"""The same elements over real SSH: what is found is what an in-process session finds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dcctl.executors import hostkeys
from dcctl.executors.device_session import DeviceSessions
from dcctl.lab import elements
from dcctl.model.outcome import Finding
from dcctl.model.target import Connection, Target
from tests.unit.audit.strength import (
    HARDENED,
    SUBJECT,
    WEAK,
    Blobs,
    Case,
    collected,
    context,
    judged,
    lab,
    others,
    platforms_held,
    target,
)
from tests.unit.audit.test_weak_and_hardened import BAD, table

# What a simulated system is only told of in process: the release it was bought with, what it boots
# next, what it did not save.
TOLD = {"version.release", "version.supported", "install.committed", "startup.saved"}
ACCELERATION = 60.0  # a minute passes in a second
SETTLED_S = 3.0  # of ours: adjacencies and LLDP come up


@pytest.fixture(params=[WEAK, HARDENED])
def strength(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=platforms_held())
def case(request: pytest.FixtureRequest, strength: str) -> Case:
    return Case(str(request.param), strength)


@pytest.fixture
def reached(case: Case, tmp_path: Path) -> Iterator[tuple[Target, dict[str, Any]]]:
    """The element, served over SSH, and the credentials that let one in."""
    folder = tmp_path / "lab"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DCCTL_CLOCK", f"accelerated:{ACCELERATION}")
        entries = elements.up(
            [target(case), *others()],
            folder,
            f"audit-{case.platform}",
            configured=lab(case).configured,
        )
    try:
        (entry,) = (one for one in entries if one.name == SUBJECT)
        if case.strength == WEAK:
            for fault in case.said.get("faults", ()):
                given = {**fault}
                elements.fault(folder, SUBJECT, given.pop("fault"), **given)
            elements.fault(folder, SUBJECT, "old_crypto", kex="diffie-hellman-group1-sha1")
        hostkeys.pin(folder / "known_hosts", SUBJECT, entry.host_key)
        connection = Connection(
            address=entry.address,
            port=entry.port,
            host_key_alias=SUBJECT,
            known_hosts=str(folder / "known_hosts"),
            credential="lab",
            crypto="legacy" if case.strength == WEAK else "modern",
        )
        time.sleep(SETTLED_S)
        yield replace(target(case), connection=connection), {"lab": elements.credential(folder)}
    finally:
        elements.down(folder)


def found(case: Case, one: Target, credentials: dict[str, Any], folder: Path) -> dict[str, Finding]:
    blobs = Blobs()
    options = {"credentials": credentials, "timeouts": {"command": 30, "connect": 10}}
    told = replace(context(blobs), folder=str(folder), site_root=str(folder), options=options)
    executor = DeviceSessions(told)
    try:
        return judged(collected(case, executor, one), blobs)
    finally:
        executor.close()


@pytest.mark.slow
def test_it_is_found_as_expected(case, reached, tmp_path) -> None:
    one, credentials = reached
    told = found(case, one, credentials, tmp_path)
    crypto = told.pop("transport.crypto").status.value
    assert (crypto in BAD) == (case.strength == WEAK), crypto
    wrong = {
        check: (finding.status.value, str(finding.message))
        for check, finding in told.items()
        if check not in TOLD and finding.status.value != table(case.platform)[check][case.strength]
    }
    assert not wrong
