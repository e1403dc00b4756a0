"""netmiko's connection for one platform, tuned: it waits for events where netmiko polls and sleeps.

No forced RETURN after login, the prompt is learned from what the login shows, one round trip turns
paging off, reads block on the channel, and closing says no `exit`.
"""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import CommandFailed, TargetTimeout, Unreachable
from dcctl.executors import _console
from dcctl.executors.evidence import redacted
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import paramiko

    from dcctl.contracts import Platform
    from dcctl.executors._stream import Stream
    from dcctl.executors.transport import Link

_TAIL = 600  # bytes in which a prompt is looked for
_CHUNK = 65536
_MOST = 32 * 1024 * 1024  # bytes of one answer; what says more has no end
_ECHOED = 200  # characters of a command that every device shows as they are; longer ones scroll
_KEPT = 65536  # bytes of an exchange that failed, for the session's log
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>78]|\x1b\][^\x07]*\x07|[\x00\x07]|\r")
_SIGNS = ("\x1b", "\x00", "\x07")  # what an escape begins with
_USUAL = r"[\w.\-@/:~ ]{1,80}(?:\([^()\n]*\))?[>#%$]"  # of a platform that states no prompt
_MODE = re.compile(r"(?:\([^()\n]*\))?[>#%$]\s*$")  # what follows the name in a prompt
# What devices write of their own accord, also behind a prompt that is not shown again.
_SYSLOG = (
    r"(?:\s*\n(?=[^\n]*%[A-Z][A-Z0-9_-]*-\d-[A-Z0-9_]+"
    r"|[A-Z][a-z]{2} {1,2}\d+ \d\d:\d\d:\d\d )[^\n]+)*"
)


class TunedTerminal:
    """Mixed into netmiko's class of the platform (`terminal_class`)."""

    _link: Link
    _platform: Platform
    _name: str
    _timeout: float
    remote_conn: paramiko.Channel | Stream
    _serial = False

    def prepare(
        self, name: str, link: Link, platform: Platform, timeout: float, *, serial: bool = False
    ) -> None:
        """Open the shell and log in; call it once, after making the object.

        `serial`: the link leads to a line of a console server, where the login comes first.

        Raises:
            Unreachable, TargetTimeout, CommandFailed.
        """
        self._link, self._platform, self._name, self._timeout = link, platform, name, timeout
        self._any = re.compile(rf"(?:^|\n)(?:{platform.prompt or _USUAL}){_SYSLOG}\s*$")
        self._learned = self._any
        self._said = bytearray()
        self._serial = serial
        self.establish_connection()
        self.session_preparation()

    def establish_connection(self, width: int = 511, height: int = 1000) -> None:
        """Start a shell on the link that is already there, wide enough that nothing wraps."""
        import paramiko

        from dcctl.executors._attended import AttendedTransport
        from dcctl.executors._stream import Stream

        transport = self._link.transport
        try:
            if isinstance(transport, AttendedTransport):
                self.remote_conn = Stream(transport, width, height, self._timeout)
                return
            channel = transport.open_session(timeout=self._timeout)
            channel.settimeout(self._timeout)
            channel.get_pty(term="vt100", width=width, height=height)
            channel.invoke_shell()
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise self._lost(error) from error
        self.remote_conn = channel

    def session_preparation(self) -> None:
        """Learn the prompt from what the login shows, then turn paging off."""
        if self._serial:
            shown = _console.log_in(self, self._name, self._link.login, self._timeout)
        else:
            shown = self.read_until(self._any, self._timeout)
        enable = self._link.login.enable
        if enable and shown.rstrip().endswith(">"):
            self.write_line("enable")
            self.read_until(re.compile(r"assword:\s*$"), self._timeout)
            self.write_line(enable.reveal())
            shown = self.read_until(self._any, self._timeout)
            if shown.rstrip().endswith(">"):
                raise CommandFailed(N_("{name}: enable was refused"), name=self._name)
        self.learn(shown)
        for command in self._platform.setup:
            # A banner may have looked like a prompt: the first answer has the real one.
            self.exchange(command, timeout=self._timeout, any_prompt=True)

    @property
    def any_prompt(self) -> re.Pattern[str]:
        """Any prompt of the platform, at the end of what is shown."""
        return self._any

    @property
    def seen(self) -> str:
        """The last of what was read since something was last sent; of use when that failed."""
        return clean(bytes(self._said[-_KEPT:]))

    def learn(self, shown: str) -> None:
        """Take the last line of `shown` as the prompt to wait for from now on."""
        line = re.sub(rf"{_SYSLOG}\s*$", "", shown).rstrip().rpartition("\n")[2].strip()
        base = _MODE.sub("", line)
        mode = _MODE.pattern.removesuffix(r"\s*$")
        self._learned = re.compile(rf"(?:^|\n){re.escape(base)}{mode}{_SYSLOG}\s*$")

    def exchange(
        self,
        command: str,
        *,
        timeout: float,
        answers: Sequence[tuple[str, str]] = (),
        any_prompt: bool = False,
    ) -> str:
        """Send one command and give its output, without echo and prompt.

        `answers` are replied to; with `any_prompt` the prompt may be another than the learned one.
        """
        self._drop_unasked()
        self.write_line(command)
        prompt = self._any if any_prompt else self._learned
        questions = [re.compile(rf"(?:{question})\s*$") for question, _ in answers]
        text = ""
        for _ in range(10):  # as many questions as any command asks
            echo = command if not text else ""
            text += self.read_until(prompt, timeout, *questions, echo=echo)
            asked = next((n for n, q in enumerate(questions) if q.search(text[-_TAIL:])), None)
            if asked is None:
                break
            self.write_line(answers[asked][1])
            text += "\n"
        if any_prompt:
            self.learn(text)
        return self._stripped(text, command)

    def _stripped(self, text: str, command: str) -> str:
        """`text` without the echo of `command` at its start and the prompt at its end."""
        first, _, rest = text.partition("\n")
        echoed = "\n" not in command and " ".join(command.split()) in " ".join(first.split())
        body = "\n" + (rest if echoed else text)
        return self._any.sub("", body).removeprefix("\n")

    def write_line(self, text: str) -> None:
        """Send `text` and a line end."""
        try:
            self.remote_conn.settimeout(self._timeout)
            ending = _console.ENDING if self._serial else "\n"
            self.remote_conn.sendall((text + ending).encode())
        except (OSError, EOFError) as error:
            raise self._lost(error) from error

    def read_until(self, *patterns: Any, echo: str = "", **_unused: Any) -> str:
        """Block until the cleaned text ends with one of the patterns; all of it.

        Nothing counts before the `echo` of the command was seen: a prompt that stands before it is
        not this command's, and what was read up to it would be another's answer.
        """
        prompt, timeout, *others = patterns
        deadline = clock.monotonic() + timeout
        buffer = self._said = bytearray()
        while True:
            tail = clean(bytes(buffer[-_TAIL:]))
            if buffer and not self.remote_conn.recv_ready():
                matched = any(pattern.search(tail) for pattern in (prompt, *others))
                if matched and (text := clean(bytes(buffer))) and _heard(echo, text):
                    return text
            if len(buffer) > _MOST:
                raise CommandFailed(
                    N_("{name}: the answer has no end; last seen: {last}"),
                    name=self._name,
                    last=_printable(redacted(tail, self._platform)),
                )
            buffer += self._receive(deadline, timeout, tail)

    def _receive(self, deadline: float, timeout: float, tail: str) -> bytes:
        left = deadline - clock.monotonic()
        try:
            if left <= 0:
                raise TimeoutError  # noqa: TRY301 - one place that tells of it
            self.remote_conn.settimeout(left)
            data = self.remote_conn.recv(_CHUNK)
        except TimeoutError as error:
            raise TargetTimeout(
                N_("{name}: no prompt within {seconds} s; last seen: {last}"),
                name=self._name,
                seconds=round(timeout, 1),
                last=_printable(redacted(tail, self._platform)),
            ) from error
        except (OSError, EOFError) as error:
            raise self._lost(error) from error
        if not data:
            raise self._lost(None)
        return data

    def _drop_unasked(self) -> None:
        """Forget what the device said on its own between two commands, such as a log line."""
        while self.remote_conn.recv_ready():
            if not self.remote_conn.recv(_CHUNK):
                raise self._lost(None)

    def _lost(self, error: Exception | None) -> Unreachable:
        return Unreachable(
            N_("{name}: the session was lost ({error})"),
            name=self._name,
            error=str(error) or type(error).__name__ if error else "closed by the device",
        )

    def disconnect(self) -> None:
        """Close the channel and the link at once; only a serial line is logged out first."""
        if self._serial:
            _console.log_out(self, self._platform.logout)
        self._link.close()


def _heard(command: str, text: str) -> bool:
    """Whether `text` has the echo of `command`, where a device shows it as it was sent."""
    if not command.strip() or len(command) > _ECHOED or "\n" in command:
        return True
    if command in text[: _TAIL + len(command)]:
        return True
    return "".join(command.split()) in "".join(text[: _KEPT + len(command)].split())


@cache
def terminal_class(netmiko_type: str) -> type[Any]:
    """Give netmiko's class for `netmiko_type`, tuned."""
    from netmiko.ssh_dispatcher import ssh_dispatcher

    base = ssh_dispatcher(netmiko_type)
    return type(f"Tuned{base.__name__}", (TunedTerminal, base), {})


def open_terminal(
    name: str,
    link: Link,
    platform: Platform,
    timeout: float,
    failed: Callable[[str], None] = lambda _seen: None,
    *,
    serial: bool = False,
) -> TunedTerminal:
    """A prepared terminal on `link`.

    When it can't be had the link is closed, and `failed` is told what was last seen.
    """
    terminal: Any = terminal_class(platform.netmiko_type)(
        host=name, device_type=platform.netmiko_type, auto_connect=False
    )
    # One filter a connection would stay on netmiko's logger for ever; no secret reaches it.
    logging.getLogger("netmiko").removeFilter(terminal._secrets_filter)  # noqa: SLF001 - netmiko has no other way
    try:
        terminal.prepare(name, link, platform, timeout, serial=serial)
    except BaseException:
        failed(terminal.seen)
        link.close()
        raise
    prepared: TunedTerminal = terminal
    return prepared


def clean(data: bytes) -> str:
    """What a person would see: no escape sequences, no carriage returns, backspaces applied."""
    text = data.decode("utf-8", "replace").replace("\r", "")
    if any(sign in text for sign in _SIGNS):  # most output has nothing but text
        text = _ESCAPES.sub("", text)
    if "\b" not in text:
        return text
    shown: list[str] = []
    for character in text:  # one pass: a device may send megabytes of them
        if character != "\b":
            shown.append(character)
        elif shown and shown[-1] != "\n":
            shown.pop()
    return "".join(shown)


def _printable(text: str) -> str:
    last = text.strip().rpartition("\n")[2]
    return "".join(c if c.isprintable() else "." for c in last)[-80:] or "nothing"
