"""What a role needs of other hosts, so that it reads only its own host's variables.

A role asks in its dcctl.yml for `peers: [log_collectors]`; the inventory answers with a group of
that name. The host gets `dcctl_peers: {log_collectors: [{name, address, platform, site}, ...]}`
with management addresses as the estate has them, which are the ones that hold inside a lab too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dcctl.model.role import RoleSpec
from dcctl.model.target import Target

if TYPE_CHECKING:
    from dcctl.model.estate import Estate


def with_peers(
    targets: Mapping[str, Target], estate: Estate, roles: Mapping[str, RoleSpec]
) -> dict[str, Target]:
    """`targets`, each with the peers that its roles ask for."""
    lists = {name: peer_list(estate, name) for role in roles.values() for name in role.peers}
    return {name: _with_peers(target, roles, lists) for name, target in targets.items()}


def peer_list(estate: Estate, group: str) -> tuple[dict[str, Any], ...]:
    """The members of a group as others may know them; empty when the estate has no such group."""
    members = estate.groups.get(group, ())
    return tuple(
        {
            "name": target.name,
            "address": str(target.variables.get("ansible_host") or target.connection.address),
            "platform": target.platform,
            "site": target.site,
        }
        for target in (estate.target(name) for name in members)
    )


def _with_peers(
    target: Target, roles: Mapping[str, RoleSpec], lists: Mapping[str, tuple[dict[str, Any], ...]]
) -> Target:
    wanted = {name for role in target.roles if role in roles for name in roles[role].peers}
    return dataclasses.replace(target, peers={name: lists[name] for name in sorted(wanted)})
