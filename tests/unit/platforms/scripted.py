"""A session that answers from a script: what is not in it is an error of the test."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from dcctl.contracts import Platform
from dcctl.errors import CommandFailed, CommandRefused, TargetTimeout, Unreachable
from dcctl.executors import guard

LOST, SILENT = "!lost", "!silent"


class ScriptedSession:
    """contracts.Session; `changes` is what was sent that is not on the read-only list."""

    def __init__(self, platform: Platform, answers: Mapping[str, Any]) -> None:
        self.platform, self.answers = platform, dict(answers)
        self.read_only = False
        self.changes: list[str] = []
        self.timeouts: dict[str, float | None] = {}

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Refuse what changes, as a session opened for reading does."""
        self.read_only = True
        try:
            yield
        finally:
            self.read_only = False

    def send(self, command: str, *, timeout: float | None = None) -> str:
        try:
            guard.permit(self.platform, command)
        except CommandRefused:
            if self.read_only:
                raise
            self.changes.append(command)
        self.timeouts[command] = timeout
        return self._checked(command, self._answer(command))

    def configure(
        self,
        lines: Sequence[str],
        *,
        enter: str = "",
        timeout: float | None = None,
        stay: bool = False,
    ) -> str:
        del timeout, stay
        assert not self.read_only
        self.changes += [f"[{enter or self.platform.enter}] {line}" for line in lines]
        return "\n".join(self._checked(line, self._answer(line, "")) for line in lines)

    def host(self, arguments: Sequence[str], *, stdin: str = "") -> str:
        command = " ".join(arguments)
        if self.read_only:
            guard.permit_host(self.platform, shlex.join((*arguments, *((stdin,) if stdin else ()))))
        else:
            self.changes.append(
                f"$ {command}" + (" < " + "; ".join(stdin.split("\n")) if stdin else "")
            )
        return self._checked(command, self._answer(f"$ {command}", ""))

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, command: str, otherwise: str | None = None) -> str:
        answer = self.answers.get(command, otherwise)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        assert answer is not None, f"nothing to answer to: {command}"
        return str(answer)

    def _checked(self, command: str, answer: str) -> str:
        if answer == LOST:
            raise Unreachable("the session was lost")
        if answer == SILENT:
            raise TargetTimeout("no prompt")
        if any(re.search(p, answer, re.MULTILINE) for p in self.platform.failures):
            raise CommandFailed("{command}: {answer}", command=command, answer=answer[:80])
        return answer
