"""The tree of block devices, from lsblk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dcctl.facts.block_devices import BlockDevices, Mounted


def parse(data: Any) -> BlockDevices | None:
    """None where no block device is mounted, as in a container."""
    answer = data["lsblk"]
    if answer is None:
        message = "lsblk is not installed"
        raise ValueError(message)
    if answer["code"] != 0:
        raise ValueError(answer["err"] or "lsblk failed")
    tree = json.loads(answer["out"] or "{}").get("blockdevices", [])
    found = {
        (item.mount, item.device): item for device in tree for item in _below(device, crypt=False)
    }
    return BlockDevices(items=tuple(found.values())) if found else None


def _below(device: Any, *, crypt: bool) -> Iterator[Mounted]:
    crypt = crypt or device["type"] == "crypt"
    if device.get("mountpoint"):
        yield Mounted(mount=device["mountpoint"], device=device["name"], encrypted=crypt)
    for child in device.get("children", ()):
        yield from _below(child, crypt=crypt)


PARSE = parse
