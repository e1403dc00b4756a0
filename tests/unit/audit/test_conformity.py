"""What runs against what was intended: each line that lacks or is extra is named, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from dcctl import clock, platforms
from dcctl.errors import JournalError, Unparsed
from dcctl.executors import conformity
from dcctl.facts.conformity import Conformity
from dcctl.lab.elements.session import InProcessSession
from dcctl.model.outcome import Reading
from dcctl.model.record import RunRecord
from dcctl.model.status import ReadingStatus
from dcctl.workflows.audit import again
from tests.unit.audit.strength import (
    HARDENED,
    SUBJECT,
    Blobs,
    Case,
    collected,
    context,
    network,
    platforms_held,
    sessions,
)

PORT = {
    "arista_eos": "interface Ethernet1",
    "cisco_nxos": "interface Ethernet1/1",
    "cisco_xe": "interface TenGigabitEthernet0/0/0",
    "cisco_xr": "interface TenGigE0/0/0/0",
    "huawei_vrp": "interface GigabitEthernet0/1/0",
    "juniper_junos": "set interfaces xe-0/0/0",
    "nokia_sros": "/configure port 1/1/1",
}
CONFIGURED = [name for name in platforms_held() if platforms.get(name).change is not None]


@cache
def running(platform: str) -> str:
    with clock.use(clock.ManualClock()):
        session = InProcessSession(network(Case(platform, HARDENED)), SUBJECT)
        if platform == "arista_eos":
            session.send("enable")
        return session.send(platforms.get(platform).config_command)


def compared(platform: str, now: str, intended: str) -> Conformity:
    one = platforms.get(platform)
    assert one.change is not None
    return conformity.of_texts(one, one.change, now, intended)


def cut(platform: str) -> tuple[str, str, str]:
    """What the hardened one runs, the same without the description of a port, and its name."""
    text, port = running(platform), PORT[platform]
    (line,) = (
        one for one in text.splitlines(keepends=True) if re.search('escription "?to n1', one)
    )
    between = " " if port.startswith(("set ", "/")) else " > "
    words = line.strip().removeprefix(port).strip()
    return text, text.replace(line, ""), f"{port}{between}{words}"


@pytest.mark.parametrize("platform", CONFIGURED)
def test_the_same_is_as_intended(platform) -> None:
    text = running(platform)
    found = compared(platform, text, text)
    assert (found.lacking, found.extra) == ((), ())
    assert found.compared > 50


@pytest.mark.parametrize("platform", CONFIGURED)
def test_a_line_that_only_one_has_is_named_alone(platform) -> None:
    text, without, line = cut(platform)
    lacks, more = compared(platform, without, text), compared(platform, text, without)
    assert (lacks.lacking, lacks.extra) == ((line,), ())
    assert (more.lacking, more.extra) == ((), (line,))


EXTRA = {
    "arista_eos": (
        "management ssh\n",
        "management telnet\n   no shutdown\nmanagement ssh\n",
        "management telnet",
    ),
    "cisco_nxos": ("feature lldp\n", "feature lldp\nfeature telnet\n", "feature telnet"),
    "cisco_xe": ("lldp run\n", "lldp run\nalias exec c configure\n", "alias exec c configure"),
    "cisco_xr": ("lldp\n", "alias c configure\nlldp\n", "alias c configure"),
    "huawei_vrp": ("lldp enable\n", "lldp enable\nFTP server enable\n", "FTP server enable"),
    "juniper_junos": (
        "set protocols lldp",
        "set system services ftp\nset protocols lldp",
        "set system services ftp",
    ),
    "nokia_sros": (
        "    system {\n",
        "    ipsec {\n        show-ipsec-keys true\n    }\n    system {\n",
        "/configure ipsec show-ipsec-keys true",
    ),
}


@pytest.mark.parametrize("platform", CONFIGURED)
def test_a_section_that_nobody_speaks_of_is_extra(platform) -> None:
    text, (at, instead, line) = running(platform), EXTRA[platform]
    assert at in text
    found = compared(platform, text.replace(at, instead, 1), text)
    assert found.lacking == ()
    assert found.extra[0] == line


@pytest.mark.parametrize("platform", [p for p in CONFIGURED if platforms.get(p).config_end])
def test_one_that_was_cut_off_lacks_nothing_that_could_be_told(platform) -> None:
    text = running(platform)
    for short in (text[: len(text) // 2], ""):
        with pytest.raises(Unparsed):
            compared(platform, short, text)
    with pytest.raises(Unparsed):
        compared(platform, text, " \n")


# --- from kept evidence ---

XE = Case("cisco_xe", HARDENED)


@cache
def kept() -> tuple[RunRecord, Blobs]:
    with clock.use(clock.ManualClock()):
        blobs = Blobs()
        executor = sessions.simulated(network(XE))("device_session", context(blobs))
        return collected(XE, executor), blobs


def told(record: RunRecord, blob: Callable[[str], bytes]) -> Reading:
    return again.readings(record, SUBJECT, blob)[conformity.TOPIC]


def with_settings(record: RunRecord, settings: dict[str, str]) -> RunRecord:
    steps = tuple(replace(step, settings=settings) for step in record.plan.steps)
    return replace(record, plan=replace(record.plan, steps=steps))


def test_the_evidence_tells_what_it_was_compared_with() -> None:
    record, blobs = kept()
    first = told(record, blobs.blob)
    assert first.status is ReadingStatus.PARSED
    assert first.value == told(record, blobs.blob).value
    assert first.evidence == (record.readings[SUBJECT]["unchanged"]["answers"][0]["digest"],)
    text = record.plan.steps[0].settings["intended"].replace("description to n1", "description x")
    other = told(with_settings(record, {"intended": text}), blobs.blob)
    port = PORT["cisco_xe"]
    assert other.value.lacking == (f"{port} > description x",)
    assert other.value.extra == (f"{port} > description to n1",)


def test_without_evidence_or_intention_nobody_can_tell() -> None:
    record, blobs = kept()

    def lost(digest: str) -> bytes:
        raise JournalError("the evidence {name} is not what its digest says", name=digest)

    assert told(record, lost).status is ReadingStatus.ERROR
    broken = told(with_settings(record, {"not_intended": "x.j2:3: no vrf"}), blobs.blob)
    assert (broken.status, broken.message) == (ReadingStatus.ERROR, "x.j2:3: no vrf")
    none = told(with_settings(record, {}), blobs.blob)
    assert none.status is ReadingStatus.NO_TEMPLATE
    unread = {
        **record.readings[SUBJECT]["unchanged"],
        "status": "unreachable",
        "answers": [],
        "value": None,
    }
    away = replace(record, readings={SUBJECT: {"unchanged": unread}})
    assert told(away, blobs.blob).status is ReadingStatus.UNREACHABLE
