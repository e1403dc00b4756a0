"""Every host stands in a rack that exists, in its site, and in units that nothing else fills."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dcctl.estate.schema.racks import RackEntry
    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    filled: dict[tuple[str, int, str], str] = {}
    for host, intent in draft.intents.items():
        yield from _one(draft, host, intent, filled)


def _one(
    draft: Draft, host: str, intent: Mapping[str, Any], filled: dict[tuple[str, int, str], str]
) -> Iterator[Complaint]:
    name = intent.get("rack")
    if not draft.says(host, "rack"):
        yield complaint(
            draft.place_of_host(host),
            N_("{host} is in no rack"),
            N_("give it a rack, for itself or a group of it, below `dcctl`"),
            host=host,
        )
        return
    if not name:
        return
    rack = draft.racks.racks.get(name)
    if rack is None:
        yield complaint(
            draft.place_of(host, ("rack",)),
            N_("there is no rack {rack}"),
            N_("correct it, or add the rack to inventory/racks.yml"),
            rack=name,
        )
        return
    site = _site(draft, rack)
    if site and site != intent["site"] and intent["site"] in draft.topology.sites:
        yield complaint(
            draft.place_of(host, ("rack",)),
            N_("{host} is of site {site}, but its rack {rack} stands in {other}"),
            N_("correct the rack or the site"),
            host=host,
            site=intent["site"],
            rack=name,
            other=site,
        )
    if intent.get("position") is not None:
        yield from _units(draft, host, intent, rack, filled)


def _site(draft: Draft, rack: RackEntry) -> str | None:
    if rack.site or rack.hall is None:
        return rack.site
    hall = draft.racks.halls.get(rack.hall)
    return hall.site if hall else None


def _units(
    draft: Draft,
    host: str,
    intent: Mapping[str, Any],
    rack: RackEntry,
    filled: dict[tuple[str, int, str], str],
) -> Iterator[Complaint]:
    kind = draft.device_types.get(intent.get("device_type") or "")
    height = math.ceil(kind.u_height) if kind else 1
    first = intent["position"]
    last = first + height - 1
    if last > rack.height_u:
        yield complaint(
            draft.place_of(host, ("position",)),
            N_("{host} fills units {first} to {last}, and rack {rack} has {height}"),
            N_("put it lower, or correct the rack's height_u"),
            host=host,
            first=first,
            last=last,
            rack=intent["rack"],
            height=rack.height_u,
        )
    whole = kind is None or kind.is_full_depth
    faces = ("front", "rear") if whole else (intent.get("face") or "front",)
    told: set[str] = set()
    for unit in range(first, last + 1):
        for face in faces:
            other = filled.setdefault((intent["rack"], unit, face), host)
            if other != host and other not in told:
                told.add(other)
                yield complaint(
                    draft.place_of(host, ("position",)),
                    N_("{host} and {other} both fill unit {unit} of rack {rack}"),
                    N_("move one of them"),
                    host=host,
                    other=other,
                    unit=unit,
                    rack=intent["rack"],
                )


RULE = Rule(title=N_("Racks exist and hold each unit once"), judge=_judge)
