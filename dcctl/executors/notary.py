"""The evidence log's keys: making them, signing checkpoints with them, cosigning, verifying.

Ed25519. A private key is a file of its own that only its owner may read, in the form of Go's
`note` package: `PRIVATE+KEY+NAME+ID+BASE64`; it is read where it signs, and goes nowhere else.
"""

from __future__ import annotations

import base64
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from dcctl import secrets
from dcctl.errors import InvalidInput
from dcctl.model.note import (
    NotANote,
    Note,
    Signature,
    SignatureType,
    VerifierKey,
    cosigned,
    decoded,
    good_name,
    stamped,
    unstamped,
)
from dcctl.text import N_

_PREFIX = "PRIVATE+KEY+"
_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its public one; it shows itself to nobody."""

    public: VerifierKey
    _seed: secrets.Secret

    def sign(self, text: str, *, seconds: int = 0) -> Signature:
        """A signature line over a note's text; a witness's holds the time, `seconds` since 1970."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.from_private_bytes(decoded(self._seed.reveal()))
        key = self.public
        if key.type is SignatureType.LOG:
            made = private.sign(text.encode())
        else:
            made = stamped(seconds, private.sign(cosigned(text, seconds)))
        return Signature(key.name, key.id, made)


def make_key(path: Path, name: str, kind: SignatureType) -> VerifierKey:
    """Make a key in a new file that only its owner may read; gives the public one.

    Raises:
        InvalidInput: a name that no key may have, a file that is there, or can't be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not good_name(name):
        raise InvalidInput(
            N_("a key can't be called {name}"),
            hint=N_("a name like an address, without blanks and +: hoalac.example/journal"),
            name=name,
        )
    private = Ed25519PrivateKey.generate()
    key = VerifierKey(name, kind, private.public_key().public_bytes_raw())
    seed = private.private_bytes_raw()
    secrets.remember(base64.b64encode(seed).decode())
    material = base64.b64encode(bytes([kind]) + seed).decode()
    secrets.remember(material)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii" if name.isascii() else "utf-8") as file:
            file.write(f"{_PREFIX}{name}+{key.id.hex()}+{material}\n")
    except FileExistsError as error:
        raise InvalidInput(
            N_("{path} is there already"),
            hint=N_("a key is never written over: name another file"),
            path=str(path),
        ) from error
    except OSError as error:
        raise InvalidInput(
            N_("{path} can't be written: {reason}"), path=str(path), reason=error.strerror
        ) from error
    return key


def load_key(path: Path) -> SigningKey:
    """The private key in a file.

    Raises:
        InvalidInput: no such file, others may read it, or it holds no key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    text = _private(path)
    try:
        name, told, material = text.removeprefix(_PREFIX).split("+", 2)
        data = decoded(material)
        seed = secrets.Secret(base64.b64encode(data[1:]).decode())
        secrets.remember(material)
        public = Ed25519PrivateKey.from_private_bytes(data[1:]).public_key().public_bytes_raw()
        key = VerifierKey(name, SignatureType(data[0]), public)
    except (ValueError, IndexError):
        key, told = None, ""
    if key is None or not text.startswith(_PREFIX) or told != key.id.hex():
        raise InvalidInput(
            N_("{path} holds no private key of the evidence log"),
            hint=N_("make one with `dcctl journal key`"),
            path=str(path),
        ) from None
    return SigningKey(key, seed)


def _private(path: Path) -> str:
    """What a file that nobody else may read holds."""
    try:
        with path.open(encoding="utf-8") as file:
            alone = not stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077
            text = file.read(_LARGEST).strip() if alone else ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InvalidInput(
            N_("{path} can't be read: {reason}"), path=str(path), reason=reason
        ) from error
    if not alone:
        raise InvalidInput(
            N_("{path}: others may read this private key"),
            hint=N_("chmod 600 {path}; or make a new one, if it lay open for long"),
            path=str(path),
        )
    return text


def signed_by(note: Note, key: VerifierKey) -> bool:
    """Whether the note has a good signature of this key.

    Raises:
        NotANote: it has one that is not good, or several: the whole note is to be refused.
    """
    mine = [one for one in note.signatures if (one.name, one.id) == (key.name, key.id)]
    if not mine:
        return False
    if len(mine) > 1 or not verified(note.text, mine[0], key):
        raise NotANote(f"the signature of {key.name} is not good")
    return True


def verified(text: str, signature: Signature, key: VerifierKey) -> bool:
    """Whether a signature line over a note's text is good by this very key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if (signature.name, signature.id) != (key.name, key.id):
        return False
    try:
        if key.type is SignatureType.LOG:
            content, message = signature.content, text.encode()
        else:
            seconds, content = unstamped(signature.content)
            message = cosigned(text, seconds)
        Ed25519PublicKey.from_public_bytes(key.public).verify(content, message)
    except (InvalidSignature, NotANote, ValueError):
        return False
    return True
