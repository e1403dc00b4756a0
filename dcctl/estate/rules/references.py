"""Platforms, credentials, roles, device types and neighbours that a host names exist."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from dcctl.estate.places import Key
    from dcctl.model.estate import Complaint

_SAY = {
    "platform": N_("there is no platform {name}"),
    "credential": N_("dcctl.yml has no credential {name}"),
    "role": N_("there is no role {name}"),
    "device_type": N_("inventory/device_types has no {name}"),
    "host": N_("there is no host {name}"),
}


def _judge(draft: Draft) -> Iterator[Complaint]:
    known: dict[str, Collection[str]] = {
        "platform": draft.platforms,
        "credential": draft.site.credentials.keys(),
        "role": draft.roles,
        "device_type": draft.device_types.keys(),
        "host": draft.inventory.hosts.keys(),
    }
    for host, intent in draft.intents.items():
        for kind, keys, name in _named(intent):
            if name not in known[kind]:
                yield _complain(draft, host, kind, keys, name, known[kind])


def _named(intent: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Key, ...], str]]:
    yield "platform", ("platform",), intent["platform"]
    for key in ("credential", "device_type"):
        if intent.get(key):
            yield key, (key,), intent[key]
    for index, role in enumerate(intent.get("roles") or ()):
        yield "role", ("roles", index), role
    for index, host in enumerate(intent.get("jump") or ()):
        yield "host", ("jump", index), host
    if intent.get("console"):
        yield "host", ("console", "server"), intent["console"]["server"]
    bmc = intent.get("bmc") or {}
    for key in ("credential", "device_type"):
        if bmc.get(key):
            yield key, ("bmc", key), bmc[key]
    neighbours = (intent.get("routing") or {}).get("bgp_neighbors") or ()
    for index, host in enumerate(neighbours):
        yield "host", ("routing", "bgp_neighbors", index), host


def _complain(
    draft: Draft,
    host: str,
    kind: str,
    keys: tuple[Key, ...],
    name: str,
    known: Collection[str],
) -> Complaint:
    close = difflib.get_close_matches(name, list(known)[:20_000], n=1, cutoff=0.6)
    place = draft.place_of(host, keys)
    if close:
        hint = N_("did you mean {close}?")
        return complaint(place, _SAY[kind], hint, name=name, close=close[0])
    return complaint(place, _SAY[kind], N_("correct the name, or add what it names"), name=name)


RULE = Rule(title=N_("What hosts refer to exists"), judge=_judge)
