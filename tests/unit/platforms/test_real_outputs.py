"""Parsers over what real devices answer: recordings, and the forms that answers take."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dcctl import discovery, platforms
from dcctl.contracts import Output
from dcctl.errors import Unparsed

RECORDINGS = discovery.data_root().parent / "shared/data/device_outputs"
XE = platforms.get("cisco_xe")
JUNOS = platforms.get("juniper_junos")
RECORDED = {
    "version": "show_version",
    "interfaces": "show_interfaces",
    "lldp": "show_lldp_neighbors_detail",
    "bgp": "show_ip_bgp_summary",
}


def transcript(name):
    return (Path(__file__).parents[2] / f"transcripts/cisco_xe/{name}.txt").read_text()


def parse(platform, topic, *texts):
    collector = platform.collector(topic)
    outputs = [Output(command=c, text=t) for c, t in zip(collector.commands, texts, strict=True)]
    return collector.parse(outputs)


def recordings(*topics):
    found = [
        pytest.param(topic, path, id=path.name)
        for topic, folder in RECORDED.items()
        if topic in topics
        for path in sorted((RECORDINGS / "cisco_xe" / folder).glob("*.raw"))
    ]
    reason = f"no recordings of real devices in {RECORDINGS}: left out"
    return found or [pytest.param("", Path(), marks=pytest.mark.skip(reason=reason))]


@pytest.mark.parametrize(("topic", "path"), recordings(*RECORDED))
def test_recordings_of_real_routers(topic, path):
    text = path.read_text(errors="replace")
    fact = parse(XE, topic, text)
    if topic == "version":
        assert re.search(rf"Version {re.escape(fact.release)}", text)
        assert fact.uptime_s
    elif topic == "bgp":
        assert len(fact.items) == len(re.findall(r"^[\d.]+\s+4\s", text, re.MULTILINE))
    elif topic == "lldp":
        assert len(fact.items) == text.count("Chassis id:")
    else:
        assert len(fact.items) == text.count("line protocol is")


@pytest.mark.parametrize(("topic", "path"), recordings("interfaces", "lldp", "bgp"))
def test_a_recording_with_noise_in_it_is_no_fact(topic, path):
    lines = path.read_text(errors="replace").splitlines()
    for at in (0, len(lines) // 2):
        noise = [*lines[:at], "\x7f\x02 zz 17 garbage", *lines[at:]]
        try:
            fact = parse(XE, topic, "\n".join(noise))
        except Unparsed:
            continue
        assert fact == parse(XE, topic, "\n".join(lines))  # noise between records, nothing lost


ISIS = transcript("show_isis_neighbors")
BFD = transcript("show_bfd_neighbors")
ALARMS = transcript("show_facility-alarm_status")
STATUS = transcript("show_ntp_status")
ASSOCIATIONS = transcript("show_ntp_associations")
OPTICS = transcript("show_interfaces_transceiver_detail")


def test_forms_that_real_routers_use():
    isis = parse(XE, "isis", ISIS)
    assert [(i.interface, i.neighbor, i.state, i.level) for i in isis.items] == [
        ("TenGigabitEthernet0/0/1", "core-1", "up", 2),
        ("GigabitEthernet2.115", "core-2", "init", 12),
    ]
    bfd = parse(XE, "bfd", BFD)
    assert [(b.neighbor, b.state, b.interface) for b in bfd.items] == [
        ("10.0.0.2", "up", "TenGigabitEthernet0/0/1"),
        ("10.0.0.6", "down", "GigabitEthernet0/1"),
        ("10.0.1.1", "admin_down", "GigabitEthernet4"),
    ]
    critical, info = parse(XE, "alarms", ALARMS).items
    assert (critical.severity, critical.source, info.severity) == (
        "critical",
        "GigabitEthernet0",
        "info",
    )
    assert "Physical Port Link Down [1]" in critical.text
    sync = parse(XE, "time_sync", STATUS, ASSOCIATIONS)
    assert (sync.synchronised, sync.source, sync.stratum, sync.offset_s) == (
        True,
        "10.0.0.9",
        4,
        0.027027,
    )
    assert sync.servers == ("10.0.0.9", "10.0.0.8")
    lit, dark = parse(XE, "optics", OPTICS).items
    assert (lit.rx_dbm, lit.tx_dbm, lit.los, lit.rx_low_alarm_dbm) == (-5.4, -2.1, False, -13.9)
    assert (dark.rx_dbm, dark.los, dark.temperature_c) == (None, True, 30.0)


@pytest.mark.parametrize(
    ("topic", "texts"),
    [
        ("isis", [ISIS]),
        ("bfd", [BFD]),
        ("alarms", [ALARMS]),
        ("optics", [OPTICS]),
        ("time_sync", [STATUS, ASSOCIATIONS]),
    ],
)
def test_a_broken_row_is_never_passed_over(topic, texts):
    """Every table row in turn is cut short: the answer is then not understood."""
    whole = texts[-1].splitlines()
    rows = [n for n, line in enumerate(whole) if re.match(r"[*+]?~?(core|Gig|Te|10\.)\S* ", line)]
    assert rows
    for row in rows:
        cut = [*whole[:row], whole[row][: len(whole[row]) // 3], *whole[row + 1 :]]
        with pytest.raises(Unparsed):
            parse(XE, topic, *texts[:-1], "\n".join(cut))


@pytest.mark.parametrize("topic", [c.topic for c in XE.collectors] + ["junos"])
def test_nonsense_is_not_understood(topic):
    for nonsense in ("\x00\x01 zzz", "<html>busy</html>", "Segmentation fault"):
        collector = JUNOS.collector("bgp") if topic == "junos" else XE.collector(topic)
        outputs = [Output(command=c, text=nonsense) for c in collector.commands]
        with pytest.raises(Unparsed):
            collector.parse(outputs)


def test_a_command_that_failed_is_not_an_empty_answer():
    for platform in (XE, JUNOS, platforms.get("frr")):
        for collector in platform.collectors:
            outputs = [Output(command=c, text="% no", failed=True) for c in collector.commands]
            with pytest.raises(Unparsed):
                collector.parse(outputs)


def test_junos_wraps_one_or_many_alike():
    one = {
        "interface-name": "et-0/0/0.0",
        "system-name": "b",
        "level": "2",
        "adjacency-state": "Up",
    }
    many = {key: [{"data": value}] for key, value in one.items()}
    plain = {"isis-adjacency-information": {"isis-adjacency": one}}
    listed = {"isis-adjacency-information": [{"isis-adjacency": [many]}]}
    engines = {"multi-routing-engine-results": [{"multi-routing-engine-item": [listed]}]}
    facts = {parse(JUNOS, "isis", json.dumps(data)) for data in (plain, listed, engines)}
    assert len(facts) == 1
    (item,) = next(iter(facts)).items
    assert (item.interface, item.neighbor, item.level, item.state) == ("et-0/0/0.0", "b", 2, "up")
    with pytest.raises(Unparsed):
        parse(JUNOS, "isis", json.dumps(plain) + "\nwarning: something")
    assert parse(JUNOS, "isis", "") is None
    assert parse(JUNOS, "isis", "IS-IS instance is not running") is None
