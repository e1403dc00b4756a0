"""Changing an IOS XR router: a candidate, `commit confirmed`, and `commit` in the same session.

Source: Cisco, "Configuration Management Commands on Cisco IOS XR": a trial commit is confirmed by a
second commit in the session that made it. It is rolled back when its time is up, and at once when
that session leaves configuration mode; a session that is merely lost leaves it to the timer.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dcctl.contracts import Change, Remediation
from dcctl.errors import CommandFailed, Unparsed
from dcctl.platforms import _hierarchy
from dcctl.platforms.cisco_xr._answers import undated
from dcctl.platforms.cisco_xr._dialect import DIALECT, folded, repaired, typed, unfolded
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session

RUNNING = "show running-config"
_SESSIONS = "show configuration sessions detail"
_SHORTEST, _LONGEST = 30, 65535  # seconds, IOS XR's own limits
_REFUSED = re.compile(r"^\s*% ?Failed to commit", re.MULTILINE)


def remediate(running: str, intended: str, *, whole: bool = False) -> Remediation:
    """From `running` to `intended`; with `whole`, what `intended` doesn't mention goes. Pure."""
    have = _hierarchy.parse(folded(running), DIALECT)
    dialect = replace(DIALECT, repair=partial(repaired, have))
    wanted = _hierarchy.remediate(folded(running), folded(intended), dialect, whole=whole)
    return replace(
        wanted,
        diff=tuple(unfolded(line, "⏎") for line in wanted.diff),
        destructive=tuple(unfolded(line, "⏎") for line in wanted.destructive),
    )


def _running(session: Session) -> str:
    text = undated(session.send(RUNNING))
    if not re.search(r"^end\s*\Z", text, re.MULTILINE):
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=RUNNING, error="it does not end"
        )
    return unfolded(_hierarchy.normalised(folded(text), DIALECT))


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    trial = f"commit confirmed {min(max(_SHORTEST, seconds), _LONGEST)}"
    answer = session.configure((*typed(wanted.lines), trial), stay=True)
    if _REFUSED.search(answer):
        raise CommandFailed(
            N_("{command}: {answer}"),
            command=trial,
            answer=_reasons(session.configure((), enter="show configuration failed")),
        )


def _reasons(failed: str) -> str:
    """What the router says against each line that it refused; `abort` has ended the candidate."""
    said = re.findall(r"^\s*!!% *(.+?)\s*$", failed, re.MULTILINE)
    return "; ".join(dict.fromkeys(said))[:300] or " ".join(failed.split())[-300:]


def _confirm(session: Session) -> None:
    """Commit in the session that holds the trial.

    Raises:
        NothingToCommit: in any other. CommandFailed.
    """
    answer = session.configure((), enter="commit")
    if _REFUSED.search(answer):
        raise CommandFailed(
            N_("{command}: {answer}"), command="commit", answer=" ".join(answer.split())[:200]
        )


def _revert(session: Session) -> None:
    """Leave the configuration that waits: the router rolls it back at once.

    A session that holds none has nothing to leave; one that is lost leaves it to the timer.
    """
    with suppress(CommandFailed):
        # As a change of mode: with the old configuration the old prompt is back.
        session.configure((), enter="abort", stay=True)


def _pending(session: Session) -> str:
    """The trial commit that runs, as the router lists it among the sessions."""
    told = session.send(_SESSIONS)
    found = re.search(r"User: (\S+) +Client: commit-confirm\b", told)
    return " ".join(found[0].split()) if found else ""


def _save(session: Session) -> None:
    """Nothing: what is committed is saved."""


CHANGE = Change(
    running=_running,
    remediate=remediate,
    apply=_apply,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    replace=partial(remediate, whole=True),
    held=True,
    pending=_pending,
    native=(r"call-home(?: > (?:service active|contact smart-licensing|profile CiscoTAC-1.*))?",),
)
