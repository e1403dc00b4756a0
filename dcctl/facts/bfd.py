"""BFD sessions (RFC 5880)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BfdSession:
    """One session; `state` is lower case: up, init, down, admin_down."""

    neighbor: str  # address
    state: str
    interface: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BfdSessions:
    """All sessions."""

    items: tuple[BfdSession, ...]


FACT = BfdSessions
