"""Junos: packages that the next reboot boots, two routing engines, VM hosts, faults, drains."""

from __future__ import annotations

import hashlib
import json

import pytest

from dcctl import clock
from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.systems.juniper_junos.software import installed
from tests.unit.lab.upgrading import Bench

NAME = "junos-install-mx-x86-64-23.4R2.13.tgz"
URL = f"http://127.0.0.1:8080/{NAME}"
ADD = f"request system software add /var/tmp/{NAME} no-validate"
GRES = "set chassis redundancy graceful-switchover\nset system host-name e1"


def image(**flags: str) -> bytes:
    return images.image("juniper_junos", "23.4R2.13", size=200_000, flags=flags)


def made(
    model: str = "MX104", supervisors: int = 1, text: str = "set system host-name e1", **flags
):
    chassis = Chassis(
        name="e1",
        system="juniper_junos",
        model=model,
        supervisors=supervisors,
        ports=(Port(name="xe-0/0/0"),),
    )
    return Bench(chassis, {URL: image(**flags)}, text)


@pytest.fixture(autouse=True)
def _virtual_time():
    with clock.use(clock.ManualClock()):
        yield


def staged(box, command: str = ADD) -> str:
    box.type(f"file copy {URL} /var/tmp/")
    return box.type(command)


def rebooted(box, command: str = "request system reboot") -> None:
    box.type(command)
    box.lost("yes")
    box.sleep(600)


def test_a_pulled_file_is_listed_and_summed():
    box = made()
    assert "100%" in box.type(f"file copy {URL} /var/tmp/")
    assert f"{len(image())} " in box.type("file list detail /var/tmp/")
    assert f"{len(image())} " in box.type(f"file list /var/tmp/{NAME} detail")
    right = hashlib.sha256(image()).hexdigest()
    shown = box.type(f"file checksum sha-256 /var/tmp/{NAME}")
    assert shown == f"SHA256 (/var/tmp/{NAME}) = {right}\n"
    data = json.loads(box.type(f"file checksum sha-256 /var/tmp/{NAME} | display json"))
    assert data["checksum-information"][0]["file-checksum"][0]["checksum"][0]["data"] == right
    listed = json.loads(box.type("file list detail /var/tmp/ | display json"))
    folder = listed["directory-list"][0]["directory"][0]
    assert folder["file-information"][0]["file-size"][0]["data"] == str(len(image()))
    assert "No such file" in box.type("file list re1:/var/tmp/")
    assert "Not Found" in box.type(f"file copy {URL}.old /var/tmp/")


def test_a_password_is_asked_for_and_hidden():
    box = made()
    box.mirror["scp://127.0.0.1:2222/x.tgz"] = b"x" * 2048
    box.type("file copy scp://who@127.0.0.1:2222/x.tgz /var/tmp/")
    assert next(iter(box.network.terminals["e1"].values())).expects == "hidden"
    assert "100%" in box.type("word")
    assert "x.tgz" in box.type("file list /var/tmp/")


def test_what_was_added_is_booted_by_the_next_reboot_only():
    box = made()
    assert "A REBOOT IS REQUIRED" in staged(box)
    assert "Junos: 22.4R3.25" in box.type("show version")
    rebooted(box)
    assert "Junos: 23.4R2.13" in box.type("show version")
    assert ("release", "23.4R2.13") in box.kinds()


def test_rollback_before_and_after_the_reboot():
    box = made()
    staged(box)
    box.type("request system software rollback")
    rebooted(box)
    assert box.software.release == "22.4R3.25"
    box.type(ADD)
    rebooted(box)
    assert "'22.4R3.25' will become active" in box.type("request system software rollback")
    rebooted(box)
    assert box.software.release == "22.4R3.25"


def test_no_to_the_question_reboots_nothing():
    box = made()
    staged(box)
    box.type("request system reboot", "no")
    box.sleep(600)
    assert box.software.release == "22.4R3.25"
    assert box.session is not None


@pytest.mark.parametrize("flags", [{"bad_signature": "yes"}, {}])
def test_a_bad_package_is_refused(flags):
    box = made(**flags)
    if not flags:
        box.mirror[URL] = image()[:100_000]
    assert "ERROR" in staged(box)
    assert "ERROR" in box.type(f"request system software validate /var/tmp/{NAME}")
    rebooted(box)
    assert box.software.release == "22.4R3.25"


def test_a_package_that_does_not_boot_hangs():
    box = made(boot_loop="yes")
    staged(box)
    rebooted(box)
    box.sleep(86400)
    assert not box.network.alive("e1")


def test_a_vm_host_boots_with_its_host_and_falls_back_to_its_snapshot():
    box = made("MX204")
    assert "request vmhost software add" in staged(box)
    box.type(f"request vmhost software add /var/tmp/{NAME} no-validate")
    rebooted(box)
    assert box.software.release == "22.4R3.25"
    rebooted(box, "request vmhost reboot")
    assert box.software.release == "23.4R2.13"
    broken = made("MX204", boot_loop="yes")
    broken.type("request vmhost snapshot")
    staged(broken, f"request vmhost software add /var/tmp/{NAME} no-validate")
    rebooted(broken, "request vmhost reboot")
    assert broken.software.release == "22.4R3.25"
    assert broken.network.alive("e1")


def test_power_is_lost_while_it_is_added():
    box = made()
    box.network.fault("e1", "power_loss_install", {"seconds": 20})
    box.type(f"file copy {URL} /var/tmp/")
    assert box.lost(ADD)
    box.sleep(400)
    assert "Junos: 22.4R3.25" in box.type("show version")
    assert "power cycle" in box.type("show chassis routing-engine")
    rebooted(box)
    assert box.software.release == "22.4R3.25"


def test_a_full_flash_and_an_operation_that_hangs():
    box = made()
    box.network.fault("e1", "flash_full", {})
    assert "filesystem is full" in box.type(f"file copy {URL} /var/tmp/")
    assert "100%   /.mount/var" in box.type("show system storage")
    box.network.fault("e1", "clear", {})
    box.network.fault("e1", "operation_hangs", {})
    box.type(f"file copy {URL} /var/tmp/")
    assert box.lost(ADD)
    assert "in progress" in box.type(ADD)


def test_a_unit_fails_with_the_new_release_only():
    box = made(unit_fails="yes")
    staged(box)
    rebooted(box)
    assert "FPC 0 Major Errors" in box.type("show chassis alarms")
    assert "Offline" in box.type("show chassis fpc")
    box.type("request system software rollback")
    rebooted(box)
    assert "FPC" not in box.type("show system alarms")


# --- two routing engines --------------------------------------------------------------------------


def releases(box) -> list[str]:
    return [one.label.boots for one in installed(box.network.elements["e1"]).engines]


def test_the_backup_first_then_a_switch_that_is_noticed_then_the_other():
    box = made("MX480", 2, GRES)
    assert "Pushing" in staged(box, f"{ADD} re1")
    rebooted(box, "request system reboot other-routing-engine")
    assert releases(box) == ["22.4R3.25", "23.4R2.13"]
    shown = box.type("show version invoke-on all-routing-engines")
    assert [row for row in shown.splitlines() if row.startswith("Junos")] == [
        "Junos: 22.4R3.25",
        "Junos: 23.4R2.13",
    ]
    data = json.loads(box.type("show version invoke-on all-routing-engines | display json"))
    items = data["multi-routing-engine-results"][0]["multi-routing-engine-item"]
    assert [one["re-name"][0]["data"] for one in items] == ["re0", "re1"]
    assert "not ready" in box.type("request chassis routing-engine master switch")
    box.type("yes")
    box.sleep(1)
    assert not box.network.alive("e1")
    box.sleep(300)
    assert "Junos: 23.4R2.13" in box.type("show version")
    assert "Slot 1:\n    Current state                  Master" in box.type(
        "show chassis routing-engine"
    )
    assert NAME in box.type("file list /var/tmp/")
    box.type("file delete /var/tmp/" + NAME)
    assert NAME not in box.type("file list /var/tmp/")
    assert NAME in box.type("file list re0:/var/tmp/")


def test_a_graceful_switch_is_not_noticed_and_waits_four_minutes():
    box = made("MX480", 2, GRES)
    assert "Switchover Ready" in box.type("request chassis routing-engine master switch check")
    assert box.type("request chassis routing-engine master switch") == ""
    assert "becomes the master" in box.type("yes")
    assert box.network.alive("e1")
    box.session = None
    assert "not ready" in box.type("request chassis routing-engine master switch check")
    box.sleep(241)
    assert "Ready" in box.type("request chassis routing-engine master switch check")


def test_without_graceful_switchover_forwarding_restarts():
    box = made("MX480", 2)
    assert "Traffic will be interrupted" in box.type("request chassis routing-engine master switch")
    box.lost("yes")
    box.sleep(1)
    assert not box.network.alive("e1")
    box.sleep(300)
    assert "Slot 1:\n    Current state                  Master" in box.type(
        "show chassis routing-engine"
    )


def test_a_backup_that_is_not_there():
    box = made("MX480", 2, GRES)
    box.network.fault("e1", "standby_missing", {})
    assert "Slot 1" not in box.type("show chassis routing-engine")
    assert "could not connect" in box.type("show version invoke-on all-routing-engines")
    assert "not present" in box.type("request chassis routing-engine master switch")
    assert "could not connect" in staged(box, f"{ADD} re1")


# --- drains ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "drains"),
    [
        ("set protocols isis overload", "overload"),
        ("set protocols isis overload timeout 600", ""),
        ("set protocols ospf overload", "max_metric"),
        ("set protocols ospf overload timeout 600", ""),
        ("set protocols bgp graceful-shutdown sender", "graceful_shutdown"),
        (
            "set protocols bgp group i neighbor 10.0.0.2 graceful-shutdown sender",
            "graceful_shutdown",
        ),
    ],
)
def test_drains(line, drains):
    peer = "set protocols bgp group i type internal\nset protocols bgp group i neighbor 10.0.0.2"
    box = made(text=f"set system host-name e1\n{peer}\n{line}")
    intent = box.network.intent("e1")
    told = ("overload", "max_metric", "graceful_shutdown")
    assert [one for one in told if getattr(intent, one)] == [one for one in (drains,) if one]


def test_metrics():
    text = (
        "set interfaces xe-0/0/0 unit 0 family iso\n"
        "set protocols isis interface xe-0/0/0.0 level 2 metric 55\n"
        "set protocols ospf reference-bandwidth 100g\n"
        "set protocols ospf area 0 interface xe-0/0/0.0"
    )
    port = made(text=text).network.intent("e1").ports["xe-0/0/0"]
    assert (port.metric, port.ospf_cost) == (55, 10)
    high = f"{text}\nset protocols isis overload advertise-high-metrics"
    assert made(text=high).network.intent("e1").ports["xe-0/0/0"].metric == 63


def test_who_may_copy():
    system = made().network.system("e1")

    def serves(text: str) -> frozenset[str]:
        return system.transfers(made(text=text).network.elements["e1"])

    assert serves("set system services ssh") == {"scp"}
    assert serves("set system services ssh sftp-server") == {"scp", "sftp"}


# --- statements that do nothing -------------------------------------------------------------------


def test_what_is_deactivated_stands_there_and_does_nothing():
    box = made("MX480", 2, GRES)
    shown = "show configuration chassis redundancy graceful-switchover | display set"
    assert box.type(shown) == "set chassis redundancy graceful-switchover\n"
    box.type("configure", "deactivate chassis redundancy graceful-switchover")
    assert "+   inactive: graceful-switchover;" in box.type("show | compare")
    box.type("commit", "exit")
    assert box.type(shown) == (
        "set chassis redundancy graceful-switchover\n"
        "deactivate chassis redundancy graceful-switchover\n"
    )
    assert "Traffic will be interrupted" in box.type(
        "request chassis routing-engine master switch check"
    )
    assert '"inactive": true' in box.type("show configuration | display json")
    box.type("configure", "activate chassis redundancy graceful-switchover", "commit", "exit")
    assert "Ready" in box.type("request chassis routing-engine master switch check")
    box.type("configure", "deactivate chassis redundancy graceful-switchover")
    box.type("delete chassis redundancy graceful-switchover", "commit", "exit")
    assert box.type(shown).strip() == ""
    assert "not found" in box.type("configure", "deactivate protocols isis")
