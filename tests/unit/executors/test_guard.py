"""The read-only guard: the tricks, and that nothing outside the plain grammar ever passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl import platforms
from dcctl.errors import CommandRefused, TargetError
from dcctl.executors import guard
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import plan_of, simulated
from dcctl.model.target import Target

CASES = Path(__file__).parents[2] / "cases/read_only"
ALLOWED = yaml.load((CASES / "allowed.yaml").read_text(), yaml.CSafeLoader)
REFUSED = yaml.load((CASES / "refused.yaml").read_text(), yaml.CSafeLoader)
HOST = yaml.load((CASES / "host.yaml").read_text(), yaml.CSafeLoader)
TRICKS = yaml.load((CASES / "tricks.yaml").read_text(), yaml.CSafeLoader)
PLATFORMS = platforms.all_platforms()
LINES = {n: p for n, p in PLATFORMS.items() if p.executor == "device_session"}


def cases(table):
    everywhere = [(name, command) for name in PLATFORMS for command in table.get("all", ())]
    own = [(name, command) for name, list_ in table.items() if name != "all" for command in list_]
    return everywhere + own


def test_every_platform_has_cases():
    assert set(PLATFORMS) <= set(ALLOWED) & set(REFUSED)


@pytest.mark.parametrize(("name", "command"), cases(ALLOWED))
def test_reading_is_let_through(name, command):
    assert guard.permit(PLATFORMS[name], command) == " ".join(command.split())


@pytest.mark.parametrize(("name", "command"), cases(REFUSED))
def test_everything_else_is_refused(name, command):
    with pytest.raises(CommandRefused):
        guard.permit(PLATFORMS[name], command)


def test_the_collectors_own_commands_pass():
    for platform in PLATFORMS.values():
        if platform.executor == "device_session":
            for collector in platform.collectors:
                for command in collector.commands:
                    assert guard.permit(platform, command) == command


def allowed(name):
    """What the platform lets through: its cases, and what its collectors ask."""
    asked = {c for collector in PLATFORMS[name].collectors for c in collector.commands}
    return sorted({*ALLOWED.get(name, ()), *(asked if name in LINES else ())})


def host_cases(verdict):
    return [(name, command) for name, told in HOST.items() for command in told.get(verdict, ())]


@pytest.mark.parametrize(("name", "command"), host_cases("allowed"))
def test_what_reads_on_the_host_beneath_is_let_through(name, command):
    assert guard.permit_host(PLATFORMS[name], command) == command
    for trick in TRICKS["after"]:
        with pytest.raises(CommandRefused):
            guard.permit_host(PLATFORMS[name], f"{command}{trick}")


@pytest.mark.parametrize(("name", "command"), host_cases("refused"))
def test_everything_else_on_the_host_beneath_is_refused(name, command):
    with pytest.raises(CommandRefused):
        guard.permit_host(PLATFORMS[name], command)


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_no_trick_around_an_allowed_command_passes(name):
    for command in allowed(name):
        for trick in TRICKS["after"]:
            refused(name, f"{command}{trick}")
        for trick in TRICKS["before"]:
            refused(name, f"{trick}{command}")
        for letter, twin in (("s", "ѕ"), ("o", "о"), ("i", "і"), ("p", "ｐ"), ("e", "е")):
            if letter in command:
                refused(name, command.replace(letter, twin, 1))


@pytest.mark.parametrize("command", TRICKS["alone"])
def test_no_trick_that_stands_alone_passes(command):
    for name in PLATFORMS:
        refused(name, command)


def refused(name, command):
    try:
        passed = guard.permit(PLATFORMS[name], command)
    except CommandRefused:
        return
    pytest.fail(f"{name}: {command!r} passed as {passed!r}")


@pytest.mark.parametrize("name", sorted(LINES))
def test_the_verb_is_never_abbreviated(name):
    for command in allowed(name):
        verb, _, rest = command.partition(" ")
        for end in range(1, len(verb)):
            refused(name, f"{verb[:end]} {rest}".strip())
        if verb.upper() != verb:
            refused(name, f"{verb.upper()} {rest}".strip())


WORDS = st.sampled_from(
    [
        *("show", "ping", "version", "running-config", "|", "include", "match", "save", "tee"),
        *("append", "redirect", "do", "run", "request", "bash", "configure", "terminal"),
        *("commit", ";", "&", ">", "<", "`", "$(", ")", "\n", "\r", "\t", "\x00", "\x1a", "?"),
        *("!", "#", "..", "/etc/shadow", "-w", "=", "{", "}", "'", '"', "ｓｈｏｗ", "\u2028"),
        *("\u00a0", "cat", "ip", "link", "set", "down", "systemctl", "stop", "count", "5"),
        *("display", "json", "write", "memory"),
    ]
)
COMMANDS = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=8).map(" ".join),
    st.tuples(st.sampled_from([c for _, c in cases(ALLOWED)]), st.text(max_size=12)).map("".join),
    st.tuples(st.sampled_from([c for _, c in cases(ALLOWED)]), WORDS, WORDS).map(" ".join),
)
READS = {"show", "display", "ping", "traceroute", "tracert", "dir"}
WRITES = {
    *("save", "tee", "append", "redirect", "request", "refresh", "hold", "output", "file"),
    *("sh", "bash", "vsh", "awk", "sed", "python", "email", "run", "to-file", "copy", "utility"),
}


@st.composite
def mutated(draw, name):
    """An allowed command with something done to it."""
    command = draw(st.sampled_from(allowed(name)))
    at = draw(st.integers(0, len(command)))
    added = st.one_of(
        WORDS, st.sampled_from([*TRICKS["after"], *TRICKS["before"]]), st.characters()
    )
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.integers(0, 4))
        if kind == 0:
            command = command[:at] + draw(added) + command[at:]
        elif kind == 1:
            command = command[:at] + command[at + 1 :]
        elif kind == 2:
            command = f"{command} {draw(WORDS)}"
        elif kind == 3:
            command = f"{draw(st.sampled_from(allowed(name)))} | {command}"
        else:
            command = command[:at] + command[at:].swapcase()
    return command


class Twin:
    """One element of a platform in this process, and what it is at."""

    def __init__(self, name):
        self.platform = PLATFORMS[name]
        target = Target(
            name="r1",
            platform=name,
            kind="router",
            intent={"serial": "SER1", "loopback": "10.255.0.1/32", "management": {}},
        )
        plan = plan_of([target], "test")
        network = Network(plan.chassis, plan.links, plan.absent, now=1.7e9)
        self.session = InProcessSession(network, "r1", answers=self.platform.answers)
        self.before = self.configuration()

    def configuration(self):
        text = self.platform.change.running(self.session) if self.platform.change else ""
        moving = [re.compile(pattern) for pattern in self.platform.volatile]
        return [line for line in text.splitlines() if not any(m.fullmatch(line) for m in moving)]


TWINS: dict[str, Twin] = {}


def twin(name):
    example = Target(name="r1", platform=name, kind="router", intent={})
    if not simulated(example):
        return None
    if name not in TWINS:
        TWINS[name] = Twin(name)
    return TWINS[name]


@pytest.mark.parametrize("name", sorted(PLATFORMS))
@settings(deadline=None)  # a simulated element is raised inside the first example
@given(data=st.data())
def test_whatever_passes_is_plain_and_changes_nothing(name, data):
    """What the guard lets through is as it was given, begins as an allowed command, only reads."""
    command = data.draw(st.one_of(COMMANDS, mutated(name)))
    try:
        passed = guard.permit(PLATFORMS[name], command)
    except CommandRefused:
        return
    assert passed == " ".join(command.split())
    # VRP's name of the other board's files is the one thing that holds a #.
    plain = passed.replace("slave#", "")
    assert re.fullmatch(r"[A-Za-z0-9 ./:*,+=@|()\[\]%_-]+", plain)
    if name not in LINES:
        return
    verb = passed.removeprefix("admin ").split()[0]
    assert verb in READS | {one.split()[0] for one in allowed(name)}
    assert not {pipe.split()[0] for pipe in passed.split("|")[1:]} & WRITES
    one = twin(name)
    if one is not None and not passed.startswith(("ping", "trace")):
        try:
            one.session.send(passed)
        except TargetError:
            TWINS.pop(name)  # it may have ended the session: what comes next has a new one
        else:
            assert one.configuration() == one.before
