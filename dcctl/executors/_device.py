"""An open session with one device: guarded while it reads, logged, its failures recognised."""

from __future__ import annotations

import os
import re
import shlex
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import clock, secrets
from dcctl.errors import (
    CommandFailed,
    CommandRefused,
    NotFound,
    TargetError,
    Unreachable,
)
from dcctl.executors import credentials, guard, transport
from dcctl.executors._judging import judge
from dcctl.executors._program import run_program
from dcctl.executors._terminal import TunedTerminal, open_terminal
from dcctl.executors.evidence import redacted
from dcctl.model.event import SESSION_LOG
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Context, Platform
    from dcctl.executors.transport import Link
    from dcctl.facts.transport import Transport
    from dcctl.model.target import Target

_COMMAND = 60.0  # seconds, unless options.timeouts.command says otherwise
_MOST = 4 * 1024 * 1024  # bytes of a host program's output


class DeviceSession:
    """contracts.Session over a tuned netmiko terminal; opened for reading."""

    def __init__(
        self, target: Target, platform: Platform, context: Context, *, console: bool = False
    ) -> None:
        self.target, self.platform, self._context = target, platform, context
        self._timeout = float(context.options.get("timeouts", {}).get("command", _COMMAND))
        self._read_only = True
        self._log = _log_file(context, target.name)
        self._logging = bool(context.options.get("session_log") or os.environ.get(SESSION_LOG))
        self.console = console
        link = _console_link(target, context) if console else _link(target, context)
        self._shell = link.login.shell
        self._agreed = link.agreed
        self._terminal: TunedTerminal = open_terminal(
            target.name,
            link,
            platform,
            self._timeout,
            lambda seen: self._write_log("", seen),
            serial=console,
        )
        self.alive = True

    @property
    def read_only(self) -> bool:
        """Whether everything that is not on the platform's read-only list is refused."""
        return self._read_only

    @property
    def agreed(self) -> Transport:
        """What its SSH was agreed on.

        Raises:
            Unreachable: this is its console, and the SSH is the console server's.
        """
        if self.console:
            raise Unreachable(
                N_("{name}: read over its console; its own SSH is not to be had"),
                name=self.target.name,
            )
        return self._agreed

    @contextmanager
    def changing(self) -> Iterator[DeviceSession]:
        """Let changes through inside the block.

        Raises:
            CommandRefused: over a console nothing is changed.
        """
        if self.console:
            raise CommandRefused(
                N_("{name}: nothing is changed over its console"), name=self.target.name
            )
        self._read_only = False
        try:
            yield self
        finally:
            self._read_only = True

    def send(self, command: str, *, timeout: float | None = None) -> str:
        """One command at the operational prompt; see contracts.Session."""
        if self._read_only:
            command = guard.permit(self.platform, command)
        return self._exchange(command, timeout)

    def configure(
        self,
        lines: Sequence[str],
        *,
        enter: str = "",
        timeout: float | None = None,
        stay: bool = False,
    ) -> str:
        """Configuration lines, each answered before the next; see contracts.Session."""
        if self._read_only:
            raise CommandRefused(
                N_("{platform}: not a read-only command: {command}"),
                platform=self.platform.name,
                command=(enter or self.platform.enter)[:60],
            )
        answers = [self._exchange(enter or self.platform.enter, timeout, mode=True)]
        done = False
        try:
            answers.extend(self._exchange(line, timeout, mode=True) for line in lines)
            done = True
        finally:
            if self.alive and not (stay and done):
                self._exchange(self.platform.leave, timeout, mode=True)
        return "\n".join(answer for answer in answers if answer.strip())

    def host(self, arguments: Sequence[str], *, stdin: str = "") -> str:
        """Run one program on the host beneath the command line; see contracts.Session."""
        if self._read_only:
            guard.permit_host(self.platform, shlex.join((*arguments, *((stdin,) if stdin else ()))))
        if not self._shell:
            raise NotFound(
                N_("{name}: credential {credential} names no shell account"),
                hint=N_("give it `shell: NAME`, a credential that logs in to the host's shell"),
                name=self.target.name,
                credential=self.target.connection.credential,
            )
        link = transport.connect(
            self.target.connection, self._context, credential=self._shell, target=self.target.name
        )
        if link.login.become and link.login.username != "root":
            arguments = ("sudo", "-n", *arguments)
        try:
            status, output = run_program(
                self.target.name,
                link,
                shlex.join(arguments),
                stdin,
                timeout=self._timeout,
                most=_MOST,
            )
        finally:
            link.close()
        if status != 0:
            raise CommandFailed(
                N_("{name}: {command}: status {status}: {answer}"),
                name=self.target.name,
                command=shlex.join(arguments)[:120],
                status=status,
                answer=redacted(output, self.platform).strip()[-200:],
            )
        return output

    def close(self) -> None:
        """End the session; never raises."""
        self.alive = False
        self._terminal.disconnect()

    def _exchange(self, command: str, timeout: float | None, *, mode: bool = False) -> str:
        try:
            answer = self._terminal.exchange(
                command,
                timeout=timeout or self._timeout,
                answers=() if self._read_only else self.platform.answers,
                any_prompt=mode,
            )
        except TargetError as error:
            # What went wrong on a line can't be had again: it is kept also when nobody asked.
            self._write_log(command, f"{self._terminal.seen}\n!! {error}")
            self.close()  # what comes next on it could be the answer to something else
            raise
        if self._logging:
            self._write_log(command, answer)
        judge(self.platform, self.target.name, command, answer)
        return answer

    def _write_log(self, command: str, answer: str) -> None:
        self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = f"{clock.now().isoformat()} > {command}\n{answer}\n"
        handle = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(redacted(secrets.redact(text), self.platform))


def _link(target: Target, context: Context) -> Link:
    return transport.connect(target.connection, context, target=target.name, attended=True)


def _console_link(target: Target, context: Context) -> Link:
    """A link to the target's line of its console server; the login still to come is the target's.

    Raises:
        NotFound: it has none. Unreachable and the like: of the console server.
    """
    if target.console is None:
        raise NotFound(
            N_("{name} has no console server"),
            hint=N_("give it `console: {{server: NAME, port: NUMBER}}` in the inventory"),
            name=target.name,
        )
    base = Path(context.site_root)
    who = credentials.login(context.options, target.connection.credential, base=base)
    link = transport.connect(target.console, context, target=target.name, console=True)
    link.login = replace(who, shell="")
    return link


def _log_file(context: Context, name: str) -> Path:
    return Path(context.folder) / "sessions" / f"{re.sub(r'[^A-Za-z0-9._-]', '_', name)}.log"


def load() -> None:
    """Import beforehand what the first session would."""
    from netmiko import ssh_dispatcher

    del ssh_dispatcher
