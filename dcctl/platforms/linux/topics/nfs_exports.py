"""NFS exports as the kernel has them, from `exportfs -s`."""

from __future__ import annotations

import re
from typing import Any

from dcctl.facts.nfs_exports import NfsExport, NfsExports

_LINE = re.compile(r"^(/.*?)\s+(\S+?)\(([^)]*)\)\s*$")


def parse(data: Any) -> NfsExports | None:
    """None where nothing is exported, or nothing could be."""
    answer = data["exportfs"]
    if answer is None:
        return None
    if answer["code"] != 0:
        raise ValueError(answer["err"] or "exportfs failed")
    items = []
    for line in (data.get("etab") or answer["out"]).splitlines():
        if not line.strip():
            continue
        found = _LINE.match(line)
        if not found:
            message = f"no export: {line[:80]}"
            raise ValueError(message)
        client = "*" if found.group(2) == "<world>" else found.group(2)
        options = tuple(dict.fromkeys(found.group(3).split(",")))
        items.append(NfsExport(path=found.group(1), client=client, options=options))
    return NfsExports(items=tuple(items)) if items else None


PARSE = parse
