"""Who reaches the SSH server at all, over which address, and with how many proofs."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    Judge,
    cannot_tell,
    failed,
    needs,
    on_linux,
    passed,
    verdict,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_ANYBODY = ("", "0.0.0.0/0", "::/0")
_EVERYWHERE = ("0.0.0.0", "::", "*")  # noqa: S104 - what a server listens on, to find it


def _ssh_ports(facts: Mapping[str, Any]) -> set[int]:
    fact = facts["ssh_server"]
    return {int(port) for port in fact.values("port") if port.isdigit()} or {22}


def _sources(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    firewall, ports = facts["firewall"], _ssh_ports(facts)
    if firewall is None or not firewall.default_deny_input or firewall.accepts_all:
        return failed(N_("the packet filter lets everybody reach SSH"), observed=firewall)
    openings = [
        item
        for item in firewall.open_ports
        if item.protocol == "tcp"
        and any(item.port <= port <= (item.to_port or item.port) for port in ports)
    ]
    if not openings:
        return cannot_tell(N_("no rule of the packet filter opens SSH"))
    sources = sorted({source for item in openings for source in item.sources or ("",)})
    allowed = tuple(parameters["networks"])
    wrong = [
        source or "0.0.0.0/0"
        for source in sources
        if source in _ANYBODY or (allowed and not _inside(source, allowed))
    ]
    return verdict(
        wrong,
        good=N_("SSH is open to named networks only"),
        bad=N_("SSH is open to: {items}"),
        observed=sources,
        expected=list(allowed) or "!= 0.0.0.0/0",
    )


def _inside(source: str, networks: tuple[str, ...]) -> bool:
    """Whether a source lies in one of the networks; a named set or a range is not known to."""
    try:
        own = ipaddress.ip_network(source, strict=False)
    except ValueError:
        return False
    wider = (ipaddress.ip_network(network, strict=False) for network in networks)
    return any(own.version == each.version and _within(own, each) for each in wider)


def _within(own: Any, wider: Any) -> bool:
    return bool(own.subnet_of(wider))


def _factors(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    each = facts["ssh_server"].each("authenticationmethods")
    stated = each[0][1][0]
    if not stated:
        return cannot_tell(N_("it does not say which methods it asks for"))
    weak = [
        f"{way} (Match {criteria})" if criteria else way
        for criteria, (methods,) in each
        for way in methods.split()
        if way == "any" or len(set(way.split(","))) < parameters["minimum"]
    ]
    return verdict(
        weak,
        good=N_("every way in asks for several proofs"),
        bad=N_("ways in that ask for too few proofs: {items}"),
        observed=stated,
        expected=f">= {parameters['minimum']}",
    )


def _listens(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    stated = facts["ssh_server"].settings.get("listenaddress", "").split()
    if not stated:
        return cannot_tell(N_("it does not say where it listens"))
    wrong = [address for address in stated if _host(address) in _EVERYWHERE]
    if wrong:
        return failed(
            N_("SSH listens on every interface: {items}"), items=", ".join(wrong), observed=stated
        )
    return passed(N_("SSH listens on {items} only"), items=", ".join(stated), observed=stated)


def _host(address: str) -> str:
    """The host of `10.0.0.1:22` or `[::]:22`."""
    return address.rpartition(":")[0].strip("[]") if ":" in address else address


def _check(
    id_: str, title: str, topics: tuple[str, ...], judge: Judge, why: str, fix: str, **more: Any
) -> Check:
    return Check(
        id=id_,
        title=title,
        pack="audit",
        severity=Severity.HIGH,
        topics=topics,
        judge=needs("ssh_server", judge),
        applies=on_linux,
        parameters=more,
        rationale=why,
        remediation=fix,
    )


CHECKS = (
    _check(
        "firewall.ssh_sources",
        N_("SSH can be reached from named networks only"),
        ("firewall", "ssh_server"),
        _sources,
        N_("Whoever can't reach the door needs no lock picked."),
        N_("Name the networks that may reach SSH in the rules of the role `firewall`."),
        networks=(),
    ),
    _check(
        "ssh_server.several_factors",
        N_("SSH asks for several proofs"),
        ("ssh_server",),
        _factors,
        N_("A stolen key or a guessed password alone must not be enough."),
        N_("Set AuthenticationMethods, such as `publickey,keyboard-interactive`."),
        minimum=2,
    ),
    _check(
        "ssh_server.listens",
        N_("SSH listens on the administrative address only"),
        ("ssh_server",),
        _listens,
        N_("Administration must not be possible over the network that serves users."),
        N_("Set ListenAddress to the server's administrative address."),
    ),
)
