"""IOS XR configuration: how a line changes the candidate, and how a tree is written out."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Chassis
from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put
from dcctl.lab.systems.cisco_xr import kinds, secrets
from dcctl.lab.systems.cisco_xr.commands import BLOCKS, MODES, grammar_of, settings_of

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a line did: the tree and section afterwards, or what was wrong with it.

    `block` names the text that the following lines belong to.
    """

    tree: Tree
    path: Path
    wrong: Match | None = None
    block: str = ""


@lru_cache(maxsize=65536)
def parsed(mode: str, label: str) -> Match:
    """A stored line as its mode's grammar sees it; of a kept text, its first line."""
    return grammar_of(mode).parse(label.partition("\n")[0])


def opens(mode: str, label: str) -> str:
    """The mode of the section that a line opens, or nothing."""
    rule = parsed(mode, label).rule
    return rule.action if rule else ""


def modes(path: Path) -> tuple[str, ...]:
    """The mode of the top and of each section on the way down `path`."""
    found = ["config"]
    for label in path:
        found.append(opens(found[-1], label) or "config")
    return tuple(found)


def setting(mode: str, label: str) -> Path:
    """What a line sets, without the value."""
    words = label.split()
    if mode == "config-bgp-nbr-af" and words[0] == "route-policy":
        return ("route-policy", words[-1])
    return parsed(mode, label).name or (label,)


def apply(tree: Tree, path: Path, line: str, chassis: Chassis) -> Applied:
    """One configuration line: tried in its section first, then at the top."""
    text = line.strip()
    negated = text.startswith("no ")
    body = text[3:].strip() if negated else text
    indent = line.find(body)
    wrong = Match(error="invalid")
    for start in dict.fromkeys((path, ())):
        found = _resolve(start, body, negated=negated)
        if isinstance(found, Match):
            wrong = found if start == path or found.column > wrong.column else wrong
            continue
        section, label, match = found
        if negated:
            after = _negate(tree, section, label, match)
            if after is not None:
                return Applied(tree=after, path=start)
            wrong = Match(error="incomplete", words=match.words, column=len(body))
            continue
        return _do(tree, start, section, label, chassis)
    return Applied(
        tree=tree,
        path=path,
        wrong=Match(error=wrong.error, words=wrong.words, column=wrong.column + indent),
    )


def _resolve(path: Path, text: str, *, negated: bool) -> tuple[Path, str, Match] | Match:
    """Where a line belongs: it may name sections on its way, as `router isis A net B` does."""
    mode = modes(path)[-1]
    match = grammar_of(mode).parse(text, partial=negated)
    if not match.error:
        return path, _canonical(mode, match), match
    wrong = match
    cuts = [found.start() for found in re.finditer(r"\s+", text)]
    for cut in cuts:
        head = grammar_of(mode).parse(text[:cut])
        if head.error or head.rule is None or not head.rule.action or head.rule.action in BLOCKS:
            continue
        rest = text[cut:].lstrip()
        found = _resolve((*path, _canonical(mode, head)), rest, negated=negated)
        if not isinstance(found, Match):
            return found
        column = len(text) - len(rest) + found.column
        if column > wrong.column or wrong.error == "incomplete":
            wrong = Match(error=found.error, words=(*head.words, *found.words), column=column)
    return wrong


def _do(tree: Tree, start: Path, section: Path, label: str, chassis: Chassis) -> Applied:
    section = tuple(_physical(one, chassis) for one in section)
    label = _physical(label, chassis) if not section else label
    mode = modes(section)[-1]
    inner = opens(mode, label)
    if inner in BLOCKS:
        return Applied(tree=tree, path=section, block=label)
    for above in range(1, len(section) + 1):
        if get(tree, section[:above]) is None:
            tree = put(tree, section[:above])
    if inner:
        below = (*section, label)
        return Applied(tree=tree if get(tree, below) is not None else put(tree, below), path=below)
    here = get(tree, section) or EMPTY
    if mode in ("config-ipv4-acl", "config-ipv6-acl"):
        label = _entry(here, label)
    name = setting(mode, label)
    for old in here:
        if old != label and setting(mode, old) == name:
            tree = drop(tree, (*section, old))
    return Applied(tree=put(tree, (*section, label)), path=start)


def _physical(label: str, chassis: Chassis) -> str:
    """An interface that isn't there is configured beforehand, and says so."""
    words = label.split()
    if words[0] != "interface" or words[1] == "preconfigure":
        return label
    name = words[1].partition(".")[0]
    if kinds.kind_of(name) in kinds.VIRTUAL or name in {port.name for port in chassis.ports}:
        return label
    return " ".join(["interface", "preconfigure", *words[1:]])


def _entry(here: Tree, label: str) -> str:
    """An access list's entry with its number: ten more than the last one if it has none."""
    if label.split(maxsplit=1)[0].isdecimal():
        return label
    last = max((int(old.split()[0]) for old in here), default=0)
    return f"{(last // 10 + 1) * 10} {label}"


def _negate(tree: Tree, section: Path, label: str, match: Match) -> Tree | None:
    """Without what the line names; None where it names nothing in particular."""
    mode = modes(section)[-1]
    here = get(tree, section) or EMPTY
    words = tuple(label.split())
    if match.rule is None and " ".join(words) not in settings_of(mode):
        named = [old for old in here if setting(mode, old) == words]
        if not named:
            return None
    name = setting(mode, label) if match.rule and "~" in match.rule.syntax else words
    for old in here:
        same = setting(mode, old) == name or tuple(old.split("\n")[0].split())[: len(name)] == name
        if same:
            tree = drop(tree, (*section, old))
    return tree


def keep_block(tree: Tree, section: Path, first: str, lines: tuple[str, ...], end: str) -> Tree:
    """A policy or set as it was typed, in place of the one of that name."""
    for old in get(tree, section) or EMPTY:
        if old.partition("\n")[0] == first:
            tree = drop(tree, (*section, old))
    return put(tree, (*section, "\n".join([first, *_indented(lines), end])))


def _indented(lines: tuple[str, ...]) -> list[str]:
    """A policy's statements, each two blanks further in than what they stand in."""
    rows, depth = [], 1
    for line in lines:
        words = line.split()
        if words and words[0] in ("endif", "else", "elseif"):
            depth -= 1
        rows.append("  " * max(depth, 1) + line.strip())
        if words and words[0] in ("if", "else", "elseif"):
            depth += 1
    return rows


# --- how a line is stored -----------------------------------------------------------------------

_PORTS = {"22": "ssh", "23": "telnet", "25": "smtp", "53": "domain", "80": "www", "179": "bgp"}


def _canonical(mode: str, match: Match) -> str:
    label = secrets.hidden(match.text)
    words = label.split()
    if mode == "config" and match.rule and match.rule.syntax.startswith("logging <anyip>"):
        return _collector(words)
    if mode == "config-if" and words[:2] == ["bundle", "id"] and "mode" not in words:
        return f"{label} mode on"
    if mode == "config-ipv4-acl":
        label = re.sub(r"([\d.]+)/(\d+)", _wildcard, label)
        return re.sub(r"\beq (\d+)\b", lambda m: f"eq {_PORTS.get(m[1], m[1])}", label)
    return label


def _collector(words: list[str]) -> str:
    """`logging A` as it is shown: with its VRF, severity and port."""
    given = dict(zip(words[2::2], words[3::2], strict=False))
    return (
        f"logging {words[1]} vrf {given.get('vrf', 'default')} "
        f"severity {given.get('severity', 'info')} port {given.get('port', 'default')}"
    )


def _wildcard(found: re.Match[str]) -> str:
    network = ipaddress.IPv4Network(found.group(), strict=False)
    if network.prefixlen == network.max_prefixlen:
        return f"host {network.network_address}"
    return f"{network.network_address} {network.hostmask}"


# --- written out --------------------------------------------------------------------------------


def lines(tree: Tree, mode: str = "config", depth: int = 0) -> list[str]:
    """A tree as `show running-config` writes it, without head and `end`."""
    pad, written = " " * depth, []
    for label in ordered(tree, mode):
        written += [pad + row if depth else row for row in label.split("\n")]
        inner = opens(mode, label)
        if inner in BLOCKS:
            written.append(f"{pad}!")
        elif inner:
            written += [*lines(tree[label], inner, depth + 1), f"{pad}!"]
    return written


def ordered(tree: Tree, mode: str) -> list[str]:
    """The labels of a section in the order in which they are shown."""
    return sorted(tree, key=lambda label: _place(mode, label))


def _place(mode: str, label: str) -> tuple[int, tuple[int, tuple[int, ...]], str]:
    match = parsed(mode, label)
    order = match.rule.order if match.rule else 9999
    words = label.split()
    if mode.endswith("-acl"):
        return 0, (int(words[0]), ()), ""
    if words[0] == "interface" and len(words) > 1:
        return order, kinds.rank(words[-1] if words[1] == "preconfigure" else words[1]), ""
    if words[0] == "neighbor" and len(words) > 1:
        return order, (0, _octets(words[1])), ""
    # Where nothing is known of the order, lines stand as they came.
    return order, (0, ()), label if mode in MODES else ""


def _octets(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def dump(_chassis: Chassis, tree: Tree) -> str:
    """A configuration as text that `load` takes."""
    return "\n".join([*lines(tree), "end", ""])


def load(chassis: Chassis, tree: Tree, text: str) -> Tree:
    """Configuration text merged into a tree, as `load FILE` does: wrong lines are passed over."""
    stack: list[tuple[int, Path]] = [(-1, ())]
    waiting = iter(text.splitlines())
    for line in waiting:
        words = line.split()
        if not words or words[0].startswith("!") or words == ["end"]:
            continue
        if words[0] == "banner" and len(words) > 2:  # noqa: PLR2004 - banner KIND TEXT
            rest = line.split(None, 2)[2]
            while not banner_ends(rest):
                rest += "\n" + next(waiting, rest[:1])
            tree = put_banner(tree, words[1], rest)
            continue
        depth = len(line) - len(line.lstrip(" "))
        while stack[-1][0] >= depth:
            stack.pop()
        applied = apply(tree, stack[-1][1], line.strip(), chassis)
        tree = applied.tree
        if applied.block:
            end = BLOCKS[opens("config", applied.block)]
            body: list[str] = []
            for inner in waiting:
                if inner.strip() == end:
                    break
                body.append(inner)
            tree = keep_block(tree, (), applied.block, tuple(body), end)
        elif applied.path != stack[-1][1]:
            stack.append((depth, applied.path))
    return tree


def banner_mark(text: str) -> str:
    """A banner's delimiter: its first character, or `^C` written out."""
    return "^C" if text.startswith("^C") else text[:1]


def banner_ends(text: str) -> bool:
    """Whether the text of a banner, from its delimiter on, is whole."""
    mark = banner_mark(text)
    return mark in text[len(mark) :]


def put_banner(tree: Tree, kind: str, text: str) -> Tree:
    """Set a banner; the text keeps its delimiters and line breaks."""
    mark = banner_mark(text)
    body = text[len(mark) :].partition(mark)[0]
    for label in tree:
        if label.startswith(f"banner {kind} "):
            tree = drop(tree, (label,))
    return put(tree, (f"banner {kind} {mark}{body}{mark}",))
