"""A fleet of devices over real SSH, in one process: every client of the benchmark dials the same.

As python -m tests.benchmarks.fleet_server FOLDER COUNT: writes FOLDER/known_hosts and listens on
COUNT addresses from 127.100.0.1 on; the delay of each command is read from FOLDER/delay
(milliseconds) so that it can change between runs. A dot on stdout says that all listen.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import asyncssh

from tests.benchmarks.fleet_devices import ANSWERS, PASSWORD, PORT, PROMPT, USER, address

_ENDS = ("\n", "\r")  # of a command; Ansible sends the second


class _Server(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


async def _serve(folder: Path, process: asyncssh.SSHServerProcess[str]) -> None:
    delay = int((folder / "delay").read_text(encoding="ascii")) / 1000
    process.stdout.write(f"\r\n{PROMPT}")
    while True:
        try:
            line = await process.stdin.readuntil(_ENDS)
        except (asyncio.IncompleteReadError, asyncssh.Error):
            break
        command = line.strip()
        if command == "exit":
            break
        if delay and command:
            await asyncio.sleep(delay)
        answer = ANSWERS.get(command, "")
        process.stdout.write(f"{command}\r\n{answer}{PROMPT}")
    process.exit(0)


async def _main(folder: Path, count: int) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    public = key.export_public_key().decode().strip()

    async def factory(process: asyncssh.SSHServerProcess[str]) -> None:
        await _serve(folder, process)

    options = asyncssh.SSHServerConnectionOptions(
        server_factory=_Server,
        server_host_keys=[key],
        process_factory=factory,
        line_editor=False,
        login_timeout=120,
        gss_host=None,
    )
    servers = [
        await asyncssh.listen(address(n), PORT, options=options, backlog=50) for n in range(count)
    ]
    pinned = [f"[{address(n)}]:{PORT} {public}" for n in range(count)]
    (folder / "known_hosts").write_text("\n".join(pinned) + "\n", encoding="ascii")
    print(".", flush=True)
    await asyncio.gather(*(server.wait_closed() for server in servers))


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), int(sys.argv[2])))
