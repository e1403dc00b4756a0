"""`| display xml`: the XML that Junos's JSON data was made from."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

RELEASE = "22.4R3"


def reply(data: dict[str, Any]) -> str:
    """An answer's data as the XML of a reply."""
    rows = [f'<rpc-reply xmlns:junos="http://xml.juniper.net/junos/{RELEASE}/junos">']
    rows += _below(data, 1)
    rows += ["    <cli>", "        <banner></banner>", "    </cli>", "</rpc-reply>"]
    return "".join(f"{row}\n" for row in rows)


def _below(data: dict[str, Any], depth: int) -> list[str]:
    rows: list[str] = []
    for name, found in data.items():
        if name == "attributes":
            continue
        for one in found if isinstance(found, list) else [found]:
            rows += _element(name, one, depth)
    return rows


def _element(name: str, data: Any, depth: int) -> list[str]:
    lead = "    " * depth
    if not isinstance(data, dict):
        return [f"{lead}<{name}>{escape(str(data))}</{name}>"]
    attributes = "".join(
        f" {key}={quoteattr(str(value))}" for key, value in data.get("attributes", {}).items()
    )
    if "data" in data:
        return [f"{lead}<{name}{attributes}>{escape(str(data['data']))}</{name}>"]
    inner = _below(data, depth + 1)
    if not inner:
        return [f"{lead}<{name}{attributes}/>"]
    return [f"{lead}<{name}{attributes}>", *inner, f"{lead}</{name}>"]
