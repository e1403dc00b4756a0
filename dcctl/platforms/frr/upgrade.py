"""Another generation of configuration on an FRR router: its daemons restart under a timer.

FRR itself has no software to activate: what changes is the file that its daemons start with. A
generation says its own name in a description (`ip prefix-list DCCTL-GENERATION description NAME`),
so that what runs tells it. What ran before is kept beside it, and a systemd timer puts it back
unless it is stopped. All of it needs the credential's `shell` account.
"""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.errors import CommandFailed, NotFound
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._upgrading import (
    digest_in,
    free_of,
    going_down,
    listed,
    plain,
    source,
    system_file,
)
from dcctl.platforms.frr._change import RUNNING, whole
from dcctl.platforms.frr._drain import drain, drained, undrain
from dcctl.platforms.frr._generation import generation, named
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image, ImageFile

_FOLDER = "/var/lib/dcctl/"
_CONFIGURATION, _PREVIOUS = "/etc/frr/frr.conf", f"{_FOLDER}previous.conf"
_UNIT = "dcctl-upgrade"
_RESTART = ("/usr/bin/systemctl", "restart", "frr.service")
_OWNED = ("/usr/bin/install", "-o", "frr", "-g", "frr", "-m", "640")
# Neither complains of a folder that no generation was ever put into.
_LISTING = (
    *("find", "/var/lib", "-mindepth", "2", "-maxdepth", "2", "-type", "f"),
    *("-regex", f"{_FOLDER}.+", "-ls"),
)
_FREE = ("df", "--block-size=1", "--output=avail", "/var/lib")
_TIMER = ("systemctl", "show", "-P", "ActiveState", f"{_UNIT}.timer")
_NAMED = rf"{_FOLDER}(?P<name>\S+)"
HOST_READS = (
    *(re.escape(shlex.join(one)) for one in (_LISTING, _FREE, _TIMER)),
    rf"sha512sum {_FOLDER}[A-Za-z0-9][\w.+-]*",
)
_FETCH = """\
import os, shutil, sys, urllib.request
url, place = sys.argv[1:]
os.makedirs(os.path.dirname(place), mode=0o750, exist_ok=True)
with urllib.request.urlopen(url, timeout=30) as answer, open(place, "wb") as file:
    shutil.copyfileobj(answer, file)
"""
_RELEASE = re.compile(r"FRRouting (\d[\w.]*)")
_SHORTEST, _LONGEST = 30, 86400  # seconds


def stores(session: Session) -> tuple[Store, ...]:
    """The folder on the host where generations wait."""
    files = listed(session.host(_LISTING), rf"^(?:\s*\S+){{6}} +(?P<size>\d+) .* {_NAMED}$")
    free = free_of("df", session.host(_FREE), r"^\s*(\d+)\s*$")
    return (Store(supervisor="", path=_FOLDER, free=free, files=files),)


def digest(session: Session, store: Store, name: str) -> tuple[str, str]:
    """SHA-512."""
    answer = session.host(("sha512sum", f"{store.path}{plain(name)}"))
    return "sha512", digest_in("sha512sum", answer, 128)


def pull(session: Session, url: str, store: Store, file: ImageFile) -> None:
    """The host fetches it, by the Python that reading a host needs anyway: few have curl."""
    place = f"{store.path}{plain(file.name)}"
    session.host(("python3", "-", source(url, ("http", "https")), place), stdin=_FETCH)


def remove(session: Session, store: Store, name: str) -> None:
    """Of the folder's files only."""
    session.host(("rm", "-f", f"{store.path}{plain(name)}"))


def running(session: Session) -> str:
    """The generation that runs; FRR's own release where none says its name."""
    told = generation(whole(session.send(RUNNING)))
    if told:
        return told
    release = _RELEASE.search(session.send("show version"))
    return release[1] if release else ""


def installed(session: Session) -> Installed:
    """What runs, and whether the timer waits (which can't be asked without a shell account)."""
    waits: bool | None = None
    with suppress(NotFound):
        waits = _active(session)
    return Installed(
        running=running(session),
        committed=None if waits is None else not waits,
        pending=(f"{_UNIT}.timer",) if waits else (),
    )


def _active(session: Session) -> bool:
    return session.host(_TIMER).strip() == "active"


def prepare(session: Session, image: Image) -> None:
    """Have vtysh read the file without doing what it says."""
    session.host(("vtysh", "-C", "-f", f"{_FOLDER}{system_file(image)}"))


def _restart(session: Session, image: Image, net_s: int) -> None:
    """Keep what is, arm the timer, put the new file (still drained) in its place, restart."""
    now = session.send(RUNNING)
    if running(session) == image.version:
        return
    seconds = min(max(_SHORTEST, net_s), _LONGEST)
    if not _active(session):
        session.host(("cp", "-p", _CONFIGURATION, _PREVIOUS))
        _arm(session, seconds)
    text = session.host(("cat", f"{_FOLDER}{system_file(image)}"))
    whole = text.rstrip().removesuffix("end").rstrip() + "\n!\n" + drained(now)
    session.host(("tee", _CONFIGURATION), stdin=whole)
    with going_down():
        session.host(_RESTART)


def _arm(session: Session, seconds: int) -> None:
    back = " ".join((*_OWNED, _PREVIOUS, _CONFIGURATION))
    session.host(
        (
            "systemd-run",
            f"--unit={_UNIT}",
            f"--on-active={seconds}",
            "--timer-property=AccuracySec=1s",
            f"--property=ExecStartPre={back}",
            *_RESTART,
        )
    )


def _arrived(session: Session, image: Image) -> bool:
    return running(session) == image.version


def stages(_session: Session, _image: Image) -> tuple[Stage, ...]:
    """One: the daemons start again, with the other file."""
    return (
        Stage(
            name="restart",
            act=_restart,
            arrived=_arrived,
            reloads=True,
            shown=(
                f"cp -p {_CONFIGURATION} {_PREVIOUS}",
                f"systemd-run --unit={_UNIT} --on-active={{seconds}} ...",
                f"tee {_CONFIGURATION}",
                "systemctl restart frr.service",
            ),
        ),
    )


def commit(session: Session, _image: Image) -> None:
    """Stop the timer."""
    with suppress(CommandFailed):  # systemd complains of one that is gone, which is as well
        session.host(("systemctl", "stop", f"{_UNIT}.timer"))
    if _active(session):
        raise CommandFailed(N_("the timer that takes the change back can't be stopped"))


def revert(session: Session, image: Image, previous: Image | None) -> None:
    """What the timer would do, at once; after the commit, the old generation or what was kept."""
    if _active(session):
        with going_down():
            session.host(("systemctl", "start", f"{_UNIT}.service"))
        commit(session, image)
    elif running(session) == image.version:
        place = f"{_FOLDER}{system_file(previous)}" if previous else _PREVIOUS
        session.host((*_OWNED, place, _CONFIGURATION))
        with going_down():
            session.host(_RESTART)


UPGRADE = Upgrade(
    net=UpgradeNet.TIMER,
    net_range_s=(_SHORTEST, _LONGEST),
    boot_s=120,
    stores=stores,
    digest=digest,
    pull=pull,
    pull_schemes=("http", "https"),
    remove=remove,
    installed=installed,
    prepare=prepare,
    stages=stages,
    installed_shown=(f"systemctl show -P ActiveState {_UNIT}.timer",),
    keep_shown=("end", "write memory"),
    verify_shown=(f"sha512sum {_FOLDER}{{file}}",),
    prepare_shown=(f"vtysh -C -f {_FOLDER}{{file}}",),
    commit=commit,
    revert=revert,
    commit_shown=(f"systemctl stop {_UNIT}.timer",),
    revert_shown=(f"systemctl start {_UNIT}.service",),
    drain=drain,
    undrain=undrain,
    generation=named,
    traps=(
        N_("FRR's daemons restart; Debian and its kernel stay as they are"),
        N_("the timer lives in systemd: a host that reboots loses it and keeps the new file"),
    ),
)
