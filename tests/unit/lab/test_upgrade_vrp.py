"""VRP: files on both main boards, the next startup, the rollback timer, and what can go wrong."""

from __future__ import annotations

import pytest

from dcctl import clock
from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.systems.huawei_vrp.software import installed
from tests.unit.lab.upgrading import Bench

NAME = "NetEngine8000V800R022C10SPC500.cc"
OLD = "NetEngine8000V800R021C00SPC100.cc"
RELEASE = "V800R022C10SPC500"
SET = f"startup system-software {NAME} all"


def image(release: str = RELEASE, **flags: str) -> bytes:
    return images.image("huawei_vrp", release, size=200_000, flags=flags)


def made(model: str = "NetEngine 8000 M8", text: str = "sysname e1", **flags: str) -> Bench:
    chassis = Chassis(
        name="e1", system="huawei_vrp", model=model, ports=(Port(name="GigabitEthernet0/1/0"),)
    )
    box = Bench(chassis, {}, text)
    box.network.put("e1", NAME, image(**flags))
    return box


@pytest.fixture(autouse=True)
def _virtual_time():
    with clock.use(clock.ManualClock()):
        yield


def both(box: Bench) -> None:
    box.type(f"copy cfcard:/{NAME} slave#cfcard:/", "y")


def rebooted(box: Bench) -> None:
    box.type("reboot")
    box.type("y")
    box.sleep(700)


def test_the_file_is_pulled_with_scp_and_listed():
    box = made()
    box.mirror[f"scp://127.0.0.1:2222/images/{NAME}"] = image()
    box.type(f"delete /unreserved /quiet {NAME}")
    assert NAME not in box.type("dir")
    box.type(f"scp -port 2222 mirror@127.0.0.1:/images/{NAME} cfcard:/{NAME}")
    assert next(iter(box.network.terminals["e1"].values())).expects == "hidden"
    assert "100%" in box.type("word")
    assert f"{len(image()):,}" in box.type("dir")
    assert "Error" in box.type("scp mirror@127.0.0.1:/no.cc cfcard:/", "word")


def test_both_main_boards_need_the_file():
    box = made()
    assert "Error: The file does not exist." in box.type(SET)
    both(box)
    assert NAME in box.type("dir slave#cfcard:/")
    assert "Succeeded in setting the software" in box.type(SET)
    shown = box.type("display startup")
    assert shown.count(f"Next startup system software:              cfcard:/{NAME}") == 2
    assert shown.count(f"  Startup system software:                   cfcard:/{OLD}") == 2


def test_one_board_at_a_time():
    box = made()
    box.type(f"startup system-software {NAME}")
    both(box)
    assert [one.following for one in installed(box.network.elements["e1"]).boards] == [
        f"cfcard:/{NAME}",
        f"cfcard:/{OLD}",
    ]
    box.type(f"startup system-software {NAME} slave-board")
    assert installed(box.network.elements["e1"]).boards[1].following == f"cfcard:/{NAME}"


def test_the_reboot_tells_what_it_will_start_from_and_does():
    box = made()
    both(box)
    box.type(SET)
    assert f"Next startup system software: cfcard:/{NAME}" in box.type("reboot")
    box.type("y")
    box.sleep(700)
    assert f"Version 8.220 (NetEngine 8000 {RELEASE})" in box.type("display version")
    assert f"!Software Version {RELEASE}" in box.type("display current-configuration")
    assert ("release", RELEASE) in box.kinds()


@pytest.mark.parametrize("flags", [{"bad_signature": "yes"}, {}])
def test_the_signature_is_checked_when_it_is_set(flags):
    box = made(**flags)
    if not flags:
        box.network.put("e1", NAME, image()[:100_000])
    assert "digital signature" in box.type(f"startup system-software {NAME}")
    rebooted(box)
    assert box.software.release == "V800R021C00SPC100"


def test_another_generations_file_is_refused():
    box = made()
    box.network.put("e1", "s.cc", image("V200R022C00SPC500"))
    assert "not compatible" in box.type("startup system-software s.cc")
    assert "extension" in box.type("startup system-software s.bin")
    assert "does not exist" in box.type("dir flash:/")
    assert "root directory" in box.type("startup system-software cfcard:/images/s.cc")


# --- the timer ------------------------------------------------------------------------------------


def armed(minutes: int = 20, **flags: str) -> Bench:
    box = made(**flags)
    both(box)
    box.type(SET)
    said = box.type(f"upgrade rollback enable rollback-timer {minutes}")
    assert f"The limit time is {minutes} minutes." in said
    assert f"bootfile cfcard:/{OLD}." in said
    rebooted(box)
    return box


def test_any_login_cancels_the_timer():
    box = armed()
    assert box.software.net is not None
    box.type("display clock")
    assert box.software.net is None
    assert ("net", "ended by a login") in box.kinds()
    box.sleep(3600)
    assert box.software.release == RELEASE


def test_without_a_login_the_files_of_before_come_back():
    box = armed(20)
    box.sleep(20 * 60)
    box.sleep(700)
    assert box.software.release == "V800R021C00SPC100"
    assert ("net", "ran out") in box.kinds()
    box.type("display clock")
    assert f"Next startup system software:              cfcard:/{OLD}" in box.type(
        "display startup"
    )
    box.sleep(7200)
    assert box.network.alive("e1")


def test_a_timer_that_was_taken_away_does_nothing():
    box = made()
    both(box)
    box.type(SET)
    box.type("upgrade rollback enable rollback-timer 10")
    box.type("undo upgrade rollback")
    rebooted(box)
    box.sleep(3600)
    assert box.software.release == RELEASE
    assert "Error" in box.type("upgrade rollback enable rollback-timer 9")


def test_power_lost_under_the_timer_starts_it_again():
    box = armed(20)
    box.sleep(600)
    box.network.fault("e1", "power_loss", {"seconds": 20})
    box.sleep(700)
    assert box.software.release == RELEASE
    box.sleep(20 * 60 + 700)
    assert box.software.release == "V800R021C00SPC100"


# --- faults ---------------------------------------------------------------------------------------


def test_a_file_that_does_not_start_leaves_the_slaves():
    box = made(boot_loop="yes")
    box.type(f"startup system-software {NAME}")
    rebooted(box)
    box.sleep(600)
    assert box.network.alive("e1")
    assert box.software.release == "V800R021C00SPC100"
    both(box)
    box.type(SET)
    rebooted(box)
    box.sleep(86400)
    assert not box.network.alive("e1")


def test_vrp5_falls_back_to_the_file_of_before():
    box = made("AR6280")
    box.network.put("e1", "ar.cc", image("V300R023C00SPC100", boot_loop="yes"))
    box.type("startup system-software ar.cc")
    assert "Next startup system software:              flash:/ar.cc" in box.type("display startup")
    rebooted(box)
    box.sleep(600)
    assert box.software.release == "V300R022C00SPC100"
    assert "Unrecognized" in box.type("upgrade rollback enable rollback-timer 20")


def test_a_unit_fails_with_the_new_release_only():
    box = armed(unit_fails="yes")
    assert "failed to register" in box.type("display alarm active verbose")
    assert "Unregistered" in box.type("display device")
    box.type(f"startup system-software {OLD} all")
    rebooted(box)
    assert "failed to register" not in box.type("display alarm active verbose")


def test_power_is_lost_while_it_is_set():
    box = made()
    both(box)
    box.network.fault("e1", "power_loss_install", {"seconds": 20})
    assert box.lost(SET)
    box.sleep(600)
    assert NAME not in box.type("display startup")


def test_an_operation_hangs():
    box = made()
    box.network.fault("e1", "operation_hangs", {})
    assert box.lost(f"startup system-software {NAME}")
    assert "busy" in box.type(f"startup system-software {NAME}")


def test_a_slave_board_that_is_not_there():
    box = made()
    box.network.fault("e1", "standby_missing", {})
    assert "SlaveBoard" not in box.type("display startup")
    assert "does not exist" in box.type("dir slave#cfcard:/")
    assert "slave board does not exist" in box.type(f"startup system-software {NAME} slave-board")
    assert "\n10 " not in box.type("display device")


def test_a_full_card():
    box = made()
    box.network.fault("e1", "flash_full", {})
    assert "(0 KB free)" in box.type("dir")
    box.type(f"copy cfcard:/{NAME} slave#cfcard:/")
    assert "insufficient" in box.type("y")


def test_what_is_in_the_recycle_bin_still_takes_its_room():
    box = made()
    before = box.network.elements["e1"].stores[0].free
    box.type(f"delete {NAME}", "y")
    assert box.network.elements["e1"].stores[0].free == before
    box.type("reset recycle-bin", "y")
    assert box.network.elements["e1"].stores[0].free == before + len(image())
    assert "in use" in box.type(f"delete /unreserved /quiet {OLD}")


def test_a_patch_runs_after_the_reboot():
    box = made()
    patch = images.image("huawei_vrp", "V800R021SPH105", size=2048, role="patch")
    box.network.put("e1", "p.pat", patch)
    assert "No patch exists" in box.type("display patch-information")
    assert "Succeeded" in box.type("startup patch p.pat all auto-sync")
    assert "Next startup patch package:                cfcard:/p.pat" in box.type("display startup")
    rebooted(box)
    shown = box.type("display patch-information")
    assert "Patch Package Version :V800R021SPH105" in shown
    assert "Running" in shown
    both(box)
    box.type(SET)
    rebooted(box)
    assert "No patch exists" in box.type("display patch-information")  # it is of another version


# --- drains ---------------------------------------------------------------------------------------

BGP = (
    "route-policy D permit node 10\n apply local-preference 0\n apply community 65535:0 additive\n"
    "bgp 64512\n peer 10.0.0.2 as-number 64512\n peer 203.0.113.9 as-number 65009\n"
    " ipv4-family unicast\n  peer 10.0.0.2 route-policy D export\n"
    "  peer 203.0.113.9 route-policy D export\n"
)


@pytest.mark.parametrize(
    ("text", "drains"),
    [
        ("isis 1\n set-overload\n", "overload"),
        ("isis 1\n set-overload on-startup 600\n", ""),
        ("ospf 1\n stub-router\n", "max_metric"),
        ("ospf 1\n stub-router on-startup 600\n", ""),
        (f"{BGP}  peer 203.0.113.9 advertise-community\n", "graceful_shutdown"),
        (BGP, ""),  # what is not advertised tells nobody
        (f"{BGP}  peer 203.0.113.9 advertise-community\n".replace("65535:0", "65535:1"), ""),
    ],
)
def test_drains(text, drains):
    intent = made(text=f"sysname e1\n{text}").network.intent("e1")
    told = ("overload", "max_metric", "graceful_shutdown")
    assert [one for one in told if getattr(intent, one)] == [one for one in (drains,) if one]


def test_metrics():
    text = (
        "sysname e1\nisis 1\n network-entity 49.0001.0000.0000.0001.00\nospf 1\n"
        " bandwidth-reference 10000\n area 0\ninterface GigabitEthernet0/1/0\n"
        " ip address 10.0.0.1 30\n isis enable 1\n isis cost 55\n ospf enable 1 area 0\n"
    )
    port = made(text=text).network.intent("e1").ports["GigabitEthernet0/1/0"]
    assert (port.metric, port.ospf_cost) == (55, 10)


def test_who_may_copy():
    system = made().network.system("e1")

    def serves(text: str) -> frozenset[str]:
        return system.transfers(made(text=text).network.elements["e1"])

    assert serves("sysname e1") == frozenset()
    assert serves("sftp ipv4 server enable") == frozenset()
    user = "ssh user netops service-type stelnet sftp\n"
    assert serves(f"{user}sftp ipv4 server enable\nscp ipv4 server enable") == {"sftp"}
    user = "ssh user netops service-type all\n"
    assert serves(f"{user}sftp server enable\nscp server enable") == {"sftp", "scp"}
