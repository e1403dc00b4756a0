"""What `dcctl.yml` of a role says of it, and where the role lies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSpec:
    """One Ansible role. `digest` is the SHA-256 of its whole tree."""

    name: str
    title: str
    path: str  # absolute
    applies_to: tuple[str, ...]  # platforms
    after: tuple[str, ...] = ()  # roles that come first where a target has both
    risk: str = "medium"  # low | medium | high
    verify: tuple[str, ...] = ()  # ids of the checks that must pass after it
    guarded: bool = False  # it can lock one out, so it carries its own timed revert
    peers: tuple[str, ...] = ()  # lists of other hosts that it needs in `dcctl_peers`
    collections: tuple[str, ...] = ()  # beyond ansible.builtin
    digest: str = ""
