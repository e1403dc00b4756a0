"""VRP configuration: how a line changes the tree, and how the tree is written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Chassis
from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put
from dcctl.lab.systems.huawei_vrp import kinds, secrets
from dcctl.lab.systems.huawei_vrp.commands import VIEWS, grammar_of
from dcctl.lab.systems.huawei_vrp.refusals import refusal

_UNICAST = "ipv4-family unicast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a configuration line did: the tree and view afterwards, or what was wrong with it."""

    tree: Tree
    path: tuple[str, ...]
    wrong: Match | None = None
    message: str = ""


@lru_cache(maxsize=65536)
def parsed(view: str, label: str) -> Match:
    """A stored line (perhaps an `undo`) as its view's grammar sees it."""
    return grammar_of(view).parse(label.removeprefix("undo "))


def views(path: tuple[str, ...]) -> tuple[str, ...]:
    """The view of the top and of each section on the way down `path`."""
    found = ["system"]
    for label in path:
        match = parsed(found[-1], label)
        found.append(match.rule.action if match.rule and match.rule.action else "any")
    return tuple(found)


def apply(tree: Tree, path: tuple[str, ...], line: str, chassis: Chassis) -> Applied:
    """One configuration line in a view: tried there first, then in the views above it."""
    text = line.strip()
    negated = text.startswith("undo ")
    body = text.partition(" ")[2].strip() if negated else text
    first: Match | None = None
    chain = views(path)
    for depth in range(len(path), -1, -1):
        match = grammar_of(chain[depth]).parse(body, partial=negated)
        if not match.error and not _no_such_port(match, chassis):
            return _do(tree, path[:depth], match, chassis, negated=negated)
        wrong = match if match.error else Match(error="parameter", column=body.find(" ") + 1)
        if first is None or wrong.column > first.column:
            first = wrong
    assert first is not None  # noqa: S101 - a path has at least its top
    column = first.column + (line.find(body) if body else 0)
    return Applied(
        tree=tree, path=path, wrong=Match(error=first.error, words=first.words, column=column)
    )


def _no_such_port(match: Match, chassis: Chassis) -> bool:
    if match.rule is None or match.rule.action != "interface":
        return False
    name = match.arguments[0].partition(".")[0]
    return kinds.kind_of(name) not in kinds.VIRTUAL and not _fixed(name, chassis)


def _fixed(name: str, chassis: Chassis) -> bool:
    return name in {port.name for port in chassis.ports}


def _do(
    tree: Tree, path: tuple[str, ...], match: Match, chassis: Chassis, *, negated: bool
) -> Applied:
    view = views(path)[-1]
    if negated:
        name = match.words[-1]
        if match.words[0] == "interface" and not path and _fixed(name, chassis):
            return Applied(tree=tree, path=path, message="Error: The interface cannot be deleted.")
        return Applied(tree=_undone(tree, path, match, chassis), path=path)
    rule = match.rule
    assert rule is not None  # noqa: S101 - a match without error has its rule
    label = _label(get(tree, path) or EMPTY, view, secrets.hidden(match.text))
    message = refusal(tree, path, view, label)
    if message:
        return Applied(tree=tree, path=path, message=message)
    if rule.action:
        return _enter(tree, path, label)
    here = get(tree, path) or EMPTY
    for old in [old for old in here if parsed(view, old).name == match.name and old != label]:
        tree = drop(tree, (*path, old))
    if view == "ui" and match.words[0] == "acl":
        tree = _unguarded(tree, path, match.words[-1])
    if rule.flags == "+":
        return Applied(tree=tree, path=path)
    tree = put(tree, (*path, label))
    if view == "bgp" and " as-number " in label and "undo default ipv4-unicast" not in here:
        tree = _enabled(tree, path, label.split()[1])
    return Applied(tree=tree, path=path)


def _label(here: Tree, view: str, text: str) -> str:
    """The line as it is stored: numbers that VRP gives by itself, and forms it shows otherwise."""
    words = text.split(" ")
    if view == "system" and words[0] in ("isis", "ospf"):
        number = words[1] if len(words) > 1 else "1"
        if len(words) > 2:  # noqa: PLR2004 - a router id follows
            return text
        same = (one for one in here if one.split(" ")[:2] == [words[0], number])
        return next(same, f"{words[0]} {number}")
    if view == "system" and words[0] == "acl" and words[1].isdecimal():
        return f"acl number {words[1]}"
    if view == "system" and words[:2] == ["user-interface", "console"]:
        return f"user-interface con {words[2]}"
    if view == "acl" and words[0] == "rule":
        if not words[1].isdecimal():
            used = [int(one.split(" ")[1]) for one in here if one.startswith("rule ")]
            words.insert(1, str((max(used) // 5 + 1) * 5 if used else 5))
        return re.sub(r"(source|destination) (\S+) 0\.0\.0\.0", r"\1 \2 0", " ".join(words))
    return text


def _enter(tree: Tree, path: tuple[str, ...], label: str) -> Applied:
    below = (*path, label)
    if label.startswith("ospf "):
        process = label.split(" ")[:2]
        here = get(tree, path) or EMPTY
        for old in [one for one in here if one.split(" ")[:2] == process and one != label]:
            tree = put(drop(tree, (*path, old)), below, here[old])
    if label.startswith("user-interface vty"):
        return _enter_lines(tree, label)
    if get(tree, below) is None:
        fresh = {"undo synchronization": EMPTY} if label == _UNICAST else EMPTY
        tree = put(tree, below, fresh)
    return Applied(tree=tree, path=below)


def _enter_lines(tree: Tree, label: str) -> Applied:
    """Virtual terminals are a range: a wider one takes in what narrower ones had."""
    numbers = [int(word) for word in label.split(" ")[2:]]
    first, last = numbers[0], numbers[-1]
    below: Tree = EMPTY
    for old in [one for one in tree if one.startswith("user-interface vty ")]:
        ends = [int(word) for word in old.split(" ")[2:]]
        if ends[0] <= first and last <= ends[-1]:
            return Applied(tree=tree, path=(old,))
        if first <= ends[0] and ends[-1] <= last:
            below = {**tree[old], **below}
            tree = drop(tree, (old,))
    label = f"user-interface vty {first} {last}"
    return Applied(tree=put(tree, (label,), below), path=(label,))


def _enabled(tree: Tree, path: tuple[str, ...], peer: str) -> Tree:
    """A peer of BGP exchanges IPv4 routes unless somebody says otherwise."""
    family = (*path, _UNICAST)
    if get(tree, family) is None:
        tree = put(tree, family, {"undo synchronization": EMPTY})
    refused = f"undo peer {peer} enable" in (get(tree, family) or EMPTY)
    return tree if refused else put(tree, (*family, f"peer {peer} enable"))


def _unguarded(tree: Tree, path: tuple[str, ...], direction: str) -> Tree:
    """Lines to log in by have one access list a direction: `undo acl inbound` tells which."""
    for label in get(tree, path) or EMPTY:
        if label.startswith("acl ") and label.endswith(f" {direction}"):
            tree = drop(tree, (*path, label))
    return tree


def _undone(tree: Tree, path: tuple[str, ...], match: Match, chassis: Chassis) -> Tree:
    view = views(path)[-1]
    here = get(tree, path) or EMPTY
    words = match.name if match.rule and "~" in match.rule.syntax else match.words
    if view == "ui" and words[0] == "acl":
        return _unguarded(tree, path, words[-1])
    if view == "system" and words[0] == "acl" and len(words) > 1 and words[1].isdecimal():
        words = ("acl", "number", *words[1:])
    for label in here:
        if parsed(view, label).words[: len(words)] != words or label.startswith("undo "):
            continue
        if not (words == ("mpls",) and label.startswith("mpls lsr-id")):
            tree = drop(tree, (*path, label))
    # Where a box has no port that it shuts down by itself, nothing is to be said of one that is up.
    quiet = words == ("shutdown",) and (
        kinds.immediate(chassis)
        or kinds.kind_of(path[-1].partition(" ")[2]) in kinds.VIRTUAL
        or "." in path[-1].rpartition("/")[2]
    )
    if match.rule and match.rule.flags and not quiet:
        tree = put(tree, (*path, f"undo {' '.join(words)}"))
    if path and path[-1] == _UNICAST and words[0] == "peer" and words[-1] == "enable":
        tree = put(tree, (*path, f"undo {' '.join(words)}"))
    return _cascade(tree, path, words)


def _cascade(tree: Tree, path: tuple[str, ...], words: tuple[str, ...]) -> Tree:
    """What goes with what was taken away."""
    if path and path[-1].startswith("bgp ") and words[0] == "peer" and len(words) == 2:  # noqa: PLR2004
        for family, below in (get(tree, path) or EMPTY).items():
            for label in below:
                if label.removeprefix("undo ").startswith(f"peer {words[1]} "):
                    tree = drop(tree, (*path, family, label))
    if path or words[0] not in ("isis", "ospf", "mpls"):
        return tree
    start = words[0] if words[0] != "mpls" else " ".join(words[:2])
    for label, below in tree.items():
        for line in below if label.startswith("interface ") else ():
            if line == start or line.startswith(f"{start} "):
                tree = drop(tree, (label, line))
    return tree


# --- written out ---------------------------------------------------------------------------------


def lines(tree: Tree) -> list[str]:
    """The body of `display current-configuration`, from its first `#` to `return`."""
    written: list[str] = []
    before = ""
    for label in sorted(tree, key=lambda label: _place("system", label)):
        group = label.removeprefix("undo ").split(" ")[0]
        if _opens("system", label) or group != before:
            written.append("#")
        before = "" if _opens("system", label) else group
        written += section("system", label, tree[label], 0)
    return [*written, "#", "return"]


def section(view: str, label: str, below: Tree, depth: int) -> list[str]:
    """One line and what stands below it, indented."""
    indent = " " * depth
    written = [indent + label]
    match = parsed(view, label)
    inner = match.rule.action if match.rule else ""
    if not inner:
        return written
    for child in sorted(below, key=lambda child: _place(inner, child)):
        if _opens(inner, child) and depth == 0 and inner in ("aaa", "bgp"):
            written.append(f"{indent} #")
        written += section(inner, child, below[child], depth + 1)
    return written


def settings(tree: Tree) -> Tree:
    """What stands in the system view itself."""
    return MappingProxyType(
        {label: below for label, below in tree.items() if not _opens("system", label)}
    )


def _opens(view: str, label: str) -> bool:
    match = parsed(view, label)
    return bool(match.rule and match.rule.action)


@lru_cache(maxsize=1024)
def _first_peer(view: str) -> int:
    rules = VIEWS[view].strip().splitlines()
    return next(order for order, line in enumerate(rules) if line.startswith("peer "))


def _place(view: str, label: str) -> tuple[int, tuple[int, tuple[int, ...]], int, str]:
    match = parsed(view, label)
    order = match.rule.order if match.rule else 9999
    if label.startswith("interface "):
        return order, kinds.rank(label.partition(" ")[2]), 0, ""
    if view == "any":
        return 0, (0, ()), 0, ""
    if view in ("bgp", "bgp-af") and match.words[:1] == ("peer",):
        # All lines of one peer stand together.
        return _first_peer(view), (0, _numbers(match.words[1])), order, ""
    if view == "aaa" and match.words[:1] == ("local-user",):
        return _local_user(), (0, ()), 0, f"{match.words[1]} {order:04d}"
    if view == "acl" and match.words[:1] == ("rule",):
        return order, (0, (int(match.words[1]),)), 0, ""
    return order, (0, ()), 0, label if "vty" in label else ""


@lru_cache(maxsize=1)
def _local_user() -> int:
    rules = VIEWS["aaa"].strip().splitlines()
    return next(i for i, line in enumerate(rules) if line.startswith("local-user <word>"))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def dump(_chassis: Chassis, tree: Tree) -> str:
    """A configuration as text that `load` takes."""
    return "\n".join([*lines(tree), ""])


def load(chassis: Chassis, tree: Tree, text: str) -> Tree:
    """Configuration text merged into a tree; lines that are wrong are passed over."""
    path: tuple[str, ...] = ()
    for line in logical_lines(text):
        words = line.strip()
        if not words or words.startswith(("#", "!", "[")) or words in ("return", "quit"):
            continue
        depth = len(line) - len(line.lstrip(" "))
        applied = apply(tree, path[:depth], words, chassis)
        tree, path = applied.tree, applied.path
    return tree


def logical_lines(text: str) -> Iterator[str]:
    """Lines, a header's text together with the command that it belongs to."""
    waiting = iter(text.splitlines())
    for line in waiting:
        whole = line
        while unfinished(whole):
            following = next(waiting, None)
            if following is None:
                break
            whole += "\n" + following
        yield whole


def unfinished(line: str) -> bool:
    """Whether a header's text has not met its closing mark yet."""
    found = re.match(r"\s*header (?:login|shell) information\s+(\S)", line)
    if found is None or found.group(1).isalnum():
        return False
    return line.count(found.group(1), found.start(1)) < 2  # noqa: PLR2004 - it opens and closes
