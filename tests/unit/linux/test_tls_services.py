"""The greetings of the TLS probe, given to real servers of every kind."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dcctl import clock, platforms

V = ssl.TLSVersion


def probe() -> dict[str, Any]:
    collector = platforms.get("linux").collector("tls_services")
    assert collector is not None
    space: dict[str, Any] = {"__name__": "probe"}
    exec(compile(collector.commands[0], "probe", "exec"), space)
    return space


def credentials(folder: Path, bits: int) -> Path:
    key: Any = (
        rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
    )
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "s1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=40, hours=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def serving(context: ssl.SSLContext | None, says: bytes = b"") -> Iterator[int]:
    """A server on a port of its own; without a context one that says something in clear."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                with link:
                    try:
                        if context:
                            context.wrap_socket(link, server_side=True).close()
                        else:
                            link.sendall(says)
                            link.recv(1000)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def asked(port: int) -> dict[str, Any]:
    listener = {"address": "127.0.0.1", "port": port, "process": "x"}
    space = probe()
    space["ask"](listener)
    return listener


@pytest.mark.parametrize(
    ("oldest", "newest", "bits", "client", "old"),
    [
        (V.TLSv1, V.TLSv1_3, 2048, False, 0x0302),
        (V.TLSv1, V.TLSv1, 1024, False, 0x0301),
        (V.TLSv1_2, V.TLSv1_3, 0, False, 0),
        (V.TLSv1_2, V.TLSv1_2, 2048, True, 0),  # it asks for a certificate that we have none of
        (V.TLSv1_3, V.TLSv1_3, 0, True, 0),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_a_server_tells_its_oldest_version_and_its_certificate(
    tmp_path: Path, oldest: V, newest: V, bits: int, *, client: bool, old: int
) -> None:
    file = credentials(tmp_path, bits)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = oldest, newest
    context.load_cert_chain(file)
    if client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(file)
    with serving(context) as port:
        found = asked(port)
    assert found["tls"]["old"] == old
    collector = platforms.get("linux").collector("tls_services")
    assert collector is not None
    fact = _fact(found)
    assert (fact.key, fact.key_bits, fact.days_left) == (
        "rsa" if bits else "ec",
        bits or 256,
        40,
    )


def _fact(listener: dict[str, Any]) -> Any:
    from dcctl.platforms.linux.topics.tls_services import parse

    (service,) = parse({"services": [listener], "unasked": 0, "now": clock.now().timestamp()}).items
    return service


@pytest.mark.parametrize(
    "says", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220 mail ready\r\n", b"\x16"]
)
def test_one_that_speaks_in_clear_is_none(says: bytes) -> None:
    with serving(None, says) as port:
        assert "tls" not in asked(port)


def test_a_closed_port_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "tls" not in asked(port)
