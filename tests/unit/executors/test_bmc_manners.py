"""A management controller with bad manners: each is told in one line, and none is a pass."""

from __future__ import annotations

from typing import Any

import pytest

from dcctl.model.status import FindingStatus
from tests.unit.executors.redfish_door import CHECKS, Door, held, passed
from tests.unit.executors.redfish_twin import PASSWORD, USER

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


@pytest.fixture
def door(contexts, tmp_path, monkeypatch) -> Door:
    monkeypatch.setenv("BMC_PASSWORD", PASSWORD)
    monkeypatch.setenv("BMC_WRONG", "battery-staple-9")
    return Door(contexts, tmp_path)


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
