"""Interfaces of a host: what topology.yml says of its links, what it says itself, the far ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.draft import Draft
    from dcctl.estate.schema.topology import LinkEntry


def interface_rows(draft: Draft, host: str, intent: dict[str, Any]) -> list[dict[str, Any]]:
    """The host's interfaces as plain data: those with links, its own, management, loopback."""
    rows = {row["name"]: row for row in _linked(draft, host)}
    for name, said in (intent.get("interfaces") or {}).items():
        row = rows.setdefault(name, {"name": name})
        row.update((key, value) for key, value in said.items() if value is not None)
    for name, address in _special(intent):
        row = rows.setdefault(name, {"name": name})
        if address:
            row.setdefault("address", address)
    return list(rows.values())


def _special(intent: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    management = intent.get("management") or {}
    if management.get("interface"):
        yield management["interface"], management.get("address")
    if intent.get("loopback_interface") and intent.get("loopback"):
        yield intent["loopback_interface"], intent["loopback"]


def _linked(draft: Draft, host: str) -> Iterator[dict[str, Any]]:
    for _, side, link in draft.uses.get(host, ()):
        here, there = (link.a, link.b) if side == "a" else (link.b, link.a)
        row: dict[str, Any] = {
            "name": here.interface,
            "link": link.id,
            "peer": there.host,
            "peer_interface": there.interface,
            "medium": link.kind,
            "protocols": list(_protocols(link)),
        }
        if link.description:
            row["description"] = link.description
        if here.address:
            row["address"] = here.address
        if there.address:
            row["peer_address"] = there.address
        if here.mtu or link.mtu:
            row["mtu"] = here.mtu or link.mtu
        row.update(_metrics(link))
        yield row


def _protocols(link: LinkEntry) -> Iterator[str]:
    if link.igp.isis:
        yield "isis"
    if link.igp.ospf:
        yield "ospf"
    if link.bfd:
        yield "bfd"
    if link.ldp:
        yield "ldp"
    if link.kind != "dwdm":
        yield "lldp"


def _metrics(link: LinkEntry) -> dict[str, Any]:
    if link.igp.isis:
        return {"metric": link.igp.isis.metric}
    if link.igp.ospf:
        return {"metric": link.igp.ospf.metric, "area": str(link.igp.ospf.area)}
    return {}


def link_row(link: LinkEntry) -> dict[str, Any]:
    """A link as plain data, only what differs from the defaults of `model.estate.Link`."""
    row: dict[str, Any] = {"id": link.id, "kind": link.kind}
    for side, end in (("a", link.a), ("b", link.b)):
        row[side] = [end.host, end.interface, end.address or ""]
    if link.mtu:
        row["mtu"] = link.mtu
    if link.bfd:
        row["bfd"] = True
    if link.ldp:
        row["ldp"] = True
    if link.ring:
        row["ring"] = link.ring
    for key in ("ducts", "over", "protection"):
        if getattr(link, key):
            row[key] = getattr(link, key)
    if link.igp.isis:
        row["isis_metric"] = link.igp.isis.metric
    if link.igp.ospf:
        row["ospf_area"] = str(link.igp.ospf.area)
        row["ospf_metric"] = link.igp.ospf.metric
    return row


def bgp_rows(draft: Draft, host: str, intent: dict[str, Any]) -> list[dict[str, Any]]:
    """The host's BGP neighbours, each with the address and system number of its own entry.

    A list that stands for a whole group names the host too; it is no neighbour of itself.
    """
    rows = []
    own = intent.get("routing") or {}
    for name in own.get("bgp_neighbors") or ():
        if name == host:
            continue
        far = draft.intents.get(name) or {}
        address = far.get("loopback") or far.get("management_address") or ""
        asn = (far.get("routing") or {}).get("asn") or own.get("asn")
        rows.append({"name": name, "address": address.split("/")[0], "asn": asn})
    return rows
