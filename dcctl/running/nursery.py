"""Workers forked from one process that has loaded what they need.

Starting Python and importing the drivers costs hundreds of milliseconds of CPU, a fork a few. The
nursery is started once a run, loads, and never sees an order: each worker is forked from it while
it has one thread, no secret and no open file. Workers are this process's own children all the same
(a fork between ends at once, and we adopt what it leaves), so that they are waited for, killed and
die with us as if we had started them.
"""

from __future__ import annotations

import ctypes
import fcntl
import gc
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from dcctl.running import worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
PATIENCE_S = 120.0  # of real time; loading takes less than one on a machine that has time for it
_MORE = b"+"  # one more worker, please
_FAILED = b"!"
_WORD = 32  # bytes of a word on the line, at most
_ORDER = 1024 * 1024  # bytes that may wait in a pipe, as far as the system allows
# A worker's life is short, and what a session leaves is small: garbage is looked for by the ten
# thousands of objects, not by the hundreds.
_RARELY = (50_000, 20, 100)
_adopting = threading.Lock()


@dataclass(frozen=True, slots=True)
class Child:
    """A worker process; our own child, and the leader of its own session."""

    pid: int
    stdin: IO[bytes]
    stdout: IO[bytes]

    def wait(self) -> int:
        """Its exit code once it has ended; minus the signal that killed it."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Nursery:
    """The process that workers are forked from; it loads while its parent does other things."""

    def __init__(self, needs: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.settimeout(PATIENCE_S)
        with theirs:
            number = theirs.fileno()
            self.process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(os.getpid()), str(number), *needs],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                pass_fds=(number,),
                start_new_session=True,  # the terminal's interrupt is for us alone
            )

    def worker(self, log: int) -> Child:
        """A worker that waits for its order, and writes what nobody expects to `log`.

        Raises:
            ChildProcessError: the nursery is dead or stuck, or the system has no room for one more
        process.
        """
        theirs_in, stdin = os.pipe()
        stdout, theirs_out = os.pipe()
        try:
            with _adoption():
                socket.send_fds(self._line, [_MORE], [theirs_in, theirs_out, log])
                said = self._line.recv(_WORD)
            if not said.isdigit():
                raise ChildProcessError("no worker could be forked")
        except OSError as error:
            os.close(stdin)
            os.close(stdout)
            raise ChildProcessError(str(error)) from error
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        with suppress(OSError):  # an order that fits need not wait until it is read
            fcntl.fcntl(stdin, fcntl.F_SETPIPE_SZ, _ORDER)
        return Child(int(said), os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb", buffering=0))

    def close(self) -> None:
        """End it; its workers go on."""
        self._line.close()
        self.process.kill()
        self.process.wait()


@contextmanager
def _adoption() -> Iterator[None]:
    """Be the parent of what a descendant leaves behind; only here, since we reap nobody else."""
    with _adopting:
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)
        try:
            yield
        finally:
            _prctl(_PR_SET_CHILD_SUBREAPER, 0)


def _prctl(option: int, value: int | bytes) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value)


# --- the process itself


def main() -> None:
    """Load, then fork a worker for each word, until the parent closes the line."""
    parent, line = int(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))
    worker.die_with(parent)
    _prctl(_PR_SET_NAME, b"dcctl-nursery")
    gc.disable()  # what is imported stays: looking for garbage in it is a quarter of the time
    worker.load(sys.argv[3:])
    gc.freeze()  # and a worker that never looks there either leaves the memory shared
    while True:
        word, given, _, _ = socket.recv_fds(line, _WORD, 3)
        if not word:
            os._exit(0)
        if (between := os.fork()) == 0:
            _fork_again(parent, line, given)
        for number in given:
            os.close(number)
        if os.waitstatus_to_exitcode(os.waitpid(between, 0)[1]):
            line.send(_FAILED)


def _fork_again(parent: int, line: socket.socket, given: list[int]) -> None:
    """Leave a worker behind for `parent` to adopt; never returns."""
    between = os.getpid()
    try:
        if os.fork():
            os._exit(0)
    except OSError:
        os._exit(1)
    try:
        while os.getppid() == between:
            os.sched_yield()
        os.setsid()
        if os.getppid() != parent:
            line.send(_FAILED)
            os._exit(1)
        worker.die_with(parent)
        _prctl(_PR_SET_NAME, b"dcctl-worker")
        for place, number in enumerate(given):
            os.dup2(number, place)
            os.close(number)
        gc.set_threshold(*_RARELY)
        gc.enable()
        line.send(str(os.getpid()).encode("ascii"))
        line.close()
        worker.main()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
