"""A management controller's web service over real TLS, that answers what DMTF's documents say.

It shares no code with the tool. `manners` makes it misbehave.
"""

from __future__ import annotations

import base64
import http.server
import json
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "audit", "Correct-horse-77"
DAY = timedelta(days=1)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@cache
def _key(_number: int) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def authority(name: str = "Hoa Lac BMC CA", number: int = 0) -> str:
    """The certificate of an authority, PEM."""
    return (
        _signed(name, _name(name), number, number, ca=True)
        .public_bytes(serialization.Encoding.PEM)
        .decode()
    )


def _signed(
    subject: str,
    issuer: x509.Name,
    own: int,
    by: int,
    *,
    ca: bool = False,
    address: str = "127.0.0.1",
    days: tuple[int, int] = (-1, 300),
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(_key(own).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * DAY)
        .not_valid_after(now + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        names = [x509.IPAddress(ip_address(address))]
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(_key(by), hashes.SHA256())


@dataclass
class Twin:
    """One controller; `resources` by path. What it was asked, and by whom, is kept."""

    folder: Path
    resources: dict[str, Any]
    manners: str = ""
    certificate: str = "site"  # site | factory | expired | elsewhere | impostor
    asked: list[tuple[str, str]] = field(default_factory=list)  # (method, path)
    refused: int = 0
    connections: int = 0

    def __enter__(self) -> Self:
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.twin = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._chain())
        self.server.context = context
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def over(self) -> threading.Event:
        return self.__dict__.setdefault("_over", threading.Event())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate that it shows."""
        text = (self.folder / "shown.pem").read_bytes()
        return x509.load_pem_x509_certificate(text).fingerprint(hashes.SHA256()).hex()

    def _chain(self) -> str:
        site = _name("Hoa Lac BMC CA")
        shown = {
            "site": lambda: _signed("hl-cmp-a01-bmc", site, 1, 0),
            "factory": lambda: _signed("idrac-F54P1G3", _name("idrac-F54P1G3"), 1, 1),
            "expired": lambda: _signed("hl-cmp-a01-bmc", site, 1, 0, days=(-400, -30)),
            "elsewhere": lambda: _signed("other", site, 1, 0, address="127.0.0.9"),
            "impostor": lambda: _signed("hl-cmp-a01-bmc", site, 1, 2),
        }[self.certificate]()
        key = _key(1).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path = self.folder / "shown.pem"
        path.write_bytes(shown.public_bytes(serialization.Encoding.PEM) + key)
        return str(path)


class _Server(http.server.ThreadingHTTPServer):
    twin: Twin
    context: ssl.SSLContext
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Server

    def setup(self) -> None:
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.server.twin.connections += 1
        super().setup()

    def log_message(self, *_: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        twin = self.server.twin
        twin.asked.append((self.command, self.path))
        said = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {said}":
            twin.refused += 1
            self._say(401, b'{"error": {"code": "Base.1.8.NoValidSession"}}')
            return
        misbehave = _MANNERS.get(twin.manners)
        if misbehave and self.path != "/redfish/v1/" and misbehave(self, twin):
            return
        resource = twin.resources.get(self.path)
        if resource is None:
            self._say(404, b'{"error": {"code": "Base.1.8.ResourceMissingAtURI"}}')
            return
        self._say(200, json.dumps(resource | {"@odata.id": self.path}).encode())

    def _changing(self) -> None:
        self.server.twin.asked.append((self.command, self.path))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # any other verb is kept too, so that a test sees it
            return self._changing
        raise AttributeError(name)

    def _say(self, status: int, body: bytes, kind: str = "application/json", **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _hangs(_one: _Handler, twin: Twin) -> bool:
    twin.over.wait(30)
    return True


def _drips(one: _Handler, twin: Twin) -> bool:
    one.send_response(200)
    one.send_header("Content-Length", "100000")
    one.end_headers()
    while not twin.over.wait(0.05):
        one.wfile.write(b" ")
        one.wfile.flush()
    return True


def _huge(one: _Handler, _twin: Twin) -> bool:
    one.send_response(200)
    one.send_header("Content-Length", str(200 * 1024 * 1024))
    one.end_headers()
    for _ in range(200):
        one.wfile.write(b" " * 1024 * 1024)
    return True


def _endless(one: _Handler, _twin: Twin) -> bool:
    """Chunks without an end."""
    one.send_response(200)
    one.send_header("Transfer-Encoding", "chunked")
    one.end_headers()
    while True:
        one.wfile.write(b"10000\r\n" + b" " * 65536 + b"\r\n")


def _html(one: _Handler, _twin: Twin) -> bool:
    one._say(200, b"<html><h1>Welcome</h1></html>", "text/html")
    return True


def _redirect(one: _Handler, _twin: Twin) -> bool:
    one._say(302, b"", Location="https://192.0.2.66/redfish/v1/")
    return True


def _forbidden(one: _Handler, _twin: Twin) -> bool:
    if one.path.startswith("/redfish/v1/AccountService/Accounts"):
        one._say(403, b'{"error": {"code": "Base.1.8.InsufficientPrivilege"}}')
        return True
    return False


def _broken(one: _Handler, _twin: Twin) -> bool:
    one._say(500, b"")
    return True


def _cut(one: _Handler, _twin: Twin) -> bool:
    one.send_response(200)
    one.send_header("Content-Length", "5000")
    one.end_headers()
    one.wfile.write(b'{"Members": [')
    one.close_connection = True
    return True


def _deep(one: _Handler, _twin: Twin) -> bool:
    one._say(200, b"[" * 200_000)
    return True


def _list(one: _Handler, _twin: Twin) -> bool:
    one._say(200, b"[1, 2, 3]")
    return True


def _no_http(one: _Handler, _twin: Twin) -> bool:
    one.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 3)
    one.close_connection = True
    return True


def _closes(one: _Handler, _twin: Twin) -> bool:
    """It ends the connection after each answer without a word about it."""
    one.close_connection = True
    return False


_MANNERS = {
    "hangs": _hangs,
    "drips": _drips,
    "huge": _huge,
    "endless": _endless,
    "html": _html,
    "redirect": _redirect,
    "forbidden": _forbidden,
    "broken": _broken,
    "cut": _cut,
    "deep": _deep,
    "list": _list,
    "no_http": _no_http,
    "closes": _closes,
}
