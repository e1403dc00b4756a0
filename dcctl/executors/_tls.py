"""TLS to a management controller, over any stream, and the certificate by which it is known.

Nothing is sent before it is known: by an authority of the site that vouches for its name, or as
the very certificate that the inventory pins (then its names and dates say nothing, as with an SSH
host key).
"""

from __future__ import annotations

import hashlib
import io
import ssl
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import HostKeyRejected, TargetError, TargetTimeout, Unreachable
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.model.target import Controller

_CHUNK = 16_384
_NO_CHECK_TIME = 0x200000  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python does not name


class Deadline:
    """When all of it has to be over; a controller that drips bytes doesn't put it off."""

    def __init__(self, seconds: float, name: str) -> None:
        self._end = clock.monotonic() + seconds
        self._seconds, self._name = seconds, name

    def left(self, most: float) -> float:
        """Seconds that the next wait may take.

        Raises:
            TargetTimeout: none are left.
        """
        left = self._end - clock.monotonic()
        if left <= 0:
            raise self.over(self._seconds)
        return min(left, most)

    def over(self, seconds: float) -> TargetTimeout:
        """The error of a wait of so many seconds."""
        return TargetTimeout(
            N_("{name}: its management controller gave no whole answer in {seconds} s"),
            name=self._name,
            seconds=round(seconds),
        )


class TlsStream(io.RawIOBase):
    """TLS over a connected stream (a socket, or a channel through jump hosts)."""

    def __init__(
        self,
        stream: Any,
        context: ssl.SSLContext,
        server_name: str,
        deadline: Deadline,
        patience: float,
    ) -> None:
        super().__init__()
        self._stream, self._deadline, self._patience = stream, deadline, patience
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=server_name)
        self._pumped(self._tls.do_handshake)
        self._flush()

    @property
    def certificate(self) -> bytes:
        """What the other side showed, DER."""
        return self._tls.getpeercert(binary_form=True) or b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Some bytes; 0 at the end."""
        try:
            data: bytes = self._pumped(lambda: self._tls.read(len(buffer)))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return 0
        buffer[: len(data)] = data
        return len(data)

    def send(self, data: bytes) -> None:
        """All of `data`."""
        self._pumped(lambda: self._tls.write(data))
        self._flush()

    def makefile(self, _mode: str = "rb") -> io.BufferedReader:
        """What http.client reads from; closing it does not close the stream."""
        return io.BufferedReader(_Kept(self))

    def close(self) -> None:
        """Close the stream beneath too; never raises."""
        super().close()
        with suppress(Exception):  # closing must not hide what came before
            self._stream.close()

    def _pumped(self, step: Callable[[], Any]) -> Any:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self._flush()
                self._feed()
            except ssl.SSLError:
                with suppress(Exception):  # the alert is a courtesy
                    self._flush()
                raise

    def _feed(self) -> None:
        wait = self._deadline.left(self._patience)
        self._stream.settimeout(wait)
        try:
            data = self._stream.recv(_CHUNK)
        except TimeoutError as error:
            raise self._deadline.over(wait) from error
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def _flush(self) -> None:
        data = self._out.read()
        if data:
            self._stream.settimeout(self._deadline.left(self._patience))
            self._stream.sendall(data)


class _Kept(io.RawIOBase):
    """A view of a stream that outlives each answer read through it."""

    def __init__(self, stream: TlsStream) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._stream.readinto(buffer)


def secured(
    stream: Any, controller: Controller, name: str, deadline: Deadline, patience: float
) -> TlsStream:
    """TLS with a controller that is known; else nothing was sent.

    Raises:
        HostKeyRejected: it isn't known. Unreachable, TargetTimeout: it speaks no TLS.
    """
    pinned = bool(controller.certificate)
    try:
        context = look() if pinned else _vouched(controller, name)
        tls = TlsStream(stream, context, server_name(controller), deadline, patience)
    except ssl.SSLCertVerificationError as error:
        raise HostKeyRejected(
            N_("{name}: the certificate of its management controller is not trusted: {why}"),
            hint=N_("compare it there, then pin it (`bmc: certificate:`), or have it signed anew"),
            name=name,
            why=error.verify_message,
        ) from error
    except TargetError:
        raise  # ours, and an OSError too
    except OSError as error:
        raise no_tls(name, error) from error
    shown = hashlib.sha256(tls.certificate).hexdigest()
    if pinned and shown != controller.certificate:
        tls.close()
        raise HostKeyRejected(
            N_("{name}: its management controller shows certificate {shown}, pinned is {pinned}"),
            hint=N_("somebody may be in between; if it was renewed, pin the new one"),
            name=name,
            shown=shown,
            pinned=controller.certificate,
        )
    return tls


def no_tls(name: str, error: Exception) -> Unreachable:
    """The error of a stream that broke, or never was TLS; a timeout of ours stays one."""
    why = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return Unreachable(
        N_("{name}: no TLS with its management controller: {why}"),
        name=name,
        why=str(why) or type(error).__name__,
    )


def look() -> ssl.SSLContext:
    """For a handshake whose certificate is compared by the caller, before anything is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _vouched(controller: Controller, name: str, *, flags: int = 0) -> ssl.SSLContext:
    """Where an authority of the site has to vouch for it."""
    file = Path(controller.authorities)
    if not file.is_file() or not file.stat().st_size:
        raise HostKeyRejected(
            N_("{name}: nothing says which certificate its management controller has"),
            hint=N_("pin it (`bmc: certificate:`), or put your authorities into {file}"),
            name=name,
            file=controller.authorities or "inventory/bmc_ca.pem",
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=controller.authorities)
    except ssl.SSLError as error:
        raise HostKeyRejected(
            N_("{file} holds no certificates: {why}"), file=controller.authorities, why=str(error)
        ) from error
    context.verify_flags |= flags
    return context


def vouched_at_any_time(controller: Controller, name: str) -> ssl.SSLContext:
    """As for a session, but an expired certificate is looked at too: nothing is sent over it.

    Raises:
        HostKeyRejected: there are no authorities.
    """
    return _vouched(controller, name, flags=_NO_CHECK_TIME)


def server_name(controller: Controller) -> str:
    """The name that its certificate must have."""
    return controller.server_name or controller.address
