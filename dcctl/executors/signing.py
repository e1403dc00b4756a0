"""People's signatures: OpenSSH's, made and verified by ssh-keygen itself.

A private key is named by its path or stays in the agent; a passphrase or a hardware key's touch is
asked for by ssh-keygen on the terminal, and by nobody where there is none. What was signed is
handed over in a file of a private folder, so that the standard input is never taken for a
passphrase. What ssh-keygen says is shown and never parsed: its exit status alone counts.
"""

from __future__ import annotations

import base64
import binascii
import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dcctl.errors import InvalidInput, MissingDependency, Refused
from dcctl.model.ssh_wire import fingerprint, strings
from dcctl.text import N_

ARMOUR = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_MAGIC = b"SSHSIG\0\0\0\1"  # and the version
_FLAGS = 5  # bytes from the flags to a hardware signature's end
_SIGN_S = 600  # a person looks for a hardware key
_LOOK_S = 30
_SAID = 400  # characters of what ssh-keygen said
_TERMINAL_ONLY = {"SSH_ASKPASS_REQUIRE": "never", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Seal:
    """What a signature says of itself; only `verify` tells whether it is true."""

    key: str  # SHA256:…
    namespace: str
    touched: bool = True  # of a hardware key: whether somebody was there; ssh-keygen asks nobody


def read(signature: str) -> Seal:
    """The key and the namespace that an armoured signature names (PROTOCOL.sshsig).

    Raises:
        Refused: it is no whole signature.
    """
    try:
        parts = _parts(signature)
        return Seal(fingerprint(parts[0]), parts[1].decode(), _touched(parts[0], parts[4]))
    except (ValueError, IndexError) as error:
        raise Refused(
            N_("this is no whole OpenSSH signature"),
            hint=N_("it is what `ssh-keygen -Y sign` writes, with its first and last line"),
        ) from error


def _parts(signature: str) -> list[bytes]:
    """Key, namespace, reserved, hash, signature."""
    first, *inner, last = signature.strip().splitlines() or ["", ""]
    blob = base64.b64decode("".join(inner), validate=True)
    if (first, last) != ARMOUR or not blob.startswith(_MAGIC):
        raise ValueError
    parts = strings(blob, len(_MAGIC))
    if len(parts) != 5:  # noqa: PLR2004 - PROTOCOL.sshsig
        raise ValueError
    return parts


def _touched(key: bytes, signature: bytes) -> bool:
    """Whether a hardware key says that it was touched (PROTOCOL.u2f: flags, counter at the end)."""
    if not strings(key)[0].startswith(b"sk-"):
        return True
    return len(signature) > _FLAGS and bool(signature[-_FLAGS] & 1)


def sign(statement: str, *, key: Path | str, namespace: str, interactive: bool) -> str:
    """An armoured signature over `statement` with a private key, or with one that the agent has.

    Args:
        statement: the exact text.
        key: the private key's file, or the line of a public key whose private one the agent has.
        namespace: what the signature is for.
        interactive: ssh-keygen may speak with a person on the terminal.

    Raises:
        InvalidInput: no such key, or it can't be used. MissingDependency: no ssh-keygen.
    """
    with tempfile.TemporaryDirectory(prefix="dcctl-sign-") as folder:  # 0700
        file = Path(folder) / "statement"
        file.write_text(statement, encoding="utf-8")
        used = _key_file(key, Path(folder))
        done = _run(
            ["ssh-keygen", "-Y", "sign", "-f", str(used), "-n", namespace, str(file)],
            seconds=_SIGN_S,
            interactive=interactive,
        )
        made = file.with_suffix(".sig")
        if done.returncode or not made.is_file():
            raise InvalidInput(
                N_("{key}: ssh-keygen did not sign: {said}"),
                hint=N_("a passphrase is asked for on a terminal only; or load it into an agent"),
                key=used.name if used.parent == Path(folder) else str(used),
                said=_said(done) or done.returncode,
            )
        return made.read_text(encoding="ascii")


def verify(
    statement: str, signature: str, *, signers: str, principal: str, namespace: str, at: datetime
) -> bool:
    """Whether ssh-keygen finds the signature good by the allowed_signers text `signers`.

    Raises:
        MissingDependency: there is no ssh-keygen.
    """
    with tempfile.TemporaryDirectory(prefix="dcctl-verify-") as name:  # 0700
        folder = Path(name)
        (folder / "signers").write_text(signers, encoding="utf-8")
        (folder / "signature").write_text(signature, encoding="utf-8")
        argv = ["ssh-keygen", "-Y", "verify", "-f", str(folder / "signers"), "-I", principal]
        argv += ["-n", namespace, "-s", str(folder / "signature")]
        argv += [f"-Overify-time={at.astimezone(UTC):%Y%m%d%H%M%S}Z"]
        return _run(argv, data=statement.encode()).returncode == 0


def key_of(file: Path) -> str:
    """`SHA256:…` of a private or public key; needs no passphrase.

    Raises:
        InvalidInput: no such file, or no key.
    """
    _require_file(file)
    done = _run(["ssh-keygen", "-l", "-E", "sha256", "-f", str(file)])
    words = done.stdout.decode("utf-8", "replace").split()
    if done.returncode or len(words) < 2:  # noqa: PLR2004 - bits and fingerprint
        raise InvalidInput(
            N_("{key}: no key that ssh-keygen can read: {said}"),
            hint=N_("name a private key, or the public one of a key in the agent"),
            key=str(file),
            said=_said(done) or done.returncode,
        )
    return words[1]


def agent_keys() -> dict[str, str]:
    """The keys in the SSH agent: `SHA256:…` -> the public key's line.

    Raises:
        InvalidInput: there is no agent.
    """
    done = _run(["ssh-add", "-L"])
    if done.returncode == 2:  # noqa: PLR2004 - ssh-add(1): no agent; 1: it holds no key
        raise InvalidInput(
            N_("no SSH agent can be reached, and no key was given"),
            hint=N_("start one (ssh-agent, ssh-add KEY), or name the key with --key FILE"),
        )
    found = {}
    for line in done.stdout.decode("utf-8", "replace").splitlines() if not done.returncode else ():
        fields = line.split()
        try:
            found[fingerprint(base64.b64decode(fields[1], validate=True))] = line
        except (IndexError, binascii.Error):
            continue
    return found


def _key_file(key: Path | str, folder: Path) -> Path:
    if isinstance(key, Path):
        _require_file(key)
        return key.absolute()
    file = folder / "agent.pub"
    file.write_text(key + "\n", encoding="utf-8")
    return file


def _require_file(key: Path) -> None:
    if not key.is_file():
        raise InvalidInput(
            N_("{key}: there is no such key"),
            hint=N_("name a private key, or the public one of a key in the agent"),
            key=str(key),
        )


def _run(
    argv: list[str], *, data: bytes = b"", seconds: int = _LOOK_S, interactive: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run it; without a person it has no terminal to ask on."""
    dropped = ("SSH_ASKPASS", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    try:
        return subprocess.run(
            argv,
            input=data,
            stdout=subprocess.PIPE,
            stderr=None if interactive else subprocess.PIPE,
            env=environment | _TERMINAL_ONLY,
            start_new_session=not interactive,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError as error:
        raise MissingDependency(
            N_("{program} is not installed"),
            hint=N_("install the OpenSSH client (package openssh-client), 9.1 or later"),
            program=argv[0],
        ) from error
    except subprocess.TimeoutExpired as error:
        raise InvalidInput(
            N_("{program} did not end within {seconds} s"), program=argv[0], seconds=seconds
        ) from error


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """What it said, in one line; empty where it spoke on the terminal itself."""
    lines = (done.stderr or b"").decode("utf-8", "replace").splitlines()
    return " ".join(line.strip() for line in lines if line.strip(" @"))[:_SAID]
