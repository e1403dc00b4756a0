"""One serial line, and who has its screen."""

from __future__ import annotations

import asyncssh

from dcctl.lab.elements.doorways import _Screen
from dcctl.lab.elements.line import Line
from tests.unit.lab.small_network import NAMES, network


class Wire(asyncssh.SSHServerChannel[bytes]):
    """Keeps what would go out."""

    def __init__(self) -> None:
        self.said = b""

    def write(self, data: bytes, datatype: asyncssh.DataType = None) -> None:
        del datatype
        self.said += data


def test_who_comes_while_another_still_goes_has_the_screen() -> None:
    """A closed connection is noticed late, and its end must not take the next one's screen away."""
    line = Line(network(1000.0), NAMES[0], lambda _user, _password: True)
    (gone, before), (here, after) = ((_Screen(line), Wire()) for _ in range(2))
    gone.connection_made(before)
    here.connection_made(after)
    gone.connection_lost(None)
    here.data_received(b"\r", None)
    assert b":" in after.said
    assert not before.said
    here.connection_lost(None)
    here.data_received(b"\r", None)
    assert after.said.count(b":") == 1
