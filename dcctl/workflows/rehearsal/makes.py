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

    from dcctl.model.target import Target

_SIZE = 4096  # bytes of an image


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """How routers of one model are drawn."""

    platform: str
    model: str
    port: str  # with {n}
    first: int = 0  # number of the first port
    management: str  # empty: no configuration holds it
    loopback: str
    before: str  # release
    after: str
    other: str  # a release that is neither
    # Of the release that they are brought to: name -> role.
    files: Mapping[str, str]
    models: tuple[str, ...] = ()  # that its image is for; empty: all of the platform

    @property
    def short(self) -> str:
        """Its name in a seed's record: `cisco/mx480` is mx480."""
        return self.model.rpartition("/")[2]


def _system(name: str) -> Mapping[str, str]:
    return MappingProxyType({name: "system"})


MAKES = (
    Make(
        platform="cisco_xe",
        model="cisco/c8500-12x4qc",
        port="TenGigabitEthernet0/0/{n}",
        management="GigabitEthernet0",
        loopback="Loopback0",
        before="17.9.4a",
        after="17.12.4",
        other="17.12.1",
        files=_system("c8000aep-universalk9.17.12.04.SPA.bin"),
    ),
    Make(
        platform="cisco_xr",
        model="cisco/ncs-5501-se",
        port="TenGigE0/0/0/{n}",
        management="MgmtEth0/RP0/CPU0/0",
        loopback="Loopback0",
        before="7.5.2",
        after="7.11.2",
        other="7.11.1",
        files=_system("ncs5500-goldenk9-x-7.11.2.iso"),
    ),
    Make(
        platform="juniper_junos",
        model="juniper/mx204",
        port="xe-0/1/{n}",
        management="fxp0",
        loopback="lo0",
        before="22.2R3.15",
        after="23.4R2.13",
        other="23.2R1.14",
        files=_system("junos-vmhost-install-mx-x86-64-23.4R2.13.tgz"),
        models=("MX204*",),
    ),
    Make(
        platform="juniper_junos",
        model="juniper/mx480",
        port="xe-0/0/{n}",
        management="fxp0",
        loopback="lo0",
        before="22.2R3.15",
        after="23.4R2.13",
        other="23.2R1.14",
        files=_system("junos-install-mx-x86-64-23.4R2.13.tgz"),
        models=("MX480*",),
    ),
    Make(
        platform="huawei_vrp",
        model="huawei/netengine-8000-m8",
        port="GigabitEthernet0/1/{n}",
        management="GigabitEthernet0/0/0",
        loopback="LoopBack0",
        before="V800R021C00SPC100",
        after="V800R023C10SPC500",
        other="V800R023C00SPC500",
        files=_system("NetEngine8000-M_V800R023C10SPC500.cc"),
    ),
    Make(
        platform="nokia_sros",
        model="nokia/7750-sr-1",
        port="1/1/c{n}/1",
        first=1,
        management="",
        loopback="system",
        before="23.10.R2",
        after="24.10.R2",
        other="24.7.R1",
        files=MappingProxyType(
            {
                "24.10.R2/both.tim": "system",
                "24.10.R2/support.tim": "package",
                "24.10.R2/boot.ldr": "bootloader",
            }
        ),
    ),
    Make(
        platform="cisco_nxos",
        model="cisco/n9k-c93180yc-fx3",
        port="Ethernet1/{n}",
        first=1,
        management="mgmt0",
        loopback="loopback0",
        before="9.3(8)",
        after="10.3(6)",
        other="10.2(5)",
        files=_system("nxos64-cs.10.3.6.M.bin"),
    ),
    Make(
        platform="arista_eos",
        model="arista/dcs-7280sr3-48yc8",
        port="Ethernet{n}",
        first=1,
        management="Management1",
        loopback="Loopback0",
        before="4.28.9M",
        after="4.31.5M",
        other="4.30.2M",
        files=_system("EOS-4.31.5M.swi"),
    ),
)


def named(*names: str) -> tuple[Make, ...]:
    """The makes of these short names; all without any."""
    return tuple(make for make in MAKES if not names or make.short in names)


def make_of(target: Target) -> Make:
    """How routers of this target's model are drawn."""
    return next(make for make in MAKES if make.model == target.intent["device_type"])


def contents(make: Make, flags: Mapping[str, str] = MappingProxyType({})) -> dict[str, bytes]:
    """The image's files; `flags` are what is wrong with its system's."""
    if "wrong_version" in flags:
        flags = {**flags, "wrong_version": make.other}
    return {
        name: images.image(
            make.platform,
            make.after,
            size=_SIZE,
            role=role,
            flags=flags if role == "system" else {},
        )
        for name, role in make.files.items()
    }


def image_of(make: Make, files: Mapping[str, bytes]) -> Image:
    """The image that these files are, as images.yml would describe it."""
    return Image(
        name=f"{make.short}-{make.after}",
        platform=make.platform,
        version=make.after,
        models=make.models,
        files=tuple(_file(name, make.files[name], data) for name, data in files.items()),
    )


def _file(name: str, role: str, data: bytes) -> ImageFile:
    return ImageFile(
        name=name,
        size=len(data),
        sha512=hashlib.sha512(data).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        role=role,
    )
