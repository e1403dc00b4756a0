"""Upgrading a VRP router: the next startup files on every main board, then a reboot.

NetEngine routers restart with the old files when nobody logs in within the rollback timer; any
login cancels it. Others have nothing of the kind (`guarded`).
Sources: Huawei, NetEngine 8000 command reference: `startup system-software`, `startup patch`,
`upgrade rollback`, `display startup`; VRP checks the digital signature of what is to be started.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.errors import Unparsed
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._files import Files
from dcctl.platforms._parsing import expect, own
from dcctl.platforms._upgrading import (
    LONG,
    going_down,
    output,
    plain,
    previous_file,
    say,
    system_file,
)
from dcctl.platforms.huawei_vrp._change import CHANGE
from dcctl.platforms.huawei_vrp._drain import drain, undrain
from dcctl.platforms.huawei_vrp._health import HERE, named
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image

_SHORTEST, _LONGEST = 10, 360  # minutes that `upgrade rollback` takes
FILES = Files(
    entry=r"^\s*\d+\s+-[rwx-]{3}\s+(?P<size>[\d,]+)\s+\w{3} .*\s(?P<name>\S+)\s*$",
    free=r"total (?:available )?\(([\d,]+) KB free\)",
    unit=1024,
    bring="copy {path}{name} {other}{name}",
    failed=r"^.*(?:[Ff]ailed|not enough).*",
    delete="delete /unreserved {path}{name}",  # what is only in the recycle bin frees nothing
)
_STARTUP = "display startup"
_RELEASE = r"VRP \(R\) software, Version [\d.]+ \(.*?(V\d+R\d+C\d+\w*)\)"


def stores(session: Session) -> tuple[Store, ...]:
    """The root of the flash of every main board: software is started from nowhere else."""
    first = session.send("dir")
    where = re.search(r"^Directory of ((?:cfcard|flash):)", first, re.MULTILINE)
    if where is None:
        raise Unparsed(N_("{command}: not understood: {error}"), command="dir", error="no folder")
    path = f"{where[1]}/"
    main = FILES.store(path, session.send(f"dir {path}"))
    return (main, *FILES.second(session, f"slave#{path}", "slave"))


def _boards(session: Session) -> list[dict[str, str]]:
    """A record a main board, the main one first."""
    said = output(session, _STARTUP)
    records = own(HERE, "display_startup", said)
    expect(records and all(r["software"] and r["next"] for r in records), said, "no software")
    return records


def running(session: Session) -> str:
    """The release that runs."""
    said = session.send("display version")
    found = re.search(_RELEASE, said)
    if found is None:
        raise Unparsed(
            N_("{command}: not understood: {error}"), command="display version", error="no release"
        )
    return found[1]


def guarded(session: Session) -> bool:
    """Whether it has the rollback timer: NetEngine routers with VRP8."""
    said = session.send("display version")
    modern = re.search(r"VRP \(R\) software, Version (?:[89]|\d\d)\.", said)
    return bool(modern and re.search(r"\b(?:NetEngine|NE\d)", said))


def installed(session: Session) -> Installed:
    """What the main board runs and would start; the patch; boards that differ from it."""
    main, *others = _boards(session)
    kinds = (("software", "next"), ("patch", "next_patch"))
    pending = [base(main[after]) for now, after in kinds if named(main[after]) != named(main[now])]
    return Installed(
        running=running(session),
        next_boot=base(main["next"]),
        pending=tuple(name for name in pending if name),
        boards={
            one["board"]: base(one["software"])
            for one in others
            if base(one["software"]) != base(main["software"])
        },
        problems=tuple(
            f"{one['board']}: next startup is {base(one['next'])}, the main board's is"
            f" {base(main['next'])}"
            for one in others
            if base(one["next"]) != base(main["next"])
        ),
        patch=base(named(main["patch"])),
    )


def base(path: str) -> str:
    """The file of a path such as `cfcard:/X.cc`."""
    return path.rpartition("/")[2].rpartition(":")[2]


def _patch(image: Image | None) -> str:
    files = image.files if image else ()
    return next((plain(file.name) for file in files if file.role == "patch"), "")


def _set(session: Session, software: str, patch: str) -> None:
    """What starts next, on all main boards; no patch, where the release has none."""
    bad = r"^.*(?:[Ff]ailed|does not exist|not (?:enough|match)|[Ii]nvalid).*"
    say(session, f"startup system-software {software} all", timeout=LONG, failed=bad)
    if patch:
        say(session, f"startup patch {patch} all", timeout=LONG, failed=bad)
    elif any(named(one["next_patch"]) for one in _boards(session)):
        say(session, "reset patch-configure next-startup", timeout=LONG, failed=bad)


def _startup(session: Session, image: Image, _net_s: int) -> None:
    if not _set_already(session, image):
        _set(session, system_file(image), _patch(image))


def _set_already(session: Session, image: Image) -> bool:
    software, patch = system_file(image), _patch(image)
    return all(
        base(one["next"]) == software and base(named(one["next_patch"])) == patch
        for one in _boards(session)
    )


def _reboot(session: Session, image: Image, net_s: int) -> None:
    if _runs(session, image):
        return
    CHANGE.save(session)
    if guarded(session):
        minutes = min(max(_SHORTEST, math.ceil(net_s / 60)), _LONGEST)
        command = f"upgrade rollback enable rollback-timer {minutes}"
        say(session, command, want=r"rollback function is enabled")
    restart(session)


def restart(session: Session) -> None:
    """All of it; what it asks is answered."""
    with going_down():
        session.send("reboot")


def _runs(session: Session, image: Image) -> bool:
    return _all_run(_boards(session), system_file(image))


def _all_run(boards: Iterable[dict[str, str]], file: str) -> bool:
    return all(base(one["software"]) == file for one in boards)


def stages(_session: Session, _image: Image) -> tuple[Stage, ...]:
    """What starts next, on every main board; then the reboot of all."""
    return (
        Stage(
            name="startup",
            act=_startup,
            arrived=_set_already,
            reloads=False,
            shown=("startup system-software {file} all", "startup patch {patch} all"),
        ),
        Stage(
            name="reboot",
            act=_reboot,
            arrived=_runs,
            reloads=True,
            shown=("save", "upgrade rollback enable rollback-timer {minutes}", "reboot"),
        ),
    )


def revert(session: Session, image: Image, previous: Image | None) -> None:
    """The old software and the old patch again, and a reboot if the new one runs."""
    boards = _boards(session)
    if _all_run(boards, system_file(image)):
        _set(session, previous_file(image, previous), _patch(previous))
        CHANGE.save(session)
        restart(session)
    elif any(base(one["next"]) == system_file(image) for one in boards):
        main = boards[0]
        _set(session, base(main["software"]), base(named(main["patch"])))


UPGRADE = Upgrade(
    net=UpgradeNet.LOGIN,
    net_range_s=(_SHORTEST * 60, _LONGEST * 60),
    boot_s=1800,
    guarded=guarded,
    stores=stores,
    digest=None,
    push_path=lambda store, name: f"{store.path}{name}",
    push_by="sftp",
    copy=FILES.copy,
    remove=FILES.remove,
    installed=installed,
    stages=stages,
    installed_shown=("display version", "display startup", "display patch-information"),
    keep_shown=("commit", "return", "save"),
    verify_shown=("dir",),
    revert=revert,
    revert_shown=(
        "startup system-software {previous} all",
        "reset patch-configure next-startup",
        "startup patch {previous_patch} all",
        "reboot",
    ),
    drain=drain,
    undrain=undrain,
    traps=(
        N_("any login cancels the rollback timer, also one that only looks"),
        N_("only NetEngine routers with VRP8 have the rollback timer"),
        N_("VRP works out no digest of a file: sizes are compared, it checks the signature itself"),
        N_("a patch belongs to its release: going back names the old patch too"),
    ),
)
