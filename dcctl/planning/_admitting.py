"""No access list that shuts out whoever configures it: templates ask here before they write one."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.model.target import Target


def admitting(networks: Sequence[str], target: Target) -> Sequence[str]:
    """`networks`, once it is sure that they let in the host from which `target` is dialled.

    That is the last bastion on the way. Without one it is wherever dcctl runs, which only the
    change itself can prove: its safety net takes back what nobody can log in to any more.

    Raises:
        InvalidInput: there are no networks, or the bastion is in none of them.
    """
    if not networks:
        raise InvalidInput(
            N_("{name}: an access list without a network would let nobody in"),
            hint=N_("say in `management_networks` from where management sessions may come"),
            name=target.name,
        )
    known = [ipaddress.ip_network(str(network), strict=False) for network in networks]
    for bastion in target.connection.jump[-1:]:
        source = ipaddress.ip_address(bastion.address)
        if source.is_loopback:
            continue  # a lab's, from where nobody comes to a router
        if not any(source in network for network in known):
            raise InvalidInput(
                N_("{name}: its access list would shut out its own bastion at {address}"),
                hint=N_("add the bastion's network to `management_networks`"),
                name=target.name,
                address=bastion.address,
            )
    return networks
