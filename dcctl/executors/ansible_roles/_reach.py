"""Why a target can't be reached, where Ansible keeps ssh's words to itself: asked once, by us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.errors import AuthenticationFailed, DcctlError, HostKeyRejected, TargetTimeout
from dcctl.executors import hostkeys
from dcctl.executors._beneath import host_of
from dcctl.executors.ansible_roles import _words
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.contracts import Context
    from dcctl.model.target import Target


class Reach:
    """Tells why a target is unreachable; looks for itself, at most once, where it was not said.

    When ssh ends before Ansible has written to it, all that Ansible tells is a broken pipe.
    """

    def __init__(self, context: Context, targets: Mapping[str, Target]) -> None:
        self._context = context
        self._targets = targets
        self._found: dict[str, Text] = {}

    def why(self, name: str, message: str) -> Text:
        """The reason, in words that do not depend on who found it out."""
        said = _words.unreachable(message, name)
        behind = bool(self._targets[name].connection.jump)
        if said is not None and not (behind and said.msgid == _words.BEFORE_LOGIN):
            return said
        if name not in self._found:
            self._found[name] = self._look(name, message)
        return self._found[name]

    def _look(self, name: str, message: str) -> Text:
        from dcctl.executors import transport

        target = self._targets[name]
        if target.variables.get("ansible_connection") == "local" and not self._context.lab:
            return _words.broken_off(message)
        try:
            host = host_of(target, self._context.options)
            transport.connect(host.connection, self._context).close()
        except DcctlError as error:
            return _told(error, target)
        return _words.broken_off(message)


def _told(error: DcctlError, target: Target) -> Text:
    if "jump" in error.text.params:
        return error.text  # it is about a jump host, which it names
    connection, about = target.connection, {"target": target.name}
    if isinstance(error, HostKeyRejected):
        pinned = hostkeys.known(connection.known_hosts, hostkeys.alias(connection))
        return Text(_words.KEY_CHANGED if pinned else _words.KEY_UNKNOWN, about)
    if isinstance(error, AuthenticationFailed):
        return Text(_words.REFUSED, about)
    if isinstance(error, TargetTimeout):
        return Text(_words.LATE, about)
    said = _words.unreachable(str(error.text), target.name)
    return said or Text(N_("unreachable: {reason}"), {"reason": str(error.text)})
