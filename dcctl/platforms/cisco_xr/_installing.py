"""The install operations of both generations of IOS XR: what runs, and how each one ended.

IOS XR 64-bit (eXR) numbers its operations and works them off in the background; IOS XR 7 on newer
hardware (LNT) packages first and applies then. Which of the two a router is, is told by the form of
its summaries.
Sources: Cisco, "System Setup and Software Installation Guide" for NCS 5500 (eXR) and for NCS 540
and 8000 (XR 7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.errors import CommandFailed
from dcctl.platforms._upgrading import LONG, output, until
from dcctl.platforms.cisco_xr._answers import undated
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session

REQUEST, LOG = "show install request", "show install log"
ACTIVE, COMMITTED = "show install active summary", "show install committed summary"
_BUSY = re.compile(r"\d+% complete|^State:\s+In progress", re.MULTILINE)
_PACKAGED = re.compile(r"^User request:\s+install package replace (\S+)", re.MULTILINE)
_OPERATION = re.compile(r"Install operation (\d+) started by [^\n]*:\s*\n\s*(install [^\n]+)")


def modern(session: Session) -> bool:
    """Whether it is XR 7 (LNT), which packages and applies."""
    return bool(re.search(r"Packages:\s+XR:\s+\d+", session.send(ACTIVE)))


def running(session: Session) -> str:
    """The release that runs."""
    found = re.search(r"^Cisco IOS XR Software, Version ([\w.]+)", _said(session, "show version"))
    return found[1] if found else ""


def _said(session: Session, command: str) -> str:
    return undated(output(session, command).text).lstrip()


def busy(session: Session) -> bool:
    """Whether an install operation is at work."""
    return bool(_BUSY.search(session.send(REQUEST)))


def pending(session: Session) -> tuple[str, ...]:
    """What was begun and not ended, in the router's words."""
    said = _said(session, REQUEST)
    request = re.search(r"^User request:\s+(.+?)\s*$", said, re.MULTILINE)
    waits = re.search(r"^Current activity:\s+Await user input", said, re.MULTILINE)
    if request and (waits or _BUSY.search(said)):
        return (request[1],)
    work = re.search(r"^.*\d+% complete.*$", said, re.MULTILINE)
    return (" ".join(work[0].split()),) if work else ()


def packaged(session: Session, file: str) -> bool:
    """Whether XR 7 has the image ready to be applied."""
    said = _said(session, REQUEST)
    request = _PACKAGED.search(said)
    ready = request and request[1].endswith(f"/{file}") and "State:" in said
    return bool(ready and not re.search(r"^State:\s+(?:Failure|In progress)", said, re.MULTILINE))


def operation(session: Session, file: str, version: str) -> str:
    """The number of the operation that added the image, while its packages are there to activate.

    Empty: none is.
    """
    inactive = session.send("show install inactive summary")
    if version not in inactive:
        return ""
    begun = _OPERATION.findall(session.send(LOG))
    added = [number for number, what in begun if "install add " in what and file in what]
    return max(added, key=int, default="")


def started(answer: str, command: str) -> str:
    """The number that eXR gave an operation; empty on XR 7.

    Raises:
        CommandFailed: it was not begun.
    """
    number = re.search(r"Install operation (\d+) started", answer)
    if re.search(r"^\s*(?:Error|ERROR|Failed)\b|[Aa]borted", answer, re.MULTILINE):
        raise CommandFailed(
            N_("{command}: {answer}"), command=command[:120], answer=" ".join(answer.split())[-200:]
        )
    return number[1] if number else ""


def finish(session: Session, command: str, number: str) -> None:
    """Wait for the operation; lost is the session of one that reloads.

    Raises:
        CommandFailed: it did not end well. TargetTimeout, Unreachable.
    """
    until(lambda: not busy(session), seconds=LONG, what=command)
    told = session.send(f"{LOG} {number}" if number else REQUEST)
    good = rf"Install operation {number} finished successfully" if number else r"State:\s+Success"
    if not re.search(good, told):
        raise CommandFailed(
            N_("{command}: {answer}"), command=command[:120], answer=" ".join(told.split())[-200:]
        )
