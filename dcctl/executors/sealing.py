"""Configurations at rest: encrypted whole, so that a restore gives back every secret in them.

AES-128-CBC with HMAC-SHA256 (Fernet). A key file holds one key a line: the first seals, all open,
so that a key can be replaced without losing what was sealed with the one before.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import secrets
from dcctl.errors import InvalidInput, NotFound
from dcctl.secrets import SecretRef
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTION = "backup_key"  # in a shard's options: a reference, never the key
_MARK = 8  # hexadecimal digits that tell one secret from another


class Sealer:
    """Seals and opens text; made by `sealer`."""

    def __init__(self, keys: list[str]) -> None:
        from cryptography.fernet import Fernet, MultiFernet

        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise InvalidInput(
                N_("the backup key is no key"), hint=N_("make one with `dcctl backup key`")
            ) from error
        self._secret = hashlib.sha256(b"dcctl marks" + keys[0].encode()).digest()

    def seal(self, text: str) -> str:
        """`text`, encrypted; ASCII."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """What was sealed.

        Raises:
            InvalidInput: none of the keys opens it, or it was altered.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise InvalidInput(
                N_("the backup can't be opened with this key"),
                hint=N_("keep the key that it was made with as a further line of the key file"),
            ) from error

    def mark(self, value: str) -> str:
        """A short keyed digest: equal values have equal marks, and nobody can guess from one."""
        return hmac.new(self._secret, value.encode(), hashlib.sha256).hexdigest()[:_MARK]


def sealer(options: Mapping[str, Any], base: Path) -> Sealer:
    """The sealer of `options["backup_key"]`; a relative file is under `base`.

    Raises:
        NotFound: there is no key. InvalidInput: others may read it, or it is no key.
    """
    reference = str(options.get(OPTION, ""))
    if not reference:
        raise NotFound(
            N_("no backup key"), hint=N_("write `backup: {key: file:PATH}` into dcctl.yml")
        )
    try:
        text = secrets.resolve(SecretRef.parse(reference), base=base).reveal()
    except NotFound as error:
        raise NotFound(
            N_("the backup key {reference} is not there"),
            hint=N_("make one with `dcctl backup key`, and keep a copy of it elsewhere"),
            reference=reference,
        ) from error
    keys = [line.strip() for line in text.splitlines() if line.strip()]
    for key in keys:
        secrets.remember(key)
    return Sealer(keys)


def new_key() -> str:
    """A fresh random key."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode("ascii")
