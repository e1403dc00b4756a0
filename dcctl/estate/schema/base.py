"""What every model of a file shares: strict, closed, and never a number where text is wanted.

A validator's message is marked for translation and filled with `{key}` and `{value}`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dcctl.estate.addresses import is_address, is_interface_address
from dcctl.text import N_

_NET = re.compile(r"[0-9a-fA-F]{2}(\.[0-9a-fA-F]{4}){2,9}\.00\Z")


class Model(BaseModel):
    """Base of all: frozen, no unknown keys, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _address(value: str) -> str:
    if not is_address(value):
        message = N_("{key}: {value} is no IPv4 or IPv6 address")
        raise ValueError(message)
    return value


def _interface_address(value: str) -> str:
    if not is_interface_address(value):
        message = N_("{key}: {value} is no address with its prefix length, as in 10.0.0.1/24")
        raise ValueError(message)
    return value


def _net(value: str) -> str:
    if not _NET.match(value):
        message = N_(
            "{key}: {value} is no IS-IS network entity title, as in 49.0001.0102.5500.0001.00"
        )
        raise ValueError(message)
    return value


Name = Annotated[str, Field(min_length=1, max_length=255)]
Address = Annotated[str, AfterValidator(_address), Field(description="an IPv4 or IPv6 address")]
InterfaceAddress = Annotated[
    str,
    AfterValidator(_interface_address),
    Field(description="an address with its prefix length, as in 10.0.0.1/24"),
]
NetworkEntity = Annotated[str, AfterValidator(_net), Field(description="an IS-IS NET")]
Asn = Annotated[int, Field(ge=1, le=4_294_967_295)]
Mtu = Annotated[int, Field(ge=576, le=9216)]
Metric = Annotated[int, Field(ge=1, le=16_777_214)]
Unit = Annotated[int, Field(ge=1, le=100)]
Free = dict[str, Any]
