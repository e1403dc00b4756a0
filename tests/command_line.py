"""The command line as its users call it: each call a process of its own, forked from one.

More than half of a call's CPU goes into starting Python and importing, and the tests call many
hundreds of times. So one process imports, and each call is forked from it: with its own arguments,
environment, folder and streams it runs `dcctl.cli.main` and ends as any other process does. Tests
of what a start costs, imports or reads start Python themselves.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[1]
ENTRY = Path(sys.executable).with_name("dcctl")
_PACKAGES = ("dcctl.cli", "dcctl.workflows")
_LIBRARIES = ("rich.markdown", "rich.table", "sqlalchemy.dialects.sqlite", "yaml")
_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "TZ")  # a forked process has that behind itself
_ORDER = 256 * 1024  # bytes, at most


def dcctl(
    *words: object, cwd: Path, env: dict[str, str], text: str = "", timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Call `dcctl` with these words; `env` is added to the environment, `text` is its input."""
    if any(name.startswith(_READ_AT_START) for name in env):
        return started(*words, cwd=cwd, env=env, timeout=timeout, text=text)
    argv = [str(ENTRY), *map(str, words)]
    order = {"argv": argv, "cwd": str(cwd), "environment": {**os.environ, **env}}
    return _nursery(env.get("DCCTL_LANG", "")).call(order, text.encode(), timeout)


def started(
    *words: object, cwd: Path, env: dict[str, str], text: str = "", **settings: Any
) -> subprocess.CompletedProcess[str]:
    """The same from a Python of its own, with settings of `subprocess.run`."""
    return subprocess.run(
        [ENTRY, *map(str, words)],
        cwd=cwd,
        env={**os.environ, **env},
        input=text,
        capture_output=True,
        text=True,
        check=False,
        **settings,
    )


@cache
def _nursery(language: str) -> _Nursery:
    """One for each language: the words of the help are chosen while it is imported."""
    return _Nursery(language)


class _Nursery:
    """The process that calls are forked from; it ends with the one that started it."""

    def __init__(self, language: str) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ORDER)
        self._one_at_a_time = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DCCTL_LANG": language, "PYTHONPATH": str(ROOT)},
                pass_fds=(theirs.fileno(),),
            )

    def call(self, order: dict[str, Any], given: bytes, timeout: float) -> Any:
        with self._one_at_a_time, ExitStack() as streams:
            stdin = os.memfd_create("stdin")
            out, says = os.pipe()
            err, complains = os.pipe()
            for number in (out, err):
                streams.callback(os.close, number)
            os.write(stdin, given)
            os.lseek(stdin, 0, os.SEEK_SET)
            try:
                socket.send_fds(self._line, [json.dumps(order).encode()], [stdin, says, complains])
            finally:
                for number in (stdin, says, complains):
                    os.close(number)
            pid = int(self._line.recv(_ORDER))
            try:
                said = _heard([out, err], time.monotonic() + timeout)
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(order["argv"], timeout) from None
            finally:
                code = int(self._line.recv(_ORDER))
        return subprocess.CompletedProcess(order["argv"], code, *(one.decode() for one in said))


def _heard(streams: list[int], deadline: float) -> list[bytes]:
    """All that comes out of `streams`, until nobody has them open any more."""
    found = dict.fromkeys(streams, b"")
    with selectors.DefaultSelector() as waiting:
        for stream in streams:
            waiting.register(stream, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                if part := os.read(key.fd, 65536):
                    found[key.fd] += part
                else:
                    waiting.unregister(key.fd)
    return list(found.values())


# --- the process itself


def _serve(line: socket.socket) -> None:
    """Fork a process for each order; returns in that process, and nowhere else."""
    while True:
        told, streams, _, _ = socket.recv_fds(line, _ORDER, 3)
        if not told:
            os._exit(0)
        if (pid := os.fork()) == 0:
            line.close()
            _become(json.loads(told), streams)
            return
        for number in streams:
            os.close(number)
        line.send(str(pid).encode())
        line.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())


def _become(order: dict[str, Any], streams: list[int]) -> None:
    for place, number in enumerate(streams):
        os.dup2(number, place)
        os.close(number)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = order["argv"]
    gc.enable()


def _load() -> None:
    from dcctl.cli import foreign

    foreign.install()  # before Typer is imported
    for name in _LIBRARIES:
        importlib.import_module(name)
    for package in _PACKAGES:
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            importlib.import_module(module.name)
    app = importlib.import_module("dcctl.cli.app")
    built = app.speaking(app.app)  # of 70 verbs, the same for each call
    app.speaking = lambda _: built


def _main() -> None:
    gc.disable()  # what is imported stays
    from dcctl.cli import main

    _load()
    gc.freeze()
    assert threading.active_count() == 1, "a fork takes no threads along"
    _serve(socket.socket(fileno=int(sys.argv[1])))
    try:
        main()
    except SystemExit as end:
        _end(end.code)


def _end(code: object) -> NoReturn:
    """As Python does, except that nothing is taken apart."""
    if not isinstance(code, int | None):
        sys.stderr.write(f"{code}\n")
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    _main()
