"""What listens to the network: nothing unsafe, nothing undeclared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import on_linux, setting, verdict
from dcctl.checks._listening import declared
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _exposed(facts: Mapping[str, Any]) -> list[Any]:
    fact = facts["sockets"]
    return [socket for socket in (fact.items if fact else ()) if not socket.local]


def _name(socket: Any) -> str:
    process = f" {socket.process}" if socket.process else ""
    return f"{socket.port}/{socket.protocol}{process}"


def _insecure(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    wrong = sorted(
        {_name(socket) for socket in _exposed(facts) if socket.port in parameters["ports"]}
    )
    return verdict(
        wrong,
        good=N_("no unsafe old service listens"),
        bad=N_("unsafe old services listen: {items}"),
        expected=[],
    )


def _declares(target: Target) -> str:
    if on_linux(target):
        return on_linux(target)
    said = setting(target, "services.listening")
    return "" if said else N_("the estate does not say what may listen on it")


def _declared(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    allowed = declared(target, parameters)
    wrong = sorted(
        {
            _name(socket)
            for socket in _exposed(facts)
            if (socket.port, socket.protocol) not in allowed
            and socket.port < parameters["ephemeral_from"]
        }
    )
    return verdict(
        wrong,
        good=N_("only what is declared listens"),
        bad=N_("listens without being declared: {items}"),
        observed=sorted({_name(socket) for socket in _exposed(facts)}),
        expected=allowed.shown(),
    )


CHECKS = (
    Check(
        id="sockets.insecure_services",
        title=N_("No unsafe old service listens"),
        pack="baseline",
        severity=Severity.HIGH,
        topics=("sockets",),
        judge=_insecure,
        applies=on_linux,
        # ftp, telnet, tftp, finger, portmapper, r-commands, rsync in clear, X11
        parameters={"ports": (21, 23, 69, 79, 111, 512, 513, 514, 873, 6000)},
        rationale=N_("These send passwords in clear, or trust whoever asks."),
        remediation=N_("Remove the package; use SSH, SFTP or TLS."),
    ),
    Check(
        id="sockets.declared",
        title=N_("Only declared services listen"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("sockets",),
        judge=_declared,
        applies=_declares,
        # DHCP clients and chronyc's port are no services; from 32768 on ports are the kernel's own
        parameters={"always": ("68/udp", "323/udp", "546/udp"), "ephemeral_from": 32768},
        rationale=N_("A listener that nobody declared is nobody's to keep safe."),
        remediation=N_("Stop it, or declare it under `services: listening:` of the host."),
        follows=("sockets.insecure_services",),
    ),
)
