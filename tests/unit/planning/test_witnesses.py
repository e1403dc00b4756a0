"""Who is asked about a change, and for what: the intention decides, not what there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl import discovery, estate
from dcctl.planning.witnesses import with_witnesses
from tests.unit.planning.test_waves import step

PE, CORE = "p01-pe1", "hl-cor-r1"


@pytest.fixture(scope="module")
def sample():
    return estate.load(discovery.data_root())


def views(target, *fellows):
    made = with_witnesses(step(target.name), target, {one.name: one for one in fellows})
    return {one["target"]["name"]: one["views"] for one in made.settings.get("witnesses", ())}


def test_a_neighbour_is_asked_for_all_that_the_link_carries(sample):
    found = views(sample.target(PE), sample.target(CORE), sample.target("p01-pe2"))
    (view,) = found[CORE]
    assert view["interface"] == "xe-0/0/0"
    assert view["addresses"] == ["10.250.1.0", "10.255.1.1"]
    assert view["wants"] == ["interfaces", "lldp", "isis", "bfd", "bgp"]
    assert found["p01-pe2"][0]["wants"] == ["interfaces", "lldp", "isis", "bfd"]


def test_no_variable_of_the_neighbour_and_no_secret_comes_into_the_plan(sample):
    made = with_witnesses(step(PE), sample.target(PE), {CORE: sample.target(CORE)})
    (witness,) = made.settings["witnesses"]
    assert not witness["target"]["variables"]
    assert not witness["target"]["intent"]
    assert witness["target"]["connection"]["address"]


@pytest.mark.parametrize(
    ("changes", "wants"),
    [
        ({"protocols": ("isis",)}, ["interfaces", "lldp", "isis", "bgp"]),
        ({"protocols": ()}, ["interfaces", "lldp", "bgp"]),
        ({"enabled": False}, None),
    ],
)
def test_what_is_no_longer_wanted_is_not_asked_for(sample, changes, wants):
    target = sample.target(PE)
    ports = tuple(replace(p, **changes) if p.peer == CORE else p for p in target.interfaces)
    found = views(replace(target, interfaces=ports), sample.target(CORE))
    assert (found[CORE][0]["wants"] if found else None) == wants


def test_a_far_end_that_is_shut_down_sees_nothing(sample):
    core = sample.target(CORE)
    ports = tuple(replace(p, enabled=p.peer != PE) for p in core.interfaces)
    assert views(sample.target(PE), replace(core, interfaces=ports)) == {}


def test_bgp_counts_only_while_both_ends_want_it(sample):
    core = sample.target(CORE)
    intent = {**core.intent, "routing": {**core.intent["routing"], "bgp_neighbors": []}}
    found = views(sample.target(PE), replace(core, intent=intent))
    assert "bgp" not in found[CORE][0]["wants"]


def test_gear_that_no_driver_reaches_is_no_witness(sample):
    assert views(sample.target(PE), replace(sample.target(CORE), platform="unmanaged")) == {}
