"""How a gate says what it found, and the comparisons that many share: sets, counts, counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from dcctl.contracts import Terms, Verdict
from dcctl.model.condition import is_number
from dcctl.model.status import GateStatus
from dcctl.text import N_, Text

T = TypeVar("T")
Key = tuple[Any, ...]
_ORDER = (GateStatus.PASS, GateStatus.WAIVED, GateStatus.UNKNOWN, GateStatus.FAIL)


def passed(subject: str, msgid: str, before: Any = None, after: Any = None, **at: Any) -> Verdict:
    """As it was, or better."""
    return _verdict(GateStatus.PASS, subject, msgid, before, after, at)


def failed(subject: str, msgid: str, before: Any = None, after: Any = None, **at: Any) -> Verdict:
    """Worse than it was."""
    return _verdict(GateStatus.FAIL, subject, msgid, before, after, at)


def unknown(subject: str, msgid: str, before: Any = None, after: Any = None, **at: Any) -> Verdict:
    """Nobody can tell from what was read."""
    return _verdict(GateStatus.UNKNOWN, subject, msgid, before, after, at)


def _verdict(
    status: GateStatus, subject: str, msgid: str, before: Any, after: Any, at: Mapping[str, Any]
) -> Verdict:
    # {before} and {after} may be written otherwise in the message than they are kept.
    params = {"before": before, "after": after, **at}
    settle_s = params.pop("settle_s", None)
    return Verdict(
        subject=subject,
        status=status,
        message=Text(msgid, params),
        before=before,
        after=after,
        settle_s=settle_s,
    )


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; the first of equals."""
    return max(verdicts, key=lambda one: _ORDER.index(one.status))


def named(*parts: Any) -> str:
    """The subject of what these parts identify; what says nothing is left out."""
    return " ".join(str(part) for part in parts if part not in (None, "", "default"))


def grouped(items: Iterable[T], key: Callable[[T], Key]) -> dict[Key, list[T]]:
    """Items by what identifies them, in order; two may be told apart by nothing."""
    found: dict[Key, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def paired(
    before: Iterable[T], after: Iterable[T], key: Callable[[T], Key]
) -> list[tuple[str, T | None, T | None]]:
    """(subject, before, after) for each item of either side; what nothing tells apart by order."""
    old, new = grouped(before, key), grouped(after, key)
    pairs: list[tuple[str, T | None, T | None]] = []
    for one in dict.fromkeys((*old, *new)):
        was, is_ = old.get(one, []), new.get(one, [])
        for index in range(max(len(was), len(is_))):
            subject = named(*one) + (f" #{index + 1}" if index else "")
            pairs.append(
                (
                    subject,
                    was[index] if index < len(was) else None,
                    is_[index] if index < len(is_) else None,
                )
            )
    return pairs


def members(
    before: Iterable[T],
    after: Iterable[T],
    *,
    key: Callable[[T], Key],
    up: Callable[[T], bool],
    state: Callable[[T], str],
) -> tuple[Verdict, ...]:
    """Who was up must be up again, as often as before; who is new is told."""
    old, new = grouped(before, key), grouped(after, key)
    found = []
    for one in dict.fromkeys((*old, *new)):
        was, is_ = old.get(one, []), new.get(one, [])
        found.append(_member(named(*one), was, is_, up=up, state=state))
    return tuple(found)


def _member(
    subject: str,
    was: Sequence[T],
    is_: Sequence[T],
    *,
    up: Callable[[T], bool],
    state: Callable[[T], str],
) -> Verdict:
    states = ", ".join(sorted(state(item) for item in was)) or None
    now = ", ".join(sorted(state(item) for item in is_)) or None
    wanted, got = sum(map(up, was)), sum(map(up, is_))
    if not was:
        return passed(subject, N_("new: {after}"), None, now)
    if not wanted:
        return passed(subject, N_("was not up before: {before}"), states, now)
    if not is_:
        return failed(subject, N_("was {before}, and is gone"), states, None)
    if got < wanted:
        return failed(subject, N_("was {before}, is {after}"), states, now)
    return passed(subject, N_("is {after}, as before"), states, now)


def restarted_session(
    subject: str, was: float | None, is_: float | None, terms: Terms
) -> Verdict | None:
    """What the age of a session that is up says; None where it says nothing against it.

    A session that began anew is a flap when nothing was restarted, and else must stand a while
    (`stable_s`): one that goes up and down is caught up by chance.
    """
    if not is_number(was) or not is_number(is_) or (is_ or 0) >= (was or 0):
        return None
    if terms.restarted is False:
        return failed(
            subject,
            N_("began anew {age} s ago, and nothing was restarted"),
            was,
            is_,
            age=is_,
            settle_s=0,
        )
    stable = terms.parameters["stable_s"]
    if (is_ or 0) < stable:
        message = N_("up for {age} s; only after {stable} s is it believed to stay")
        return unknown(subject, message, was, is_, age=is_, stable=stable)
    return None


def counted(subject: str, was: int | None, is_: int | None, terms: Terms) -> Verdict:
    """A count against its tolerances; what came to nothing fails whatever they say."""
    given = terms.parameters
    if not is_number(was) or not is_number(is_) or was is None or is_ is None:
        return unknown(subject, N_("no count: {before}, then {after}"), was, is_)
    least = was - max(given["max_drop"], was * given["max_drop_percent"] / 100)
    most = was + max(given["max_rise"], was * given["max_rise_percent"] / 100)
    if is_ < least or (was and not is_):
        return failed(subject, N_("fell from {before} to {after}"), was, is_)
    if is_ > most:
        return failed(subject, N_("rose from {before} to {after}"), was, is_)
    return passed(subject, N_("{after}, was {before}"), was, is_)


COUNTS = {"max_drop_percent": 5.0, "max_drop": 2, "max_rise_percent": 100.0, "max_rise": 100}


def grown(
    subject: str, was: int | None, is_: int | None, terms: Terms, *, per_s: float, grace: int
) -> Verdict | None:
    """The growth of a counter: fails over `grace` in all and `per_s` a second.

    A reload sets most counters to zero: the smaller number tells it, or else that the element was
    restarted. In this case nobody knows which it was, and it counts only if both come out alike.
    None: the device counts nothing here.
    """
    if was is None and is_ is None:
        return None
    if not is_number(was) or not is_number(is_) or was is None or is_ is None:
        return unknown(subject, N_("no count: {before}, then {after}"), was, is_)
    if was == is_:
        return passed(subject, N_("still {after}"), was, is_)
    from_zero = is_ < was
    possible = [_rate(is_, _since_zero(terms))] if from_zero or terms.restarted else []
    possible += [] if from_zero else [_rate(is_ - was, terms.elapsed_s)]
    verdicts = [
        _growth(subject, was, is_, more, rate, per_s=per_s, grace=grace) for more, rate in possible
    ]
    if len({one.status for one in verdicts}) > 1:
        message = N_("was {before}, is {after}: nobody knows whether it was set to zero in between")
        return unknown(subject, message, was, is_)
    return verdicts[0]


def _since_zero(terms: Terms) -> float | None:
    known = [span for span in (terms.elapsed_s, terms.uptime_s) if span is not None]
    return min(known, default=None)


def _rate(more: int, seconds: float | None) -> tuple[int, float | None]:
    return more, more / seconds if seconds else None


def _growth(
    subject: str, was: int, is_: int, more: int, rate: float | None, *, per_s: float, grace: int
) -> Verdict:
    if more <= grace:
        return passed(subject, N_("{more} more"), was, is_, more=more)
    if rate is None:
        message = N_("{more} more, in an unknown time")
        return unknown(subject, message, was, is_, more=more)
    params = {"more": more, "rate": f"{rate:.3g}", "limit": f"{per_s:.3g}"}
    message = N_("{more} more, {rate} a second; the limit is {limit}")
    if rate > per_s:
        return failed(subject, message, was, is_, **params)
    return passed(subject, message, was, is_, **params)


def same(subject: str, was: Any, is_: Any) -> Verdict | None:
    """What may not change; None where nothing was known before."""
    if was in (None, ""):
        return None
    if is_ in (None, ""):
        return unknown(subject, N_("was {before}, and nothing is told now"), was, is_)
    if was != is_:
        return failed(subject, N_("was {before}, is {after}"), was, is_)
    return passed(subject, N_("is {after}, as before"), was, is_)


def present(*verdicts: Verdict | None) -> tuple[Verdict, ...]:
    """Those that there are."""
    return tuple(one for one in verdicts if one is not None)


def items(fact: Any | None) -> tuple[Any, ...]:
    """A fact's items; an empty answer has none."""
    return tuple(fact.items) if fact is not None else ()


def multiset(values: Iterable[str]) -> str:
    """Some words, sorted, with how often each stands there."""
    return ", ".join(f"{count} x {word}" for word, count in sorted(Counter(values).items()))
