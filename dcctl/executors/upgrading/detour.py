"""Traffic led round an element before it is touched, and back when it is well."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from dcctl import clock
from dcctl.contracts import Remediation
from dcctl.errors import CommandFailed, NothingToCommit, Refused, TargetTimeout, Unparsed
from dcctl.executors import _permits
from dcctl.executors._net import ROUNDING
from dcctl.executors.evidence import steady
from dcctl.executors.upgrading.order import SELDOM
from dcctl.model import plain
from dcctl.model.status import ReadingStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dcctl.contracts import Change, Platform
    from dcctl.executors._device import DeviceSession
    from dcctl.executors.upgrading.door import Door
    from dcctl.model.target import Target

_IDLE_S = 240.0  # longest pause between two looks: strict sites end sessions idle for 5 minutes
NET_S = 300  # seconds in which the device takes the lines back by itself if we lose it


class _Look(NamedTuple):
    """What the ports carried at one moment, on the monotonic clock; port -> bits/s."""

    at: float
    rates: Mapping[str, int]

    def fallen_in(self, before: _Look, residue_bps: int) -> float:
        """Seconds until all are down to `residue_bps`, if they go on as since `before`.

        A device's average of what has stopped falls exponentially. 0: one of them does not fall.
        """
        residue, longest = max(residue_bps, 1), 0.0
        for port, rate in self.rates.items():
            if rate <= residue:
                continue
            was = before.rates.get(port, 0)
            if was <= rate:
                return 0.0
            left = (self.at - before.at) * math.log(rate / residue) / math.log(was / rate)
            longest = max(longest, left)
        return longest


class Detour:
    """The drain of one element: configuration lines under the platform's own safety net."""

    def __init__(self, target: Target, platform: Platform, door: Door) -> None:
        self._target, self._door, self._platform = target, door, platform
        self._change = platform.change
        self.unsettled = False  # lines may wait there to be confirmed or saved, by whomever put

    def state(self) -> str:
        """A digest of the running configuration without what moves by itself or the net needs."""
        change = self._known()
        lines = steady(change.running(self._door.session()), self._platform)
        ours = frozenset(change.needs(""))  # lines that the first drain leaves behind
        return plain.digest([line for line in lines if line not in ours])

    def put(self, lines: Sequence[str], look: Callable[[], None], *, unless: str = "") -> None:
        """Send `lines`, look whether all stands well, confirm and save them.

        Saved, since what is not would be gone with the reload, and traffic back too early. Nothing
        is sent where `state` is `unless` already. What was left of an earlier one is settled first.

        Raises:
            ConfigurationLocked: a change that is not ours waits there to be confirmed.
            TargetError: not sent, refused, or what `look` raises; then they are taken back.
        """
        if not lines:
            return
        if self.unsettled:
            self._settle()
        if unless and self.state() == unless:
            return
        change, session = self._known(), self._door.session()
        _permits.unoccupied(change, session, self._target.name)
        needs = change.needs(change.running(session))
        wanted = Remediation(lines=tuple(lines), diff=(), prepare=needs)
        self.unsettled = True
        with session.changing():
            waits = _applied(change, session, wanted)
            try:
                look()
            except Exception:
                if waits:
                    change.revert(session)
                    self.unsettled = False
                raise
            if waits:
                change.confirm(session)
            change.save(session)
        self.unsettled = False

    def _settle(self) -> None:
        """Take back what waits there of ours, and save: it may have been confirmed, and no more.

        Raises:
            TargetError: it could not be told to.
        """
        change, session = self._known(), self._door.session()
        with session.changing():
            if change.held:
                # It waits in a session that is gone: nothing but its time ends it.
                if change.pending is None or change.pending(session):
                    clock.sleep(NET_S + ROUNDING)
            elif _guarded(change, session):
                with suppress(CommandFailed):  # some refuse where nothing waits
                    change.revert(session)
        session = self._door.session()
        with session.changing():
            change.save(session)
        self.unsettled = False

    def _known(self) -> Change:
        if self._change is None:
            raise Refused(
                N_("{platform}: no way to change its configuration"),
                platform=self._target.platform,
            )
        return self._change

    def moved(self, residue_bps: int, until: float, pause_s: float) -> dict[str, int]:
        """Wait until no port towards others carries more than `residue_bps`; port -> bits/s.

        Rates are averages of minutes: the next look is when, at the pace of the last two, they
        should be low enough. While nothing falls, looks get rarer; `pause_s` is the first pause.

        Raises:
            TargetTimeout: some still do. Unparsed: the device doesn't tell its rates.
            CommandFailed: a port is down, which tells nothing of where its traffic went.
        """
        pause, before = pause_s, _Look(clock.monotonic(), {})
        while True:
            now = _Look(clock.monotonic(), rates := self._rates())
            busy = {port: rate for port, rate in rates.items() if rate > residue_bps}
            if not busy:
                return rates
            left = until - clock.monotonic()
            if left < pause_s:
                told = ", ".join(f"{port} {rate:,} bit/s" for port, rate in busy.items())
                raise TargetTimeout(
                    N_("{name}: traffic has not moved away: {told}"),
                    name=self._target.name,
                    told=told,
                )
            fallen_in = now.fallen_in(before, residue_bps)
            clock.sleep(min(left, max(pause, min(fallen_in + pause_s, _IDLE_S))))
            pause, before = min(pause * 1.5, pause_s * SELDOM), now

    def _rates(self) -> dict[str, int]:
        """The busier direction of every port that has a link."""
        seen = {one.name: one for one in self._told("interfaces")}
        ports = [port.name for port in self._target.interfaces if port.link and port.enabled]
        for port in ports:
            if port not in seen:
                raise CommandFailed(N_("{name} has no {port}"), name=self._target.name, port=port)
        told = {name: (one.in_bps, one.out_bps) for name, one in seen.items()}
        if any(None in told[port] for port in ports):  # a command line that knows no rates
            told |= {one.interface: (one.in_bps, one.out_bps) for one in self._told("rates")}
        for port in ports:
            if None in told[port]:
                raise Unparsed(
                    N_(
                        "{name}: {port} doesn't tell its rates, so nobody can prove that it is idle"
                    ),
                    name=self._target.name,
                    port=port,
                )
        return {port: max(int(rate) for rate in told[port] if rate is not None) for port in ports}

    def _told(self, topic: str) -> Sequence[Any]:
        """What a topic holds; of rates, which most platforms have no topic of their own for, none.

        Raises:
            Unparsed: it could not be read.
        """
        reading = self._door.read((topic,))[topic]
        if reading.status is ReadingStatus.NO_TEMPLATE and topic == "rates":
            return ()
        if reading.status is not ReadingStatus.PARSED:
            raise Unparsed(
                N_("{name}: its interfaces can't be read: {why}"),
                name=self._target.name,
                why=reading.message,
            )
        items: Sequence[Any] = reading.value.items
        return items


def _applied(change: Change, session: DeviceSession, wanted: Remediation) -> bool:
    """Change it; whether that now waits to be confirmed."""
    try:
        if change.apply is None or not _guarded(change, session):
            session.configure(wanted.lines)
            return False
        change.apply(session, wanted, NET_S)
    except NothingToCommit:
        return False
    return True


def _guarded(change: Change, session: DeviceSession) -> bool:
    """Whether this very device takes back what nobody confirms."""
    return change.guarded is None or change.guarded(session)
