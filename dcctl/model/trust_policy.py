"""Whose signatures make a checkpoint count: c2sp.org/tlog-policy, as text.

`log` lines name the operator's keys, `witness` lines everybody else's. A witness has the roles that
its own name and the groups around it say: `witness minh …`, `group auditor any minh lan`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dcctl.model.note import NotANote, SignatureType, VerifierKey

NONE = "none"
OPERATOR = "operator"


class BadPolicy(ValueError):
    """The text is no policy; `line` counts from 1, and is 0 for the whole."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}" if line else why)
        self.line, self.why = line, why


@dataclass(frozen=True, slots=True)
class Group:
    """At least `needed` of `members` have cosigned."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """The keys that count, and how many of them must have signed."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.logs[0].name

    def roles(self, witness: str) -> tuple[str, ...]:
        """A witness's own name, and the groups that it is in."""
        found = [witness]
        for name, group in self.groups.items():  # a group is said after its members
            if set(found) & set(group.members):
                found.append(name)
        return tuple(found)

    def missing(self, cosigned: Iterable[str]) -> tuple[str, ...]:
        """Which witnesses and groups must still cosign; none where the quorum is met."""
        return () if self.quorum == NONE else tuple(self._missing(self.quorum, set(cosigned)))

    def _missing(self, name: str, cosigned: set[str]) -> list[str]:
        if name in self.witnesses:
            return [] if name in cosigned else [name]
        group = self.groups[name]
        lacking = [self._missing(one, cosigned) for one in group.members]
        if lacking.count([]) >= group.needed:
            return []
        if group.needed < len(group.members):
            return [name]  # any of them will do
        return [one for part in lacking for one in part]


def parse_policy(text: str) -> TrustPolicy:
    """What the text of a policy says.

    Raises:
        BadPolicy: a line is broken, a key is there twice, or there is no log or no quorum.
    """
    found = TrustPolicy((), {}, {}, "")
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if words and not words[0].startswith("#"):
            try:
                found = _with(found, words)
            except (NotANote, IndexError) as error:
                raise BadPolicy(number, f"no key or no line of a policy: {line.strip()}") from error
            except ValueError as error:
                raise BadPolicy(number, str(error)) from error
    if not found.logs or not found.quorum:
        raise BadPolicy(0, "it needs a log and a quorum")
    if len({key.name for key in found.logs}) > 1:
        raise BadPolicy(0, "one estate has one log: all its keys have one name")
    return found


def _with(found: TrustPolicy, words: list[str]) -> TrustPolicy:
    kind, *rest = words
    if kind == "log":
        key = _key(rest[0], SignatureType.LOG, found)
        return TrustPolicy((*found.logs, key), found.witnesses, found.groups, found.quorum)
    if kind == "witness":
        name = _new(rest[0], found)
        key = _key(rest[1], SignatureType.COSIGNATURE, found)
        return TrustPolicy(found.logs, {**found.witnesses, name: key}, found.groups, found.quorum)
    if kind == "group":
        group = _group(rest[1], tuple(rest[2:]), found)
        groups = {**found.groups, _new(rest[0], found): group}
        return TrustPolicy(found.logs, found.witnesses, groups, found.quorum)
    if kind != "quorum" or found.quorum:
        raise ValueError(f"one quorum, and no {kind}")
    known = {NONE, *found.witnesses, *found.groups}
    if len(rest) != 1 or rest[0] not in known:
        raise ValueError(f"the quorum names one of: {', '.join(sorted(known))}")
    return TrustPolicy(found.logs, found.witnesses, found.groups, rest[0])


def _key(text: str, kind: SignatureType, found: TrustPolicy) -> VerifierKey:
    key = VerifierKey.parse(text)
    if key.type is not kind:
        raise ValueError(f"the key {key.name} is for other signatures (type {key.type:#04x})")
    if any(key.public == one.public for one in (*found.logs, *found.witnesses.values())):
        raise ValueError(f"the key {key.name} is there already: one key has one role")
    return key


def _new(name: str, found: TrustPolicy) -> str:
    if name in {NONE, OPERATOR, *found.witnesses, *found.groups}:
        raise ValueError(f"the name {name} is taken")
    return name


def _group(needed: str, members: tuple[str, ...], found: TrustPolicy) -> Group:
    taken = {name for group in found.groups.values() for name in group.members}
    for name in members:
        if name not in {*found.witnesses, *found.groups}:
            raise ValueError(f"{name} is not said before")
    if len(set(members)) != len(members) or taken & set(members):
        raise ValueError("each name is in one group, once")
    wanted = {"all": str(len(members)), "any": "1"}.get(needed, needed)
    if not wanted.isdecimal() or not 1 <= int(wanted) <= len(members):
        raise ValueError(f"all, any, or a number up to {len(members)}, and not {needed}")
    return Group(int(wanted), members)
