"""A real SSH server that behaves as real devices sometimes do; each way is one class of answers.

Its shell shows a prompt, answers some commands properly, and others in a way that has broken
programs that read terminals.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from dcctl.executors import hostkeys
from dcctl.model.target import Connection, Target

PASSWORD = "correct-horse-77"
PROMPT = "r1#"
VERSION = "Cisco IOS XE Software, Version 17.09.04a\r\nr1 uptime is 5 weeks, 1 day\r\n"
SYSLOG = "*Nov 22 17:00:01.123: %LINK-3-UPDOWN: Interface Gi1, changed state to down\r\n"

Answer = Callable[["Shell"], object]


@dataclass
class Shell:
    """What an answer may do: write, wait, ask for a line, end the session."""

    process: asyncssh.SSHServerProcess[str]
    state: Unruly

    def write(self, text: str) -> None:
        self.process.stdout.write(text)

    async def drain(self) -> None:
        await self.process.stdout.drain()

    def prompt(self, text: str = PROMPT) -> None:
        self.write(text)

    def cut(self) -> None:
        self.process.channel.get_connection().abort()


@dataclass
class Unruly:
    """How it behaves; `answers` are by command, `login` is shown before the first prompt."""

    login: str = ""
    pause: float = 0.0  # seconds between that and the first prompt
    delay: float = 0.0  # seconds between a command and its echo
    prompt: str = PROMPT
    answers: dict[str, Answer] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)


class Server:
    """One such server on a port of its own, in a thread with a loop of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, Unruly()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self.port = self._run(self._listen(0))
        self.pin()

    def _run(self, work: object) -> int:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)  # type: ignore[arg-type] # a coroutine

    async def _listen(self, port: int) -> int:
        self._key = asyncssh.generate_private_key("ssh-ed25519")
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            port,
            server_factory=_Door,
            server_host_keys=[self._key],
            process_factory=self._serve,
            encoding="latin-1",
            line_editor=False,
        )
        return int(self._acceptor.get_port())

    def pin(self) -> None:
        """Pin the key that it shows now."""
        shown = " ".join(self._key.export_public_key().decode().split()[:2])
        hostkeys.pin(self.folder / "known_hosts", "r1", shown)

    def another_key(self) -> None:
        """Listen on the same port with another host key, as a stranger would."""

        async def again() -> int:
            assert self._acceptor is not None
            self._acceptor.close()
            await self._acceptor.wait_closed()
            return await self._listen(self.port)

        self._run(again())

    def close(self) -> None:
        async def ended() -> int:
            assert self._acceptor is not None
            self._acceptor.close()
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()
            return 0

        self._run(ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def target(self) -> Target:
        connection = Connection(
            address="127.0.0.1",
            port=self.port,
            host_key_alias="r1",
            known_hosts=str(self.folder / "known_hosts"),
            credential="lab",
        )
        return Target(name="r1", platform="cisco_xe", kind="router", connection=connection)

    def credentials(self) -> dict[str, dict[str, str]]:
        path = self.folder / "secret"
        path.touch(mode=0o600)
        path.write_text(PASSWORD)
        return {"lab": {"username": "netops", "password": f"file:{path}"}}

    async def _serve(self, process: asyncssh.SSHServerProcess[str]) -> None:
        shell = Shell(process, self.state)
        shell.write(self.state.login)
        await shell.drain()
        await asyncio.sleep(self.state.pause)
        shell.prompt(self.state.prompt)
        async for line in process.stdin:
            command = line.strip("\r\n\x03")
            self.state.heard.append(command)
            await asyncio.sleep(self.state.delay)
            shell.write(f"{command}\r\n")
            answer = self.state.answers.get(command)
            if answer is None:
                shell.write(VERSION if command == "show version" else "")
                shell.prompt(self.state.prompt)
                continue
            try:
                done = answer(shell)
                if asyncio.iscoroutine(done):
                    await done
            except (BrokenPipeError, ConnectionError):
                return


class _Door(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == PASSWORD
