"""Mounted file systems."""

from __future__ import annotations

from typing import Any

from dcctl.facts.disks import Disks, Filesystem


def parse(data: Any) -> Disks | None:
    """As the probe asked the kernel."""
    found = tuple(Filesystem(**item) for item in data["filesystems"])
    return Disks(filesystems=found) if found else None


PARSE = parse
