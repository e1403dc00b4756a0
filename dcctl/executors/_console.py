"""Logging in and out over a serial line: nothing is sent that was not asked for.

A line says nothing until RETURN wakes it. The user name goes to a login prompt only, the password
only to a password prompt that follows it, and a session that somebody left open is not taken over.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from dcctl.errors import AuthenticationFailed, DcctlError, TargetTimeout, Unreachable
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.executors._terminal import TunedTerminal
    from dcctl.executors.credentials import Login

ENDING = "\r"  # a serial line's RETURN
_LOGIN = re.compile(r"(?:^|\n)[^\n]{0,60}?(?:[Ll]ogin|[Uu]ser ?[Nn]ame):\s*$")
_PASSWORD = re.compile(r"(?:^|\n)[ \t]*[Pp]assword:[ \t]*$")
_WAKES = 4
_WAKE_S = 3.0  # for an answer to one RETURN
_GOODBYE_S = 5.0


def log_in(terminal: TunedTerminal, name: str, who: Login, timeout: float) -> str:
    """Log in as `who`; what was shown up to the prompt.

    Raises:
        Unreachable: nobody answers, or somebody is logged in. AuthenticationFailed, TargetTimeout.
    """
    prompt = terminal.any_prompt
    _wake(terminal, name, min(timeout, _WAKE_S))
    terminal.write_line(who.username)
    shown = terminal.read_until(prompt, timeout, _PASSWORD, _LOGIN)
    if _PASSWORD.search(shown) and who.password:
        terminal.write_line(who.password.reveal())
        shown = terminal.read_until(prompt, timeout, _PASSWORD, _LOGIN)
    if _PASSWORD.search(shown) or _LOGIN.search(shown):
        raise AuthenticationFailed(
            N_("{name}: its console refused the login of {user}"), name=name, user=who.username
        )
    return shown


def _wake(terminal: TunedTerminal, name: str, patience: float) -> None:
    """Get a login prompt."""
    for _ in range(_WAKES):
        terminal.write_line("")
        try:
            shown = terminal.read_until(terminal.any_prompt, patience, _LOGIN, _PASSWORD)
        except TargetTimeout:
            continue
        if _LOGIN.search(shown):
            return
        if not _PASSWORD.search(shown):
            raise Unreachable(
                N_("{name}: somebody is logged in on its console"),
                hint=N_("look who it is, and log out there: dcctl ssh --console {name}"),
                name=name,
            )
        # Somebody gave a user name and went: RETURN refuses that login, and it asks again.
    raise Unreachable(
        N_("{name}: its console does not answer"),
        hint=N_("is the line the right one, and the speed?"),
        name=name,
    )


def log_out(terminal: TunedTerminal, command: str) -> None:
    """Leave the line as it was found; never raises."""
    with suppress(DcctlError):
        terminal.write_line(command)
        terminal.read_until(re.compile(r"Press RETURN|\blogged out"), _GOODBYE_S, _LOGIN)
