"""Light before and after: how far it fell, and how near it came to the receiver's alarms."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Terms, Verdict
from dcctl.gates._judging import failed, passed, unknown
from dcctl.model.condition import is_number
from dcctl.text import N_

# All in dB. `noise_db`: a reading moves so far by itself (SFF-8472 lets it be 3 dB off in all, but
# the same gauge read twice agrees far better).
PARAMETERS: dict[str, Any] = {
    "max_drop_db": 2.0,
    "max_rise_db": 3.0,
    "max_tx_change_db": 2.0,
    "min_margin_db": 1.0,
    "noise_db": 0.5,
    "max_span_rise_db": 2.0,
    # For transceivers that state no thresholds of their own; None: the margin is then unknown.
    "rx_low_alarm_dbm": None,
    "rx_high_alarm_dbm": None,
}


def received(subject: str, was: Any, is_: Any, terms: Terms) -> Verdict:
    """One lane's receive power: two optics of one lane in, one verdict out."""
    if was.rx_dbm is None or was.los:
        return passed(subject, N_("saw no light before"), was.rx_dbm, is_.rx_dbm)
    if is_.los or (is_.rx_dbm is None and is_.tx_dbm is not None):
        return failed(subject, N_("sees no light any more; it was {before} dBm"), was.rx_dbm, None)
    if not is_number(was.rx_dbm) or not is_number(is_.rx_dbm):
        message = N_("no usable reading: {before}, then {after}")
        return unknown(subject, message, was.rx_dbm, is_.rx_dbm)
    given, drop = terms.parameters, was.rx_dbm - is_.rx_dbm
    params = {"before": f"{was.rx_dbm:.1f}", "after": f"{is_.rx_dbm:.1f}", "db": f"{abs(drop):.1f}"}
    if drop > given["max_drop_db"]:
        message = N_("fell by {db} dB, from {before} to {after} dBm")
        return _kept(failed(subject, message, **params), was, is_)
    if -drop > given["max_rise_db"]:
        message = N_("rose by {db} dB, from {before} to {after} dBm")
        return _kept(failed(subject, message, **params), was, is_)
    return _kept(_margin(subject, drop, is_, given, params), was, is_)


def _margin(subject: str, drop: float, is_: Any, given: Any, params: dict[str, str]) -> Verdict:
    """Whether light that moved still keeps its distance; what stands still keeps what it had."""
    if abs(drop) > given["noise_db"]:
        alarm = (
            _first(is_.rx_low_alarm_dbm, given["rx_low_alarm_dbm"])
            if drop > 0
            else _first(is_.rx_high_alarm_dbm, given["rx_high_alarm_dbm"])
        )
        if not is_number(alarm):
            message = N_("from {before} to {after} dBm, and no alarm threshold is known")
            return unknown(subject, message, **params)
        margin = is_.rx_dbm - alarm if drop > 0 else alarm - is_.rx_dbm
        if margin < given["min_margin_db"]:
            message = N_("{after} dBm is only {margin} dB from its alarm at {alarm} dBm")
            more = {"margin": f"{margin:.1f}", "alarm": f"{alarm:.1f}"}
            return failed(subject, message, **params, **more)
    return passed(subject, N_("{after} dBm, was {before} dBm"), **params)


def _kept(verdict: Verdict, was: Any, is_: Any) -> Verdict:
    """The verdict with the exact readings, which its message rounds."""
    return Verdict(
        subject=verdict.subject,
        status=verdict.status,
        message=verdict.message,
        before=was.rx_dbm,
        after=is_.rx_dbm,
    )


def sent(subject: str, was: Any, is_: Any, terms: Terms) -> Verdict | None:
    """One lane's transmit power; None where it was not told before."""
    if was.tx_dbm is None:
        return None
    if not is_number(was.tx_dbm) or not is_number(is_.tx_dbm):
        message = N_("no usable reading: {before}, then {after}")
        return unknown(subject, message, was.tx_dbm, is_.tx_dbm)
    if abs(is_.tx_dbm - was.tx_dbm) > terms.parameters["max_tx_change_db"]:
        return failed(subject, N_("sends {after} dBm, was {before} dBm"), was.tx_dbm, is_.tx_dbm)
    return passed(subject, N_("{after} dBm, was {before} dBm"), was.tx_dbm, is_.tx_dbm)


def _first(own: float | None, ours: float | None) -> float | None:
    return ours if own is None else own
