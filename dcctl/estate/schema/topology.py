"""inventory/topology.yml: sites, links, redundancy groups, rings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dcctl.estate.schema.base import InterfaceAddress, Metric, Model, Mtu, Name


class SiteEntry(Model):
    """A place that holds equipment; its key is its code."""

    name: Name
    province: Name | None = None
    halls: list[Name] = []
    anchor: Annotated[
        bool, Field(description="the centre: every other site must keep a path to it")
    ] = False
    tolerance: Annotated[
        int | None,
        Field(
            ge=0,
            description="how many of the site's gateways (elements with a link to elsewhere) may be"
            " without a path to the centre at once; all but one if not given",
        ),
    ] = None
    at_once: Annotated[
        int | None,
        Field(
            ge=1,
            description="most elements of the site that one wave of upgrades takes; one if not"
            " given, except at the centre",
        ),
    ] = None


class EndEntry(Model):
    """One end of a link."""

    host: Name
    interface: Name
    address: InterfaceAddress | None = None
    mtu: Mtu | None = None


class IsisEntry(Model):
    """IS-IS on a link."""

    metric: Metric = 10


class OspfEntry(Model):
    """OSPF on a link."""

    area: Annotated[str | int, Field(union_mode="left_to_right")] = "0"
    metric: Annotated[int, Field(ge=1, le=65535)] = 10


class IgpEntry(Model):
    """The interior routing protocols of a link."""

    isis: IsisEntry | None = None
    ospf: OspfEntry | None = None


class LinkEntry(Model):
    """A link between two interfaces."""

    id: Name
    kind: Literal["ethernet", "fibre", "dwdm", "oob"]
    a: EndEntry
    b: EndEntry
    igp: IgpEntry = IgpEntry()
    bfd: bool = False
    ldp: bool = False
    mtu: Mtu | None = None
    ring: Name | None = None
    ducts: Annotated[
        list[Name], Field(description="the ducts that it lies in: what lies in one is cut together")
    ] = []
    over: Annotated[
        list[Name], Field(description="the links that carry it, where it is a wave of a ring")
    ] = []
    protection: Annotated[
        list[Name], Field(description="the links that carry it when those of `over` do not")
    ] = []
    description: str = ""


class RedundancyEntry(Model):
    """Elements of which no two may be touched at the same time."""

    name: Name
    kind: Name
    members: Annotated[list[Name], Field(min_length=2)]


class RingEntry(Model):
    """A ring, its elements in the order of the fibre."""

    name: Name
    kind: str = ""
    members: Annotated[list[Name], Field(min_length=3)]
    links: list[Name] = []


class Topology(Model):
    """The whole file."""

    sites: dict[Name, SiteEntry]
    links: list[LinkEntry] = []
    redundancy: list[RedundancyEntry] = []
    rings: list[RingEntry] = []
