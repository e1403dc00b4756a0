"""Whether the two ends of a link agree to be neighbours, protocol by protocol."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import lru_cache

from dcctl.lab.elements.model import Intent, PortIntent

BACKBONE = 2  # the IS-IS level that crosses areas

# (own intent, far intent, own port, far port)
Agreement = Callable[[Intent, Intent, PortIntent, PortIntent], bool]


def _isis(mine: Intent, theirs: Intent, here: PortIntent, there: PortIntent) -> bool:
    if not (here.isis and there.isis) or here.passive or there.passive:
        return False
    if not mine.system_id or not theirs.system_id or mine.system_id == theirs.system_id:
        return False
    shared = here.levels & there.levels
    if not (BACKBONE in shared or (shared and mine.area == theirs.area)):
        return False
    return pair(here.addresses, there.addresses) is not None


def _ospf(mine: Intent, theirs: Intent, here: PortIntent, there: PortIntent) -> bool:
    if not here.ospf or here.ospf != there.ospf or here.ospf_passive or there.ospf_passive:
        return False
    if not mine.router_id or not theirs.router_id or mine.router_id == theirs.router_id:
        return False
    return pair(here.addresses, there.addresses) is not None


def _ldp(mine: Intent, theirs: Intent, here: PortIntent, there: PortIntent) -> bool:
    if not (here.ldp and there.ldp):
        return False
    if not mine.router_id or not theirs.router_id or mine.router_id == theirs.router_id:
        return False
    return pair(here.addresses, there.addresses) is not None


AGREEMENTS: dict[str, Agreement] = {"isis": _isis, "ospf": _ospf, "ldp": _ldp}


@lru_cache(maxsize=65536)
def pair(here: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, str] | None:
    """The two addresses of one subnet, one at each end."""
    for one in here:
        mine = ipaddress.ip_interface(one)
        for other in there:
            theirs = ipaddress.ip_interface(other)
            if mine.network == theirs.network and mine.ip != theirs.ip:
                return str(mine.ip), str(theirs.ip)
    return None
