"""paramiko's transport without a thread of its own: who waits for an answer reads the socket.

With a thread a transport, each packet wakes one thread that wakes another, and hundreds of them
pass the interpreter's lock round. Here the one thread that works on a device reads its packets,
many at a read. What a device asks meanwhile (is the client still there?) is answered by one
attendant thread for all sessions that nobody is reading from.

Only for links that one thread works on at a time, straight over TCP: device sessions.
"""

# ruff: noqa: SLF001 - stands in for paramiko's own loop, whose parts have private names
from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import paramiko
from paramiko import common
from paramiko.packet import NeedRekeyException

from dcctl import clock
from dcctl.executors._crypto import AgreedTransport
from dcctl.executors._packets import COMPUTING, REST_OF_PACKET_S, Packets

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

_ATTEND_EVERY_S = 5.0  # of real time; servers ask after 15 s at the least


class AttendedTransport(AgreedTransport):
    """Reads its socket in the thread that waits; see the module."""

    def __init__(self, sock: socket.socket, **options: Any) -> None:
        super().__init__(sock, packetizer_class=Packets, **options)
        self._turn = threading.RLock()
        self._inside = False
        self.open_timeout = REST_OF_PACKET_S  # of a channel
        self._own: Any = self  # paramiko's own names, which no stub tells of

    def start_client(self, event: Any = None, timeout: float | None = None) -> None:
        """Exchange keys; when the time is over `initial_kex_done` is still false."""
        del event
        deadline = clock.monotonic() + (timeout or REST_OF_PACKET_S)
        own = self._own
        own.active = True
        own.completion_event = done = threading.Event()
        own.packetizer.deadline = deadline
        try:
            with self._reading():
                own.packetizer.write_all(f"{own.local_version}\r\n".encode())
                own._check_banner()
                own._send_kex_init()
                own._expect_packet(common.MSG_KEXINIT)
        except Exception as error:
            self._end(error)
            raise
        with suppress(TimeoutError):
            self.attend(done.is_set, deadline)
        if not own.active:
            raise own.get_exception() or paramiko.SSHException("Negotiation failed.")

    def attend(self, done: Callable[[], bool], deadline: float) -> None:
        """Take packets until `done`, or the connection has ended.

        Raises:
            TimeoutError: the deadline passed first.
        """
        packets: Packets = self._own.packetizer
        with self._reading():
            while self._own.active and not done():
                packets.deadline = deadline
                try:
                    packets.await_some()
                    self._take()
                except TimeoutError:
                    raise
                except Exception as error:  # noqa: BLE001 - as paramiko's thread: kept, to be asked for
                    self._end(error)

    def attend_now(self) -> None:
        """Take the packets that are there already."""
        packets: Packets = self._own.packetizer
        with self._reading():
            try:
                while self._own.active and packets.there():
                    packets.deadline = clock.monotonic() + REST_OF_PACKET_S
                    self._take()
            except Exception as error:  # noqa: BLE001 - as above; half a packet makes the rest void
                self._end(error)

    def attend_if_idle(self) -> None:
        """The same, unless somebody is reading."""
        if self._turn.acquire(blocking=False):
            try:
                self.attend_now()
            finally:
                self._turn.release()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Be the one who reads this socket, and the one who computes; also inside itself."""
        with self._turn:
            if self._inside:
                yield
                return
            self._inside = True
            try:
                with COMPUTING:
                    yield
            finally:
                self._inside = False

    def close(self) -> None:
        """End it, also for a thread that waits in it."""
        ATTENDANT.leave(self)
        with suppress(OSError):
            self._own.sock.shutdown(2)
        super().close()
        self._own.sock.close()

    # --- paramiko's places where it waits for its thread

    def _send_message(self, data: Any) -> None:
        self._own.packetizer.send_message(data)
        if data.asbytes()[:1] == common.cMSG_SERVICE_REQUEST:
            deadline = clock.monotonic() + self.auth_timeout
            try:
                self.attend(self._own.auth_handler.auth_event.is_set, deadline)
            except TimeoutError as error:
                message = "Authentication timeout."
                raise paramiko.AuthenticationException(message) from error

    def _send_user_message(self, data: Any) -> None:
        own = self._own
        if not own.clear_to_send.is_set():  # keys are being exchanged anew
            self.attend(own.clear_to_send.is_set, clock.monotonic() + own.clear_to_send_timeout)
        content = data.asbytes()
        if not own.active:
            return
        self._send_message(data)
        if content[:1] == common.cMSG_CHANNEL_OPEN:
            number = paramiko.Message(content[1:])
            number.get_text()
            event = own.channel_events[number.get_int()]
            self.attend(event.is_set, clock.monotonic() + self.open_timeout)

    # --- one packet

    def _take(self) -> None:
        """Read one packet and act on it: the inside of the loop in paramiko's `Transport.run`."""
        own = self._own
        if own.packetizer.need_rekey() and not own.in_kex:
            own._send_kex_init()
        try:
            kind, message = own.packetizer.read_message()
        except NeedRekeyException:
            return
        if kind in (common.MSG_IGNORE, common.MSG_DEBUG):
            own._enforce_strict_kex(kind)
            return
        if kind == common.MSG_DISCONNECT:
            own._parse_disconnect(message)
            raise EOFError
        if own._expected_packet:
            if kind not in own._expected_packet:
                raise paramiko.SSHException(f"Expecting {own._expected_packet!r}, got {kind}")
            own._expected_packet = ()
            if 30 <= kind <= 41:  # noqa: PLR2004 - RFC 4250: of the key exchange's method
                own.kex_engine.parse_next(kind, message)
                return
        self._dispatch(kind, message)

    def _dispatch(self, kind: int, message: Any) -> None:
        own = self._own
        if kind in own._handler_table:
            own._handler_table[kind](message)
        elif kind in own._channel_handler_table:
            number = message.get_int()
            channel = own._channels.get(number)
            if channel is not None:
                own._channel_handler_table[kind](channel, message)
            elif number not in own.channels_seen:
                raise paramiko.SSHException(f"a packet for unknown channel {number}")
        elif own.auth_handler is not None and kind in own.auth_handler._handler_table:
            own.auth_handler._handler_table[kind](message)
        elif kind != common.MSG_UNIMPLEMENTED:
            reply = paramiko.Message()
            reply.add_byte(common.cMSG_UNIMPLEMENTED)
            reply.add_int(message.seqno)
            own._send_message(reply)

    def _end(self, error: Exception) -> None:
        """Nothing more will come: wake and tell whoever waits, as paramiko's thread does."""
        own = self._own
        own.saved_exception = error
        for channel in own._channels.values():
            channel._unlink()
        own.active = False
        own.packetizer.close()
        if own.completion_event is not None:
            own.completion_event.set()
        if own.auth_handler is not None:
            own.auth_handler.abort()
        for event in list(own.channel_events.values()):
            event.set()
        own.sock.close()


class _Attendant:
    """Reads for the sessions that nobody is reading from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._present: set[AttendedTransport] = set()
        self._thread: threading.Thread | None = None
        self._called = threading.Event()

    def join(self, transport: AttendedTransport) -> None:
        with self._lock:
            self._present.add(transport)
            if self._thread is None:
                self._thread = threading.Thread(target=self._go, name="dcctl-idle", daemon=True)
                self._thread.start()

    def leave(self, transport: AttendedTransport) -> None:
        with self._lock:
            self._present.discard(transport)

    def _go(self) -> None:
        while not self._called.wait(_ATTEND_EVERY_S):
            with self._lock:
                present = list(self._present)
            for transport in present:
                transport.attend_if_idle()


ATTENDANT = _Attendant()
