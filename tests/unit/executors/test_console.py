"""Over a console server: real SSH to it, behind it the serial port of a simulated element."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace

import pytest

from dcctl import clock, executors, platforms
from dcctl.errors import AuthenticationFailed, CommandRefused, Unreachable
from dcctl.executors import transport
from dcctl.executors._device import DeviceSession
from dcctl.executors.upgrading import waiting
from dcctl.executors.upgrading.door import SessionDoor
from dcctl.executors.upgrading.element import Element
from dcctl.model.estate import UpgradePolicy
from dcctl.model.event import EventKind
from dcctl.model.status import ReadingStatus
from dcctl.model.target import Connection
from dcctl.planning.upgrades import Wish, upgrade_step

NAMES = ("p01-pe1", "p79-pe2")  # IOS XE and Junos


@pytest.fixture
def scene(raise_elements, contexts, sample, monkeypatch):
    # On a busy machine the lab answers late, and a second RETURN would get an answer of its own.
    monkeypatch.setattr("dcctl.executors._console._WAKE_S", 30.0)
    line = Connection(address="192.0.2.1")  # where the lab puts it is not there yet
    elements = raise_elements(*(replace(sample.target(name), console=line) for name in NAMES))
    made = []

    def build(**options):
        made.append(executors.build("device_session", elements.context(contexts, **options)))
        return made[-1]

    yield elements, build
    for executor in made:
        executor.close()


def open_console(elements, contexts, name, **options):
    target = elements.targets[name]
    context = elements.context(contexts, **options)
    return DeviceSession(target, platforms.get(target.platform), context, console=True)


@contextlib.contextmanager
def at_the_line(elements, contexts, name):
    """A person at the console."""
    link = transport.connect(elements.targets[name].console, elements.context(contexts))
    channel = link.transport.open_session()
    channel.settimeout(60)
    channel.get_pty()
    channel.invoke_shell()

    def say(text, until):
        channel.sendall(text.encode())
        shown, end = "", time.monotonic() + 60
        while until not in shown:
            assert time.monotonic() < end, shown
            shown += channel.recv(4096).decode()
        return shown

    yield say
    link.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_session_over_the_console_reads_logs_out_and_changes_nothing(scene, contexts, name):
    elements, _ = scene
    for _ in range(2):  # the second one finds the line as the first one found it
        session = open_console(elements, contexts, name)
        assert name in session.send("show version")
        with pytest.raises(CommandRefused, match="console"), session.changing():
            pass
        session.close()
    rows = [row for row in elements.log(name) if row["kind"] in {"login", "logout"}]
    assert [row["kind"] for row in rows] == ["login", "logout"] * 2
    assert elements.password() not in str(elements.log(name))
    told = [row[4]["console"] for row in contexts.kept.events if row[0] is EventKind.SESSION]
    assert told == [True, True]


def test_the_console_is_for_reading_and_only_where_it_was_asked_for(scene, contexts):
    elements, build = scene
    target = elements.targets["p01-pe1"]
    elements.fault("p01-pe1", "service_stopped")
    refused = build().read(target, ("version",))["version"]
    assert refused.status is ReadingStatus.UNREACHABLE
    executor = build(console=True)
    readings = executor.read(target, ("version", "alarms", "transport"))
    assert readings["version"].status is ReadingStatus.PARSED
    assert readings["version"].value.hostname == "p01-pe1"
    assert readings["transport"].status is ReadingStatus.UNREACHABLE  # not the console server's
    without = replace(target, console=None)
    assert build(console=True).read(without, ("version",))["version"].status is (
        ReadingStatus.UNREACHABLE
    )
    with pytest.raises(Unreachable):
        executor.session(target)  # what a change would be made on


def test_ssh_comes_first_where_it_answers(scene, contexts):
    elements, build = scene
    target = elements.targets["p01-pe1"]
    reading = build(console=True).read(target, ("version",))["version"]
    assert reading.status is ReadingStatus.PARSED
    told = [row[4]["console"] for row in contexts.kept.events if row[0] is EventKind.SESSION]
    assert told == [False]


def test_a_session_that_somebody_left_open_is_not_taken_over(scene, contexts):
    elements, _ = scene
    with at_the_line(elements, contexts, "p01-pe1") as say:
        say("\r", "Username: ")
        say("netops\r", "Password: ")
        say(f"{elements.password()}\r", "p01-pe1#")
    with pytest.raises(Unreachable, match="somebody is logged in"):
        open_console(elements, contexts, "p01-pe1")
    assert not elements.commands("p01-pe1")[1:], "nothing but RETURN was typed there"
    with at_the_line(elements, contexts, "p01-pe1") as say:
        say("exit\r", "Press RETURN")
    open_console(elements, contexts, "p01-pe1").close()


def test_a_login_that_somebody_left_half_way_gets_no_password(scene, contexts):
    elements, _ = scene
    with at_the_line(elements, contexts, "p01-pe1") as say:
        say("\r", "Username: ")
        say("somebody\r", "Password: ")
    open_console(elements, contexts, "p01-pe1").close()
    logins = [row["text"] for row in elements.log("p01-pe1") if row["kind"] == "login"]
    assert len(logins) == 1
    assert "somebody" not in logins[0]


def test_a_wrong_password_is_told_and_tried_once(scene, contexts, tmp_path):
    elements, _ = scene
    (tmp_path / "wrong").touch(mode=0o600)
    (tmp_path / "wrong").write_text("wrong-horse\n")
    lab = elements.context(contexts).options["credentials"]["lab"]
    credentials = {"lab": lab, "wrong": {**lab, "password": f"file:{tmp_path / 'wrong'}"}}
    target = elements.targets["p01-pe1"]
    elements.targets["p01-pe1"] = replace(
        target, connection=replace(target.connection, credential="wrong")
    )
    with pytest.raises(AuthenticationFailed, match="console refused") as caught:
        open_console(elements, contexts, "p01-pe1", credentials=credentials)
    assert "wrong-horse" not in str(caught.value)


def test_a_dead_line_is_told(scene, contexts, monkeypatch):
    monkeypatch.setattr("dcctl.executors._console._WAKE_S", 0.2)
    elements, _ = scene
    elements.fault("p01-pe1", "power_loss", seconds=600)
    with pytest.raises(Unreachable, match="console does not answer"):
        open_console(elements, contexts, "p01-pe1")


def test_a_wait_that_is_over_looks_over_the_console(scene, contexts, sample):
    """The wait of an upgrade, in virtual time, at a real console server."""
    elements, build = scene
    elements.fault("p01-pe1", "service_stopped")
    target, executor = elements.targets["p01-pe1"], build()
    platform = platforms.get(target.platform)
    wish = Wish(target=target, platform=platform, image=sample.images[0], running="17.9.4a")
    element = Element(
        upgrade_step(wish, UpgradePolicy(), gates={}),
        target,
        platform,
        elements.context(contexts),
        SessionDoor(target, executor),
        executor._eyes(),
    )
    stage = platform.upgrade.stages(None, element.order.image)[-1]
    with clock.use(clock.ManualClock()), pytest.raises(waiting.NeverBackError):
        waiting.until_arrived(element, stage)
    assert element.data["console"] == "it runs 17.9.4a"
    assert "show install summary" in elements.commands("p01-pe1")
    kinds = [row["kind"] for row in elements.log("p01-pe1") if row["kind"] in {"login", "logout"}]
    assert kinds == ["login", "logout"]
