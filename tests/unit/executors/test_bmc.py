"""Management controllers: a hardened one and every weakening of it, and every bad manner."""

from __future__ import annotations

import copy
import json
import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dcctl import checks, executors, platforms
from dcctl.executors import hostkeys
from dcctl.executors.evidence import redacted
from dcctl.model.outcome import Finding, Reading
from dcctl.model.status import FindingStatus, ReadingStatus
from dcctl.model.target import Connection, Controller, Target
from tests.unit.executors.conftest import free_port, needs_root
from tests.unit.executors.redfish_twin import PASSWORD, USER, Twin, authority

CASES = Path(__file__).parents[2] / "cases" / "redfish"
TOPICS = sorted(one.topic for one in platforms.get("redfish").collectors)
CHECKS = checks.resolve(["bmc_*"])
SITE = {"bmc_addresses.administrative": {"networks": ["10.61.0.0/16"]}}
INTENT = {
    "serial": "F54P1G3",
    "device_type": "dell/poweredge-r750",
    "position": 2,
    "firmware": {
        "bios": "2.1.5",
        "bmc": ["7.00.60.00", "7.10.30.00"],
        "adapters": {"*ethernet*": "22.31.6"},
    },
}


@cache
def _held(name: str) -> Any:
    return yaml.safe_load((CASES / f"{name}.yml").read_text(encoding="utf-8"))


def held(name: str) -> Any:
    return copy.deepcopy(_held(name))


@pytest.fixture
def door(contexts, tmp_path, monkeypatch):
    """The door that servers are read through, and a target whose controller a twin is."""
    monkeypatch.setenv("BMC_PASSWORD", PASSWORD)
    (tmp_path / "ca.pem").write_text(authority(), encoding="ascii")

    class Door:
        def __init__(self) -> None:
            self.kept = contexts.kept
            self.credentials: dict[str, Any] = {
                "bmc": {"username": USER, "password": "env:BMC_PASSWORD"},
                "wrong": {"username": USER, "password": "env:HOME"},
            }

        def twin(self, resources: str | dict[str, Any] = "hardened", **more: Any) -> Twin:
            given = held(resources) if isinstance(resources, str) else resources
            return Twin(tmp_path, given, **more)

        def target(self, twin: Twin, **more: Any) -> Target:
            known = {"authorities": str(tmp_path / "ca.pem"), "credential": "bmc"}
            return Target(
                name="hl-cmp-a01",
                platform="linux",
                kind="server",
                rack="HL-A-R03",
                connection=Connection(address="127.0.0.1", port=free_port(), credential="bmc"),
                intent=INTENT,
                peers={"log_collectors": [{"name": "log1", "address": "10.60.10.51"}]},
                bmc=Controller(address="127.0.0.1", port=twin.port, **known | more),
            )

        def read(self, target: Target, topics=TOPICS, **timeouts: float) -> dict[str, Reading]:
            options = {"credentials": self.credentials, "timeouts": {"connect": 3} | timeouts}
            executor = executors.build("server_shell", contexts(**options))
            found = executor.read(target, topics)
            executor.close()
            assert set(found) == set(topics)
            return dict(found)

        def judged(self, target: Target, **timeouts: float) -> dict[str, Finding]:
            day = datetime.now(UTC).date()
            asked = checks.dated(checks.tailor(CHECKS, SITE), day)
            readings = self.read(target, **timeouts)
            return {one.check: one for one in checks.evaluate(target, readings, asked)}

    return Door()


def passed(findings: dict[str, Finding]) -> set[str]:
    return {name for name, one in findings.items() if one.status is FindingStatus.PASS}


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


# --- bad manners -------------------------------------------------------------------------------

BAD = {
    "hangs": "gave no whole answer",
    "drips": "gave no whole answer",
    "huge": "more than 4 MB",
    "endless": "more than 4 MB",
    "html": "no JSON object but text/html",
    "redirect": "status 302 (-> https://192.0.2.66/redfish/v1/)",
    "broken": "status 500",
    "cut": "no TLS with its management controller",
    "deep": "no JSON object",
    "list": "no JSON object",
    "no_http": "is no HTTP",
}


@pytest.mark.parametrize("manners", BAD)
def test_bad_manners_are_told_in_one_line_and_never_pass(door, manners) -> None:
    with door.twin(manners=manners) as twin:
        quick = {"command": 0.3, "controller": 0.6} if manners in {"hangs", "drips"} else {}
        found = door.judged(door.target(twin), **quick)
    assert passed(found) == {"bmc_certificate.issued", "bmc_certificate.valid"}
    message = str(found["bmc_protocols.ipmi_off"].message)
    assert BAD[manners] in message
    assert "\n" not in message
    assert "hl-cmp-a01" in message


def test_a_wrong_password_is_tried_once(door) -> None:
    with door.twin() as twin:
        found = door.judged(door.target(twin, credential="wrong"))
        assert twin.refused == 1
    assert "refuses credential wrong" in str(found["bmc_power.redundant"].message)
    assert len(passed(found)) == 2


def test_a_credential_without_a_password_is_not_tried(door) -> None:
    door.credentials["keys"] = {"username": USER, "agent": True}
    with door.twin() as twin:
        found = door.judged(door.target(twin, credential="keys"))
        assert twin.asked == []
    assert "no user name and password" in str(found["bmc_power.redundant"].message)
    assert len(passed(found)) == 2


def test_what_the_account_may_not_read_costs_that_topic_alone(door) -> None:
    with door.twin(manners="forbidden") as twin:
        found = door.judged(door.target(twin))
    assert set(CHECKS) - passed(found) == {"bmc_accounts.defaults_off"}
    assert "may not read it" in str(found["bmc_accounts.defaults_off"].message)
    assert found["bmc_accounts.defaults_off"].status is FindingStatus.NOT_EVALUATED


def test_a_connection_that_is_ended_silently_is_made_anew(door) -> None:
    with door.twin(manners="closes") as twin:
        assert passed(door.judged(door.target(twin))) == set(CHECKS)
        assert twin.connections > 2


def test_nobody_listens(door) -> None:
    with door.twin() as twin:
        target = door.target(twin)
    found = door.judged(target)
    assert {one.status for one in found.values()} == {FindingStatus.NOT_EVALUATED}
    assert {one.reason for one in found.values()} == {"unreachable"}


MANAGER = "/redfish/v1/Managers/iDRAC.Embedded.1"


@pytest.mark.parametrize(
    "link",
    [
        "https://192.0.2.66/redfish/v1/Managers/1/NetworkProtocol",
        "//192.0.2.66/redfish/v1/Managers/1/NetworkProtocol",
        "/redfish/v1/Managers/1/Actions/Manager.Reset",
        "/redfish/v1/Managers/../../cgi/reboot",
        "/redfish/v1/Managers/1/NetworkProtocol?a=b",
        "/redfish/v1/SessionService/Sessions",
        "/redfish/v1/Managers/1/NetworkProtocol HTTP/1.1\r\nX: y",
        "",
        7,
        None,
    ],
)
def test_a_link_to_elsewhere_is_not_followed(door, link) -> None:
    resources = held("hardened")
    resources[MANAGER]["NetworkProtocol"] = {"@odata.id": link}
    with door.twin(resources) as twin:
        found = door.judged(door.target(twin))
        assert set(CHECKS) - passed(found) == {"bmc_protocols.ipmi_off", "bmc_protocols.telnet_off"}
        assert all(path in resources for _, path in twin.asked)
    finding = found["bmc_protocols.ipmi_off"]
    assert finding.status is FindingStatus.NOT_EVALUATED
    assert "none of what may be read" in str(finding.message)


def _without(resources: dict[str, Any]) -> None:
    del resources[f"{MANAGER}/NetworkProtocol"]


def _half(resources: dict[str, Any]) -> None:
    resources["/redfish/v1/Managers"]["Members@odata.count"] = 2


def _twice(resources: dict[str, Any]) -> None:
    resources["/redfish/v1/Managers"] = {"Members": [{"@odata.id": MANAGER}] * 2}


def _paged(resources: dict[str, Any]) -> None:
    resources["/redfish/v1/Managers"]["Members@odata.nextLink"] = "/redfish/v1/Managers?$skip=1"


def _no_list(resources: dict[str, Any]) -> None:
    resources["/redfish/v1/Managers"] = {"Members": 7}


def _words(resources: dict[str, Any]) -> None:
    resources[f"{MANAGER}/NetworkProtocol"]["IPMI"]["ProtocolEnabled"] = "false"


def _unlinked(resources: dict[str, Any]) -> None:
    del resources[MANAGER]["NetworkProtocol"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_without, "status 404"),
        (_half, "not all members"),
        (_twice, "not all members"),
        (_paged, "not all members"),
        (_no_list, "not all members"),
        (_words, "ProtocolEnabled is 'false'"),
        (_unlinked, "nothing was answered"),
    ],
)
def test_what_is_not_whole_is_no_pass(door, spoil, says) -> None:
    resources = held("hardened")
    spoil(resources)
    with door.twin(resources) as twin:
        found = door.judged(door.target(twin))
    finding = found["bmc_protocols.ipmi_off"]
    assert finding.status is FindingStatus.NOT_EVALUATED
    assert says in str(finding.message)


def test_a_yes_is_no_number(door) -> None:
    with door.twin() as twin:
        twin.resources["/redfish/v1/AccountService"]["MinPasswordLength"] = True
        found = door.judged(door.target(twin))
    finding = found["bmc_account_policy.password_length"]
    assert finding.status is FindingStatus.NOT_EVALUATED
    assert "MinPasswordLength is True" in str(finding.message)


def test_too_many_resources_are_given_up(door) -> None:
    resources, base = held("hardened"), "/redfish/v1/AccountService/Accounts"
    members = [f"{base}/{number}" for number in range(500)]
    resources[base] = {"Members": [{"@odata.id": one} for one in members]}
    resources |= {one: {"UserName": one[-3:], "Enabled": True} for one in members}
    with door.twin(resources) as twin:
        found = door.judged(door.target(twin))
        assert len(twin.asked) <= 400
    assert "more than 400 resources" in str(found["bmc_accounts.defaults_off"].message)


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
