"""Changing a VRP8 router: a candidate, `commit trial`, `commit` or the trial takes itself back.

Source: Huawei, "commit", "abort trial", "display configuration trial status" (NetEngine 8000
command reference). A trial with a persistence id outlives its session, and any session may confirm
it by that id. VRP5 takes every line at once and has no such thing: `guarded` says so.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from dcctl.contracts import Change
from dcctl.errors import CommandFailed, Unparsed
from dcctl.platforms.huawei_vrp._dialect import remediate
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Remediation, Session

RUNNING = "display current-configuration"
_TRIAL = "display configuration trial status"
_ID = "dcctl"  # the trial's persistence id: a later process knows it too
_LEAST, _MOST = 60, 65535  # seconds that VRP takes
_SAVING = 120.0  # seconds


def _running(session: Session) -> str:
    text = session.send(RUNNING)
    if not text.rstrip().endswith("return"):
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=RUNNING, error="it does not end"
        )
    return text


def _guarded(session: Session) -> bool:
    """Whether this router has a candidate and a trial: VRP8 has, VRP5 has not."""
    text = session.send("display version")
    found = re.search(r"VRP \(R\) software, Version (\d+)\.", text)
    if found is None:
        raise Unparsed(
            N_("{command}: not understood: {error}"), command="display version", error="no version"
        )
    return int(found[1]) >= 8  # noqa: PLR2004 - the first VRP with two-stage configuration


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    time = min(max(_LEAST, seconds), _MOST)
    session.configure((*wanted.lines, f"commit trial {time} persist {_ID}"))


def _trial(session: Session) -> str:
    """The trial that runs, whoever's it is, in the router's own words."""
    text = session.send(_TRIAL)
    state = re.search(r"Trial status:\s*(\w+)", text)
    if state is None:
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=_TRIAL, error="no trial status"
        )
    return text.strip() if state[1] == "ACTIVE" else ""


def _waits(session: Session) -> bool:
    """Whether our own trial runs; somebody else's is not ours to end."""
    return bool(re.search(rf"Persist id:\s*{_ID}\s*$", _trial(session), re.MULTILINE))


def _pending(session: Session) -> str:
    """A trial that runs: the router takes no other change beside it, and VRP5 knows none."""
    return " ".join(_trial(session).split()) if _guarded(session) else ""


def _confirm(session: Session) -> None:
    if _waits(session):
        session.configure((f"commit persist {_ID}",))


def _revert(session: Session) -> None:
    if _waits(session):
        session.configure((f"abort trial persist {_ID}",))


def _save(session: Session) -> None:
    answer = session.send("save", timeout=_SAVING)
    if not re.search(r"successful|[Ss]aved?\b.*(?:success|finished)|\[OK\]", answer):
        raise CommandFailed(N_("{command}: {answer}"), command="save", answer=answer.strip()[-120:])


CHANGE = Change(
    running=_running,
    remediate=remediate,
    apply=_apply,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    replace=partial(remediate, whole=True),
    guarded=_guarded,
    pending=_pending,
    native=(r"interface NULL0", r"undo telnet (?:ipv6 )?server enable"),
)
