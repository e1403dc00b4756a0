"""Huawei VRP held to the simulated one: what is sent arrives, and is taken back whole."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dcctl import clock, platforms
from dcctl.contracts import Output
from dcctl.errors import CommandFailed, Unparsed
from dcctl.lab.elements.fabric import End, Link
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.model.status import ReadingStatus
from dcctl.platforms._router import fact_of
from dcctl.platforms.huawei_vrp._change import CHANGE
from dcctl.platforms.huawei_vrp._dialect import remediate
from tests.unit.platforms.huawei_vrp_pair import CHANGES, INTENDED, LINKS, MORE, intended

VRP = platforms.get("huawei_vrp")
VRP8, VRP5 = "NetEngine 8000 M8", "AR6280"


def chassis(at, model):
    ports = (("GigabitEthernet0/0/0", "ethernet"), *LINKS.items())
    return Chassis(
        name=f"v{at}",
        system="huawei_vrp",
        model=model,
        serial=f"21023{at}",
        ports=tuple(
            Port(name=name, mac=f"0200aabb{at}{index}00", medium=medium, optic=index > 0)
            for index, (name, medium) in enumerate(ports)
        ),
        management_port="GigabitEthernet0/0/0",
        management_address=f"10.9.0.{at}/24",
        management_gateway="10.9.0.254",
    )


@pytest.fixture
def watch():
    with clock.use(clock.ManualClock()) as ticking:
        yield ticking


def raised(watch, model=VRP8):
    links = [Link(End("v1", name), End("v2", name), medium) for name, medium in LINKS.items()]
    both = [chassis(at, model) for at in (1, 2)]
    network = Network(both, links, now=watch.now().timestamp())
    watch.advance(10)
    network.advance()
    return network


@pytest.fixture
def network(watch):
    return raised(watch)


def session(network, name="v1"):
    return InProcessSession(
        network,
        name,
        failures=VRP.failures,
        answers=VRP.answers,
        enter=VRP.enter,
        leave=VRP.leave,
    )


def pass_time(network, watch, seconds):
    watch.advance(seconds)
    network.advance()


def settled(network, text, name="v1"):
    """A session of a router that has `text` for good."""
    opened = session(network, name)
    CHANGE.apply(opened, remediate(CHANGE.running(opened), text), 120)
    CHANGE.confirm(opened)
    return opened


def shown(running):
    return [line for line in running.splitlines() if not line.startswith(("!", "#", " #"))]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_sent_arrives(network, change):
    opened = session(network)
    wanted = remediate(CHANGE.running(opened), CHANGES[change])
    assert wanted.not_understood == ()
    CHANGE.apply(opened, wanted, 120)
    assert remediate(CHANGE.running(opened), CHANGES[change]).diff == ()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_router_in_use_arrives_and_is_undone(network, change):
    opened = settled(network, INTENDED)
    before = CHANGE.running(opened)
    wanted = remediate(before, CHANGES[change])
    if wanted.lines:
        CHANGE.apply(opened, wanted, 120)
        CHANGE.confirm(opened)
    after = CHANGE.running(opened)
    assert remediate(after, CHANGES[change]).lines == ()
    back = CHANGE.replace(after, before)
    if back.lines:
        CHANGE.apply(opened, back, 120)
        CHANGE.confirm(opened)
    assert sorted(shown(CHANGE.running(opened))) == sorted(shown(before))


@pytest.mark.parametrize(("first", "second"), list(pairwise(CHANGES)))
def test_any_goes_over_into_any(network, first, second):
    opened = settled(network, CHANGES[first])
    wanted = remediate(CHANGE.running(opened), CHANGES[second])
    CHANGE.apply(opened, wanted, 120)
    assert remediate(CHANGE.running(opened), CHANGES[second]).lines == ()


# What only the vendor's documents tell: which words an `undo` takes, and in which order.
SENT = {
    "another access list": [
        "acl number 2000",
        "undo rule 10",
        "rule 5 permit source 10.60.0.0 0.0.255.255",
        "quit",
    ],
    "another neighbour": [
        "bgp 65000",
        "undo peer 10.0.0.2",
        "peer 10.0.0.9 as-number 65000",
    ],
    "no protocol on a port": [
        "interface 100GE0/2/0",
        "undo isis circuit-type",
        "undo isis cost 10 level-2",
        "undo isis bfd enable",
        "undo isis bfd min-tx-interval 100 min-rx-interval 100 detect-multiplier 3",
        "undo isis enable",
        "quit",
    ],
}


@pytest.mark.parametrize("change", SENT)
def test_undo_as_the_documents_have_it(change):
    sent = [line.strip() for line in remediate(INTENDED, CHANGES[change]).lines]
    assert sent[: len(SENT[change])] == SENT[change]


def test_what_goes_whole_goes_after_what_stands_on_it():
    more = CHANGES["other protocols"]
    sent = [line.strip() for line in CHANGE.replace(more, INTENDED).lines]
    port = sent.index("interface GigabitEthernet0/1/0")
    order = ("undo mpls ldp", "undo clock priority", "undo mpls", "quit")
    at = [sent.index(line, port) for line in order]
    assert at == sorted(at)
    assert sent[-2:] == ["undo mpls", "undo mpls lsr-id"]
    assert {"undo mpls ldp", "undo interface Eth-Trunk1", "undo ospf 1"} == set(sent[-5:-2])


def test_another_system_waits_until_the_first_is_gone():
    other = INTENDED.replace("bgp 65000", "bgp 65001")
    wanted = remediate(INTENDED, other)
    assert wanted.lines[0] == "undo bgp 65000"
    assert "undo bgp 65000" in wanted.destructive


def test_a_user_that_goes_is_negated_once():
    other = CHANGES["other users"]
    sent = [line.strip() for line in CHANGE.replace(other, INTENDED).lines]
    assert [line for line in sent if line.startswith("undo")] == [
        "undo local-user other",
        "undo ssh user other",
    ]


def test_a_trial_goes_by_itself(network, watch):
    opened = session(network)
    before = CHANGE.running(opened)
    CHANGE.apply(opened, remediate(before, INTENDED), 60)
    assert "10.0.0.1" in CHANGE.running(opened)
    opened.close()
    pass_time(network, watch, 90)
    assert shown(CHANGE.running(session(network))) == shown(before)


def test_another_session_confirms_and_it_stays(network, watch):
    opened = session(network)
    CHANGE.apply(opened, remediate(CHANGE.running(opened), INTENDED), 60)
    opened.close()
    CHANGE.confirm(session(network))
    pass_time(network, watch, 200)
    assert remediate(CHANGE.running(session(network)), INTENDED).lines == ()


def test_another_session_takes_it_back_and_twice_is_no_harm(network):
    opened = session(network)
    before = CHANGE.running(opened)
    CHANGE.apply(opened, remediate(before, INTENDED), 60)
    opened.close()
    for _ in range(2):
        CHANGE.revert(session(network))
        assert shown(CHANGE.running(session(network))) == shown(before)


def test_what_is_refused_leaves_nothing(network):
    opened = session(network)
    before = CHANGE.running(opened)
    wanted = remediate(before, INTENDED.replace("mtu 9000", "mtu many"))
    with pytest.raises(CommandFailed):
        CHANGE.apply(opened, wanted, 60)
    CHANGE.revert(opened)
    assert shown(CHANGE.running(opened)) == shown(before)
    CHANGE.apply(opened, remediate(before, INTENDED), 60)  # and nothing stands in the way


def test_somebody_elses_trial_is_left_alone(network):
    other = session(network)
    other.configure(("sysname other", "commit trial 600"))
    CHANGE.revert(session(network))
    CHANGE.confirm(session(network))
    assert "Trial status: ACTIVE" in other.send("display configuration trial status")


def test_a_router_that_starts_again_has_what_was_saved(network):
    opened = settled(network, INTENDED)
    CHANGE.save(opened)
    assert network.elements["v1"].startup == network.elements["v1"].running


def test_the_generations_are_told_apart(network, watch):
    assert CHANGE.guarded(session(network))
    assert not CHANGE.guarded(session(raised(watch, VRP5)))


def test_the_immediate_generation_takes_the_lines(watch):
    network = raised(watch, VRP5)
    opened = session(network)
    text = INTENDED.replace(" level 3", " privilege level 15").replace("100GE", "GigabitEthernet")
    text = "\n".join(line for line in text.splitlines() if line != "stelnet ipv4 server enable")
    text = text.split("interface GigabitEthernet0/2/0", maxsplit=1)[0]
    opened.configure(remediate(CHANGE.running(opened), text).lines)
    assert remediate(CHANGE.running(opened), text).lines == ()
    CHANGE.save(opened)


def test_a_cut_configuration_is_none(network):
    class Cut:
        def send(self, command):
            return session(network).send(command)[:-40]

    with pytest.raises(Unparsed):
        CHANGE.running(Cut())


# --- what it reads ------------------------------------------------------------------------------

NOTHING = {"rsvp"}  # no tunnel stands in this network


def answer(opened, command):
    try:
        return Output(command=command, text=opened.send(command))
    except CommandFailed as error:
        return Output(command=command, text=str(error), failed=True)


@pytest.fixture(scope="module")
def heard():
    """What one of two routers that have all that the template and MORE bring answers."""
    with clock.use(clock.ManualClock()) as watch:
        network = raised(watch)
        spoken = ("isis", "ospf", "ldp", "bfd", "lldp")
        settled(network, intended(2, protocols=spoken), "v2")
        text = intended(1, protocols=spoken).replace("return\n", MORE + "return\n")
        opened = settled(network, text)
        pass_time(network, watch, 60)
        commands = {command for collector in VRP.collectors for command in collector.commands}
        return {command: answer(opened, command) for command in sorted(commands)}


def outputs_of(heard, collector):
    return [heard[command] for command in collector.commands]


@pytest.mark.parametrize("topic", [c.topic for c in VRP.collectors])
def test_every_topic_is_read(heard, topic):
    collector = VRP.collector(topic)
    status, fact, message = fact_of(collector, outputs_of(heard, collector))
    nothing = topic in NOTHING
    assert (status, str(message)) == (
        ReadingStatus.EMPTY if nothing else ReadingStatus.PARSED,
        "",
    )
    assert (fact is None) == nothing


def test_both_ends_of_every_link_are_read(heard):
    def fact(topic):
        collector = VRP.collector(topic)
        return fact_of(collector, outputs_of(heard, collector))[1]

    assert (fact("version").hostname, fact("version").serial) == ("v1", "210231")
    for topic in ("isis", "ospf"):
        assert {one.interface for one in fact(topic).items} == set(LINKS), topic
    assert {one.neighbor for one in fact("ldp").items} == {"10.0.0.2"}
    assert {one.neighbor for one in fact("bfd").items} >= {"10.1.0.2", "10.1.1.2"}
    assert {(one.interface, one.lane) for one in fact("optics").items} == {
        ("GigabitEthernet0/1/0", 0),
        *(("100GE0/2/0", lane) for lane in range(4)),
    }


@pytest.mark.parametrize("topic", [c.topic for c in VRP.collectors])
@pytest.mark.parametrize("at", ["start", "middle"])
def test_noise_is_no_answer(heard, topic, at):
    """Garbage is refused, or lies where nothing is read: never another fact."""
    collector = VRP.collector(topic)
    clean = outputs_of(heard, collector)
    expected = fact_of(collector, clean)
    noisy = []
    for output in clean:
        lines = output.text.splitlines()
        lines.insert(0 if at == "start" else len(lines) // 2, "zz 17 garbage")
        noisy.append(Output(command=output.command, text="\n".join(lines), failed=output.failed))
    status, fact, _ = fact_of(collector, noisy)
    assert status is ReadingStatus.ERROR or fact == expected[1]


@pytest.mark.parametrize("topic", [c.topic for c in VRP.collectors])
def test_a_refusal_is_no_fact(topic):
    collector = VRP.collector(topic)
    text = "Error: Unrecognized command found at '^' position."
    refused = [Output(command=c, text=text, failed=True) for c in collector.commands]
    assert fact_of(collector, refused)[0] is ReadingStatus.ERROR
