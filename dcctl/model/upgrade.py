"""An upgrade of one element's software: the image, how far it came, what the device then tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFile:
    """One file of an image. Digests are hexadecimal, lower case; `md5` is the vendor's own."""

    name: str
    size: int  # bytes
    sha512: str
    md5: str = ""
    sha256: str = ""  # for devices that work out no SHA-512 (Junos)
    role: str = "system"  # system | patch | bootloader | fpd | package

    def digests(self) -> Mapping[str, str]:
        """Algorithm -> digest, of those that are known."""
        told = {"sha512": self.sha512, "sha256": self.sha256, "md5": self.md5}
        return {algorithm: digest.lower() for algorithm, digest in told.items() if digest}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSignature:
    """How the vendor's signature over the files was checked before they were trusted."""

    by: str  # who checked it
    date: str  # the day (UTC), ISO 8601
    tool: str
    says: str = ""  # what was seen, for people
    file: str = ""  # the vendor's detached signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """Where elements fetch images from: the mirror of one site."""

    site: str
    scheme: str  # http | https | ftp | tftp | sftp | scp
    host: str
    port: int | None = None  # None: the scheme's own
    path: str = ""  # of the folder with the files; begins with a slash, or is empty
    credential: str = ""  # a name below `credentials:` in dcctl.yml; empty: none is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class StagingPolicy:
    """How much of the lines staging takes."""

    caps_mbps: Mapping[str, float] = field(default_factory=dict)  # by site; `default`: the others
    pull_mbps: float = 20.0  # what one element takes that fetches by itself


class Way(StrEnum):
    """How a file comes to an element."""

    AUTO = "auto"  # pulled where the element can fetch from its mirror, else pushed
    PULL = "pull"  # the element fetches it by itself
    PUSH = "push"  # dcctl sends it over the element's SSH


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One release for one platform, as `inventory/images.yml` has it.

    `files` in the order in which they are put on a device; the first of role `system` is booted.
    """

    name: str
    platform: str
    version: str  # as the device tells it when it runs
    models: tuple[str, ...] = ()  # shell patterns; empty: every model of the platform
    # Shell patterns of elements' names; empty: every one. A configuration generation of FRR is one
    # router's own.
    hosts: tuple[str, ...] = ()
    files: tuple[ImageFile, ...] = ()
    from_versions: tuple[str, ...] = ()  # shell patterns; empty: from every release
    patch: str = ""  # a patch that must be active with it, as the device tells it
    bootloader: str = ""  # the boot loader it needs, as the device tells it
    fpd: bool = False  # whether programmable devices are to be brought up to date with it
    # What is known to go wrong: language -> words; shown in the plan.
    traps: tuple[Mapping[str, str], ...] = ()
    signature: ImageSignature | None = None  # None: nobody checked the vendor's

    @property
    def system(self) -> ImageFile | None:
        """The file that is booted."""
        return next((file for file in self.files if file.role == "system"), None)

    def is_for(self, name: str) -> bool:
        """Whether an element of this name may have it."""
        return not self.hosts or any(fnmatchcase(name, pattern) for pattern in self.hosts)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOrder:
    """What a staging step is to do; part of the plan."""

    image: Image
    site: str = ""  # whose line is capped
    mirror: Mirror | None = None
    cap_mbps: float | None = None  # None: no cap
    pull_mbps: float = 20.0
    way: Way = Way.AUTO
    folder: str = ""  # on this machine, with the files; empty: they come from the mirror


class UpgradeNet(StrEnum):
    """What brings the old release back if nobody says that the new one may stay."""

    TIMER = "timer"  # the device itself, when a timer runs out before the commit
    UNCOMMITTED = "uncommitted"  # the next reload, as long as it was not committed
    LOGIN = "login"  # the device itself, unless somebody logs in before its timer runs out
    NONE = "none"  # nothing: only putting the old release back by hand


class Phase(StrEnum):
    """Where the upgrade of one element stands; journalled, durable, before its first byte."""

    PRECHECK = "precheck"
    SNAPSHOT_A = "snapshot_a"
    VERIFY = "verify"  # the image's files on the device, once more
    PREPARE = "prepare"  # what touches no traffic
    DRAIN = "drain"
    MOVED = "moved"  # traffic is proven to go elsewhere
    ACTIVATE = "activate"  # may reload the element
    WAIT = "wait"
    RECONCILE = "reconcile"  # version, boot variable, boards, programmable devices
    SNAPSHOT_B = "snapshot_b"
    GATE = "gate"
    COMMIT = "commit"
    REVERT = "revert"
    UNDRAIN = "undrain"
    SOAK = "soak"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One file system that an image must lie on.

    `files` maps names to sizes in bytes; `free` is in bytes, None where the device doesn't say.
    """

    supervisor: str  # empty where there is one only; else the device's word for it
    path: str  # flash:, harddisk:/, /var/tmp/, cf3:/images/
    free: int | None
    files: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What the device tells of its software; see `dcctl.facts.install` for the fact."""

    running: str  # release
    next_boot: str = ""  # release or file; empty: the device doesn't say
    committed: bool | None = None  # None: the platform knows no such thing
    pending: tuple[str, ...] = ()  # operations begun and not completed, in the device's words
    net_s: int | None = None  # until it takes itself back; None: no timer runs
    boards: Mapping[str, str] = field(default_factory=dict)  # board -> release, where it differs
    problems: tuple[str, ...] = ()  # programmable devices, boot loader, patch: what isn't as wanted
    left: tuple[str, ...] = ()  # what the vendor leaves to be done by hand after the commit
    patch: str = ""  # that is active, as the device tells it; compared with `Image.patch`
    bootloader: str = ""  # as the device tells it; compared with `Image.bootloader`


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One entry of inventory/waivers/upgrade.yml: a known difference that need not stop an upgrade.

    It covers what fails; what could not be told only where `unknown` says so.
    """

    name: str
    gate: str  # topic
    subject: str  # shell pattern
    targets: str  # shell pattern
    reason: str
    by: str  # who answers for it
    until: str  # its last day (UTC), ISO 8601
    unknown: bool = False
