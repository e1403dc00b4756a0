"""Ciena SAOS is read and never changed: its topics on a twin, and what is not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcctl import clock, platforms
from dcctl.contracts import Output
from dcctl.errors import Unparsed
from dcctl.executors.replay import file_name
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import plan_of
from dcctl.model.status import ReadingStatus
from dcctl.model.target import Interface, Target
from dcctl.platforms._router import fact_of

SAOS = platforms.get("ciena_saos")
TRANSCRIPTS = Path(__file__).parents[2] / "transcripts/ciena_saos"


def recorded(command):
    return (TRANSCRIPTS / file_name(command)).read_text()


def answers(topic, **changed):
    """The recorded answers to a topic's commands; `changed` maps a command's words to a text."""
    return [
        Output(command=one, text=changed.get(one.replace(" ", "_"), recorded(one)))
        for one in SAOS.collector(topic).commands
    ]


def target(number):
    other = 3 - number
    wires = tuple(
        Interface(name=name, link=f"w{name}", peer=f"c{other}", peer_interface=name, medium="fibre")
        for name in ("1", "2")
    )
    return Target(name=f"c{number}", platform="ciena_saos", kind="transport", interfaces=wires)


@pytest.fixture
def session():
    """A switch of two that are wired to each other."""
    with clock.use(clock.ManualClock()) as time:
        plan = plan_of([target(1), target(2)], "saos0001")
        made = Network(plan.chassis, plan.links, plan.absent, now=time.now().timestamp())
        time.advance(60)
        made.advance()
        yield InProcessSession(made, "c1", failures=SAOS.failures)


def test_it_is_never_changed():
    assert SAOS.change is None
    assert SAOS.config_command == "configuration show"


def test_every_topic_is_understood_on_the_twin(session):
    facts = {}
    for collector in SAOS.collectors:
        outputs = [Output(command=c, text=session.send(c)) for c in collector.commands]
        status, facts[collector.topic], message = fact_of(collector, outputs)
        assert status is ReadingStatus.PARSED, f"{collector.topic}: {message}"
    assert {port.name: port.oper_up for port in facts["interfaces"].items} == {"1": True, "2": True}
    assert [(i.interface, i.system, i.port) for i in facts["lldp"].items] == [
        ("1", "c2", "1"),
        ("2", "c2", "2"),
    ]
    assert all(module.ok for module in facts["hardware"].items)
    assert facts["version"].serial


def test_a_supply_that_is_there_and_off_is_not_well():
    text = recorded("chassis show power").replace(
        "| Unequipped | Offline", "| AC         | Faulted"
    )
    fact = SAOS.collector("hardware").parse(answers("hardware", chassis_show_power=text))
    assert [(m.name, m.ok, m.state, m.serial) for m in fact.items] == [
        ("PSA", True, "online", "M7000001"),
        ("PSB", False, "faulted", ""),
    ]


@pytest.mark.parametrize("collector", SAOS.collectors, ids=lambda one: one.topic)
@pytest.mark.parametrize("text", ["", "\n", "nonsense", "| |\n+--+", "ERROR: no such thing"])
def test_nonsense_is_no_fact(collector, text):
    outputs = [Output(command=c, text=text) for c in collector.commands]
    with pytest.raises(Unparsed):
        collector.parse(outputs)


@pytest.mark.parametrize("collector", SAOS.collectors, ids=lambda one: one.topic)
def test_another_commands_answer_is_no_fact(collector):
    for path in sorted(TRANSCRIPTS.glob("*.txt")):
        if path.name in {file_name(command) for command in collector.commands}:
            continue
        outputs = [Output(command=c, text=path.read_text()) for c in collector.commands]
        assert fact_of(collector, outputs)[1] is None, path.name


@pytest.mark.parametrize(
    ("topic", "command", "old", "new"),
    [
        ("version", "chassis show device-id", "Serial Number ", "Serial Nr     "),
        ("version", "chassis show capabilities", "Platform Name ", "Product Name  "),
        ("version", "software show", "Running Package ", "Running Pack    "),
        ("hardware", "chassis show power", "| AC         | Online", "| AC         |       "),
        ("interfaces", "port show", "|Ena |FWD|", "|Ena ?FWD?"),
        ("lldp", "lldp show neighbors", "|9            |10  ", "|             |    "),
    ],
)
def test_a_row_that_is_not_understood_is_told(topic, command, old, new):
    text = recorded(command)
    assert old in text
    outputs = answers(topic, **{command.replace(" ", "_"): text.replace(old, new)})
    with pytest.raises(Unparsed):
        SAOS.collector(topic).parse(outputs)


@pytest.mark.parametrize(
    ("topic", "command"),
    [
        ("interfaces", "port show"),
        ("lldp", "lldp show neighbors"),
        ("hardware", "chassis show power"),
    ],
)
def test_an_answer_that_was_cut_is_told(topic, command):
    text = recorded(command).rstrip()
    whole = SAOS.collector(topic).parse(answers(topic))
    for cut in range(len(text)):
        outputs = [Output(command=command, text=text[:cut])]
        fact = fact_of(SAOS.collector(topic), outputs)[1]
        # an end of a table may be drawn before it is one
        assert fact in (None, whole), cut
