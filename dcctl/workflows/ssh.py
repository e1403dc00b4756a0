"""Ssh: what to become for a session with one target, and who answers its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcctl.errors import NotFound
from dcctl.executors import askpass, interactive
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


def ssh_session(name: str, services: Services, command: Sequence[str] = ()) -> SshSession:
    """What to become; the host key must be pinned.

    Raises:
        NotFound: no such target. InvalidInput: a secret that others may read.
    """
    target = services.estate.target(name)
    settings = options(services)
    arguments = interactive.arguments(target, settings, base=services.root)
    answers, missing = askpass.answers(target, settings, base=services.root)
    return SshSession(arguments=(*arguments, *command), answers=answers, missing=missing)
