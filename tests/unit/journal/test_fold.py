"""What events add up to, in the order that counts."""

from __future__ import annotations

from dcctl.journal.fold import in_order
from dcctl.model.event import Event, EventKind


def test_the_thousandth_start_comes_after_those_before_it() -> None:
    shards = ["g999-w0001-s0001", "g999-w10000-s0001", "g1000-parent", "g1000-w0001-s0001"]
    events = [
        Event(run="r", shard=shard, sequence=number, at="", kind=EventKind.STEP_STARTED)
        for shard in reversed(shards)
        for number in (2, 1)
    ]
    told = [(event.shard, event.sequence) for event in in_order(events)]
    assert told == [(shard, number) for shard in shards for number in (1, 2)]
