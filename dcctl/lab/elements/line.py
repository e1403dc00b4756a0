"""A serial port: it wakes at RETURN, asks who is there, and is a terminal until the logout.

What is left logged in stays so, whoever connects next: as at real gear.
"""

from __future__ import annotations

from collections.abc import Callable

from dcctl.lab.elements.console import Console
from dcctl.lab.elements.network import ElementDownError, Network

_ENTER = "\r\n"
_AVAILABLE = "\r\n\r\n{name} con0 is now available\r\n\r\nPress RETURN to get started.\r\n\r\n"


class Line:
    """The port of one element; `write` is what shows on the screen of whoever is connected."""

    def __init__(self, network: Network, name: str, admits: Callable[[str, str], bool]) -> None:
        self.write: Callable[[str], None] = lambda _text: None
        self._network, self._name, self._admits = network, name, admits
        self._asks = ""  # user | password; nothing: it sleeps, or somebody is in
        self._typed = self._user = ""
        self._console: Console | None = None
        self._after_return = False

    def type(self, key: str) -> None:
        """One key."""
        follows = key == "\n" and self._after_return
        self._after_return = key == "\r"
        if follows:
            return
        try:
            if self._console:
                self._console.type(key)
                if self._console.closed:
                    self._leave()
            elif not self._asks:
                self._wake(key)
            elif key in _ENTER:
                self._answered()
            else:
                self._typed += key
                if self._asks == "user":
                    self.write(key)
        except ElementDownError:
            self._console, self._asks = None, ""  # it boots, and says nothing

    def _wake(self, key: str) -> None:
        if key in _ENTER and self._network.alive(self._name):
            self._ask("user")

    def _ask(self, what: str) -> None:
        system = self._network.elements[self._name].chassis.system
        user = "\r\nUsername: " if system.startswith(("cisco", "huawei")) else "\r\nlogin: "
        self._asks, self._typed = what, ""
        self.write(user if what == "user" else "\r\nPassword: ")

    def _answered(self) -> None:
        if self._asks == "user":
            self._user = self._typed
            self._ask("password" if self._user else "user")
        elif self._admits(self._user, self._typed):
            self._asks = self._typed = ""
            self.write("\r\n")
            terminal = self._network.login(self._name, self._user, "console")
            self._console = Console(self._network, self._name, terminal, self._show)
            self._console.open()
        else:
            self.write("\r\n% Login incorrect\r\n")
            self._ask("user")

    def _show(self, text: str) -> None:
        self.write(text)  # of whoever is there by then

    def _leave(self) -> None:
        if self._console:
            self._network.logout(self._name, self._console.terminal)
        self._console = None
        self.write(_AVAILABLE.format(name=self._name))
