"""A management controller is in the administrative network, and in no other."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import cannot_tell, verdict
from dcctl.contracts import Judgement
from dcctl.model.target import Target
from dcctl.text import N_


def _administrative(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    networks = [ipaddress.ip_network(one, strict=False) for one in parameters["networks"]]
    if not networks:
        return cannot_tell(N_("nobody said which networks are administrative"))
    told = [one for one in facts["bmc_addresses"].items if one.enabled is not False]
    parsed = [(one, ipaddress.ip_address(one.address)) for one in told]
    # Link-local ones lead to the host within the box; an unspecified one is none.
    used = [
        (one, address)
        for one, address in parsed
        if not (address.is_link_local or address.is_unspecified or address.is_loopback)
    ]
    if not used:
        return cannot_tell(N_("it tells no address of its own"))
    wrong = [
        f"{one.manager}/{one.interface} {address}"
        for one, address in used
        if not any(address in network for network in networks)
    ]
    return verdict(
        wrong,
        good=N_("all its addresses lie in administrative networks"),
        bad=N_("addresses outside the administrative networks: {items}"),
        observed=[str(address) for _, address in used],
        expected=[str(network) for network in networks],
    )


CHECKS = (
    check(
        "bmc_addresses.administrative",
        N_("The management controller is in the administrative network only"),
        _administrative,
        N_("Who reaches the controller owns the server, whatever its operating system asks."),
        N_("Move its port into the administrative network; it must share none with the server."),
        networks=[],
    ),
)
