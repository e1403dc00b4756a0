"""Arista EOS and Cisco NX-OS as simulated: their commit models, their nets, and one network."""

from __future__ import annotations

import json

import pytest

from dcctl import clock
from dcctl.lab.systems.arista_eos import shows as eos_shows
from dcctl.lab.systems.cisco_nxos import shows as nexus_shows
from tests.unit.lab.two_switches import PORTS, network, session, typed


@pytest.fixture
def lab():
    with clock.use(clock.ManualClock()) as time:
        made = network(time.now().timestamp())
        time.advance(10)
        made.advance()
        yield made, time


def later(lab, seconds):
    made, time = lab
    time.advance(seconds)
    made.advance()


def data(one, command):
    return json.loads(one.send(f"{command} | json"))


def listed(rows):
    return rows if isinstance(rows, list) else [rows]


def test_both_see_the_same_network(lab):
    eos, nexus = (session(lab[0], name) for name in PORTS)
    neighbors = data(eos, "show isis neighbors")["vrfs"]["default"]["isisInstances"]["CORE"]
    (adjacencies,) = [one["adjacencies"] for one in neighbors["neighbors"].values()]
    assert [(a["interfaceName"], a["hostname"], a["state"]) for a in adjacencies] == [
        ("Ethernet1", "nexus", "up"),
        ("Ethernet2", "nexus", "up"),
    ]
    table = data(nexus, "show isis adjacency")["TABLE_process_tag"]["ROW_process_tag"]
    rows = table["TABLE_vrf"]["ROW_vrf"]["TABLE_process_adj"]["ROW_process_adj"]
    assert [(r["adj-intf-name-out"], r["adj-sys-name-out"], r["adj-state-out"]) for r in rows] == [
        ("Ethernet1/1", "eos", "UP"),
        ("Ethernet1/2", "eos", "UP"),
    ]
    peer = data(eos, "show ip bgp summary")["vrfs"]["default"]["peers"]["10.255.0.2"]
    assert peer["peerState"] == "Established"
    assert "10.255.0.1" in nexus.send("show ip bgp summary")
    heard = data(nexus, "show lldp neighbors")
    assert [row["port_id"] for row in heard["TABLE_nbor"]["ROW_nbor"]] == ["Ethernet1", "Ethernet2"]
    assert data(eos, "show bfd peers")["vrfs"]["default"]["ipv4Neighbors"].keys() == {
        "10.0.0.1",
        "10.0.1.1",
    }


def test_a_cut_fibre_is_dark_at_both_ends_and_the_adjacency_goes(lab):
    lab[0].fault("eos", "link_down", {"interface": "Ethernet1"})
    later(lab, 5)
    eos, nexus = (session(lab[0], name) for name in PORTS)
    assert "Ethernet1 is down, line protocol is down (notconnect)" in eos.send("show interfaces")
    assert "Link not connected" in nexus.send("show interface Ethernet1/1")
    light = data(nexus, "show interface transceiver details")["TABLE_interface"]["ROW_interface"]
    lanes = {one["interface"]: one["TABLE_lane"]["ROW_lane"] for one in light}
    assert (lanes["Ethernet1/1"]["rx_pwr"], lanes["Ethernet1/1"]["rx_pwr_flag"]) == ("-40.00", "--")
    assert lanes["Ethernet1/2"]["rx_pwr_flag"] == ""
    assert nexus.send("show isis adjacency").count("UP") == 1


def test_eos_takes_back_what_nobody_confirms(lab):
    eos = session(lab[0], "eos")
    before = eos.send("show running-config")
    typed(eos, "configure session night", "interface Ethernet1", "shutdown")
    assert "+   shutdown" in eos.send("show session-config diffs").splitlines()
    assert eos.send("show running-config") == before
    eos.send("commit timer 00:05:00")
    assert "   shutdown" in eos.send("show running-config")
    assert "Session with pending commit timer: night" in eos.send("show configuration sessions")
    later(lab, 299)
    assert "   shutdown" in eos.send("show running-config")
    later(lab, 2)
    assert eos.send("show running-config") == before
    assert "night" not in eos.send("show configuration sessions")


def test_eos_keeps_what_is_confirmed_and_saves_only_when_told(lab):
    eos = session(lab[0], "eos")
    typed(eos, "configure session night", "hostname west", "commit timer 00:01:00")
    eos.send("configure session night commit")
    later(lab, 120)
    assert "hostname west" in eos.send("show running-config")
    assert "hostname eos" in eos.send("show startup-config")
    assert "% Cannot enter session night" in eos.send("configure session night")
    eos.send("write memory")
    assert "hostname west" in eos.send("show startup-config")


def test_eos_aborts_a_session_before_and_after_its_commit(lab):
    eos = session(lab[0], "eos")
    typed(eos, "configure session a", "hostname west", "abort")
    assert "a" not in data(eos, "show configuration sessions")["sessions"]
    typed(eos, "configure session b", "hostname west", "commit timer 00:10:00")
    assert data(eos, "show configuration sessions")["commitTimerSessionName"] == "b"
    typed(eos, "configure session c", "hostname north")
    assert "% Cannot commit session c" in eos.send("commit")
    typed(eos, "end", "configure session b abort")
    assert "hostname eos" in eos.send("show running-config")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("show foo", "% Invalid input (at token 2: 'foo')\n"),
        ("blah", "% Invalid input\n"),
        ("show ntp", "% Incomplete command\n"),
        ("show l", "% Ambiguous command (at token 2: 'l')\n"),
        ("show users | json", "% This is an unconverted command\n"),
    ],
)
def test_eos_refuses_in_its_own_words(lab, line, answer):
    assert session(lab[0], "eos").send(line) == answer


def test_eos_switched_ports_route_nothing(lab):
    eos = session(lab[0], "eos")
    typed(eos, "configure", "interface Ethernet1", "switchport", "end")
    later(lab, 5)
    assert eos.send("show isis neighbors").count(" UP ") == 1


def test_a_nexus_command_exists_only_with_its_feature(lab):
    nexus = session(lab[0], "nexus")
    assert "% Invalid command at '^' marker." in nexus.send("show scheduler job")
    typed(nexus, "configure terminal")
    assert "% Invalid command at '^' marker." in nexus.send("router ospf 1")
    typed(nexus, "feature ospf", "router ospf 1", "interface Ethernet1/1")
    assert nexus.send("ip router ospf 1 area 0") == ""
    nexus.send("no feature isis")
    shown = nexus.send("show running-config")
    assert "isis" not in shown
    assert "ip router ospf 1 area 0.0.0.0" in shown
    later(lab, 5)
    assert session(lab[0], "eos").send("show isis neighbors").count(" UP ") == 0


def test_a_nexus_job_brings_the_checkpoint_back(lab):
    nexus = session(lab[0], "nexus")
    before = nexus.send("show running-config").splitlines()[4:]
    assert nexus.send("checkpoint before") == "...........Done\n"
    typed(
        nexus,
        "configure terminal",
        "feature scheduler",
        "scheduler job name back",
        "rollback running-config checkpoint before",
        "end-job",
        "scheduler schedule name back",
        "job name back",
        "time start +00:05",
        "interface Ethernet1/1",
        "shutdown",
        "end",
    )
    patch = nexus.send("show diff rollback-patch checkpoint before running-config")
    assert "feature scheduler" in patch
    assert "  no no shutdown" not in patch
    assert "Yet to be executed" in nexus.send("show scheduler schedule")
    later(lab, 299)
    assert "disabled" in nexus.send("show interface status")
    later(lab, 61)
    assert nexus.send("show running-config").splitlines()[4:] == before
    assert "Rollback Patch is Empty" in nexus.send(
        "show diff rollback-patch checkpoint before running-config"
    )


def test_a_nexus_schedule_that_is_taken_away_does_nothing(lab):
    nexus = session(lab[0], "nexus")
    typed(
        nexus,
        "checkpoint before",
        "configure terminal",
        "feature scheduler",
        "scheduler job name back",
        "rollback running-config checkpoint before",
        "end-job",
        "scheduler schedule name back",
        "job name back",
        "time start +00:05",
        "exit",
        "hostname west",
        "no scheduler schedule name back",
        "end",
    )
    later(lab, 600)
    assert nexus.send("show hostname").strip() == "west"
    answer = nexus.send("rollback running-config checkpoint before atomic")
    assert "Rollback completed successfully." in answer
    assert nexus.send("show hostname").strip() == "nexus"
    assert "ERROR" in nexus.send("checkpoint before")


def test_power_loss_forgets_what_was_not_saved(lab):
    for name, line in (("eos", "hostname west"), ("nexus", "hostname west")):
        typed(session(lab[0], name), "configure terminal", line)
        lab[0].fault(name, "power_loss", {"seconds": 10})
    later(lab, 300)
    for name in PORTS:
        assert f"hostname {name}" in session(lab[0], name).send("show running-config")


@pytest.mark.parametrize("name", PORTS)
def test_a_configuration_is_what_it_is_written_as(lab, name):
    """What is shown, loaded into a fresh box, is shown again."""
    made = lab[0]
    system, element = made.system(name), made.elements[name]
    text = system.dump(element.chassis, element.running)
    empty = system.load(element.chassis, {}, "")
    assert system.dump(element.chassis, system.load(element.chassis, empty, text)) == text


@pytest.mark.parametrize(("name", "shows"), [("eos", eos_shows), ("nexus", nexus_shows)])
def test_every_answer_can_be_had_in_a_bare_box_too(name, shows):
    with clock.use(clock.ManualClock()) as time:
        made = network(time.now().timestamp(), configured=False)
        made.fault(name, "alarm", {"text": "PEM 1 Not Powered"})
        made.fault(name, "alarm", {"text": "Fan 2 failed"})
        one = session(made, name)
        commands = {"show version", "show inventory"} | {
            row[0] for row in shows.COMMANDS if not set("<([") & set(row[0])
        }
        for command in commands:
            text = one.send(command)
            if "marker" in text:  # its feature is off
                continue
            answer = one.send(f"{command} | json")
            if answer and not answer.startswith(("ERROR", "%")):
                json.loads(answer)


@pytest.mark.parametrize(
    ("name", "command", "word"),
    [
        ("eos", "show system environment power", "Power Loss"),
        ("nexus", "show environment", "Shutdown"),
    ],
)
def test_an_alarm_shows_where_the_platform_shows_it(lab, name, command, word):
    one = session(lab[0], name)
    assert word not in one.send(command)
    lab[0].fault(name, "alarm", {"text": "PEM 1 Not Powered"})
    assert word in one.send(command)
