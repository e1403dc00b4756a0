"""The loss of a fibre: what the far end sends less what the near end receives, both ways.

Light that falls at one end alone is a dirty connector there or a weak transmitter far away; the
loss tells which. It needs the readings of two elements, so it is no gate of one: whoever runs the
upgrade reads both ends before and after, and asks here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dcctl.contracts import Terms, Verdict
from dcctl.facts.optics import Optic
from dcctl.gates._judging import failed, passed, present, unknown
from dcctl.gates._light import received, sent
from dcctl.model.condition import is_number
from dcctl.text import N_

Lanes = Sequence[Optic]
Numbered = Mapping[int, Optic]


def span(
    before_near: Lanes,
    before_far: Lanes,
    after_near: Lanes,
    after_far: Lanes,
    parameters: Mapping[str, Any],
) -> tuple[Verdict, ...]:
    """Both directions' loss of each lane, and the far receiver's own light; pure.

    `parameters` are those of the gate `optics`. The near end's own light is that gate's.
    """
    terms = Terms(parameters=parameters)
    was_near, is_near = _from_zero(before_near, after_near)
    was_far, is_far = _from_zero(before_far, after_far)
    return (
        *_loss("far to near", (was_far, was_near), (is_far, is_near), terms),
        *_loss("near to far", (was_near, was_far), (is_near, is_far), terms),
        *_far(was_far, is_far, terms),
    )


def _loss(
    way: str,
    before: tuple[Numbered, Numbered],
    after: tuple[Numbered, Numbered],
    terms: Terms,
) -> Iterator[Verdict]:
    (was_sent, was_got), (is_sent, is_got) = before, after
    if len(was_sent) != len(was_got):  # an end tells lanes, the other what the port sends in all
        was_sent, is_sent = _in_all(was_sent, was_got), _in_all(is_sent, was_got)
    for lane, got in was_got.items():
        subject = f"{way} lane {got.lane}" if got.lane else way
        was = _difference(was_sent.get(lane), got)
        if was is None and got.rx_dbm is None:
            yield passed(subject, N_("saw no light before"))
            continue
        is_ = _difference(is_sent.get(lane), is_got.get(lane))
        if was is None or is_ is None:
            message = N_("the loss can't be worked out: an end has no usable reading")
            yield unknown(subject, message, was, is_)
            continue
        params = {"before": f"{was:.1f}", "after": f"{is_:.1f}", "db": f"{is_ - was:.1f}"}
        if is_ - was > terms.parameters["max_span_rise_db"]:
            message = N_("the loss grew by {db} dB, from {before} to {after} dB")
            yield failed(subject, message, **params)
        else:
            yield passed(subject, N_("loses {after} dB, was {before} dB"), **params)


def _difference(sender: Optic | None, receiver: Optic | None) -> float | None:
    if sender is None or receiver is None or receiver.los:
        return None
    tx, rx = sender.tx_dbm, receiver.rx_dbm
    if tx is None or rx is None or not is_number(tx) or not is_number(rx):
        return None
    return round(tx - rx, 2)


def _in_all(sent: Numbered, lanes: Numbered) -> Numbered:
    """What a port sends on the average, for each of the other end's lanes."""
    powers = [one.tx_dbm for one in sent.values()]
    known = [power for power in powers if power is not None and is_number(power)]
    if not known or len(known) < len(powers):
        return {}
    first = next(iter(sent.values()))
    return dict.fromkeys(lanes, replace(first, tx_dbm=sum(known) / len(known)))


def _far(before: Numbered, after: Numbered, terms: Terms) -> Iterator[Verdict]:
    for lane, was in before.items():
        subject = f"far lane {was.lane}" if was.lane else "far"
        is_ = after.get(lane)
        if is_ is None:
            yield unknown(
                subject, N_("no usable reading: {before}, then {after}"), was.rx_dbm, None
            )
            continue
        yield from present(
            received(f"{subject} rx", was, is_, terms), sent(f"{subject} tx", was, is_, terms)
        )


def _from_zero(before: Lanes, after: Lanes) -> tuple[Numbered, Numbered]:
    """One end's lanes counted from 0: some makes count from 0, some from 1."""
    first = min((one.lane for one in (*before, *after)), default=0)
    return {one.lane - first: one for one in before}, {one.lane - first: one for one in after}
