"""A merge that is killed (-9) has taken all in, or nothing; and can be done again."""

from __future__ import annotations

import os
import signal

import pytest
from sqlalchemy import Engine, event

from dcctl import clock
from dcctl.errors import JournalError

POINTS = 4


def _merge_and_die(trip, deadly: int) -> str:
    """Merge in a child that kills itself before a statement or commit; 0: tell what they are."""
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        passed: list[str] = []

        def cross(kind: str) -> None:
            passed.append(kind)
            if len(passed) == deadly:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", lambda *_: cross("s"))
        event.listen(Engine, "commit", lambda *_: cross("c"))
        try:
            trip.merge()
            os.write(outward, "".join(passed).encode())
        finally:
            os._exit(0)
    os.close(outward)
    _, status = os.waitpid(child, 0)
    with os.fdopen(inward) as told:
        found = told.read()
    if deadly:
        assert os.WIFSIGNALED(status), f"statement {deadly} was never reached"
    return found


@pytest.fixture(scope="module")
def whole(gone, tmp_path_factory):
    """The statements and commits of a merge in order, and what it leaves."""
    trip = gone.copy(tmp_path_factory.mktemp("whole") / "trip")
    return _merge_and_die(trip, 0), trip.state()


def test_around_every_commit_it_is_all_or_nothing(gone, whole, tmp_path) -> None:
    passed, merged = whole
    assert merged[0] == "finished"
    commits = [number for number, kind in enumerate(passed, 1) if kind == "c"]
    assert commits
    spread = {1 + number * (len(passed) - 1) // (POINTS - 1) for number in range(POINTS)}
    around = {number + more for number in commits for more in (-1, 0, 1)}
    seen = set()
    for deadly in sorted(spread | around & set(range(1, len(passed) + 1))):
        trip = gone.copy(tmp_path / str(deadly))
        _merge_and_die(trip, deadly)
        state = trip.state()
        assert state in (("away", 0, 0), merged), deadly
        seen.add(state[0])
        if state[0] == "away":
            trip.merge()
            assert trip.state() == merged
            assert not list((trip.root / "site" / ".dcctl").glob(".merge-*"))
    assert seen == {"away", "finished"}


def test_what_vanishes_under_a_merge_is_not_half_of_it(trip) -> None:
    """The journal counts what it took in against what was looked at."""
    with clock.use(trip.time), trip.opened() as services:
        folder = trip.root / "work/shards" / trip.made.run
        (log,) = folder.glob("*/events.jsonl")
        count = len(log.read_bytes().splitlines())
        next(folder.glob("*/blobs/*.z")).unlink()
        for events in (count, count + 1):
            with pytest.raises(JournalError, match="no longer there whole"):
                services.journal.take_back(trip.made.run, folder, events=events)
    assert trip.state() == ("away", 0, 0)
    trip.merge()
