"""Sessions as they look on a terminal: what is typed stands after `»`, what is shown below it.

`»` types a line, `»key K` one key, `»wait S` lets S seconds pass, `»login` starts a new session (it
also drops the one
before), `»as-user NAME` logs in as somebody else. Trailing blanks are not compared.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dcctl import clock
from dcctl.lab.elements.console import Console
from tests.unit.lab import ciena_saos_pair, cisco_xr_pair, huawei_vrp_pair, nokia_sros_trio
from tests.unit.lab.small_network import network

CASES = Path(__file__).parents[2] / "cases" / "lab"
# Who is talked to, and in which network.
_PLAYERS = {
    "cisco_xe": ("r1", network),
    "ciena_saos": ("c1", ciena_saos_pair.network),
    "cisco_xr": ("x1", cisco_xr_pair.network),
    "huawei_vrp": ("h1", huawei_vrp_pair.network),
    "huawei_vrp5": ("a1", huawei_vrp_pair.immediate),
    "juniper_junos": ("r2", network),
    "nokia_sros": ("s1", nokia_sros_trio.network),
}
_KEYS = {
    "space": " ",
    "enter": "\r",
    "q": "q",
    "y": "y",
    "n": "n",
    "ctrl-d": "\x04",
    "ctrl-z": "\x1a",
}


class Played:
    """One transcript being played."""

    def __init__(self, platform: str, time: clock.ManualClock, *, configured: bool) -> None:
        self.name, make = _PLAYERS[platform]
        self.time = time
        self.network = make(time.now().timestamp(), configured=configured)
        time.advance(10)
        self.screen: list[str] = []
        self.console: Console | None = None
        self.login("netops")

    def login(self, user: str) -> None:
        if self.console:
            self.network.logout(self.name, self.console.terminal)
        terminal = self.network.login(self.name, user)
        self.console = Console(self.network, self.name, terminal, self.screen.append)
        self.console.open()

    def do(self, typed: str) -> str:
        self.screen.clear()
        word, _, rest = typed.partition(" ")
        if word == "wait":
            self.time.advance(float(rest))
            self.network.advance()
        elif word == "login":
            self.login("netops")
        elif word == "as-user":
            self.login(rest)
        elif word == "key":
            self.console.type(_KEYS[rest])
        else:
            for key in typed + "\r":
                self.console.type(key)
            shown = "".join(self.screen)
            # The echo of what was typed is checked here, and left out of the transcripts.
            hidden = not shown.startswith(typed[:1])
            return shown.partition("\r\n")[2] if not hidden else shown.lstrip("\r\n")
        return "".join(self.screen)


def blocks(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("»"):
            found.append((line[1:], []))
        elif found:
            found[-1][1].append(line.rstrip())
    return [(typed, "\n".join(lines).strip("\n")) for typed, lines in found]


def shown(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*/*.txt")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_transcript(path):
    steps = blocks(path.read_text(encoding="utf-8"))
    assert steps, f"{path} holds nothing"
    with clock.use(clock.ManualClock()) as time:
        configured = not path.stem.startswith("fresh")
        played = Played(path.parent.name, time, configured=configured)
        for typed, expected in steps:
            assert f"»{typed}\n{shown(played.do(typed))}" == f"»{typed}\n{expected}"
