"""Upgrading an IOS XR router: an activated release that is not committed is gone at a reload.

There is no timer: what reverts an uncommitted release is a reload, told or not.
Sources: as in `_installing`; Cisco, "Upgrading Field-Programmable Device".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.errors import CommandFailed
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._files import Files
from dcctl.platforms._upgrading import (
    LONG,
    free_of,
    going_down,
    listed,
    output,
    previous_file,
    say,
    system_file,
    told,
)
from dcctl.platforms.cisco_xr import _installing
from dcctl.platforms.cisco_xr._drain import drain, undrain
from dcctl.platforms.cisco_xr._hardware import install
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image

_PATH = "harddisk:"
_KBYTES = r"total \((\d+) kbytes free\)"
FILES = Files(
    entry=(r"^\s*\d+\s+-[rwx-]{3,9}\.?\s+(?:\d+\s+)?(?P<size>\d+)\s+\w{3}\s.*\s(?P<name>\S+)\s*$"),
    free=_KBYTES,
    unit=1024,
    digests=(("md5", "show md5 file /{path}/{name}"),),  # it documents no stronger one for a file
    schemes=("http", "https", "ftp", "tftp"),
    fetch="copy {url} {path}/{name}",
    taken=r"bytes copied in |Transferred \d+ Bytes",
    delete="delete {path}/{name}",
)
_FREE_OF_ALL = r"^\s*\d+\s+(\d+)\s+\S+\s+\w+\s+harddisk:"
# What stays old (NEED UPGD, RLOAD REQ) is no problem yet: it is upgraded by hand once the release
# is committed, since the reload that it needs would boot the old one before.
_FPD = re.compile(
    r"^(?P<place>\d+/\S+)\s+\S+\s+\S+\s+(?P<device>\S+)\s.*?"
    r"(?P<state>UPGD FAIL|UPGD SKIP|NOT READY|CORRUPT)",
    re.MULTILINE,
)
_OLD_FPD = re.compile(
    r"^(?P<place>\d+/\S+)\s+\S+\s+\S+\s+(?P<device>\S+)\s.*?"
    r"(?P<state>NEED UPGD|RLOAD REQ|UPGD PREP)",
    re.MULTILINE,
)
_RELOAD = "reload location all noprompt"


def stores(session: Session) -> tuple[Store, ...]:
    """The hard disk of the active supervisor: `install` itself brings the rest to every node."""
    said = session.send(f"dir {_PATH}")
    if re.search(_KBYTES, said):
        return (FILES.store(_PATH, said),)
    free = free_of("show filesystem", session.send("show filesystem"), _FREE_OF_ALL)
    return (Store(supervisor="", path=_PATH, free=free, files=listed(said, FILES.entry)),)


def installed(session: Session) -> Installed:
    """What runs, what a reload would boot, what waits, and which programmable devices are old."""
    release = _installing.running(session)
    fact = install(
        tuple(output(session, one) for one in (_installing.ACTIVE, _installing.COMMITTED))
    )
    devices = told(session, "show hw-module fpd")
    return Installed(
        running=release,
        next_boot=release if fact.committed else fact.next_boot,
        committed=fact.committed,
        pending=_installing.pending(session),
        problems=_devices(_FPD, devices),
        left=_devices(_OLD_FPD, devices),
    )


def _devices(state: re.Pattern[str], told_: str) -> tuple[str, ...]:
    return tuple(f"{one['place']} {one['device']}: {one['state']}" for one in state.finditer(told_))


def prepare(session: Session, image: Image) -> None:
    """Unpacked and checked, in the background; nothing reloads."""
    file = system_file(image)
    if _installing.running(session) == image.version:
        return
    if _installing.modern(session):
        if _installing.packaged(session, file):
            return
        command = f"install package replace /{_PATH}/{file}"
    else:
        if _installing.operation(session, file, image.version):
            return
        command = f"install add source {_PATH} {file}"
    answer = session.send(command, timeout=LONG)
    _installing.finish(session, command, _installing.started(answer, command))


def _activate(session: Session, image: Image, _net_s: int) -> None:
    if _installing.running(session) == image.version or _installing.busy(session):
        return
    number = ""
    if _installing.modern(session):
        command = "install apply reload"
    else:
        number = _installing.operation(session, system_file(image), image.version)
        if not number:
            raise CommandFailed(
                N_("{command}: {answer}"),
                command="install activate id",
                answer=f"no operation added {image.version}",
            )
        command = f"install activate id {number}"
    with going_down():
        answer = session.send(command, timeout=LONG)
        _installing.finish(session, command, _installing.started(answer, command))


def _arrived(session: Session, image: Image) -> bool:
    return _installing.running(session) == image.version and not _installing.busy(session)


def _stages(shown: str) -> tuple[Stage, ...]:
    return (Stage(name="activate", act=_activate, arrived=_arrived, reloads=True, shown=(shown,)),)


_XR7, _OLDER = _stages("install apply reload"), _stages("install activate id OPERATION")


def stages(session: Session, _image: Image) -> tuple[Stage, ...]:
    """One: all nodes reload together."""
    return _XR7 if _installing.modern(session) else _OLDER


def commit(session: Session, _image: Image) -> None:
    """Keep what runs over a reload."""
    if installed(session).committed:
        return
    answer = session.send("install commit", timeout=LONG)
    _installing.finish(session, "install commit", _installing.started(answer, "install commit"))
    if not installed(session).committed:
        raise CommandFailed(
            N_("{command}: {answer}"), command="install commit", answer="active is not committed"
        )


def revert(session: Session, image: Image, previous: Image | None) -> None:
    """A reload while it is uncommitted; the old image in one step after that."""
    if _installing.running(session) != image.version:
        if _installing.packaged(session, system_file(image)):
            say(session, "install package abort latest", timeout=LONG)
        return
    if not installed(session).committed:
        with going_down():
            session.send(_RELOAD, timeout=LONG)
        return
    command = f"install replace /{_PATH}/{previous_file(image, previous)} noprompt commit"
    with going_down():
        answer = session.send(command, timeout=LONG)
        _installing.finish(session, command, _installing.started(answer, command))


UPGRADE = Upgrade(
    net=UpgradeNet.UNCOMMITTED,
    boot_s=2700,
    stores=stores,
    digest=FILES.digest,
    pull=FILES.pull,
    pull_schemes=FILES.schemes,
    push_path=lambda store, name: f"/{store.path}/{name}",
    push_by="sftp",
    remove=FILES.remove,
    installed=installed,
    prepare=prepare,
    stages=stages,
    ways=(
        (N_("IOS XR 7 (LNT): `show install active summary` says `Packages: XR:`"), _XR7),
        (N_("older IOS XR: it numbers its operations"), _OLDER),
    ),
    installed_shown=(
        "show version",
        _installing.ACTIVE,
        _installing.COMMITTED,
        "show hw-module fpd",
    ),
    prepare_shown=(
        "! IOS XR 7 (LNT)",
        f"install package replace /{_PATH}/{{file}}",
        "! older IOS XR",
        f"install add source {_PATH} {{file}}",
    ),
    keep_shown=("commit", "end"),
    verify_shown=(f"dir {_PATH}", f"show md5 file /{_PATH}/{{file}}"),
    commit=commit,
    revert=revert,
    commit_shown=("install commit",),
    revert_shown=(_RELOAD,),
    drain=drain,
    undrain=undrain,
    traps=(
        N_("there is no timer: a router that nobody reaches stays on the new release"),
        N_("any reload before the commit boots the old release"),
        N_("programmable devices are upgraded by `fpd auto-upgrade`, or by hand after the commit"),
        N_("alarms are held back while AINS soaks, which begins anew with a reload"),
    ),
)
