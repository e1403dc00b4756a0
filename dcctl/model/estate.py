"""The estate as everything else sees it: frozen, validated, selected by Ansible host patterns.

`dcctl.estate.load` makes one; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from dcctl.errors import Place
from dcctl.model.calendar import Calendar
from dcctl.model.target import Target
from dcctl.model.upgrade import Image, Mirror, StagingPolicy, Waiver
from dcctl.text import Text


class ComplaintSeverity(StrEnum):
    """Whether a complaint stops the estate from being used."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong in the files: where, what, and what to do about it."""

    place: Place  # the file is relative to the site's root
    text: Text
    hint: Text = field(default_factory=lambda: Text(""))
    severity: ComplaintSeverity = ComplaintSeverity.ERROR

    def __str__(self) -> str:
        hint = str(self.hint)
        return f"{self.place}: {self.text}" + (f" ({hint})" if hint else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnd:
    """One end of a link. `address` is an interface address with prefix length, or empty."""

    host: str
    interface: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of topology.yml between two interfaces."""

    id: str
    kind: str  # ethernet | fibre | dwdm | oob
    a: LinkEnd
    b: LinkEnd
    mtu: int = 0  # 0: the platform's default
    bfd: bool = False
    isis_metric: int | None = None  # None: no IS-IS on this link
    ospf_area: str = ""  # empty: no OSPF on this link
    ospf_metric: int | None = None
    ldp: bool = False
    ring: str = ""
    ducts: tuple[str, ...] = ()  # what lies in one duct is cut together
    over: tuple[str, ...] = ()  # the links that carry it, where it is a wave of a ring
    protection: tuple[str, ...] = ()  # the links that carry it when those of `over` do not

    def end(self, host: str) -> LinkEnd:
        """The end at `host`."""
        return self.a if self.a.host == host else self.b

    def far_end(self, host: str) -> LinkEnd:
        """The end that is not at `host`."""
        return self.b if self.a.host == host else self.a


@dataclass(frozen=True, slots=True, kw_only=True)
class RedundancyGroup:
    """Elements of which no two may be touched at the same time."""

    name: str
    kind: str  # pe_pair | core_pair | leaf_pair | firewall_pair | ring | ...
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A ring of transmission elements, in the order of the fibre."""

    name: str
    members: tuple[str, ...]
    kind: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place that holds equipment."""

    code: str
    name: str
    province: str = ""
    halls: tuple[str, ...] = ()
    anchor: bool = False  # the centre, which every other site must keep a path to
    tolerance: int | None = None  # gateways that may lack a path at once; None: all but one
    at_once: int | None = None  # most elements that a wave takes; None: one, not at the centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack:
    """One rack; `height_u` usable rack units, counted from 1 at the bottom."""

    name: str
    hall: str = ""
    site: str = ""
    row: str = ""
    height_u: int = 42
    properties: Mapping[str, Any] = field(default_factory=dict)  # power, weight, ... plain data


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds after which we give up."""

    connect: float = 15.0
    command: float = 60.0
    step: float = 1800.0
    shard: float = 14400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradePolicy:
    """How carefully an upgrade goes about it. Times are in seconds."""

    net_s: int = 1800  # how long a release may wait to be committed
    # Until traffic must have moved away. Many tell averages of five minutes: one of 100 Gbit/s is
    # below a residue of 1 Mbit/s after 300 s x ln(100,000), 58 minutes.
    drain_s: int = 3600
    residue_bps: int = 1_000_000  # less than this on a port is no traffic of others
    settle_s: int = 600  # until every gate must pass
    soak_s: int = 300  # watched with traffic on it again
    canary_soak_s: int = 900  # the same for the first wave
    canary: int = 1  # elements of each platform in the first wave
    wave_size: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How carefully a run goes about it, unless the command line says otherwise."""

    max_failures: int | str = 0  # a number, or "N%" of the targets
    canary: int = 1  # targets in the first wave
    wave_size: int = 50
    safety_net_s: int = 120  # seconds until an unconfirmed change reverts by itself
    watch_s: int = 30  # seconds that neighbours' sessions are watched before it is confirmed
    # verb -> people who have to approve its plans, beside who asks for it
    approvals: Mapping[str, int] = field(default_factory=dict)
    auditors: tuple[str, ...] = ()  # login names: they read and judge, and change nothing
    # a role of the catalogue -> login names of those who may attest for it
    attestors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    upgrade: UpgradePolicy = field(default_factory=UpgradePolicy)
    # The operator's private key, a path from the site's folder: the evidence log is signed with it
    # after each run. Empty: by hand.
    checkpoint_key: str = ""
    checkpoint_after: tuple[str, ...] = ()  # only after runs of these verbs; empty: of any


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """What dcctl.yml says. Secrets are references (`env:`, `file:`, ...), never values."""

    estate: str
    journal_url: str = "sqlite:///.dcctl/journal.db"
    journal_id: str = ""
    credentials: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    concurrency: int = 20
    site_caps: Mapping[str, int] = field(default_factory=dict)  # site -> targets at once
    bastions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # host -> {sessions}
    timeouts: Timeouts = field(default_factory=Timeouts)
    policy: Policy = field(default_factory=Policy)
    checks: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # check id -> its parameters
    gates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # topic -> parameters
    overrides: tuple[str, ...] = ()  # packaged roles/NAME and templates/PATH that this site shadows
    ansible: Mapping[str, Any] = field(default_factory=dict)  # forks, ...
    backup_key: str = "file:.dcctl/backup.key"  # what configurations are sealed with: a reference
    language: str = ""  # of reports; empty: the user's
    lab: Mapping[str, Any] = field(default_factory=dict)


class Estate(Protocol):
    """One estate. Targets are made when asked for, and the same object is given every time."""

    @property
    def name(self) -> str:
        """The estate's name, from dcctl.yml."""

    @property
    def root(self) -> Path:
        """The folder that holds dcctl.yml, absolute."""

    @property
    def lab(self) -> bool:
        """Whether connections lead to the lab's twins."""

    @property
    def site_config(self) -> SiteConfig:
        """What dcctl.yml says; in the lab with the lab's own credentials and journal."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every host, in the inventory's order; in the lab only those that have a twin."""

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Every inventory group with its hosts, those of its children included."""

    @property
    def links(self) -> tuple[Link, ...]:
        """Every link of topology.yml."""

    @property
    def redundancy(self) -> tuple[RedundancyGroup, ...]:
        """Every redundancy group."""

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Every transmission ring."""

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """Known differences that need not stop an upgrade."""

    @property
    def images(self) -> tuple[Image, ...]:
        """The releases of inventory/images.yml."""

    @property
    def mirrors(self) -> Mapping[str, Mirror]:
        """Where images are fetched from, by site."""

    @property
    def staging(self) -> StagingPolicy:
        """How much of the lines staging takes."""

    @property
    def racks(self) -> Mapping[str, Rack]:
        """Every rack by name."""

    @property
    def sites(self) -> Mapping[str, Site]:
        """Every site by code."""

    @property
    def calendar(self) -> Calendar:
        """Maintenance windows and freezes."""

    @property
    def warnings(self) -> tuple[Complaint, ...]:
        """What is odd but does not stop the estate from being used."""

    def target(self, name: str) -> Target:
        """The host `name`, merged.

        Raises:
            NotFound: no such host, or in the lab a host without a twin.
        """

    def select(self, limit: str | None = None) -> tuple[str, ...]:
        """The hosts an Ansible host pattern stands for, in the inventory's order; None for all.

        Raises:
            NotFound: a part of the pattern, or the whole, stands for nothing.
        """
