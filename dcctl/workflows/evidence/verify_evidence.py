#!/usr/bin/env python3
"""Checks an evidence bundle of dcctl: offline, with Python's standard library and nothing else.

    python3 verify_evidence.py BUNDLE.zip --policy MY.policy [--seen MINE.checkpoint]
    python3 verify_evidence.py ONE.tlog-proof --policy MY.policy

MY.policy holds the keys that YOU trust (c2sp.org/tlog-policy); never take it from the bundle.
MINE.checkpoint is one that you kept: the bundle's log must go on from it.

What is shown: every leaf in the bundle is in the log whose head the operator signed and the
witnesses cosigned; the run is whole, from how it began to how it ended (both are told: see that
it is the run that you mean, and that it finished); every answer that it tells of is here,
unaltered, under the device that gave it.
Reports and plan.json are made from that; that they are as packed is shown, no more.

Exit: 0 proven; 1 something is wrong; 2 nothing is wrong, and it is not proven.

Read it from the top; each part rests on those below it:
  1. the verdict  what is asked, and what is answered
  2. the bundle   a ZIP file that holds what it says; a run without a gap; the devices' answers
  3. the log      the leaves are those of the signed head, which goes on from the one you have seen
  4. proofs       how hashes give the root of a log, some leaves of which are known (RFC 6962)
  5. signatures   who signed a head, and whether those are enough (C2SP)
  6. Ed25519      whether a signature is good (RFC 8032, section 5.1)
"""

import argparse
import json
import re
import stat
import sys
import zipfile
from base64 import b64decode, b64encode
from collections import deque
from hashlib import sha256, sha512
from io import BytesIO
from pathlib import Path


class Wrong(Exception):
    """Something is not as it must be."""


# --- 1. the verdict ---


def main():
    parser = argparse.ArgumentParser(description="Checks an evidence bundle, or one proof.")
    parser.add_argument("file")
    parser.add_argument("--policy", type=text_of, help="the keys that you trust; your own copy")
    parser.add_argument("--seen", type=text_of, help="a checkpoint that you kept")
    parser.add_argument("--open", type=text_of, help="what was redacted, as its owner tells it")
    asked = parser.parse_args()
    one_leaf = asked.file.endswith(".tlog-proof")
    if one_leaf and (asked.seen or asked.open):
        parser.error("--seen and --open are for a bundle")
    wrong, proven = verdict(asked.file, asked.policy, asked.seen, asked.open or "")
    for told in wrong:
        print("WRONG " + told)
    if not wrong and one_leaf:
        print(leaf_of_proof(asked.file, None))
    elif not wrong:
        for line in lines_of(asked.open or ""):
            print("good  redaction %(number)d of %(digest)s" % json.loads(line))
        print(*facts(leaves_of(opened(asked.file), None, None)), sep="\n")
    print("WRONG" if wrong else "PROVEN" if proven else "NOT PROVEN: no checkpoint or no --policy")
    return 1 if wrong else 0 if proven else 2


def text_of(path):
    try:
        return Path(path).read_bytes().decode()
    except OSError as error:
        raise argparse.ArgumentTypeError(error) from None


def lines_of(text):
    return [line for line in text.split("\n") if line.strip()]


def verdict(
    path: str, policy: "str | None" = None, seen: "str | None" = None, opening: str = ""
) -> "tuple[list[str], bool]":
    """(what is wrong, whether it is proven); policy, seen and opening: what those files say."""
    wrong, proven = [], False
    try:
        trust = Policy(policy) if policy is not None else None
        if path.endswith(".tlog-proof"):
            leaf_of_proof(path, trust)
            return [], trust is not None
        bundle = opened(path)
        wrong += sums(bundle)
        leaves = leaves_of(bundle, trust, seen)
        wrong += run(leaves)
        wrong += evidence(bundle, leaves)
        wrong += redactions(leaves, opening)
        proven = trust is not None and "log/checkpoint" in bundle.namelist()
    except Wrong as error:
        wrong.append(str(error))
    except Exception as error:  # a made-up file may break any reader: then it is wrong
        wrong.append("can't be read: %s: %s" % (type(error).__name__, str(error)[:160]))
    return wrong, proven and not wrong


# --- 2. the bundle ---

LARGEST = 1 << 30  # bytes of one file in a bundle
SEALED = "application/vnd.dcctl.sealed"  # stays in the journal, encrypted
MARK = "«redacted»"
MARKS = (MARK.encode(), MARK.encode("latin-1"), json.dumps(MARK)[1:-1].encode())


def opened(path):
    """A ZIP file of plain files that ends in the SHA-256 of all before it; never unpacked."""
    data = Path(path).read_bytes()
    if sha256(data[:-64]).hexdigest().encode() != data[-64:]:
        raise Wrong("the file is not as it was written: a byte differs, or its end is missing")
    bundle, names = zipfile.ZipFile(BytesIO(data)), set()
    for info in bundle.infolist():
        name, kind = info.filename, stat.S_IFMT(info.external_attr >> 16)
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise Wrong("%s: a name that leads out of the bundle" % name)
        if name.endswith("/") or kind not in (0, stat.S_IFREG):
            raise Wrong("%s: no plain file (a link?)" % name)
        if not name.isprintable() or {"", "."} & set(name.split("/")):
            raise Wrong("%r: a name that another file has as well, once unpacked" % name)
        if name.casefold() in names:
            raise Wrong("%s: there twice" % name)
        if info.file_size > LARGEST or info.flag_bits & 1:
            raise Wrong("%s: too large, or encrypted" % name)
        names.add(name.casefold())
    return bundle


def sums(bundle):
    """Every file is as SHA256SUMS says; none is missing or too many."""
    text, names = bundle.read("SHA256SUMS").decode(), set(bundle.namelist()) - {"SHA256SUMS"}
    told = {line[66:]: line[:64] for line in text.split("\n") if line}
    found = {name: sha256(bundle.read(name)).hexdigest() for name in names}
    for name in sorted(names | set(told)):
        if name not in found or name not in told:
            yield "%s: %s" % (name, "missing" if name in told else "not in SHA256SUMS")
        elif found[name] != told[name]:
            yield "%s: not what SHA256SUMS says" % name
    if found == told and text != "".join("%s  %s\n" % (told[name], name) for name in sorted(told)):
        yield "SHA256SUMS: not as it was written"


def run(leaves):
    """The run is whole: it began, no event is missing, it ended."""
    runs = [leaf["run"] for leaf in leaves if leaf.get("type") == "run"]
    if len(runs) != 1:
        yield "it holds %d runs, and one is right" % len(runs)
        return
    events = [leaf for leaf in leaves if "type" not in leaf]
    ends = [leaf for leaf in leaves if leaf.get("type") == "ended"]
    if not ends:
        yield "truncated: nothing tells how the run ended"
    elif ends[-1]["events"] != len(events):
        yield "truncated: %d events of %d" % (len(events), ends[-1]["events"])
    shards = {}
    for event in events:
        shards.setdefault(event["shard"], []).append(event["sequence"])
    for other in sorted({leaf.get("run", runs[0]) for leaf in leaves} - {runs[0]}):
        yield "a leaf of another run: %s" % other
    for shard, numbers in sorted(shards.items()):
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield "an event of shard %s is missing" % shard


def answers(leaves):
    """What transcripts/index.json has to say: device -> its answers, as the log has them."""
    index = {}
    for leaf in leaves:
        if leaf.get("kind") == "evidence" and leaf["data"].get("media_type") != SEALED:
            mine, digest = index.setdefault(leaf["target"], {}), leaf["data"]["digest"]
            name = "transcripts/%s/%04d-%s.txt" % (leaf["target"] or "-", len(mine) + 1, digest)
            mine.setdefault(digest, {"at": leaf["at"], "file": name, **leaf["data"]})
    return {target: list(mine.values()) for target, mine in index.items()}


def evidence(bundle, leaves):
    """Every answer that an event tells of is there, unaltered, where that device's belong."""
    index = answers(leaves)
    told = {answer["file"]: answer for mine in index.values() for answer in mine}
    names = {name for name in bundle.namelist() if name.startswith("transcripts/")}
    for name in sorted(set(told) ^ (names - {"transcripts/index.json"})):
        yield "%s: %s" % (name, "missing" if name in told else "no leaf tells of it")
    for name in sorted(set(told) & names):
        content, marks = bundle.read(name), told[name].get("redactions")
        if sha256(content).hexdigest() != told[name]["digest"]:
            yield "%s: altered: not what its name says" % name
        if marks is not None and len(marks) not in map(content.count, MARKS):
            yield "%s: another number of redactions than was logged" % name
    if set(told) <= names and json.loads(bundle.read("transcripts/index.json")) != index:
        yield "transcripts/index.json: not what the leaves tell"


def facts(leaves):
    """Which run this is and how it ended, in words of its leaves."""
    began = next(leaf for leaf in leaves if leaf.get("type") == "run")
    ended = [leaf for leaf in leaves if leaf.get("type") == "ended"][-1]
    lab = " (a lab, not the real estate)" if began["lab"] else ""
    count = ended["events"], sum(map(len, answers(leaves).values()))
    yield "run %s: %s of %s%s" % (began["run"], began["verb"], began["estate"], lab)
    yield "begun %(started_at)s by %(operator)s; " % began + "%(status)s %(finished_at)s" % ended
    yield "%d events, %d answers; reports, record.json and plan.json are as packed, no more" % count


def redactions(leaves, opening):
    """What was redacted is what its owner says: lines of digest, number, salt, value."""
    told = [leaf["data"] for leaf in leaves if leaf.get("kind") == "evidence"]
    for one in map(json.loads, lines_of(opening)):
        digest, number = one["digest"], one["number"]
        marks = [data.get("redactions", []) for data in told if data["digest"] == digest]
        made = sha256(bytes.fromhex(one["salt"]) + one["value"].encode()).hexdigest()
        if not any(mark[number : number + 1] == [made] for mark in marks):
            yield "redaction %d of %s: something else was taken out" % (number, digest)


# --- 3. the log ---


def leaves_of(bundle, policy, seen):
    """The bundle's leaves, which are in the signed log; it goes on from the one that was seen."""
    tree = json.loads(bundle.read("log/tree.json"))
    numbers = [first + n for first, count in tree["leaves"] for n in range(count)]
    leaves = bundle.read("log/leaves.jsonl").split(b"\n")
    if leaves.pop() or len(leaves) != len(numbers) or numbers != sorted(set(numbers)):
        raise Wrong("log/leaves.jsonl: truncated, or not the leaves that log/tree.json lists")
    if "log/checkpoint" in bundle.namelist():
        size, root = checkpoint_of(bundle.read("log/checkpoint").decode(), policy)
        if not leaves or numbers[0] < 0 or numbers[-1] >= size:
            raise Wrong("truncated: the checkpoint's log ends before the leaves do")
        if root_of(map(known_leaf, numbers, leaves), size, tree["nodes"]) != root:
            raise Wrong("a leaf or hash is altered, added or missing: no way to the signed root")
        if seen is not None:
            old, before = checkpoint_of(seen, policy, quorum=False)
            if old > size:
                raise Wrong("replayed: the log has %d leaves, and you have seen %d" % (size, old))
            path = json.loads(bundle.read("log/consistency.json")).get(str(old), [])
            if not goes_on(old, before, size, root, path):
                raise Wrong("rewritten: the log is not shown to go on from the one you have seen")
    return [json.loads(leaf) for leaf in leaves]


def leaf_of_proof(path, policy):
    """The leaf of a proof, which is in the signed log (c2sp.org/tlog-proof)."""
    shape = "c2sp.org/tlog-proof@v1\nextra (.*)\nindex (%s)\n((?:.+\n)*)\n((?s:.*))" % NUMBER
    found = re.fullmatch(shape, text_of(path))
    if not found:
        raise Wrong("no proof that dcctl writes")
    leaf, index, (size, root) = unbase64(found[1]), int(found[2]), checkpoint_of(found[4], policy)
    if index >= size or root_of([known_leaf(index, leaf)], size, lines_of(found[3])) != root:
        raise Wrong("the leaf is not in the signed log")
    return leaf.decode()


# --- 4. proofs ---


def known_leaf(number, leaf):
    return number, number + 1, sha256(b"\0" + leaf).digest()


def root_of(known, size, given):
    """The root of `size` leaves, of which parts are known and the hashes beside them are given.

    Known are leaves, and whole subtrees: (first, after the last, hash), ascending.
    """
    known, given = deque(known), (unbase64(text, 32) for text in given)

    def root(low, high):  # of the leaves from low to before high
        if not known or known[0][0] >= high:
            return next(given, b"")
        if known[0][:2] == (low, high):
            return known.popleft()[2]
        middle = low + 2 ** ((high - low - 1).bit_length() - 1)
        if known[0][0] < middle:
            left, right = root(low, middle), root(middle, high)
        else:  # what is beside the known is given after what is within
            right, left = root(middle, high), root(low, middle)
        return sha256(b"\1" + left + right).digest()

    found = root(0, size)
    return b"" if any(given) else found  # no hash may be left over


def goes_on(old, before, size, root, given):
    """Whether the log of `size` leaves with this root begins with the `old` ones of `before`.

    The same hashes, of the old log's complete subtrees, give the old root and, with more, the new.
    """
    sizes = [2**n for n in range(63, -1, -1) if old & 2**n]
    starts = [old - old % (2 * one) for one in sizes]
    hashes = [unbase64(text, 32) for text in given[: len(sizes)]]
    known = [(start, start + one, found) for start, one, found in zip(starts, sizes, hashes)]
    rest = given[len(sizes) :]
    return not old or (root_of(known, old, []), root_of(known, size, rest)) == (before, root)


# --- 5. signatures ---

NUMBER = "0|[1-9][0-9]{0,17}"
OPERATOR = ""  # the role of the log's keys; no word of a policy is empty
CHECKPOINT = "((.+)\n(%s)\n(.+)\n)\n((?:— [^ \n]+ [^ \n]+\n)+)" % NUMBER


def checkpoint_of(note, policy, quorum=True):
    """A signed head (c2sp.org/tlog-checkpoint) -> (size, root); no policy: signed by anybody."""
    found = re.fullmatch(CHECKPOINT, note)
    if not found:
        raise Wrong("no checkpoint, or a broken line in it")
    text, origin, size, root, lines = found.groups()
    signatures = [(name, unbase64(data)) for _, name, data in map(str.split, lines_of(lines))]
    if policy is not None:
        require_signed(text, origin, signatures, policy, quorum)
    return int(size), unbase64(root, 32)


def require_signed(text, origin, signatures, policy, quorum):
    """Each signature by a key of the policy is good; the operator's is there; enough witnesses'."""
    signed = set()
    for name, data in signatures:
        for role, owner, number, public in policy.keys:
            if (owner, number) != (name, data[:4]):
                continue
            if role == OPERATOR:
                good = name == origin and is_signed(public, text.encode(), data[4:])
            else:  # c2sp.org/tlog-cosignature: over a time and the same text
                stamped = "cosignature/v1\ntime %d\n%s" % (int.from_bytes(data[4:12], "big"), text)
                good = is_signed(public, stamped.encode(), data[12:])
            if not good:
                raise Wrong("forged checkpoint: the signature of %s is not good" % name)
            signed.add(role)
    if OPERATOR not in signed:
        raise Wrong("forged checkpoint: no operator's key of your policy signed it")
    if quorum and not policy.met(policy.quorum, signed):
        cosigned = ", ".join(sorted(signed - {OPERATOR}))
        raise Wrong("too few witnesses cosigned: %s" % (cosigned or "none"))


class Policy:
    """Whose signatures count, and how many of them (c2sp.org/tlog-policy)."""

    def __init__(self, text):
        self.keys = []  # (role, name, id, public key); a witness's role is its name in the policy
        self.groups = {"none": (0, [])}  # name -> how many are needed, and of whom
        self.quorum = None
        for kind, *words in map(str.split, lines_of(text)):
            known = {key[0] for key in self.keys} | set(self.groups)
            try:
                if kind == "log":
                    self.keys.append((OPERATOR, *key_of(words[0], 1)))
                elif kind == "witness" and words[0] not in known:
                    self.keys.append((words[0], *key_of(words[1], 4)))
                elif kind == "group" and words[0] not in known:
                    name, needed, *members = words
                    needed = {"all": len(members), "any": 1}.get(needed) or int(needed)
                    if not 1 <= needed <= len(members) == len({*members} & known - {"none"}):
                        raise ValueError
                    self.groups[name] = needed, members
                elif kind == "quorum" and self.quorum is None and words[0] in known:
                    self.quorum = words[0]
                elif not kind.startswith("#"):
                    raise ValueError
            except (LookupError, ValueError):
                raise Wrong("a line of the policy is broken: " + " ".join([kind, *words])) from None
        roles, public = {key[0] for key in self.keys}, {key[3] for key in self.keys}
        if OPERATOR not in roles or self.quorum is None or len(public) != len(self.keys):
            raise Wrong("the policy needs a log and a quorum, and each key once")

    def met(self, name, signed):
        """Whether this witness has signed, or enough of this group have."""
        if name not in self.groups:
            return name in signed
        needed, members = self.groups[name]
        return sum(self.met(one, signed) for one in members) >= needed


def key_of(text, kind):
    """NAME+ID+BASE64 -> (name, id, public key); kind 1 signs checkpoints, 4 witnesses them."""
    name, number, material = text.split("+", 2)
    data = unbase64(material, 33)
    whole = sha256(name.encode() + b"\n" + data).digest()
    if data[0] != kind or number != whole[:4].hex():
        raise ValueError
    return name, whole[:4], data[1:]


def unbase64(text, length=None):
    """The bytes that are written so, and in no other way."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        data = b""
    if b64encode(data).decode() != text or length not in (None, len(data)):
        raise Wrong("no base64, or of another length: " + text[:60])
    return data


# --- 6. Ed25519: the curve -x² + y² = 1 + D·x²·y², all numbers modulo P ---
# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z: so adding divides nothing.

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493  # of BASE


def is_signed(public, message, signature):
    """Whether S·BASE = R + k·A: (R, S) is the signature, A the public key, k a hash of all."""
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    r, a = point(signature[:32]), point(public)
    if r is None or a is None:
        return False
    left, right = times(s, BASE), add(r, times(k, a))
    return all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))


def point(data):
    """The point that 32 bytes stand for: y, and in the highest bit whether x is odd."""
    odd, y = divmod(int.from_bytes(data, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    x = x if x % 2 == odd else P - x
    return x, y, 1, x * y % P


BASE = point(b"\x58" + 31 * b"\x66")  # y = 4/5


def times(number, base):
    found = (0, 1, 1, 0)  # which adds nothing
    for bit in "{:b}".format(number):
        found = add(found, found)
        if bit == "1":
            found = add(found, base)
    return found


def add(one, two):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, two
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


if __name__ == "__main__":
    sys.exit(main())
