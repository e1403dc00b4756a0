"""What happens on one SSH channel: a terminal, one command, or files."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping

import asyncssh
from asyncssh.stream import SSHServerStreamSession

from dcctl import clock
from dcctl.lab.elements.console import Console
from dcctl.lab.elements.fetching import fetch
from dcctl.lab.elements.files import Files
from dcctl.lab.elements.network import ElementDownError, Network
from dcctl.lab.elements.software import Fetch

_NOTHING_MORE = ""  # among what was typed: the client's end of file
_LOOK_S = 0.2  # how often it is looked whether a wait is over
_GARBAGE = 24  # random bytes put into each answer


def call(
    network: Network, name: str, user: str, connection: asyncssh.SSHServerConnection | None
) -> asyncssh.SSHServerSession[bytes]:
    """A channel that `user` opened to an element."""
    return _Call(network, name, user, connection)


class _Call(asyncssh.SSHServerSession[bytes]):
    """One terminal (or one command) on a connection."""

    def __init__(
        self,
        network: Network,
        name: str,
        user: str,
        connection: asyncssh.SSHServerConnection | None,
    ) -> None:
        self._network, self._name, self._user = network, name, user
        self._connection = connection
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._console: Console | None = None
        self._screen: list[str] = []
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._command = ""
        self._task: asyncio.Task[None] | None = None
        self._height = 24
        self._files: SSHServerStreamSession[bytes] | None = None
        self._ended = False
        # Garbage is a function of the element, so that a run repeats.
        self._noise = random.Random(name)  # noqa: S311 - a fault, not a secret

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(
        self,
        term_type: str,  # noqa: ARG002 - asyncssh's signature
        term_size: tuple[int, int, int, int],
        term_modes: Mapping[int, int],  # noqa: ARG002
    ) -> bool:
        self._height = term_size[1] or 24
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        if command.startswith("scp "):
            return self._serves("scp")
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == "sftp" and self._serves("sftp")

    def _serves(self, way: str) -> bool:
        """Files are asyncssh's own business: it takes the channel over, if that is configured."""
        system, element = self._network.system(self._name), self._network.elements[self._name]
        channel = self._channel
        if way not in system.transfers(element) or channel is None:
            return False
        self._files = SSHServerStreamSession(
            None, lambda _: Files(channel, self._network, self._name), 3, allow_scp=True
        )
        self._files.connection_made(channel)
        return True

    def pause_writing(self) -> None:
        if self._files:
            self._files.pause_writing()

    def resume_writing(self) -> None:
        if self._files:
            self._files.resume_writing()

    def session_started(self) -> None:
        if self._files:
            self._files.session_started()
        else:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        if self._files:
            self._files.data_received(data, datatype)
            return
        self._keys.put_nowait(data.decode("utf-8", "replace"))

    def eof_received(self) -> bool:
        if self._files:
            return bool(self._files.eof_received())
        self._keys.put_nowait(_NOTHING_MORE)
        return True  # what was typed before is still answered

    def connection_lost(self, exc: Exception | None) -> None:
        if self._files:
            self._files.connection_lost(exc)
        if self._task:
            self._task.cancel()
        if self._ended and self._connection:
            self._connection.close()
        if self._console:
            self._network.logout(self._name, self._console.terminal)

    async def _run(self) -> None:
        try:
            peer = self._connection.get_extra_info("peername")[0] if self._connection else ""
            terminal = self._network.login(self._name, self._user, peer)
            console = Console(self._network, self._name, terminal, self._screen.append)
            self._console = console
            if self._command:
                console.unpaged()
                await self._patience()
                console.submit(self._command)
                await self._await(console)
                self._flush(strip=console.prompt().replace("\n", "\r\n"))
                self._end()
                return
            await self._converse(console)
        except ElementDownError:
            self._abort()

    async def _converse(self, console: Console) -> None:
        console.open()
        self._flush()
        while not console.closed:
            typed = await self._keys.get()
            if typed == _NOTHING_MORE:  # nobody is there to type: it hangs up, as at a modem
                break
            for key in typed:
                answers = console.ends_line(key)
                if answers:
                    self._flush()
                    await self._patience()
                console.type(key)
                await self._await(console)
                if answers and self._cuts(console):
                    return
                if console.closed:
                    break
            self._flush()
        self._end()

    async def _patience(self) -> None:
        """Hang, or be slow, as the faults say; without a fault at once."""
        faults = self._network.faults[self._name]
        if faults.hang:
            await asyncio.Event().wait()
        if faults.slow_s:
            factor = getattr(clock.current(), "factor", 1.0)
            await asyncio.sleep(faults.slow_s / factor)

    async def _await(self, console: Console) -> None:
        """Do what the terminal waits for, or wait as long as it does."""
        factor = getattr(clock.current(), "factor", 1.0)
        while (awaits := console.terminal.awaits) and not console.closed:
            self._flush()
            if isinstance(awaits, Fetch):
                console.resume(await fetch(awaits))
                continue
            left = self._network.left(self._name, awaits)
            await asyncio.sleep(min(left / factor, _LOOK_S))
            if not self._network.left(self._name, awaits):
                console.resume(None)

    def _cuts(self, console: Console) -> bool:
        after = self._network.faults[self._name].disconnect_after
        if after < 0 or console.answered <= after:
            return False
        text = "".join(self._screen)
        self._screen[:] = [text[: len(text) // 2]]
        self._flush()
        self._abort()
        return True

    def _flush(self, strip: str = "") -> None:
        text = "".join(self._screen)
        self._screen.clear()
        if strip:
            text = text.removesuffix(strip)
        data = text.encode("utf-8", "replace")
        if self._network.faults[self._name].garbage:
            data = self._spoilt(data)
        if data and self._channel:
            self._channel.write(data)

    def _spoilt(self, data: bytes) -> bytes:
        """Random bytes in the middle of an answer; the prompt stays whole, so it still ends."""
        end = data.rfind(b"\r\n")
        start = data.find(b"\r\n")
        if end <= start:
            return data
        middle = (start + 2 + end) // 2
        return data[:middle] + self._noise.randbytes(_GARBAGE) + data[middle:]

    def _end(self) -> None:
        """Close the channel once all is sent; a session at the terminal ends its connection."""
        self._ended = not self._command
        if self._channel:
            self._channel.exit(0)

    def _abort(self) -> None:
        if self._connection:
            self._connection.abort()
