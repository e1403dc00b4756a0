"""What takes an approval of its own, beyond that of the plan that holds it."""

from __future__ import annotations

from enum import StrEnum

APPROVED = "approved"  # the key of a run's request, and of its shards' options


class Approval(StrEnum):
    """What was approved. Stored in runs' requests."""

    DESTRUCTIVE = "destructive"  # lines that take something away
    RELOAD = "reload"  # a planned reload as the last safety net
    NO_SAFETY_NET = "no_safety_net"
