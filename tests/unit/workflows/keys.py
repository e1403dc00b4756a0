"""Real keys and signatures for tests: ssh-keygen's own, and a hardware key made of software."""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SK = b"sk-ssh-ed25519@openssh.com"


def make_key(folder: Path, name: str, *, passphrase: str = "", kind: str = "ed25519") -> Path:
    """A private key's file; the public one lies beside it."""
    file = folder / name
    argv = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", name, "-f", str(file)]
    subprocess.run(argv, check=True)
    return file


def public(key: Path) -> str:
    """Type and key, without the comment."""
    return " ".join(key.with_suffix(".pub").read_text().split()[:2])


def signed(statement: str, key: Path, namespace: str) -> str:
    """What an approver makes with stock tools on another machine."""
    argv = ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", namespace]
    done = subprocess.run(argv, input=statement.encode(), capture_output=True, check=True)
    return done.stdout.decode()


@contextmanager
def agent(*keys: Path) -> Iterator[dict[str, str]]:
    """An ssh-agent of our own that holds these keys: what to add to the environment."""
    folder = keys[0].parent / "agent"
    folder.mkdir()
    with subprocess.Popen(
        ["ssh-agent", "-D", "-a", folder / "socket"], stdout=subprocess.DEVNULL
    ) as running:
        told = {"SSH_AUTH_SOCK": str(folder / "socket")}
        try:
            while not (folder / "socket").exists():
                assert running.poll() is None
            for key in keys:
                subprocess.run(["ssh-add", "-q", str(key)], check=True, env={**os.environ, **told})
            yield told
        finally:
            running.terminate()


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


class HardwareKey:
    """Signs as a FIDO authenticator does (OpenSSH's PROTOCOL.u2f), with or without a touch."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        raw = self._key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        self.blob = _string(SK) + _string(raw) + _string(b"ssh:")
        self.public = f"{SK.decode()} {base64.b64encode(self.blob).decode()}"

    def signed(self, statement: str, namespace: str, *, touched: bool = True) -> str:
        content = hashlib.sha512(statement.encode()).digest()
        middle = _string(namespace.encode()) + _string(b"") + _string(b"sha512")
        message = b"SSHSIG" + middle + _string(content)
        tail = bytes([1 if touched else 0]) + struct.pack(">I", 7)
        digests = (hashlib.sha256(b"ssh:").digest(), hashlib.sha256(message).digest())
        signature = self._key.sign(digests[0] + tail + digests[1])
        blob = b"SSHSIG" + struct.pack(">I", 1) + _string(self.blob) + middle
        blob += _string(_string(SK) + _string(signature) + tail)
        text = base64.b64encode(blob).decode()
        lines = [text[at : at + 70] for at in range(0, len(text), 70)]
        return "\n".join(
            ["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]
        )
