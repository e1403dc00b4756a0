"""A way through the jump hosts for other programs: a socket of ours that leads to a target's SSH.

The jump hosts' transports, with their secrets and pinned keys, stay in this process, pooled and
capped as for everybody else. An ssh(1) gets there with the ProxyCommand that `command` gives.
"""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.errors import DcctlError
from dcctl.executors import transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dcctl.executors._bastions import Lease
    from dcctl.model.target import Connection

_CHUNK = 65536


class Passage:
    """Serves `place`, a socket in a folder that only we can enter, until it is closed."""

    def __init__(
        self, place: Path, connection: Connection, options: Mapping[str, Any], *, base: Path
    ) -> None:
        self._place, self._connection = place, connection
        self._options, self._base = options, base
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(place))
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def command(self) -> list[str]:
        """The program that ssh(1) is to talk through."""
        pump = Path(__file__).with_name("_pump.py")
        return [sys.executable, "-I", "-S", str(pump), str(self._place)]

    def close(self) -> None:
        """Let nobody else through; never raises."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                caller, _ = self._listener.accept()
                threading.Thread(target=self._lead, args=(caller,), daemon=True).start()

    def _lead(self, caller: socket.socket) -> None:
        lease: Lease | None = None
        with caller, suppress(OSError, EOFError):
            try:
                far, lease = transport.reach(self._connection, self._options, base=self._base)
                back = threading.Thread(
                    target=_pass, args=(far.recv, caller.sendall, _ending(caller)), daemon=True
                )
                back.start()
                _pass(caller.recv, far.sendall, far.shutdown_write)
                back.join()
            except DcctlError:
                return  # the caller sees the end of it, and we are asked why
            finally:
                if lease:
                    lease.release()


def _pass(
    read: Callable[[int], bytes], write: Callable[[bytes], object], end: Callable[[], object]
) -> None:
    with suppress(OSError, EOFError):
        while data := read(_CHUNK):
            write(data)
    with suppress(OSError, EOFError):
        end()


def _ending(caller: socket.socket) -> Callable[[], None]:
    return lambda: caller.shutdown(socket.SHUT_WR)
