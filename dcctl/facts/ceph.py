"""A Ceph cluster, as one of its hosts that may ask it sees it. Never a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CephPool:
    """One pool. Replicated: `size` copies; erasure-coded: `parity` chunks may be lost.

    `failure_domain` is what the copies are spread over: osd, host, rack, row, datacenter ...
    """

    name: str
    size: int
    min_size: int
    parity: int | None = None  # None: replicated
    failure_domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceph:
    """Settings by name (`ms_cluster_mode`, `auth_client_required` ...), and the pools."""

    settings: Mapping[str, str] = field(default_factory=dict)
    pools: tuple[CephPool, ...] = ()


FACT = Ceph
