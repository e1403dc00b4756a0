"""Every make is upgraded end to end, with every image and fault; judged by what its twin wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from dcctl.model.status import StepStatus
from tests.unit.upgrading.scene import Scene, scene

CASES = Path(__file__).parents[2] / "cases" / "upgrading"
MAKES = {
    path.stem: yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    for path in sorted(CASES.glob("*.yml"))
}
KEYS = {"flags", "fault", "keeps_old", "becomes", "boots", "slow"}


def cases() -> list[Any]:
    return [
        pytest.param(
            given,
            case,
            id=f"{make}-{name}",
            marks=[pytest.mark.slow] if case.get("slow") else [],
        )
        for make, given in MAKES.items()
        for name, case in given["cases"].items()
    ]


def arguments(one: Scene, fault: str) -> dict[str, str]:
    port = next(port.name for port in one.target.interfaces if port.link)
    return {"interface": port} if fault == "dimmer_after_reload" else {}


@pytest.mark.parametrize(("make", "case"), cases())
def test_it_becomes_what_its_twin_shows(make: dict[str, Any], case: dict[str, Any]) -> None:
    assert case.keys() <= KEYS
    with scene(make["host"], tuple(make.get("peers", ()))) as one:
        step = one.step(case.get("flags", {}), keeps_old=case.get("keeps_old", False))
        assert one.software.release == make["old"]
        if "fault" in case:
            one.network.fault(one.name, case["fault"], arguments(one, case["fault"]))
        outcome = one.upgrade(step)
        assert (outcome.status, len(one.when("boot", "down"))) == (
            StepStatus(case["becomes"]),
            case["boots"],
        ), str(outcome.message)
        LAWS[outcome.status](one, make)
        if one.network.alive(one.name):
            nobody_logs_in_before_neighbours_speak(one)


def changed(one: Scene, make: dict[str, Any]) -> None:
    """The new release runs, stays over a reload, carries traffic, and was watched."""
    assert one.network.alive(one.name)
    assert (one.software.release, one.software.committed) == (make["new"], make["new"])
    assert one.software.net is None
    assert not one.drained
    assert one.saved
    (drained, led_back), (booted,) = one.drains(), one.when("boot", "up")
    assert drained < booted < led_back < one.phase("soak")[0]
    assert one.phase("gate", "ended")[0] < led_back
    assert one.phase("done", "ended")


def failed(one: Scene, make: dict[str, Any]) -> None:
    """The old release runs and stays, and everything is as it was."""
    assert one.network.alive(one.name)
    assert (one.software.release, one.software.committed) == (make["old"], make["old"])
    assert one.engines == {make["old"]}
    assert not one.drained
    assert one.saved
    assert not one.phase("done")
    # Else the next campaign would be refused; what hangs on the element is truly at work.
    assert one.nothing_pending or one.software.operation
    if one.when("boot", "up"):
        assert all(at > one.when("boot", "up")[-1] for at in one.drains()[1:])


def error(one: Scene, make: dict[str, Any]) -> None:
    """It is away, or not as before: traffic stays round it, and nothing is claimed."""
    assert one.drained
    assert not one.phase("done")
    assert not one.phase("undrain")


LAWS = {StepStatus.CHANGED: changed, StepStatus.FAILED: failed, StepStatus.ERROR: error}


def nobody_logs_in_before_neighbours_speak(one: Scene) -> None:
    """Where a login ends the net, none comes before every adjacency is there again."""
    ended = one.when("net", "ended by a login")
    ups = one.when("boot", "up")
    acted = [told.get("stage") for told in one.told if told["phase"] == "activate"]
    if one.platform.upgrade.net.value != "login" or len(ups) != 1 or "reboot" not in acted:
        return
    assert len(ended) == 1
    for at in ended:
        assert all(seen < at for seen in one.adjacent_since(ups[0], at))


@pytest.mark.slow  # half an hour of the twins' time, looked at every few seconds
def test_a_net_that_a_login_ends_is_left_alone_while_neighbours_see_it_unwell() -> None:
    """Its fibre is dark after the reload: nobody logs in until the timer brought the old back."""
    make = MAKES["huawei_vrp"]
    with scene(make["host"]) as one:
        step = one.step({})
        port = next(port for port in one.target.interfaces if port.link)
        given = {"interface": port.name, "db": 40}
        one.network.fault(one.name, "dimmer_after_reload", given)
        outcome = one.upgrade(step)
        assert outcome.status is StepStatus.FAILED, str(outcome.message)
        failed(one, make)
        first, fired, second = (
            *one.when("boot", "up")[:1],
            *one.when("net"),
            one.when("boot", "up")[1],
        )
        assert first < fired < second
        assert not [at for at in one.when("login") if first <= at <= second]


@pytest.mark.parametrize(
    ("flags", "becomes"),
    [
        ({}, "changed"),
        pytest.param({"wrong_version": "4.30.1F"}, "failed", marks=pytest.mark.slow),
    ],
)
def test_a_second_supervisor_of_eos_gets_what_the_first_has(
    flags: dict[str, str], becomes: str
) -> None:
    make = MAKES["arista_eos"]
    with scene(make["host"]) as one:
        element = one.network.elements[one.name]
        chassis = replace(element.chassis, supervisors=2)
        stores, held = one.network.system(one.name).furnish(chassis)
        fresh = replace(element, chassis=chassis, stores=stores, software=held)
        one.network.elements[one.name] = fresh
        step = one.step(flags)
        wanted = step.settings["order"]["image"]["files"][0]["name"]
        outcome = one.upgrade(step)
        assert outcome.status is StepStatus(becomes), str(outcome.message)
        LAWS[outcome.status](one, make)
        peer = one.network.elements[one.name].stores[1]
        boots = peer.files["boot-config"].content.decode()
        assert peer.supervisor == "standby"
        assert (wanted in boots) is (becomes == "changed")
