"""A worker process: takes one shard from its standard input, does it, and ends.

The parent writes one JSON line (the shard, answers to what has to be asked for, and why nothing new
is to be begun, if so), then `stop REASON` or `abort`. The worker writes a `!` for each durable
event (the others are found when the parent next looks), and one JSON line when the log could not
be written.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dcctl import platforms, secrets
from dcctl.errors import DcctlError
from dcctl.model import plain
from dcctl.model.plan import Shard
from dcctl.model.status import NotStarted
from dcctl.running.control import Control
from dcctl.running.shard import run_shard

if TYPE_CHECKING:
    from io import BufferedReader

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Do one shard; never returns, so that no thread left behind can go on touching anything."""
    # What a library prints must not be taken for our protocol.
    talk = os.dup(1)
    os.dup2(2, 1)
    line = sys.stdin.buffer.readline()
    if not line:
        os._exit(0)  # it was not needed
    control = Control()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, control), daemon=True).start()
    os._exit(_work(json.loads(line), control, talk))


def _work(order: dict[str, Any], control: Control, talk: int) -> int:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if order["stop"]:
        control.stop(NotStarted(order["stop"]))  # a word behind the order would come too late
    answers = order["answers"]
    secrets.ask = lambda label: answers[label]
    module, _, name = order["build"].partition(":")
    try:
        run_shard(
            plain.from_plain(Shard, order["shard"]),
            cancelled=control.aborted,
            stopping=control.stopping,
            build=getattr(importlib.import_module(module), name),
            after_emit=lambda durable: _tell(talk) if durable else None,
        )
    except DcctlError as error:
        told = {"msgid": error.text.msgid, "params": error.text.params, "hint": error.hint.msgid}
        os.write(talk, b"\n" + json.dumps(plain.to_plain(told)).encode() + b"\n")
        return int(error.exit_code)
    except Exception:  # noqa: BLE001 - to the log; ending any other way aborts on the reading thread
        traceback.print_exc()
        return 1
    return 0


def load(needs: list[str]) -> None:
    """Import what an order is expected to need; what can't be had is told where it is used."""
    # paramiko looks for it to expand ssh_config's `Match exec`, which nobody here does.
    sys.modules.setdefault("invoke", None)  # type: ignore[arg-type] # Python's way to hide one
    for need in needs:
        kind, _, name = need.partition(":")
        with suppress(Exception):
            if kind == "platform":
                platforms.get(name)
            else:
                module = importlib.import_module(f"dcctl.executors.{name}")
                getattr(module, "LOAD", lambda: None)()


def _tell(talk: int) -> None:
    try:
        os.write(talk, b"!")
    except BrokenPipeError:
        # A dying parent's pipes close a moment before its children are killed. We end as we would
        # then: no step may take this for something that happened to it.
        os._exit(1)


def _listen(orders: BufferedReader, control: Control) -> None:
    for line in orders:
        word, _, reason = line.decode("ascii").strip().partition(" ")
        if word == "stop":
            control.stop(NotStarted(reason))
        elif word == "abort":
            control.abort()
    control.abort()  # the parent is gone


def die_with(parent: int) -> None:
    """Let the kernel kill us when the parent dies; interrupts are the parent's business."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
