"""The loss of a fibre: what the far end sends less what the near end receives, both ways.

Light that falls at one end alone is a dirty connector there or a weak transmitter far away; the
loss tells which. It needs the readings of two elements, so it is no gate of one: whoever runs the
upgrade reads both ends before and after, and asks here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dcctl.contracts import Terms, Verdict
from dcctl.facts.optics import Optic
from dcctl.gates._judging import failed, passed, present, unknown
from dcctl.gates._light import received, sent
from dcctl.model.condition import is_number
from dcctl.text import N_

Lanes = Sequence[Optic]


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
    return (
        *_loss("far to near", (before_far, before_near), (after_far, after_near), terms),
        *_loss("near to far", (before_near, before_far), (after_near, after_far), terms),
        *_far(before_far, after_far, terms),
    )


def _loss(
    way: str, before: tuple[Lanes, Lanes], after: tuple[Lanes, Lanes], terms: Terms
) -> Iterator[Verdict]:
    (was_sent, was_got), (is_sent, is_got) = map(_by_lanes, before), map(_by_lanes, after)
    for lane in was_got:
        subject = f"{way} lane {lane}" if lane else way
        was = _difference(was_sent.get(lane), was_got[lane])
        if was is None and was_got[lane].rx_dbm is None:
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


def _far(before: Lanes, after: Lanes, terms: Terms) -> Iterator[Verdict]:
    now = _by_lanes(after)
    for lane, was in _by_lanes(before).items():
        subject = f"far lane {lane}" if lane else "far"
        is_ = now.get(lane)
        if is_ is None:
            yield unknown(
                subject, N_("no usable reading: {before}, then {after}"), was.rx_dbm, None
            )
            continue
        yield from present(
            received(f"{subject} rx", was, is_, terms), sent(f"{subject} tx", was, is_, terms)
        )


def _by_lanes(lanes: Lanes) -> dict[int, Optic]:
    return {one.lane: one for one in lanes}
