"""inventory/images.yml: releases that elements are brought to, and where their files are fetched.

The digests are what everything else is held to, so nothing here is guessed or put right.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from dcctl.estate.schema.base import Model, Name
from dcctl.estate.schema.waivers import Day
from dcctl.text import N_

_HEX = re.compile(r"[0-9a-f]+\Z")
_DIGITS = {"md5": 32, "sha256": 64, "sha512": 128}
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()+-]*\Z")
# What every vendor's command line, SFTP and a URL take as it is; SR OS has a folder a release.
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+()-]*(/[A-Za-z0-9][A-Za-z0-9._+()-]*)?\Z")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*\Z|[0-9A-Fa-f:]+\Z")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*/?\Z")


def _digest(kind: str) -> AfterValidator:
    def check(value: str) -> str:
        if value.lower() != value:
            message = N_("{key} is written in capitals; a digest is in small letters")
            raise ValueError(message)
        if not _HEX.match(value) or len(value) != _DIGITS[kind]:
            message = {
                "md5": N_("{key} is no MD5: 32 hexadecimal digits are wanted"),
                "sha256": N_("{key} is no SHA-256: 64 hexadecimal digits are wanted"),
                "sha512": N_("{key} is no SHA-512: 128 hexadecimal digits are wanted"),
            }[kind]
            raise ValueError(message)
        return value

    return AfterValidator(check)


def _image_name(value: str) -> str:
    if not _IMAGE.match(value):
        message = N_("{value} can't name an image: letters, digits and . _ - + ( ) only")
        raise ValueError(message)
    return value


def _file_name(value: str) -> str:
    if not _FILE.match(value):
        message = N_("{key}: {value} can't name a file that every device takes")
        raise ValueError(message)
    return value


def _host(value: str) -> str:
    if not _HOST.match(value):
        message = N_("{key}: {value} is no address and no name of a host")
        raise ValueError(message)
    return value


def _path(value: str) -> str:
    if not _PATH.match(value) or ".." in value:
        message = N_("{key}: {value} is no path on a server, as in /images")
        raise ValueError(message)
    return value


ImageName = Annotated[str, AfterValidator(_image_name)]
FileName = Annotated[str, Field(min_length=1, max_length=127), AfterValidator(_file_name)]
Said = Annotated[str, Field(min_length=1)]


class ImageFileEntry(Model):
    """One file of an image, as the vendor publishes it."""

    name: FileName
    size: Annotated[int, Field(gt=0)] = Field(description="bytes")
    sha512: Annotated[str, _digest("sha512")]
    md5: Annotated[str, _digest("md5")] = Field(default="", description="as the vendor tells it")
    sha256: Annotated[str, _digest("sha256")] = Field(
        default="", description="for devices that work out no SHA-512 (Junos)"
    )
    role: Literal["system", "patch", "bootloader", "fpd", "package"] = "system"


class SignatureEntry(Model):
    """How the vendor's signature over the files was checked, before they were trusted."""

    by: Name = Field(description="who checked it")
    date: Day = Field(description="the day, in UTC")
    tool: Name = Field(description="with what")
    says: str = Field(default="", description="what was seen, for people")
    file: str = Field(default="", description="the vendor's detached signature, on the mirrors")


class TrapEntry(Model):
    """Something known to go wrong, in both languages."""

    en: Said
    vi: Said


class ImageEntry(Model):
    """One release for one platform; its key is its name."""

    platform: Name
    version: Name = Field(description="as the device tells it when it runs")
    models: list[Name] = Field(default=[], description="shell patterns; none: every model")
    hosts: list[Name] = Field(
        default=[], description="shell patterns of elements' names; none: every element"
    )
    files: Annotated[list[ImageFileEntry], Field(min_length=1)]
    signature: SignatureEntry | None = None
    from_versions: list[Name] = Field(
        default=[], description="shell patterns of releases it may follow; none: any"
    )
    patch: str = Field(default="", description="must be active with it, as the device tells it")
    bootloader: str = Field(default="", description="it needs this one, as the device tells it")
    fpd: bool = Field(default=False, description="programmable devices are brought up to it")
    traps: list[TrapEntry] = []


class MirrorEntry(Model):
    """Where a site's elements fetch images from; its key is the site."""

    scheme: Literal["http", "https", "ftp", "tftp", "sftp", "scp"]
    host: Annotated[str, AfterValidator(_host)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    path: Annotated[str, AfterValidator(_path)] = ""
    credential: Name | None = Field(default=None, description="a name below `credentials:`")


class Images(Model):
    """The whole file."""

    mirrors: dict[Name, MirrorEntry] = {}
    caps_mbps: dict[Name, Annotated[float, Field(gt=0)]] = Field(
        default={}, description="most that staging takes of a site's line; `default` for the others"
    )
    pull_mbps: Annotated[float, Field(gt=0)] = Field(
        default=20.0, description="what one element takes that fetches by itself, in Mbit/s"
    )
    images: dict[ImageName, ImageEntry] = {}
