"""Keys, notes and policies are those of C2SP's specifications."""

from __future__ import annotations

import base64
import hashlib

import pytest

from dcctl.errors import InvalidInput
from dcctl.executors import notary
from dcctl.model.note import Checkpoint, NotANote, Note, SignatureType, VerifierKey
from dcctl.model.trust_policy import BadPolicy, parse_policy
from tests.unit.evidence.packed import VERIFIER

# golang.org/x/mod/sumdb/note, its documentation's example: made and signed by another program.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAID = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQ"
    "xVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# sum.golang.org: the key that every Go installation has.
SUM = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def test_a_note_that_another_program_signed():
    key = VerifierKey.parse(PETER)
    assert str(key) == PETER
    note = Note.parse(SAID)
    assert notary.signed_by(note, key)
    assert str(note) == SAID
    assert VerifierKey.parse(SUM).id.hex() == "033de0ae"


def test_an_altered_note_is_refused_whole():
    with pytest.raises(NotANote, match="not good"):
        notary.signed_by(Note.parse(SAID.replace("then", "Then")), VerifierKey.parse(PETER))


@pytest.mark.parametrize("text", [PETER + "=", PETER.replace("c74f", "c74e"), "a+b", "", SUM[:-4]])
def test_no_key(text):
    with pytest.raises(NotANote):
        VerifierKey.parse(text)


SHORT = bytes([1]) + bytes(31)
SHORT_ID = hashlib.sha256(b"x\n" + SHORT).hexdigest()[:8]


@pytest.mark.parametrize("line", ["witness a {}", "group a any b", "group g any b", "witness g {}"])
def test_a_name_that_is_taken(line):
    log, a, b, c = keys()
    text = f"log {log}\nwitness a {a}\nwitness b {b}\ngroup g any a\nquorum g\n"
    assert VERIFIER.Policy(text).quorum == parse_policy(text).quorum == "g"
    with pytest.raises(BadPolicy, match="taken"):
        parse_policy(text + line.format(c))
    with pytest.raises(VERIFIER.Wrong, match="a line of the policy is broken"):
        VERIFIER.Policy(text + line.format(c))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"x+{SHORT_ID}+{base64.b64encode(SHORT).decode()}", 1),
        (PETER, 4),
        (PETER.replace("c74f", "c74e"), 1),
        (PETER[:-4], 1),
        (f"x{PETER}", 1),
    ],
)
def test_no_key_for_the_verifier(text, kind):
    assert VERIFIER.key_of(PETER, 1)[0] == "PeterNeumann"
    with pytest.raises((ValueError, VERIFIER.Wrong)):
        VERIFIER.key_of(text, kind)


def made(tmp_path, name, kind):
    key = notary.make_key(tmp_path / f"{name}.{int(kind)}", name, kind)
    return key, notary.load_key(tmp_path / f"{name}.{int(kind)}")


def test_a_key_is_its_owners_alone(tmp_path):
    path = tmp_path / "new" / "key"
    notary.make_key(path, "log.example/a", SignatureType.LOG)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InvalidInput, match="already"):
        notary.make_key(path, "log.example/a", SignatureType.LOG)
    assert path.read_text().split("+", 4)[-1].strip() not in repr(notary.load_key(path))
    path.chmod(0o640)
    with pytest.raises(InvalidInput, match="others may read"):
        notary.load_key(path)
    path.chmod(0o600)
    path.write_text(path.read_text().replace("log.example/a", "log.example/b"))
    with pytest.raises(InvalidInput, match="no private key"):
        notary.load_key(path)


def test_a_type_signs_only_what_it_is_for(tmp_path):
    """The same secret under another type has another id, and signs another message."""
    text = Checkpoint("log.example", 3, bytes(32)).text
    log, log_private = made(tmp_path, "log.example", SignatureType.LOG)
    witness, witness_private = made(tmp_path, "log.example", SignatureType.COSIGNATURE)
    by_log = log_private.sign(text)
    by_witness = witness_private.sign(text, seconds=1_700_000_000)
    assert notary.verified(text, by_log, log)
    assert notary.verified(text, by_witness, witness)
    assert not notary.verified(text, by_log, witness)
    assert not notary.verified(text, by_witness, log)
    posing = VerifierKey("log.example", SignatureType.COSIGNATURE, log.public)
    forged = type(by_log)(posing.name, posing.id, bytes(8) + by_log.content)
    assert not notary.verified(text, forged, posing)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\n" + "A" * 43 + "=\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n²\n" + "A" * 43 + "=\n",
        "a\n1\nAAAA\n",
        "a b\n1\n" + "A" * 43 + "=\n",
        "a\n1\n" + "A" * 43 + "=\nmore\n",
    ],
)
def test_no_checkpoint(text):
    with pytest.raises(NotANote):
        Checkpoint.parse(text)


def keys():
    log = VerifierKey("log.example", SignatureType.LOG, b"l" * 32)
    others = [
        VerifierKey(f"{name}.example", SignatureType.COSIGNATURE, name.encode() * 32)
        for name in "abc"
    ]
    return log, *others


POLICY = """# whose signatures count
log {log}
witness minh {a}
witness lan {b} https://lan.example
witness province {c}
group auditor any minh lan
group both all auditor province
quorum both
"""


def policy():
    log, a, b, c = keys()
    return POLICY.format(log=log, a=a, b=b, c=c)


def test_roles_and_quorum():
    found = parse_policy(policy())
    assert found.origin == "log.example"
    assert found.roles("lan") == ("lan", "auditor", "both")
    assert found.missing([]) == ("auditor", "province")
    assert found.missing(["lan"]) == ("province",)
    assert found.missing(["lan", "province"]) == ()
    assert parse_policy(policy().replace("quorum both", "quorum none")).missing([]) == ()


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("quorum both", "", "needs a log and a quorum"),
        ("quorum both", "quorum all", "names one of"),
        ("quorum both", "quorum both\nquorum both", "one quorum"),
        ("any minh lan", "3 minh lan", "number up to"),
        ("any minh lan", "any minh minh", "once"),
        ("any minh lan", "any minh nobody", "not said before"),
        ("group auditor", "group minh", "taken"),
        ("group auditor", "group operator", "taken"),
        ("witness minh", "witness", "no key"),
        ("witness minh {a}", "witness minh {log}", "other signatures"),
        ("witness lan {b}", "witness lan {a}", "one key has one role"),
        ("log {log}", "log {a}", "other signatures"),
        ("log {log}\n", "", "needs a log"),
        ("witness lan {b}", "witness minh {b}", "taken"),
        ("any minh lan", "0 minh lan", "number up to"),
        ("any minh lan", "any minh none", "not said before"),
    ],
)
def test_no_policy(before, after, why):
    log, a, b, c = keys()
    text = POLICY.replace(before, after).format(log=log, a=a, b=b, c=c)
    with pytest.raises(BadPolicy, match=why):
        parse_policy(text)
    with pytest.raises(VERIFIER.Wrong, match="policy"):
        VERIFIER.Policy(text)


def test_the_operators_key_is_no_witness_under_any_type():
    log, _, b, c = keys()
    posing = VerifierKey("auditor.example", SignatureType.COSIGNATURE, log.public)
    with pytest.raises(BadPolicy, match="one key has one role"):
        parse_policy(POLICY.format(log=log, a=posing, b=b, c=c))
    with pytest.raises(VERIFIER.Wrong, match="each key once"):
        VERIFIER.Policy(POLICY.format(log=log, a=posing, b=b, c=c))
