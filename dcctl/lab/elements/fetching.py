"""Pulling a file over the network, as an element does: SCP, SFTP, FTP or HTTP, on loopback only."""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import asyncssh

from dcctl.lab.elements.software import Fetch, Fetched

_PATIENCE_S = 20.0  # without a byte
_DENIED = (401, 403)


async def fetch(wanted: Fetch) -> Fetched:
    """The file, or what went wrong."""
    url = urlsplit(wanted.url)
    if not _loopback(url.hostname or ""):
        return Fetched(trouble="unreachable")
    try:
        if url.scheme in ("scp", "sftp"):
            return await _over_ssh(wanted, url)
        if url.scheme in ("http", "https", "ftp"):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(None, _over_http, wanted, url)
    except (OSError, asyncssh.Error, http.client.HTTPException) as error:
        return Fetched(trouble=_trouble(error))
    return Fetched(trouble="unreachable")


_TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (asyncssh.SFTPNoSuchFile, "missing"),
    (asyncssh.SFTPFailure, "missing"),  # all that a server says over SCP
    (FileNotFoundError, "missing"),
    (asyncssh.PermissionDenied, "denied"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "refused"),
)


def _trouble(error: Exception) -> str:
    known = next((word for kind, word in _TROUBLES if isinstance(error, kind)), "cut")
    return "missing" if "No such file" in str(error) else known


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _over_ssh(wanted: Fetch, url: SplitResult) -> Fetched:
    path = unquote(url.path)
    async with (
        asyncio.timeout(None) as patience,
        asyncssh.connect(
            url.hostname or "",
            url.port or 22,
            username=wanted.user or url.username or "",
            password=wanted.password,
            known_hosts=None,
            config=None,
            client_keys=None,
            agent_path=None,
            connect_timeout=_PATIENCE_S,
        ) as connection,
    ):
        loop = asyncio.get_running_loop()

        def heard(*_progress: object) -> None:
            patience.reschedule(loop.time() + _PATIENCE_S)

        heard()
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "file")
            if url.scheme == "scp":
                await asyncssh.scp((connection, path), place, progress_handler=heard)
            else:
                async with connection.start_sftp_client() as client:
                    await client.get(path, place, progress_handler=heard)
            return Fetched(content=await asyncio.to_thread(place.read_bytes))


def _over_http(wanted: Fetch, url: SplitResult) -> Fetched:
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    if wanted.user:
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        plain = f"{url.scheme}://{url.hostname}:{url.port}" if url.port else wanted.url
        known.add_password(None, plain, wanted.user, wanted.password)
        handlers.append(urllib.request.HTTPBasicAuthHandler(known))
    opener = urllib.request.build_opener(*handlers)
    try:
        with opener.open(wanted.url, timeout=_PATIENCE_S) as answer:
            said = answer.headers.get("Content-Length")
            content = answer.read()
    except urllib.error.HTTPError as error:
        return Fetched(trouble="denied" if error.code in _DENIED else "missing")
    except urllib.error.URLError as error:
        if isinstance(error.reason, OSError):
            raise error.reason from error
        return Fetched(trouble="unreachable")
    whole = said is None or len(content) == int(said)
    return Fetched(content=content if whole else b"", trouble="" if whole else "cut")
