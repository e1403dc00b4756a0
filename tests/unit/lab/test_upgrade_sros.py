"""SR OS: images in folders, the boot options, the standby's card, and what can go wrong."""

from __future__ import annotations

import pytest

from dcctl import clock
from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.systems.nokia_sros.software import installed
from tests.unit.lab.upgrading import Bench

RELEASE = "24.10.R1"
FOLDER = f"cf3:/images/{RELEASE}"
URL = "http://127.0.0.1:8080/both.tim"


def image(release: str = RELEASE, **flags: str) -> bytes:
    return images.image("nokia_sros", release, size=200_000, flags=flags)


def made(model: str = "7750 SR-7", text: str = "", **flags: str) -> Bench:
    chassis = Chassis(name="e1", system="nokia_sros", model=model, ports=(Port(name="1/1/c1/1"),))
    box = Bench(chassis, {URL: image(**flags)}, text)
    box.network.put("e1", f"{FOLDER}/both.tim", image(**flags))
    return box


@pytest.fixture(autouse=True)
def _virtual_time():
    with clock.use(clock.ManualClock()):
        yield


def booting(box: Bench, location: str = FOLDER, *, save: bool = True) -> None:
    box.type(
        "edit-config bof exclusive",
        '/bof image secondary-location "cf3:/images/23.10.R2"',
        f'/bof image primary-location "{location}"',
        "commit",
        "quit-config",
    )
    if save:
        assert "cf3:\\bof.cfg" in box.type("admin save bof")


def rebooted(box: Bench) -> None:
    assert "Rebooting" in box.type("admin reboot upgrade now")
    box.sleep(600)


def test_a_pulled_image_is_listed_and_tells_its_version():
    box = made()
    assert "1 file(s) copied" in box.type(f"file copy {URL} cf3:/images/new/both.tim")
    assert f"{len(image())} both.tim" in box.type("file list cf3:\\images\\new")
    assert "<DIR>          images/" in box.type("file list")
    shown = box.type("file version cf3:/images/new/both.tim check")
    assert f"TiMOS-C-{RELEASE} for 7750" in shown
    assert "Validation successful" in shown
    assert "File not found" in box.type(f"file copy {URL}.old cf3:/x.tim")


def test_each_engine_has_its_own_words():
    box = made()
    assert "Unknown element" in box.type("file dir cf3:")
    assert "boot.ldr" in box.type("//file dir cf3:")
    assert "not allowed" in box.type("//bof primary-image cf3:/x")


def test_a_password_is_asked_for_and_hidden():
    box = made()
    box.mirror["scp://127.0.0.1:2222/both.tim"] = image()
    box.type("file copy scp://who@127.0.0.1:2222/both.tim cf3:/x/both.tim")
    assert next(iter(box.network.terminals["e1"].values())).expects == "hidden"
    assert "1 file(s) copied" in box.type("word")


def test_boot_options_are_committed_then_saved_then_booted():
    box = made()
    booting(box, save=False)
    assert f"primary-image    cf3:\\images\\{RELEASE}" in box.type("show bof")
    assert RELEASE not in box.type("show bof cf3:")
    rebooted(box)
    assert box.software.release == "23.10.R2"
    booting(box)
    rebooted(box)
    assert f"TiMOS-C-{RELEASE} " in box.type("show version")
    assert f"System Version         : C-{RELEASE}" in box.type("show system information")
    assert f"primary image file: 'cf3:/images/{RELEASE}/'" in box.type("show boot-messages")
    assert ("release", RELEASE) in box.kinds()


def test_the_region_of_the_boot_options():
    box = made()
    said = box.type("bof private")
    assert "Entering private configuration mode" in said
    console = box.session._console
    assert console.prompt().startswith("\n[pr:/bof]")
    box.type("image", f'primary-location "{FOLDER}"')
    assert console.prompt().startswith("\n*[pr:/bof image]")
    assert f'+   image primary-location "cf3:\\images\\{RELEASE}"' in box.type("compare")
    assert "Unknown element" in box.type("colour red")
    box.type("exit")
    assert "configuration {" in box.type("info")
    assert box.type("exit all") == ""
    assert "Exiting private configuration mode" in box.type("y")
    assert RELEASE not in box.type("admin show configuration bof")
    box.type("edit-config bof exclusive")
    assert console.prompt().startswith("\n(ex:bof)[/]")
    assert "Exiting exclusive" in box.type("quit-config")


def test_an_image_that_does_not_load_gives_way_to_the_secondary():
    box = made()
    box.network.put("e1", f"{FOLDER}/both.tim", image()[:100_000])
    assert "Validation failed" in box.type(f"file version check {FOLDER}/both.tim")
    booting(box)
    assert box.software.committed == "23.10.R2"
    rebooted(box)
    assert box.software.release == "23.10.R2"
    assert "Image Source           : secondary" in box.type("show system information")


def test_an_image_that_crashes_gives_way_to_nothing():
    box = made("7750 SR-1", boot_loop="yes")
    booting(box)
    rebooted(box)
    box.sleep(86400)
    assert not box.network.alive("e1")


def test_a_boot_loader_that_is_too_old():
    box = made()
    box.network.put("e1", "cf3:/images/27/both.tim", image("27.3.R1"))
    booting(box, "cf3:/images/27")
    rebooted(box)
    assert box.software.release == "23.10.R2"
    loader = images.image("nokia_sros", "27.3.R1", size=2048, role="bootloader")
    box.network.put("e1", "cf3:/boot.ldr", loader)
    rebooted(box)
    assert box.software.release == "27.3.R1"
    assert box.software.firmware["boot.ldr"] == "27.3.R1"


# --- the standby ----------------------------------------------------------------------------------


def releases(box: Bench) -> list[str]:
    return [one.label.boots for one in installed(box.network.elements["e1"]).processors]


def test_a_standby_that_was_not_synchronised_stays_behind():
    box = made()
    booting(box)
    rebooted(box)
    assert releases(box) == [RELEASE, "23.10.R2"]
    assert "standby not ready" in box.type("show redundancy synchronization")
    assert "Completed" in box.type("admin redundancy synchronize boot-env")
    assert "Last Boot Env Sync Time      : Never" not in box.type("show redundancy synchronization")
    rebooted(box)
    assert releases(box) == [RELEASE, RELEASE]
    assert "standby ready" in box.type("show redundancy synchronization")
    assert "both.tim" in box.type(f"file list cf3-b:/images/{RELEASE}")


def test_what_was_not_saved_is_not_synchronised():
    box = made()
    booting(box, save=False)
    box.type("admin redundancy synchronize boot-env")
    assert RELEASE not in str(installed(box.network.elements["e1"]).processors[1].saved)
    assert "does not exist" in box.type(f"file list cf3-b:/images/{RELEASE}")


def test_where_the_active_ones_image_crashes_the_standby_takes_over():
    box = made(boot_loop="yes")
    booting(box)
    rebooted(box)
    assert box.network.alive("e1")
    assert "System Active Slot     : B" in box.type("show system information")


def test_power_is_lost_while_it_synchronises():
    box = made()
    booting(box)
    box.network.fault("e1", "power_loss_install", {"seconds": 20})
    assert box.lost("admin redundancy synchronize boot-env")
    box.sleep(600)
    assert releases(box) == [RELEASE, "23.10.R2"]
    assert "does not exist" in box.type(f"file list cf3-b:/images/{RELEASE}")


def test_an_operation_hangs():
    box = made()
    box.network.fault("e1", "operation_hangs", {})
    assert box.lost("admin redundancy synchronize boot-env")
    assert "in progress" in box.type("admin redundancy synchronize config")


def test_a_standby_that_is_not_there():
    box = made()
    box.network.fault("e1", "standby_missing", {})
    assert "not ready" in box.type("admin redundancy synchronize boot-env")
    assert "Standby Status               : disabled" in box.type("show redundancy synchronization")
    assert "\nB  " not in box.type("show card")
    assert "inaccessible" in box.type("file list cf3-b:")
    assert "inaccessible" in made("7750 SR-1").type(f"file copy {FOLDER}/both.tim cf4:/x")


def test_a_full_card():
    box = made()
    box.network.fault("e1", "flash_full", {})
    assert "Not enough space" in box.type(f"file copy {URL} cf3:/images/new/both.tim")
    assert " 0 bytes free" in box.type("file list")


def test_removing_and_overwriting_ask():
    box = made()
    box.type(f"file remove {FOLDER}/both.tim", "n")
    assert "both.tim" in box.type(f"file list {FOLDER}")
    assert "[y,n]" in _asked(box, f"file copy {URL} {FOLDER}/both.tim")
    box.type("y")
    assert "OK" in box.type(f"file remove {FOLDER}/both.tim force")
    assert "does not exist" in box.type(f"file list {FOLDER}")


def _asked(box: Bench, line: str) -> str:
    box.type(line)
    return next(iter(box.network.terminals["e1"].values())).question


def test_a_unit_fails_with_the_new_release_only():
    box = made(unit_fails="yes")
    booting(box)
    rebooted(box)
    assert "card 1" in box.type("show system alarms")
    assert "failed" in box.type("show card")
    booting(box, "cf3:/images/23.10.R2")
    rebooted(box)
    assert "failed" not in box.type("show card")


# --- drains ---------------------------------------------------------------------------------------

ISIS = 'configure router "Base" isis 0 admin-state enable\n'
OSPF = 'configure router "Base" ospf 0 admin-state enable\n'

BGP = """\
/configure policy-options community "G" member "65535:0"
/configure policy-options policy-statement "D" default-action action-type next-policy
/configure policy-options policy-statement "D" default-action local-preference 0
/configure policy-options policy-statement "D" default-action community add ["G"]
/configure router "Base" autonomous-system 64512
/configure router "Base" bgp group "in" type internal
/configure router "Base" bgp group "out" peer-as 65009
/configure router "Base" bgp group "in" X ["D"]
/configure router "Base" bgp group "out" X ["D"]
/configure router "Base" bgp neighbor "10.0.0.2" group "in"
/configure router "Base" bgp neighbor "203.0.113.9" group "out"
"""


@pytest.mark.parametrize(
    ("text", "drains"),
    [
        (f'{ISIS}configure router "Base" isis 0 overload\n', "overload"),
        (f'{ISIS}configure router "Base" isis 0 overload timeout 600\n', "overload"),
        (f'{ISIS}configure router "Base" isis 0 overload max-metric true\n', ""),
        (f'{ISIS}configure router "Base" isis 0 overload-on-boot timeout 600\n', ""),
        (f'{OSPF}configure router "Base" ospf 0 overload\n', "max_metric"),
        (BGP.replace("X", "export policy"), "graceful_shutdown"),
        (BGP.replace("X", "import policy"), ""),
        (BGP.replace("X", "export policy").replace("65535:0", "65535:1"), ""),
    ],
)
def test_drains(text, drains):
    intent = made(text=text).network.intent("e1")
    told = ("overload", "max_metric", "graceful_shutdown")
    assert [one for one in told if getattr(intent, one)] == [one for one in (drains,) if one]


def test_metrics():
    text = (
        'configure router "Base" interface "a" port 1/1/c1/1\n'
        f'{ISIS}configure router "Base" isis 0 interface "a" level 2 metric 55\n'
        f'{OSPF}configure router "Base" ospf 0 area 0.0.0.0 interface "a" metric 7\n'
    )
    port = made(text=text).network.intent("e1").ports["1/1/c1/1"]
    assert (port.metric, port.ospf_cost) == (55, 7)
    high = f'{text}configure router "Base" isis 0 overload max-metric true\n'
    assert made(text=high).network.intent("e1").ports["1/1/c1/1"].metric == 63


def test_who_may_copy():
    system = made().network.system("e1")
    assert system.transfers(made().network.elements["e1"]) == {"scp", "sftp"}
    off = made(text="configure system security ssh server-admin-state disable")
    assert system.transfers(off.network.elements["e1"]) == frozenset()
