"""Listening sockets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket:
    """One listener; `address` is `0.0.0.0` or `::` for all."""

    protocol: str  # tcp | udp
    address: str
    port: int
    process: str = ""

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.address.startswith("127.") or self.address in {"::1", "::ffff:127.0.0.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sockets:
    """All of them."""

    items: tuple[Socket, ...]


FACT = Sockets
