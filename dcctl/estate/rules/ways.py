"""Jump hosts and console servers: each way to a host can be gone, and ends there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.estate.tree import MARKER
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dcctl.estate.places import Key
    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    users = {host: intent for host, intent in draft.intents.items() if _servers(intent)}
    for host, intent in users.items():
        yield from _way(draft, host, intent)
    lines: dict[tuple[str, int], str] = {}
    for host, intent in users.items():
        line = intent.get("console")
        if not line:
            continue
        other = lines.setdefault((line["server"], line["port"]), host)
        if other != host:
            yield complaint(
                draft.place_of(host, ("console", "port")),
                N_("line {port} of {server} is already that of {other}"),
                N_("give each host its own line"),
                port=line["port"],
                server=line["server"],
                other=other,
            )
    yield from _unopened(draft, users)
    for name in draft.site.bastions:
        if name not in draft.inventory.hosts:
            place = draft.at(MARKER, "bastions", name)
            hint = N_("correct the name, or add what it names")
            yield complaint(place, N_("there is no host {name}"), hint, name=name)


def _servers(intent: Mapping[str, Any]) -> list[tuple[tuple[Key, ...], str]]:
    """The hosts that a host is reached through, and where that is said."""
    named: list[tuple[tuple[Key, ...], str]] = [
        (("jump", index), name) for index, name in enumerate(intent.get("jump") or ())
    ]
    line = intent.get("console")
    return [*named, (("console", "server"), line["server"])] if line else named


def _way(draft: Draft, host: str, intent: Mapping[str, Any]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for keys, name in _servers(intent):
        problem = ""
        if name == host:
            problem = N_("{host} is to be reached through itself")
        elif name in seen and keys[0] == "jump":
            problem = N_("{name} stands twice on the way to {host}")
        elif host in _behind(draft, name):
            problem = N_("{name} is itself reached through {host}")
        seen.add(name)
        if problem:
            hint = N_("take it out of `jump`, or give {name} `jump: []` of its own")
            yield complaint(draft.place_of(host, keys), problem, hint, host=host, name=name)


def _behind(draft: Draft, name: str) -> set[str]:
    """The hosts that `name` is reached through, near or far."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for hop in draft.intents.get(waiting.pop(), {}).get("jump") or ():
            if hop not in found:
                found.add(hop)
                waiting.append(hop)
    return found


def _unopened(draft: Draft, users: Mapping[str, Mapping[str, Any]]) -> Iterator[Complaint]:
    """Hosts on the way that nobody can log in to; each told once, where it is first named."""
    told: set[str] = set()
    for host, intent in users.items():
        for keys, name in _servers(intent):
            known = draft.intents.get(name)
            if known is None or known.get("credential") or name in told:
                continue
            told.add(name)
            yield complaint(
                draft.place_of(host, keys),
                N_("{host} is reached through {name}, which has no credential"),
                N_("name one of dcctl.yml's credentials at {name}"),
                host=host,
                name=name,
            )


RULE = Rule(title=N_("Jump hosts and console servers lead to their hosts"), judge=_judge)
