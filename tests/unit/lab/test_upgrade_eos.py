"""EOS: an image, boot-config that names it, a reload; Aboot has nothing to fall back to."""

from __future__ import annotations

import hashlib
import json

import pytest

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Element, Port, PortState, Surroundings, Terminal
from dcctl.lab.elements.software import File
from dcctl.lab.systems.arista_eos import SYSTEM, software
from tests.unit.lab.upgrading import bench

NAME = "EOS-4.30.5M.swi"
URL = f"http://127.0.0.1:8080/{NAME}"
MODEL = "DCS-7280SR3-48YC8"
NEIGHBOURS = """\
router bgp 65000
   neighbor 10.0.0.2 remote-as 65000
   neighbor 10.0.0.3 peer group CORE
   neighbor CORE peer group
   neighbor CORE remote-as 65000
"""


def image(**flags: str) -> bytes:
    return images.image("arista_eos", "4.30.5M", size=200_000, flags=flags)


@pytest.fixture
def box(request):
    flags = getattr(request, "param", {})
    with bench("arista_eos", MODEL, mirror={URL: image(**flags)}, text="hostname e1") as one:
        one.type("write")
        yield one


def pulled(box) -> str:
    return box.type(f"copy {URL} flash:")


def configured(box, *lines: str) -> str:
    return box.type("configure", *lines, "end")


def reloaded(box) -> None:
    box.lost("reload now")
    box.sleep(600)


def test_a_pulled_file_lies_in_dir_and_is_verified(box):
    assert pulled(box) == "Copy completed successfully.\n"
    row = next(one for one in box.type("dir flash:").splitlines() if one.endswith(NAME))
    assert row.split()[:2] == ["-rw-", "200000"]
    right = hashlib.sha512(image()).hexdigest()
    assert box.type(f"verify /sha512 flash:{NAME}") == f"verify /sha512 (flash:{NAME}) = {right}\n"
    assert hashlib.md5(image()).hexdigest() in box.type(f"verify /md5 flash:/{NAME}")
    assert box.type("verify /md5 flash:nothing").startswith("% Error")


def test_what_runs_lies_on_flash_and_boot_config_names_it(box):
    listed = box.type("dir")
    assert "EOS-4.28.9M.swi" in listed
    assert "boot-config" in listed
    assert "Software image: flash:/EOS-4.28.9M.swi\n" in box.type("show boot-config")
    assert "! boot system flash:/EOS-4.28.9M.swi" in box.type("show running-config")


def test_free_space_is_what_a_file_takes_away(box):
    def free() -> int:
        return int(box.type("dir flash:").rpartition("(")[2].split()[0])

    before = free()
    pulled(box)
    assert before - free() == 200_000


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"copy {URL}.old flash:", "No such file or directory"),
        ("copy flash:nothing flash:x", "No such file or directory"),
        ("copy flash:boot-config usb9:x", "Invalid argument"),
        ("delete flash:nothing", "No such file or directory"),
    ],
)
def test_what_cannot_be_copied_or_deleted(box, line, said):
    answer = box.type(line)
    assert answer.startswith("% Error")
    assert said in answer


def test_a_password_is_asked_for_and_hidden(box):
    box.mirror["scp://127.0.0.1:2222/x.swi"] = b"x" * 10
    box.type("copy scp://who@127.0.0.1:2222/x.swi flash:/y.swi")
    assert next(iter(box.network.terminals["e1"].values())).expects == "hidden"
    assert "Copy completed successfully." in box.type("word")
    assert "y.swi" in box.type("dir")


def test_boot_system_takes_effect_at_the_reload_without_a_save(box):
    pulled(box)
    assert configured(box, f"boot system flash:{NAME}") == ""
    assert f"flash:/{NAME}" in box.type("show boot-config")
    assert json.loads(box.type("show boot-config | json"))["softwareImage"] == f"flash:/{NAME}"
    assert "4.28.9M" in box.type("show version")
    reloaded(box)
    assert "Software image version: 4.30.5M" in box.type("show version")
    assert json.loads(box.type("show version | json"))["version"] == "4.30.5M"
    assert "Reload requested by the user." in box.type("show reload cause")
    assert ("release", "4.30.5M") in box.kinds()


def test_install_source_writes_boot_config_and_reloads_if_told(box):
    pulled(box)
    said = box.type(f"install source flash:{NAME}")
    assert (
        said
        == "Preparing new boot-config... done.\nCommitting changes on this supervisor... done.\n"
    )
    assert box.software.committed == "4.30.5M"
    assert box.software.release == "4.28.9M"
    assert "Reloading this supervisor" in box.type(f"install source flash:{NAME} now reload")
    box.sleep(600)
    assert box.software.release == "4.30.5M"


def test_install_source_asks_before_it_reloads(box):
    pulled(box)
    configured(box, "ntp server 10.0.0.1")
    box.type(f"install source flash:{NAME} reload")
    box.type("yes")
    box.lost("y")
    box.sleep(600)
    assert box.software.release == "4.30.5M"
    assert "ntp server 10.0.0.1" in box.type("show running-config")


def test_a_reload_asks_whether_to_save_and_cancel_keeps_it_up(box):
    configured(box, "ntp server 10.0.0.1")
    box.type("reload", "cancel")
    box.sleep(600)
    assert "ntp server 10.0.0.1" in box.type("show running-config")
    box.type("reload", "no")
    box.lost("")
    box.sleep(600)
    assert "ntp server" not in box.type("show running-config")


@pytest.mark.parametrize("box", [{"bad_signature": "yes"}], indirect=True)
def test_a_bad_signature_is_refused(box):
    pulled(box)
    assert "signature" in box.type(f"install source flash:{NAME}")
    assert "signature" in configured(box, f"boot system flash:{NAME}")
    assert "EOS-4.28.9M.swi" in box.type("show boot-config")


def test_half_a_file_is_refused_by_install_and_halts_aboot_otherwise(box):
    box.mirror[URL] = image()[:100_000]
    pulled(box)
    assert "not a valid software image" in box.type(f"install source flash:{NAME}")
    configured(box, f"boot system flash:{NAME}")
    box.lost("reload now")
    box.sleep(86400)
    assert not box.network.alive("e1")


def test_an_image_that_is_not_there_halts_aboot(box):
    assert "does not exist" in configured(box, "boot system flash:EOS-9.swi")
    box.lost("reload now")
    box.sleep(86400)
    assert not box.network.alive("e1")


@pytest.mark.parametrize("box", [{"boot_loop": "yes"}], indirect=True)
def test_an_image_that_does_not_boot_never_comes_back(box):
    pulled(box)
    box.type(f"install source flash:{NAME}")
    box.lost("reload now")
    box.sleep(86400)
    assert not box.network.alive("e1")


@pytest.mark.parametrize("box", [{"wrong_version": "4.30.4M"}], indirect=True)
def test_an_image_that_is_another_release(box):
    pulled(box)
    box.type(f"install source flash:{NAME}")
    reloaded(box)
    assert "4.30.4M" in box.type("show version")


def test_back_to_the_release_of_before(box):
    pulled(box)
    box.type(f"install source flash:{NAME}")
    reloaded(box)
    configured(box, "boot system flash:EOS-4.28.9M.swi")
    reloaded(box)
    assert box.software.release == "4.28.9M"


def test_a_unit_fails_with_the_new_release_only(box):
    box.network.fault("e1", "bad_image", {"how": "unit_fails"})
    pulled(box)
    box.type(f"install source flash:{NAME}")
    reloaded(box)
    assert box.software.alarms
    configured(box, "boot system flash:EOS-4.28.9M.swi")
    reloaded(box)
    assert not box.software.alarms


def test_power_is_lost_while_it_installs(box):
    box.network.fault("e1", "power_loss_install", {"seconds": 20})
    pulled(box)
    assert box.lost(f"install source flash:{NAME}")
    box.sleep(300)
    assert "The system rebooted due to a Power Loss" in box.type("show reload cause")
    assert "EOS-4.28.9M.swi" in box.type("show boot-config")
    assert json.loads(box.type("show reload cause | json"))["resetCauses"][0]["description"] == (
        software.BY_POWER
    )


def test_an_operation_hangs(box):
    box.network.fault("e1", "operation_hangs", {})
    pulled(box)
    assert box.lost(f"install source flash:{NAME}")
    assert "in progress" in box.type(f"install source flash:{NAME}")


def test_a_full_flash(box):
    box.network.fault("e1", "flash_full", {})
    assert "No space left on device" in pulled(box)
    assert "(0 bytes free)" in box.type("dir flash:")


def test_a_second_supervisor_gets_the_image_too():
    chassis = Chassis(name="e1", system="arista_eos", model="DCS-7504R3", supervisors=2)
    stores, held = SYSTEM.furnish(chassis)
    assert [one.supervisor for one in stores] == ["active", "standby"]
    with bench("arista_eos", "DCS-7504R3", mirror={URL: image()}) as box:
        box.network.elements["e1"] = software.replace(
            box.network.elements["e1"], chassis=chassis, stores=stores, software=held
        )
        pulled(box)
        assert "standby supervisor... done." in box.type(f"install source flash:{NAME}")
        peer = box.network.elements["e1"].stores[1]
        assert isinstance(peer.files[NAME], File)
        assert NAME.encode() in peer.files["boot-config"].content
        assert NAME in box.type("dir supervisor-peer:/mnt/flash/")


ONE = f"{NEIGHBOURS}   neighbor 10.0.0.2 route-map OUT out\n"
BOTH = f"{ONE}   neighbor CORE route-map OUT out\n"
ALL = f"{BOTH}   neighbor 10.0.0.2 send-community\n   neighbor CORE send-community\n"
LAST = "route-map OUT permit 10\n   set local-preference 0\n"
GSHUT = "route-map OUT permit 10\n   set community GSHUT additive\n"


@pytest.mark.parametrize(
    ("lines", "drain"),
    [
        ("router isis 1\n   set-overload-bit\n", (True, False, False)),
        ("router isis 1\n   set-overload-bit on-startup 300\n", (False, False, False)),
        ("router ospf 1\n   max-metric router-lsa\n", (False, True, False)),
        ("router ospf 1\n   max-metric router-lsa on-startup 300\n", (False, False, False)),
        (GSHUT + ALL, (False, False, True)),
        (GSHUT + ONE, (False, False, False)),
        (GSHUT + BOTH, (False, False, False)),
        (LAST + BOTH, (False, False, True)),
        (LAST + BOTH.replace("10.0.0.2 remote-as 65000", "10.0.0.2 remote-as 65009"), (False,) * 3),
        (GSHUT.replace("GSHUT additive", "65000:1") + ALL, (False, False, False)),
        (f"{NEIGHBOURS}maintenance\n   unit System\n      quiesce\n", (False, False, True)),
    ],
)
def test_drains(box, lines, drain):
    box.network.configure("e1", lines)
    intent = box.network.intent("e1")
    assert (intent.overload, intent.max_metric, intent.graceful_shutdown) == drain


def test_maintenance_is_entered_by_hand(box):
    configured(box, "maintenance", "unit System", "quiesce")
    assert "System        Under Maintenance" in box.type("show maintenance")
    configured(box, "maintenance", "unit System", "no quiesce")
    assert "System        Not Under Maintenance" in box.type("show maintenance")


def test_files_come_where_the_login_is_authorised(box):
    element = box.network.elements["e1"]
    assert SYSTEM.transfers(element) == {"scp", "sftp"}
    assert SYSTEM.place(element, "/mnt/flash/x.swi")[1] == "x.swi"
    assert SYSTEM.place(element, "/etc/passwd") is None
    configured(box, "no aaa authorization exec default")
    assert not SYSTEM.transfers(box.network.elements["e1"])


def test_rates_are_those_of_the_traffic():
    chassis = Chassis(name="e1", system="arista_eos", model=MODEL, ports=(Port(name="Ethernet1"),))
    element = Element(chassis=chassis, running=SYSTEM.day_zero(chassis))
    busy = PortState(up=True, loads=((0.0, 4.0e9, 8.0e8),))
    around = Surroundings(now=9.9e4, clock=9.9e4, ports={"Ethernet1": busy})
    reply = SYSTEM.step(element, Terminal(), "show interfaces Ethernet1", around)
    assert "5 minutes input rate 4.00 Gbps (40.0% with framing overhead)" in reply.text
    assert "5 minutes output rate 800.00 Mbps (8.0% with framing overhead)" in reply.text
    reply = SYSTEM.step(element, Terminal(), "show interfaces Ethernet1 | json", around)
    row = json.loads(reply.text)["interfaces"]["Ethernet1"]["interfaceStatistics"]
    assert (row["inBitsRate"], row["outBitsRate"]) == (4.0e9, 8.0e8)
