"""One program over one channel: its exit status and output, bounded in time and size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import paramiko

from dcctl import clock
from dcctl.errors import TargetTimeout, Unparsed, Unreachable
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.executors.transport import Link

_CHUNK = 65536
_SHORTEST = 0.01


def run_program(
    name: str, link: Link, command: str, stdin: str, *, timeout: float, most: int
) -> tuple[int, str]:
    """Run `command` on `link` with `stdin`: its exit status, and both its output streams as one.

    Raises:
        Unreachable, TargetTimeout; Unparsed: it said more than `most` bytes.
    """
    deadline = clock.monotonic() + timeout
    try:
        channel = link.transport.open_session(timeout=timeout)
        try:
            return _talk(channel, name, command, stdin, deadline, most)
        finally:
            channel.close()
    except TimeoutError as error:
        raise TargetTimeout(
            N_("{name}: no answer within {seconds} s"), name=name, seconds=round(timeout, 1)
        ) from error
    except (paramiko.SSHException, EOFError, OSError) as error:
        reason = str(error) or type(error).__name__
        if "imeout" in reason:
            raise TargetTimeout(
                N_("{name}: no answer within {seconds} s"), name=name, seconds=round(timeout, 1)
            ) from error
        raise Unreachable(
            N_("{name}: the session was lost ({error})"), name=name, error=reason
        ) from error


def _talk(
    channel: paramiko.Channel, name: str, command: str, stdin: str, deadline: float, most: int
) -> tuple[int, str]:
    def left() -> float:
        return max(_SHORTEST, deadline - clock.monotonic())

    channel.settimeout(left())
    channel.set_combine_stderr(True)
    channel.exec_command(command)
    channel.sendall(stdin.encode())
    channel.shutdown_write()
    output = bytearray()
    while True:
        channel.settimeout(left())
        data = channel.recv(_CHUNK)
        if not data:
            break
        output += data
        if len(output) > most:
            raise Unparsed(N_("{name}: said more than {most} bytes"), name=name, most=most)
        if clock.monotonic() > deadline:
            raise TimeoutError
    if not channel.status_event.wait(left()):
        raise TimeoutError
    status = channel.recv_exit_status()
    if status < 0:
        message = "it ended without a status"
        raise EOFError(message)
    return status, output.decode("utf-8", "replace")
