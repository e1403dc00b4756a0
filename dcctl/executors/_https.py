"""GET and nothing else, over one kept connection, bounded in bytes, requests and seconds."""

from __future__ import annotations

import base64
import http.client
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import secrets
from dcctl.errors import (
    AuthenticationFailed,
    CommandFailed,
    NotFound,
    TargetError,
    Unparsed,
    Unreachable,
)
from dcctl.executors import credentials, transport
from dcctl.executors._tls import Deadline, TlsStream, no_tls, secured
from dcctl.model.target import Connection
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.model.target import Controller

_SECONDS = 300.0  # for all of one controller: some take two seconds a resource
_PATIENCE = 30.0  # of silence
_MOST = 4 * 1024 * 1024  # bytes of one answer
_REQUESTS = 400  # real firmware inventories have a hundred members
_OK, _UNAUTHORISED, _FORBIDDEN = 200, 401, 403


class Service:
    """A management controller's web service, as long as it is read."""

    def __init__(
        self, controller: Controller, options: Mapping[str, Any], *, name: str, base: Path
    ) -> None:
        self._controller, self._options = controller, options
        self._name, self._base = name, base
        timeouts = options.get("timeouts") or {}
        self._patience = min(float(timeouts.get("command", _PATIENCE)), _PATIENCE)
        self._deadline = Deadline(float(timeouts.get("controller", _SECONDS)), name)
        self._left = _REQUESTS
        self._stream: TlsStream | None = None
        self._lease: Any = None
        self._authorization = ""

    def get(self, path: str) -> Any:
        """The JSON object at `path`.

        Raises:
            Unreachable, TargetTimeout: no whole answer came. AuthenticationFailed: it refuses us.
            HostKeyRejected: it is not the one that it should be. CommandFailed: it has no such
            resource, or our account may not read it. Unparsed: what came is no JSON object.
        """
        self._left -= 1
        if self._left < 0:
            raise Unparsed(
                N_("{name}: its management controller has more than {most} resources to read"),
                name=self._name,
                most=_REQUESTS,
            )
        kept = self._stream is not None
        try:
            status, headers, body = self._exchange(path)
        except Unreachable:
            self.close()
            if not kept:
                raise  # a connection that was kept may have been closed meanwhile: once anew
            status, headers, body = self._exchange(path)
        except BaseException:
            self.close()
            raise
        return self._judged(path, status, headers, body)

    def close(self) -> None:
        """End the connection; never raises."""
        stream, self._stream = self._stream, None
        lease, self._lease = self._lease, None
        if stream:
            stream.close()
        if lease:
            lease.release()

    def _exchange(self, path: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        stream = self._stream = self._stream or self._connected()
        response = http.client.HTTPResponse(stream, method="GET")  # type: ignore[arg-type]  # it only asks for makefile
        try:
            stream.send(self._request(path))
            response.begin()
            body = response.read(_MOST + 1)
        except TargetError:
            raise  # ours, and an OSError too
        except http.client.HTTPException as error:
            if isinstance(error, http.client.RemoteDisconnected | http.client.IncompleteRead):
                raise no_tls(self._name, error) from error
            raise Unparsed(
                N_("{name}: what its management controller answers is no HTTP"), name=self._name
            ) from error
        except OSError as error:
            raise no_tls(self._name, error) from error
        if response.will_close or len(body) > _MOST:
            self.close()
        if len(body) > _MOST:
            raise Unparsed(
                N_("{name}: {path}: more than {most} MB; given up"),
                name=self._name,
                path=path,
                most=_MOST // 1024 // 1024,
            )
        if response.length:  # http.client tells of a cut answer only where all of it is read
            raise no_tls(self._name, EOFError(f"{path} ends early"))
        return response.status, response.headers, body

    def _request(self, path: str) -> bytes:
        host = self._controller.server_name or self._controller.address
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: {f'[{host}]' if ':' in host else host}",
            "Accept: application/json",
            "OData-Version: 4.0",
            f"Authorization: Basic {self._authorization}",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _connected(self) -> TlsStream:
        to = Connection(
            address=self._controller.address,
            port=self._controller.port,
            jump=self._controller.jump,
        )
        self._authorization = self._authorization or self._told()
        stream, self._lease = transport.reach(to, self._options, base=self._base)
        try:
            return secured(stream, self._controller, self._name, self._deadline, self._patience)
        except BaseException:
            stream.close()
            self.close()
            raise

    def _told(self) -> str:
        """User and password; had before anything is dialled."""
        login = credentials.login(self._options, self._controller.credential, base=self._base)
        if not login.username or not login.password:
            raise NotFound(
                N_("{name}: credential {credential} has no user name and password"),
                hint=N_(
                    "a management controller knows no keys: give `bmc:` a credential of its own"
                ),
                name=self._name,
                credential=self._controller.credential,
            )
        said = f"{login.username}:{login.password.reveal()}"
        told = base64.b64encode(said.encode()).decode()
        secrets.remember(told)  # a controller that says it back must not bring it into evidence
        return told

    def _judged(self, path: str, status: int, headers: http.client.HTTPMessage, body: bytes) -> Any:
        if status == _UNAUTHORISED:
            self.close()
            raise AuthenticationFailed(
                N_("{name}: its management controller refuses credential {credential}"),
                hint=N_("it is not tried again: accounts would be locked"),
                name=self._name,
                credential=self._controller.credential,
            )
        if status == _FORBIDDEN:
            raise CommandFailed(
                N_("{name}: {path}: the account may not read it"), name=self._name, path=path
            )
        if status != _OK:
            to = headers.get("Location", "")
            raise CommandFailed(
                N_("{name}: {path}: status {status} {to}"),
                name=self._name,
                path=path,
                status=status,
                to=f"(-> {to[:80]})" if to else "",
            )
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Unparsed(
                N_("{name}: {path}: no JSON object but {kind}"),
                name=self._name,
                path=path,
                kind=headers.get_content_type(),
            )
        return found
