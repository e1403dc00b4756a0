"""Upgrading an SR OS router: boot options, boot loader, synchronisation, reboot; no timer.

Within one major release two processors are restarted one after the other; else the router reboots
whole (`upgrade` also brings the firmware of its cards up to date).
Sources: Nokia, "MD-CLI Command Reference" (`bof`, `admin reboot`, `admin redundancy`), 7750 SR
release notes, "Software upgrade procedures".
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.errors import CommandFailed, InvalidInput
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._upgrading import LONG, going_down, output, say, told
from dcctl.platforms.nokia_sros import _images
from dcctl.platforms.nokia_sros._drain import drain, undrain
from dcctl.platforms.nokia_sros._system import install
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.facts.install import Install
    from dcctl.model.upgrade import Image

_BOF = "edit-config bof exclusive"
_SECONDARY = r"^\s*(?:secondary-image|secondary-location)\s+\"?(\S+?)\"?\s*$"
_STANDBY = r"^Standby Version\s*: TiMOS-\S+?-(\d+\.\d+\.[A-Z]\d+\S*)"
_READY = r"^Standby Status\s*: standby ready"
_SYNC = "show redundancy synchronization"
_LOADER = r"TiMOS-\S+?-(\d+\.\d+\.[A-Z]\d+\S*)"


def copy(session: Session, have: Store, other: Store, name: str) -> None:
    """To the standby's card, whose folder may not be there yet."""
    path = _images.place(name)
    with suppress(CommandFailed):
        session.send(f"file make-directory {other.path}{path.partition('/')[0]}")
    say(
        session,
        f"file copy {have.path}{path} {other.path}{path} force",
        timeout=LONG,
        want=r"copied|OK",
    )


def remove(session: Session, store: Store, name: str) -> None:
    """Its question is answered."""
    session.send(f"file remove {store.path}{_images.place(name)}")


def _told(session: Session) -> Install:
    return install((output(session, "show version"), output(session, "show bof")))


def installed(session: Session) -> Installed:
    """What runs, the primary image, the standby's release, the boot loader on the card."""
    fact = _told(session)
    redundancy = told(session, _SYNC)
    standby = re.search(_STANDBY, redundancy, re.MULTILINE)
    loader = re.search(_LOADER, told(session, "file version cf3:/boot.ldr"))
    differs = standby is not None and standby[1] != fact.running
    return Installed(
        running=fact.running,
        next_boot=fact.next_boot,
        boards={"standby": standby[1]} if standby and differs else {},
        bootloader=loader[1] if loader else "",
    )


def prepare(session: Session, image: Image) -> None:
    """SR OS checks that the files are whole and its own."""
    for file in image.files:
        path = f"cf3:/images/{_images.place(file.name)}"
        say(
            session,
            f"file version check {path}",
            timeout=LONG,
            failed=r"^.*(?:[Ff]ail|[Ii]nvalid|mismatch|[Cc]orrupt).*",
            want=r"\bOK\b|[Vv]alid",
        )


def _boot(session: Session, image: Image, _net_s: int) -> None:
    if _boots(session, image):
        return
    _set(session, _images.folder(image), _told(session).next_boot, _images.loader(image))


def _set(session: Session, primary: str, secondary: str, loader: str) -> None:
    """Boot options and boot loader, on the card of each processor."""
    if loader:
        say(session, f"file copy {loader} cf3:/boot.ldr force", timeout=LONG, want=r"copied|OK")
    other = secondary.replace("\\", "/")
    session.configure(
        (
            f'/bof image primary-location "{primary}"',
            f'/bof image secondary-location "{other}"',
            "commit",
        ),
        enter=_BOF,
    )
    session.send("admin save bof", timeout=LONG)
    session.send("admin save", timeout=LONG)
    if _images.standby(session):
        session.send("admin redundancy synchronize boot-environment", timeout=LONG)


def _boots(session: Session, image: Image) -> bool:
    return _images.same(_told(session).next_boot, _images.folder(image))


def _runs(session: Session, image: Image) -> bool:
    return _told(session).running == image.version


def _reboot(session: Session, image: Image, _net_s: int) -> None:
    if not _runs(session, image):
        _restart(session)


def _restart(session: Session) -> None:
    with going_down():
        session.send("admin reboot upgrade now")


def _reboot_standby(session: Session, image: Image, _net_s: int) -> None:
    if not _standby_runs(session, image):
        session.send("admin reboot standby now")


def _standby_runs(session: Session, image: Image) -> bool:
    said = session.send(_SYNC)
    release = re.search(_STANDBY, said, re.MULTILINE)
    ready = re.search(_READY, said, re.MULTILINE)
    return bool(ready and release and release[1] == image.version)


def _switch(session: Session, image: Image, _net_s: int) -> None:
    if _runs(session, image):
        return
    with going_down():
        session.send("admin redundancy force-switchover now")


def _follow(_session: Session, _image: Image, _net_s: int) -> None:
    """Nothing: a switchover reboots the processor that was active, into the new image."""


_BOF_STAGE = Stage(
    name="bof",
    act=_boot,
    arrived=_boots,
    reloads=False,
    shown=(
        "file copy cf3:/images/{loader} cf3:/boot.ldr force",
        '/bof image primary-location "cf3:/images/{folder}/"',
        "commit",
        "admin save bof",
        "admin save",
        "admin redundancy synchronize boot-environment",
    ),
)
_WHOLE = (
    Stage(
        name="reboot",
        act=_reboot,
        arrived=_runs,
        reloads=True,
        shown=("admin reboot upgrade now",),
    ),
)
_IN_TURN = (
    Stage(
        name="standby",
        act=_reboot_standby,
        arrived=_standby_runs,
        reloads=False,
        shown=("admin reboot standby now",),
    ),
    Stage(
        name="switchover",
        act=_switch,
        arrived=_runs,
        reloads=True,
        shown=("admin redundancy force-switchover now",),
    ),
    Stage(name="old_active", act=_follow, arrived=_standby_runs, reloads=False),
)


def stages(session: Session, image: Image) -> tuple[Stage, ...]:
    """By the number of its processors, and whether the major release changes."""
    release = _told(session).running
    runs = release == image.version and bool(_images.standby(session))
    in_turn = runs or (_images.standby(session) and _major(release) == _major(image.version))
    return (_BOF_STAGE, *(_IN_TURN if in_turn else _WHOLE))


def _major(release: str) -> str:
    return ".".join(release.split(".")[:2])


def revert(session: Session, image: Image, previous: Image | None) -> None:
    """The image that was primary before, and a reboot if the new one runs."""
    runs = _runs(session, image)
    if not runs and not _boots(session, image):
        return
    before = re.search(_SECONDARY, session.send("show bof"), re.MULTILINE)
    if previous is None and before is None:
        raise InvalidInput(
            N_("there is no image to go back to from {version}"),
            hint=N_("add the image of the release that ran before to images.yml"),
            version=image.version,
        )
    primary = _images.folder(previous) if previous else before[1] if before else ""
    loader = _images.loader(previous) if previous else ""
    _set(session, primary.replace("\\", "/"), _images.folder(image), loader)
    if runs:
        _restart(session)


UPGRADE = Upgrade(
    net=UpgradeNet.NONE,
    boot_s=1800,
    stores=_images.stores,
    digest=None,
    push_path=lambda store, name: f"{store.path}{name}",
    push_by="sftp",
    copy=copy,
    remove=remove,
    installed=installed,
    prepare=prepare,
    stages=stages,
    ways=(
        (N_("one processor, or another major release"), (_BOF_STAGE, *_WHOLE)),
        (N_("two processors, and the same major release"), (_BOF_STAGE, *_IN_TURN)),
    ),
    installed_shown=("show version", "show bof", _SYNC),
    keep_shown=("commit", "exit all", "quit-config", "admin save"),
    verify_shown=("file list cf3:/images/{folder}",),
    prepare_shown=("file version check cf3:/images/{file}",),
    revert=revert,
    revert_shown=(
        '/bof image primary-location "cf3:/images/{previous_folder}/"',
        "commit",
        "admin reboot upgrade now",
    ),
    drain=drain,
    undrain=undrain,
    traps=(
        N_("nothing brings the old release back by itself: booting the old image does"),
        N_("SR OS works out no digest of a file: sizes are compared, or the file is read back"),
        N_("more than two major releases in one step are not supported by Nokia"),
        N_("the old boot loader is put back only where the old image brings one"),
    ),
)
