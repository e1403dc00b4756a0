"""Targets behind jump hosts: none is dialled yet, and never as if it had none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.model.target import Connection


def require_direct(connection: Connection) -> None:
    """Refuse a connection that would have to go through another host.

    Raises:
        InvalidInput: it would.
    """
    if connection.jump:
        raise InvalidInput(
            N_("{address} lies behind {jump}, and dcctl does not go through jump hosts yet"),
            hint=N_("run dcctl where it can be reached directly, and take `jump` out"),
            address=connection.host_key_alias or connection.address,
            jump=", ".join(connection.jump),
        )
