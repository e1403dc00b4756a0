"""IOS XE in install mode: add, activate with a timer, commit, abort, and what can go wrong."""

from __future__ import annotations

import hashlib

import pytest

from dcctl.lab.elements import images
from dcctl.lab.systems.cisco_xe.software import build
from tests.unit.lab.upgrading import bench

NAME = "c8000aep-universalk9.17.12.04.SPA.bin"
URL = f"http://127.0.0.1:8080/{NAME}"


def image(**flags: str) -> bytes:
    return images.image("cisco_xe", "17.12.4", size=200_000, flags=flags)


@pytest.fixture
def box(request):
    flags = getattr(request, "param", {})
    with bench("cisco_xe", "C8500-12X4QC", mirror={URL: image(**flags)}, text="hostname e1") as one:
        yield one


def states(box) -> list[str]:
    rows = box.type("show install summary").splitlines()
    return [" ".join(row.split()[1:]) for row in rows if row.startswith("IMG")]


def pulled(box) -> str:
    return box.type(f"copy {URL} bootflash:", "")


def activated(box, minutes: int = 30) -> None:
    pulled(box)
    assert "SUCCESS: install_add" in box.type(f"install add file bootflash:{NAME}")
    assert "SUCCESS" in box.type(f"install activate auto-abort-timer {minutes} prompt-level none")
    box.sleep(300)


def test_a_pulled_file_lies_in_dir_and_is_verified(box):
    assert f"{len(image())} bytes copied" in pulled(box)
    assert f"{len(image())}" in box.type("dir bootflash:")
    right = hashlib.sha512(image()).hexdigest()
    assert f"verify /sha512 (bootflash:{NAME}) = {right}" in box.type(
        f"verify /sha512 bootflash:{NAME}"
    )
    assert "Verified" in box.type(f"verify /sha512 bootflash:{NAME} {right}")
    wrong = box.type(f"verify /md5 bootflash:{NAME} {'0' * 32}")
    assert "%Error verifying" in wrong


def test_a_file_that_the_mirror_has_not(box):
    text = box.type(f"copy {URL}.old bootflash:", "")
    assert "%Error opening" in text
    assert "No such file" in text


def test_a_password_is_asked_for_and_hidden(box):
    box.mirror["scp://127.0.0.1:2222/x.bin"] = b"x" * 10
    box.type("copy scp://who@127.0.0.1:2222/x.bin bootflash:", "")
    assert next(iter(box.network.terminals["e1"].values())).expects == "hidden"
    assert "10 bytes copied" in box.type("word")


def test_activate_and_commit(box):
    activated(box)
    assert "Version 17.12.4," in box.type("show version")
    assert states(box) == [f"U 17.12.04.{build('17.12.4')}", "D 17.09.04a.0.6"]
    assert "time before rollback - 00:2" in box.type("show install summary")
    assert "SUCCESS: install_commit" in box.type("install commit")
    assert [one[0] for one in states(box)] == ["C", "I"]
    assert "Auto abort timer: inactive" in box.type("show install summary")
    box.sleep(3600)
    assert box.software.release == "17.12.4"
    assert ("release", "17.12.4") in box.kinds()


def test_the_timer_takes_it_back(box):
    activated(box, 30)
    box.sleep(31 * 60)
    box.sleep(300)
    assert box.software.release == "17.9.4a"
    assert [one[0] for one in states(box)] == ["I", "C"]
    assert ("net", "ran out") in box.kinds()


def test_the_timer_fires_at_once_as_a_fault(box):
    box.network.fault("e1", "net_fires", {})
    activated(box, 600)
    box.sleep(300)
    assert box.software.release == "17.9.4a"


def test_a_reload_does_not_take_it_back(box):
    activated(box, 600)
    box.lost("reload", "y")
    box.sleep(400)
    assert box.software.release == "17.12.4"


def test_abort(box):
    activated(box)
    assert "SUCCESS: install_abort" in box.type("install abort prompt-level none")
    box.sleep(400)
    assert "Version 17.9.4a," in box.type("show version")
    assert "Image Install" in box.type("show version")


def test_questions_before_a_reload(box):
    pulled(box)
    box.type(f"install add file bootflash:{NAME}")
    box.type("configure terminal", "ntp server 10.0.0.1", "end")
    box.type("install activate auto-abort-timer 60", "y")
    assert "SUCCESS: install_activate" in box.type("y")
    box.sleep(300)
    assert "ntp server 10.0.0.1" in box.type("show running-config")
    assert box.software.release == "17.12.4"


def test_no_to_the_question_leaves_all_as_it_was(box):
    pulled(box)
    box.type(f"install add file bootflash:{NAME}")
    box.type("install activate")
    assert "aborted" in box.type("n")
    assert [one[0] for one in states(box)] == ["I", "C"]


@pytest.mark.parametrize("box", [{"bad_signature": "yes"}], indirect=True)
def test_a_bad_signature_is_refused(box):
    pulled(box)
    assert "signature" in box.type(f"install add file bootflash:{NAME}")
    assert len(states(box)) == 1


def test_half_a_file_is_refused(box):
    box.mirror[URL] = image()[:100_000]
    pulled(box)
    assert "FAILED: install_add" in box.type(f"install add file bootflash:{NAME}")


@pytest.mark.parametrize("box", [{"wrong_version": "17.12.3"}], indirect=True)
def test_an_image_that_is_another_release(box):
    activated(box)
    assert "Version 17.12.3," in box.type("show version")


@pytest.mark.parametrize("box", [{"boot_loop": "yes"}], indirect=True)
def test_an_image_that_does_not_boot_stays_in_rommon(box):
    activated(box)
    box.sleep(86400)
    assert not box.network.alive("e1")


def test_a_unit_fails_with_the_new_release_only(box):
    box.network.fault("e1", "bad_image", {"how": "unit_fails"})
    activated(box)
    assert "out of service" in box.type("show platform")
    box.type("install abort prompt-level none")
    box.sleep(400)
    assert "out of service" not in box.type("show platform")


def test_power_is_lost_while_it_activates(box):
    box.network.fault("e1", "power_loss_install", {"seconds": 20})
    pulled(box)
    assert box.lost(f"install add file bootflash:{NAME}")
    box.sleep(200)
    assert box.network.alive("e1")
    assert [one[0] for one in states(box)] == ["C"]
    assert "PowerOn" in box.type("show version")


def test_an_operation_hangs(box):
    box.network.fault("e1", "operation_hangs", {})
    pulled(box)
    assert box.lost(f"install add file bootflash:{NAME}")
    assert "in progress" in box.type(f"install add file bootflash:{NAME}")


def test_a_full_flash(box):
    box.network.fault("e1", "flash_full", {})
    assert "Not enough space" in pulled(box)
    assert "(0 bytes free)" in box.type("dir bootflash:")


def test_never_back(box):
    box.network.fault("e1", "never_back", {})
    activated(box)
    box.sleep(86400)
    assert not box.network.alive("e1")


def test_remove_inactive_takes_the_file_too(box):
    pulled(box)
    box.type(f"install add file bootflash:{NAME}")
    assert "will be deleted" in box.type("install remove inactive")
    assert "SUCCESS: install_remove" in box.type("y")
    assert NAME not in box.type("dir bootflash:")
    assert "Nothing to clean" in box.type("install remove inactive")


def test_delete_asks(box):
    pulled(box)
    box.type(f"delete bootflash:{NAME}", "", "n")
    assert NAME in box.type("dir bootflash:")
    box.type(f"delete bootflash:{NAME}", "", "y")
    assert NAME not in box.type("dir bootflash:")
