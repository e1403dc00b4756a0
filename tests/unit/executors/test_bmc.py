"""Management controllers: a hardened one, every weakening of it, whom it is, what is kept of it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from dcctl import platforms
from dcctl.executors import hostkeys
from dcctl.executors.evidence import redacted
from dcctl.model.status import FindingStatus, ReadingStatus
from tests.unit.executors.conftest import needs_root
from tests.unit.executors.redfish_door import CHECKS, Door, held, passed
from tests.unit.executors.redfish_twin import PASSWORD


@pytest.fixture
def door(contexts, tmp_path, monkeypatch) -> Door:
    monkeypatch.setenv("BMC_PASSWORD", PASSWORD)
    monkeypatch.setenv("BMC_WRONG", "battery-staple-9")
    return Door(contexts, tmp_path)


@pytest.mark.parametrize("state", ["hardened", "newer"])
def test_a_hardened_controller_passes_all(door, state) -> None:
    with door.twin(state) as twin:
        found = door.judged(door.target(twin))
        assert {n: str(f.message) for n, f in found.items() if n not in passed(found)} == {}
        assert {method for method, _ in twin.asked} == {"GET"}
        assert len(twin.asked) == len(set(twin.asked)), "nothing is asked twice"
        assert twin.connections == 2, "a look at the certificate, and one session"


@pytest.mark.parametrize(
    "weakening", held("weakenings"), ids=lambda one: f"{one['path'][12:]} {one['key'][-1]}"
)
def test_each_weakening_ends_its_own_check_alone(door, weakening) -> None:
    with door.twin(weakened(weakening)) as twin:
        found = door.judged(door.target(twin))
    assert set(CHECKS) - passed(found) == {weakening["ends"]}
    assert found[weakening["ends"]].status is FindingStatus.FAIL


def weakened(*weakenings: dict[str, Any]) -> dict[str, Any]:
    resources = held("hardened")
    for one in weakenings:
        *way, last = one["key"]
        within = resources[one["path"]]
        for key in way:
            within = within[key]
        within[last] = one["value"]
    return resources


def test_a_weak_controller_fails_all(door) -> None:
    every = held("weakenings")
    assert {one["ends"] for one in every} == set(CHECKS) - {
        "bmc_certificate.issued",
        "bmc_certificate.valid",
    }
    with door.twin(weakened(*every), certificate="factory") as twin:
        found = door.judged(door.target(twin, certificate=twin.fingerprint))
    failed = {name for name, one in found.items() if one.status is FindingStatus.FAIL}
    assert failed == set(CHECKS) - {"bmc_certificate.valid"}


# --- whom it is --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificate", "says"),
    [
        ("factory", "self-signed"),
        ("expired", "expired"),
        ("elsewhere", "IP address mismatch"),
        ("impostor", "signature failure"),
    ],
)
def test_a_certificate_that_nobody_vouches_for(door, certificate, says) -> None:
    with door.twin(certificate=certificate) as twin:
        found = door.judged(door.target(twin))
        assert twin.asked == [], "not a byte of a request was sent"
    assert passed(found) <= {"bmc_certificate.valid", "bmc_certificate.issued"}
    assert says in str(found["bmc_protocols.ipmi_off"].message)
    assert found["bmc_protocols.ipmi_off"].reason == "unreachable"
    wrong = "bmc_certificate.valid" if certificate == "expired" else "bmc_certificate.issued"
    assert found[wrong].status is FindingStatus.FAIL
    assert len(passed(found)) == 1


def test_a_pinned_certificate_is_known_by_nothing_but_itself(door) -> None:
    with door.twin(certificate="expired") as twin:
        target = door.target(twin, certificate=twin.fingerprint, authorities="")
        found = door.judged(target)
        assert set(CHECKS) - passed(found) == {"bmc_certificate.issued", "bmc_certificate.valid"}
        twin.asked.clear()
        other = replace(target, bmc=replace(target.bmc, certificate="ab" * 32))
        found = door.judged(other)
        assert "pinned is abab" in str(found["bmc_protocols.ipmi_off"].message)
        assert twin.fingerprint in str(found["bmc_protocols.ipmi_off"].message)
        assert passed(found) == set()
        assert twin.asked == []


def test_where_nothing_says_whom_it_is_it_is_not_asked(door) -> None:
    with door.twin() as twin:
        found = door.judged(door.target(twin, authorities="/nowhere/bmc_ca.pem"))
        assert twin.asked == []
    assert "nothing says which certificate" in str(found["bmc_power.redundant"].message)
    assert passed(found) == {"bmc_certificate.valid"}


# --- evidence ----------------------------------------------------------------------------------


def test_evidence_holds_the_answers_and_no_secret(door) -> None:
    with door.twin() as twin:
        readings = door.read(door.target(twin))
    text = b"\n".join(door.kept.blobs.values()).decode()
    assert "Broadcom Gigabit Ethernet BCM5720" in text
    for secret in ("s3cr3t-community", "Bearer-9f2c77ab", PASSWORD):
        assert secret not in text
    for reading in readings.values():
        assert reading.status is ReadingStatus.PARSED
        assert len(reading.answers) == len(reading.evidence) >= 1
        for answer in reading.answers:
            json.loads(door.kept.blobs[answer.digest])


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('{"Password": "hunter22"}', "hunter22"),
        ('{"SNMP": {"TrapCommunity" : "pub\\"lic"}}', 'pub\\"lic'),
        ('{"EncryptionKey": "0011"}', "0011"),
        ('{"X-Auth-Token": "t0k"}', "t0k"),
        ('{"MinPasswordLength": 12, "PasswordChangeRequired": false}', ""),
        ('{"Password": null, "UserName": "x"}', ""),
    ],
)
def test_secrets_by_their_names(text, secret) -> None:
    shown = redacted(text, platforms.get("redfish"))
    assert shown == text if not secret else secret not in shown
    json.loads(shown)


def test_the_server_itself_being_down_does_not_hide_its_controller(door) -> None:
    with door.twin() as twin:
        target = door.target(twin)
        found = door.read(target, ["bmc_protocols", "system"])
    assert found["bmc_protocols"].status is ReadingStatus.PARSED
    assert found["system"].status is ReadingStatus.UNREACHABLE


def test_without_a_controller_in_the_inventory_nobody_is_asked(door) -> None:
    with door.twin() as twin:
        target = replace(door.target(twin), bmc=None)
        found = door.judged(target)
        assert twin.connections == 0
    assert {one.reason for one in found.values()} == {"no_collector"}
    assert "no management controller is known" in str(found["bmc_power.redundant"].message)


@needs_root
def test_behind_a_jump_host(door, sshd, tmp_path) -> None:
    hostkeys.pin(tmp_path / "hops", "hop", sshd.host_key)
    door.credentials = door.credentials | sshd.credentials
    hop = replace(
        sshd.target("key").connection, host_key_alias="hop", known_hosts=str(tmp_path / "hops")
    )
    with door.twin() as twin:
        assert passed(door.judged(door.target(twin, jump=(hop,)))) == set(CHECKS)
    for pid in sshd.sessions():
        with suppress(ProcessLookupError):
            os.kill(pid, 15)
