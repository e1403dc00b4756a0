"""Upgrading an IOS XE router in install mode, under its auto-abort timer.

Source: Cisco, "Install the Software using install Commands" (17.x): `install add` unpacks and
touches no traffic, `install activate` reloads and starts the timer, `install commit` stops it;
until then the router boots the committed release when the timer runs out, or on `install abort`.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._files import Files
from dcctl.platforms._parsing import own, seconds, text_of
from dcctl.platforms._upgrading import (
    LONG,
    going_down,
    output,
    previous_file,
    say,
    system_file,
)
from dcctl.platforms.cisco_xe._collectors import version
from dcctl.platforms.cisco_xe._drain import drain, undrain
from dcctl.platforms.cisco_xe._hardware import HERE, TIMER
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image

_SHORTEST, _LONGEST = 30, 1200  # minutes, IOS XE's own limits of the timer
_FAILED = r"^\s*(?:\[\d+\]\s+\S+ )?FAILED:.*|^\s*%? ?Error:.*"
_SUMMARY = "show install summary"
FILES = Files(
    entry=r"^\s*\d+\s+-[rwx-]{2}[-rwx ]*?\s+(?P<size>\d+)\s+\w{3} .*?\s(?P<name>\S+)\s*$",
    free=r"^\d+ bytes total \((\d+) bytes free\)",
    digests=(("sha512", "verify /sha512 {path}{name}"), ("md5", "verify /md5 {path}{name}")),
    schemes=("http", "https", "ftp", "tftp"),
    fetch="copy {url} {path}{name}",
    bring="copy {path}{name} {other}{name}",
    taken="bytes copied in ",
    delete="delete /force {path}{name}",
)


def stores(session: Session) -> tuple[Store, ...]:
    """Where the router boots from, on each supervisor."""
    first = session.send("dir")
    where = re.search(r"^Directory of ([\w-]+:)", first, re.MULTILINE)
    path = where[1] if where else "bootflash:"
    active = FILES.store(path, first, command="dir")
    return (active, *FILES.second(session, f"stby-{path}", "standby"))


def installed(session: Session) -> Installed:
    """What runs, what a reload would boot, and what the timer says."""
    said, summary = output(session, "show version"), output(session, _SUMMARY)
    running = version((said,)).release
    records = own(HERE, "show_install_summary", summary)
    images = [record for record in records if record["type"] == "IMG"]
    committed = next((r["name"] for r in images if r["state"] == "C"), "")
    timer = re.search(TIMER, text_of(summary), re.MULTILINE)
    return Installed(
        running=running,
        next_boot=release(committed) if committed else "",
        committed=not any(record["state"] in "UD" for record in records),
        pending=_pending(records),
        net_s=seconds(timer[1]) if timer and timer[1] else None,
        boards=_boards(images, running),
        problems=_problems(said.text),
    )


def _pending(records: Sequence[dict[str, str]]) -> tuple[str, ...]:
    begun = (f"{r['type']} {r['state']} {r['name']}" for r in records if r["state"] in "UD")
    return tuple(dict.fromkeys(begun))


def _boards(images: Sequence[dict[str, str]], running: str) -> dict[str, str]:
    """Supervisors that run another release than the one that answers."""
    active: dict[str, str] = {}
    for record in sorted(images, key=lambda one: "CU".find(one["state"])):
        if record["state"] in "CU":
            active |= dict.fromkeys(record["where"].split(), release(record["name"]))
    return {board: name for board, name in active.items() if name != running}


def _problems(version_text: str) -> tuple[str, ...]:
    booted = re.search(r'^System image file is "([^"]*)"', version_text, re.MULTILINE)
    if booted and not booted[1].endswith("packages.conf"):
        return (f"bundle mode: booted {booted[1]}",)
    return ()


def release(name: str) -> str:
    """`17.09.04a.0.6` as `show version` tells it: `17.9.4a`."""
    parts = name.split(".")[:3]
    return ".".join(part.lstrip("0") or "0" for part in parts)


def _states(session: Session, version_wanted: str) -> set[str]:
    """In which states the release stands in the list of what is installed."""
    records = own(HERE, "show_install_summary", output(session, _SUMMARY))
    images = (record for record in records if record["type"] == "IMG")
    return {record["state"] for record in images if release(record["name"]) == version_wanted}


def prepare(session: Session, image: Image) -> None:
    """`install add`, on every supervisor at once."""
    if _states(session, image.version):
        return
    path = stores(session)[0].path
    command = f"install add file {path}{system_file(image)}"
    say(session, command, timeout=LONG, failed=_FAILED, want=r"^SUCCESS: install_add")


def _activate(session: Session, image: Image, net_s: int) -> None:
    if _states(session, image.version) & {"U", "C"}:
        return
    minutes = min(max(_SHORTEST, math.ceil(net_s / 60)), _LONGEST)
    session.send("write memory")
    with going_down():
        command = f"install activate auto-abort-timer {minutes} prompt-level none"
        say(session, command, timeout=LONG, failed=_FAILED)


def _arrived(session: Session, image: Image) -> bool:
    return version((output(session, "show version"),)).release == image.version


def stages(_session: Session, _image: Image) -> tuple[Stage, ...]:
    """One: both supervisors are activated together."""
    return (
        Stage(
            name="activate",
            act=_activate,
            arrived=_arrived,
            reloads=True,
            shown=(
                "write memory",
                "install activate auto-abort-timer {minutes} prompt-level none",
            ),
        ),
    )


def commit(session: Session, image: Image) -> None:
    """Stop the timer and keep the release."""
    if _states(session, image.version) == {"C"}:
        return
    say(session, "install commit", timeout=LONG, failed=_FAILED, want=r"^SUCCESS: install_commit")


def revert(session: Session, image: Image, previous: Image | None) -> None:
    """`install abort` while it is uncommitted; after that, the old image in one step."""
    states = _states(session, image.version)
    if "U" in states:
        with going_down():
            say(session, "install abort prompt-level none", timeout=LONG, failed=_FAILED)
    elif "C" in states:
        place = f"{stores(session)[0].path}{previous_file(image, previous)}"
        session.send("write memory")
        with going_down():
            command = f"install add file {place} activate commit prompt-level none"
            say(session, command, timeout=LONG, failed=_FAILED)


UPGRADE = Upgrade(
    net=UpgradeNet.TIMER,
    net_range_s=(_SHORTEST * 60, _LONGEST * 60),
    boot_s=1800,
    stores=stores,
    digest=FILES.digest,
    pull=FILES.pull,
    pull_schemes=FILES.schemes,
    push_path=lambda store, name: f"{store.path}{name}",
    push_by="scp",
    copy=FILES.copy,
    remove=FILES.remove,
    installed=installed,
    prepare=prepare,
    stages=stages,
    installed_shown=("show version", _SUMMARY),
    keep_shown=("end", "write memory"),
    verify_shown=("dir bootflash:", "verify /sha512 bootflash:{file}"),
    prepare_shown=("install add file bootflash:{file}",),
    commit=commit,
    revert=revert,
    commit_shown=("install commit",),
    revert_shown=("install abort prompt-level none",),
    drain=drain,
    undrain=undrain,
    traps=(
        N_("the router must run in install mode (packages.conf); bundle mode is refused"),
        N_("`install remove inactive` deletes the staged image too: it is not used"),
        N_("routes of lowest preference are sent up to a minute after the drain"),
        N_("SCP to the router needs `ip scp server enable`"),
    ),
)
