"""Operator, auditor and province, through files: what each can do, and what each would see."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from dcctl.errors import InvalidInput, JournalError, NotFound, Refused
from dcctl.model.note import Note
from dcctl.workflows.journal import heads, prove, verify
from tests.unit.evidence.conftest import POLICY


def judged(parties, *against):
    with parties.opened() as services:
        return verify.verify(services, against=against)


def told(parties, *against):
    return [str(text) for text in judged(parties, *against).wrong]


def raw(parties, sql, *values):
    with closing(sqlite3.connect(parties.root / ".dcctl" / "journal.db")) as base, base:
        assert base.execute(sql, values).rowcount > 0


def test_three_parties_one_head(parties):
    made = parties.checkpoint()
    assert made.missing == ("auditor", "province")
    assert made.head.cosigned == ()
    assert parties.cosign("auditor").before == 0
    parties.take("auditor")
    parties.cosign("province")
    head = parties.take("province")
    assert head.cosigned == ("auditor", "province")
    found = judged(parties, head.path)
    assert (found.wrong, found.missing, found.pending) == ((), (), 0)
    assert found.newest == found.size == head.size
    # the next one goes on from there, with a proof
    parties.run()
    assert judged(parties).pending > 0
    after = parties.checkpoint()
    assert (parties.media / "auditor.add-checkpoint").read_text().startswith(f"old {head.size}\n")
    assert parties.cosign("auditor").before == head.size
    assert parties.take("auditor").size == after.head.size > head.size
    assert judged(parties).missing == ("province",)


def test_private_keys_stay_where_they_are(witnessed):
    material = [(witnessed.own / name).read_bytes()[-45:-1] for name in ("operator", "auditor")]
    for path in (*witnessed.root.rglob("*"), *witnessed.media.iterdir()):
        if path.is_file():
            assert not any(secret in path.read_bytes() for secret in material), path


# --- each key has one role ---


@pytest.mark.parametrize("key", ["auditor", "province"])
def test_a_witness_signs_no_checkpoint(parties, key):
    with pytest.raises(Refused, match=f"is a witness's .{key}, both., and only the operator"):
        parties.checkpoint(key=key)


def test_the_operator_cosigns_nothing(parties):
    parties.checkpoint()
    with pytest.raises(Refused, match="the operator's, and nobody witnesses for himself"):
        parties.cosign("auditor", key="operator")


def test_the_operators_secret_as_a_witness_key_is_not_the_auditors(parties):
    """The operator makes a key called like the auditor's, and signs with that."""
    from dcctl.workflows.journal import key

    parties.checkpoint()
    key.make(parties.own / "posing", "auditor.example", "auditor")
    with pytest.raises(Refused, match="is no witness of the policy"):
        parties.cosign("auditor", key="posing")
    own = parties.own / "policy"
    lines = (parties.own / "policy").read_text().splitlines()
    posing = key.make(parties.own / "posing2", "auditor.example", "auditor")
    own.write_text("\n".join([posing if "witness auditor" in one else one for one in lines]) + "\n")
    parties.cosign("auditor", key="posing2")
    with pytest.raises(Refused, match="by no witness of the policy"):
        parties.take("auditor")


def test_the_policy_is_pinned(witnessed):
    path = witnessed.root / POLICY
    path.write_text(path.read_text().replace("quorum both", "quorum none"))
    for verb in (witnessed.checkpoint, lambda: judged(witnessed), lambda: proved(witnessed, "0")):
        with pytest.raises(Refused, match="not the one that is pinned"):
            verb()


# --- what an altered log looks like ---


def test_cut_short(witnessed):
    raw(witnessed, "DELETE FROM events WHERE run = (SELECT max(id) FROM runs)")
    assert any("missing" in one for one in told(witnessed))
    assert judged(witnessed).wrong


def test_cut_short_with_its_hashes(witnessed):
    """The newest run taken out of every table, as if it had never been."""
    with witnessed.opened() as services:
        run = services.journal.runs()[0].id
        first = services.journal.leaves_of(run)[0]
    for table in ("events", "outcomes", "findings", "readings"):
        raw(witnessed, f"DELETE FROM {table} WHERE run = ?", run)
    raw(witnessed, "DELETE FROM ledger WHERE first >= ?", first)
    raw(witnessed, "UPDATE tiles SET content = substr(content, 1, ?)", 32 * first)
    raw(witnessed, "DELETE FROM runs WHERE id = ?", run)
    (one,) = told(witnessed)
    assert one.startswith(f"the log is cut short: it has {first} leaves")
    with pytest.raises(JournalError, match="cut short"):
        witnessed.checkpoint()


def test_an_old_copy_put_back(witnessed):
    old = witnessed.root / ".dcctl" / "journal.db"
    shutil.copy(old, witnessed.own / "old.db")
    witnessed.run()
    head = witnessed.checkpoint().head
    kept = shutil.copy(head.path, witnessed.own / "mine.checkpoint")
    for side in (*old.parent.glob("journal.db*"),):
        side.unlink()
    shutil.copy(witnessed.own / "old.db", old)
    (one,) = told(witnessed)
    assert one.startswith("an old log was put back: it is as of a checkpoint of")
    with pytest.raises(JournalError, match="an old copy"):
        witnessed.checkpoint()
    # with the checkpoints put back too, only who kept one elsewhere can tell
    head.path.unlink()
    assert told(witnessed) == []
    assert told(witnessed, kept)[0].startswith("an old log was put back")


def test_rewritten(witnessed):
    """The past altered, and every hash counted anew."""
    witnessed.run()
    raw(witnessed, "UPDATE runs SET operator = 'somebody' WHERE id = (SELECT min(id) FROM runs)")
    for table in ("ledger", "tiles"):
        raw(witnessed, f"DELETE FROM {table}")
    with witnessed.opened() as services:
        services.journal.extend_log()
        assert services.journal.recount_log().faults == []
    (one,) = told(witnessed)
    assert one.startswith("the log was rewritten: up to leaf 0 it is what was signed")
    with pytest.raises(JournalError, match="was rewritten"):
        witnessed.checkpoint()
    # and signed anew, with the old checkpoints gone: the auditor has his own
    for path in heads_of(witnessed):
        path.unlink()
    witnessed.checkpoint()
    with pytest.raises(Refused, match="goes on from 0 leaves, and you cosigned"):
        witnessed.cosign("auditor")
    with witnessed.opened() as services:
        size = heads.read(witnessed.own / "auditor.seen", policy(services)).size
    witnessed.checkpoint(since=size)
    with pytest.raises(Refused, match="it was rewritten"):
        witnessed.cosign("auditor")


def heads_of(parties):
    return sorted((parties.root / ".dcctl" / "checkpoints").iterdir())


def policy(services):
    from dcctl.workflows.journal.policy import pinned

    return pinned(services)


def test_a_witness_sees_an_older_and_another_log(witnessed, tmp_path):
    other = witnessed.copy(tmp_path / "other")
    other.run(text="other")
    witnessed.run()
    witnessed.checkpoint()
    witnessed.cosign("auditor")
    size = witnessed.take("auditor").size
    # the same number of leaves, another log
    other.checkpoint()
    request = "auditor.add-checkpoint"
    shutil.copy(other.media / request, witnessed.media / request)
    with pytest.raises(Refused, match=f"another log of {size} leaves"):
        witnessed.cosign("auditor")
    # fewer leaves
    shutil.copy(heads_of(witnessed)[0], witnessed.own / "short")
    text = (witnessed.own / "short").read_text()
    (witnessed.media / request).write_text(f"old 0\n\n{text}")
    with pytest.raises(Refused, match="cut short, or an old one was put back"):
        witnessed.cosign("auditor")


def test_forged_checkpoints(witnessed):
    path = heads_of(witnessed)[-1]
    text = path.read_text()
    origin, size, root, *rest = text.split("\n")
    for forged, why in (
        ("\n".join([origin, str(int(size) - 1), root, *rest]), "the signature of .* is not good"),
        (str(Note(Note.parse(text).text, Note.parse(text).signatures[1:])), "no operator's key"),
        ("\n".join(["else.example/log", size, root, *rest]), "of the log else.example"),
        ("nothing\n", "no checkpoint"),
    ):
        path.write_text(forged)
        found = judged(witnessed)
        assert found.wrong
        assert (found.checkpoints, found.newest) == (0, 0)
        with pytest.raises(Refused, match=why):
            witnessed.checkpoint()


def test_any_byte_of_a_checkpoint(witnessed):
    path = heads_of(witnessed)[-1]
    whole = path.read_bytes()
    with witnessed.opened() as services:
        trust = policy(services)
        good = heads.read(path, trust)
        assert good.cosigned == ("auditor", "province")
        for spot in range(len(whole)):
            path.write_bytes(whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :])
            try:
                found = heads.read(path, trust)
            except (Refused, InvalidInput):
                continue
            # the name or the id of a signature: then it is that of a key that nobody knows
            assert set(found.cosigned) < set(good.cosigned)
            assert found.checkpoint == good.checkpoint


# --- proofs ---


def proved(parties, what):
    with parties.opened() as services:
        return prove.prove(what, services)


def test_a_proof(witnessed):
    with witnessed.opened() as services:
        run = services.journal.runs()[0].id
        digest = next(
            event.data["digest"]
            for event in services.journal.events(run)
            if event.kind == "evidence"
        )
    for what in ("0", run, digest):
        lines = proved(witnessed, what).split("\n")
        assert lines[0] == "c2sp.org/tlog-proof@v1"
        assert lines[1].startswith("extra ")
        assert lines[2].startswith("index ")
    with pytest.raises(NotFound, match="no leaf 9999"):
        proved(witnessed, "9999")
    with pytest.raises(InvalidInput, match="no leaf's number"):
        proved(witnessed, "nothing")
    later = witnessed.run()
    with pytest.raises(InvalidInput, match="no run in the log"):
        proved(witnessed, later)


def test_no_proof_of_what_was_altered(witnessed):
    raw(witnessed, "UPDATE events SET target = 'z'")
    with witnessed.opened() as services:
        number = services.journal.leaves_of(services.journal.runs()[0].id)[3]
    with pytest.raises(JournalError, match=f"leaf {number} is not the one"):
        proved(witnessed, str(number))


# --- the verbs ---


def dcctl(parties, *words, expected=0):
    done = subprocess.run(
        [sys.executable, "-m", "dcctl", "journal", *words],
        cwd=parties.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done


@pytest.mark.slow
def test_the_verbs(parties):
    key = parties.own / "auditor-2"
    made = dcctl(parties, "key", "auditor-2.example", "--role", "auditor-2", "-O", str(key))
    assert made.stdout.startswith("witness auditor-2 auditor-2.example+")
    assert "PRIVATE" not in made.stdout + made.stderr
    dcctl(parties, "verify", expected=4)
    dcctl(parties, "checkpoint", "-k", str(parties.own / "operator"), "-O", str(parties.media))
    dcctl(
        parties,
        *("witness", str(parties.media / "auditor.add-checkpoint")),
        *("-k", str(parties.own / "auditor"), "--policy", str(parties.own / "policy")),
    )
    dcctl(parties, "witness", "--take", str(parties.media / "auditor.cosignature"))
    assert "province" in dcctl(parties, "verify").stderr
    assert dcctl(parties, "prove", "0").stdout.startswith("c2sp.org/tlog-proof@v1\nextra ")
    raw(parties, "UPDATE events SET target = 'z' WHERE position = 3")
    assert "altered" in dcctl(parties, "verify", expected=3).stdout
