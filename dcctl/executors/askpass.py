"""Answers ssh's questions with a credential's secrets: never in an argument, file or environment.

ssh(1) asks the program that `SSH_ASKPASS` names, and closes every descriptor that it inherited. So
each secret waits behind a FIFO in a folder of our own (0700): a process that belongs to nobody's
terminal writes it once, to whoever opens it, and ends with the ssh that it serves. What is none of
ours (a one-time code) is asked for on the terminal.
"""

from __future__ import annotations

import os
import select
import shlex
import shutil
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dcctl.errors import NotFound
from dcctl.executors import hostkeys
from dcctl.secrets import Secret, SecretRef, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from dcctl.model.target import Connection

_LOOK_MS = 20  # how often the FIFOs are looked at, until they were read
# `$1` is the question. A FIFO that was read is gone: asked again, a person is asked.
_SCRIPT = """\
#!/bin/sh
case "$1" in
{cases}esac
trap 'stty echo </dev/tty' EXIT INT TERM
{{ printf '%s' "$1"; stty -echo; }} </dev/tty >/dev/tty 2>&1 || {{ trap - EXIT; exit 1; }}
IFS= read -r answer </dev/tty
echo >/dev/tty
printf '%s\\n' "$answer"
"""
_CASE = """\
{patterns}) for number in {numbers}; do
  if [ -p "${{0%/*}}/$number" ]; then exec cat "${{0%/*}}/$number"; fi
done;;
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a question that fits one of `patterns` (sh's own, literals quoted)."""

    patterns: tuple[str, ...]
    secret: Secret


def answers(
    connection: Connection, options: Mapping[str, Any], *, base: Path
) -> tuple[tuple[Answer, ...], tuple[NotFound, ...]]:
    """What the credentials on the way can say, and which secrets are not where they should be.

    Each jump host is told its own secret and no other's.

    Raises:
        InvalidInput: a secret in clear, or a file that others may read.
    """
    found: list[Answer] = []
    missing: list[NotFound] = []
    for hop in (*connection.jump, connection):
        entry = options.get("credentials", {}).get(hop.credential, {})
        for field, patterns in _questions(hop, entry):
            if entry.get(field):
                try:
                    secret = resolve(SecretRef.parse(entry[field]), base=base)
                    found.append(Answer(patterns, secret))
                except NotFound as error:
                    missing.append(error)
    return tuple(found), tuple(missing)


def _questions(
    connection: Connection, entry: Mapping[str, Any]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which field of the credential answers which of ssh's questions about `connection`."""
    who = f"{entry.get('username', '')}{connection.line}@{hostkeys.alias(connection)}"
    password = (
        shlex.quote(f"{who}'s password: "),
        f"{shlex.quote(f'({who}) ')}*[Pp]assword*",  # keyboard-interactive; the rest is the host's
    )
    key = f"'Enter passphrase for key '*{shlex.quote(str(entry.get('key') or ''))}*"
    return ("password", password), ("key_passphrase", (key,))


def serve(given: Sequence[Answer]) -> dict[str, str]:
    """What to add to the environment of the ssh that this process is about to become."""
    folder = Path(tempfile.mkdtemp(prefix="dcctl-ask-"))  # 0700
    numbers: dict[tuple[str, ...], list[str]] = {}  # one key may open several hosts on the way
    for number, answer in enumerate(given):
        os.mkfifo(folder / str(number), 0o600)
        numbers.setdefault(answer.patterns, []).append(str(number))
    cases = [
        _CASE.format(patterns="|".join(patterns), numbers=" ".join(found))
        for patterns, found in numbers.items()
    ]
    script = folder / "ask"
    script.touch(mode=0o700)
    script.write_text(_SCRIPT.format(cases="".join(cases)), encoding="utf-8")
    _detached(folder, {folder / str(n): answer.secret for n, answer in enumerate(given)})
    return {"SSH_ASKPASS": str(script), "SSH_ASKPASS_REQUIRE": "force"}


def _detached(folder: Path, waiting: dict[Path, Secret]) -> None:
    """Serve from a process that init will bury, so that ssh has no dead child of ours."""
    ssh = os.pidfd_open(os.getpid())
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            _serving(folder, waiting, ssh)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(ssh)


def _serving(folder: Path, waiting: dict[Path, Secret], ssh: int) -> NoReturn:
    try:
        os.setsid()
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        poll = select.poll()
        poll.register(ssh, select.POLLIN)
        while waiting and not poll.poll(_LOOK_MS):
            for path in [path for path in waiting if _told(path, waiting[path])]:
                del waiting[path]
        poll.poll()  # the script is needed for other questions, until ssh ends
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


def _told(path: Path, secret: Secret) -> bool:
    try:
        pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return False  # nobody reads yet
    with os.fdopen(pipe, "wb") as stream:
        stream.write(secret.reveal().encode() + b"\n")
    path.unlink()
    return True
