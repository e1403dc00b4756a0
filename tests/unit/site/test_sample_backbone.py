"""The whole backbone in memory: every router configured from its template, and all of it meets."""

from __future__ import annotations

import pytest

from dcctl import discovery, estate, platforms, secrets
from dcctl.executors import keys
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import plan_of, simulated
from dcctl.planning.render import render, template_paths

ROOT = discovery.data_root()
START = 1_767_225_600.0
SETTLED = START + 600


@pytest.fixture(scope="module")
def routers():
    sample = estate.load(ROOT)
    targets = [sample.target(name) for name in sample.names]
    return {target.name: target for target in targets if simulated(target)}


@pytest.fixture(scope="module")
def intended(routers):
    paths = template_paths(ROOT)
    return {name: render(target, paths) for name, target in routers.items()}


@pytest.fixture(scope="module")
def remediated(routers, intended):
    """What dcctl sends to each router as it comes from the factory, and what is then left to do."""
    plan = plan_of(list(routers.values()), "0badcafe")
    network = Network(plan.chassis, plan.links, now=START)
    found = {}
    for chassis in plan.chassis:
        platform = platforms.get(chassis.system)
        session = InProcessSession(
            network,
            chassis.name,
            failures=platform.failures,
            enter=platform.enter,
            leave=platform.leave,
            answers=platform.answers,
        )
        change, wanted = platform.change, intended[chassis.name]
        remediation = change.remediate(change.running(session), wanted)
        change.apply(session, remediation, 120)
        running = change.running(session)
        left = change.remediate(running, keys.filled(wanted, running, platform, secrets.mark))
        change.confirm(session)
        found[chassis.name] = (remediation, left)
    return found


@pytest.fixture(scope="module")
def network(routers, intended):
    plan = plan_of(list(routers.values()), "0badcafe")
    made = Network(plan.chassis, plan.links, now=START)
    for name, text in intended.items():
        made.configure(name, text)
    made.advance(SETTLED)
    return made


def test_the_backbone_is_two_cores_two_aggregations_and_68_pes(routers):
    assert len(routers) == 72


def test_a_router_takes_its_configuration_and_then_needs_nothing(remediated):
    for name, (first, second) in remediated.items():
        assert first.lines, name
        assert first.not_understood == (), name
        assert first.destructive == (), name
        assert second.lines == (), name


def test_every_adjacency_of_the_design_comes_up_with_bfd(routers, network):
    for name, target in routers.items():
        wanted = {(one.name, one.peer) for one in target.interfaces if "isis" in one.protocols}
        seen = network.view(name).adjacencies
        assert {(one.port, one.neighbor) for one in seen} == wanted, name
        assert all(one.up and one.bfd and one.level == 2 for one in seen), name


def test_every_router_has_a_session_with_both_reflectors(routers, network):
    for name, target in routers.items():
        wanted = {one["address"]: one["asn"] for one in target.intent["routing"]["bgp_neighbors"]}
        seen = network.view(name).bgp
        assert {one.address: one.remote_as for one in seen} == wanted, name
        assert {one.state for one in seen} == {"established"}, name


def test_the_loss_of_one_core_cuts_no_province_off(routers, intended):
    plan = plan_of(list(routers.values()), "0badcafe")
    network = Network(plan.chassis, plan.links, now=START)
    for name, text in intended.items():
        network.configure(name, text)
    network.fault("hl-cor-r1", "power_loss", {"seconds": 86400})
    network.advance(network.now + 600)
    for name, target in routers.items():
        if target.intent["kind"] == "router" and name.startswith("p"):
            states = {one.description: one.state for one in network.view(name).bgp}
            assert states == {"hl-cor-r1": "active", "hl-cor-r2": "established"}, name
