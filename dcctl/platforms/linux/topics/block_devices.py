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
    parts = [part for device in tree for part in _below(device, crypt=False)]
    mounts = {_kernel_name(device): device["mountpoint"] for device, _ in parts}
    for pool in data.get("pools", ()):  # of a btrfs over several devices one alone seems mounted
        mount = next((mounts[name] for name in pool if mounts.get(name)), None)
        mounts |= dict.fromkeys(pool, mount)
    found: dict[tuple[str, str], bool] = {}
    for device, crypt in parts:
        mount = mounts[_kernel_name(device)]
        if mount:  # what two disks lie beneath is encrypted where both are
            key = (mount, device["name"])
            found[key] = crypt and found.get(key, True)
    items = (Mounted(mount=m, device=name, encrypted=crypt) for (m, name), crypt in found.items())
    return BlockDevices(items=tuple(items)) if found else None


def _below(device: Any, *, crypt: bool) -> Iterator[tuple[Any, bool]]:
    crypt = crypt or device["type"] == "crypt"
    yield device, crypt
    for child in device.get("children", ()):
        yield from _below(child, crypt=crypt)


def _kernel_name(device: Any) -> str:
    return str(device.get("kname") or device["name"])


PARSE = parse
