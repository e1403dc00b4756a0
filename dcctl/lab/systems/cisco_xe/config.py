"""IOS XE configuration: how a line changes the tree, how the tree is written out, what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Chassis
from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put
from dcctl.lab.systems.cisco_xe import kinds, secrets, terminals
from dcctl.lab.systems.cisco_xe.commands import grammar_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a configuration line did: the tree and section afterwards, or what was wrong with it."""

    tree: Tree
    path: tuple[str, ...]
    wrong: Match | None = None
    message: str = ""


@lru_cache(maxsize=65536)
def parsed(mode: str, label: str) -> Match:
    """A stored line (perhaps a negation) as its mode's grammar sees it."""
    return grammar_of(mode).parse(label.removeprefix("no ") if label.startswith("no ") else label)


def modes(path: tuple[str, ...]) -> tuple[str, ...]:
    """The mode of the top and of each section on the way down `path`."""
    found = ["config"]
    for label in path:
        match = parsed(found[-1], label)
        found.append(match.rule.action if match.rule else "config")
    return tuple(found)


def apply(tree: Tree, path: tuple[str, ...], line: str, chassis: Chassis) -> Applied:
    """One configuration line in a section: tried there first, then in the sections above it."""
    text = line.strip()
    negated = text.startswith(("no ", "default "))
    body = text.partition(" ")[2].strip() if negated else text
    indent = line.find(body) if body else 0
    first: Match | None = None
    chain = modes(path)
    for depth in range(len(path), -1, -1):
        match = grammar_of(chain[depth]).parse(body, partial=negated)
        if not match.error and not _no_such_port(match, chassis):
            refused = _nobody(tree, path[:depth], match)
            if refused:
                return Applied(tree=tree, path=path, message=refused)
            return _do(tree, path[:depth], match, chassis, negated=negated)
        wrong = match if match.error else Match(error="invalid", column=body.find(" ") + 1)
        if first is None or wrong.column > first.column:
            first = wrong
    assert first is not None  # noqa: S101 - a path has at least its top
    return Applied(
        tree=tree, path=path, wrong=Match(error=first.error, column=first.column + indent)
    )


def _nobody(tree: Tree, path: tuple[str, ...], match: Match) -> str:
    """What is said of a BGP neighbour, or taken from it, before it has a remote AS."""
    words = match.words
    if not path or not path[0].startswith("router bgp ") or words[:1] != ("neighbor",):
        return ""
    makes = ("remote-as", "peer-group")
    if len(words) < 3 or words[2] in makes:  # noqa: PLR2004 - neighbor NAME WHAT
        return ""
    known = tuple(f"neighbor {words[1]} {what}" for what in makes)
    if any(label.startswith(known) for label in tree.get(path[0], EMPTY)):
        return ""
    return "% Specify remote-as or peer-group commands first\n"


def _no_such_port(match: Match, chassis: Chassis) -> bool:
    if match.rule is None or match.rule.action != "config-if":
        return False
    name = match.arguments[0].partition(".")[0]
    return kinds.kind_of(name) not in kinds.VIRTUAL and name not in {
        port.name for port in chassis.ports
    }


def _do(
    tree: Tree, path: tuple[str, ...], match: Match, chassis: Chassis, *, negated: bool
) -> Applied:
    apart = path and path[0].startswith("line vty ") and path[0] not in tree
    if apart or match.words[:2] == ("line", "vty"):
        return _do_terminals(tree, path, match, chassis, negated=negated)
    if negated:
        return Applied(tree=_negate(tree, path, match, chassis), path=path)
    rule = match.rule
    assert rule is not None  # noqa: S101 - a match without error has its rule
    mode = modes(path)[-1]
    apart = "service password-encryption" in tree and not rule.action
    label = secrets.hidden(match.text, encrypted=apart)
    if rule.action:
        below = (*path, label)
        if get(tree, below) is None:
            fresh = {"shutdown": EMPTY} if label.startswith("interface Vlan") else EMPTY
            tree = put(tree, below, fresh)
        return Applied(tree=tree, path=below)
    here = get(tree, path) or EMPTY
    present = [old for old in here if parsed(mode, old).name == match.name]
    for old in present:
        if old != label:
            tree = drop(tree, (*path, old))
    if rule.flags == "+" and label == " ".join(match.name):
        return Applied(tree=tree, path=path)
    tree = put(tree, (*path, label))
    if label == "service password-encryption":
        tree = _encrypted(tree, "config")
    return Applied(tree=tree, path=path)


def _encrypted(tree: Tree, mode: str) -> Tree:
    """Every key that stands there in clear, from the moment on that they are to be hidden."""
    found: dict[str, Tree] = {}
    for label, below in tree.items():
        rule = parsed(mode, label).rule
        inner = rule.action if rule else ""
        found[label if inner else secrets.hidden(label)] = (
            _encrypted(below, inner) if inner and below else below
        )
    return found


def _do_terminals(
    tree: Tree, path: tuple[str, ...], match: Match, chassis: Chassis, *, negated: bool
) -> Applied:
    """A range is entered, is forgotten, or each of its parts is told the same."""
    if match.words[:2] == ("line", "vty"):
        wanted = " ".join(match.words)
        if negated:
            return Applied(tree=terminals.forgotten(tree, wanted), path=())
        return Applied(tree=terminals.entered(tree, wanted), path=(terminals.label(wanted),))
    for label in terminals.spans(tree, path[0]):
        tree = _do(tree, (label,), match, chassis, negated=negated).tree
    return Applied(tree=tree, path=path)


def _negate(tree: Tree, path: tuple[str, ...], match: Match, chassis: Chassis) -> Tree:
    mode = modes(path)[-1]
    here = get(tree, path) or EMPTY
    if match.words[:1] == ("neighbor",) and match.words[2:3] == ("remote-as",):
        return _forget_neighbor(tree, path, match.words[1])
    words = match.name if match.rule and match.rule.syntax.find("~") >= 0 else match.words
    for label in here:
        stored = parsed(mode, label)
        same = stored.words[: len(words)] == words
        if same and not _permanent(label, chassis):
            tree = drop(tree, (*path, label))
        elif same and label.startswith("interface "):
            tree = put(tree, (*path, label), {"shutdown": EMPTY})
    exception = words[0] != "passive-interface" or "passive-interface default" in here
    if match.rule and match.rule.flags and exception:
        tree = put(tree, (*path, f"no {' '.join(words)}"))
    return tree


def _forget_neighbor(tree: Tree, path: tuple[str, ...], address: str) -> Tree:
    """A BGP neighbour without remote AS is none: all that was said of it goes, in each family."""
    for label, below in (get(tree, path) or EMPTY).items():
        if label.startswith(f"neighbor {address} "):
            tree = drop(tree, (*path, label))
        for inner in below:
            if inner.startswith(f"neighbor {address} "):
                tree = drop(tree, (*path, label, inner))
    return tree


def _permanent(label: str, chassis: Chassis) -> bool:
    if label.partition(" ")[0] in (
        "version",
        "boot-start-marker",
        "boot-end-marker",
        "control-plane",
    ):
        return True
    return label.startswith("interface ") and label.partition(" ")[2] in {
        port.name for port in chassis.ports
    }


# --- written out ----------------------------------------------------------------------------------------------


def lines(tree: Tree) -> list[str]:
    """The body of `show running-config`, from `version` to the last line before `end`."""
    written: list[str] = []
    before = ""
    tree = terminals.joined(tree)
    for label in sorted(tree, key=lambda label: _place("config", label)):
        group = label.removeprefix("no ").split(" ")[0].split("-")[0]
        if tree[label] or group != before or _opens("config", label):
            written.append("!")
        before = group
        written += _section("config", label, tree[label], 0)
    return [*written, "!"]


def _opens(mode: str, label: str) -> bool:
    match = parsed(mode, label)
    return bool(match.rule and match.rule.action)


def _place(mode: str, label: str) -> tuple[int, tuple[int, tuple[int, ...]], str]:
    match = parsed(mode, "ip address dhcp" if label == "no ip address" else label)
    order = match.rule.order if match.rule else 9999
    if label.startswith("interface "):
        return order, kinds.rank(label.partition(" ")[2]), ""
    if mode.endswith("nacl"):
        return 0, (0, _octets(label.partition(" ")[0])), ""
    if mode == "config-router-bgp" and label.startswith("neighbor "):
        # All lines of one neighbour stand together.
        return _FIRST_NEIGHBOR, (0, _octets(match.words[1])), f"{order:05d}"
    return order, (0, ()), ""


_FIRST_NEIGHBOR = 9


def _octets(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def _section(mode: str, label: str, below: Tree, depth: int) -> list[str]:
    indent = " " * depth
    written = [indent + label]
    match = parsed(mode, label)
    inner = match.rule.action if match.rule else ""
    if not inner:
        return written
    if inner == "config-if" and not any(child.startswith("ip address") for child in below):
        below = {**below, "no ip address": EMPTY}
    for child in sorted(below, key=lambda child: _place(inner, child)):
        if inner in ("config-router-bgp", "config-vrf") and _opens(inner, child):
            written.append(f"{indent} !")
        written += _section(inner, child, below[child], depth + 1)
    if inner == "config-router-af":
        written.append(f"{indent}exit-address-family")
    return written


def dump(_chassis: Chassis, tree: Tree) -> str:
    """A configuration as text that `load` takes."""
    return "\n".join([*lines(tree), "end", ""])


def load(chassis: Chassis, tree: Tree, text: str) -> Tree:
    """Configuration text merged into a tree, as `copy FILE running-config` does: wrong lines are passed over."""
    path: tuple[str, ...] = ()
    for line, banner in _logical_lines(text):
        if banner:
            tree = put_banner(tree, line, banner)
        elif not line.startswith(" ") and line.strip():
            path = ()
        if banner or not line.strip() or line.startswith("!") or line.strip() == "end":
            continue
        if line.strip() in ("exit-address-family", "exit"):
            path = path[:-1]
            continue
        applied = apply(tree, path, line, chassis)
        tree, path = applied.tree, applied.path
    return tree


def _logical_lines(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    waiting = iter(text.splitlines())
    for line in waiting:
        words = line.split(" ", 2)
        if words[0] == "banner" and len(words) > 2:  # noqa: PLR2004 - banner KIND TEXT
            mark, rest = delimiter(words[2])
            while mark not in rest:
                following = next(waiting, None)
                if following is None:
                    break
                rest += "\n" + following
            found.append((f"banner {words[1]}", rest.partition(mark)[0]))
        else:
            found.append((line, ""))
    return found


def delimiter(text: str) -> tuple[str, str]:
    """A banner's delimiting character and what follows it; `^C` may be written out."""
    return ("^C", text[2:]) if text.startswith("^C") else (text[:1], text[1:])


def put_banner(tree: Tree, name: str, text: str) -> Tree:
    """Set a banner; the text keeps its line breaks."""
    for label in tree:
        if label.startswith(f"{name} "):
            tree = drop(tree, (label,))
    return put(tree, (f"{name} ^C{text}^C",))
