"""Giving orders to a lab's daemon, over a socket that leaves no file behind."""

from __future__ import annotations

import json
import socket
from typing import Any

from dcctl.lab.commands import LabFailure
from dcctl.text import N_

ORDERS = ("state", "line", "freeze", "power", "wait", "cable", "liar")


def _address(identity: str) -> str:
    return f"\0dcctl-lab-{identity}"


def listening(identity: str) -> socket.socket:
    """The daemon's end; only one daemon of a lab can have it."""
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    server.bind(_address(identity))
    server.listen()
    return server


def ask(identity: str, order: str, *, timeout: float = 120.0, **arguments: Any) -> Any:
    """Give one order and return the answer.

    Raises:
        LabFailure: no daemon, or it could not do it.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(timeout)
            client.connect(_address(identity))
            client.sendall(json.dumps({"order": order, **arguments}).encode() + b"\n")
            with client.makefile("rb") as answers:
                line = answers.readline()
    except OSError as error:
        raise LabFailure(
            N_("the lab's daemon does not answer ({error})"),
            hint=N_("dcctl lab up starts it"),
            error=str(error),
        ) from error
    answer = json.loads(line or b'{"error": "it ended"}')
    if "error" in answer:
        raise LabFailure(
            N_("the lab could not do {order}: {error}"), order=order, error=answer["error"]
        )
    return answer["answer"]


def answers(identity: str) -> bool:
    """Whether the lab's daemon is there."""
    try:
        ask(identity, "state", timeout=10.0)
    except LabFailure:
        return False
    return True
