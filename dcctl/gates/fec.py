"""Forward error correction: the error ratio before it, in powers of ten, and what it left over."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, grown, items, paired, passed, present, unknown
from dcctl.model.condition import decades, is_number
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    found: list[Verdict] = []
    for subject, was, is_ in paired(items(before), items(after), lambda one: (one.interface,)):
        if was is None:
            found.append(
                passed(subject, N_("new: {after}"), None, is_.pre_fec_ber if is_ else None)
            )
        elif is_ is None:
            found.append(failed(subject, N_("was {before}, and is gone"), was.pre_fec_ber, None))
        else:
            found += _port(subject, was, is_, terms)
    return tuple(found)


def _port(subject: str, was: Any, is_: Any, terms: Terms) -> tuple[Verdict, ...]:
    given = terms.parameters
    return present(
        _before(f"{subject} pre-FEC BER", was.pre_fec_ber, is_.pre_fec_ber, terms),
        _left_over(f"{subject} post-FEC BER", was.post_fec_ber, is_.post_fec_ber, terms),
        grown(
            f"{subject} uncorrected",
            was.uncorrected,
            is_.uncorrected,
            terms,
            per_s=given["max_uncorrected_per_s"],
            grace=given["grace"],
        ),
        _margin(f"{subject} Q margin", was.q_margin_db, is_.q_margin_db, terms),
    )


def _before(subject: str, was: Any, is_: Any, terms: Terms) -> Verdict | None:
    if was is None and is_ is None:
        return None
    if not _ratio(was) or not _ratio(is_):
        return unknown(subject, N_("no error ratio: {before}, then {after}"), was, is_)
    given = terms.parameters
    floor = given["floor_ber"]  # under it a ratio is made of single errors, or of none
    more = decades(max(was, floor), max(is_, floor))
    if more >= given["max_decades"]:
        message = N_("from {before} to {after}: {decades} decades worse")
        return failed(subject, message, was, is_, decades=more)
    if is_ > given["max_ber"] and is_ > was:
        message = N_("from {before} to {after}, over the limit of {limit}")
        return failed(subject, message, was, is_, limit=given["max_ber"])
    return passed(subject, N_("{after}, was {before}"), was, is_)


def _left_over(subject: str, was: Any, is_: Any, terms: Terms) -> Verdict | None:
    if was is None and is_ is None:
        return None
    if not _ratio(was) or not _ratio(is_):
        return unknown(subject, N_("no error ratio: {before}, then {after}"), was, is_)
    limit = terms.parameters["max_post_fec_ber"]
    if is_ > limit and is_ > was:
        message = N_("from {before} to {after}, over the limit of {limit}")
        return failed(subject, message, was, is_, limit=limit)
    return passed(subject, N_("{after}, was {before}"), was, is_)


def _margin(subject: str, was: Any, is_: Any, terms: Terms) -> Verdict | None:
    if was is None and is_ is None:
        return None
    if not is_number(was) or not is_number(is_):
        return unknown(subject, N_("no margin: {before}, then {after}"), was, is_)
    if was - is_ > terms.parameters["max_q_drop_db"]:
        return failed(subject, N_("fell from {before} to {after} dB"), was, is_)
    return passed(subject, N_("{after}, was {before}"), was, is_)


def _ratio(value: Any) -> bool:
    return is_number(value) and 0 <= value <= 1


GATE = Gate(
    topic="fec",
    title=N_("Error ratios before correction are as before"),
    compare=_compare,
    parameters={
        "max_decades": 0.5,
        "floor_ber": 1e-12,
        "max_ber": 0.01,
        "max_post_fec_ber": 1e-12,
        "max_uncorrected_per_s": 0.0,
        "grace": 100,
        "max_q_drop_db": 1.0,
    },
    settle_s=300,
)
