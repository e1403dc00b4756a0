"""Changing an IOS XE router under `configure terminal revert timer`, its own safety net.

Source: Cisco, "Configuration Rollback Confirmed Change" (needs `archive` with a `path`).
"""

from __future__ import annotations

import math
import re
from functools import partial
from typing import TYPE_CHECKING

from dcctl.contracts import Change, ReloadNet, Remediation
from dcctl.errors import CommandFailed, Unparsed
from dcctl.platforms import _hierarchy
from dcctl.platforms.cisco_xe._dialect import DIALECT
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session

RUNNING = "show running-config"
_TIMER = "show archive config rollback timer"
_IDLE = "No Rollback Confirmed Change pending"
_ARCHIVE = ("archive", " path flash:dcctl-archive", " maximum 10")
_STANDS_ON = ("path ", "maximum ")  # what else is in that section goes like anything
_LONGEST = 120  # minutes, IOS's own limit


def remediate(running: str, intended: str, *, whole: bool = False) -> Remediation:
    """From `running` to `intended`; where no archive is set up, that comes first (`prepare`).

    With `whole`, sections that `intended` doesn't mention go, but for the archive that the safety
    net itself stands on.
    """
    if whole and not re.search(r"(?m)^archive$", intended):
        found = _hierarchy.parse(running, DIALECT).get("archive", {})
        archive = {line: below for line, below in found.items() if line.startswith(_STANDS_ON)}
        intended += "\n" + _hierarchy.render({"archive": archive}) if archive else ""
    wanted = _hierarchy.remediate(running, intended, DIALECT, whole=whole)
    if not wanted.lines:
        return wanted
    prepare = _needs(running)
    if not prepare:
        return wanted
    # What the preparation sets is no part of the change: it stays when the change is taken back.
    named = whole or re.search(r"(?m)^archive$", intended)
    kept = "\n".join((intended, *prepare)) if named else intended
    prepared = "\n".join((running, *prepare))
    rest = _hierarchy.remediate(prepared, kept, DIALECT, whole=whole)
    wanted = rest if rest.lines else wanted
    return Remediation(
        lines=wanted.lines,
        diff=(*wanted.diff, *(f"+ {line}" for line in prepare)),
        destructive=wanted.destructive,
        prepare=prepare,
    )


def _needs(running: str) -> tuple[str, ...]:
    """The archive that the revert timer stands on, where there is none."""
    archive = _hierarchy.parse(running, DIALECT).get("archive", {})
    return () if any(line.startswith("path ") for line in archive) else _ARCHIVE


def _running(session: Session) -> str:
    text = session.send(RUNNING)
    if not text.rstrip().endswith("end"):
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=RUNNING, error="it does not end"
        )
    return _hierarchy.normalised(text, DIALECT)


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    if wanted.prepare:
        session.configure(wanted.prepare)
    minutes = min(max(1, math.ceil(seconds / 60)), _LONGEST)
    lines = [_typed(line) for line in wanted.lines]
    session.configure(lines, enter=f"configure terminal revert timer {minutes}")


def _typed(line: str) -> str:
    """A banner is shown with `^C` around it; typed, its first character is the delimiter."""
    if not line.startswith("banner "):
        return line
    _, kind, rest = line.split(" ", 2)
    body = rest[2:-2]
    mark = next(mark for mark in "~@%|=+_" if mark not in body)
    return f"banner {kind} {mark}{body}{mark}"


def _confirm(session: Session) -> None:
    session.send("configure confirm")


def _revert(session: Session) -> None:
    # As a change of mode: with the old configuration the old prompt is back.
    session.configure((), enter="configure revert now", stay=True)


def _guarded(session: Session) -> bool:
    """Whether this release has the timer: older ones don't know what asks for it."""
    return _timer(session) is not None


def _timer(session: Session) -> str | None:
    try:
        return session.send(_TIMER)
    except CommandFailed as error:
        if "% Invalid input" in str(error):
            return None
        raise  # who may not look can't tell


def _pending(session: Session) -> str:
    """A rollback that waits for its confirmation: a second one can't be begun beside it."""
    told = _timer(session) or _IDLE
    return "" if _IDLE in told else " ".join(told.split())


def _save(session: Session) -> None:
    session.send("write memory")


def _arm_reload(session: Session, seconds: int) -> None:
    """Save, so that the reload comes back to what runs now; then plan it."""
    _save(session)
    session.send(f"reload in {max(1, math.ceil(seconds / 60))}")


def _cancel_reload(session: Session) -> None:
    session.send("reload cancel")


CHANGE = Change(
    running=_running,
    remediate=remediate,
    apply=_apply,
    needs=_needs,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    replace=partial(remediate, whole=True),
    guarded=_guarded,
    pending=_pending,
    reload_net=ReloadNet(arm=_arm_reload, cancel=_cancel_reload),
    native=(
        r"platform (?:qfp utilization monitor load \d+|punt-keepalive disable-kernel-core)",
        r"redundancy(?: > mode \S+)?",
        r"ip forward-protocol nd",
        r"control-plane",
        r"boot system .*",  # what is booted is judged by itself
        r"license (?:udi|boot level|accept) .*",
        r"diagnostic bootup level \S+",
        r"memory free low-watermark processor \d+",
        r"multilink bundle-name authenticated",
        r"subscriber templating",
        r"spanning-tree extend system-id",
        r"crypto pki (?:trustpoint|certificate chain) (?:SLA-TrustPoint|TP-self-signed-\d+).*",
    ),
)
