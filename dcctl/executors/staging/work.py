"""The files of one image put onto every supervisor of one element."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import CommandFailed, Refused, TargetTimeout, Unreachable
from dcctl.executors.staging import source, survey
from dcctl.executors.staging.line import Line
from dcctl.executors.staging.push import Push
from dcctl.model.upgrade import Way
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dcctl.contracts import Context, Upgrade
    from dcctl.executors.staging import Sessions
    from dcctl.executors.staging.survey import Found
    from dcctl.model.target import Target
    from dcctl.model.upgrade import StageOrder

_ATTEMPTS = 3  # of one file over a link that breaks
_PAUSE_S = 5.0
_TOLD_EVERY = 10  # parts of a file after which it is said how far it came
_WAIT_S = 6 * 3600.0  # for a place on the line


class Work:
    """One element's staging, from what was found to what is wanted."""

    def __init__(
        self,
        order: StageOrder,
        target: Target,
        upgrade: Upgrade,
        context: Context,
        sessions: Sessions,
    ) -> None:
        self._order, self._target, self._upgrade = order, target, upgrade
        self._context, self._sessions = context, sessions
        self._line = Line(Path(context.site_root), order.site, order.cap_mbps)
        self.told: Callable[..., None] = lambda **_data: None
        self.sent = 0  # bytes that dcctl itself sent
        self.continued = 0  # bytes that were there already
        self.hashed: dict[str, str] = {}  # file -> SHA-512 worked out here before it was sent

    def way(self) -> Way:
        """How its files come to this element.

        Raises:
            Refused: not in the way that was asked for, or in none.
        """
        order, upgrade = self._order, self._upgrade
        source.refuse_live(None if order.folder else order.mirror, lab=self._context.lab)
        mirror = None if order.folder else order.mirror
        pulls = (
            upgrade.pull is not None
            and mirror is not None
            and mirror.scheme in upgrade.pull_schemes
            and not mirror.credential  # a password would stand in the element's own log
        )
        pushes = bool(upgrade.push_by and upgrade.push_path)
        if pulls and order.way is not Way.PUSH:
            return Way.PULL
        if pushes and order.way is not Way.PULL:
            return Way.PUSH
        raise Refused(
            N_("{name}: a file can't come to it by {way} (it fetches by: {schemes})"),
            hint=N_("name another mirror in inventory/images.yml, or another --way"),
            name=self._target.name,
            way=order.way.value,
            schemes=", ".join(upgrade.pull_schemes) or "-",
        )

    def fill(self, found: Sequence[Found]) -> None:
        """Put there what is missing, a file after the other.

        Raises:
            TargetError, Refused, NotFound.
        """
        done: dict[str, Found] = {}  # file -> where it is whole
        for one in found:
            if one.whole:
                done.setdefault(one.file.name, one)
        for one in found:
            if one.whole:
                continue
            have = done.get(one.file.name)
            if have is not None and self._upgrade.copy is not None:
                self._copied(have, one)
            else:
                self._brought(one)
            done.setdefault(one.file.name, self._proven(one))

    # --- one file ---

    def _copied(self, have: Found, one: Found) -> None:
        """From the other supervisor."""
        self._cleared(one)
        session = self._sessions.session(self._target)
        copy = self._upgrade.copy
        if copy is None:
            raise AssertionError  # it was asked for
        self.told(file=one.file.name, store=one.store.path, state="copying")
        with session.changing():
            copy(session, have.store, one.store, one.file.name)

    def _brought(self, one: Found) -> None:
        """Pulled or pushed, again where the link broke: what is there by then is not sent twice."""
        move = self._pull if self.way() is Way.PULL else self._push
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                move(one)
            except (Unreachable, TargetTimeout) as error:
                if attempt == _ATTEMPTS or self._context.cancelled():
                    raise
                self.told(file=one.file.name, attempt=attempt, message=str(error))
                clock.sleep(_PAUSE_S * attempt)
                self._sessions.reopened(self._target)
                one = self._again(one)
                if one.whole:
                    return
            else:
                return

    def _pull(self, one: Found) -> None:
        pull, mirror = self._upgrade.pull, self._order.mirror
        if pull is None or mirror is None:
            raise AssertionError  # `way` would have said so
        self._cleared(one)
        url = source.url_of(mirror, one.file.name)
        until = clock.monotonic() + _WAIT_S
        stop = self._context.cancelled
        with self._line.place(self._order.pull_mbps, until=until, stop=stop):
            session = self._sessions.reopened(self._target)  # it may have waited for hours
            self.told(file=one.file.name, store=one.store.path, state="pulling", url=url)
            try:
                with session.changing():
                    pull(session, url, one.store, one.file)
            except CommandFailed:
                self._cleared(self._again(one))
                raise

    def _push(self, one: Found) -> None:
        place_of = self._upgrade.push_path
        if place_of is None:
            raise AssertionError  # as above
        path = source.have(self._order, one.file, self._context, self._line.take)
        self.hashed[one.file.name] = one.file.sha512
        how = self._upgrade.push_by
        offset = self._offset(one, path) if how == "sftp" else 0
        if not offset:
            self._cleared(one)
        self.continued += offset
        sent = offset
        step = max(1, one.file.size // _TOLD_EVERY)

        def count(size: int) -> None:
            nonlocal sent
            if sent // step != (sent + size) // step:
                self.told(file=one.file.name, sent=sent + size, size=one.file.size)
            sent += size
            self.sent += size

        self.told(file=one.file.name, store=one.store.path, state="pushing", offset=offset)
        push = Push(self._target, self._context, self._line.take, count)
        push.send(how, path, place_of(one.store, one.file.name), offset)
        self._sessions.reopened(self._target)  # the terminal stood idle meanwhile

    def _offset(self, one: Found, path: Path) -> int:
        """From where it goes on: what the element has, if that is proven to be the beginning."""
        if one.state != survey.PARTIAL or not 0 < one.has < one.file.size:
            return 0
        session = self._sessions.session(self._target)
        algorithm, told = survey.digest(session, self._upgrade, one.store, one.file.name)
        if not algorithm:
            return 0
        own = hashlib.new(algorithm, usedforsecurity=False)
        left = one.has
        with path.open("rb") as content:
            while left and (block := content.read(min(left, source.BLOCK))):
                own.update(block)
                left -= len(block)
        return one.has if own.hexdigest() == told else 0

    def _cleared(self, one: Found) -> None:
        """Take away what is there of the file; never what the element boots.

        Raises:
            Refused: it boots from it. TargetError.
        """
        if one.state == survey.MISSING or self._upgrade.remove is None:
            return
        session = self._sessions.session(self._target)
        now = self._upgrade.installed(session)
        if one.file.name in now.next_boot or self._order.image.version in {
            now.running,
            now.next_boot,
        }:
            raise Refused(
                N_("{name}: {file} is not whole, and it boots {release} from it: not removed"),
                hint=N_("look at it by hand"),
                name=self._target.name,
                file=one.file.name,
                release=now.next_boot or now.running,
            )
        with session.changing():
            self._upgrade.remove(session, one.store, one.file.name)

    def _proven(self, one: Found) -> Found:
        """The file as it is now, whole.

        Raises:
            CommandFailed: it is not; then it was taken away.
        """
        now = self._again(one)
        if now.whole:
            self.told(file=one.file.name, store=one.store.path, state="proven", proof=now.proof)
            return now
        self._cleared(now)
        text = now.told(self._target.name)
        params: dict[str, Any] = dict(text.params)
        raise CommandFailed(
            text.msgid, hint=N_("what came is not what images.yml says; was removed"), **params
        )

    def _again(self, one: Found) -> Found:
        return self._sessions.reading(
            self._target, lambda session: survey.again(session, self._upgrade, one)
        )
