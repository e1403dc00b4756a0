"""The routing engines of a Junos router in an upgrade: the other one first, then a switchover.

Source: Juniper, "Installing the Software Package on a Router with Redundant Routing Engines":
graceful switchover and nonstop routing are off while the two run different releases; the backup is
installed and rebooted, becomes master, and the old master follows. A package that lies on the
master is put on the other by naming it (`re0`, `re1`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.contracts import Output, Stage
from dcctl.platforms._upgrading import (
    LONG,
    SHORT,
    going_down,
    output,
    say,
    system_file,
    told,
    until,
)
from dcctl.platforms.juniper_junos._json import every, root_of, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image

PATH = "/var/tmp/"  # noqa: S108 - where Junos wants packages to lie, on the router
_FAILED = r"^\s*ERROR:.*|^.*(?:verification failed|Validation failed|[Ii]nstallation failed).*"
_ENGINES = "show chassis routing-engine | display json"
_ALL = "show version invoke-on all-routing-engines | display json"
_REDUNDANCY = ("chassis redundancy graceful-switchover", "routing-options nonstop-routing")
_WAIT = 1800.0  # seconds, until an engine that reboots answers the other


def running(session: Session) -> str:
    """The release of the engine that answers."""
    said = output(session, "show version | display json")
    return text(root_of(said, "software-information") or {}, "junos-version")


def roles(session: Session) -> Mapping[str, str]:
    """`re0` and `re1` -> master, backup ..."""
    said = output(session, _ENGINES)
    engines = every(root_of(said, "route-engine-information") or {}, "route-engine")
    return {f"re{text(one, 'slot') or 0}": text(one, "mastership-state").lower() for one in engines}


def other(session: Session) -> str:
    """The engine that is not master; empty where there is one only."""
    return next((name for name, role in roles(session).items() if role != "master"), "")


def releases(session: Session) -> dict[str, str]:
    """The release of every engine that answers, by its name."""
    said = told(session, _ALL)
    found = root_of(Output(command=_ALL, text=said), "multi-routing-engine-results")
    items = every(found or {}, "multi-routing-engine-item")
    return {
        text(one, "re-name"): text(about, "junos-version")
        for one in items
        for about in every(one, "software-information")
    }


def verb(session: Session) -> str:
    """`vmhost` routers refuse the other verb."""
    return (
        "vmhost"
        if re.search(r"(?i)vmhost|host os", told(session, "show vmhost version"))
        else "system"
    )


def add(session: Session, file: str, engine: str = "") -> None:
    """Install the package, which was validated before; nothing reboots."""
    command = f"request {verb(session)} software add {PATH}{file}"
    command += f" {engine} no-validate" if engine else " no-copy no-validate"
    say(session, command, timeout=LONG, failed=_FAILED)


def reboot(session: Session, which: str = "") -> None:
    """Reboot this engine, or `which`; its own session is lost."""
    command = f"request {verb(session)} reboot{which and ' '}{which}"
    with going_down():
        say(session, command, timeout=SHORT, failed=_FAILED)


# --- one routing engine --------------------------------------------------------------------------


def _activate(session: Session, image: Image, _net_s: int) -> None:
    if running(session) == image.version:
        return
    add(session, system_file(image))
    reboot(session)


def _runs(session: Session, image: Image) -> bool:
    return running(session) == image.version


# --- two -----------------------------------------------------------------------------------------


def _upgrade_other(session: Session, image: Image, _net_s: int) -> None:
    """The engine that is not master; off goes what would copy state between two releases."""
    if _other_runs(session, image):
        return
    lines = [f"deactivate {what}" for what in _REDUNDANCY if _state(session, what) == "active"]
    if lines:
        session.configure((*lines, "commit"))
    add(session, system_file(image), other(session))
    reboot(session, "other-routing-engine")


def _other_runs(session: Session, image: Image) -> bool:
    return releases(session).get(other(session)) == image.version


def _switch(session: Session, image: Image, _net_s: int) -> None:
    if running(session) == image.version:
        return
    switch(session)


def switch(session: Session) -> None:
    """The other engine takes over; the session ends with the old master's role."""
    with going_down():
        say(
            session,
            "request chassis routing-engine master switch",
            timeout=SHORT,
            failed=r"^.*[Nn]ot (?:ready|allowed|enabled).*|^.*(?:try|attempted) again.*",
        )


def _reunite(session: Session, _image: Image, _net_s: int) -> None:
    reunite(session)


def reunite(session: Session) -> None:
    """Graceful switchover and nonstop routing as they were."""
    lines = [f"activate {what}" for what in _REDUNDANCY if _state(session, what) == "inactive"]
    if lines:
        session.configure((*lines, "commit"))


def _united(session: Session, _image: Image) -> bool:
    return all(_state(session, what) != "inactive" for what in _REDUNDANCY)


def _state(session: Session, what: str) -> str:
    """Of a statement: active, inactive, or nothing where it is not configured."""
    said = session.send(f"show configuration {what} | display set")
    if not re.search(r"^(?:set|deactivate) ", said, re.MULTILINE):
        return ""
    return "inactive" if re.search(r"^deactivate ", said, re.MULTILINE) else "active"


def wait_for_other(session: Session) -> None:
    """Until the other engine answers again."""
    until(lambda: other(session) in releases(session), seconds=_WAIT, what="other-routing-engine")


_ADD = "request system software add " + PATH + "{file}"
SINGLE = (
    Stage(
        name="reboot",
        act=_activate,
        arrived=_runs,
        reloads=True,
        shown=(f"{_ADD} no-copy no-validate", "request system reboot"),
    ),
)
DUAL = (
    Stage(
        name="backup",
        act=_upgrade_other,
        arrived=_other_runs,
        reloads=False,
        shown=(f"{_ADD} re1 no-validate", "request system reboot other-routing-engine"),
    ),
    Stage(
        name="switchover",
        act=_switch,
        arrived=_runs,
        reloads=True,
        shown=("request chassis routing-engine master switch",),
    ),
    Stage(
        name="old_master",
        act=_upgrade_other,
        arrived=_other_runs,
        reloads=False,
        shown=(f"{_ADD} re0 no-validate", "request system reboot other-routing-engine"),
    ),
    Stage(
        name="redundancy",
        act=_reunite,
        arrived=_united,
        reloads=False,
        shown=(
            "configure exclusive",
            *(f"activate {what}" for what in _REDUNDANCY),
            "commit and-quit",
        ),
    ),
)
