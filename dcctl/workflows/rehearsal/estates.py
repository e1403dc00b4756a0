"""An estate drawn from a seed: a centre, sites on two ways to it, chains of sites, single ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from dcctl.errors import NotFound
from dcctl.model.calendar import Calendar
from dcctl.model.estate import (
    Complaint,
    Link,
    LinkEnd,
    Policy,
    Rack,
    RedundancyGroup,
    Ring,
    Site,
    SiteConfig,
    UpgradePolicy,
)
from dcctl.model.target import Connection, Interface, Target
from dcctl.model.upgrade import Image, Mirror, StagingPolicy, Waiver
from dcctl.text import N_
from dcctl.workflows.rehearsal.drawing import CENTRE, Drawing
from dcctl.workflows.rehearsal.makes import MAKES, Make, contents, image_of


@dataclass(slots=True, kw_only=True)
class DrawnEstate:
    """An estate that lies in no file; see model.estate.Estate."""

    root: Path
    site_config: SiteConfig
    targets: Mapping[str, Target]
    links: tuple[Link, ...]
    redundancy: tuple[RedundancyGroup, ...]
    sites: Mapping[str, Site]
    images: tuple[Image, ...]
    name: str = "drawn"
    lab: bool = True
    rings: tuple[Ring, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    warnings: tuple[Complaint, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mirrors: Mapping[str, Mirror] = field(default_factory=dict)
    staging: StagingPolicy = field(default_factory=StagingPolicy)
    racks: Mapping[str, Rack] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """See model.estate.Estate."""
        return tuple(self.targets)

    def target(self, name: str) -> Target:
        """See model.estate.Estate."""
        if name not in self.targets:
            raise NotFound(N_("no such host: {name}"), name=name)
        return self.targets[name]

    def select(self, limit: str | None = None) -> tuple[str, ...]:
        """See model.estate.Estate; knows all, and names with commas."""
        if limit is None:
            return self.names
        return tuple(name for name in self.names if name in limit.split(","))


def draw(
    random: Random,
    size: int,
    root: Path,
    flags: Mapping[str, str],
    makes: Sequence[Make] = MAKES,
) -> DrawnEstate:
    """An estate of about `size` routers; `flags` are what is wrong with the images."""
    drawing = Drawing(random, size, makes)
    drawing.draw()
    links = tuple(_links(drawing))
    models = {make.model: make for make in drawing.makes.values()}
    return DrawnEstate(
        root=root,
        site_config=_config(random),
        targets={name: _target(name, drawing, links) for name in drawing.makes},
        links=links,
        redundancy=tuple(
            RedundancyGroup(name=f"g-{pair[0]}", kind="pe_pair", members=pair)
            for pair in drawing.pairs
        ),
        sites={
            code: Site(code=code, name=code, anchor=code == CENTRE, tolerance=None)
            for code in drawing.sites
        },
        images=tuple(image_of(make, contents(make, flags)) for make in models.values()),
    )


def _config(random: Random) -> SiteConfig:
    upgrade = UpgradePolicy(
        net_s=random.choice((1800, 3600)),
        soak_s=random.choice((0, 60)),
        canary_soak_s=120,
        settle_s=300,
        wave_size=random.choice((3, 20)),
    )
    return SiteConfig(
        estate="drawn",
        policy=Policy(max_failures=random.choice((0, 1, 3, "50%")), upgrade=upgrade),
        credentials={"network": {"username": "netops"}},
    )


def _links(drawing: Drawing) -> list[Link]:
    used: dict[str, int] = {}
    found = []
    for number, (a, b, medium, metric) in enumerate(drawing.links):
        ends = []
        for host, last in ((a, 0), (b, 1)):
            port = used.get(host, -1) + 1
            used[host] = port
            ends.append(
                LinkEnd(
                    host=host,
                    interface=drawing.makes[host].port.format(n=drawing.makes[host].first + port),
                    address=f"10.200.{number // 128}.{number % 128 * 2 + last}/31",
                )
            )
        found.append(
            Link(
                id=f"{a}--{b}",
                kind=medium,
                a=ends[0],
                b=ends[1],
                mtu=9100,
                bfd=True,
                isis_metric=metric,
            )
        )
    return found


def _target(name: str, drawing: Drawing, links: tuple[Link, ...]) -> Target:
    make = drawing.makes[name]
    number = list(drawing.makes).index(name) + 1
    site = next(code for code, members in drawing.sites.items() if name in members)
    cores = drawing.sites[CENTRE]
    names = list(drawing.makes)
    peers = [one for one in names if one != name] if name in cores else cores
    loopback = f"10.255.1.{number}"
    own = [link for link in links if name in (link.a.host, link.b.host)]
    management = {"address": f"10.62.1.{number}/24"}
    ports = [Interface(name=make.loopback, address=f"{loopback}/32")]
    if make.management:
        management["interface"] = make.management
        ports.insert(0, Interface(name=make.management, address=management["address"]))
    return Target(
        name=name,
        platform=make.platform,
        kind="router",
        site=site,
        connection=Connection(address=f"10.62.1.{number}", credential="network"),
        interfaces=(
            *(_interface(name, link) for link in own),
            *ports,
        ),
        redundancy_groups=tuple(f"g-{pair[0]}" for pair in drawing.pairs if name in pair),
        intent={
            "device_type": make.model,
            "kind": "router",
            "platform": make.platform,
            "loopback": f"{loopback}/32",
            "loopback_interface": make.loopback,
            "management": {**management, "gateway": "10.62.1.254"},
            "management_address": f"10.62.1.{number}",
            "release": make.after,
            "serial": f"SIM{number:08d}",
            "site": site,
            "routing": {
                "asn": 64512,
                "router_id": loopback,
                "isis_net": f"49.0001.0102.5500.1{number:03d}.00",
                "bgp_neighbors": [
                    {"name": one, "asn": 64512, "address": f"10.255.1.{names.index(one) + 1}"}
                    for one in peers
                ],
            },
        },
        variables={**_VARIABLES, "bgp_route_reflector": name in cores},
    )


def _interface(name: str, link: Link) -> Interface:
    near, far = link.end(name), link.far_end(name)
    return Interface(
        name=near.interface,
        address=near.address,
        mtu=link.mtu,
        link=link.id,
        peer=far.host,
        peer_interface=far.interface,
        peer_address=far.address,
        medium=link.kind,
        protocols=("isis", "bfd", "lldp"),
        metric=link.isis_metric or 10,
    )


_VARIABLES: Mapping[str, Any] = MappingProxyType(
    {
        "announced_networks": [],
        "bfd_interval_ms": 300,
        "bfd_multiplier": 3,
        "domain_name": "drawn.example",
        "isis_instance": "BACKBONE",
        "logging_collectors": ["10.60.10.51"],
        "login_banner": "Authorised staff only.",
        "management_networks": ["10.60.0.0/16"],
        "network_users": [
            {"name": "netops", "hashes": {make.platform: "$9$x$y" for make in MAKES}}
        ],
        "session_timeout_minutes": 10,
        "time_sync_servers": ["10.60.10.51"],
        "time_zone": "Asia/Ho_Chi_Minh",
    }
)
