"""A session with an element without any socket: whole runs become functions of a seed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dcctl import clock
from dcctl.errors import (
    AuthenticationFailed,
    CommandFailed,
    CommandRefused,
    NotFound,
    TargetTimeout,
    Unreachable,
)
from dcctl.lab.elements.console import Console
from dcctl.lab.elements.network import ElementDownError, Network
from dcctl.lab.elements.software import Fetch
from dcctl.sieve import first_match, sieves
from dcctl.text import N_

_QUESTIONS = 8  # no command asks more
_PATIENCE_S = 3600.0  # of this clock, for a command that nobody gave a timeout


class InProcessSession:
    """A `contracts.Session` over a network in this process.

    `allowed` are the read-only commands as regular expressions (empty: everything may be sent);
    `failures` are searched in each answer; `answers` are (question, reply), as a platform has them.
    With `console` it is at the serial port, which needs no service.
    """

    def __init__(
        self,
        network: Network,
        name: str,
        *,
        user: str = "netops",
        console: bool = False,
        read_only: bool = False,
        allowed: Sequence[str] = (),
        failures: Sequence[str] = (),
        enter: str = "configure terminal",
        leave: str = "end",
        answers: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._name, self._read_only = name, read_only
        self._allowed = [re.compile(one) for one in allowed]
        self._failures = sieves(tuple(failures))
        self._enter, self._leave = enter, leave
        self._answers = [(re.compile(question), reply) for question, reply in answers]
        self._screen: list[str] = []
        self._network = network
        stopped = network.faults[name].service_stopped and not console
        if stopped or not network.alive(name):
            raise Unreachable(N_("{target} refuses connections"), target=name)
        if network.faults[name].refuse_auth and not console:
            raise AuthenticationFailed(
                N_("{address}: login of {user} refused (tried: {tried})"),
                address=name,
                user=user,
                tried="password",
            )
        try:
            terminal = network.login(name, user, "console" if console else "127.0.0.1")
        except ElementDownError as error:
            raise Unreachable(N_("{target} refuses connections"), target=name) from error
        self._console = Console(network, name, terminal, self._screen.append, line_end="\n")
        self._console.unpaged()

    @property
    def read_only(self) -> bool:
        """Whether only what is allowed may be sent."""
        return self._read_only

    def send(self, command: str, *, timeout: float | None = None) -> str:
        """One command; its output without echo and prompt.

        Raises:
            CommandRefused, CommandFailed, TargetTimeout, Unreachable: as the contract says.
        """
        if self._read_only and not any(one.fullmatch(command) for one in self._allowed):
            raise CommandRefused(N_("{command} is not on the read-only list"), command=command)
        text = self._type(command, timeout)
        self._judge(command, text)
        return text

    def configure(
        self,
        lines: Sequence[str],
        *,
        enter: str = "",
        timeout: float | None = None,
        stay: bool = False,
    ) -> str:
        """Lines in configuration mode, entered by `enter` or the session's own way.

        With `stay` the mode is left only when a line was refused.

        Raises:
            CommandRefused, CommandFailed, TargetTimeout, Unreachable: as the contract says.
        """
        if self._read_only:
            raise CommandRefused(N_("a read-only session changes nothing"))
        written = [self._type(enter or self._enter, timeout)]
        self._judge(enter or self._enter, written[0])
        done = False
        try:
            for line in lines:
                text = self._type(line, timeout)
                self._judge(line, text)
                written.append(text)
            done = True
        finally:
            if not (stay and done):
                written.append(self._type(self._leave, timeout))
        return "".join(written)

    def _type(self, line: str, timeout: float | None) -> str:
        faults = self._network.faults[self._name]
        if faults.hang or (timeout is not None and faults.slow_s > timeout):
            raise TargetTimeout(N_("{target} does not answer"), target=self._name)
        self._screen.clear()
        until = clock.monotonic() + (_PATIENCE_S if timeout is None else timeout)
        try:
            self._network.advance()
            self._connected()
            self._wait(until)
            for one in line.split("\n"):  # each line end is one, as on a wire
                self._console.submit(one)
                self._wait(until)
            self._reply(until)
        except ElementDownError as error:
            raise Unreachable(N_("{target} is gone"), target=self._name) from error
        text = "".join(self._screen)
        return text if self._console.closed else text.removesuffix(self._console.prompted)

    def _wait(self, until: float) -> None:
        """Until the terminal takes a line again: what it waits for is done, in virtual time."""
        while awaits := self._console.terminal.awaits:
            if isinstance(awaits, Fetch):
                result = self._network.mirror(awaits)
                self._sleep(result.seconds, until)
                self._console.resume(result)
                continue
            left = self._network.left(self._name, awaits)
            self._sleep(left, until)
            self._connected()
            if self._network.left(self._name, awaits) <= 0:
                self._console.resume(None)

    def _connected(self) -> None:
        """A session does not outlive a boot."""
        number = self._console.terminal.number
        if number not in self._network.terminals[self._name]:
            raise ElementDownError(self._name)

    def _sleep(self, seconds: float, until: float) -> None:
        patience = until - clock.monotonic()
        clock.sleep(max(0.0, min(seconds, patience)))
        if seconds > patience:
            raise TargetTimeout(N_("{target} does not answer"), target=self._name)

    def _reply(self, until: float) -> None:
        """Answer what the element asks, as long as an answer is known."""
        for _ in range(_QUESTIONS):
            terminal = self._console.terminal
            known = (reply for asked, reply in self._answers if asked.search(terminal.question))
            reply = next(known, None) if terminal.pending else None
            if reply is None or self._console.closed:
                return
            self._console.submit(reply)
            self._wait(until)

    def _judge(self, command: str, text: str) -> None:
        if found := first_match(self._failures, text):
            raise CommandFailed(
                N_("{target} refused {command}: {answer}"),
                target=self._name,
                command=command,
                answer=found.group().strip(),
            )

    def host(self, arguments: Sequence[str], *, stdin: str = "") -> str:
        """Nothing lies beneath a simulated element's command line.

        Raises:
            NotFound: always.
        """
        del stdin
        raise NotFound(
            N_("{target} has no shell for {program}"), target=self._name, program=arguments[0]
        )

    def close(self) -> None:
        """Log out."""
        self._network.logout(self._name, self._console.terminal)
