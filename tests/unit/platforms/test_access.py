"""A weak and a hardened configuration of each make, and what the audit finds in them."""

from __future__ import annotations

import re

import pytest

from dcctl import checks, platforms
from dcctl.contracts import Output
from dcctl.errors import Unparsed
from dcctl.journal import redaction
from dcctl.model.outcome import Reading
from dcctl.model.status import FindingStatus, ReadingStatus
from dcctl.model.target import Target
from dcctl.secrets import REDACTED

TOPIC = "device_access"
ROWS = ("central", "changes", "console", "failures", "flows", "snmp")

HARD = {
    "cisco_xe": """hostname r1
aaa new-model
aaa group server tacacs+ HQ
 server name t1
aaa authentication login default group HQ local
login block-for 120 attempts 3 within 60
archive
 log config
  logging enable
flow exporter OUT
 destination 10.60.10.70
snmp-server group OPS v3 priv
line con 0
 exec-timeout 5 0
line aux 0
 no exec
line vty 0 4
 transport input ssh
end
""",
    "cisco_xr": """hostname r1
aaa authentication login default group tacacs+ local
aaa password-policy STRONG
 lockout-time minutes 15
 authen-max-attempts 3
!
flow exporter-map OUT
 destination 10.60.10.70
!
snmp-server group OPS v3 priv
line console
 exec-timeout 5 0
!
end
""",
    "cisco_nxos": """version 10.2(5)
hostname r1
aaa group server radius HQ
    server 10.1.1.1
aaa authentication login default group HQ
login block-for 120 attempts 3 within 60
flow exporter OUT
  destination 10.60.10.70 use-vrf management
snmp-server user ops network-admin auth sha 0xaa priv aes-128 0xbb localizedkey
""",
    "arista_eos": """! device: r1 (DCS-7050, EOS-4.30.1F)
hostname r1
aaa authentication login default group tacacs+ local
aaa authentication policy lockout failure 3 window 900 duration 900
sflow destination 10.60.10.70
sflow run
snmp-server group OPS v3 priv
end
""",
    "huawei_vrp": """sysname r1
aaa
 authentication-scheme HQ
  authentication-mode hwtacacs local
 domain default_admin
  authentication-scheme HQ
 local-aaa-user wrong-password retry-interval 5 retry-time 3 block-time 15
snmp-agent group v3 OPS privacy
netstream export ip host 10.60.10.70 2055
user-interface con 0
 authentication-mode aaa
return
""",
    "juniper_junos": """set system host-name r1
set system authentication-order [ tacplus password ]
set system login retry-options tries-before-disconnect 3
set system login retry-options lockout-period 15
set system syslog host 10.60.10.51 any info
set forwarding-options sampling instance A family inet output flow-server 10.60.10.70 port 2055
set snmp v3 vacm access group OPS default-context-prefix security-model usm security-level privacy
""",
}
WEAK = {
    "cisco_xe": """hostname r1
snmp-server group OPS v3 auth
snmp-server group OLD v2c
line con 0
 stopbits 1
line vty 0 4
 login local
end
""",
    "cisco_xr": """hostname r1
aaa authentication login OPEN none
snmp-server group OPS v3 auth
line console
 login authentication OPEN
!
end
""",
    "cisco_nxos": """version 10.2(5)
hostname r1
aaa authentication login console none
snmp-server user ops network-admin auth sha 0xaa localizedkey
""",
    "arista_eos": """! device: r1 (DCS-7050, EOS-4.30.1F)
hostname r1
aaa authentication login console none
sflow destination 10.60.10.70
snmp-server group OPS v3 noauth
end
""",
    "huawei_vrp": """sysname r1
undo info-center enable
aaa
 undo local-aaa-user wrong-password
 authentication-scheme default
  authentication-mode local
 domain default_admin
  authentication-scheme default
snmp-agent group v3 OPS authentication
user-interface con 0
 authentication-mode none
return
""",
    "juniper_junos": """set system host-name r1
set snmp v3 vacm access group OPS default-context-prefix security-model usm security-level none
""",
}
# What the make itself does, whatever its configuration says.
ALWAYS = {
    "cisco_xr": {"changes"},
    "cisco_nxos": {"changes"},
    "arista_eos": {"changes"},
    "juniper_junos": {"console"},
}
SECRETS = ("0xaa", "0xbb")


def fact(platform, text):
    collector = platforms.get(platform).collector(TOPIC)
    return collector.parse([Output(command=c, text=text) for c in collector.commands])


def findings(platform, text):
    readings = {
        TOPIC: Reading(topic=TOPIC, status=ReadingStatus.PARSED, value=fact(platform, text))
    }
    asked = checks.tailor([f"{TOPIC}.{name}" for name in ROWS])
    target = Target(name="r1", platform=platform, kind="router")
    return {
        finding.check.partition(".")[2]: finding.status
        for finding in checks.evaluate(target, readings, asked)
    }


@pytest.mark.parametrize("platform", HARD)
def test_a_hardened_one_passes(platform) -> None:
    assert findings(platform, HARD[platform]) == dict.fromkeys(ROWS, FindingStatus.PASS)


@pytest.mark.parametrize("platform", WEAK)
def test_a_weak_one_fails(platform) -> None:
    passes = ALWAYS.get(platform, set())
    expected = {name: FindingStatus.PASS if name in passes else FindingStatus.FAIL for name in ROWS}
    assert findings(platform, WEAK[platform]) == expected


# A line of the hardened one, and what fails without it.
LOSES = [
    ("cisco_xe", "aaa new-model", "central"),
    ("cisco_xe", "aaa authentication login default", "central"),
    ("cisco_xe", "login block-for", "failures"),
    ("cisco_xe", "  logging enable", "changes"),
    ("cisco_xe", " destination", "flows"),
    ("cisco_xe", "aaa authentication login default", "console"),
    ("cisco_xr", "aaa authentication login default", "central"),
    ("cisco_xr", "aaa password-policy", "failures"),
    ("cisco_xr", " destination", "flows"),
    ("cisco_nxos", "aaa authentication login default", "central"),
    ("cisco_nxos", "aaa group server", "central"),
    ("cisco_nxos", "login block-for", "failures"),
    ("cisco_nxos", "  destination", "flows"),
    ("arista_eos", "aaa authentication login default", "central"),
    ("arista_eos", "aaa authentication policy", "failures"),
    ("arista_eos", "sflow run", "flows"),
    ("arista_eos", "sflow destination", "flows"),
    ("huawei_vrp", "  authentication-mode", "central"),
    ("huawei_vrp", "  authentication-scheme HQ", "central"),
    ("huawei_vrp", " local-aaa-user wrong-password", "failures"),
    ("huawei_vrp", "netstream export", "flows"),
    ("huawei_vrp", " authentication-mode aaa", "console"),
    ("juniper_junos", "set system authentication-order", "central"),
    ("juniper_junos", "set system login retry-options lockout-period", "failures"),
    ("juniper_junos", "set system syslog", "changes"),
    ("juniper_junos", "set forwarding-options", "flows"),
]


@pytest.mark.parametrize(("platform", "start", "check"), LOSES)
def test_each_line_that_hardens_matters(platform, start, check) -> None:
    lines = HARD[platform].splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(start))
    assert text != HARD[platform]
    assert findings(platform, text)[check] is not FindingStatus.PASS


@pytest.mark.parametrize("platform", HARD)
def test_half_a_configuration_says_nothing(platform) -> None:
    for text in ("", "% Invalid input", "\n".join(HARD[platform].splitlines()[2:])):
        with pytest.raises(Unparsed):
            fact(platform, text)


@pytest.mark.parametrize("platform", HARD)
def test_no_secret_is_in_the_fact(platform) -> None:
    assert not any(secret in repr(fact(platform, HARD[platform])) for secret in SECRETS)


@pytest.mark.parametrize(
    ("lines", "central", "fallback", "console"),
    [
        (
            "aaa new-model\naaa authentication login default group radius\n",
            ("radius",),
            False,
            True,
        ),
        ("aaa new-model\n", (), None, False),
        ("aaa authentication login default group radius local\n", (), None, True),
        (
            "aaa new-model\naaa authentication login CON none\n"  # noqa: ISC004 - one text
            "aaa authentication login default group tacacs+ group radius local\n",
            ("tacacs", "radius"),
            True,
            False,
        ),
    ],
)
def test_what_ios_asks_of_whom(lines, central, fallback, console) -> None:
    line = " login authentication CON\n" if "CON" in lines else " login\n"
    found = fact("cisco_xe", f"hostname r1\n{lines}line con 0\n{line}end\n")
    assert (found.central, found.local_fallback, found.console_login) == (
        central,
        fallback,
        console,
    )


ROLE = "snmp-server user ops network-operator\n"


def kept(platform, text):
    """As an answer is kept: without what the platform and we call a secret."""
    for pattern in platforms.get(platform).secret_patterns:
        text = re.sub(pattern, lambda m: m.group().replace(m["secret"], REDACTED), text)
    return redaction.redact(text)


@pytest.mark.parametrize("platform", HARD)
@pytest.mark.parametrize("texts", [HARD, WEAK], ids=["hard", "weak"])
def test_what_is_kept_is_judged_alike(platform, texts) -> None:
    assert findings(platform, kept(platform, texts[platform])) == findings(
        platform, texts[platform]
    )


def test_a_further_role_of_a_user_of_snmp() -> None:
    text = HARD["cisco_nxos"] + ROLE
    assert fact("cisco_nxos", text).snmp_weak == ()
    assert fact("cisco_nxos", ROLE.join(["version 1\nhostname r1\n", ""])).snmp_weak == ("ops",)
    assert fact("cisco_nxos", kept("cisco_nxos", text)).snmp_weak == (REDACTED,)
