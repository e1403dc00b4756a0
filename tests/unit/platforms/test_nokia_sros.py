"""Nokia SR OS: its text as a tree, the law of remediation on its twin, what is not understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl import clock
from dcctl.contracts import Output
from dcctl.errors import CommandFailed, Unparsed
from dcctl.executors.replay import file_name
from dcctl.model.status import ReadingStatus
from dcctl.platforms._router import fact_of
from dcctl.platforms.nokia_sros import _tree
from dcctl.platforms.nokia_sros._change import remediate, replace
from tests.unit.platforms.sros_estate import NAMES, SROS, change, intended, network, session

TRANSCRIPTS = Path(__file__).parents[2] / "transcripts/nokia_sros"


def recorded(command):
    return (TRANSCRIPTS / file_name(command)).read_text()


# --- text as a tree ---------------------------------------------------------------------------


def test_a_configuration_is_written_as_it_was_read():
    text = recorded("admin show configuration")
    tree, odd = _tree.parse(text)
    assert odd == ()
    body = text[text.index("configure {") : text.index("\npersistent-indices")].strip()
    assert _tree.text_of_tree(tree) == body
    assert '/configure router "Base" isis 0 area-address [49.0001 49.0002]' in _tree.lines(tree)


@pytest.mark.parametrize("torn", ["configure {\n", "}\n", "configure {\n system {\n}\n"])
def test_torn_text_is_told(torn):
    with pytest.raises(_tree.TornError):
        _tree.parse(torn)


def test_what_is_no_statement_is_not_understood():
    wanted = remediate("configure {\n}", 'configure {\n    system {\n        name "x\n    }\n}\n')
    assert wanted.not_understood == ('name "x',)


HAVE = """\
configure {
    port 1/1/1 {
        admin-state enable
        description "old"
    }
    router "Base" {
        interface "a" {
            port 1/1/1
        }
        interface "b" {
            port 1/1/2
        }
        isis 0 {
            area-address [49.0001]
            interface "a" {
                passive true
            }
            interface "b" {
                passive true
            }
        }
    }
    system {
        name "x"
    }
}
"""


def test_sections_that_are_not_mentioned_are_left_alone():
    assert remediate(HAVE, 'configure {\n    system {\n        name "y"\n    }\n}\n').lines == (
        '/configure system name "y"',
    )


def test_a_mentioned_section_is_made_equal():
    head, _, tail = HAVE.rpartition('            interface "b" {')
    wanted = remediate(HAVE, head.rstrip() + tail.partition("            }")[2])
    assert wanted.lines == ('delete /configure router "Base" isis 0 interface "b"',)
    assert wanted.destructive == wanted.lines


def test_a_list_of_values_is_replaced_and_not_added_to():
    wanted = remediate(HAVE, HAVE.replace("[49.0001]", "[49.0002]"))
    assert wanted.lines == (
        'delete /configure router "Base" isis 0 area-address',
        '/configure router "Base" isis 0 area-address [49.0002]',
    )


def test_a_shutdown_is_destructive_and_a_description_is_not():
    down = remediate(HAVE, HAVE.replace("admin-state enable", "admin-state disable"))
    assert down.destructive == ("/configure port 1/1/1 admin-state disable",)
    bare = remediate(HAVE, HAVE.replace('        description "old"\n', ""))
    assert bare.lines == ("delete /configure port 1/1/1 description",)
    assert bare.destructive == ()


def test_a_backup_takes_away_what_it_does_not_mention():
    backup = 'configure {\n    system {\n        name "x"\n    }\n}\n'
    assert replace(HAVE, backup).lines == (
        "delete /configure port 1/1/1",
        'delete /configure router "Base"',
    )


# --- the law ----------------------------------------------------------------------------------


@pytest.fixture
def lab():
    with clock.use(clock.ManualClock()) as time:
        made = network(time.now().timestamp())
        yield made, time


def running(made, name="s1"):
    one = session(made, name)
    try:
        return SROS.change.running(one)
    finally:
        one.close()


def test_every_configuration_of_the_template_is_taken_and_read_back(lab):
    made, _ = lab
    for name in NAMES:
        text = intended(name)
        change(made, name, text)
        left = remediate(running(made, name), text)
        assert (left.lines, left.not_understood) == ((), ())


LIVENESS = """\
                bfd-liveness {
                    ipv4 {
                    }
                }
"""
NEIGHBOR = """\
            neighbor "10.255.0.2" {
                description "s2"
                group "INTERNAL"
            }
"""
MUTATIONS = st.sampled_from(
    [
        ("metric 10\n", "metric 999\n"),
        ("admin-state enable\n        description", "admin-state disable\n        description"),
        ("mtu 9014", "mtu 1514"),
        ("[49.0001]", "[49.0009]"),
        ("multiplier 3", "multiplier 5"),
        ("10.60.20.11", "10.60.20.99"),
        ("idle-timeout 10", "idle-timeout 30"),
        ("                next-hop-self true\n", ""),
        ("                interface-type point-to-point\n", ""),
        ("default-action accept\n", "default-action drop\n"),
        ('description "to s2 1/1/c1/1"', 'description "a \\"quoted\\" word"'),
        (LIVENESS, ""),
        (NEIGHBOR, ""),
        ('                server 10.60.10.52 router-instance "Base" {\n                }\n', ""),
    ]
)


def test_every_mutation_changes_something():
    @settings(max_examples=200, deadline=None)
    @given(MUTATIONS)
    def changes(mutation):
        assert mutation[0] in intended("s1"), mutation

    changes()


@settings(max_examples=25, deadline=None)
@given(st.lists(MUTATIONS, min_size=1, max_size=5, unique=True))
def test_running_and_remediation_make_intended_and_back(mutations):
    """On the twin, re-read and compared: never on a prediction."""
    text = intended("s1")
    other = text
    for old, new in mutations:
        other = other.replace(old, new)
    with clock.use(clock.ManualClock()) as time:
        made = network(time.now().timestamp())
        change(made, "s1", text)
        before = running(made)
        change(made, "s1", other)
        assert remediate(running(made), other).lines == ()
        change(made, "s1", text)
        assert remediate(running(made), text).lines == ()
        assert replace(running(made), before).lines == ()


# --- the safety net ---------------------------------------------------------------------------


def apply(made, text, seconds=60):
    holder = session(made, "s1")
    SROS.change.apply(holder, remediate(running(made), text), seconds)
    return holder


def test_what_nobody_accepts_goes_back_when_time_is_over(lab):
    made, time = lab
    before = running(made)
    holder = apply(made, intended("s1"), 60)
    assert running(made) != before
    time.advance(61)
    made.advance()
    assert running(made) == before
    holder.close()


def test_what_is_unconfirmed_goes_with_its_session(lab):
    made, _ = lab
    before = running(made)
    apply(made, intended("s1")).close()
    assert running(made) == before


def test_what_is_accepted_stays_and_is_saved(lab):
    made, time = lab
    holder = apply(made, intended("s1"))
    SROS.change.confirm(holder)
    holder.close()
    time.advance(600)
    made.advance()
    assert remediate(running(made), intended("s1")).lines == ()
    one = session(made, "s1")
    SROS.change.save(one)
    assert made.elements["s1"].startup == made.elements["s1"].running


def test_a_cancelled_change_leaves_neither_change_nor_candidate(lab):
    made, _ = lab
    before = running(made)
    holder = apply(made, intended("s1"))
    SROS.change.revert(holder)
    assert running(made) == before
    change(made, "s1", 'configure {\n    system {\n        name "s9"\n    }\n}\n')
    assert 'name "s9"' in running(made)
    holder.close()


def test_a_refused_line_leaves_no_candidate_behind(lab):
    made, _ = lab
    before = running(made)
    with pytest.raises(CommandFailed):
        apply(made, "configure {\n    system {\n        no-such-thing 1\n    }\n}\n")
    assert running(made) == before
    apply(made, intended("s1")).close()  # the exclusive candidate is free


# --- what is not understood -------------------------------------------------------------------

_ROW = re.compile(r"(?:\d|core|to-|[AB]  |chosen|candidate|Static|BGP  )\S*\s{2,}\S")
_TABLES = tuple(
    one
    for one in SROS.collectors
    if one.topic not in ("version", "management", "logging", "ptp", "install")
)


@pytest.mark.parametrize("collector", _TABLES, ids=lambda one: one.topic)
def test_a_torn_row_is_never_passed_over(collector):
    """Every row of a table in turn is cut short: then the answer is no fact, or not another."""
    texts = {command: recorded(command) for command in collector.commands}
    whole = fact_of(collector, [Output(command=c, text=t) for c, t in texts.items()])[1]
    for command, text in texts.items():
        lines = text.splitlines()
        for at in [n for n, line in enumerate(lines) if _ROW.match(line)]:
            cut = [*lines[:at], lines[at][: len(lines[at]) // 4], *lines[at + 1 :]]
            outputs = [
                Output(command=c, text="\n".join(cut) if c == command else t)
                for c, t in texts.items()
            ]
            status, fact, _ = fact_of(collector, outputs)
            if status is ReadingStatus.ERROR:
                continue
            # What stands in a companion's table may not matter here.
            assert fact is not None
            assert fact != whole or command != collector.commands[0], lines[at]


@pytest.mark.parametrize("collector", SROS.collectors, ids=lambda one: one.topic)
@pytest.mark.parametrize("nonsense", ["", "zq 17 xylophone", "<html>busy</html>", "=" * 79])
def test_nonsense_is_no_fact(collector, nonsense):
    outputs = [Output(command=c, text=nonsense) for c in collector.commands]
    status, fact, _ = fact_of(collector, outputs)
    assert fact is None
    assert status is ReadingStatus.ERROR or nonsense == ""


@pytest.mark.parametrize("collector", SROS.collectors, ids=lambda one: one.topic)
def test_another_commands_answer_is_no_fact(collector):
    for path in sorted(TRANSCRIPTS.glob("*.txt")):
        if path.name in {file_name(command) for command in collector.commands}:
            continue
        outputs = [Output(command=c, text=path.read_text()) for c in collector.commands]
        assert fact_of(collector, outputs)[1] is None, path.name


def test_a_name_that_was_cut_is_no_name():
    text = recorded("show system lldp neighbor").replace("core-1\n", "a-very-long*\n")
    with pytest.raises(Unparsed):
        SROS.collector("lldp").parse([Output(command="show system lldp neighbor", text=text)])


@pytest.mark.parametrize("topic", ["isis", "ospf", "bgp", "ldp", "bfd"])
def test_a_protocol_that_is_not_set_up_is_nothing_and_no_error(topic):
    collector = SROS.collector(topic)
    outputs = [
        Output(
            command=c,
            text=f"pe1: show x: MINOR: CLI {topic.upper()} is not configured.",
            failed=True,
        )
        for c in collector.commands
    ]
    assert fact_of(collector, outputs)[:2] == (ReadingStatus.EMPTY, None)
    other = [
        Output(command=c, text="MINOR: CLI No such thing", failed=True) for c in collector.commands
    ]
    assert fact_of(collector, other)[0] is ReadingStatus.ERROR


def test_every_topic_is_understood_on_the_twin(lab):
    made, time = lab
    for name in NAMES:
        change(made, name, intended(name))
    time.advance(30)
    made.advance()
    one = session(made, "s1")
    facts = {}
    for collector in SROS.collectors:
        outputs = []
        for command in collector.commands:
            try:
                outputs.append(Output(command=command, text=one.send(command)))
            except CommandFailed as error:
                outputs.append(Output(command=command, text=str(error), failed=True))
        status, facts[collector.topic], message = fact_of(collector, outputs)
        good = (ReadingStatus.PARSED, ReadingStatus.EMPTY)
        assert status in good, f"{collector.topic}: {message}"
    assert [(i.interface, i.state) for i in facts["isis"].items] == [
        ("1/1/c1/1", "up"),
        ("1/1/c2/1", "up"),
    ]
    assert facts["bgp"].items[0].state == "established"
    assert {i.interface: i.port for i in facts["lldp"].items} == {
        "1/1/c1/1": "1/1/c1/1",
        "1/1/c2/1": "1/1/c2/1",
    }
    assert facts["management"].access_list
    assert facts["time_sync"].synchronised


def test_ospf_carries_ldp_and_bgp_where_the_design_says_so(lab):
    made, time = lab
    for name in NAMES:
        change(made, name, intended(name, "ospf"))
    time.advance(30)
    made.advance()
    one = session(made, "s1")
    facts = {}
    for topic in ("ospf", "ldp", "bgp"):
        collector = SROS.collector(topic)
        outputs = [Output(command=c, text=one.send(c)) for c in collector.commands]
        facts[topic] = fact_of(collector, outputs)[1].items
    assert [(i.interface, i.neighbor, i.state) for i in facts["ospf"]] == [
        ("1/1/c1/1", "10.255.0.2", "full"),
        ("1/1/c2/1", "10.255.0.2", "full"),
    ]
    assert [(i.neighbor, i.state) for i in facts["ldp"]] == [("10.255.0.2", "operational")]
    assert facts["bgp"][0].state == "established"
    with pytest.raises(CommandFailed, match="not configured"):
        one.send("show router isis adjacency")
