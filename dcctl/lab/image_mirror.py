"""A mirror on loopback with the lab's own files of images.yml, which can be broken on purpose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from dcctl import clock
from dcctl.errors import InvalidInput
from dcctl.lab.elements import images
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dcctl.model.upgrade import Image

_BLOCK = 16384


@dataclass
class MirrorFaults:
    """What is wrong with a mirror."""

    down: bool = False  # it answers nobody
    slow_s: float = 0.0  # before each block
    dies_after: int = -1  # bytes, then the connection is cut; -1: never
    wrong: bool = False  # other bytes of the same length


MIRROR_FAULTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "down": (N_("it answers nobody"), {}),
    "slow": (N_("it is slow: seconds before each 16 KiB"), {"seconds": 0.1}),
    "dies": (N_("it cuts every transfer after so many bytes"), {"after": 300_000}),
    "wrong": (N_("it gives other bytes of the same length"), {}),
}


def faults_of(name: str, given: Mapping[str, Any]) -> MirrorFaults:
    """What stands wrong with one fault of `MIRROR_FAULTS`; nothing for the name `clear`.

    Raises:
        InvalidInput: no such fault, or wrong arguments.
    """
    if name == "clear":
        return MirrorFaults()
    if name not in MIRROR_FAULTS or given.keys() - MIRROR_FAULTS[name][1].keys():
        raise InvalidInput(
            N_("the lab's mirror has no fault {name} with {arguments}"),
            hint=N_("one of: {known}"),
            name=name,
            arguments=", ".join(given) or "-",
            known=", ".join(sorted(MIRROR_FAULTS)),
        )
    told = {**MIRROR_FAULTS[name][1], **given}
    try:
        return MirrorFaults(
            down=name == "down",
            slow_s=float(told.get("seconds", 0.0)),
            dies_after=int(told.get("after", -1)),
            wrong=name == "wrong",
        )
    except ValueError as error:
        raise InvalidInput(N_("the fault {name}: {error}"), name=name, error=str(error)) from error


@dataclass
class ImageMirror:
    """An HTTP server on loopback with the lab's files."""

    files: Mapping[str, bytes]
    faults: MirrorFaults = field(default_factory=MirrorFaults)
    asked: list[str] = field(default_factory=list)  # paths, as they were asked for
    most_at_once: int = 0
    port: int = 0
    _inside: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request, with what the faults leave of it."""
        path = unquote(urlsplit(request.path).path).lstrip("/")
        with self._lock:
            self.asked.append(path)
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
        try:
            self._answer(request, path)
        except (BrokenPipeError, ConnectionResetError):
            request.close_connection = True
        finally:
            with self._lock:
                self._inside -= 1

    def _answer(self, request: BaseHTTPRequestHandler, path: str) -> None:
        held = self.files.get(path)
        if self.faults.down:
            request.connection.close()
            return
        if held is None:
            request.send_error(404)
            return
        if self.faults.wrong:
            held = bytes(len(held))
        request.send_response(200)
        request.send_header("Content-Length", str(len(held)))
        request.end_headers()
        dies = self.faults.dies_after
        for start in range(0, len(held), _BLOCK):
            if 0 <= dies <= start:
                request.close_connection = True
                return
            if self.faults.slow_s:
                clock.sleep(self.faults.slow_s)
            request.wfile.write(held[start : start + _BLOCK])


@contextmanager
def mirror_of(known: Iterable[Image], address: str = "127.0.0.1") -> Iterator[ImageMirror]:
    """A mirror that has the files of these images, below `/`, until the block ends."""
    with socket.create_server((address, 0)) as sock:
        made, server = serving(known, sock)
        try:
            yield made
        finally:
            server.shutdown()
            server.server_close()


def serving(known: Iterable[Image], sock: socket.socket) -> tuple[ImageMirror, ThreadingHTTPServer]:
    """The same at a socket that already is bound, until the server is shut down."""
    made = ImageMirror(dict(images.written(known)))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.serve(self)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing: what was asked for stands in `asked`."""

    server = ThreadingHTTPServer(sock.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    sock.setblocking(True)  # noqa: FBT003 - the standard library's
    server.socket = sock
    server.server_activate()
    made.port = sock.getsockname()[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return made, server
