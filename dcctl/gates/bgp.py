"""BGP: each session that was established is so again, stays, and brings as many prefixes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import (
    COUNTS,
    counted,
    items,
    members,
    paired,
    present,
    restarted_session,
    same,
)
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    states = members(
        items(before),
        items(after),
        key=_key,
        up=lambda one: one.state == "established",
        state=lambda one: one.state,
    )
    return (*states, *_within(before, after, terms), *_itself(before, after))


def _key(one: Any) -> tuple[Any, ...]:
    return (one.neighbor, f"AS{one.remote_as}", one.vrf, one.family)


def _within(before: Any | None, after: Any | None, terms: Terms) -> Iterator[Verdict]:
    for subject, was, is_ in paired(items(before), items(after), _key):
        if was is None or is_ is None or {was.state, is_.state} != {"established"}:
            continue
        age = restarted_session(f"{subject} uptime", was.uptime_s, is_.uptime_s, terms)
        yield from present(age)
        if was.prefixes_received is not None:
            yield counted(
                f"{subject} prefixes", was.prefixes_received, is_.prefixes_received, terms
            )


def _itself(before: Any | None, after: Any | None) -> tuple[Verdict, ...]:
    if before is None or after is None:
        return ()
    return present(
        same("local AS", before.local_as, after.local_as),
        same("router id", before.router_id, after.router_id),
    )


GATE = Gate(
    topic="bgp",
    title=N_("BGP sessions are established again, with their prefixes"),
    compare=_compare,
    parameters={**COUNTS, "stable_s": 30},
    settle_s=600,
)
