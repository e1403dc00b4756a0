"""Upgrading a Junos router: no timer brings the old release back.

With two routing engines the old master keeps the old release until the new one was taken over:
switching back is the way out until then.
Sources: Juniper, "request system software add", "request system software validate", "request system
software rollback", "request vmhost software add", "file checksum", "file copy".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.errors import CommandFailed, Unparsed
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._upgrading import (
    LONG,
    TRANSFER,
    digest_in,
    listed,
    plain,
    previous_file,
    say,
    source,
    system_file,
)
from dcctl.platforms.juniper_junos import _engines
from dcctl.platforms.juniper_junos._drain import drain, undrain
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image, ImageFile

_PATH = _engines.PATH
_STORAGE = "show system storage"
_SCHEMES = ("http", "https", "ftp")
_ENTRY = r"^-[rwxst-]{9}\s+\d+\s+\S+\s+\S+\s+(?P<size>\d+)\s+\w{3}\s.*\s(?P<name>\S+)\s*$"
_SYSTEMS = r"^\S+\s+\S+\s+\S+\s+(?P<free>[\d.]+)(?P<unit>[BKMGT]?)\s+-?\d+%\s+(?P<mount>/\S*)\s*$"
_UNITS = {"": 512, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_VALIDATED = r"[Vv]alidation succeeded|mgd: commit complete"
_FAILED = r"^\s*(?:ERROR|error):.*|^.*[Vv]alidation failed.*"


def stores(session: Session) -> tuple[Store, ...]:
    """The master's disk: the other engine gets the package from there when it is installed.

    What is free is what both have: the package is put on the other one before it is unpacked.
    """
    files = listed(session.send(f"file list {_PATH} detail"), _ENTRY)
    return (Store(supervisor="", path=_PATH, free=_free(session), files=files),)


def _free(session: Session) -> int:
    """Of the file system that holds the folder, on the engine that has the least."""
    if not _engines.other(session):
        return _left(session.send(_STORAGE))
    command = f"{_STORAGE} invoke-on all-routing-engines"
    _, *engines = re.split(r"^re\d:\n", session.send(command), flags=re.MULTILINE)
    if not engines:
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=command, error="no routing engine"
        )
    return min(_left(one) for one in engines)


def _left(said: str) -> int:
    """Free bytes of the file system mounted nearest to the folder."""
    mounts = {
        match["mount"].removeprefix("/.mount") or "/": float(match["free"]) * _UNITS[match["unit"]]
        for match in re.finditer(_SYSTEMS, said, re.MULTILINE)
    }
    holding = [mount for mount in mounts if _PATH.startswith(f"{mount.rstrip('/')}/")]
    if not holding:
        raise Unparsed(
            N_("{command}: not understood: {error}"),
            command=_STORAGE,
            error="no file system of /var",
        )
    return int(mounts[max(holding, key=len)])


def digest(session: Session, store: Store, name: str) -> tuple[str, str]:
    """SHA-256, the strongest that Junos works out."""
    command = f"file checksum sha-256 {store.path}{plain(name)}"
    return "sha256", digest_in(command, session.send(command, timeout=LONG), 64)


def pull(session: Session, url: str, store: Store, file: ImageFile) -> None:
    """The router copies; what it says of it differs, so its folder is asked."""
    command = f"file copy {source(url, _SCHEMES)} {store.path}{plain(file.name)}"
    answer = say(session, command, timeout=TRANSFER, failed=r"^(?:error|fetch|curl): .*")
    if file.name not in listed(session.send(f"file list {store.path} detail"), _ENTRY):
        raise CommandFailed(
            N_("{command}: {answer}"), command=command[:120], answer=answer.strip()[-200:]
        )


def remove(session: Session, store: Store, name: str) -> None:
    """Without asking."""
    session.send(f"file delete {store.path}{plain(name)}")


def installed(session: Session) -> Installed:
    """What the master runs, and which engine runs something else."""
    release = _engines.running(session)
    others = _engines.releases(session)
    return Installed(
        running=release,
        boards={name: one for name, one in others.items() if one != release},
    )


def prepare(session: Session, image: Image) -> None:
    """Check the package against the configuration; it is done again when it is asked again."""
    if _engines.running(session) == image.version or _engines.verb(session) == "vmhost":
        return  # vmhost routers validate when they install
    command = f"request system software validate {_PATH}{system_file(image)}"
    say(session, command, timeout=LONG, failed=_FAILED, want=_VALIDATED)


def stages(session: Session, _image: Image) -> tuple[Stage, ...]:
    """By the number of its routing engines."""
    return _engines.DUAL if _engines.other(session) else _engines.SINGLE


def revert(session: Session, image: Image, previous: Image | None) -> None:
    """Roll back a single engine; with two, switch back while the other still has the old release.

    Where neither has it, it is installed on both, and both reboot; where the master alone has it,
    on the other, whatever that runs: an image may hold another release than it says. What was
    turned off between two releases is turned on again once both are old.
    """
    release = _engines.running(session)
    engine = _engines.other(session)
    if not engine:
        if release != image.version:
            # Added, it waits for any reboot, and nothing tells whether it does. Surely added, it
            # can surely be taken off again.
            _engines.add(session, system_file(image))
        say(session, f"request {_engines.verb(session)} software rollback", failed=_FAILED)
        if release == image.version:
            _engines.reboot(session)
        return
    beside = _engines.releases(session).get(engine)
    if release != image.version and beside in (release, None):
        _engines.reunite(session)
    elif release != image.version:
        if previous:  # else only a person can, and the engine is told of
            _engines.add(session, system_file(previous), engine)
            _engines.reboot(session, "other-routing-engine")
            _engines.wait_for_other(session)
            _engines.reunite(session)
    elif beside == release or (previous and beside not in (previous.version, None)):
        file = previous_file(image, previous)
        for one in sorted(_engines.roles(session)):
            _engines.add(session, file, one)
        _engines.reunite(session)
        _engines.reboot(session, "both-routing-engines")
    else:
        _engines.switch(session)


UPGRADE = Upgrade(
    net=UpgradeNet.NONE,
    boot_s=1800,
    stores=stores,
    digest=digest,
    pull=pull,
    pull_schemes=_SCHEMES,
    push_path=lambda store, name: f"{store.path}{name}",
    push_by="sftp",
    remove=remove,
    installed=installed,
    prepare=prepare,
    stages=stages,
    ways=(
        (N_("one routing engine"), _engines.SINGLE),
        (N_("two routing engines"), _engines.DUAL),
    ),
    installed_shown=("show version", "show chassis routing-engine"),
    keep_shown=("commit and-quit",),
    verify_shown=(f"file list {_PATH} detail", f"file checksum sha-256 {_PATH}{{file}}"),
    prepare_shown=(f"request system software validate {_PATH}{{file}}",),
    revert=revert,
    revert_shown=("request system software rollback", "request system reboot"),
    drain=drain,
    undrain=undrain,
    traps=(
        N_("one routing engine: nothing brings the old release back but a rollback by hand"),
        N_("two routing engines: the old release stays on the old master until the switchover"),
        N_("the master's role stays where the switchover put it"),
        N_("graceful switchover and nonstop routing are off until both engines run one release"),
    ),
)
