"""Optical receive power of the design's fibre links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, listed, partial, passed
from dcctl.contracts import Check, Judgement
from dcctl.facts.interfaces import same_interface
from dcctl.model.status import Severity
from dcctl.model.target import Interface, Target
from dcctl.text import N_

_OPTICAL = ("fibre", "dwdm")


def _fibres(target: Target) -> tuple[Interface, ...]:
    return tuple(
        item for item in target.interfaces if item.link and item.enabled and item.medium in _OPTICAL
    )


def _applies(target: Target) -> str:
    return "" if _fibres(target) else N_("no optical link ends on it")


def _judge(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["optics"]
    dark, weak, unread, observed = [], [], [], {}
    for link in _fibres(target):
        lanes = [
            lane
            for lane in (fact.items if fact else ())
            if same_interface(lane.interface, link.name)
        ]
        observed[link.name] = [lane.rx_dbm for lane in lanes]
        if not lanes:
            unread.append(link.name)
        for lane in lanes:
            power = "-" if lane.rx_dbm is None else f"{lane.rx_dbm:.1f} dBm"
            grade = _grade(lane, parameters)
            if grade == "dark":
                dark.append(f"{link.name} ({power})")
            elif grade == "weak":
                weak.append(f"{link.name} ({power})")
    if dark:
        return failed(
            N_("no usable light, or far too much: {items}"),
            items=listed(dict.fromkeys(dark)),
            observed=observed,
        )
    if weak:
        return partial(
            N_("light close to its limit: {items}"),
            items=listed(dict.fromkeys(weak)),
            observed=observed,
        )
    if unread:
        return cannot_tell(N_("no power is read of: {items}"), items=listed(unread))
    return passed(N_("every receiver sees light within its limits"), observed=observed)


def _grade(lane: Any, parameters: Mapping[str, Any]) -> str:
    """`dark`, `weak` or nothing; the transceiver's own thresholds come before ours."""
    if lane.los or lane.rx_dbm is None:
        return "dark"
    low = _first(lane.rx_low_alarm_dbm, parameters["rx_low_alarm_dbm"])
    high = _first(lane.rx_high_alarm_dbm, parameters["rx_high_alarm_dbm"])
    if not low <= lane.rx_dbm <= high:
        return "dark"
    low = _first(lane.rx_low_warning_dbm, low + parameters["margin_db"])
    high = _first(lane.rx_high_warning_dbm, high)
    return "" if low <= lane.rx_dbm <= high else "weak"


def _first(own: float | None, ours: float) -> float:
    return ours if own is None else own


CHECKS = (
    Check(
        id="optics.receive_power",
        title=N_("Optical receivers see enough light"),
        pack="health",
        severity=Severity.HIGH,
        topics=("optics",),
        judge=_judge,
        applies=_applies,
        parameters={"rx_low_alarm_dbm": -24.0, "rx_high_alarm_dbm": 2.0, "margin_db": 2.0},
        rationale=N_("Power falls before a link does: dirt, bends and ageing show here first."),
        remediation=N_("Clean both ends, measure the span, and look at the far transmitter."),
        follows=("interfaces.links_up",),
    ),
)
