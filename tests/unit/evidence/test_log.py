"""The evidence log over real journals: it only grows, and an altered row is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from dcctl.journal import Journal, ShardLog, leaves, tiles
from dcctl.journal.schema import METADATA
from dcctl.model import merkle, plain
from dcctl.model.event import EventKind
from dcctl.model.status import RunStatus
from tests.unit.evidence import naive
from tests.unit.journal.conftest import URL, small_plan, write_shard


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A journal with two runs that ended and one that goes on."""
    folder = tmp_path_factory.mktemp("made")
    with Journal.open(URL, root=folder) as journal:
        plan = small_plan()
        ran = [journal.open_run(plan, operator="lan", request={"n": 1.5}) for _ in range(3)]
        for run in ran:
            write_shard(journal, run, "one", "a")
            write_shard(journal, run, "two", "b")
            journal.import_run(run.id)
        for run in ran[:2]:
            journal.finish_run(run.id, RunStatus.FINISHED)
    return folder, [run.id for run in ran]


@pytest.fixture
def site(made, tmp_path):
    folder, ran = made
    shutil.copytree(folder, tmp_path / "site")
    with Journal.open(URL, root=tmp_path / "site") as journal:
        yield journal, ran


def root(journal):
    with journal.tree() as node:
        return merkle.root(node, journal.log_size)


def test_all_of_an_existing_journal_is_covered(site):
    journal, ran = site
    assert journal.log_size == 0
    size = journal.extend_log()
    told = [journal.leaf(0)]
    told += [leaf for run in ran for leaf in map(journal.leaf, journal.leaves_of(run))]
    assert size == len(told) == 1 + 3 + 2 + sum(len(journal.events(run)) for run in ran)
    assert naive.mth(told) == root(journal)
    for run in ran:
        lines = [plain.canonical(plain.to_plain(event)) for event in journal.events(run)]
        assert set(lines) <= set(told)
    found = journal.recount_log([1, 7])
    assert (found.faults, found.pending, found.differing) == ([], 0, 0)
    assert found.root == root(journal)
    assert found.roots[7] == naive.mth(told[:7])


def test_it_only_grows(site):
    journal, ran = site
    before, was = journal.extend_log(), root(journal)
    assert journal.extend_log() == before
    assert root(journal) == was
    folder = journal.shard_folder(ran[2], "three")
    with ShardLog(folder, ran[2], "three") as log:
        log.emit(EventKind.SHARD_STARTED)
    journal.import_run(ran[2])
    assert journal.recount_log().pending == 1
    journal.finish_run(ran[2], RunStatus.INTERRUPTED)
    size = journal.extend_log()
    assert size == before + 2
    with journal.tree() as node:
        path = merkle.consistency(node, before, size)
    assert merkle.consistent(before, was, size, root(journal), path)
    journal.reopen_run(ran[2])
    assert journal.recount_log().faults == [], "a run that was interrupted may go on"
    journal.finish_run(ran[2], RunStatus.FINISHED)
    assert journal.extend_log() == size + 1
    assert journal.recount_log().faults == []


ALTERED = {
    "an event's data": "UPDATE events SET data = replace(data, '\"pass\"', '\"fail\"')",
    "an event's time": "UPDATE events SET at = '2020-01-01' WHERE position = 3",
    "an event is gone": "DELETE FROM events WHERE position = 4",
    "events change places": "UPDATE events SET position = 23 - position WHERE position IN (9, 14)",
    "the operator": "UPDATE runs SET operator = 'nobody'",
    "the request": "UPDATE runs SET request = '{}'",
    "how it ended": "UPDATE runs SET status = 'cancelled' WHERE status = 'finished'",
    "the run is gone": "DELETE FROM runs WHERE status = 'running'",
    "no JSON": "UPDATE events SET data = '{' WHERE position = 3",
}


@pytest.mark.parametrize("sql", ALTERED.values(), ids=ALTERED.keys())
def test_an_altered_row_is_named(site, sql):
    journal, _ = site
    journal.extend_log()
    with closing(sqlite3.connect(journal.path)) as raw, raw:
        assert raw.execute(sql).rowcount > 0
    found = journal.recount_log()
    assert found.first is not None
    assert str(found.faults[0]).startswith(f"leaf {found.first} (")
    assert found.root != root(journal)


def test_the_first_leaf_that_differs(site):
    journal, ran = site
    journal.extend_log()
    number = journal.leaves_of(ran[1])[5]
    with closing(sqlite3.connect(journal.path)) as raw, raw:
        raw.execute("UPDATE events SET target = 'z' WHERE run = ? AND position >= 5", [ran[1]])
    found = journal.recount_log()
    assert found.first == number
    assert f"run {ran[1]}, event 5" in str(found.faults[0])


HIDDEN = {
    "evidence is gone": ("DELETE FROM blobs WHERE rowid = 1", "is missing"),
    "evidence": ("UPDATE blobs SET content = x'00' WHERE rowid = 1", "not what its digest says"),
    "a plan": ("UPDATE plans SET content = x'00'", "not what its hash says"),
    "an event too many": (
        "INSERT INTO events SELECT run, 'x', 1, 2, at, kind, target, '', '{}' FROM events LIMIT 1",
        "two events at 2",
    ),
    "a list cut short": ("DELETE FROM ledger WHERE first > 5", "the log lists"),
    "a list with a hole": ("DELETE FROM ledger WHERE first = 0", "gap"),
    "a hash": ("UPDATE tiles SET content = zeroblob(length(content))", "altered"),
}


@pytest.mark.parametrize(("sql", "said"), HIDDEN.values(), ids=HIDDEN.keys())
def test_what_is_no_leaf_is_counted_too(site, sql, said):
    journal, _ = site
    journal.extend_log()
    with closing(sqlite3.connect(journal.path)) as raw, raw:
        assert raw.execute(sql).rowcount > 0
    assert any(said in str(fault) for fault in journal.recount_log().faults)


def test_a_hash_high_up(tmp_path):
    with Journal.open(URL, root=tmp_path) as journal:
        run = journal.open_run(small_plan(), operator="lan", request={})
        with ShardLog(journal.shard_folder(run.id, "one"), run.id, "one") as log:
            for _ in range(600):
                log.emit(EventKind.SHARD_STARTED)
        journal.import_run(run.id)
        assert journal.extend_log() == 602
        assert journal.recount_log().faults == []
        with closing(sqlite3.connect(journal.path)) as raw, raw:
            raw.execute("UPDATE tiles SET content = zeroblob(length(content)) WHERE level = 1")
        said = [str(fault) for fault in journal.recount_log().faults]
        assert said == [f"the stored hashes over tile {n} of level 0 are damaged" for n in (0, 1)]


@given(st.lists(st.integers(0, 300), max_size=4))
@settings(max_examples=20, deadline=None)
def test_tiles_are_the_tree_however_they_were_filled(parts):
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        all_, rising = [], tiles.Rising()
        for part in parts:
            new = [merkle.leaf_hash(str(len(all_) + n).encode()) for n in range(part)]
            tiles.append(connection, len(all_), new)
            all_ += new
            for one in new:
                rising.add(one)
            assert tiles.size(connection) == len(all_)
            wanted = naive.mth([str(n).encode() for n in range(len(all_))])
            assert merkle.root(tiles.TileReader(connection), len(all_)) == wanted == rising.root
    engine.dispose()


texts = st.text(max_size=6) | st.sampled_from(["\ue000", "\U0001f600", "é", '"\\', "\x7f\u2028"])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | texts
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(texts, values, max_size=4))
@settings(max_examples=300)
def test_a_leaf_is_canonical_by_either_way(data):
    row = SimpleNamespace(
        **dict.fromkeys(("at", "kind", "run", "shard", "step", "target"), "x"),
        sequence=3,
        data=json.dumps(data, separators=(",", ":")),
    )
    whole = {name: getattr(row, name) for name in ("at", "kind", "run", "shard", "step", "target")}
    assert leaves.event_leaf(row) == plain.canonical({**whole, "sequence": 3, "data": data})
