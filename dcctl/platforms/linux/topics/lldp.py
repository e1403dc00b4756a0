"""LLDP neighbours, from `lldpctl -f keyvalue`."""

from __future__ import annotations

from typing import Any

from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors


def parse(data: Any) -> LldpNeighbors | None:
    """None where lldpd is not installed or hears nobody."""
    answer = data["lldpctl"]
    if answer is None:
        return None
    if answer["code"] != 0:
        raise ValueError(answer["err"] or "lldpctl failed")
    heard: dict[str, dict[str, str]] = {}
    for line in answer["out"].splitlines():
        key, separator, value = line.partition("=")
        parts = key.split(".", 2)
        if separator and len(parts) == 3 and parts[0] == "lldp":  # noqa: PLR2004 - lldp.IFACE.KEY
            heard.setdefault(parts[1], {})[parts[2]] = value
    items = tuple(
        LldpNeighbor(
            interface=name,
            system=values.get("chassis.name", values.get("chassis.mac", "")),
            port=values.get("port.ifname", values.get("port.local", values.get("port.mac", ""))),
            port_description=values.get("port.descr", ""),
            management_address=values.get("chassis.mgmt-ip", ""),
        )
        for name, values in heard.items()
    )
    return LldpNeighbors(items=items) if items else None


PARSE = parse
