"""The sample estate's network elements, built from day 0 by the platforms' own hooks, no socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcctl import clock, estate, platforms, secrets
from dcctl.contracts import Output
from dcctl.executors import keys
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import plan_of, simulated
from dcctl.planning.render import render

ROOT = Path(__file__).parents[3]
# What no link of the sample estate speaks, and no port of it has.
NOT_SPOKEN = {"lag", "ospf", "ldp", "rsvp", "ptp", "synce", "fec"}


@pytest.fixture(scope="module")
def built():
    """The demo's elements with their intended configuration, five seconds after the last commit."""
    site = estate.load(ROOT)
    targets = [site.target(name) for name in site.select("lab_demo")]
    targets = [target for target in targets if simulated(target)]
    with clock.use(clock.ManualClock()) as time:
        plan = plan_of(targets, "sample")
        network = Network(plan.chassis, plan.links, plan.absent, now=time.now().timestamp())
        for target in targets:
            platform = platforms.get(target.platform)
            with_session(
                network, target, lambda session, t=target, p=platform: build(session, t, p)
            )
        time.advance(5)
        network.advance()
        yield network, targets


def with_session(network, target, use):
    junos = target.platform == "juniper_junos"
    session = InProcessSession(
        network,
        target.name,
        failures=platforms.get(target.platform).failures,
        enter="configure" if junos else "configure terminal",
        leave="exit configuration-mode" if junos else "end",
    )
    try:
        return use(session)
    finally:
        session.close()


def build(session, target, platform):
    intended = render(target, [ROOT / "templates"])
    wanted = platform.change.remediate(platform.change.running(session), intended)
    assert wanted.lines, "day 0 is all that was wanted"
    platform.change.apply(session, wanted, 300)
    platform.change.confirm(session)
    platform.change.save(session)


def test_a_second_look_finds_nothing_to_do(built):
    network, targets = built
    assert targets
    for target in targets:
        platform = platforms.get(target.platform)
        running = with_session(network, target, platform.change.running)
        intended = keys.filled(
            render(target, [ROOT / "templates"]), running, platform, secrets.mark
        )
        again = platform.change.remediate(running, intended)
        assert (target.name, again.lines) == (target.name, ())
        assert not again.not_understood
        element = network.elements[target.name]
        assert element.timer is None
        assert dict(element.running) == dict(element.startup)


def test_every_collector_understands_every_element(built):
    network, targets = built
    for target in targets:
        platform = platforms.get(target.platform)

        def read(session, platform=platform):
            found = {}
            for collector in platform.collectors:
                outputs = [
                    Output(command=one, text=session.send(one)) for one in collector.commands
                ]
                found[collector.topic] = collector.parse(outputs)
            return found

        facts = with_session(network, target, read)
        assert {topic for topic in facts if facts[topic] is None} <= NOT_SPOKEN, target.name
        expected = {
            port.name for port in target.interfaces if port.link and "isis" in port.protocols
        }
        heard = {
            one.interface.partition(".")[0] for one in facts["isis"].items if one.state == "up"
        }
        assert heard == expected
        assert {one.state for one in facts["bgp"].items} == {"established"}
        assert {one.interface.partition(".")[0] for one in facts["bfd"].items} == expected
        assert facts["time_sync"].synchronised
        assert facts["version"].hostname == target.name
        assert {one.interface for one in facts["optics"].items if not one.los} >= expected


@pytest.mark.parametrize("name", ["p01", "p08", "p38", "p42", "p46", "p48", "p51"])
def test_a_port_holds_the_packets_that_were_designed(name):
    """Each make counts other headers: what was designed is what a packet may hold."""
    site = estate.load(ROOT)
    target = site.target(f"{name}-pe1")
    with clock.use(clock.ManualClock()) as time:
        plan = plan_of([target], "sample")
        network = Network(plan.chassis, plan.links, plan.absent, now=time.now().timestamp())
        network.configure(target.name, render(target, [ROOT / "templates"]))
        collectors = platforms.get(target.platform).collectors
        reader = next(one for one in collectors if one.topic == "interfaces")

        def read(session):
            return reader.parse([Output(command=c, text=session.send(c)) for c in reader.commands])

        found = {one.name: one.mtu for one in with_session(network, target, read).items}
    designed = {port.name: port.mtu for port in target.interfaces if port.mtu}
    assert designed
    assert designed == {port: found[port] for port in designed}
