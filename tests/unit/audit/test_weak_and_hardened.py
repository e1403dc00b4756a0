"""On every simulated system, weak and hardened, every check of the catalogue finds what it should.

tests/cases/audit/PLATFORM/expected.yml is the table; where a check does not tell the two apart,
it says why, by what the vendor says of its system.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from dcctl.lab.elements.tree import EMPTY
from dcctl.lab.systems import all_systems
from tests.unit.audit.strength import (
    CASES,
    HARDENED,
    SUBJECT,
    WEAK,
    Case,
    elements_checks,
    findings,
    lab,
    platforms_held,
)

BAD = {"fail", "partial"}
# What is shown of no simulated system without a wire.
BY_WIRE = {"transport.crypto"}


@cache
def table(platform: str) -> dict[str, dict[str, Any]]:
    return yaml.load(
        (CASES / platform / "expected.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )


def test_every_simulated_system_has_a_table() -> None:
    assert platforms_held() == sorted(all_systems())


@pytest.mark.parametrize("platform", platforms_held())
def test_every_check_of_the_catalogue_is_in_it(platform) -> None:
    assert list(table(platform)) == elements_checks()


@pytest.mark.parametrize("platform", platforms_held())
def test_what_does_not_tell_the_two_apart_says_why(platform) -> None:
    for check, row in table(platform).items():
        assert row.keys() <= {WEAK, HARDENED, "why"}, check
        apart = row[WEAK] in BAD and row[HARDENED] == "pass"
        assert apart != bool(row.get("why")), check
        assert row[HARDENED] not in BAD, check


def test_every_check_tells_the_two_apart_on_some_system() -> None:
    for check in set(elements_checks()) - BY_WIRE:
        assert any(not table(name)[check].get("why") for name in platforms_held()), check


@pytest.mark.parametrize("strength", [WEAK, HARDENED])
@pytest.mark.parametrize("platform", platforms_held())
def test_it_is_found_as_expected(platform, strength) -> None:
    found = {
        check: (finding.status.value, str(finding.message))
        for check, finding in findings(Case(platform, strength)).items()
    }
    wrong = {
        check: found.get(check)
        for check, row in table(platform).items()
        if found.get(check, ("",))[0] != row[strength]
    }
    assert not wrong


# Defaults, and what day 0 has already: the twin knows them, and nothing changes with them.
SAID_ANYWAY = (
    "no shutdown",
    "undo shutdown",
    "shutdown",
    "lldp run",
    "interface",
    "address-family ipv4",
    "ip address 10.60.1.1",
    "ipv4 address 10.60.1.1",
    "ip binding",
    "ip route",
    "ip vpn",
    "ipv4-family",
    "vrf",
    "group ",
    "host",
    "sysname",
    "local-user netops",
    "ssh",
    "stelnet",
    "ip ssh version 2",
    "ip http server",
    "authentication-mode aaa",
    "protocol inbound ssh",
    "undo telnet server",
    "no aaa root",
    "peer 10.0.2.1 enable",
    "peer 10.255.0.11 enable",
    "no feature telnet",
    "no service password-encryption",
    "service routing",
    "system set host-name",
    "set system host-name",
    "set system login user netops class super-user",
    "set system syslog file messages",
    "set interfaces fxp0",
    '/configure system name "r1"',
    '/configure system security user-params local-user user "netops"',
)


@pytest.mark.slow
@pytest.mark.parametrize("strength", [WEAK, HARDENED])
@pytest.mark.parametrize("platform", platforms_held())
def test_the_simulated_system_takes_every_line(platform, strength) -> None:
    case = Case(platform, strength)
    chassis = next(one for one in lab(case).chassis if one.name == SUBJECT)
    system = all_systems()[platform]
    base, lines = system.day_zero(chassis), case.configuration.splitlines()
    assert base != EMPTY
    whole = system.load(chassis, base, case.configuration)
    ignored = [
        line
        for number, line in enumerate(lines)
        if line.strip() not in ("", "!", "#", "end", "return", "EOF")
        and not line.strip().startswith(SAID_ANYWAY)
        and system.load(chassis, base, "\n".join(lines[:number] + lines[number + 1 :])) == whole
    ]
    assert not ignored
