"""IOS XR: operations with numbers, an activation that lasts until the next reload, and FPDs."""

from __future__ import annotations

import hashlib

import pytest

from dcctl.lab.elements import images
from tests.unit.lab.upgrading import bench

NAME = "ncs5500-mini-x-7.11.2.iso"
URL = f"http://127.0.0.1:8080/{NAME}"


def image(**flags: str) -> bytes:
    return images.image("cisco_xr", "7.11.2", size=150_000, flags=flags)


@pytest.fixture
def box(request):
    flags = getattr(request, "param", {})
    with bench("cisco_xr", "NCS-5501-SE", mirror={URL: image(**flags)}, text="hostname e1") as one:
        yield one


def activated(box) -> None:
    box.type(f"copy {URL} harddisk:", "")
    box.type(f"install add source harddisk: {NAME}")
    box.sleep(120)
    assert "Install operation 1 finished successfully" in box.type("show install log 1")
    assert "continue in the background" in box.type("install activate id 1 noprompt")
    box.sleep(300)
    box.sleep(600)


def labels(box) -> tuple[str, str]:
    rows = [box.type(f"show install {one} summary") for one in ("active", "committed")]
    first, second = (row.partition("Label : ")[2].split()[0] for row in rows)
    return first, second


def test_files(box):
    box.type(f"copy {URL} harddisk:", "")
    assert f" {len(image())} " in box.type("dir harddisk:")
    digest = hashlib.md5(image(), usedforsecurity=False).hexdigest()
    assert digest in box.type(f"show md5 file /harddisk:/{NAME}")
    assert "5814710272" in box.type("show filesystem")
    box.type(f"delete harddisk:/{NAME} noprompt")
    assert NAME not in box.type("dir harddisk:")


def test_an_operation_runs_in_the_background(box):
    box.type(f"copy {URL} harddisk:", "")
    assert "Install operation 1 started by netops" in box.type(
        f"install add source harddisk: {NAME}"
    )
    assert "is 0% complete" in box.type("show install request")
    assert "another install operation" in box.type("install commit")
    box.sleep(45)
    assert "is 50% complete" in box.type("show install request")
    box.sleep(60)
    assert "No install operation in progress" in box.type("show install request")
    assert "ncs5500-mini-x-7.11.2" in box.type("show install inactive")


def test_activate_and_commit(box):
    activated(box)
    assert "Version 7.11.2" in box.type("show version")
    assert labels(box) == ("7.11.2", "7.5.2")
    box.type("install commit")
    box.sleep(30)
    assert labels(box) == ("7.11.2", "7.11.2")
    box.type("reload noprompt")
    box.sleep(600)
    assert box.software.release == "7.11.2"


def test_a_reload_takes_back_what_was_not_committed(box):
    activated(box)
    box.network.fault("e1", "power_loss", {"seconds": 5})
    box.sleep(900)
    assert labels(box) == ("7.5.2", "7.5.2")
    assert box.software.release == "7.5.2"


def test_roll_back_to_committed(box):
    activated(box)
    box.type("install rollback to committed", "yes")
    box.sleep(200)
    box.sleep(600)
    assert box.software.release == "7.5.2"
    assert ("revert", "7.5.2") in box.kinds()


def test_replace_adds_and_activates(box):
    box.type(f"copy {URL} harddisk:", "")
    box.type(f"install replace harddisk:/{NAME}", "")
    box.sleep(400)
    box.sleep(600)
    assert box.software.release == "7.11.2"


def test_no_to_the_reload(box):
    box.type(f"copy {URL} harddisk:", "")
    assert "aborted by the user" in box.type(f"install replace harddisk:/{NAME}", "no")
    assert box.software.operation is None


def test_fpds_follow_by_hand(box):
    activated(box)
    assert "NEED UPGD" in box.type("show hw-module fpd")
    box.type("upgrade hw-module location all fpd all")
    box.sleep(90)
    assert "RLOAD REQ" in box.type("show hw-module fpd")
    box.type("install commit")
    box.sleep(30)
    box.type("reload noprompt")
    box.sleep(600)
    shown = box.type("show hw-module fpd")
    assert "NEED UPGD" not in shown
    assert "RLOAD REQ" not in shown


@pytest.mark.parametrize("box", [{"boot_loop": "yes"}], indirect=True)
def test_a_release_that_does_not_boot_is_left_for_the_committed_one(box):
    activated(box)
    box.sleep(1000)
    assert box.software.release == "7.5.2"
    assert ("boot", "7.11.2") in box.kinds()


@pytest.mark.parametrize("box", [{"bad_signature": "yes"}], indirect=True)
def test_a_bad_signature(box):
    box.type(f"copy {URL} harddisk:", "", f"install add source harddisk: {NAME}")
    box.sleep(120)
    assert "signature verification failed" in box.type("show install log 1")


def test_power_lost_in_the_midst_of_an_activation(box):
    box.type(f"copy {URL} harddisk:", "", f"install add source harddisk: {NAME}")
    box.sleep(120)
    box.network.fault("e1", "power_loss_install", {"seconds": 10})
    box.type("install activate id 1 noprompt")
    box.sleep(1000)
    assert box.software.release == "7.5.2"
    assert "Install operation 2 aborted" in box.type("show install log 2")


def test_a_unit_that_fails_raises_an_alarm(box):
    box.network.fault("e1", "bad_image", {"how": "unit_fails"})
    activated(box)
    assert "NPU 0" in box.type("show alarms brief system active")
    box.type("install rollback to committed noprompt")
    box.sleep(1200)
    assert "NPU 0" not in box.type("show alarms brief system active")
