"""Upgrading an EOS switch: the boot image, then a reload; no timer brings the old one back.

Source: Arista, EOS User Manual, "Upgrade/Downgrade Overview": `boot system` is kept in boot-config
at once; `reload now` asks nothing. Smart system upgrade (hitless, fast boot) is not used. Of an
MLAG pair one switch at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.errors import CommandFailed
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._upgrading import (
    LONG,
    TRANSFER,
    digest_in,
    free_of,
    going_down,
    listed,
    output,
    plain,
    previous_file,
    say,
    source,
    system_file,
)
from dcctl.platforms.arista_eos._collectors import install
from dcctl.platforms.arista_eos._drain import drain, undrain
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.facts.install import Install
    from dcctl.model.upgrade import Image, ImageFile

_PATH = "flash:"
_SCHEMES = ("http", "https", "tftp", "ftp")
_ENTRY = r"^\s*-[rwx-]{3}\s+(?P<size>\d+)\s+\w{3} .*\s(?P<name>\S+)\s*$"
_FREE = r"^\d+ bytes total \((\d+) bytes free\)"


def stores(session: Session) -> tuple[Store, ...]:
    """The flash of the supervisor that answers."""
    said = session.send(f"dir {_PATH}")
    free = free_of(f"dir {_PATH}", said, _FREE)
    return (Store(supervisor="", path=_PATH, free=free, files=listed(said, _ENTRY)),)


def digest(session: Session, store: Store, name: str) -> tuple[str, str]:
    """SHA-512; MD5 where the release knows no other."""
    place = f"{store.path}{plain(name)}"
    try:
        command = f"verify /sha512 {place}"
        return "sha512", digest_in(command, session.send(command, timeout=LONG), 128)
    except CommandFailed:
        command = f"verify /md5 {place}"
        return "md5", digest_in(command, session.send(command, timeout=LONG), 32)


def pull(session: Session, url: str, store: Store, file: ImageFile) -> None:
    """The switch copies."""
    command = f"copy {source(url, _SCHEMES)} {store.path}{plain(file.name)}"
    say(session, command, timeout=TRANSFER, want="Copy completed successfully")


def remove(session: Session, store: Store, name: str) -> None:
    """Without asking."""
    session.send(f"delete {store.path}{plain(name)}")


def _told(session: Session) -> Install:
    commands = ("show version | json", "show boot-config | json")
    return install(tuple(output(session, command) for command in commands))


def installed(session: Session) -> Installed:
    """What runs, and the image that a reload boots."""
    fact = _told(session)
    return Installed(running=fact.running, next_boot=_file(fact.next_boot))


def _file(place: str) -> str:
    """`flash:/X.swi` and `flash:X.swi` as `X.swi`."""
    return place.rpartition("/")[2].removeprefix(_PATH)


def _boots(session: Session, image: Image) -> bool:
    return _file(_told(session).next_boot) == system_file(image)


def _boot(session: Session, image: Image, _net_s: int) -> None:
    if not _boots(session, image):
        _set(session, system_file(image))


def _set(session: Session, file: str) -> None:
    session.configure((f"boot system {_PATH}{file}",))
    if _file(_told(session).next_boot) != file:
        raise CommandFailed(
            N_("{command}: {answer}"),
            command=f"boot system {_PATH}{file}",
            answer="boot-config names another image",
        )


def _reload(session: Session, image: Image, _net_s: int) -> None:
    if not _runs(session, image):
        _restart(session)


def _restart(session: Session) -> None:
    session.send("write memory")
    with going_down():
        session.send("reload now")


def _runs(session: Session, image: Image) -> bool:
    return _told(session).running == image.version


def stages(_session: Session, _image: Image) -> tuple[Stage, ...]:
    """What boots next, checked; then the reload."""
    return (
        Stage(
            name="boot",
            act=_boot,
            arrived=_boots,
            reloads=False,
            shown=("boot system flash:{file}",),
        ),
        Stage(
            name="reload",
            act=_reload,
            arrived=_runs,
            reloads=True,
            shown=("write memory", "reload now"),
        ),
    )


def revert(session: Session, image: Image, previous: Image | None) -> None:
    """The old image as what boots, and a reload if the new one runs."""
    runs = _runs(session, image)
    if not runs and not _boots(session, image):
        return
    _set(session, previous_file(image, previous))
    if runs:
        _restart(session)


UPGRADE = Upgrade(
    net=UpgradeNet.NONE,
    boot_s=1200,
    stores=stores,
    digest=digest,
    pull=pull,
    pull_schemes=_SCHEMES,
    push_path=lambda _store, name: f"/mnt/flash/{name}",
    push_by="scp",
    remove=remove,
    installed=installed,
    stages=stages,
    installed_shown=("show version", "show boot"),
    keep_shown=("end", "write memory"),
    verify_shown=(f"dir {_PATH}", f"verify /sha512 {_PATH}{{file}}"),
    revert=revert,
    revert_shown=("boot system flash:{previous}", "write memory", "reload now"),
    drain=drain,
    undrain=undrain,
    traps=(
        N_("nothing brings the old release back by itself: booting the old image does"),
        N_("of an MLAG pair one switch at a time; its reload delay keeps ports down for minutes"),
        N_("smart system upgrade is not used: it can't go back to an older release"),
        N_("a second supervisor is not upgraded: only switches with one are covered"),
    ),
)
