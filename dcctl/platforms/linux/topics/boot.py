"""The boot that a server is in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dcctl.facts.boot import Boot


def parse(data: Any) -> Boot | None:
    """The kernel's own id, and when it was made."""
    return Boot(
        boot_id=data["boot_id"],
        uptime_s=data["uptime_s"],
        booted_at=datetime.fromtimestamp(data["booted_at"], UTC).isoformat(),
    )


PARSE = parse
