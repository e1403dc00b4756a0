"""Ssh: what to become for a session with one target, and who answers its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcctl.errors import NotFound
from dcctl.executors import askpass, interactive
from dcctl.text import N_
from dcctl.workflows.execute import options
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class SshSession:
    """The program to become, what it is told when it asks, and which secrets it must ask for."""

    arguments: tuple[str, ...]
    answers: tuple[askpass.Answer, ...]
    missing: tuple[NotFound, ...]

    def environment(self) -> dict[str, str]:
        """What to add to the environment; from here on somebody waits for ssh's questions."""
        return askpass.serve(self.answers) if self.answers else {}


def ssh_session(
    name: str, services: Services, command: Sequence[str] = (), *, console: bool = False
) -> SshSession:
    """What to become; every host key on the way must be pinned.

    With `console` the session is with the target's line of its console server.

    Raises:
        NotFound: no such target, or it has no console. InvalidInput: a secret that others may read.
        Refused: an auditor asks; nothing would hold him to reading there.
    """
    services.require_no_auditor()
    target = services.estate.target(name)
    connection = target.console if console else target.connection
    if connection is None:
        raise NotFound(
            N_("{name} has no console server"),
            hint=N_("give it `console: {{server: NAME, port: NUMBER}}` in the inventory"),
            name=name,
        )
    settings, base = options(services), services.root
    arguments = interactive.arguments(connection, settings, base=base, command=command)
    answers, missing = askpass.answers(connection, settings, base=base)
    return SshSession(arguments=tuple(arguments), answers=answers, missing=missing)
