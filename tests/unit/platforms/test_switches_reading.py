"""What EOS and NX-OS say, read: recordings, forms from documents, and what is none of either."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dcctl import clock, discovery
from dcctl.contracts import Output
from dcctl.errors import TargetError
from dcctl.executors.replay import file_name
from dcctl.model.status import ReadingStatus
from dcctl.planning.render import render, template_paths
from dcctl.platforms._router import fact_of
from tests.unit.platforms.switch_estate import (
    EOS,
    NAMES,
    NXOS,
    PORTS,
    intended,
    network,
    session,
    target,
)

TRANSCRIPTS = Path(__file__).parents[2] / "transcripts"
RECORDINGS = discovery.data_root().parent / "shared/data/device_outputs/cisco_nxos"
RECORDED = [
    (platform, collector)
    for platform in (EOS, NXOS)
    for collector in platform.collectors
    if all((TRANSCRIPTS / platform.name / file_name(one)).is_file() for one in collector.commands)
]
EVERY = [(platform, one) for platform in (EOS, NXOS) for one in platform.collectors]
NONSENSE = ("zq 17 xylophone", "<html>busy</html>", "Segmentation fault\n(core dumped)", "[1, 2]")


def answers(platform, collector):
    return [
        Output(command=one, text=(TRANSCRIPTS / platform.name / file_name(one)).read_text())
        for one in collector.commands
    ]


def _ids(pairs):
    return [f"{platform.name}-{collector.topic}" for platform, collector in pairs]


@pytest.mark.parametrize(("platform", "collector"), EVERY, ids=_ids(EVERY))
@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_not_understood(platform, collector, nonsense):
    outputs = [Output(command=one, text=nonsense) for one in collector.commands]
    status, fact, _ = fact_of(collector, outputs)
    assert (status, fact) == (ReadingStatus.ERROR, None), platform.name


@pytest.mark.parametrize(("platform", "collector"), EVERY, ids=_ids(EVERY))
def test_no_answer_is_no_fact(platform, collector):
    outputs = [Output(command=one, text="") for one in collector.commands]
    status, fact, _ = fact_of(collector, outputs)
    assert status in (ReadingStatus.EMPTY, ReadingStatus.ERROR), platform.name
    assert fact is None


@pytest.mark.parametrize(("platform", "collector"), RECORDED, ids=_ids(RECORDED))
def test_another_topics_answer_is_not_understood(platform, collector):
    own = set(collector.commands)
    others = [pair for pair in RECORDED if pair[0] is platform]
    for _, other in others:
        if own & set(other.commands):
            continue
        text = answers(platform, other)[0].text
        outputs = [Output(command=one, text=text) for one in collector.commands]
        status, fact, _ = fact_of(collector, outputs)
        assert (status, fact) == (ReadingStatus.ERROR, None), other.topic


@pytest.mark.parametrize(("platform", "collector"), RECORDED, ids=_ids(RECORDED))
def test_what_is_cut_short_is_told_or_is_a_part(platform, collector):
    """Whatever is cut away, nothing is told that the whole answer does not tell."""
    outputs = answers(platform, collector)
    _, whole, _ = fact_of(collector, outputs)
    for at, output in enumerate(outputs):
        lines = output.text.splitlines(keepends=True)
        for count in range(len(lines)):
            cut = [*outputs[:at], Output(command=output.command, text="".join(lines[:count]))]
            status, fact, _ = fact_of(collector, [*cut, *outputs[at + 1 :]])
            if status is ReadingStatus.PARSED and hasattr(fact, "items"):
                assert set(map(repr, fact.items)) <= set(map(repr, whole.items))


_ROWS = {
    "isis": r"\S+ +(?:N/A|[0-9a-f.]{14}) ",
    "ospf": r" 10\.",
    "bgp": r"[\d.]+ +4 ",
    "bfd": r"10\.",
    "lag": r"\d+ +Po",
    "lldp": r"(?:Port id|Chassis id|System Name|Local Port id):",
    "time_sync": r"[*=]10\.",
    "optics": r" +Rx Power",
}


@pytest.mark.parametrize("topic", _ROWS)
def test_a_broken_row_is_never_passed_over(topic):
    collector, broken = NXOS.collector(topic), 0
    outputs = answers(NXOS, collector)
    for at, output in enumerate(outputs):
        lines = output.text.splitlines()
        for number, line in enumerate(lines):
            if not re.match(_ROWS[topic], line):
                continue
            spoilt = [*lines[:number], "?!" + line.strip()[:9], *lines[number + 1 :]]
            changed = Output(command=output.command, text="\n".join(spoilt))
            status, fact, _ = fact_of(collector, [*outputs[:at], changed, *outputs[at + 1 :]])
            assert (status, fact) == (ReadingStatus.ERROR, None), line
            broken += 1
    assert broken


def test_json_that_is_half_there_is_told():
    for platform, collector in RECORDED:
        for at, output in enumerate(answers(platform, collector)):
            if not output.command.endswith("json"):
                continue
            for wrong in ({}, [], {"errors": ["x"]}, "text", None):
                outputs = answers(platform, collector)
                outputs[at] = Output(command=output.command, text=json.dumps(wrong))
                status, fact, _ = fact_of(collector, outputs)
                assert (status, fact) == (ReadingStatus.ERROR, None), (collector.topic, wrong)


@pytest.mark.parametrize("name", NAMES)
def test_a_new_and_a_configured_switch_tell_every_topic(name):
    platform = NAMES[name]
    with clock.use(clock.ManualClock()) as watch:
        made = network(watch.now().timestamp())
        for configured in (False, True):
            for one in NAMES if configured else ():
                change = NAMES[one].change
                opened = session(made, one)
                wanted = change.remediate(change.running(opened), intended(one))
                change.apply(opened, wanted, 120)
                change.confirm(session(made, one))
            watch.advance(60)
            made.advance()
            opened = session(made, name, read_only=True)
            for collector in platform.collectors:
                status, fact, message = fact_of(collector, _asked(opened, collector))
                assert status is not ReadingStatus.ERROR, (collector.topic, message)
                assert fact is not None or collector.topic in _UNSEEN or not configured


# What these two do not run, or the simulated network has none of.
_UNSEEN = ("lag", "ospf", "ldp", "ptp")


def test_both_see_each_other_by_ospf_and_ldp():
    with clock.use(clock.ManualClock()) as watch:
        made = network(watch.now().timestamp())
        for name, platform in NAMES.items():
            one = target(name)
            ports = tuple(
                replace(port, protocols=("ospf", "bfd", "lldp", "ldp")) for port in one.interfaces
            )
            text = render(replace(one, interfaces=ports), template_paths(discovery.data_root()))
            opened = session(made, name)
            wanted = platform.change.remediate(platform.change.running(opened), text)
            platform.change.apply(opened, wanted, 120)
            platform.change.confirm(session(made, name))
        watch.advance(3700)
        made.advance()
        for name, platform in NAMES.items():
            opened = session(made, name, read_only=True)
            far = "10.255.0.2" if name == "eos" else "10.255.0.1"
            _, ospf, _ = fact_of(*_both(opened, platform, "ospf"))
            assert [(one.interface, one.neighbor, one.state) for one in ospf.items] == [
                (port, far, "full") for port in PORTS[name]
            ]
            _, ldp, _ = fact_of(*_both(opened, platform, "ldp"))
            (met,) = ldp.items
            assert (met.neighbor, met.state, met.interface) == (far, "operational", PORTS[name][0])
            assert 3600 < met.uptime_s < 3720
            _, bgp, _ = fact_of(*_both(opened, platform, "bgp"))
            assert [one.state for one in bgp.items] == ["established"]


def _both(opened, platform, topic):
    collector = platform.collector(topic)
    return collector, _asked(opened, collector)


def _asked(opened, collector):
    found = []
    for command in collector.commands:
        try:
            found.append(Output(command=command, text=opened.send(command)))
        except TargetError as error:
            found.append(Output(command=command, text=str(error), failed=True))
    return found


# --- recordings of real switches ----------------------------------------------------------------


def recorded(folder):
    found = sorted((RECORDINGS / folder).glob("*.raw"))
    reason = f"no recordings of real devices in {RECORDINGS}: left out"
    return [pytest.param(path, id=path.stem) for path in found] or [
        pytest.param(Path(), marks=pytest.mark.skip(reason=reason))
    ]


def real(topic, *paths):
    collector = NXOS.collector(topic)
    outputs = [
        Output(command=command, text=path.read_text(errors="replace"))
        for command, path in zip(collector.commands, paths, strict=True)
    ]
    status, fact, message = fact_of(collector, outputs)
    assert status is ReadingStatus.PARSED, message
    return fact, outputs[0].text


@pytest.mark.parametrize("path", recorded("show_version"))
def test_versions_of_real_switches(path):
    fact, text = real("version", path)
    assert f"Device name: {fact.hostname}" in text
    assert re.search(rf"version:? +{re.escape(fact.release)}", text)
    assert fact.serial
    assert fact.uptime_s


@pytest.mark.parametrize("path", recorded("show_interface"))
def test_interfaces_of_real_switches(path):
    fact, text = real("interfaces", path)
    stated = re.findall(r"^(\S+) is (up|down|administratively)", text, re.MULTILINE)
    assert [(one.name, "up" if one.oper_up else "") for one in fact.items] == [
        (name, "up" if state == "up" else "") for name, state in stated
    ]


@pytest.mark.parametrize("path", recorded("show_interface_transceiver_details"))
def test_light_of_real_switches(path):
    fact, text = real("optics", path)
    assert len(fact.items) == len(re.findall(r"^ +Rx Power", text, re.MULTILINE))
    shown = [float(one) for one in re.findall(r"^ +Rx Power +(-?\d+\.\d+)", text, re.MULTILINE)]
    assert [one.rx_dbm for one in fact.items if one.rx_dbm is not None] == shown
    assert all(one.rx_low_alarm_dbm < one.rx_low_warning_dbm for one in fact.items)


@pytest.mark.parametrize(
    ("topic", "folder", "row"),
    [
        ("lldp", "show_lldp_neighbors_detail", r"^Chassis id:"),
        ("lag", "show_port-channel_summary", r"\bPo\d+\("),
        ("ospf", "show_ip_ospf_neighbor", r"\d (?:FULL|INIT|TWOWAY|EXSTART|2WAY)"),
        ("bfd", "show_bfd_neighbors", r"\d/\d+ +(?:Up|Down)"),
    ],
)
def test_neighbours_of_real_switches(topic, folder, row):
    paths = sorted((RECORDINGS / folder).glob("*.raw"))
    if not paths:
        pytest.skip(f"no recordings of real devices in {RECORDINGS}: left out")
    for path in paths:
        fact, text = real(topic, path)
        assert len(fact.items) == len(re.findall(row, text, re.MULTILINE))
