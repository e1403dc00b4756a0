"""A shell on an attended transport: what a terminal needs of a paramiko channel, and no more."""

# ruff: noqa: SLF001 - paramiko's channel waits for a thread everywhere but in its private parts
from __future__ import annotations

from typing import Any

import paramiko
from paramiko import common

from dcctl import clock
from dcctl.executors._attended import ATTENDANT, AttendedTransport


class Stream:
    """A shell on an attended transport; like a paramiko channel, as far as a terminal needs one."""

    def __init__(
        self, transport: AttendedTransport, width: int, height: int, timeout: float
    ) -> None:
        self._transport = transport
        transport.open_timeout = timeout
        self._channel: Any = transport.open_session(timeout=timeout)
        self.settimeout(timeout)
        self._request("pty-req", _pty(width, height))
        self._request("shell", b"")  # at once, as OpenSSH does: the answers come in order
        self._granted()
        self._granted()
        ATTENDANT.join(transport)

    def settimeout(self, seconds: float) -> None:
        """The time that one call of the others may take."""
        self._timeout = seconds

    def recv_ready(self) -> bool:
        """Whether something is there already."""
        if not self._channel.recv_ready():
            self._transport.attend_now()
        return bool(self._channel.recv_ready())

    def recv(self, most: int) -> bytes:
        """What comes next; nothing: it was closed. Raises TimeoutError."""
        channel = self._channel

        def there() -> bool:
            return bool(channel.recv_ready() or channel.closed or channel.eof_received)

        self._transport.attend(there, clock.monotonic() + self._timeout)
        if not channel.recv_ready():
            return b""
        received: bytes = channel.recv(most)
        return received

    def sendall(self, data: bytes) -> None:
        """Send all of it, as the device makes room. Raises OSError, TimeoutError."""
        channel = self._channel

        def room() -> bool:
            return bool(channel.out_window_size > 0 or channel.closed)

        while data:
            self._transport.attend(room, clock.monotonic() + self._timeout)
            if channel.closed or not self._transport.is_active():
                raise OSError("Socket is closed")
            data = data[channel.send(data) :]

    def _request(self, kind: str, content: bytes) -> None:
        message = paramiko.Message()
        message.add_byte(common.cMSG_CHANNEL_REQUEST)
        message.add_int(self._channel.remote_chanid)
        message.add_string(kind)
        message.add_boolean(True)  # noqa: FBT003 - the protocol's own: it is to be answered
        message.add_bytes(content)
        self._transport._send_user_message(message)

    def _granted(self) -> None:
        """Take the answer to the first request that has none."""
        channel = self._channel
        self._transport.attend(channel.event.is_set, clock.monotonic() + self._timeout)
        if channel.closed or not channel.event_ready:
            raise self._transport.get_exception() or paramiko.SSHException("Channel closed.")
        channel._event_pending()


def _pty(width: int, height: int) -> bytes:
    content = paramiko.Message()
    content.add_string("vt100")
    for number in (width, height, 0, 0):
        content.add_int(number)
    content.add_string(b"")
    return content.asbytes()
