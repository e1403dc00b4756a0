"""How the software of an operating system is replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dcctl.contracts._doors import Session
from dcctl.model.target import Target
from dcctl.model.upgrade import Image, ImageFile, Installed, Store, UpgradeNet


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One act of an activation; each is journalled before its first byte.

    An act that reloads may lose its session: it returns then as if it had ended. `arrived` says,
    on a session of its own, whether the act's effect is there: asked until it is (at most
    `boot_s`), and asked first when a killed run is resumed, so that no act is repeated blindly.
    """

    name: str  # the field's word: activate, reload, switchover ...
    act: Callable[[Session, Image, int], None]  # (session, image, seconds of the safety net)
    arrived: Callable[[Session, Image], bool]
    reloads: bool  # whether the element (or the session's supervisor) goes down
    shown: tuple[str, ...] = ()  # the commands, for people; see `Upgrade`


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """How the software of one operating system is replaced, under its own safety net if it has one.

    Every callable gets an open session; those that only look must do with read-only commands.
    Versions are compared as `dcctl.facts.version` tells them.

    What is `shown` are the very commands, for a person who does it by hand: `{file}`, `{folder}`,
    `{version}`, `{patch}`, `{loader}`, `{previous}`, `{previous_folder}`, `{previous_patch}`,
    `{minutes}` and `{seconds}` are filled in; a line of a patch or loader that is not is left out.
    """

    net: UpgradeNet
    # Shortest and longest safety net in seconds, and the unit that the device counts in.
    net_range_s: tuple[int, int] = (0, 0)
    boot_s: int = 900  # the longest until it answers again after a reload
    # Whether this very device has the net (older releases or smaller models may not): without, it
    # is upgraded as one of net NONE. None: every device has it.
    guarded: Callable[[Session], bool] | None = None
    stores: Callable[[Session], tuple[Store, ...]]
    # (session, store, file name) -> (algorithm, hexadecimal digest), worked out by the device with
    # the strongest verb it has. None: it has none, and only sizes can be compared.
    digest: Callable[[Session, Store, str], tuple[str, str]] | None
    # The device fetches a file by itself: (session, URL, store, file). None: it is pushed by SFTP.
    pull: Callable[[Session, str, Store, ImageFile], None] | None = None
    pull_schemes: tuple[str, ...] = ()  # of URLs: scp, sftp, http, https, ftp
    push_path: Callable[[Store, str], str] | None = None  # where SFTP or SCP puts it
    push_by: str = ""  # sftp | scp; empty: can't be pushed
    # From the store that has it onto another supervisor's. None: each is filled by itself.
    copy: Callable[[Session, Store, Store, str], None] | None = None
    remove: Callable[[Session, Store, str], None] | None = None  # a partial or needless file
    installed: Callable[[Session], Installed]
    # What must be done before the drain and touches no traffic (`install add`, validation), once
    # the files are verified; it must do nothing when it finds itself done.
    prepare: Callable[[Session, Image], None] | None = None
    stages: Callable[[Session, Image], tuple[Stage, ...]]  # chosen by what the device has
    commit: Callable[[Session, Image], None] | None = None  # None: nothing is to be said
    # What `stages` may choose from, with when it does, marked with N_; empty: it asks no device.
    ways: tuple[tuple[str, tuple[Stage, ...]], ...] = ()
    installed_shown: tuple[str, ...] = ()
    verify_shown: tuple[str, ...] = ()
    prepare_shown: tuple[str, ...] = ()
    keep_shown: tuple[str, ...] = ()  # ends configuring: what was sent stands, over a reload too
    # Back to the release that ran before: told to, while the safety net still holds or after it.
    # `previous` is its image where images.yml has it. May reload, and lose its session. Where the
    # old release then runs uncommitted, `commit` is called with `previous`.
    revert: Callable[[Session, Image, Image | None], None]
    revert_shown: tuple[str, ...] = ()
    commit_shown: tuple[str, ...] = ()
    # Configuration lines that make traffic go round the target, and that undo it, for the
    # protocols that the target speaks (IS-IS overload, OSPF maximum metric, BGP graceful shutdown).
    # In the form of `Remediation.lines`: `Change.apply` sends them, `confirm` and `save` keep them.
    drain: Callable[[Target], tuple[str, ...]]
    undrain: Callable[[Target], tuple[str, ...]]
    # Topics that snapshot A and B hold; empty: every topic that has a gate and a collector.
    topics: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()  # of the platform, marked with N_; shown in the plan
    # (intended configuration, name) -> the file of a configuration generation, where that is what
    # is upgraded; pure. None: images are the vendor's.
    generation: Callable[[str, str], str] | None = None
