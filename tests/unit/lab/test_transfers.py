"""Files over real SSH: SCP and SFTP to an element, and what an element pulls by itself."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import threading

import asyncssh
import pytest

from dcctl import clock
from dcctl.lab.elements import images
from dcctl.lab.elements.fetching import fetch
from dcctl.lab.elements.model import Chassis
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.software import Fetch
from dcctl.lab.elements.wire import Wire, bound

IMAGE = images.image("cisco_xr", "7.11.2", size=300_000)
_BOXES = {
    "xr": ("cisco_xr", "NCS-5501-SE", "hostname xr"),
    "xe": ("cisco_xe", "C8500-12X4QC", "hostname xe\nip scp server enable\nfile prompt quiet"),
    "eos": ("arista_eos", "DCS-7280SR3-48YC8", "hostname eos"),
    "nxos": ("cisco_nxos", "N9K-C93180YC-FX", "feature scp-server\nfeature sftp-server"),
    "shut": ("cisco_xe", "C8500-12X4QC", "hostname shut"),
}


@contextlib.asynccontextmanager
async def served():
    """Elements behind real SSH servers of this process; where they are."""
    chassis = [
        Chassis(name=name, system=system, model=model)
        for name, (system, model, _) in _BOXES.items()
    ]
    made = Network(chassis, now=clock.now().timestamp())
    for name, (_, _, text) in _BOXES.items():
        made.configure(name, text)
    wire = Wire(made, b"0" * 32, {"netops": "word"})
    places = {}
    for name in _BOXES:
        sock = bound("127.0.0.1", 0)
        places[name] = sock.getsockname()
        wire.listen(name, sock)
    try:
        yield made, places
    finally:
        wire.close()
        await asyncio.sleep(0)


def opened(place):
    return asyncssh.connect(
        *place,
        username="netops",
        password="word",
        known_hosts=None,
        config=None,
        client_keys=None,
        agent_path=None,
    )


def held(made, name: str, file: str) -> bytes:
    return made.elements[name].stores[0].files[file].content


def test_sftp_goes_on_where_it_was_cut(tmp_path):
    async def run():
        async with served() as (made, places), opened(places["xr"]) as connection:
            async with connection.start_sftp_client() as client:
                async with client.open("/harddisk:/x.iso", "wb") as file:
                    await file.write(IMAGE[:100_000])
                assert not made.elements["xr"].stores[0].files["x.iso"].whole
                assert (await client.stat("/harddisk:/x.iso")).size == 100_000
                async with client.open("/harddisk:/x.iso", "r+b") as file:
                    await file.write(IMAGE[100_000:], 100_000)
                assert await client.listdir("/harddisk:/") == ["x.iso"]
                await client.get("/harddisk:/x.iso", tmp_path / "back")
            assert held(made, "xr", "x.iso") == IMAGE == (tmp_path / "back").read_bytes()
            assert made.elements["xr"].stores[0].files["x.iso"].whole

    asyncio.run(run())


def test_scp_in_and_out(tmp_path):
    source = tmp_path / "x.bin"
    source.write_bytes(IMAGE)

    async def run():
        async with served() as (made, places), opened(places["xe"]) as connection:
            await asyncssh.scp(source, (connection, "bootflash:/x.bin"))
            assert held(made, "xe", "x.bin") == IMAGE
            await asyncssh.scp((connection, "flash:x.bin"), tmp_path / "again")
            assert (tmp_path / "again").read_bytes() == IMAGE
            listed = await connection.run("dir bootflash:")
            assert b"300000" in listed.stdout.encode()

    asyncio.run(run())


def test_what_is_not_enabled_is_not_served(tmp_path):
    source = tmp_path / "x.bin"
    source.write_bytes(b"x")

    async def run():
        async with served() as (_, places), opened(places["shut"]) as connection:
            with pytest.raises((asyncssh.Error, OSError)):
                await asyncssh.scp(source, (connection, "bootflash:/x.bin"))
        async with served() as (_, places), opened(places["xe"]) as connection:
            with pytest.raises(asyncssh.Error):
                await connection.start_sftp_client()

    asyncio.run(run())


def test_a_full_disk(tmp_path):
    source = tmp_path / "x.iso"
    source.write_bytes(IMAGE)

    async def run():
        async with served() as (made, places), opened(places["xr"]) as connection:
            made.fault("xr", "flash_full", {})
            async with connection.start_sftp_client() as client:
                with pytest.raises(asyncssh.SFTPError, match="No space left"):
                    await client.put(source, "/harddisk:/x.iso")

    asyncio.run(run())


class _Mirror(http.server.BaseHTTPRequestHandler):
    """`/whole` is the image, `/cut` says so and sends a third of it."""

    def do_GET(self) -> None:
        if self.path == "/none":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(IMAGE)))
        self.end_headers()
        self.wfile.write(IMAGE[:100_000] if self.path == "/cut" else IMAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def mirror():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Mirror)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_element_pulls_from_a_mirror_and_from_another_element(mirror):
    async def run():
        async with served() as (made, places), opened(places["xe"]) as connection:
            said = await connection.run(f"copy {mirror}/whole bootflash:a.bin")
            assert "300000 bytes copied" in said.stdout
            assert held(made, "xe", "a.bin") == IMAGE
            made.put("xr", "/harddisk:/x.iso", IMAGE)
            host, port = places["xr"]
            for way in ("scp", "sftp"):
                url = f"{way}://netops:word@{host}:{port}/harddisk:/x.iso"
                said = await connection.run(f"copy {url} bootflash:{way}.bin")
                assert "300000 bytes copied" in said.stdout, said.stdout
                assert held(made, "xe", f"{way}.bin") == IMAGE

    asyncio.run(run())


@pytest.mark.parametrize(("path", "words"), [("/none", "No such file"), ("/cut", "I/O error")])
def test_a_pull_that_fails_is_told_in_its_words(mirror, path, words):
    async def run():
        async with served() as (made, places), opened(places["xe"]) as connection:
            said = await connection.run(f"copy {mirror}{path} bootflash:a.bin")
            assert words in said.stdout
            assert "a.bin" not in made.elements["xe"].stores[0].files

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "user", "trouble"),
    [
        ("http://127.0.0.1:1/x", "", "refused"),
        ("http://192.0.2.1/x", "", "unreachable"),
        ("tftp://127.0.0.1/x", "", "unreachable"),
        ("scp://{xr}/harddisk:/none", "netops", "missing"),
        ("scp://{xr}/harddisk:/none", "nobody", "denied"),
    ],
)
def test_why_a_pull_fails(url, user, trouble):
    async def run():
        async with served() as (_, places):
            host, port = places["xr"]
            wanted = Fetch(
                url=url.format(xr=f"{host}:{port}"), store="x", name="x", user=user, password="word"
            )
            assert (await fetch(wanted)).trouble == trouble

    asyncio.run(run())


@pytest.mark.parametrize(
    ("name", "path"), [("eos", "/mnt/flash/x.swi"), ("nxos", "/bootflash/x.bin")]
)
def test_switches_take_files_by_scp_and_sftp(name, path, tmp_path):
    source = tmp_path / "image"
    source.write_bytes(IMAGE)
    file = path.rpartition("/")[2]

    async def run():
        async with served() as (made, places), opened(places[name]) as connection:
            await asyncssh.scp(source, (connection, f"{path}.scp"))
            async with connection.start_sftp_client() as client:
                await client.put(source, path)
                with pytest.raises(asyncssh.SFTPNoSuchFile):
                    await client.put(source, "/etc/x")
            assert held(made, name, file) == held(made, name, f"{file}.scp") == IMAGE

    asyncio.run(run())
