"""A file sent over an element's own SSH, jump hosts and all: by SFTP, or by SCP's old protocol."""

from __future__ import annotations

import shlex
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import paramiko

from dcctl.errors import CommandFailed, Interrupted, TargetTimeout, Unreachable
from dcctl.executors import transport
from dcctl.model.target import Connection
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dcctl.contracts import Context
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Mirror

_KNOWN_HOSTS = "inventory/known_hosts"
_SSH_PORT = 22
_CHUNK = 32768  # what every SFTP server takes in one request
_ANSWER_S = 300.0  # a slow flash disk may take its time to close a file
_LONGEST_SAID = 200


class Push:
    """One file on its way to one element."""

    def __init__(
        self,
        target: Target,
        context: Context,
        take: Callable[[int], None],
        sent: Callable[[int], None],
    ) -> None:
        self._target, self._context = target, context
        self._take, self._sent = take, sent

    def send(self, how: str, path: Path, place: str, offset: int = 0) -> None:
        """Send the file from `offset` on; by SCP always from its beginning.

        Raises:
            CommandFailed: the element refuses, or is full. Unreachable, TargetTimeout: the link.
            Interrupted: the run is given up.
        """
        with _translated(self._target.name, place):
            link = transport.connect(
                self._target.connection, self._context, target=self._target.name
            )
            try:
                link.transport.set_keepalive(30)
                if how == "sftp":
                    self._by_sftp(link.transport, path, place, offset)
                else:
                    self._by_scp(link.transport, path, place)
            finally:
                link.close()

    def _by_sftp(self, over: paramiko.Transport, path: Path, place: str, offset: int) -> None:
        with self._offered("SFTP", place):
            files = paramiko.SFTPClient.from_transport(over)
        if files is None:
            raise _refused(self._target.name, place, "no SFTP")
        with files, path.open("rb") as content:
            files.get_channel().settimeout(_ANSWER_S)  # type: ignore[union-attr] # just opened
            content.seek(offset)
            if not offset:
                _folder_for(files, place)
            with files.open(place, "r+b" if offset else "wb") as out:
                out.seek(offset)
                for block in self._blocks(content.read):
                    out.write(block)

    def _by_scp(self, over: paramiko.Transport, path: Path, place: str) -> None:
        channel = over.open_session(timeout=_ANSWER_S)
        try:
            channel.settimeout(_ANSWER_S)
            with self._offered("SCP", place):
                channel.exec_command(f"scp -t {shlex.quote(place)}")
            self._accepted(channel, place)
            name = place.replace(":", "/").rpartition("/")[2]
            channel.sendall(f"C0644 {path.stat().st_size} {name}\n".encode())
            self._accepted(channel, place)
            with path.open("rb") as content:
                for block in self._blocks(content.read):
                    channel.sendall(block)
                    if channel.recv_ready():  # it speaks only to complain
                        self._accepted(channel, place)
            channel.sendall(b"\0")
            self._accepted(channel, place)
        finally:
            channel.close()

    @contextmanager
    def _offered(self, what: str, place: str) -> Iterator[None]:
        """A channel that is closed at once, over a link that lives: the server is not on."""
        try:
            yield
        except TimeoutError:
            raise
        except (paramiko.SSHException, EOFError) as error:
            raise _refused(self._target.name, place, f"no {what}") from error

    def _blocks(self, read: Callable[[int], bytes]) -> Iterator[bytes]:
        while block := read(_CHUNK):
            if self._context.cancelled():
                raise Interrupted(N_("{name}: given up midway"), name=self._target.name)
            self._take(len(block))
            yield block
            self._sent(len(block))

    def _accepted(self, channel: paramiko.Channel, place: str) -> None:
        answer = channel.recv(1)
        if answer == b"\0":
            return
        said = b""
        while answer and not said.endswith(b"\n") and len(said) < _LONGEST_SAID:
            more = channel.recv(1)
            if not more:
                break
            said += more
        raise _refused(self._target.name, place, said.decode("utf-8", "replace").strip())


def _folder_for(files: paramiko.SFTPClient, place: str) -> None:
    """Make the file's folder, as SR OS has one a release; one that is there is left alone."""
    parts = place.split("/")[:-1]
    for end in range(1, len(parts) + 1):
        folder = "/".join(parts[:end])
        if not folder or folder.endswith(":"):
            continue
        try:
            files.stat(folder)
        except OSError:
            with suppress(OSError):  # what matters is whether the file can be opened in it
                files.mkdir(folder)


def _refused(name: str, place: str, why: str) -> CommandFailed:
    return CommandFailed(
        N_("{name}: {path} was not taken: {why}"),
        hint=N_("is its SCP or SFTP server on, and is there room?"),
        name=name,
        path=place,
        why=why or "it closed the channel",
    )


@contextmanager
def _translated(name: str, place: str) -> Iterator[None]:
    """Translate paramiko's errors, once."""
    try:
        yield
    except TimeoutError as error:
        raise TargetTimeout(N_("{name}: {path}: nothing moves"), name=name, path=place) from error
    except (paramiko.SSHException, EOFError, ConnectionError) as error:
        raise Unreachable(
            N_("{name}: the session was lost ({error})"),
            name=name,
            error=str(error) or type(error).__name__,
        ) from error
    except OSError as error:  # what an SFTP server refuses
        if "closed" in str(error).lower():
            raise Unreachable(
                N_("{name}: the session was lost ({error})"), name=name, error=str(error)
            ) from error
        raise _refused(name, place, str(error)) from error


@contextmanager
def files_of(mirror: Mirror, context: Context) -> Iterator[paramiko.SFTPClient]:
    """The files of a mirror that is reached over SSH; its key is pinned like any host's.

    Raises:
        Unreachable, AuthenticationFailed, HostKeyRejected, NotFound.
    """
    known = str(Path(context.site_root) / _KNOWN_HOSTS)
    place = Connection(
        address=mirror.host,
        port=mirror.port or _SSH_PORT,
        credential=mirror.credential,
        host_key_alias=mirror.host,
        known_hosts=known,
    )
    link = transport.connect(place, context)
    try:
        files = paramiko.SFTPClient.from_transport(link.transport)
        if files is None:
            raise _refused(mirror.host, mirror.path, "no SFTP")
        with files:
            yield files
    finally:
        link.close()
