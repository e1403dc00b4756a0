"""A device that misbehaves gives one typed error and its log: no hang, no wrong fact."""

from __future__ import annotations

import asyncio
import resource
import time

import pytest

from dcctl import executors, platforms
from dcctl.errors import (
    CommandFailed,
    HostKeyRejected,
    TargetError,
    TargetTimeout,
    Unreachable,
)
from dcctl.executors._device import DeviceSession
from dcctl.executors._terminal import clean
from dcctl.model.status import ReadingStatus
from tests.unit.executors.unruly import PASSWORD, PROMPT, SYSLOG, VERSION, Server, Unruly

XE = platforms.get("cisco_xe")
TIMEOUT = 2.0


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(server, contexts):
    """Open a session with the server as it now behaves."""
    sessions = []

    def opening(timeout=TIMEOUT, **behaviour):
        server.state.__dict__.update(Unruly(**behaviour).__dict__)
        context = contexts(
            credentials=server.credentials(), timeouts={"command": timeout, "connect": 5}
        )
        sessions.append(DeviceSession(server.target(), XE, context))
        return sessions[-1]

    yield opening
    for session in sessions:
        session.close()


def log(contexts):
    return (contexts.folder / "sessions" / "r1.log").read_text()


def fails(session, error, command="show version"):
    """The one typed error of `command`, and that it came in time."""
    begun = time.monotonic()
    with pytest.raises(TargetError) as caught:
        session.send(command)
    assert time.monotonic() - begun < TIMEOUT + 3
    assert type(caught.value) is error
    assert not session.alive  # the rest of the answer must not become another's
    return str(caught.value)


def pieces(*parts, pause=0.2):
    async def answer(shell):
        for part in parts:
            shell.write(part)
            await shell.drain()
            await asyncio.sleep(pause)

    return answer


def test_a_proper_device_is_understood(opened):
    assert "5 weeks" in opened().send("show version")


@pytest.mark.parametrize(
    "banner",
    [
        "router1#\r\n",
        "This is the line of sw-core-1>\r\nsw-core-1> is watched\r\nsw-core-1>\r\n",
        "\r\n*** r1# ***\r\n\x1b[2J\x07core-router# \r\n",
        "Password:\r\nLast login: never\r\nr9>\r\n",
    ],
)
@pytest.mark.parametrize("pause", [0, 0.3])
def test_a_banner_that_looks_like_a_prompt_is_none(opened, server, banner, pause):
    """Also when the real prompt comes later: no answer is ever taken for another command's."""

    session = opened(login=banner, pause=pause, delay=0.1)
    assert "5 weeks" in session.send("show version")
    assert session.send("show clock") == ""
    assert "5 weeks" in session.send("show version")
    assert server.state.heard.count("show version") == 2


def test_a_prompt_that_changed_ends_in_a_timeout(opened, contexts):
    session = opened(answers={"show version": pieces(VERSION, "other-host#")})
    assert "other-host#" in fails(session, TargetTimeout)
    assert VERSION.splitlines()[0] in log(contexts)


def test_a_pager_ends_in_a_timeout(opened, contexts):
    session = opened(answers={"show version": pieces(VERSION, " --More-- ")})
    assert "--More--" in fails(session, TargetTimeout)
    assert "--More--" in log(contexts)


def test_a_password_prompt_gets_nothing(opened, server):
    session = opened(answers={"show version": pieces("Password: ")})
    assert "Password:" in fails(session, TargetTimeout)
    assert server.state.heard[-1] == "show version"


def test_a_log_line_behind_the_prompt_ends_nothing_and_hides_nothing(opened):
    for line in (
        SYSLOG,
        "RP/0/RP0/CPU0:Nov 22 17:00:01.1 UTC: ifmgr[2]: %PKT_INFRA-LINK-3-UPDOWN : Down\r\n",
        "Nov 22 17:00:01  r1 mib2d[2318]: SNMP_TRAP_LINK_DOWN: ifIndex 526\r\n",
    ):
        session = opened(answers={"show version": pieces(VERSION + PROMPT + "\r\n" + line * 2)})
        begun = time.monotonic()
        assert session.send("show version").strip() == VERSION.replace("\r", "").strip()
        assert time.monotonic() - begun < TIMEOUT
        assert session.send("show clock") == ""


def test_a_log_line_between_two_commands_is_no_part_of_an_answer(opened):
    async def answer(shell):
        shell.write(VERSION)
        shell.prompt()
        await shell.drain()
        await asyncio.sleep(0.3)
        shell.write("\r\n" + SYSLOG + PROMPT)

    session = opened(answers={"show version": answer})
    session.send("show version")
    time.sleep(0.6)
    assert session.send("show clock") == ""


def read(server, contexts, **behaviour):
    server.state.__dict__.update(Unruly(**behaviour).__dict__)
    options = {
        "credentials": server.credentials(),
        "timeouts": {"command": TIMEOUT, "connect": 5},
    }
    executor = executors.build("device_session", contexts(**options))
    try:
        return executor.read(server.target(), ("bgp", "lldp"))
    finally:
        executor.close()


SUMMARY = (
    "BGP router identifier 10.0.0.1, local AS number 64512\r\n"
    "BGP table version is 1, main routing table version 1\r\n\r\n"
    "Neighbor        V    AS    MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\r\n"
    "10.0.0.2        4    64512     100     100        1    0    0 1d02h           7\r\n"
    "{}10.0.0.3        4    64512     100     100        1    0    0 1d02h           9\r\n"
)


def test_a_log_line_in_the_middle_is_not_read_around(server, contexts):
    for noise in ("", SYSLOG, "\x02\x7f\x00", "10.0.0.9  4 "):
        said = pieces(SUMMARY.format(noise), PROMPT)
        answers = {"show ip bgp summary": said}
        reading = read(server, contexts, answers=answers)["bgp"]
        if not noise:
            assert [peer.prefixes_received for peer in reading.value.items] == [7, 9]
        else:
            assert reading.status is ReadingStatus.ERROR, noise
            assert reading.value is None


def test_bytes_of_any_kind_are_no_fact(server, contexts):
    noise = bytes(range(256)).decode("latin-1") * 40
    answers = {"show ip bgp summary": pieces(noise, PROMPT)}
    reading = read(server, contexts, answers=answers)["bgp"]
    assert reading.status is ReadingStatus.ERROR


def test_an_answer_without_end_is_bounded(opened, monkeypatch, contexts):
    """By its size when it comes fast, by the time when it comes slowly."""
    monkeypatch.setattr("dcctl.executors._terminal._MOST", 4_000_000)

    async def endless(shell):
        while True:
            shell.write("abcdefghijklmnopqrstuvwxyz012345\r\n" * 2000)
            await shell.drain()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    session = opened(timeout=30, answers={"show version": endless})
    begun = time.monotonic()
    with pytest.raises(CommandFailed, match="no end"):
        session.send("show version")
    assert time.monotonic() - begun < 25
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB
    assert "abcdef" in log(contexts)
    assert len(log(contexts)) < 200_000

    async def dripping(shell):
        while True:
            shell.write("x")
            await asyncio.sleep(0.05)

    fails(opened(answers={"show version": dripping}), TargetTimeout)


def test_a_line_that_is_cut_in_an_answer(opened, contexts):
    def cut(shell):
        shell.write(VERSION)
        shell.cut()

    fails(opened(answers={"show version": cut}), Unreachable)
    assert "show version" in log(contexts)


def test_a_device_that_ends_the_session(opened):
    def end(shell):
        shell.write("Connection closed.\r\n")
        shell.process.exit(0)

    fails(opened(answers={"show version": end}), Unreachable)


def test_another_host_key_is_refused_before_any_password(server, contexts):
    server.another_key()
    context = contexts(credentials=server.credentials())
    with pytest.raises(HostKeyRejected, match="CHANGED"):
        DeviceSession(server.target(), XE, context)
    assert server.state.heard == []


def test_a_login_that_shows_no_prompt(server, contexts):
    server.state.__dict__.update(Unruly(login="Loading...", prompt="").__dict__)
    context = contexts(credentials=server.credentials(), timeouts={"command": TIMEOUT})
    with pytest.raises(TargetTimeout, match=r"Loading\.\.\."):
        DeviceSession(server.target(), XE, context)
    assert "Loading..." in log(contexts)


def test_the_log_of_a_failed_exchange_has_no_secret_and_is_private(opened, contexts):
    said = f"username x secret 9 $9$abcdefgh\r\n{PASSWORD}\r\nother#"
    fails(opened(answers={"show version": pieces(said)}), TargetTimeout)
    path = contexts.folder / "sessions" / "r1.log"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "$9$abcdefgh" not in path.read_text()
    assert PASSWORD not in path.read_text()
    assert "other#" in path.read_text()


def test_backspaces_take_back_what_is_on_their_line_and_no_more():
    assert clean(b"shwo\b\bow\n\b\bip\r\n --More-- \b\b\b\b\b\b\b\b\b\b10") == "show\nip\n10"
    many = 300_000  # a pass for each of them would take the better part of an hour
    assert clean(b"x" * many + b"\b" * (many + 5) + b"y") == "y"
