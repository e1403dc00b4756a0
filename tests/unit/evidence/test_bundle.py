"""An evidence bundle, judged by `verify_evidence.py` alone: it proves, or says what is wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcctl.errors import NotFound
from dcctl.workflows.evidence import check, pack
from dcctl.workflows.journal import prove
from tests.unit.evidence.conftest import Parties
from tests.unit.evidence.packed import SCRIPT, VERIFIER, Packed, ended, packed, ran
from tests.unit.evidence.test_parties import raw

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


@pytest.mark.parametrize("name", ["run", "plan", "estate", "lab", "versions"])
def test_dcctl_finds_a_manifest_of_another_run(bundle, name):
    """Which run it is stands in the manifest for people; what counts is in the leaves."""

    def forged(content):
        return json.dumps({**json.loads(content), name: "other"}).encode()

    bad = bundle.path.with_name("manifest.zip")
    bad.write_bytes(bundle.changed("manifest.json", forged))
    found = check.check(bad, policy=bundle.parties.own / "policy")
    assert f"manifest.json: another {name} than the log tells of" in found.wrong
    assert not found.proven


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
    assert said.endswith("\nPROVEN\n")
    assert "NOT PROVEN" in ran(file, expected=2)
    for spot in range(0, len(text) - 1, 31):
        letter = "A" if text[spot] != "A" else "B"
        file.write_text(text[:spot] + letter + text[spot + 1 :])
        assert VERIFIER.verdict(str(file), bundle.policy)[0], text[spot - 9 : spot + 9]


def test_a_proof_of_a_leaf_beyond_the_log(bundle, tmp_path):
    """Made up: where no leaf is, the path alone would be the root."""
    note = bundle.files()["log/checkpoint"].decode()
    _, size, root, *_ = note.split("\n")
    file = tmp_path / "one.tlog-proof"
    file.write_text(f"c2sp.org/tlog-proof@v1\nextra e30=\nindex {size}\n{root}\n\n{note}")
    assert "not in the signed log" in ran(file, expected=1)


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
        "no way to the signed root",
    ),
    "truncated": ("log/leaves.jsonl", line(-2), "truncated"),
    "missing blob": ("transcripts/a/0001-{}.txt", lambda _old: None, "missing"),
    "flipped blob": ("transcripts/a/0001-{}.txt", lambda old: old + b"!", "not what its name says"),
    "other index": (
        "transcripts/index.json",
        lambda _old: b"{}",
        "transcripts/index.json: not what the leaves tell",
    ),
    "no leaves": ("log/leaves.jsonl", lambda _old: None, "no item named 'log/leaves.jsonl'"),
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
    "a hash less": (
        "log/tree.json",
        numbers(lambda tree: tree["nodes"].pop()),
        "no way to the signed root",
    ),
    "a hash more": (
        "log/tree.json",
        numbers(lambda tree: tree["nodes"].append(tree["nodes"][0])),
        "no way to the signed root",
    ),
    "a leaf less": ("log/tree.json", numbers(lambda tree: tree["leaves"].pop()), "truncated"),
}


@pytest.mark.parametrize(("name", "change", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_named(bundle, name, change, said):
    digest = next(n for n in bundle.files() if n.startswith("transcripts/a/"))[-68:-4]
    assert said in bundle.wrong(bundle.changed(name.format(digest), change))


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
        ("plan\x7f.json", "once unpacked"),
    ],
)
def test_a_zip_that_would_do_harm(bundle, name, said):
    assert said in bundle.wrong(packed(bundle.files(), extra=[(name, b"/etc/passwd")]))


@pytest.mark.parametrize(("at", "value"), [(8, 1), (24, (1 << 30) + 1)], ids=["flag", "size"])
def test_a_zip_that_says_it_is_encrypted_or_huge(bundle, at, value):
    whole = bytearray(bundle.whole)
    spot = whole.rindex(b"PK\1\2") + at  # of the last file's entry in the directory
    whole[spot : spot + 4] = value.to_bytes(4, "little")
    assert "too large, or encrypted" in bundle.wrong(ended(bytes(whole)))


def test_an_old_log(witnessed):
    """A bundle of before, given to somebody who has seen more."""
    old = Packed(witnessed)
    witnessed.run()
    witnessed.witnessed()
    assert old.verdict() == ([], True)
    assert "replayed: the log has" in old.wrong(None, seen=heads(witnessed)[-1])


@pytest.mark.parametrize("checkpoints", [1, 2], ids=["no proof", "a proof of another log"])
def test_another_log_signed_by_the_same_key(witnessed, tmp_path, checkpoints):
    other = witnessed.copy(tmp_path / "other")
    other.run(text="other")
    other.witnessed()
    witnessed.run()
    if checkpoints == 2:  # of as many leaves as the other's
        witnessed.witnessed()
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
    policy = (parties.own / "policy").read_text()
    assert VERIFIER.verdict(str(made.path)) == VERIFIER.verdict(str(made.path), policy)
    assert VERIFIER.verdict(str(made.path)) == ([], False)


def test_evidence_that_the_journal_lost(witnessed):
    raw(witnessed, "DELETE FROM blobs WHERE rowid IN (SELECT min(rowid) FROM blobs)")
    assert "missing" in Packed(witnessed).wrong(None)
