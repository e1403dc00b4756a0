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

USER, PASSWORD, PORT = "bench", "bench-password-1", 2201
_PROMPT = "bench-device#"
_ENDS = ("\n", "\r")  # of a command; Ansible sends the second
VERSION = "\r\n".join(
    [
        "Cisco IOS XE Software, Version 17.09.04a",
        "Cisco IOS Software [Cupertino], c8000be Software (X86_64), Version 17.9.4a, RELEASE (fc3)",
        *(f"line {n} of what a device says of its software and licences" for n in range(25)),
        "bench-device uptime is 3 weeks, 2 days, 1 hour, 5 minutes",
        "Configuration register is 0x2102",
        "",
    ]
)
RUNNING = "\r\n".join(
    [
        "Building configuration...",
        "Current configuration : 9000 bytes",
        *(
            line
            for n in range(100)
            for line in (
                f"interface GigabitEthernet0/0/{n}",
                f" description uplink {n}",
                f" mtu {9000 + n}",
            )
        ),
        "end",
        "",
    ]
)
ANSWERS = {"show version": VERSION, "show running-config": RUNNING}


def address(number: int) -> str:
    """The address of device `number`, counted from 0."""
    return f"127.100.{number // 250}.{number % 250 + 1}"


class _Server(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


async def _serve(folder: Path, process: asyncssh.SSHServerProcess[str]) -> None:
    delay = int((folder / "delay").read_text(encoding="ascii")) / 1000
    process.stdout.write(f"\r\n{_PROMPT}")
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
        process.stdout.write(f"{command}\r\n{answer}{_PROMPT}")
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
