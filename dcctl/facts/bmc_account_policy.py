"""What a management controller asks of its accounts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcAccountPolicy:
    """None: it does not say. A threshold or a duration of 0: no account is ever locked."""

    lockout_failures: int | None = None
    lockout_s: int | None = None
    minimum_length: int | None = None


FACT = BmcAccountPolicy
