"""NX-OS: `install all` with its checks and question, boot variables, ISSU, two supervisors."""

from __future__ import annotations

import hashlib
import json

import pytest

from dcctl import clock
from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Element, Port, PortState, Surroundings, Terminal
from dcctl.lab.systems.cisco_nxos import SYSTEM
from tests.unit.lab.upgrading import Bench, bench

NAME = "nxos.10.3.4a.bin"
SAME_TRAIN = "nxos.9.3.13.bin"
URL = f"http://127.0.0.1:8080/{NAME}"
NEAR = f"http://127.0.0.1:8080/{SAME_TRAIN}"
MODEL = "N9K-C93180YC-FX"
OLD = "nxos.9.3.8.bin"


def image(release: str = "10.3(4a)", **flags: str) -> bytes:
    return images.image("cisco_nxos", release, size=200_000, flags=flags)


@pytest.fixture
def box(request):
    flags = getattr(request, "param", {})
    mirror = {URL: image(**flags), NEAR: image("9.3(13)", **flags)}
    with bench("cisco_nxos", MODEL, mirror=mirror, text="hostname e1") as one:
        one.type("copy running-config startup-config")
        yield one


@pytest.fixture
def chassis():
    with clock.use(clock.ManualClock()):
        made = Chassis(name="e1", system="cisco_nxos", model="N9K-C9504", supervisors=2)
        yield Bench(made, {URL: image(), NEAR: image("9.3(13)")})


def pulled(box, url: str = URL) -> str:
    return box.type(f"copy {url} bootflash: vrf management")


def installed(box, name: str = NAME, *words: str) -> str:
    said = box.type(" ".join(["install all nxos", f"bootflash:{name}", *words]))
    return said + box.type("y")


def upgraded(box) -> None:
    pulled(box)
    assert "switch will reboot in 10 seconds" in installed(box)
    box.sleep(600)


def test_a_pulled_file_lies_in_dir_and_has_its_digest(box):
    assert "Copy complete." in pulled(box)
    row = next(one for one in box.type("dir bootflash:").splitlines() if one.endswith(NAME))
    assert row.split()[0] == "200000"
    for name in ("md5", "sha512"):
        right = hashlib.new(name, image()).hexdigest()
        assert box.type(f"show file bootflash:{NAME} {name}sum") == f"{right}\n"
    assert "No such file" in box.type("show file bootflash:nothing md5sum")


def test_a_pull_asks_for_vrf_and_password_and_before_it_overwrites(box):
    url = "scp://who@127.0.0.1:2222/x.bin"
    box.mirror["scp://127.0.0.1:2222/x.bin"] = b"x" * 10
    box.type(f"copy {url} bootflash:", "management")
    assert next(iter(box.network.terminals["e1"].values())).expects == "hidden"
    assert "Copy complete." in box.type("word")
    box.type(f"copy {url} bootflash:x.bin vrf management", "n")
    assert [note for note in box.kinds() if note[0] == "file"] == [("file", "bootflash:/x.bin")]
    box.type("terminal dont-ask", f"copy {url} bootflash:x.bin vrf management")
    assert "Copy complete." in box.type("word")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"copy {URL}.old bootflash: vrf management", "No such file or directory"),
        ("copy bootflash:nothing bootflash:x", "No such file or directory"),
        ("copy bootflash:nothing usb9:x", "Invalid destination"),
        ("delete bootflash:nothing", "No such file or directory"),
        ("dir bootflash:nothing", "No such file or directory"),
    ],
)
def test_what_is_not_there(box, line, said):
    assert said in box.type(line)


def test_delete_asks(box):
    pulled(box)
    box.type(f"delete bootflash:{NAME}", "no")
    assert NAME in box.type("dir bootflash:")
    box.type(f"delete bootflash:{NAME}", "")
    assert NAME not in box.type("dir bootflash:")


def test_what_is_told_before(box):
    pulled(box)
    said = box.type(f"show incompatibility-all nxos bootflash:{NAME}")
    assert said.count("No incompatible configurations") == 2
    impact = box.type(f"show install all impact nxos bootflash:{NAME}")
    assert "     1       yes      disruptive         reset  default upgrade" in impact
    assert impact.count("10.3(4a)") == 1
    assert box.software.operation is None


def test_only_the_same_train_is_hitless(box):
    pulled(box)
    pulled(box, NEAR)
    ask = "show install all impact nxos bootflash:"
    assert "Incompatible image for ISSU" in box.type(f"{ask}{NAME} non-disruptive")
    assert "non-disruptive          none" in box.type(f"{ask}{SAME_TRAIN} non-disruptive")


def test_install_all(box):
    upgraded(box)
    assert "NXOS: version 10.3(4a)\n" in box.type("show version")
    data = json.loads(box.type("show version | json"))
    assert (data["nxos_ver_str"], data["nxos_file_name"]) == (
        "10.3(4a)",
        f"bootflash:///{NAME}",
    )
    assert (data["rr_reason"], data["rr_sys_ver"]) == ("Reset due to upgrade", "9.3(8)")
    assert "10.3(4a)" in box.type("show module")
    assert box.type("show boot").count(f"NXOS variable = bootflash:/{NAME}") == 2
    assert "switch will reboot in 10 seconds" in box.type("show install all status")
    assert "version 10.3(4a) Bios" in box.type("show running-config")
    kinds = box.kinds()
    assert kinds.index(("activate", "10.3(4a)")) < kinds.index(("release", "10.3(4a)"))


def test_no_to_the_question_leaves_all_as_it_was(box):
    pulled(box)
    box.type(f"install all nxos bootflash:{NAME}")
    assert "aborted" in box.type("n")
    assert OLD in box.type("show boot")
    assert box.software.operation is None


def test_dont_ask(box):
    pulled(box)
    box.type("terminal dont-ask")
    assert "will reboot" in box.type(f"install all nxos bootflash:{NAME}")
    box.sleep(600)
    assert box.software.release == "10.3(4a)"


def test_what_runs_is_saved_by_an_installation(box):
    box.type("configure terminal", "ntp server 10.0.0.1", "end")
    upgraded(box)
    assert "ntp server 10.0.0.1" in box.type("show running-config")


def test_no_reload_waits_for_one(box):
    pulled(box)
    assert "Install has been successful" in installed(box, NAME, "no-reload")
    box.sleep(3600)
    assert box.software.release == "9.3(8)"
    assert box.software.committed == "10.3(4a)"
    box.lost("reload", "y")
    box.sleep(600)
    assert box.software.release == "10.3(4a)"


def test_non_disruptive_goes_on_forwarding(box):
    pulled(box, NEAR)
    assert "Install has been successful" in installed(box, SAME_TRAIN, "non-disruptive")
    assert box.software.release == "9.3(13)"
    assert "9.3(13)" in box.type("show version")
    assert not [one for one in box.kinds() if one[0] == "boot"]


def test_a_release_of_another_train_reloads_though_asked_not_to(box):
    pulled(box)
    assert "will be reloaded for disruptive upgrade" in installed(box, NAME, "non-disruptive")
    box.sleep(600)
    assert ("boot", "10.3(4a)") in box.kinds()


@pytest.mark.parametrize("box", [{"boot_loop": "yes"}], indirect=True)
def test_a_hitless_upgrade_that_fails_stays_with_the_release_of_before(box):
    pulled(box, NEAR)
    assert "Install has failed" in installed(box, SAME_TRAIN, "non-disruptive")
    assert box.software.release == "9.3(8)"
    assert f"NXOS variable = bootflash:/{OLD}" in box.type("show boot")


@pytest.mark.parametrize("box", [{"bad_signature": "yes"}], indirect=True)
def test_a_bad_signature_is_refused(box):
    pulled(box)
    assert "signature" in box.type(f"install all nxos bootflash:{NAME}")
    assert "signature" in box.type("configure terminal", f"boot nxos bootflash:{NAME}", "end")
    assert OLD in box.type("show boot")
    assert NAME not in box.type("show boot")


def test_half_a_file_is_refused(box):
    box.mirror[URL] = image()[:100_000]
    pulled(box)
    for line in (
        f"install all nxos bootflash:{NAME}",
        f"show install all impact nxos bootflash:{NAME}",
        f"show incompatibility-all nxos bootflash:{NAME}",
    ):
        assert "checksum mismatch" in box.type(line)
    assert "checksum mismatch" in box.type("show install all status")


def test_a_boot_variable_counts_when_it_is_saved(box):
    pulled(box)
    box.type("configure terminal", f"boot nxos bootflash:{NAME}", "end")
    now, _, later = box.type("show boot").partition("Boot Variables on next reload")
    assert (NAME in now, NAME in later) == (True, False)
    box.lost("reload", "y")
    box.sleep(600)
    assert box.software.release == "9.3(8)"
    box.type("configure terminal", f"boot nxos bootflash:{NAME}", "end", "copy run start")
    box.lost("reload", "y")
    box.sleep(600)
    assert box.software.release == "10.3(4a)"
    assert "CLI command reload" in box.type("show version")


@pytest.mark.parametrize("box", [{"boot_loop": "yes"}], indirect=True)
def test_an_image_that_does_not_boot_stays_in_the_loader(box):
    upgraded(box)
    box.sleep(86400)
    assert not box.network.alive("e1")


def test_an_image_that_is_gone_at_boot_stays_in_the_loader(box):
    box.type("terminal dont-ask", f"delete bootflash:{OLD}")
    box.lost("reload", "y")
    box.sleep(86400)
    assert not box.network.alive("e1")


@pytest.mark.parametrize("box", [{"wrong_version": "10.3(3)"}], indirect=True)
def test_an_image_that_is_another_release(box):
    upgraded(box)
    assert "NXOS: version 10.3(3)\n" in box.type("show version")


def test_a_unit_fails_with_the_new_release_only(box):
    box.network.fault("e1", "bad_image", {"how": "unit_fails"})
    upgraded(box)
    assert "failure" in box.type("show module")
    installed(box, OLD)
    box.sleep(600)
    assert box.software.release == "9.3(8)"
    assert "failure" not in box.type("show module")


def test_power_is_lost_while_it_installs(box):
    box.network.fault("e1", "power_loss_install", {"seconds": 20})
    pulled(box)
    box.type(f"install all nxos bootflash:{NAME}")
    assert box.lost("y")
    box.sleep(600)
    assert box.software.release == "9.3(8)"
    assert NAME not in box.type("show boot")
    assert "Module PowerCycled" in box.type("show version")
    assert box.type("show install all status").endswith("Install is in progress, please wait.\n")


def test_an_operation_hangs(box):
    box.network.fault("e1", "operation_hangs", {})
    pulled(box)
    box.type(f"install all nxos bootflash:{NAME}")
    assert box.lost("y")
    assert "in progress" in box.type(f"install all nxos bootflash:{NAME}")


def test_a_full_flash(box):
    box.network.fault("e1", "flash_full", {})
    assert "No space left on device" in pulled(box)
    assert " 0 bytes free" in box.type("dir bootflash:")


def test_two_supervisors(chassis):
    assert "ha-standby" in chassis.type("show module")
    pulled(chassis)
    installed(chassis)
    assert NAME in chassis.type("dir bootflash://sup-remote/")
    assert NAME in chassis.type("dir bootflash://sup-standby/")
    assert chassis.type("show boot").count(NAME) == 4
    chassis.network.fault("e1", "standby_missing", {})
    assert "ha-standby" not in chassis.type("show module")
    assert "Not present" in chassis.type("show system redundancy status")


ROUTERS = """\
feature bgp
feature isis
feature ospf
router isis CORE
  net 49.0001.0100.0000.0001.00
router ospf 1
  router-id 10.0.0.1
router bgp 65000
  neighbor 10.0.0.2
    remote-as 65000
    address-family ipv4 unicast
      next-hop-self
"""
GSHUT = "route-map OUT permit 10\n  set community graceful-shutdown additive\n"
OUT = """\
router bgp 65000
  neighbor 10.0.0.2
    address-family ipv4 unicast
      route-map OUT out
"""
SENDS = f"{OUT}      send-community\n"
OTHERS = OUT.replace("10.0.0.2\n", "10.0.0.2\n    remote-as 65009\n")
LAST = "route-map OUT permit 10\n  set local-preference 0\n"


@pytest.mark.parametrize(
    ("lines", "drain"),
    [
        ("", (False, False, False)),
        ("router isis CORE\n  set-overload-bit always\n", (True, False, False)),
        ("router isis CORE\n  set-overload-bit on-startup 300\n", (False, False, False)),
        ("router ospf 1\n  max-metric router-lsa\n", (False, True, False)),
        ("router ospf 1\n  max-metric router-lsa on-startup 300\n", (False, False, False)),
        ("router bgp 65000\n  graceful-shutdown activate\n", (False, False, True)),
        (GSHUT + OUT, (False, False, False)),
        (GSHUT + SENDS, (False, False, True)),
        (LAST + OUT, (False, False, True)),
        (LAST + OTHERS, (False, False, False)),
        (GSHUT.replace("graceful-shutdown", "65000:1") + SENDS, (False, False, False)),
        (f"{GSHUT}{SENDS}  neighbor 10.0.0.3\n    remote-as 65000\n", (False, False, False)),
    ],
)
def test_drains(box, lines, drain):
    box.network.configure("e1", ROUTERS)
    box.network.configure("e1", lines)
    intent = box.network.intent("e1")
    assert (intent.overload, intent.max_metric, intent.graceful_shutdown) == drain


def test_maintenance_mode_isolates_every_protocol(box):
    box.network.configure("e1", ROUTERS)

    def drained() -> tuple[bool, bool, bool]:
        intent = box.network.intent("e1")
        return intent.overload, intent.max_metric, intent.graceful_shutdown

    box.type("configure terminal", "system mode maintenance", "no", "end")
    assert not any(drained())
    box.type("configure terminal", "system mode maintenance")
    assert "Maintenance mode operation successful." in box.type("yes", "end")
    assert drained() == (True, True, True)
    assert box.type("show system mode") == "System Mode: Maintenance\n"
    assert "system mode maintenance" in box.type("show running-config")
    box.type("configure terminal", "no system mode maintenance", "yes", "end")
    assert not any(drained())
    assert box.type("show system mode") == "System Mode: Normal\n"


def test_files_come_where_a_feature_serves_them(box):
    assert not SYSTEM.transfers(box.network.elements["e1"])
    box.type("configure terminal", "feature scp-server", "feature sftp-server", "end")
    element = box.network.elements["e1"]
    assert SYSTEM.transfers(element) == {"scp", "sftp"}
    assert SYSTEM.place(element, "/bootflash/x.bin")[1] == "x.bin"
    assert SYSTEM.place(element, "bootflash:x.bin")[1] == "x.bin"
    assert SYSTEM.place(element, "/etc/passwd") is None


def test_rates_are_those_of_the_traffic():
    chassis = Chassis(
        name="e1", system="cisco_nxos", model=MODEL, ports=(Port(name="Ethernet1/1"),)
    )
    element = Element(chassis=chassis, running=SYSTEM.day_zero(chassis))
    busy = PortState(up=True, loads=((0.0, 4.0e9, 8.0e8),))
    around = Surroundings(now=9.9e4, clock=9.9e4, ports={"Ethernet1/1": busy})
    reply = SYSTEM.step(element, Terminal(), "show interface Ethernet1/1", around)
    assert "30 seconds input rate 4000000000 bits/sec" in reply.text
    assert "300 seconds output rate 800000000 bits/sec" in reply.text
    reply = SYSTEM.step(element, Terminal(), "show interface Ethernet1/1 | json", around)
    row = json.loads(reply.text)["TABLE_interface"]["ROW_interface"]
    assert (row["eth_inrate1_bits"], row["eth_outrate2_bits"]) == ("4000000000", "800000000")
