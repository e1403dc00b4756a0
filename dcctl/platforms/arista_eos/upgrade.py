"""Upgrading an EOS switch: the boot image, then a reload; no timer brings the old one back.

Source: Arista, EOS User Manual, "Upgrade/Downgrade Overview": `boot system` is kept in boot-config
at once; `reload now` asks nothing. To a second supervisor `install source` brings it, and reloads
that. Smart system upgrade (hitless, fast boot) is not used. Of an MLAG pair one switch at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.errors import CommandFailed
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._files import Files
from dcctl.platforms._upgrading import (
    LONG,
    going_down,
    output,
    previous_file,
    say,
    system_file,
)
from dcctl.platforms.arista_eos._collectors import install
from dcctl.platforms.arista_eos._drain import drain, undrain
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.facts.install import Install
    from dcctl.model.upgrade import Image

_PATH, _STANDBY = "flash:", "supervisor-peer:/mnt/flash/"
FILES = Files(
    entry=r"^\s*-[rwx-]{3}\s+(?P<size>\d+)\s+\w{3} .*\s(?P<name>\S+)\s*$",
    free=r"^\d+ bytes total \((\d+) bytes free\)",
    digests=(("sha512", "verify /sha512 {path}{name}"), ("md5", "verify /md5 {path}{name}")),
    schemes=("http", "https", "tftp", "ftp"),
    fetch="copy {url} {path}{name}",
    bring="copy {path}{name} {other}{name}",
    taken="Copy completed successfully",
    delete="delete {path}{name}",
)


def stores(session: Session) -> tuple[Store, ...]:
    """The flash of the supervisor that answers, and of a second one where there is one."""
    first = FILES.store(_PATH, session.send(f"dir {_PATH}"))
    return first, *FILES.second(session, _STANDBY, "standby")


def digest(session: Session, store: Store, name: str) -> tuple[str, str]:
    """None of the other supervisor's files, where `verify` doesn't reach them."""
    try:
        return FILES.digest(session, store, name)
    except CommandFailed:
        if not store.supervisor:
            raise
        return "", ""


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
    """What boots next; a second supervisor boots it at once, and takes over in the reload."""
    command = f"boot system {_PATH}{file}"
    if len(stores(session)) > 1:
        command = f"install source {_PATH}{file} now"
        want = r"(?s)standby supervisor\.\.\. done.*this supervisor\.\.\. done"
        say(session, command, timeout=LONG, want=want)
    else:
        session.configure((command,))
    if _file(_told(session).next_boot) != file:
        raise CommandFailed(
            N_("{command}: {answer}"), command=command, answer="boot-config names another image"
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


_RELOAD = Stage(
    name="reload",
    act=_reload,
    arrived=_runs,
    reloads=True,
    shown=("write memory", "reload now"),
)


def _ways(command: str) -> tuple[Stage, ...]:
    """What boots next, by this command, checked; then the reload."""
    first = Stage(name="boot", act=_boot, arrived=_boots, reloads=False, shown=(command,))
    return first, _RELOAD


_SINGLE = _ways("boot system flash:{file}")
_DUAL = _ways("install source flash:{file} now")


def stages(session: Session, _image: Image) -> tuple[Stage, ...]:
    """By the number of its supervisors."""
    return _DUAL if len(stores(session)) > 1 else _SINGLE


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
    pull=FILES.pull,
    pull_schemes=FILES.schemes,
    push_path=lambda _store, name: f"/mnt/flash/{name}",
    push_by="scp",
    copy=FILES.copy,
    remove=FILES.remove,
    installed=installed,
    stages=stages,
    ways=((N_("one supervisor"), _SINGLE), (N_("two supervisors"), _DUAL)),
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
        N_("going back on two supervisors is `install source flash:… now`, not `boot system`"),
    ),
)
