"""The read-only guard: the tricks, and that nothing outside the plain grammar ever passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dcctl import platforms
from dcctl.errors import CommandRefused
from dcctl.executors import guard

CASES = Path(__file__).parents[2] / "cases/read_only"
ALLOWED = yaml.safe_load((CASES / "allowed.yaml").read_text())
REFUSED = yaml.safe_load((CASES / "refused.yaml").read_text())
PLATFORMS = platforms.all_platforms()


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
FIRST = {
    "cisco_xe": {"show", "ping", "traceroute", "dir"},
    "juniper_junos": {"show", "ping", "traceroute"},
    "frr": {"show", "ping", "traceroute"},
}
WRITES = {"save", "tee", "append", "redirect", "request", "refresh", "hold", "output"}


@pytest.mark.parametrize("name", sorted(PLATFORMS))
@given(command=COMMANDS)
def test_whatever_passes_is_plain(name, command):
    try:
        passed = guard.permit(PLATFORMS[name], command)
    except CommandRefused:
        return
    assert passed == " ".join(command.split())
    assert re.fullmatch(r"[A-Za-z0-9 ./:*,+=@|()\[\]%_-]+", passed)
    if name in FIRST:
        assert passed.split()[0] in FIRST[name]
        assert not {pipe.split()[0] for pipe in passed.split("|")[1:]} & WRITES
