"""The makes that a drawn estate is made of, and the images that their releases lie in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from dcctl.lab.elements import images
from dcctl.model.upgrade import Image, ImageFile

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIZE = 4096  # bytes of an image


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """How routers of one platform are drawn."""

    platform: str
    model: str
    port: str  # with {n}
    management: str
    loopback: str
    before: str  # release
    after: str
    file: str  # of the release that they are brought to
    stores: tuple[str, ...]  # file systems that an image has to lie on


XE = Make(
    platform="cisco_xe",
    model="cisco/c8500-12x4qc",
    port="TenGigabitEthernet0/0/{n}",
    management="GigabitEthernet0",
    loopback="Loopback0",
    before="17.9.4a",
    after="17.12.4",
    file="c8000aep-universalk9.17.12.04.SPA.bin",
    stores=("bootflash:", "stby-bootflash:"),
)
MAKES = (XE,)


def make_of(platform: str) -> Make:
    """How routers of this platform are drawn."""
    return next(make for make in MAKES if make.platform == platform)


def content(make: Make, flags: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The image's bytes."""
    return images.image(make.platform, make.after, size=_SIZE, flags=flags)


def image_of(make: Make, data: bytes) -> Image:
    """The image that holds these bytes, as images.yml would describe it."""
    file = ImageFile(
        name=make.file,
        size=len(data),
        sha512=hashlib.sha512(data).hexdigest(),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
    )
    return Image(
        name=f"{make.platform}-{make.after}",
        platform=make.platform,
        version=make.after,
        files=(file,),
    )
