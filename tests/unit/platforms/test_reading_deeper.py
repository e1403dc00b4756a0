"""IOS XE, Junos and FRR: what is nothing, what is nonsense, and what is cut short."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.executors.replay import file_name
from dcctl.model.status import ReadingStatus
from tests.unit.platforms import recordings

TRANSCRIPTS = Path(__file__).parents[2] / "transcripts"
TOPICS = {
    "cisco_xe": {
        # What a row begins with: a row that is cut short is never passed over.
        "hardware": r" ?(?:[RFP]?\d+(?:/\d+)?) +\S+ +\S.*\d[wdh:]|NAME:|PID:",
        "redundancy": r" +(?:Hardware Mode|Operating|Active Loc|Current Soft|Standby Loc|Commu)",
        "install": r"IMG |Auto",
        "lag": r"[79] +Po|\s+Te|Number of channel",
        "ospf": r"10\.",
        "ldp": r" +(?:Peer|State|TCP|Te|Port|Targeted)",
        "rsvp": r"pe\d|10\.|Displayed 2",
        "routes": r"connected|static|isis|ospf|bgp|Total",
        "ptp": r" +(?:PTP B|State|PHASE)|(?:UP|DOWN) +uni",
        "synce": r"[* ](?:Te|Int)|T0",
    },
    "juniper_junos": {
        "ptp": r"Lock State|Phase offset",
        "synce": r"Current clock|Interface +:",
    },
}
JSON = {
    "juniper_junos": {
        "hardware": ("chassis", "environment-item"),
        "redundancy": ("mastership-state", "task-gres-state"),
        "install": ("junos-version",),
        "lag": ("aggregate-name", "lag-lacp-protocol", "physical-interface"),
        "fec": ("fec_ccw_count", "physical-interface"),
        "ospf": ("neighbor-id", "interface-name", "ospf-neighbor-state"),
        "ldp": ("ldp-neighbor-address", "ldp-session-state"),
        "rsvp": ("lsp-state", "rsvp-session", "rsvp-neighbor"),
        "routes": ("protocols", "protocol-route-count", "route-table"),
    },
    "frr": {"ldp": ("neighborId", "state"), "routes": ("rib", "routes", "type")},
}
ALL = [
    pytest.param(name, topic, id=f"{name}-{topic}")
    for name, topics in [*TOPICS.items(), *JSON.items()]
    for topic in topics
]


def answers(name, topic):
    commands = platforms.get(name).collector(topic).commands
    return [
        Output(command=command, text=(TRANSCRIPTS / name / file_name(command)).read_text())
        for command in commands
    ]


def reading(name, topic, *texts, failed=False):
    collector = platforms.get(name).collector(topic)
    return platforms.fact_of(
        collector,
        [
            Output(command=command, text=text, failed=failed)
            for command, text in zip(collector.commands, texts, strict=True)
        ],
    )


@pytest.mark.parametrize(("name", "topic"), ALL)
def test_nonsense_in_any_answer_is_not_understood(name, topic):
    texts = [output.text for output in answers(name, topic)]
    assert reading(name, topic, *texts)[0] is ReadingStatus.PARSED
    for at in range(len(texts)):
        for nonsense in (
            "zq 17 xylophone",
            "<html>busy</html>",
            "Segmentation fault\n",
            '{"a": 1}',
        ):
            spoilt = [*texts[:at], nonsense, *texts[at + 1 :]]
            assert reading(name, topic, *spoilt)[:2] == (ReadingStatus.ERROR, None), nonsense


@pytest.mark.parametrize(
    ("name", "topic", "rows"),
    [pytest.param(n, t, r, id=f"{n}-{t}") for n, found in TOPICS.items() for t, r in found.items()],
)
def test_a_broken_row_is_never_passed_over(name, topic, rows):
    outputs, cuts = answers(name, topic), 0
    for at, output in enumerate(outputs):
        lines = output.text.splitlines()
        for number, line in enumerate(lines):
            if not re.match(rows, line):
                continue
            cuts += 1
            indent = len(line) - len(line.lstrip())
            left = line[: indent + max(4, (len(line) - indent) // 3)]
            cut = [*lines[:number], left, *lines[number + 1 :]]
            texts = [o.text for o in outputs]
            texts[at] = "\n".join(cut)
            assert reading(name, topic, *texts)[0] is ReadingStatus.ERROR, line
    assert cuts


@pytest.mark.parametrize(
    ("name", "topic", "keys"),
    [pytest.param(n, t, k, id=f"{n}-{t}") for n, found in JSON.items() for t, k in found.items()],
)
def test_json_without_what_matters_is_not_understood(name, topic, keys):
    for key in keys:
        texts = [output.text for output in answers(name, topic)]
        at = next(n for n, text in enumerate(texts) if f'"{key}"' in text)
        texts[at] = json.dumps(_without(json.loads(texts[at]), key, [0]))
        assert reading(name, topic, *texts)[0] is ReadingStatus.ERROR, key
    for at, output in enumerate(answers(name, topic)):
        texts = [one.text for one in answers(name, topic)]
        texts[at] = output.text[: len(output.text) * 2 // 3]
        assert reading(name, topic, *texts)[0] is ReadingStatus.ERROR, output.command


def _without(data, key, taken):
    """`data` without the first `key` that is met."""
    if isinstance(data, list):
        return [_without(one, key, taken) for one in data]
    if not isinstance(data, dict):
        return data
    kept = {}
    for name, value in data.items():
        if name == key and not taken[0]:
            taken[0] = 1
            continue
        kept[name] = _without(value, key, taken)
    return kept


NO_GROUP = (
    "Flags:  D - down\nNumber of channel-groups in use: 0\nNumber of aggregators:           0\n"
)
TERSE = json.dumps({"interface-information": {"physical-interface": {"name": "xe-0/0/0"}}})
NOTHING = [
    ("cisco_xe", "ospf", ("",)),
    ("cisco_xe", "ldp", ("",)),
    ("cisco_xe", "rsvp", ("", "")),
    ("cisco_xe", "lag", (NO_GROUP,)),
    ("cisco_xe", "ptp", ("\n",)),
    ("juniper_junos", "ospf", ("OSPF instance is not running\n",)),
    ("juniper_junos", "ospf", ('{"ospf-neighbor-information": [{}]}',)),
    ("juniper_junos", "ldp", ("LDP instance is not running\n",)),
    ("juniper_junos", "rsvp", ("RSVP is not configured\n", "RSVP is not configured\n")),
    (
        "juniper_junos",
        "lag",
        ("warning: lacp subsystem not running - not needed by configuration.\n", TERSE),
    ),
    ("juniper_junos", "fec", (TERSE,)),
    ("juniper_junos", "ptp", ("PTP is not configured\n",)),
    ("juniper_junos", "synce", ("",)),
    ("frr", "ldp", ("{\n}\n",)),
    ("frr", "ldp", ("ldpd is not running\n",)),
]


@pytest.mark.parametrize(("name", "topic", "texts"), NOTHING)
def test_nothing_is_an_answer(name, topic, texts):
    assert reading(name, topic, *texts)[:2] == (ReadingStatus.EMPTY, None)


@pytest.mark.parametrize("topic", ["ptp", "synce"])
def test_a_box_without_a_clock_does_not_know_the_word(topic):
    commands = platforms.get("cisco_xe").collector(topic).commands
    unknown = [f"r1 refused {command}: % Invalid" for command in commands]
    assert reading("cisco_xe", topic, *unknown, failed=True)[0] is ReadingStatus.EMPTY
    busy = [f"r1 refused {command}: % Authorization failed" for command in commands]
    assert reading("cisco_xe", topic, *busy, failed=True)[0] is ReadingStatus.ERROR


def test_one_supervisor_has_nobody_to_be_ready():
    (whole,) = answers("cisco_xe", "redundancy")
    alone, _, _ = whole.text.replace("Duplex", "Simplex").partition("Peer Processor")
    alone += "Peer (slot: 7) information is not available because it is in 'DISABLED' state\n"
    fact = reading("cisco_xe", "redundancy", alone)[1]
    assert [one.name for one in fact.items] == ["slot 6"]
    assert fact.ready is None
    cold = whole.text.replace("STANDBY HOT", "STANDBY COLD")
    assert reading("cisco_xe", "redundancy", cold)[1].ready is False


RECORDED = {
    "redundancy": lambda fact, text: (len(fact.items) == 2) == ("Duplex" in text),
    "lag": lambda fact, text: len(fact.items) == len(re.findall(r"(?m)^\d+ +Po", text)),
    "ospf": lambda fact, text: len(fact.items) == text.count("FULL/"),
    "routes": lambda fact, text: all(f"\n{one.protocol}" in text for one in fact.items),
    "interfaces": lambda fact, _text: any(one.out_discards is not None for one in fact.items),
}


@recordings.needed
@pytest.mark.parametrize("topic", RECORDED)
def test_recordings_of_real_routers(topic):
    (command,) = platforms.get("cisco_xe").collector(topic).commands
    found = [
        one
        for one in recordings.recordings()
        if (one.platform, one.command) == ("cisco_xe", command)
    ]
    assert found
    for one in found:
        status, fact, message = reading("cisco_xe", topic, one.text)
        assert status is ReadingStatus.PARSED, (one.path.name, str(message))
        assert RECORDED[topic](fact, one.text), one.path.name
