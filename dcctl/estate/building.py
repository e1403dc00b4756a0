"""From a judged draft to the store that targets are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.estate import join
from dcctl.estate.inventory import members
from dcctl.estate.schema.windows import DAYS
from dcctl.estate.store import pack
from dcctl.model import plain
from dcctl.model.estate import Policy, SiteConfig, Timeouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dcctl.estate.draft import Draft
    from dcctl.estate.inventory import Host
    from dcctl.estate.schema.site import SiteFile
    from dcctl.estate.schema.windows import FreezeEntry, WindowEntry
    from dcctl.model.estate import Complaint


def build(draft: Draft, warnings: Iterable[Complaint], meta: Mapping[str, Any]) -> bytes:
    """The block of bytes that `store.Store` reads."""
    names = members(draft.inventory.all)
    index = {name: position for position, name in enumerate(names)}
    groups = {
        name: [index[host] for host in members(group)]
        for name, group in draft.inventory.groups.items()
    }
    bases: dict[int, int] = {}
    base_rows: list[dict[str, Any]] = []
    redundancy = _redundancy_of(draft)
    host_rows = [
        _host_row(draft, draft.inventory.hosts[name], bases, base_rows, redundancy)
        for name in names
    ]
    sections = {
        "names": names,
        "first_named": [index[name] for name in draft.inventory.hosts],
        "groups": groups,
        "site_config": plain.to_plain(site_config(draft.site)),
        "links": [join.link_row(link) for link in draft.topology.links],
        "redundancy": [entry.model_dump() for entry in draft.topology.redundancy],
        "rings": [entry.model_dump() for entry in draft.topology.rings],
        "sites": _sites(draft),
        "racks": _racks(draft),
        "waivers": [entry.model_dump(mode="json") for entry in draft.waivers.waivers],
        "images": _images(draft),
        "mirrors": _mirrors(draft),
        "staging": {
            "caps_mbps": draft.images.caps_mbps,
            "pull_mbps": draft.images.pull_mbps,
        },
        "calendar": _calendar(draft, index),
        "warnings": [_warning(one) for one in warnings],
    }
    return pack(sections, {"hosts": host_rows, "bases": base_rows}, meta)


def _host_row(
    draft: Draft,
    host: Host,
    bases: dict[int, int],
    base_rows: list[dict[str, Any]],
    redundancy: Mapping[str, list[str]],
) -> dict[str, Any]:
    base = draft.inventory.base(host)
    number = bases.get(id(base))
    if number is None:
        number = bases[id(base)] = len(base_rows)
        base_rows.append(
            {
                "variables": base.variables,
                "own": base.own,
                "vaults": base.vaults,
                "groups": sorted(group.name for group in draft.inventory.chain(host)),
            }
        )
    own = draft.inventory.own_layer(host)
    row: dict[str, Any] = {
        "base": number,
        "variables": own.variables,
        "own": own.own,
        "vaults": own.vaults,
        "interfaces": join.interface_rows(draft, host.name, draft.intents[host.name]),
        "bgp": join.bgp_rows(draft, host.name, draft.intents[host.name]),
        "redundancy": redundancy.get(host.name),
    }
    return {key: value for key, value in row.items() if value or key == "base"}


def _redundancy_of(draft: Draft) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in draft.topology.redundancy:
        for member in entry.members:
            found.setdefault(member, []).append(entry.name)
    return found


def _sites(draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "name": entry.name,
            "province": entry.province or "",
            "halls": entry.halls,
            "anchor": entry.anchor,
            "tolerance": entry.tolerance,
            "at_once": entry.at_once,
        }
        for code, entry in draft.topology.sites.items()
    ]


def _racks(draft: Draft) -> list[dict[str, Any]]:
    known = {"hall", "site", "row", "height_u"}
    halls = draft.racks.halls
    return [
        {
            "name": name,
            "hall": entry.hall or "",
            "site": entry.site or (halls[entry.hall].site if entry.hall in halls else ""),
            "row": entry.row or "",
            "height_u": entry.height_u,
            "properties": entry.model_dump(exclude=known, exclude_defaults=True),
        }
        for name, entry in draft.racks.racks.items()
    ]


def _images(draft: Draft) -> list[dict[str, Any]]:
    return [
        {"name": name, **entry.model_dump(mode="json")}
        for name, entry in draft.images.images.items()
    ]


def _mirrors(draft: Draft) -> list[dict[str, Any]]:
    return [
        {"site": site, **entry.model_dump(), "credential": entry.credential or ""}
        for site, entry in draft.images.mirrors.items()
    ]


def _calendar(draft: Draft, index: Mapping[str, int]) -> dict[str, Any]:
    file = draft.windows

    def scope(entry: WindowEntry | FreezeEntry) -> dict[str, Any]:
        chosen = draft.select(entry.hosts) if entry.hosts is not None else ()
        return {"hosts": [index[host] for host in chosen], "sites": entry.sites or []}

    return {
        "windows": [
            {
                "name": entry.name,
                "zone": entry.zone or file.zone,
                "days": [DAYS.index(day) for day in entry.days],
                "opens": _minutes(entry.opens),
                "closes": _minutes(entry.closes),
                "since": entry.since,
                "until": entry.until,
                "scope": scope(entry),
            }
            for entry in file.windows
        ],
        "freezes": [
            {
                "reason": entry.reason,
                "zone": entry.zone or file.zone,
                "first": entry.first,
                "last": entry.last,
                "scope": scope(entry),
            }
            for entry in file.freezes
        ],
        "concurrency": file.concurrency,
    }


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


def _warning(one: Complaint) -> dict[str, Any]:
    return {
        "file": one.place.file,
        "line": one.place.line,
        "text": one.text.msgid,
        "hint": one.hint.msgid,
        "params": {key: str(value) for key, value in one.text.params.items()},
    }


def site_config(file: SiteFile) -> SiteConfig:
    """dcctl.yml as the rest of the program knows it."""
    return SiteConfig(
        estate=file.estate,
        journal_url=file.journal.url,
        journal_id=file.journal.id or "",
        credentials={
            name: entry.model_dump(exclude_none=True) for name, entry in file.credentials.items()
        },
        concurrency=file.concurrency,
        site_caps=file.site_caps,
        bastions={name: entry.model_dump() for name, entry in file.bastions.items()},
        timeouts=Timeouts(**file.timeouts.model_dump()),
        policy=Policy(
            **file.policy.model_dump()
            | {
                "auditors": tuple(file.policy.auditors),
                "checkpoint_key": file.policy.checkpoint_key or "",
                "checkpoint_after": tuple(file.policy.checkpoint_after),
                "attestors": {role: tuple(who) for role, who in file.policy.attestors.items()},
            }
        ),
        backup_key=file.backup.key,
        checks=file.checks,
        gates=file.gates,
        overrides=tuple(file.overrides),
        ansible=file.ansible,
        language=file.language,
        lab=file.lab,
    )
