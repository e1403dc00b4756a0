"""The one `dcctl` variable of a host, merged over its groups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from dcctl.estate.schema.base import (
    Address,
    Asn,
    Free,
    InterfaceAddress,
    Metric,
    Model,
    Mtu,
    Name,
    NetworkEntity,
    Unit,
)

Kind = Literal[
    "server",
    "router",
    "switch",
    "firewall",
    "transport",
    "oob",
    "bmc",
    "pdu",
    "ups",
    "console",
    "load_balancer",
]


Releases = Name | list[Name]


class Routing(Model):
    """Routing of a network element."""

    asn: Asn | None = None
    isis_net: NetworkEntity | None = None
    router_id: Address | None = None
    bgp_neighbors: list[Name] = []


class Bmc(Model):
    """The management controller of a server."""

    address: Address | None = None
    absent: Name | None = Field(default=None, description="why it has none, as in `virtual`")
    port: Annotated[int, Field(ge=1, le=65_535)] = 443
    device_type: Name | None = None
    credential: Name | None = Field(default=None, description="a name in dcctl.yml's credentials")
    certificate: Annotated[str, Field(pattern=r"^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$")] | None = (
        Field(default=None, description="SHA-256 of the one certificate that it must show")
    )
    server_name: Name | None = Field(
        default=None, description="the name in its certificate, where that is not the address"
    )
    serial: Name | None = None
    mac: Name | None = None


class Firmware(Model):
    """The releases that a server's firmware must have: one, or any of several."""

    bios: Releases | None = None
    bmc: Releases | None = None
    adapters: dict[Name, Releases] | None = Field(
        default=None, description="by name in the firmware inventory; `*` stands for any text"
    )


class Management(Model):
    """The management port as the element itself has it."""

    interface: Name | None = None
    address: InterfaceAddress | None = None
    gateway: Address | None = None
    vrf: Name | None = None


class InterfaceIntent(Model):
    """An interface, or what topology.yml does not say of one."""

    description: str = ""
    address: InterfaceAddress | None = None
    mtu: Mtu | None = None
    enabled: bool = True
    metric: Metric | None = None


class Services(Model):
    """What checks expect to find running."""

    model_config = Model.model_config | {"extra": "allow"}

    listening: list[Any] = []
    units: list[Name] = []
    packages: list[Name] = []


class Disk(Model):
    """One disk of a volume, named by its serial number, so that no other is ever written."""

    serial: Name
    size_bytes: Annotated[int, Field(gt=0)] | None = None


class Volume(Model):
    """A volume that a storage server offers."""

    name: Name
    profile: Literal["single", "raid0", "raid1", "raid1c3", "raid1c4", "raid10"] = "raid1"
    mount: Annotated[str, Field(pattern=r"^/")]
    disks: list[Disk] = []
    options: list[str] = []
    scrub: str | None = None


class Console(Model):
    """The line of a console server that leads to its serial port."""

    server: Name = Field(description="a host of the inventory")
    port: Annotated[int, Field(ge=1, le=4096)] = Field(description="the number of the line")
    style: Literal["port", "user"] = Field(
        default="port", description="SSH port `base` + line, or a user name that names the line"
    )
    base: Annotated[int, Field(ge=0, le=61_000)] = 3000
    prefix: str = Field(default="port", description="style user: what stands before the number")


class HostIntent(Model):
    """Everything that dcctl itself reads of a host."""

    platform: Name
    kind: Kind
    site: Name
    rack: Name | None = None
    position: Unit | None = Field(default=None, description="the lowest rack unit it fills")
    face: Literal["front", "rear"] | None = None
    device_type: Name | None = Field(
        default=None, description="a file below inventory/device_types/, without its suffix"
    )
    serial: Name | None = None
    asset_tag: Name | None = None
    security_level: Literal[3, 4, 5] | None = Field(
        default=None, description="of the information system it belongs to, by the law"
    )
    supervisors: Literal[1, 2] | None = Field(
        default=None, description="how many its chassis was bought with"
    )
    credential: Name | None = Field(default=None, description="a name in dcctl.yml's credentials")
    crypto: Literal["modern", "compatible", "legacy"] | None = None
    jump: list[Name] = Field(default=[], description="hosts to hop through, nearest first")
    console: Console | None = None
    roles: list[Name] = Field(default=[], description="the Ansible roles that make it")
    loopback: InterfaceAddress | None = None
    loopback_interface: Name | None = None
    management: Management | None = None
    management_address: Address | None = None
    routing: Routing | None = None
    bmc: Bmc | None = None
    firmware: Firmware | None = None
    interfaces: dict[Name, InterfaceIntent] = {}
    services: Services | None = None
    volumes: list[Volume] = []
    release: Name | None = Field(default=None, description="the software release it must run")
    minimum_release: Name | None = None
    ntp_servers: list[Name] = []
    log_collectors: list[Any] = []
    backup: Free | None = None
    monitoring: Free | None = None
    notes: str | None = None
