"""Upgrading an NX-OS switch with `install all`: no timer brings the old release back.

Source: Cisco, "Nexus 9000 NX-OS Software Upgrade and Downgrade Guide": the impact check comes
first; `install all` verifies, sets the boot variable and reloads. Going back is `install all` with
the old image. In service (non-disruptive) is not asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.contracts import Stage, Upgrade
from dcctl.model.upgrade import Installed, Store, UpgradeNet
from dcctl.platforms._files import Files
from dcctl.platforms._upgrading import (
    LONG,
    going_down,
    output,
    previous_file,
    say,
    system_file,
    told,
)
from dcctl.platforms.cisco_nxos._collectors import install
from dcctl.platforms.cisco_nxos._drain import drain, undrain
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image

_PATH, _STANDBY = "bootflash:", "bootflash://sup-standby/"
_FREE = r"^\s*(\d+) bytes free"
FILES = Files(
    entry=r"^\s*(?P<size>\d+)\s+\w{3} +\d+ [\d:]+ \d{4}\s+(?P<name>[^\s/]+)\s*$",
    free=_FREE,
    digests=(
        ("sha512", "show file {path}{name} sha512sum"),
        ("md5", "show file {path}{name} md5sum"),
    ),
    schemes=("http", "https", "tftp"),
    fetch="copy {url} {path}{name} vrf management",
    bring="copy {path}{name} {other}{name}",
    taken="[Cc]opy complete",
    delete="delete {path}{name} no-prompt",
)
_FAILED = r"^.*(?:-- FAIL|Pre-upgrade check failed|Install has failed|[Aa]borted|unable to).*"
_INCOMPATIBLE = r"^.*(?:are incompatible|[Uu]nable to|is not compatible).*"
# How the log begins; one that power loss or a reload cut off says "in progress" for ever.
_ENDED = "This is the log of last installation"
_BUSY = re.compile(r"on-going installation|in progress", re.IGNORECASE)
# `show module`: number, software, hardware, slot
_MODULE = re.compile(
    r"^(?P<number>\d+)\s+(?P<software>\d+\.\d+\(\S+)\s+\S+\s+\S+\s*$", re.MULTILINE
)


def stores(session: Session) -> tuple[Store, ...]:
    """Of the active supervisor, and of a second one where there is one."""
    active = FILES.store(_PATH, session.send(f"dir {_PATH}"))
    return (active, *FILES.second(session, _STANDBY, "standby", sign=_FREE))


def installed(session: Session) -> Installed:
    """What runs, the boot variable, an install that is at work, modules that differ."""
    said, boot = output(session, "show version"), output(session, "show boot")
    fact = install((said, boot))
    bios = re.search(r"^\s*BIOS:\s+version\s+(\S+)", said.text, re.MULTILINE)
    modules = {m["number"]: m["software"] for m in _MODULE.finditer(told(session, "show module"))}
    return Installed(
        running=fact.running,
        next_boot=fact.next_boot,
        pending=("install all",) if _busy(session) else (),
        boards={name: one for name, one in modules.items() if one != fact.running},
        bootloader=bios[1] if bios else "",
    )


def _busy(session: Session) -> bool:
    said = told(session, "show install all status")
    return _ENDED not in said and bool(_BUSY.search(said))


def _runs(session: Session, image: Image) -> bool:
    return install((output(session, "show version"), output(session, "show boot"))).running == (
        image.version
    )


def prepare(session: Session, image: Image) -> None:
    """What the image would do to this switch, and whether its configuration fits; only looks."""
    if _runs(session, image):
        return
    place = f"{_PATH}{system_file(image)}"
    say(session, f"show incompatibility-all nxos {place}", timeout=LONG, failed=_INCOMPATIBLE)
    say(
        session,
        f"show install all impact nxos {place}",
        timeout=LONG,
        failed=_FAILED,
        want="Compatibility check is done",
    )


def _install(session: Session, image: Image, _net_s: int) -> None:
    if not _runs(session, image) and not _busy(session):
        _install_all(session, system_file(image))


def _install_all(session: Session, file: str) -> None:
    say(session, "copy running-config startup-config", timeout=LONG, want=r"[Cc]opy complete|100%")
    session.send("terminal dont-ask")
    with going_down():
        say(session, f"install all nxos {_PATH}{file}", timeout=LONG, failed=_FAILED)


def _arrived(session: Session, image: Image) -> bool:
    return _runs(session, image) and not _busy(session)


def stages(_session: Session, _image: Image) -> tuple[Stage, ...]:
    """One: `install all` knows what the switch has."""
    return (
        Stage(
            name="install",
            act=_install,
            arrived=_arrived,
            reloads=True,
            shown=(
                "copy running-config startup-config",
                "terminal dont-ask",
                "install all nxos bootflash:{file}",
            ),
        ),
    )


def revert(session: Session, image: Image, previous: Image | None) -> None:
    """`install all` with the old image; only the boot variable, while the old one still runs."""
    file = previous_file(image, previous)
    if _runs(session, image):
        _install_all(session, file)
        return
    boot = installed(session).next_boot
    if boot.endswith(f"/{system_file(image)}") or boot == f"{_PATH}{system_file(image)}":
        session.configure((f"boot nxos {_PATH}{file}",))
        say(session, "copy running-config startup-config", timeout=LONG)


UPGRADE = Upgrade(
    net=UpgradeNet.NONE,
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
    installed_shown=("show version", "show boot", "show module", "show install all status"),
    keep_shown=("end", "copy running-config startup-config"),
    verify_shown=(f"dir {_PATH}", f"show file {_PATH}{{file}} sha512sum"),
    prepare_shown=(
        f"show incompatibility-all nxos {_PATH}{{file}}",
        f"show install all impact nxos {_PATH}{{file}}",
    ),
    revert=revert,
    revert_shown=("install all nxos bootflash:{previous}",),
    drain=drain,
    undrain=undrain,
    traps=(
        N_("nothing brings the old release back by itself: `install all` with the old image does"),
        N_("of a vPC pair one switch at a time, the one of the secondary role first"),
        N_("SCP to the switch needs `feature scp-server`"),
        N_("features that the old release doesn't know are lost when going back"),
    ),
)
