"""An evidence bundle, judged by `verify_evidence.py` alone: it proves, or says what is wrong."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcctl.errors import NotFound, Refused
from dcctl.journal import ShardLog
from dcctl.model import merkle
from dcctl.model.status import RunStatus
from dcctl.workflows.evidence import check, pack
from dcctl.workflows.journal import prove, reveal
from tests.unit.evidence import naive
from tests.unit.evidence.conftest import Parties
from tests.unit.evidence.test_parties import raw
from tests.unit.journal.conftest import small_plan, write_shard

SCRIPT = pack.verify_evidence.__file__


def loaded():
    """As a file by itself, not as a part of dcctl."""
    spec = importlib.util.spec_from_file_location("verify_evidence", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = loaded()


class Packed:
    def __init__(self, parties: Parties) -> None:
        self.parties, self.path = parties, parties.media / "evidence.zip"
        self.policy = (parties.own / "policy").read_text()
        with parties.opened() as services:
            self.run = services.journal.runs()[0].id
            pack.pack(self.run, self.path, services)
        self.whole = self.path.read_bytes()

    def verdict(self, content=None, seen=None, policy=None):
        path = self.path
        if content is not None:
            path = self.path.with_name("bad.zip")
            path.write_bytes(content)
        return VERIFIER.verdict(str(path), policy or self.policy, seen)

    def wrong(self, content, **more):
        wrong, proven = self.verdict(content, **more)
        assert not proven
        return "; ".join(wrong)

    def files(self):
        with zipfile.ZipFile(io.BytesIO(self.whole)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def changed(self, name, change, *, sums=True):
        """The bundle with one file changed (None: left out), its sums and its end made to fit."""
        files = self.files()
        content = change(files[name])
        del files[name]
        if content is not None:
            files[name] = content
        return packed(files, sums=sums)


def packed(files, *, sums=True, extra=()):
    if sums:
        del files["SHA256SUMS"]
        lines = (f"{hashlib.sha256(c).hexdigest()}  {n}\n" for n, c in sorted(files.items()))
        files["SHA256SUMS"] = "".join(lines).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*files.items(), *extra):
            archive.writestr(name, content)
        archive.comment = b"0" * 64
    return ended(stream.getvalue())


def ended(content):
    return content[:-64] + hashlib.sha256(content[:-64]).hexdigest().encode()


@pytest.fixture(scope="module")
def bundle(_witnessed, tmp_path_factory):
    return Packed(_witnessed.copy(tmp_path_factory.mktemp("packed")))


def ran(*words, expected):
    done = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == expected, done.stdout + done.stderr
    assert not done.stderr
    return done.stdout


# --- what is right ---


def test_it_proves_with_the_standard_library_alone(bundle, tmp_path):
    mine = bundle.parties.own / "policy"
    moved = shutil.copy(bundle.path, tmp_path / "elsewhere.zip")
    said = ran(bundle.path, "--policy", mine, expected=0)
    assert said == ran(moved, "--policy", mine, expected=0)
    assert said.startswith(f"run {bundle.run}: ")
    assert " by lan; finished " in said
    assert said.endswith("\nPROVEN\n")
    assert "NOT PROVEN" in ran(moved, expected=2)
    seen = bundle.parties.own / "auditor.seen"
    assert ran(moved, "--policy", mine, "--seen", seen, expected=0) == said
    bad = tmp_path / "bad.zip"
    bad.write_bytes(bundle.whole[:-1])
    assert "its end is missing" in ran(bad, "--policy", mine, expected=1)


def test_it_imports_nothing_of_ours():
    source = Path(SCRIPT).read_text(encoding="utf-8")
    assert "dcctl." not in "".join(line for line in source.splitlines() if "import" in line)


def test_the_same_journal_gives_the_same_bundle(bundle, tmp_path):
    with bundle.parties.opened() as services:
        again = pack.pack(bundle.run, tmp_path / "again.zip", services)
    assert again.path.read_bytes() == bundle.whole


def test_dcctl_says_the_same(bundle):
    found = check.check(bundle.path, policy=bundle.parties.own / "policy")
    assert (found.wrong, found.proven, found.run) == ((), True, bundle.run)
    assert not check.check(bundle.path).proven


def test_a_later_log_goes_on_from_what_was_seen(witnessed):
    seen = (witnessed.own / "auditor.seen").read_text()
    witnessed.run()
    witnessed.witnessed()
    late = Packed(witnessed)
    assert late.verdict(seen=seen) == ([], True)
    first, second = heads(witnessed)
    assert late.verdict(seen=first) == late.verdict(seen=second) == ([], True)


def heads(parties):
    return [path.read_text() for path in sorted((parties.root / ".dcctl/checkpoints").iterdir())]


def test_one_proof(bundle, tmp_path):
    mine = bundle.parties.own / "policy"
    with bundle.parties.opened() as services:
        text = prove.prove(bundle.run, services)
    file = tmp_path / "one.tlog-proof"
    file.write_text(text)
    said = ran(file, "--policy", mine, expected=0)
    assert json.loads(said.splitlines()[0])["run"] == bundle.run
    assert said.endswith("PROVEN\n")
    for spot in range(0, len(text) - 1, 11):
        letter = "A" if text[spot] != "A" else "B"
        file.write_text(text[:spot] + letter + text[spot + 1 :])
        assert VERIFIER.verdict(str(file), bundle.policy)[0], text[spot - 9 : spot + 9]


# --- what is wrong ---


@given(st.data())
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_byte_that_differs(bundle, data):
    spot = data.draw(st.integers(0, len(bundle.whole) - 1))
    other = data.draw(st.integers(1, 255))
    whole = bundle.whole
    bad = whole[:spot] + bytes([whole[spot] ^ other]) + whole[spot + 1 :]
    assert bundle.wrong(bad)


@given(st.integers(0, 2**30))
@settings(max_examples=30, deadline=None)
def test_cut_off_anywhere(bundle, left):
    assert bundle.wrong(bundle.whole[: left % len(bundle.whole)])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_byte_of_what_is_signed_though_all_sums_fit(bundle, data):
    """Somebody careful: the file's end and the sums are made anew."""
    files = bundle.files()
    signed = [n for n in files if n.startswith(("log/l", "log/t", "log/ch", "transcripts/"))]
    name = data.draw(st.sampled_from(signed))
    whole = files[name]
    spot = data.draw(st.integers(0, len(whole) - 1))
    bad = whole[:spot] + bytes([whole[spot] ^ data.draw(st.integers(1, 255))]) + whole[spot + 1 :]
    wrong, _ = bundle.verdict(bundle.changed(name, lambda _old: bad))
    if not wrong:  # the blanks of JSON mean nothing
        assert name in ("log/tree.json", "transcripts/index.json")
        assert json.loads(bad) == json.loads(whole)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_byte_of_any_file_though_its_end_fits(bundle, data):
    """The archive is whole; a file in it is not what its sums, or what is signed, say."""
    files = bundle.files()
    name = data.draw(st.sampled_from(sorted(files)))
    spot = data.draw(st.integers(0, len(files[name]) - 1))
    other = data.draw(st.integers(1, 255))

    def changed(whole):
        return whole[:spot] + bytes([whole[spot] ^ other]) + whole[spot + 1 :]

    assert bundle.wrong(bundle.changed(name, changed, sums=False)), (name, spot)


def line(number, change=lambda _old: b""):
    """A change of one of the leaves' lines."""

    def changed(content):
        lines = content.split(b"\n")
        new = change(lines[number])
        lines[number : number + 1] = [new] if new else []
        return b"\n".join(lines)

    return changed


def numbers(change):
    def changed(content):
        tree = json.loads(content)
        change(tree)
        return json.dumps(tree).encode()

    return changed


BAD = {
    "altered leaf": (
        "log/leaves.jsonl",
        line(4, lambda old: old.replace(b'"target":"a"', b'"target":"b"')),
        "a leaf was altered",
    ),
    "truncated": ("log/leaves.jsonl", line(-2), "truncated"),
    "missing blob": ("transcripts/a/0001-{}.txt", lambda _old: None, "missing"),
    "flipped blob": ("transcripts/a/0001-{}.txt", lambda old: old + b"!", "not what its name says"),
    "no leaves": ("log/leaves.jsonl", lambda _old: None, "log/leaves.jsonl: missing"),
    "forged": (
        "log/checkpoint",
        lambda old: old.replace(b"\n", b"\n1", 1),
        "forged checkpoint: the signature of hoalac.example/journal is not good",
    ),
    "nobody's": (
        "log/checkpoint",
        lambda old: b"".join(
            one for one in old.splitlines(keepends=True) if not one.startswith("— hoalac".encode())
        ),
        "forged checkpoint: no operator's key",
    ),
    "one witness": (
        "log/checkpoint",
        lambda old: b"".join(
            one for one in old.splitlines(keepends=True) if not one.startswith("— prov".encode())
        ),
        "too few witnesses cosigned: auditor",
    ),
    "a hash less": ("log/tree.json", numbers(lambda tree: tree["nodes"].pop()), "lacks hashes"),
    "a hash more": (
        "log/tree.json",
        numbers(lambda tree: tree["nodes"].append(tree["nodes"][0])),
        "hashes too many",
    ),
    "a leaf less": ("log/tree.json", numbers(lambda tree: tree["leaves"].pop()), "truncated"),
}


@pytest.mark.parametrize(("name", "change", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_named(bundle, name, change, said):
    digest = next(n for n in bundle.files() if n.startswith("transcripts/a/"))[-68:-4]
    assert said in bundle.wrong(bundle.changed(name.format(digest), change))


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


def test_what_cannot_be_asked_is_no_verdict(bundle, tmp_path):
    for words in (
        (bundle.path, "--policy", tmp_path / "none"),
        (tmp_path / "one.tlog-proof", "--seen", bundle.parties.own / "auditor.seen"),
    ):
        done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True, check=False)
        assert done.returncode == 2
        assert b"error: " in done.stderr
        assert b"Traceback" not in done.stderr


def test_sums_that_say_the_same_in_other_bytes(bundle):
    """A vertical tab ends a line for some readers, and for `sha256sum -c` it does not."""
    sums = bundle.files()["SHA256SUMS"]
    for other in (sums.replace(b"\n", b"\v", 1), sums.replace(b"  ", b" \t", 1), sums + b"\n"):
        bad = bundle.changed("SHA256SUMS", lambda _old, new=other: new, sums=False)
        assert "SHA256SUMS" in bundle.wrong(bad)


def test_a_file_beside_the_sums(bundle):
    files = bundle.files()
    assert "report.vi.html: not what" in bundle.wrong(
        bundle.changed("report.vi.html", lambda old: old + b" ", sums=False)
    )
    assert "plan.json: missing" in bundle.wrong(
        bundle.changed("plan.json", lambda _old: None, sums=False)
    )
    assert "more: not in" in bundle.wrong(packed(files, sums=False, extra=[("more", b"")]))


def link(name):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../etc/cron.d/x", "leads out of the bundle"),
        ("log/../../x", "leads out of the bundle"),
        ("/etc/passwd", "leads out of the bundle"),
        ("..\\x", "leads out of the bundle"),
        ("C:x", "leads out of the bundle"),
        (link("log/more"), "a link?"),
        ("folder/", "no plain file"),
        ("plan.json", "there twice"),
        ("Log/Leaves.jsonl", "there twice"),
        ("./plan.json", "once unpacked"),
        ("log//leaves.jsonl", "once unpacked"),
    ],
)
def test_a_zip_that_would_do_harm(bundle, name, said):
    assert said in bundle.wrong(packed(bundle.files(), extra=[(name, b"/etc/passwd")]))


def test_an_old_log(witnessed):
    """A bundle of before, given to somebody who has seen more."""
    old = Packed(witnessed)
    witnessed.run()
    witnessed.witnessed()
    assert old.verdict() == ([], True)
    assert "replayed: the log has" in old.wrong(None, seen=heads(witnessed)[-1])


def test_another_log_signed_by_the_same_key(witnessed, tmp_path):
    other = witnessed.copy(tmp_path / "other")
    other.run(text="other")
    other.witnessed()
    witnessed.run()
    witnessed.run()
    witnessed.witnessed()
    mine = Packed(witnessed)
    assert "rewritten" in mine.wrong(None, seen=heads(other)[-1])


def test_other_keys(bundle, tmp_path):
    other = Parties(tmp_path)
    (other.root / "inventory").mkdir(parents=True)
    other.keys()
    policy = (other.own / "policy").read_text()
    assert "forged checkpoint" in bundle.wrong(None, policy=policy)


def test_no_checkpoint_over_the_run(parties, tmp_path):
    with parties.opened() as services, pytest.raises(NotFound, match="no checkpoint is over"):
        pack.pack("latest", tmp_path / "no.zip", services)
    (parties.root / "inventory/evidence.policy").unlink()
    with parties.opened() as services:
        made = pack.pack("latest", tmp_path / "yes.zip", services)
    assert made.checkpoint == 0
    assert VERIFIER.verdict(str(made.path)) == ([], False)


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
    reveal.write(tmp_path / "open", line)
    told = ran(bundle.path, "--policy", policy, "--open", tmp_path / "open", expected=0)
    assert told.startswith(f"good  redaction 0 of {digest}")
    (tmp_path / "open").write_text(line.replace("s3cret", "public"))
    ran(bundle.path, "--policy", policy, "--open", tmp_path / "open", expected=1)
    assert b"s3cret" not in b"".join(bundle.files().values())
    bundled = VERIFIER.Bundle(str(bundle.path))
    leaves, _ = VERIFIER.leaves_of(bundled)
    more = {n: leaf.replace(b'"redactions":[', b'"redactions":["",') for n, leaf in leaves.items()}
    assert list(VERIFIER.evidence(bundled, leaves)) == []
    assert "another number of redactions" in next(VERIFIER.evidence(bundled, more))


def test_evidence_that_the_journal_lost(witnessed):
    raw(witnessed, "DELETE FROM blobs WHERE rowid IN (SELECT min(rowid) FROM blobs)")
    assert "missing" in Packed(witnessed).wrong(None)


# --- its own arithmetic ---


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 511))
@settings(max_examples=15, deadline=None)
def test_ed25519(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert VERIFIER.is_signed(public, message, signature)
    bad = bytearray(signature)
    bad[bit // 8] ^= 1 << bit % 8
    assert not VERIFIER.is_signed(public, message, bytes(bad))
    assert not VERIFIER.is_signed(public, message + b"x", signature)
    # S + L is the same number to the curve, and no signature (RFC 8032, 5.1.7)
    longer = int.from_bytes(signature[32:], "little") + VERIFIER.ORDER
    assert not VERIFIER.is_signed(public, message, signature[:32] + longer.to_bytes(32, "little"))


def test_ed25519_of_rfc_8032():
    public = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    signature = (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert VERIFIER.is_signed(*map(bytes.fromhex, (public, "af82", signature)))


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=40), st.data())
@settings(max_examples=60, deadline=None)
def test_its_trees(leaves, data):
    """Against the naive tree, with proofs by dcctl's own code."""
    size, tree = len(leaves), naive.mth(leaves)

    def node(level, number):
        return naive.mth(leaves[number << level : (number + 1) << level])

    index = data.draw(st.integers(0, size - 1))
    path = naive.path(index, leaves)
    assert VERIFIER.root_by_path(merkle.leaf_hash(leaves[index]), index, size, path) == tree
    old = data.draw(st.integers(1, size))
    proof = naive.proof(old, leaves)
    assert VERIFIER.goes_on(old, naive.mth(leaves[:old]), size, tree, proof)
    assert not VERIFIER.goes_on(old, naive.mth([*leaves[: old - 1], b"else"]), size, tree, proof)
    known = data.draw(st.sets(st.integers(0, size - 1), min_size=1))
    hashes = {number: merkle.leaf_hash(leaves[number]) for number in known}
    given_ = merkle.covering(node, sorted(known), size)
    assert VERIFIER.root_of(hashes, list(given_), 0, size) == tree
    assert base64.b64encode(tree)
