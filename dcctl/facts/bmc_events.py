"""Where a management controller sends its events."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One destination, without what is secret in its URL; `enabled` None: it does not say."""

    host: str
    protocol: str
    enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcEvents:
    """Every subscription; `enabled` tells of the whole service."""

    enabled: bool | None = None
    items: tuple[Subscription, ...] = ()


FACT = BmcEvents
