"""Reads an estate's files into one validated, frozen thing; selection by Ansible host patterns.

Heavy parts (pydantic, the YAML parser) are imported on a cold load only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.estate.complaints import InvalidEstate
from dcctl.estate.loading import check, load

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["InvalidEstate", "check", "load", "schemas"]


def schemas() -> Mapping[str, Mapping[str, Any]]:
    """JSON Schemas for editors, by the file they are for."""
    from dcctl.estate.schema.export import schemas as export

    return export()
