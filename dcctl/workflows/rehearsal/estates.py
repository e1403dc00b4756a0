"""An estate drawn from a seed: a centre, sites on two ways to it, chains of sites, single ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from dcctl.errors import NotFound
from dcctl.lab.elements import images
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
from dcctl.model.upgrade import Image, ImageFile, Mirror, StagingPolicy, Waiver
from dcctl.text import N_

CENTRE = "C"
_SIZE = 4096  # bytes of an image


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """How routers of one platform are drawn."""

    platform: str
    model: str
    port: str  # with {n}
    management: str
    loopback: str
    before: str  # release
    after: str
    file: str  # of the release that they are brought to
    stores: tuple[str, ...]  # file systems that an image has to lie on


XE = Make(
    platform="cisco_xe",
    model="cisco/c8500-12x4qc",
    port="TenGigabitEthernet0/0/{n}",
    management="GigabitEthernet0",
    loopback="Loopback0",
    before="17.9.4a",
    after="17.12.4",
    file="c8000aep-universalk9.17.12.04.SPA.bin",
    stores=("bootflash:", "stby-bootflash:"),
)
MAKES = (XE,)


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


class Drawing:
    """An estate while it is drawn."""

    def __init__(self, random: Random, size: int) -> None:
        self._random, self._size = random, size
        self.sites: dict[str, list[str]] = {CENTRE: []}
        self.makes: dict[str, Make] = {}
        self.links: list[tuple[str, str, str, int]] = []  # a, b, medium, metric
        self.pairs: list[tuple[str, ...]] = []

    def draw(self) -> None:
        """All of it."""
        cores = [self._router(CENTRE) for _ in range(2)]
        self._link(*cores)
        self.pairs.append(tuple(cores))
        while len(self.makes) < self._size:
            left = self._size - len(self.makes)
            shapes: list[Callable[[list[str], int], None]]
            shapes = [self._single] if left == 1 else [self._square, self._square, self._crossed]
            if left >= 4:  # noqa: PLR2004 - two sites
                shapes += [self._chain, self._chain]
            if self._random.random() < 0.08:  # noqa: PLR2004
                shapes = [self._single]
            self._random.choice(shapes)(cores, left)

    def _site(self) -> str:
        name = f"S{len(self.sites):02d}"
        self.sites[name] = []
        return name

    def _router(self, site: str) -> str:
        name = f"{site.lower()}-r{len(self.sites[site]) + 1}"
        self.sites[site].append(name)
        self.makes[name] = self._random.choice(MAKES)
        return name

    def _link(self, a: str, b: str) -> None:
        medium = self._random.choice(("fibre", "fibre", "dwdm"))
        self.links.append((a, b, medium, self._random.choice((10, 100, 200))))

    def _pair(self) -> tuple[str, str]:
        site = self._site()
        pair = (self._router(site), self._router(site))
        self.pairs.append(pair)
        return pair

    def _square(self, cores: list[str], _left: int) -> None:
        """A router to each core, and a link between the two."""
        pair = self._pair()
        self._link(pair[0], cores[0])
        self._link(pair[1], cores[1])
        self._link(*pair)

    def _crossed(self, cores: list[str], _left: int) -> None:
        """Both routers to both cores."""
        pair = self._pair()
        for router in pair:
            for core in cores:
                self._link(router, core)

    def _chain(self, cores: list[str], left: int) -> None:
        """Sites one behind the other, from one core to the other: a ring with the centre."""
        before = cores[0]
        for _ in range(min(left // 2, self._random.choice((2, 2, 3)))):
            pair = self._pair()
            self._link(before, pair[0])
            self._link(*pair)
            before = pair[1]
        self._link(before, cores[1])

    def _single(self, cores: list[str], _left: int) -> None:
        """One router, so that its upgrade cuts its site off."""
        router = self._router(self._site())
        for core in cores:
            self._link(router, core)


def draw(random: Random, size: int, root: Path, flags: Mapping[str, str]) -> DrawnEstate:
    """An estate of about `size` routers; `flags` are what is wrong with the images."""
    drawing = Drawing(random, size)
    drawing.draw()
    links = tuple(_links(drawing))
    makes = {make.platform: make for make in drawing.makes.values()}
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
        images=tuple(_image(make, content(make, flags)) for make in makes.values()),
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


def make_of(platform: str) -> Make:
    """How routers of this platform are drawn."""
    return next(make for make in MAKES if make.platform == platform)


def content(make: Make, flags: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The image's bytes."""
    return images.image(make.platform, make.after, size=_SIZE, flags=flags)


def _image(make: Make, data: bytes) -> Image:
    file = ImageFile(
        name=make.file,
        size=len(data),
        sha512=hashlib.sha512(data).hexdigest(),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
    )
    return Image(
        name=f"{make.platform}-{make.after}",
        platform=make.platform,
        version=make.after,
        files=(file,),
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
                    interface=drawing.makes[host].port.format(n=port),
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
    management = {"interface": make.management, "address": f"10.62.1.{number}/24"}
    return Target(
        name=name,
        platform=make.platform,
        kind="router",
        site=site,
        connection=Connection(address=f"10.62.1.{number}", credential="network"),
        interfaces=(
            *(_interface(name, link) for link in own),
            Interface(name=make.management, address=management["address"]),
            Interface(name=make.loopback, address=f"{loopback}/32"),
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
            {"name": "netops", "hashes": {MAKE.platform: "$9$x$y" for MAKE in MAKES}}
        ],
        "session_timeout_minutes": 10,
        "time_sync_servers": ["10.60.10.51"],
        "time_zone": "Asia/Ho_Chi_Minh",
    }
)
