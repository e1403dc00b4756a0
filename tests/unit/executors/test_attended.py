"""A transport without a thread: questions are answered while nobody reads, and waits end."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import asyncssh
import pytest

from dcctl import secrets
from dcctl.errors import Unreachable
from dcctl.executors import _attended, _login, _stream
from dcctl.executors import transport as links
from dcctl.executors._gate import Gate
from dcctl.executors.credentials import Login
from dcctl.model.target import Connection
from tests.unit.executors.conftest import silent_port, wait_for


class _Server(asyncssh.SSHServer):
    def __init__(self, seen):
        self._seen = seen

    def connection_made(self, conn):
        self._seen.append(conn)

    def begin_auth(self, username):
        return False


@pytest.fixture
def server(tmp_path):
    """(port, known_hosts, the server's connections, its loop) of a device that only asks."""
    loop, seen = asyncio.new_event_loop(), []
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    key = asyncssh.generate_private_key("ssh-ed25519")

    async def listen():
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Server(seen),
            server_host_keys=[key],
            process_factory=lambda process: process.stdout.write("\r\nasker#"),
        )

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    known = tmp_path / "known_hosts"
    public = key.export_public_key().decode().strip()
    known.write_text(f"[127.0.0.1]:{acceptor.get_port()} {public}\n", encoding="ascii")
    yield acceptor.get_port(), str(known), seen, loop
    loop.call_soon_threadsafe(acceptor.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture
def shell(server, monkeypatch):
    """A shell on the server; the attendant comes often."""
    port, known, _, _ = server
    monkeypatch.setattr(_attended, "_ATTEND_EVERY_S", 0.05)
    attendant = _attended._Attendant()
    monkeypatch.setattr(_attended, "ATTENDANT", attendant)
    monkeypatch.setattr(_stream, "ATTENDANT", attendant)
    connection = Connection(address="127.0.0.1", port=port, credential="any", known_hosts=known)
    who = Login(username="any", password=secrets.Secret("none-is-asked-for"))
    sock = _login.dial("127.0.0.1", port, 10)
    transport = _login.log_in(sock, connection, who, timeout=10, attended=True)
    assert isinstance(transport, _attended.AttendedTransport)
    stream = _stream.Stream(transport, 511, 1000, 10)
    shown = b""
    while b"asker#" not in shown:
        shown += stream.recv(1000)
    yield transport, stream
    transport.close()
    attendant._called.set()


def test_it_has_no_thread(shell):
    transport, _ = shell
    assert not transport.is_alive()


def test_a_server_that_asks_whether_we_live_is_answered_while_nobody_reads(server, shell):
    _, _, (connection,), loop = server

    async def ask():
        return await connection._make_global_request(b"keepalive@openssh.com")

    kind, _ = asyncio.run_coroutine_threadsafe(ask(), loop).result(20)
    assert kind in (81, 82)  # RFC 4254: success, failure; both say that we live
    assert shell[0].is_active()


def test_a_wait_ends_when_another_thread_closes(shell):
    transport, stream = shell
    stream.settimeout(600)
    got = []

    def waiting():
        with suppress(OSError):
            got.append(stream.recv(10))

    thread = threading.Thread(target=waiting, daemon=True)
    thread.start()
    wait_for(lambda: transport._inside)
    transport.close()
    thread.join(20)
    assert not thread.is_alive()


def test_a_wait_has_an_end(shell):
    _, stream = shell
    stream.settimeout(0.01)
    with pytest.raises(TimeoutError):
        stream.recv(10)


def test_a_server_that_goes_is_the_end_of_the_stream(server, shell):
    _, _, (connection,), loop = server
    loop.call_soon_threadsafe(connection.abort)
    assert shell[1].recv(10) == b""
    assert not shell[0].is_active()


def test_one_that_never_answers_the_dial_holds_no_handshake_up(contexts, monkeypatch):
    gate = Gate(first=1, least=1, most=1)
    monkeypatch.setattr(links, "HANDSHAKES", gate)
    context = contexts(credentials={"any": {"username": "any"}}, timeouts={"connect": 60})
    ended = []

    def dialling(port):
        try:
            links.connect(Connection(address="127.0.0.1", port=port, credential="any"), context)
        except Unreachable as error:
            ended.append(error)

    with silent_port() as (port, waits):
        thread = threading.Thread(target=dialling, args=(port,), daemon=True)
        thread.start()
        wait_for(waits)
        through = threading.Event()

        def passing():
            with gate.passage():
                through.set()

        threading.Thread(target=passing, daemon=True).start()
        assert through.wait(10), "the gate is held by a host that was never reached"
        assert not ended
    thread.join(60)
    assert ended
