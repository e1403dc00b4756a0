#!/usr/bin/env python3
"""Checks an evidence bundle of dcctl: offline, with Python's standard library and nothing else.

    python3 verify_evidence.py BUNDLE.zip --policy MY.policy [--seen MINE.checkpoint]
    python3 verify_evidence.py ONE.tlog-proof --policy MY.policy

MY.policy holds the keys that YOU trust (c2sp.org/tlog-policy); never take it from the bundle.
MINE.checkpoint is one that you kept: the bundle's log must go on from it.

What is shown: every leaf in the bundle is in the log whose head the operator signed and the
witnesses cosigned (RFC 6962; c2sp.org/tlog-checkpoint, tlog-cosignature); the run is whole, from
how it began to how it ended (both are told: see that it is the run that you mean, and that it
finished); every answer that it tells of is here, unaltered, under the device that gave it.
Reports and plan.json are made from that; that they are as packed is shown, no more.

Exit: 0 proven; 1 something is wrong; 2 nothing is wrong, and it is not proven.
"""

import argparse
import base64
import hashlib
import json
import re
import stat
import sys
import zipfile
from bisect import bisect_left

SEALED = "application/vnd.dcctl.sealed"  # stays in the journal, encrypted
REDACTED = (
    "«redacted»".encode(),
    b"\xabredacted\xbb",
    b"\\u00abredacted\\u00bb",
)  # as text, bytes, JSON
LARGEST = 1 << 30  # bytes of one file in a bundle


class Wrong(Exception):
    """Something is not as it must be."""


# --- Ed25519 (RFC 8032, 5.1): verification only, in affine-free extended coordinates ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def x_of(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Wrong("a key or a signature is no point of the curve")
    return P - x if x & 1 != sign else x


def point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= P:
        raise Wrong("a key or a signature is no point of the curve")
    x = x_of(y, sign)
    return x, y, 1, x * y % P


def add(one, two):
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = two
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, base):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, base)
        base, number = add(base, base), number >> 1
    return found


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def is_signed(public, message, signature):
    """Whether S·B = R + k·A."""
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little")
    try:
        left = times(s, BASE)
        right = add(point(signature[:32]), times(k % ORDER, point(public)))
    except Wrong:
        return False
    return all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))


# --- keys, notes, checkpoints (C2SP) ---


def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong("no base64: " + text[:60]) from None
    if base64.b64encode(data).decode() != text:
        raise Wrong("base64 that nobody writes so: " + text[:60])
    return data


def key_of(text, kind):
    """NAME+ID+BASE64 -> (name, id, public key); kind 1 signs checkpoints, 4 witnesses them."""
    parts = text.split("+", 2)
    data = unbase64(parts[-1])
    number = hashlib.sha256(parts[0].encode() + b"\n" + data).digest()[:4]
    if len(parts) != 3 or len(data) != 33 or data[0] != kind or parts[1] != number.hex():
        raise Wrong("the policy's key is none of type %d: %s" % (kind, text))
    return parts[0], number, data[1:]


class Policy:
    """Whose signatures count."""

    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        for words in (line.split() for line in text.split("\n")):
            if not words or words[0].startswith("#"):
                continue
            try:
                self._line(*words)
            except (LookupError, TypeError, ValueError):
                raise Wrong("a line of the policy is broken: " + " ".join(words)) from None
        keys = [key[2] for key in self.logs] + [key[2] for key in self.witnesses.values()]
        if not self.logs or self.quorum is None or len(set(keys)) != len(keys):
            raise Wrong("the policy needs a log and a quorum, and each key once")

    def _line(self, kind, name, *rest):
        if kind == "log":
            self.logs.append(key_of(name, 1))
        elif kind == "witness":
            self.witnesses[name] = key_of(rest[0], 4)
        elif kind == "group":
            members = rest[1:]
            needed = {"all": len(members), "any": 1}.get(rest[0]) or int(rest[0])
            if not 1 <= needed <= len(set(members)):
                raise ValueError
            self.groups[name] = (
                needed,
                [m for m in members if self.witnesses.get(m) or self.groups[m]],
            )
        elif kind == "quorum" and self.quorum is None:
            self.quorum = name
        else:
            raise ValueError

    def met(self, name, cosigned):
        if name == "none":
            return True
        if name in self.groups:
            needed, members = self.groups[name]
            return sum(self.met(one, cosigned) for one in members) >= needed
        return name in cosigned


def checkpoint_of(note, policy, quorum=True):
    """A signed note -> (size, root); signatures are verified where there is a policy."""
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    origin, size, root, end = (text.split("\n") + [""] * 4)[:4]
    if not blank or text != "%s\n%s\n%s\n" % (origin, size, root) or end or not origin:
        raise Wrong("no checkpoint")
    if not re.fullmatch("0|[1-9][0-9]{0,17}", size) or len(unbase64(root)) != 32:
        raise Wrong("no checkpoint")
    signatures = []
    for line in lines.split("\n")[:-1]:
        mark, name, data = (line.split(" ") + ["", ""])[:3]
        if mark != "—" or line != "%s %s %s" % (mark, name, data) or len(unbase64(data)) < 5:
            raise Wrong("a broken signature line under the checkpoint")
        signatures.append((name, unbase64(data)[:4], unbase64(data)[4:]))
    if not lines.endswith("\n") or not signatures:
        raise Wrong("no checkpoint")
    if policy is not None:
        require_signed(text, origin, signatures, policy, quorum)
    return int(size), unbase64(root)


def require_signed(text, origin, signatures, policy, quorum):
    """The operator's signature, and cosignatures: all are good, and enough where it is asked."""
    signed, cosigned = False, set()
    for name, number, data in signatures:
        if any(
            (name, number) == key[:2] and name == origin and is_signed(key[2], text.encode(), data)
            for key in policy.logs
        ):
            signed = True
        elif any((name, number) == key[:2] for key in policy.logs):
            raise Wrong("forged checkpoint: the signature of %s is not good" % name)
        for role, key in policy.witnesses.items():
            if (name, number) == key[:2]:
                time = int.from_bytes(data[:8], "big")
                if not is_signed(
                    key[2], b"cosignature/v1\ntime %d\n" % time + text.encode(), data[8:]
                ):
                    raise Wrong("forged checkpoint: the cosignature of %s is not good" % name)
                cosigned.add(role)
    if not signed:
        raise Wrong("forged checkpoint: no operator's key of your policy signed it")
    if quorum and not policy.met(policy.quorum, cosigned):
        raise Wrong("too few witnesses cosigned: %s" % (", ".join(sorted(cosigned)) or "none"))


# --- the tree (RFC 6962) ---


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size):
    return 1 << ((size - 1).bit_length() - 1)


def root_of(known, given, start, end):
    """The root from known leaves (number -> hash); parts without any are given, left to right."""
    stack, done = [(start, end, False)], []
    numbers = sorted(known)  # of the leaves
    while stack:
        low, high, ready = stack.pop()
        middle = low + split(high - low) if high - low > 1 else high
        if ready:
            right = done.pop()
            done.append(node_hash(done.pop(), right))
        elif bisect_left(numbers, low) == bisect_left(numbers, high):
            if not given:
                raise Wrong("truncated: the proof lacks hashes")
            done.append(given.pop(0))
        elif high - low == 1:
            done.append(known[low])
        else:
            stack += [(low, high, True), (middle, high, False), (low, middle, False)]
    if given:
        raise Wrong("the proof has hashes too many")
    return done[0]


def root_by_path(leaf, index, size, path):
    """The root above one leaf (RFC 9162, 2.1.3.2)."""
    number, last = index, size - 1
    for part in path:
        if last == 0:
            raise Wrong("the path is too long")
        if number & 1 or number == last:
            leaf = node_hash(part, leaf)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            leaf = node_hash(leaf, part)
        number, last = number >> 1, last >> 1
    if last:
        raise Wrong("the path is too short")
    return leaf


def goes_on(old, before, size, root, path):
    """Whether the tree of `size` begins with that of `old` leaves (RFC 9162, 2.1.4.2)."""
    if old == size or not old:
        return not path and (not old or before == root)
    path = ([before] if old & (old - 1) == 0 else []) + path
    number, last = old - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    was = now = path[0] if path else b""
    for part in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            was, now = node_hash(part, was), node_hash(part, now)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            now = node_hash(now, part)
        number, last = number >> 1, last >> 1
    return last == 0 and was == before and now == root


# --- the bundle ---


class Bundle:
    """A ZIP file that is read and never unpacked."""

    def __init__(self, path):
        require_whole(path)
        self.archive = zipfile.ZipFile(path)
        self.names, folded = set(), set()
        for info in self.archive.infolist():
            name, kind = info.filename, stat.S_IFMT(info.external_attr >> 16)
            if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
                raise Wrong("%s: a name that leads out of the bundle" % name)
            if name.endswith("/") or kind not in (0, stat.S_IFREG):
                raise Wrong("%s: no plain file (a link?)" % name)
            if not name.isprintable() or {"", "."} & set(name.split("/")):
                raise Wrong("%r: a name that another file has as well, once unpacked" % name)
            if name.casefold() in folded:
                raise Wrong("%s: there twice" % name)
            if info.file_size > LARGEST or info.flag_bits & 1:
                raise Wrong("%s: too large, or encrypted" % name)
            self.names.add(name)
            folded.add(name.casefold())

    def read(self, name):
        if name not in self.names:
            raise Wrong("%s: missing" % name)
        return self.archive.read(name)


def require_whole(path):
    """The archive's comment is the SHA-256 of all that stands before it."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        rest = b""
        while piece := file.read(1 << 20):
            rest += piece
            digest.update(rest[:-64])
            rest = rest[-64:]
    if digest.hexdigest().encode() != rest:
        raise Wrong("the file is not as it was written: a byte differs, or its end is missing")


def sums(bundle):
    """Every file is as SHA256SUMS says; none is missing or too many."""
    text, names = bundle.read("SHA256SUMS").decode(), bundle.names - {"SHA256SUMS"}
    told = {line[66:]: line[:64] for line in text.split("\n") if line}
    found = {name: hashlib.sha256(bundle.read(name)).hexdigest() for name in names}
    for name in sorted(set(told) ^ names):
        yield "%s: %s" % (name, "missing" if name in told else "not in SHA256SUMS")
    for name in sorted(set(told) & names):
        if found[name] != told[name]:
            yield "%s: not what SHA256SUMS says" % name
    if found == told and text != "".join("%s  %s\n" % (told[n], n) for n in sorted(told)):
        yield "SHA256SUMS: not as it was written"


def leaves_of(bundle):
    """Number -> leaf."""
    tree = json.loads(bundle.read("log/tree.json"))
    numbers = [first + n for first, count in tree["leaves"] for n in range(count)]
    lines = bundle.read("log/leaves.jsonl").split(b"\n")
    if lines.pop() != b"" or len(lines) != len(numbers) or len(set(numbers)) != len(numbers):
        raise Wrong("log/leaves.jsonl: truncated, or not the leaves that log/tree.json lists")
    return dict(zip(numbers, lines)), [unbase64(text) for text in tree["nodes"]]


def log(bundle, policy, seen):
    """The leaves are those of the signed log; the log goes on from the one that was seen."""
    leaves, nodes = leaves_of(bundle)
    if "log/checkpoint" not in bundle.names:
        return leaves
    size, root = checkpoint_of(bundle.read("log/checkpoint").decode(), policy)
    if not leaves or max(leaves) >= size or min(leaves) < 0:
        raise Wrong("truncated: the checkpoint's log ends before the leaves do")
    hashes = {number: leaf_hash(leaf) for number, leaf in leaves.items()}
    if root_of(hashes, nodes, 0, size) != root:
        raise Wrong("a leaf was altered, added or removed: they don't give the signed root")
    if seen is not None:
        old, before = checkpoint_of(seen, policy, quorum=False)
        if old > size:
            raise Wrong("replayed: the log has %d leaves, and you have seen %d" % (size, old))
        paths = json.loads(bundle.read("log/consistency.json"))
        path = [unbase64(text) for text in paths.get(str(old), [])]
        if not goes_on(old, before, size, root, path):
            raise Wrong("the log does not go on from the one that you have seen: rewritten")
    return leaves


def run(leaves):
    """The run is whole: it began, no event is missing, it ended."""
    told = [json.loads(leaves[number]) for number in sorted(leaves)]
    began = [one["run"] for one in told if one.get("type") == "run"]
    if len(began) != 1:
        yield "it holds %d runs, and one is right" % len(began)
        return
    events = [one for one in told if "type" not in one]
    ends = [one for one in told if one.get("type") == "ended"]
    if not ends:
        yield "truncated: nothing tells how the run ended"
    elif ends[-1]["events"] != len(events):
        yield "truncated: %d events of %d" % (len(events), ends[-1]["events"])
    shards = {}
    for one in events:
        shards.setdefault(one["shard"], []).append(one["sequence"])
    for other in sorted({one.get("run", began[0]) for one in told} - {began[0]}):
        yield "a leaf of another run: %s" % other
    for shard, numbers in sorted(shards.items()):
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield "an event of shard %s is missing" % shard


def answers(leaves):
    """What transcripts/index.json has to say: device -> its answers, as the log has them."""
    index = {}
    for event in (json.loads(leaves[number]) for number in sorted(leaves)):
        if event.get("kind") == "evidence" and event["data"].get("media_type") != SEALED:
            mine, digest = index.setdefault(event["target"], {}), event["data"]["digest"]
            name = "transcripts/%s/%04d-%s.txt" % (event["target"] or "-", len(mine) + 1, digest)
            mine.setdefault(digest, {"at": event["at"], "file": name, **event["data"]})
    return {target: list(mine.values()) for target, mine in index.items()}


def evidence(bundle, leaves):
    """Every answer that an event tells of is there, unaltered, where that device's belong."""
    index = answers(leaves)
    told = {one["file"]: one for mine in index.values() for one in mine}
    names = {name for name in bundle.names if name.startswith("transcripts/")}
    for name in sorted(set(told) ^ (names - {"transcripts/index.json"})):
        yield "%s: %s" % (name, "missing" if name in told else "no leaf tells of it")
    for name in sorted(set(told) & names):
        content, marks = bundle.read(name), told[name].get("redactions")
        if hashlib.sha256(content).hexdigest() != told[name]["digest"]:
            yield "%s: altered: not what its name says" % name
        if marks is not None and len(marks) not in [content.count(mark) for mark in REDACTED]:
            yield "%s: another number of redactions than was logged" % name
    if set(told) <= names and json.loads(bundle.read("transcripts/index.json")) != index:
        yield "transcripts/index.json: not what the leaves tell"


def facts(leaves):
    """Which run this is and how it ended, in words of its leaves."""
    told = [json.loads(leaves[number]) for number in sorted(leaves)]
    began = next(one for one in told if one.get("type") == "run")
    ended = [one for one in told if one.get("type") == "ended"][-1]
    number = sum(len(mine) for mine in answers(leaves).values())
    yield "run %s: %s of %s%s" % (
        began["run"],
        began["verb"],
        began["estate"],
        " (a lab, not the real estate)" if began["lab"] else "",
    )
    yield "begun %s by %s; %s %s" % (
        began["started_at"],
        began["operator"],
        ended["status"],
        ended["finished_at"],
    )
    yield "%d events, %d answers; reports, record.json and plan.json are as packed, no more" % (
        ended["events"],
        number,
    )


def judge_bundle(path, policy, seen):
    bundle = Bundle(path)
    wrong = list(sums(bundle))
    try:
        leaves = log(bundle, policy, seen)
    except Wrong as error:
        return [*wrong, str(error)], False
    wrong += [*run(leaves), *evidence(bundle, leaves)]
    return wrong, not wrong and policy is not None and "log/checkpoint" in bundle.names


def judge_proof(path, policy):
    """One leaf and its path (c2sp.org/tlog-proof)."""
    with open(path, encoding="utf-8", newline="") as file:
        first, _, note = file.read().partition("\n\n")
    head, extra, index, *lines = first.split("\n") + ["", ""]
    if head != "c2sp.org/tlog-proof@v1" or not extra.startswith("extra "):
        raise Wrong("no proof that dcctl writes")
    leaf, number = unbase64(extra[6:]), int(index.removeprefix("index "))
    size, root = checkpoint_of(note, policy)
    found = root_by_path(leaf_hash(leaf), number, size, [unbase64(one) for one in lines if one])
    if index != "index %d" % number or not 0 <= number < size or found != root:
        raise Wrong("the leaf is not in the signed log")
    return leaf.decode()


def opened(bundle, path):
    """Whether what was redacted is what its owner says: lines of digest, number, salt, value."""
    leaves, _ = leaves_of(bundle)
    marks = {}
    for leaf in leaves.values():
        data = json.loads(leaf).get("data", {})
        if "redactions" in data:
            marks.setdefault(data["digest"], []).append(data["redactions"])
    with open(path, encoding="utf-8") as file:
        for one in map(json.loads, file):
            made = hashlib.sha256(bytes.fromhex(one["salt"]) + one["value"].encode()).hexdigest()
            told = marks.get(one["digest"], [])
            good = any(marks[one["number"] : one["number"] + 1] == [made] for marks in told)
            yield good, "redaction %d of %s" % (one["number"], one["digest"])


def verdict(
    path: str, policy_text: "str | None" = None, seen: "str | None" = None
) -> "tuple[list[str], bool]":
    """(what is wrong, whether it is proven); for programs."""
    try:
        policy = Policy(policy_text) if policy_text is not None else None
        if path.endswith(".tlog-proof"):
            judge_proof(path, policy)
            return [], policy is not None
        return judge_bundle(path, policy, seen)
    except Wrong as error:
        return [str(error)], False
    except Exception as error:  # a made-up file may break any reader: then it is wrong
        return ["can't be read: %s: %s" % (type(error).__name__, str(error)[:160])], False


def text_of(name):
    if name is None:
        return None
    with open(name, encoding="utf-8", newline="") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser(description="Checks an evidence bundle, or one proof.")
    parser.add_argument("file")
    parser.add_argument("--policy", help="the keys that you trust; your own copy")
    parser.add_argument("--seen", help="a checkpoint that you kept")
    parser.add_argument("--open", help="what was redacted, as its owner tells it")
    asked = parser.parse_args()
    one_leaf = asked.file.endswith(".tlog-proof")
    if one_leaf and (asked.seen or asked.open):
        parser.error("--seen and --open are for a bundle")
    try:
        policy, seen = text_of(asked.policy), text_of(asked.seen)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    wrong, proven = verdict(asked.file, policy, seen)
    for told in wrong:
        print("WRONG " + told)
    if asked.open and not wrong:
        try:
            for good, told in opened(Bundle(asked.file), asked.open):
                print(("good  " if good else "WRONG ") + told)
                wrong += [] if good else [told]
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            wrong.append("--open")
            print("WRONG %s can't be read: %s" % (asked.open, error))
    if not wrong and one_leaf:
        print(judge_proof(asked.file, None))
    elif not wrong:
        print("\n".join(facts(leaves_of(Bundle(asked.file))[0])))
    print("WRONG" if wrong else "PROVEN" if proven else "NOT PROVEN: no checkpoint or no --policy")
    return 1 if wrong else 0 if proven else 2


if __name__ == "__main__":
    sys.exit(main())
