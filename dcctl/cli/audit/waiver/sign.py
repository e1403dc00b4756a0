"""`dcctl audit waiver sign`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.cli.audit._declaring import signer

if TYPE_CHECKING:
    from dcctl.workflows.audit.declare import Entry


def _kind() -> type[Entry]:
    from dcctl.estate.schema.declarations import AuditWaiver

    return AuditWaiver


command = signer(_kind)
