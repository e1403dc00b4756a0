"""What SSH may agree on, by profile, and what it did agree on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import paramiko
from paramiko.kex_curve25519 import KexCurve25519

from dcctl.errors import InvalidInput
from dcctl.executors import hostkeys
from dcctl.facts.transport import Transport
from dcctl.model.target import Connection
from dcctl.text import N_

# What a profile leaves out of paramiko's own lists. `legacy` leaves out nothing.
_SHA1_KEX = (
    "diffie-hellman-group-exchange-sha1",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group1-sha1",
)
_OLD_CIPHERS = ("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc")
_OLD_MACS = ("hmac-sha1", "hmac-md5", "hmac-sha1-96", "hmac-md5-96")
_LEFT_OUT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "modern": {
        "kex": _SHA1_KEX,
        "ciphers": _OLD_CIPHERS,
        "macs": _OLD_MACS,
        "keys": ("ssh-rsa",),
        "pubkeys": ("ssh-rsa",),
    },
    "compatible": {
        "kex": _SHA1_KEX[2:],
        "ciphers": ("3des-cbc",),
        "macs": _OLD_MACS[1:],
    },
    "legacy": {},
}


class AgreedTransport(paramiko.Transport):
    """One that remembers its key exchange, with AES-GCM first: one pass, not cipher and MAC."""

    agreed_kex = ""
    _preferred_ciphers = (
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "aes128-ctr",
        "aes192-ctr",
        "aes256-ctr",
        "aes128-cbc",
        "aes256-cbc",
        "3des-cbc",
    )
    # paramiko knows it by the name that it had before RFC 8731 only
    _kex_info: Mapping[str, type[Any]] = {
        "curve25519-sha256": KexCurve25519,
        **paramiko.Transport._kex_info,  # type: ignore[attr-defined] # noqa: SLF001 - nothing public
    }
    _preferred_kex = (
        "curve25519-sha256",
        *paramiko.Transport._preferred_kex,  # type: ignore[attr-defined] # noqa: SLF001 - as above
    )
    kex_engine: Any

    def _filter_algorithm(self, type_: str) -> tuple[str, ...]:
        told: Any = self  # asked for sixteen times a login, mostly the same
        left_out = told.disabled_algorithms.get(type_, ())
        return _without(tuple(getattr(self, f"_preferred_{type_}")), tuple(left_out))

    def _log(self, level: int, *message: Any) -> None:
        logger: logging.Logger = self.logger
        if logger.isEnabledFor(level):
            super()._log(level, *message)  # type: ignore[misc] # as above

    def _parse_kex_init(self, m: Any) -> None:
        super()._parse_kex_init(m)  # type: ignore[misc] # paramiko has no other place that knows
        engine = type(self.kex_engine)  # it is forgotten once the keys are there
        self.agreed_kex = next(
            (name for name, kind in self._kex_info.items() if kind is engine), engine.__name__
        )


@lru_cache(maxsize=256)
def _without(preferred: tuple[str, ...], left_out: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in preferred if name not in left_out)


def left_out(profile: str) -> dict[str, list[str]]:
    """What `profile` never agrees to, as paramiko wants it.

    Raises:
        InvalidInput: there is no such profile.
    """
    if profile not in _LEFT_OUT:
        raise InvalidInput(N_("there is no crypto profile {name}"), name=profile)
    return {key: list(value) for key, value in _LEFT_OUT[profile].items()}


def agreed(transport: paramiko.Transport, connection: Connection) -> Transport:
    """What `transport` was agreed on."""
    told: Any = transport
    return Transport(
        kex=told.agreed_kex,
        host_key=str(told.host_key_type),
        host_key_bits=transport.get_remote_server_key().get_bits(),
        cipher_in=told.remote_cipher,
        cipher_out=told.local_cipher,
        mac_in=_mac(told, told.remote_cipher, told.remote_mac),
        mac_out=_mac(told, told.local_cipher, told.local_mac),
        banner=told.remote_version,
        profile=connection.crypto,
        through=tuple(hostkeys.alias(hop) for hop in connection.jump),
    )


def _mac(transport: Any, cipher: str, mac: str) -> str:
    info = transport._cipher_info[cipher]  # noqa: SLF001 - paramiko has no other way
    return "" if info.get("is_aead") else str(mac)
