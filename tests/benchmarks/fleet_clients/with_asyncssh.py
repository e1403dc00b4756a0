"""asyncssh by itself, in two processes: no platform knowledge, no journal; the floor."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import asyncssh

from tests.benchmarks.fleet_devices import ANSWERS, PASSWORD, PORT, PROMPT, USER, address

_AT_ONCE = 100  # handshakes of one process


async def _until_prompt(process: asyncssh.SSHClientProcess[str]) -> str:
    return str(await process.stdout.readuntil(PROMPT))


async def _one(number: int, known: str, gate: asyncio.Semaphore) -> bool:
    async with gate:
        connection = await asyncssh.connect(
            address(number), PORT, username=USER, password=PASSWORD, known_hosts=known, config=None
        )
    async with connection:
        process = await connection.create_process(term_type="vt100", term_size=(511, 1000))
        await _until_prompt(process)
        whole = True
        for command, answer in ANSWERS.items():
            process.stdin.write(command + "\n")
            got = await _until_prompt(process)
            body = got.removesuffix(PROMPT).partition("\n")[2]
            whole = whole and body.splitlines() == answer.splitlines()
    return whole


async def _all(numbers: range, known: str) -> int:
    gate = asyncio.Semaphore(_AT_ONCE)
    done = await asyncio.gather(*(_one(n, known, gate) for n in numbers), return_exceptions=True)
    return sum(1 for one in done if one is True)


def _half(first: int, count: int, known: str) -> int:
    return asyncio.run(_all(range(first, count, 2), known))


def main(folder: Path, count: int) -> None:
    """Ask everybody."""
    known = str(folder / "known_hosts")
    with ProcessPoolExecutor(2) as pool:
        print(sum(pool.map(_half, (0, 1), (count, count), (known, known))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
