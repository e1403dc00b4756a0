"""Each check of `verify_evidence.py` by itself: what it refuses, and what it takes."""

from __future__ import annotations

import base64
import json
import zipfile

import pytest

from dcctl.errors import NotFound, Refused
from dcctl.journal import ShardLog
from dcctl.model import merkle
from dcctl.model.status import RunStatus
from dcctl.workflows.evidence import pack
from dcctl.workflows.journal import reveal
from tests.unit.evidence.conftest import ORIGIN
from tests.unit.evidence.packed import VERIFIER, Packed, packed, ran
from tests.unit.evidence.test_notes import keys
from tests.unit.journal.conftest import small_plan, write_shard


def told(bundle):
    """The archive, and its leaves as they are read."""
    archive = VERIFIER.opened(str(bundle.path))
    return archive, VERIFIER.leaves_of(archive, None, None)


def events(leaves):
    return [leaf for leaf in leaves if "type" not in leaf]


# --- the run is whole ---


def of_type(leaves, kind):
    return next(leaf for leaf in leaves if leaf.get("type") == kind)


GAPS = {
    "it holds 0 runs": lambda leaves: leaves.remove(of_type(leaves, "run")),
    "it holds 2 runs": lambda leaves: leaves.append(of_type(leaves, "run")),
    "nothing tells how the run ended": lambda leaves: leaves.remove(of_type(leaves, "ended")),
    "a leaf of another run: another": lambda leaves: of_type(leaves, "ended").update(run="another"),
    "truncated: 13 events of 14": lambda leaves: leaves.remove(events(leaves)[-1]),
    "a leaf of another run: x": lambda leaves: events(leaves)[3].update(run="x"),
    "an event of shard one is missing": lambda leaves: events(leaves)[0].update(sequence=7),
    "truncated: 14 events of 15": lambda leaves: leaves.append(
        {**of_type(leaves, "ended"), "events": 15}
    ),
}


@pytest.mark.parametrize(("said", "change"), GAPS.items(), ids=GAPS.keys())
def test_a_gap_in_the_run(bundle, said, change):
    _, leaves = told(bundle)
    assert list(VERIFIER.run(leaves)) == []
    change(leaves)
    assert said in "; ".join(VERIFIER.run(leaves))


def test_a_run_cut_short_under_the_end_of_another(parties):
    """Every leaf is in the signed log: the shorter run's end makes the longer one look whole."""
    long = parties.run()
    with parties.opened() as services:
        journal = services.journal
        short = journal.open_run(small_plan(), operator="lan", request={})
        write_shard(journal, short, "one", "a")
        journal.import_run(short.id)
        journal.finish_run(short.id, RunStatus.FINISHED)
    parties.witnessed()
    with parties.opened() as services:
        journal = services.journal
        ends = {run: journal.leaves_of(run)[-1] for run in (long, short.id)}
        told = {n: json.loads(journal.leaf(n)) for n in journal.leaves_of(long)}
        begun = [n for n, one in told.items() if one.get("type") == "run"]
        kept = [n for n, one in told.items() if one.get("shard") == "one"]
        numbers = [0, *begun, *kept, ends[short.id]]
        assert json.loads(journal.leaf(ends[short.id]))["events"] == len(kept)
        with journal.tree() as node:
            nodes = merkle.covering(node, numbers, journal.log_size)
        lines = b"".join(journal.leaf(number) + b"\n" for number in numbers)
        pack.pack(long, parties.media / "long.zip", services)
    with zipfile.ZipFile(parties.media / "long.zip") as archive:
        files = {n: archive.read(n) for n in archive.namelist() if "transcripts/b" not in n}
    files["log/leaves.jsonl"] = lines
    files["log/tree.json"] = json.dumps(
        {
            "leaves": [[number, 1] for number in numbers],
            "nodes": [base64.b64encode(one).decode() for one in nodes],
        }
    ).encode()
    index = json.loads(files["transcripts/index.json"])
    files["transcripts/index.json"] = json.dumps({"a": index["a"]}).encode()
    forged = parties.media / "forged.zip"
    forged.write_bytes(packed(files))
    policy = (parties.own / "policy").read_text()
    assert VERIFIER.verdict(str(parties.media / "long.zip"), policy) == ([], True)
    wrong, proven = VERIFIER.verdict(str(forged), policy)
    assert not proven
    assert wrong == [f"a leaf of another run: {short.id}"]


# --- the answers ---


def test_answers_of_one_device_given_out_as_anothers(bundle):
    """Every digest is right, and so are the sums; only the folders are exchanged."""
    other = {"a": "b", "b": "a"}
    swapped = {}
    for name, content in bundle.files().items():
        folder, _, rest = name.removeprefix("transcripts/").partition("/")
        moved = name.startswith("transcripts/") and rest
        swapped[f"transcripts/{other[folder]}/{rest}" if moved else name] = content
    said = bundle.wrong(packed(swapped))
    assert "no leaf tells of it" in said
    assert "transcripts/a/0001-" in said


def test_an_answer_more(bundle):
    more = {**bundle.files(), "transcripts/a/0009-more": b"forged"}
    assert "0009-more: no leaf tells of it" in bundle.wrong(packed(more))


def test_a_redaction_is_proven(parties, monkeypatch, tmp_path):
    monkeypatch.setenv("COMMUNITY", "s3cret")
    with parties.opened() as services:
        journal = services.journal
        run = journal.open_run(small_plan(), operator="lan", request={})
        with ShardLog(journal.shard_folder(run.id, "one"), run.id, "one") as log:
            digest = log.keep("snmp-server community s3cret RO\n", target="a")
        journal.import_run(run.id)
        journal.finish_run(run.id, RunStatus.FINISHED)
    parties.witnessed()
    bundle, policy = Packed(parties), parties.own / "policy"
    with parties.opened() as services:
        line = reveal.reveal(bundle.run, digest[:12], 0, "env:COMMUNITY", services)
        monkeypatch.setenv("COMMUNITY", "public")
        with pytest.raises(Refused, match="took out something else"):
            reveal.reveal(bundle.run, digest, 0, "env:COMMUNITY", services)
        with pytest.raises(NotFound, match="no commitment to redaction 1"):
            reveal.reveal(bundle.run, digest, 1, "env:COMMUNITY", services)
    opening = tmp_path / "open"
    reveal.write(opening, line)
    words = (bundle.path, "--policy", policy, "--open", opening)
    assert ran(*words, expected=0).startswith(f"good  redaction 0 of {digest}\nrun {bundle.run}")
    opening.write_text(line.replace("s3cret", "public"))
    assert ran(*words, expected=1).startswith(f"WRONG redaction 0 of {digest}: something else")
    opening.write_text(line.replace('"number": 0', '"number": 1'))
    assert ran(*words, expected=1).startswith("WRONG redaction 1 of")
    opening.write_text("{}\n")
    assert ran(*words, expected=1).startswith("WRONG can't be read: KeyError")
    assert b"s3cret" not in b"".join(bundle.files().values())
    archive, leaves = told(bundle)
    assert list(VERIFIER.evidence(archive, leaves)) == []
    next(one for one in events(leaves) if one["data"].get("digest") == digest)["data"][
        "redactions"
    ].append("")
    assert "another number of redactions" in next(VERIFIER.evidence(archive, leaves))


# --- leaves, and where they are in the log ---


def spans(change):
    """A change of what log/tree.json says of the leaves' numbers."""

    def changed(content):
        tree = json.loads(content)
        numbers = [first + n for first, count in tree["leaves"] for n in range(count)]
        return json.dumps({**tree, "leaves": [[one, 1] for one in change(numbers)]}).encode()

    return changed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda numbers: numbers, ""),
        (lambda numbers: numbers[::-1], "not the leaves that log/tree.json lists"),
        (lambda numbers: [numbers[0], *numbers[:-1]], "not the leaves that log/tree.json lists"),
        (lambda numbers: [-1, *numbers[1:]], "the checkpoint's log ends before"),
        (lambda numbers: [*numbers[:-1], 10**6], "the checkpoint's log ends before"),
        (lambda numbers: [number + 1 for number in numbers[:-1]] + [99], "ends before"),
    ],
)
def test_numbers_of_leaves(bundle, change, said):
    wrong, _ = bundle.verdict(bundle.changed("log/tree.json", spans(change)))
    assert said in "; ".join(wrong)
    assert bool(wrong) is bool(said)


@pytest.mark.parametrize("content", [b"{}", b"\n"])
def test_a_leaf_beside_the_journals(bundle, content):
    assert bundle.wrong(bundle.changed("log/leaves.jsonl", lambda old: old + content))


# --- the checkpoint and the policy ---


def test_a_head_is_read_in_one_way_only(bundle):
    note = bundle.files()["log/checkpoint"].decode()
    origin, size, root, *rest = note.split("\n")
    assert VERIFIER.checkpoint_of(note, None)[0] == int(size)
    for bad in (
        [origin, "0" + size, root, *rest],
        [origin, size, root, "more", *rest],
        ["", size, root, *rest],
        [origin, size, root[:-4], *rest],
        [origin, size, root, *rest[:-1]],
        [origin, size, root, "", ""],
        [origin, size, root, "", rest[1] + " more", ""],
        [origin, size, root, "", rest[1] + "=", ""],
    ):
        with pytest.raises(VERIFIER.Wrong):
            VERIFIER.checkpoint_of("\n".join(bad), None)


def test_an_own_checkpoint_needs_no_quorum_and_a_signature(bundle):
    """What was seen may have been cosigned by few; who signed it must be the operator."""
    note = bundle.files()["log/checkpoint"].decode()
    head, _, signatures = note.partition("\n\n")
    lines = signatures.splitlines(keepends=True)
    alone = head + "\n\n" + lines[0]
    assert bundle.verdict(seen=alone) == ([], True)
    assert "forged checkpoint" in bundle.wrong(None, seen=head + "\n\n" + lines[1])
    with pytest.raises(VERIFIER.Wrong, match=r"too few witnesses cosigned: none"):
        VERIFIER.checkpoint_of(alone, VERIFIER.Policy(bundle.policy))


def test_every_signature_of_a_known_key_is_good(bundle):
    """One flipped byte of the time that a witness signed, or of its signature."""
    note = bundle.files()["log/checkpoint"].decode()
    policy = VERIFIER.Policy(bundle.policy.replace("quorum both", "quorum none"))
    mark, name, data = note.splitlines()[-1].split(" ")
    for spot in (5, 40):
        bad = bytearray(base64.b64decode(data))
        bad[spot] ^= 1
        line = f"{mark} {name} {base64.b64encode(bad).decode()}"
        with pytest.raises(VERIFIER.Wrong, match=rf"the signature of {name} is not good"):
            VERIFIER.checkpoint_of(note.replace(f"{mark} {name} {data}", line), policy)


def test_the_operators_signature_counts_for_its_own_log(bundle):
    """The same key under another log's name signs nothing of this one."""
    note = bundle.files()["log/checkpoint"].decode()
    with pytest.raises(VERIFIER.Wrong, match="is not good"):
        VERIFIER.require_signed(
            note.partition("\n\n")[0] + "\n",
            "else.example/log",
            [(ORIGIN, base64.b64decode(note.split("— ")[1].split(" ")[1].strip()))],
            VERIFIER.Policy(bundle.policy),
            quorum=False,
        )


@pytest.mark.parametrize(
    ("quorum", "signed", "met"),
    [
        ("both", "", False),
        ("both", "a", False),
        ("both", "a c", True),
        ("both", "b c", True),
        ("two", "a", False),
        ("two", "a b", True),
        ("a", "b", False),
        ("a", "a", True),
        ("none", "", True),
    ],
)
def test_how_many_are_enough(quorum, signed, met):
    log, *others = keys()
    lines = [f"log {log}", *map("witness {} {}".format, "abc", others)]
    lines += ["group any any a b", "group both all any c", "group two 2 a b c", f"quorum {quorum}"]
    policy = VERIFIER.Policy("\n".join(lines))
    assert policy.met(policy.quorum, set(signed.split())) is met
