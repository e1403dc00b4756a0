"""Cisco IOS XR: answers that are not understood, remediation, and the law on the simulated box."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path

import pytest

from dcctl import discovery
from dcctl.contracts import Output
from dcctl.errors import CommandFailed, Unparsed
from dcctl.executors.replay import file_name
from dcctl.model.status import ReadingStatus
from dcctl.platforms import _hierarchy
from dcctl.platforms._router import fact_of
from dcctl.platforms.cisco_xr._change import remediate
from dcctl.platforms.cisco_xr._dialect import DIALECT, folded, typed
from tests.unit.platforms import xr_estate
from tests.unit.platforms.xr_estate import PLATFORM

TRANSCRIPTS = Path(__file__).parents[2] / "transcripts/cisco_xr"
RECORDINGS = discovery.data_root().parent / "shared/data/device_outputs/cisco_xr"
TOPICS = [collector.topic for collector in PLATFORM.collectors]
# What a table's row begins with, and where it is cut it can no longer be one.
ROWS = {
    "hardware": r"0/|PID:",
    "redundancy": r" +0/",
    "alarms": r"0/",
    "lag": r"  Hu",
    "lldp": r"Local|Port id|System Name|Time",
    "isis": r"core-",
    "ospf": r"10\.",
    "bgp": r"10\.|192\.",
    "bfd": r"Hu|BE",
    "ldp": r"10\.",
    "rsvp": r"Global|  10\.",
    "routes": r"(?:connected|local|isis|bgp|application|Total)",
    "synce": r"[>D]",
    "time_sync": r"\*~| ~",
    "fec": r"P(?:RE|OST)FEC",
}


def answers(topic):
    collector = PLATFORM.collector(topic)
    return [
        Output(command=command, text=(TRANSCRIPTS / file_name(command)).read_text())
        for command in collector.commands
    ]


def reading(topic, outputs):
    return fact_of(PLATFORM.collector(topic), outputs)


@pytest.mark.parametrize("topic", TOPICS)
def test_nonsense_is_not_understood(topic):
    outputs = answers(topic)
    for nonsense in ("zq 17 xylophone", "<html>busy</html>", "Segmentation fault\n(core dumped)"):
        for at in range(len(outputs)):
            spoilt = [Output(command=o.command, text=nonsense) for o in outputs[at : at + 1]]
            status, fact, _ = reading(topic, [*outputs[:at], *spoilt, *outputs[at + 1 :]])
            assert (status, fact) == (ReadingStatus.ERROR, None)


@pytest.mark.parametrize("topic", ROWS)
def test_a_broken_row_is_never_passed_over(topic):
    outputs, cuts = answers(topic), 0
    for at, output in enumerate(outputs):
        lines = output.text.splitlines()
        for number, line in enumerate(lines):
            if not re.match(ROWS[topic], line) or output.command == "show interfaces":
                continue
            cuts += 1
            cut = [*lines[:number], line[: len(line) // 3], *lines[number + 1 :]]
            broken = Output(command=output.command, text="\n".join(cut))
            status, _, _ = reading(topic, [*outputs[:at], broken, *outputs[at + 1 :]])
            assert status is ReadingStatus.ERROR, (output.command, line)
    assert cuts


# Rows that a total on the same answer counts.
COUNTED = {
    "isis": r"core-",
    "ospf": r"10\.",
    "lag": r"  Hu",
    "routes": r"(?:connected|local|isis|bgp)",
    "install": r" {8}ncs540-k9sec",
    "lldp": r"Local Interface",
}


@pytest.mark.parametrize("topic", COUNTED)
def test_a_missing_row_is_missed(topic):
    outputs = answers(topic)
    lines = outputs[0].text.splitlines()
    rows = [number for number, line in enumerate(lines) if re.match(COUNTED[topic], line)]
    assert rows
    for row in rows:
        short = "\n".join([*lines[:row], *lines[row + 1 :]])
        status, _, _ = reading(
            topic, [Output(command=outputs[0].command, text=short), *outputs[1:]]
        )
        assert status is ReadingStatus.ERROR, lines[row]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_date_above_the_answer_changes_nothing(topic):
    plain = [
        Output(command=o.command, text=re.sub(r"\A\w{3} \w{3} .*\n", "", o.text))
        for o in answers(topic)
    ]
    dated = [
        Output(command=o.command, text=f"\nTue Mar 10 08:00:00.123 GMT+6\n{o.text}") for o in plain
    ]
    assert reading(topic, dated)[1] == reading(topic, plain)[1] is not None


NOTHING = {
    "lldp": "% LLDP is not enabled",
    "bgp": "% BGP instance 'default' not active",
    "isis": "",
    "ospf": "* Indicates MADJ interface\n\nNeighbors for OSPF BACKBONE\n\n",
    "lag": "",
    "bfd": "",
    "ldp": "",
    "ptp": "",
    "synce": "",
}


@pytest.mark.parametrize("topic", NOTHING)
def test_nothing_is_an_answer(topic):
    (command,) = PLATFORM.collector(topic).commands
    assert reading(topic, [Output(command=command, text=NOTHING[topic])])[:2] == (
        ReadingStatus.EMPTY,
        None,
    )


def test_a_failed_command_is_no_answer():
    for topic in TOPICS:
        outputs = [
            Output(command=command, text="% the process does not answer", failed=True)
            for command in PLATFORM.collector(topic).commands
        ]
        assert reading(topic, outputs)[0] is ReadingStatus.ERROR, topic


def test_a_router_without_coherent_optics_does_not_know_the_word():
    dsp, interfaces = answers("fec")
    unknown = Output(command=dsp.command, text="% Invalid input detected", failed=True)
    assert reading("fec", [unknown, interfaces])[:2] == (ReadingStatus.EMPTY, None)


RECORDED = {
    "version": lambda fact, text: f"Version {fact.release}" in text and fact.uptime_s,
    "redundancy": lambda fact, text: text.count(fact.items[0].name) == 2,
    "lldp": lambda fact, text: len(fact.items) == text.count("Chassis id:"),
}


@pytest.mark.parametrize("topic", RECORDED)
def test_recordings_of_real_routers(topic):
    command, *_ = PLATFORM.collector(topic).commands
    rest = answers(topic)[1:]
    paths = sorted((RECORDINGS / command.replace(" ", "_")).glob("*.raw"))
    if not paths:
        pytest.skip(f"no recordings of real devices in {RECORDINGS}: left out")
    for path in paths:
        text = path.read_text(errors="replace")
        status, fact, message = reading(topic, [Output(command=command, text=text), *rest])
        assert status is ReadingStatus.PARSED, (path.name, str(message))
        assert RECORDED[topic](fact, text), path.name


def test_a_recorded_chassis():
    path = RECORDINGS / "show_platform/cisco_xr_show_platform.raw"
    if not path.exists():
        pytest.skip(f"no recordings of real devices in {RECORDINGS}: left out")
    nodes = Output(command="show platform", text=path.read_text())
    status, fact, _ = reading("hardware", [nodes, answers("hardware")[1]])
    assert status is ReadingStatus.PARSED
    kinds = [module.kind for module in fact.items if module.name.startswith("0/")]
    assert kinds == ["supervisor", "supervisor", "fan", "fan", "port_module"]
    assert all(module.ok for module in fact.items)


# --- remediation --------------------------------------------------------------------------------


def sent(running, intended):
    return [line.strip() for line in typed(remediate(running, intended).lines)]


def test_a_mode_that_nothing_stands_in_is_left_at_once():
    isis = "router isis A\n interface Hu0\n  address-family ipv4 unicast\n  !\n !\n!\nlldp\n!\n"
    assert sent("", isis + "hostname a\n") == [
        "router isis A",
        "interface Hu0",
        "address-family ipv4 unicast",
        "exit",
        "exit",
        "exit",
        "lldp",
        "exit",
        "hostname a",
    ]
    assert sent("", "username a\n group root-lr\n secret 10 $6$x\n!\n") == [
        "username a",
        "group root-lr",
        "secret 10 $6$x",
        "exit",
    ]


POLICY = "route-policy NORTH\n  if destination in OURS then\n    pass\n  endif\nend-policy\n!\n"
SET = "prefix-set OURS\n  10.0.0.0/8,\n  10.9.0.0/16 le 24\nend-set\n!\n"


def test_a_policy_is_one_setting():
    assert sent(POLICY + SET, SET + POLICY) == []
    other = POLICY.replace("pass", "drop")
    wanted = remediate(POLICY + SET, other)
    assert typed(wanted.lines) == other.splitlines()[:-1]
    assert wanted.destructive == ()
    assert any("⏎" in line for line in wanted.diff)
    fresh = typed(remediate("", POLICY + SET).lines)
    assert fresh.index("prefix-set OURS") < fresh.index("route-policy NORTH")
    gone = remediate(POLICY + SET, SET, whole=True)
    assert gone.lines == ("no route-policy NORTH",) == gone.destructive


def test_a_port_loses_its_addresses_before_it_changes_its_vrf():
    running = "interface Mg0\n ipv4 address 10.0.0.1 255.255.255.0\n!\n"
    intended = "interface Mg0\n vrf MGMT\n ipv4 address 10.0.0.1 255.255.255.0\n!\n"
    assert sent(running, intended) == [
        "interface Mg0",
        "no ipv4 address",
        "vrf MGMT",
        "ipv4 address 10.0.0.1 255.255.255.0",
        "exit",
    ]
    assert "no ipv4 address" in remediate(running, intended).destructive
    assert "no ipv4 address" not in sent("", intended)


def test_destructive_lines_are_said():
    running = (
        "router bgp 1\n neighbor 10.0.0.2\n  remote-as 1\n !\n!\n"
        "router static\n address-family ipv4 unicast\n  10.0.0.0/8 Null0\n !\n!\n"
        "interface Hu0\n description x\n!\n"
    )
    intended = (
        "router bgp 1\n bgp router-id 10.0.0.1\n!\nrouter static\n address-family ipv4 unicast\n"
        "  10.1.0.0/16 Null0\n !\n!\ninterface Hu0\n shutdown\n!\n"
    )
    assert remediate(running, intended).destructive == (
        "no neighbor 10.0.0.2",
        "no 10.0.0.0/8 Null0",
        "shutdown",
    )


# --- the law ------------------------------------------------------------------------------------

BASE = xr_estate.intended("xr1")
MUTATIONS = {
    "description": lambda t: t.replace("to xr2 HundredGigE0/0/0/0", "dark fibre"),
    "address": lambda t: t.replace("10.0.1.1 255.255.255.254", "10.0.9.1 255.255.255.254"),
    "mtu": lambda t: t.replace("mtu 9114", "mtu 1514", 1),
    "metric": lambda t: t.replace("metric 10 level 2", "metric 4000 level 2", 1),
    "shut": lambda t: t.replace(" no shutdown\n!\nrouter", " shutdown\n!\nrouter"),
    "no bfd": lambda t: re.sub(r"  bfd fast-detect ipv4\n", "", t),
    "circuit": lambda t: re.sub(r" interface HundredGigE0/0/0/1\n(?:  .*\n)+ !\n", "", t),
    "neighbor": lambda t: t.replace("neighbor 10.255.0.2", "neighbor 10.255.0.7"),
    "reflector": lambda t: t.replace("   next-hop-self", "   route-reflector-client"),
    "collector": lambda t: t.replace("logging 10.60.10.61", "logging 10.60.10.62"),
    "access": lambda t: t.replace(
        " 1000 deny", " 20 permit ipv4 10.61.0.0 0.0.255.255 any\n 1000 deny"
    ),
    "banner": lambda t: t.replace("Authorised staff only.", "Staff only.\n! no trespassing"),
    "static": lambda t: t.replace("  10.101.0.0/16 Null0", "  10.102.0.0/16 Null0"),
    "clock": lambda t: t.replace("clock timezone ICT 7", "clock timezone UTC 0"),
    "idle": lambda t: t.replace("exec-timeout 10 0", "exec-timeout 3 30"),
    "user": lambda t: t.replace(" group cisco-support\n", ""),
    "ntp": lambda t: t.replace(" server 10.60.10.51", " server 10.60.10.52"),
    "policy": lambda t: SET + POLICY + t,
    "loopback": lambda t: t.replace(
        "\ninterface Loopback0",
        "\ninterface Loopback9\n ipv4 address 10.9.9.9 255.255.255.255\n!\ninterface Loopback0",
    ),
    "timeout": lambda t: t.replace("ssh timeout 60", "ssh timeout 30"),
    "ospf": lambda _: xr_estate.intended("xr1", protocols=("ospf", "bfd", "lldp", "ldp")),
}
SEVERAL = [
    tuple(random.Random(seed).sample(sorted(set(MUTATIONS) - {"ospf"}), 5)) for seed in range(8)
]


def mutated(names):
    text = BASE
    for name in names:
        changed = MUTATIONS[name](text)
        text = changed if changed != text or len(names) > 1 else pytest.fail(name)
    return text


def sections(text):
    return _hierarchy.parse(folded(text), DIALECT)


@pytest.mark.parametrize("names", [(one,) for one in MUTATIONS] + SEVERAL, ids=" ".join)
def test_running_and_remediation_make_intended_and_back_again(names):
    made = xr_estate.network(configured=False)
    xr_estate.change(made, "xr1", BASE)
    before, intended = xr_estate.running(made, "xr1"), mutated(names)
    wanted = xr_estate.change(made, "xr1", intended)
    assert wanted.lines
    after = xr_estate.running(made, "xr1")
    assert remediate(after, intended).lines == ()
    mentioned = sections(intended)
    for line, below in sections(before).items():
        if line.startswith(("username netops", "call-home", "ssh server netconf")):
            assert line not in mentioned
            assert sections(after).get(line) == below
    xr_estate.change(made, "xr1", before, whole=True)
    assert sections(xr_estate.running(made, "xr1")) == sections(before)


def test_from_day_zero_and_back():
    made = xr_estate.network(configured=False)
    before = xr_estate.running(made, "xr1")
    xr_estate.change(made, "xr1", BASE)
    assert remediate(xr_estate.running(made, "xr1"), BASE).lines == ()
    xr_estate.change(made, "xr1", before, whole=True)
    assert sections(xr_estate.running(made, "xr1")) == sections(before)


# --- the safety net -----------------------------------------------------------------------------


@pytest.fixture
def made():
    one = xr_estate.network(configured=False)
    xr_estate.change(one, "xr1", BASE)
    return one


def test_a_trial_goes_with_its_session(made):
    rules, before = PLATFORM.change, xr_estate.running(made, "xr1")
    holder = xr_estate.session(made, "xr1")
    wanted = remediate(before, mutated(["metric"]))
    rules.apply(holder, wanted, 60)
    assert xr_estate.running(made, "xr1") != before
    rules.revert(holder)
    assert xr_estate.running(made, "xr1") == before
    rules.revert(holder)  # there is nothing left to take back
    assert xr_estate.running(made, "xr1") == before


def test_a_lost_session_leaves_its_trial_to_the_timer(made):
    rules, before = PLATFORM.change, xr_estate.running(made, "xr1")
    holder = xr_estate.session(made, "xr1")
    rules.apply(holder, remediate(before, mutated(["metric"])), 60)
    holder.close()
    assert xr_estate.running(made, "xr1") != before
    made.advance(made.now + 61)
    assert xr_estate.running(made, "xr1") == before


def test_a_trial_ends_by_itself(made):
    rules, before = PLATFORM.change, xr_estate.running(made, "xr1")
    holder = xr_estate.session(made, "xr1")
    rules.apply(holder, remediate(before, mutated(["metric"])), 5)
    made.advance(made.now + 29)
    assert xr_estate.running(made, "xr1") != before
    made.advance(made.now + 2)
    assert xr_estate.running(made, "xr1") == before
    with pytest.raises(CommandFailed):
        rules.confirm(holder)


def test_only_the_session_that_holds_a_trial_confirms_it(made):
    rules, before = PLATFORM.change, xr_estate.running(made, "xr1")
    holder = xr_estate.session(made, "xr1")
    rules.apply(holder, remediate(before, mutated(["metric"])), 60)
    other = xr_estate.session(made, "xr1")
    with pytest.raises(CommandFailed):
        rules.confirm(other)
    rules.confirm(holder)
    after = xr_estate.running(made, "xr1")
    made.advance(made.now + 600)
    assert xr_estate.running(made, "xr1") == after != before


def test_what_the_router_refuses_is_said_and_nothing_stays(made):
    rules, before = PLATFORM.change, xr_estate.running(made, "xr1")
    holder = xr_estate.session(made, "xr1")
    port = "interface HundredGigE0/0/0/0"
    wanted = remediate(before, f"{port}\n vrf MGMT\n!\n")
    lines = tuple(line for line in wanted.lines if "ipv4 address" not in line)
    with pytest.raises(CommandFailed) as caught:
        rules.apply(holder, type(wanted)(lines=lines, diff=()), 60)
    assert "must be removed prior to changing or deleting the VRF" in str(caught.value)
    assert xr_estate.running(made, "xr1") == before


def test_a_cut_configuration_is_not_read():
    class Cut:
        def send(self, _command):
            return "Building configuration...\nhostname a\ninterface Hu0\n"

    with pytest.raises(Unparsed):
        PLATFORM.change.running(Cut())


def test_both_ends_see_each_other():
    both = xr_estate.network()
    both.advance(both.now + 300)
    opened = xr_estate.session(both, "xr1", read_only=True)

    def read(topic):
        commands = PLATFORM.collector(topic).commands
        return reading(topic, [Output(command=c, text=opened.send(c)) for c in commands])[1]

    assert [i.state for i in read("isis").items] == ["up", "up"]
    assert [b.state for b in read("bfd").items] == ["up", "up"]
    assert [p.state for p in read("bgp").items] == ["established"]
    assert {n.system for n in read("lldp").items} == {"xr2"}
    mtu = {i.name: i.mtu for i in read("interfaces").items}
    assert [mtu[name] for name in xr_estate.PORTS] == [9100, 9100]
    assert {o.interface for o in read("optics").items} == set(xr_estate.PORTS)


def test_mutations_are_all_different():
    texts = [MUTATIONS[name](BASE) for name in MUTATIONS]
    assert all(one != other for one, other in itertools.combinations([BASE, *texts], 2))
