"""Every bad result is found and named, and nothing of it is taken in."""

from __future__ import annotations

import json
import random
import re
import stat
import zipfile
import zlib
from dataclasses import replace

import pytest

from dcctl import clock
from dcctl.errors import DcctlError, InvalidInput, Refused
from dcctl.workflows.audit.kit import result as results
from dcctl.workflows.audit.kit import whole
from dcctl.workflows.audit.kit.there import ReadRequest, read
from dcctl.workflows.journal import key
from tests.unit.kit import forging
from tests.unit.kit.forging import Files, events, first, pack, raw

UNTOUCHED = ("away", 0, 0)


@pytest.fixture(scope="module")
def sound(gone) -> Files:
    return forging.files(gone.result)


@pytest.fixture(scope="module")
def here(gone, tmp_path_factory):
    """One copy for all that is refused: it stays as it was."""
    return gone.copy(tmp_path_factory.mktemp("here") / "trip")


def refused(here, path, words: str) -> None:
    with pytest.raises((InvalidInput, Refused), match=words):
        here.merge(path)
    assert here.state() == UNTOUCHED
    assert not list((here.root / "site" / ".dcctl").glob(".merge-*"))


def _foreign(told):
    first(told, "step_finished")["target"] = "p09-pe1"


def _foreign_evidence(told):
    """An element is read from what its neighbour answered."""
    mine, *others = [one for one in told if one["kind"] == "evidence"]
    other = next(one for one in others if one["target"] != mine["target"])
    reading = next(
        one for one in told if one["kind"] == "reading" and one["target"] == mine["target"]
    )
    reading["data"]["evidence"] = [other["data"]["digest"]]


def _finding(told):
    finding = {"check": "x", "target": told[1]["target"], "status": "pass"}
    return [*told, {**first(told, "reading"), "kind": "finding", "data": {"finding": finding}}]


def _no_outcome(told):
    return [one for one in told if one["kind"] != "step_finished"]


def _mangled(told):
    first(told, "step_finished")["data"]["outcome"]["status"] = "splendid"


def _unread(told):
    first(told, "reading")["data"]["answers"] = [7]


def _early(told):
    for one in told:
        one["at"] = "2020-01-01T00:00:00+00:00"


def _late(told):
    told[-1]["at"] = "2099-01-01T00:00:00+00:00"


def _other_run(told):
    told[2]["run"] = "20200101-000000-abcdef"


FORGED = {
    "a target outside its slice": (_foreign, "p09-pe1, which was not asked for"),
    "evidence of another element": (_foreign_evidence, "which is not its own"),
    "a finding of its own": (_finding, "is not its own"),
    "no outcomes": (_no_outcome, "2 of 2 steps have no outcome"),
    "an outcome that there is not": (_mangled, "fits nothing"),
    "answers that are none": (_unread, "fits nothing"),
    "from before its kit": (_early, "its kit was made at"),
    "from the future": (_late, "2099"),
    "an event of another run": (_other_run, "is not its own"),
}


@pytest.mark.parametrize("name", FORGED)
def test_events_that_somebody_made_up(here, sound, tmp_path, name) -> None:
    change, words = FORGED[name]
    refused(here, pack(events(sound, change), tmp_path / "bad.zip"), words)


CONTENT = {
    "a log cut short": (
        lambda f: {**f, forging.log_of(f): b"\n".join(f[forging.log_of(f)].split(b"\n")[:-3])},
        "cut short or was lengthened",
    ),
    "a line taken out": (
        lambda f: forging.resealed(
            {**f, forging.log_of(f): b"".join(f[forging.log_of(f)].splitlines(keepends=True)[1:])}
        ),
        "is damaged",
    ),
    "a missing answer": (
        lambda f: {n: d for n, d in f.items() if n != forging.blob_of(f)},
        "is missing",
    ),
    "an answer too many": (
        lambda f: {**f, forging.blob_of(f)[:-66] + "0" * 64 + ".z": zlib.compress(b"x")},
        "nothing tells of the evidence 0000",
    ),
    "an altered answer": (
        lambda f: {**f, forging.blob_of(f): zlib.compress(b"all is well")},
        "is not what its digest says",
    ),
    "an answer with a secret": (
        lambda f: forging.other_evidence(f, b"username netops password 7 0822455D0A16\n"),
        "looks like a secret",
    ),
    "an answer that is a bomb": (
        lambda f: {**f, forging.blob_of(f): zlib.compress(bytes(results.LARGEST_ANSWER + 1), 9)},
        "is not what its digest says",
    ),
    "a log that it does not tell of": (
        lambda f: {**f, forging.log_of(f).replace("g001", "g009"): f[forging.log_of(f)]},
        "are not those that it tells of",
    ),
    "another head": (
        lambda f: {**f, results.HEAD: f[results.HEAD].replace(b"dcctl-kit/2", b"dcctl-kit/3")},
        "its head is not that",
    ),
    "no head": (lambda f: {n: d for n, d in f.items() if n != results.HEAD}, "head is missing"),
    "a kit that nobody made": (
        lambda f: forging.told(f, run="20260101-000000-aaaaaa"),
        "nobody asked for it",
    ),
    "another journal's": (lambda f: forging.told(f, journal="x"), "another journal"),
    "read with another kit": (lambda f: forging.told(f, kit="0" * 64), "not read with the kit"),
    "another plan": (lambda f: forging.told(f, plan="0" * 64), "not read with the kit"),
    "a later version": (lambda f: forging.told(f, schema="dcctl-kit-result/9"), "later version"),
    "no object": (lambda f: {**f, results.RESULT: b"[1]"}, "later version"),
    "salts of another length": (lambda f: {**f, results.SALTS: b"x"}, "redaction.key is damaged"),
    "a name that leads out": (lambda f: {**f, "../x": b""}, "no place in it"),
    "a name inside that leads out": (
        lambda f: {**f, "shards/../../x/events.jsonl": b""},
        "no place in it",
    ),
    "a whole path": (lambda f: {**f, "/etc/passwd": b""}, "no place in it"),
    "another system's path": (lambda f: {**f, "shards\\x\\events.jsonl": b""}, "no place in it"),
    "a file of its own": (lambda f: {**f, "setup.py": b""}, "no place in it"),
}


@pytest.mark.parametrize("name", CONTENT)
def test_content_that_somebody_altered(here, sound, tmp_path, name) -> None:
    change, words = CONTENT[name]
    refused(here, pack(change(dict(sound)), tmp_path / "bad.zip"), words)


def _link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("shards/g001-w0001-s0009/events.jsonl")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def _twice(archive: zipfile.ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("result.json", b"{}")


def _unlisted(archive: zipfile.ZipFile) -> None:
    archive.writestr("shards/g001-w0001-s0009/events.jsonl", b"")


STRUCTURE = {
    "a link": (_link, "is a link"),
    "a name twice": (_twice, "is in it twice"),
    "a file that no list has": (_unlisted, "stands in no list"),
}


@pytest.mark.parametrize("name", STRUCTURE)
def test_an_archive_that_is_not_what_it_seems(here, sound, tmp_path, name) -> None:
    change, words = STRUCTURE[name]
    refused(here, raw(sound, tmp_path / "bad.zip", change), words)


def test_a_bomb_is_found_before_it_is_unpacked(here, sound, tmp_path, monkeypatch) -> None:
    rules = whole.Rules(names=results.RULES.names, files=10_000, unpacked=200_000, largest=1 << 20)
    monkeypatch.setattr(results, "RULES", rules)
    name = forging.log_of(sound).replace("g001", "g007")
    path = pack({**sound, name: bytes(300_000)}, tmp_path / "bad.zip")
    assert path.stat().st_size < 100_000
    refused(here, path, "would unpack to more than")
    monkeypatch.setattr(results, "RULES", replace(rules, unpacked=1 << 30, largest=200_000))
    refused(here, path, "would unpack to more than 200000")
    monkeypatch.setattr(results, "RULES", replace(rules, files=3))
    refused(here, pack(sound, tmp_path / "many.zip"), "files are too many")


def test_any_byte_counts(here, gone, tmp_path) -> None:
    content = gone.result.read_bytes()
    choose = random.Random(20261123)
    bad = tmp_path / "bad.zip"
    for place in (0, len(content) - 1, *choose.sample(range(len(content)), 25)):
        altered = bytearray(content)
        altered[place] ^= 1 << choose.randrange(8)
        bad.write_bytes(altered)
        with pytest.raises(DcctlError):
            here.merge(bad)
    for length in (0, 21, *choose.sample(range(len(content)), 10)):
        bad.write_bytes(content[:length])
        with pytest.raises(InvalidInput):
            here.merge(bad)
    bad.write_bytes(content + b"\n")
    with pytest.raises(InvalidInput):
        here.merge(bad)
    assert here.state() == UNTOUCHED


def test_a_result_is_taken_in_once(trip, sound, tmp_path) -> None:
    trip.merge()
    before = trip.state()
    for path in (trip.result, pack(events(sound, lambda told: None), tmp_path / "again.zip")):
        with pytest.raises(Refused, match="taken in already"):
            trip.merge(path)
    assert trip.state() == before


def test_the_seal_that_was_told(trip) -> None:
    with pytest.raises(InvalidInput, match="its seal is"):
        trip.merge(seal="0" * 12)
    trip.merge(seal=trip.brought.seal[:12].upper())


def test_who_signed_is_held_to_the_policy(trip, tmp_path) -> None:
    lines = [
        key.make(tmp_path / role, f"{role}.example/1", role)
        for role in ("operator", "auditor", "stranger")
        if role != "stranger"
    ]
    key.make(tmp_path / "stranger", "stranger.example/1", "auditor")
    policy = trip.root / "site" / "inventory" / "evidence.policy"
    policy.write_text("\n".join([*lines, "quorum none", ""]))

    def signed(by: str):
        out = tmp_path / f"{by}.zip"
        request = ReadRequest(kit=trip.kit, out=out, folder=trip.root / "work", key=tmp_path / by)
        with clock.use(trip.time):
            read(request, on_event=lambda _event: None)
        return out

    with pytest.raises(Refused, match=r"stranger\.example/1"):
        trip.merge(signed("stranger"))
    path = signed("auditor")
    content = forging.files(path)
    head = content[results.HEAD].decode()
    broken = re.sub(r"(— \S+ \S{30})\S", r"\1A", head)
    forged = pack({**content, results.HEAD: broken.encode()}, tmp_path / "f.zip")
    assert broken != head
    with pytest.raises((Refused, InvalidInput)):
        trip.merge(forged)
    # A good signature over what was read, put under something else.
    other = {**events(content, lambda told: told[:-1]), results.HEAD: content[results.HEAD]}
    with pytest.raises(InvalidInput, match="its head is not that"):
        trip.merge(pack(other, tmp_path / "o.zip"))
    taken = trip.merge(path)
    assert len(taken.signed) == 1
    assert json.loads(content[results.RESULT])["run"] == taken.record.run.id
