"""A terminal's keyboard and screen: echo, line editing and pager around the pure machine.

Both wires use it: SSH feeds it what arrives, the in-process session types whole lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Terminal
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.software import Fetch, Fetched, Wait

_ENTER, _ERASE = "\r\n", ("\x7f", "\x08")
_KILL_LINE, _KILL_WORD, _INTERRUPT, _END_OF_INPUT, _SUSPEND = "\x15", "\x17", "\x03", "\x04", "\x1a"


class Console:
    """One login at one element.

    `write` takes text with CRLF line ends (or others); `answered` counts commands, `prompted` is
    the prompt that was shown last.
    """

    def __init__(
        self,
        network: Network,
        name: str,
        terminal: Terminal,
        write: Callable[[str], None],
        *,
        line_end: str = "\r\n",
    ) -> None:
        self.network, self.name, self.terminal = network, name, terminal
        self.answered = 0
        self.prompted = ""
        self._line_end = line_end
        self._system = network.system(name)
        self._write = write
        self._line = ""
        self._after_return = False
        self._escape = 0
        self._pages: list[str] = []

    @property
    def closed(self) -> bool:
        """Whether the element ended the session."""
        return self.terminal.closed

    def open(self) -> None:
        """What is shown after authentication, then the first prompt."""
        element = self.network.elements[self.name]
        view = self.network.view(self.name)
        self._show(self._system.greeting(element, self.terminal, view))
        self._prompt()

    def prompt(self) -> str:
        """The prompt as it stands now."""
        text = self._system.prompt(self.network.elements[self.name], self.terminal)
        other = self.network.faults[self.name].wrong_prompt
        if other and self.answered:
            intent = self.network.intent(self.name)
            text = text.replace(intent.hostname if intent else self.name, other)
        return text

    def ends_line(self, key: str) -> bool:
        """Whether this key would hand something to the element."""
        return key in _ENTER or self.terminal.expects == "key"

    def type(self, key: str) -> None:
        """One key."""
        if self.terminal.awaits and not self._caught_up(self.terminal.awaits):
            return
        if key == "\n" and self._after_return:
            self._after_return = False
            return
        self._after_return = key == "\r"
        if self._pages:
            self._page_key(key)
        elif self.terminal.expects == "key":
            self.submit(key)
        elif key in _ENTER:
            self._write("\r\n")
            line, self._line = self._line, ""
            self.submit(line)
        else:
            self._edit(key)

    def _caught_up(self, awaits: Fetch | Wait) -> bool:
        """Nobody waits at a serial line, so it is looked at when somebody types."""
        if isinstance(awaits, Wait) and self.network.left(self.name, awaits) > 0:
            return False
        self.resume(None if isinstance(awaits, Wait) else Fetched(trouble="unreachable"))
        return not self.terminal.awaits

    def _edit(self, key: str) -> None:
        if key == "\x1b" or self._escape:
            # An arrow key is ESC [ A: swallowed, as there is no history.
            self._escape = 2 if key == "\x1b" else self._escape - 1
        elif key in _ERASE:
            if self._line:
                self._line = self._line[:-1]
                self._echo("\b \b")
        elif key == _KILL_LINE:
            self._echo("\b \b" * len(self._line))
            self._line = ""
        elif key == _KILL_WORD:
            kept = self._line.rstrip().rpartition(" ")
            shorter = kept[0] + kept[1]
            self._echo("\b \b" * (len(self._line) - len(shorter)))
            self._line = shorter
        elif key in (_INTERRUPT, _SUSPEND, _END_OF_INPUT):
            self._line = ""
            self._write("\r\n" if key == _END_OF_INPUT else f"^{chr(ord(key) + 64)}\r\n")
            self.submit(key)
        elif key == "?" and not self.terminal.pending and '"' not in self._line:
            self._help()
        elif key.isprintable():
            self._line += key
            self._echo(key)

    def _help(self) -> None:
        line = self._line
        self._echo("?")
        self._write("\r\n")
        self.submit(f"{line}?", counts=False)
        self._line = line
        self._write(line)

    def _echo(self, text: str) -> None:
        if self.terminal.expects != "hidden":
            self._write(text)

    def submit(self, line: str, *, counts: bool = True) -> None:
        """Hand a line (or key) to the element and show what it answers."""
        reply = self.network.send(self.name, self.terminal, line)
        self.terminal = reply.terminal
        self.answered += counts
        self._show(reply.text)
        self._shown()

    def resume(self, result: Fetched | None) -> None:
        """What the terminal waited for came to its end; show what follows."""
        reply = self.network.resume(self.name, self.terminal, result)
        self.terminal = reply.terminal
        self._show(reply.text)
        self._shown()

    def _shown(self) -> None:
        if not self.closed and not self._pages and not self.terminal.awaits:
            self._prompt()

    def _prompt(self) -> None:
        self.prompted = self._ended(self.prompt())
        self._write(self.prompted)

    def _show(self, text: str) -> None:
        length = self.terminal.length
        rows = text.splitlines(keepends=True) if length else []
        if length and len(rows) >= length:
            self._pages = rows
            self._page(length - 1)
        else:
            self._write(self._ended(text))

    def _ended(self, text: str) -> str:
        return text if self._line_end == "\n" else text.replace("\n", self._line_end)

    def _page(self, count: int) -> None:
        rows, self._pages = self._pages[:count], self._pages[count:]
        self._write(self._ended("".join(rows)))
        if self._pages:
            self._write(self._system.more)

    def _page_key(self, key: str) -> None:
        width = len(self._system.more)
        self._write("\r" + " " * width + "\r")
        if key == " ":
            self._page(max(1, self.terminal.length - 1))
        elif key in _ENTER:
            self._page(1)
        else:
            self._pages = []
        if not self._pages:
            self._prompt()

    def unpaged(self) -> None:
        """No pager in this session (a command given with the connection, or a program)."""
        self.terminal = replace(self.terminal, length=0)
