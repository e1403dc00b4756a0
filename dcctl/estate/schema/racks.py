"""inventory/racks.yml, and the few keys of a NetBox device type that the estate itself needs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from dcctl.estate.schema.base import Model, Name


class HallEntry(Model):
    """A room; its key is its name."""

    site: Name
    name: str = ""


class RackEntry(Model):
    """A rack; its key is its name. Power and weight are budgets."""

    hall: Name | None = None
    site: Name | None = None
    row: Name | None = None
    height_u: Annotated[int, Field(ge=1, le=100)] = 42
    depth_mm: Annotated[int, Field(gt=0)] | None = None
    power_w: Annotated[int, Field(gt=0)] | None = None
    weight_kg: Annotated[int, Field(gt=0)] | None = None
    feeds: list[Name] = []
    purpose: str = ""
    notes: str = ""


class Racks(Model):
    """The whole file."""

    halls: dict[Name, HallEntry] = {}
    racks: dict[Name, RackEntry] = {}


class DeviceType(BaseModel):
    """A file of NetBox's device-type library; it has many more keys, which are left alone."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    manufacturer: Name
    model: Name
    slug: Name | None = None
    u_height: Annotated[float, Field(ge=0, le=60)] = 1
    is_full_depth: bool = True
    interfaces: list[dict[str, Any]] = []
