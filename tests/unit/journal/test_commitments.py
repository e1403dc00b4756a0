"""A redaction can be proven by who knows the secret, and guessed by nobody."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcctl import secrets
from dcctl.errors import JournalError
from dcctl.journal import ShardLog
from dcctl.journal import commitments as made

MARK = secrets.REDACTED

texts = st.text(st.sampled_from("ab \n"), max_size=5)
pieces = st.text(st.sampled_from("abXY "), min_size=1, max_size=5)


@given(texts, st.lists(st.tuples(pieces, texts), min_size=1, max_size=5))
def test_the_pieces_give_the_original_again(first, rest):
    """Whatever stood there, also where it could be split in more than one way."""
    original = first + "".join(piece + after for piece, after in rest)
    kept = first + "".join(MARK + after for _, after in rest)
    found = made.hidden(original.encode(), kept.encode())
    assert len(found) == len(rest)
    again = kept
    for piece in found:
        again = again.replace(MARK, piece.decode(), 1)
    assert again == original


def test_what_was_no_redaction_of_it():
    assert made.hidden(b"other", f"a {MARK} b".encode()) == []
    assert made.hidden(f"a {MARK} b".encode(), f"a {MARK} b".encode()) == []
    assert made.hidden(f"a {MARK} b c".encode(), f"a {MARK} b {MARK}".encode()) == [b"", b"c"]


def kept(folder, text, **more):
    with ShardLog(folder, "run", "one") as log:
        digest = log.keep(text, target="a", **more)
    line = (folder / "events.jsonl").read_text().splitlines()[-1]
    return digest, json.loads(line)["data"]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "shards" / "run" / "one"
    folder.mkdir(parents=True)
    return folder


CONFIG = "hostname r1\nsnmp-server community s3cret RO\nenable secret 9 $9$abcdefgh\n"


def test_a_secret_is_committed_to_and_opens(folder, tmp_path):
    digest, data = kept(folder, CONFIG)
    assert len(data["redactions"]) == 2
    key = tmp_path / made.KEY
    assert key.stat().st_mode & 0o777 == 0o600
    salt = made.salt(key, "run", digest, 0)
    assert data["redactions"][0] == hashlib.sha256(salt + b"s3cret").hexdigest()
    assert data["redactions"][0] != hashlib.sha256(b"s3cret").hexdigest()
    stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"s3cret" not in stored
    assert key.read_bytes() not in stored
    # the same again, by another process: the same commitments
    assert kept(folder, CONFIG)[1]["redactions"] == data["redactions"]


def test_what_a_platform_took_out_before(folder, tmp_path):
    digest, data = kept(folder, f"peer key {MARK}\n", original="peer key hunter2\n")
    salt = made.salt(tmp_path / made.KEY, "run", digest, 0)
    assert data["redactions"] == [hashlib.sha256(salt + b"hunter2").hexdigest()]


def test_inside_json(folder, tmp_path):
    digest, data = kept(
        folder,
        json.dumps({"a": f"x {MARK}"}, sort_keys=True),
        original='{"a":"x hunter2"}',
        media_type="application/json",
    )
    salt = made.salt(tmp_path / made.KEY, "run", digest, 0)
    assert data["redactions"] == [hashlib.sha256(salt + b"hunter2").hexdigest()]


def test_nothing_taken_out_nothing_told(folder, tmp_path):
    for text in ("hostname r1\n", f"came so: {MARK}\n"):
        assert "redactions" not in kept(folder, text)[1]
    assert not (tmp_path / made.KEY).exists()


def test_another_run_another_salt():
    one, two = (made.salt_of(b"k" * 32, run, "d", 0) for run in ("a", "b"))
    assert one != two
    assert made.salt_of(b"k" * 32, "a", "d", 1) != one


def test_without_its_key_nothing_opens(tmp_path):
    with pytest.raises(JournalError, match="can't be used"):
        made.salt(tmp_path / made.KEY, "run", "d", 0)
    (tmp_path / made.KEY).write_bytes(b"short")
    with pytest.raises(JournalError, match="5 bytes"):
        made.salt(tmp_path / made.KEY, "run", "d", 0)
