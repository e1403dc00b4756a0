"""JSON Schemas for editors, generated from the models, so that they can't say something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.estate.schema.declarations import Attestation, AuditWaiver
from dcctl.estate.schema.host import HostIntent
from dcctl.estate.schema.images import Images
from dcctl.estate.schema.racks import DeviceType, Racks
from dcctl.estate.schema.site import SiteFile
from dcctl.estate.schema.topology import Topology
from dcctl.estate.schema.waivers import Waivers
from dcctl.estate.schema.windows import Windows

if TYPE_CHECKING:
    from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """By name: the files; `host`, the merged `dcctl` variable; `variables`, a file of variables."""
    models: dict[str, type[BaseModel]] = {
        "dcctl": SiteFile,
        "topology": Topology,
        "racks": Racks,
        "waivers": Waivers,
        "audit_waiver": AuditWaiver,
        "attestation": Attestation,
        "images": Images,
        "windows": Windows,
        "device_type": DeviceType,
        "host": HostIntent,
    }
    found = {
        name: {"$schema": DIALECT, **model.model_json_schema()} for name, model in models.items()
    }
    found["variables"] = _variables(found["host"])
    return found


def _variables(host: dict[str, Any]) -> dict[str, Any]:
    """A file of variables holds a part of `dcctl` and anything else: nothing is required of it."""
    part = {
        key: value for key, value in host.items() if key not in ("$schema", "$defs", "required")
    }
    return {
        "$schema": DIALECT,
        "$defs": host.get("$defs", {}),
        "type": "object",
        "properties": {"dcctl": part},
        "additionalProperties": True,
    }
