"""IOS XE configuration: how a line changes the tree, how the tree is written out, what it asks for."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import BgpIntent, Chassis, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put
from dcctl.lab.systems.cisco_xe import kinds, secrets
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
            return _do(tree, path[:depth], match, chassis, negated=negated)
        wrong = match if match.error else Match(error="invalid", column=body.find(" ") + 1)
        if first is None or wrong.column > first.column:
            first = wrong
    assert first is not None  # noqa: S101 - a path has at least its top
    return Applied(
        tree=tree, path=path, wrong=Match(error=first.error, column=first.column + indent)
    )


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
    if negated:
        return Applied(tree=_negate(tree, path, match, chassis), path=path)
    if match.words[:2] == ("line", "vty"):
        return _enter_lines(tree, match)
    rule = match.rule
    assert rule is not None  # noqa: S101 - a match without error has its rule
    mode = modes(path)[-1]
    label = secrets.hidden(match.text)
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
    return Applied(tree=put(tree, (*path, label)), path=path)


def _enter_lines(tree: Tree, match: Match) -> Applied:
    """Virtual terminals are a range: a wider one takes in what narrower ones had, a narrower one lies in the wider."""
    first, last = int(match.words[2]), int(match.words[-1])
    label, below = f"line vty {first} {last}", EMPTY
    for old in [one for one in tree if one.startswith("line vty ")]:
        words = old.split()
        start, end = int(words[2]), int(words[-1])
        if start <= first and last <= end:
            return Applied(tree=tree, path=(old,))
        if first <= start and end <= last:
            below = {**tree[old], **below}
            tree = drop(tree, (old,))
    return Applied(tree=put(tree, (label,), below), path=(label,))


def _negate(tree: Tree, path: tuple[str, ...], match: Match, chassis: Chassis) -> Tree:
    mode = modes(path)[-1]
    here = get(tree, path) or EMPTY
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
        return 0, (0, ()), ""
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


# --- what it asks for -----------------------------------------------------------------------------------------


def value(tree: Tree, start: str, default: str = "") -> str:
    """What follows the words `start` in the first line that begins with them."""
    for label in tree:
        if label.startswith(f"{start} "):
            return label[len(start) + 1 :]
    return default


def values(tree: Tree, start: str) -> list[str]:
    """What follows the words `start` in every line that begins with them."""
    return [label[len(start) + 1 :] for label in tree if label.startswith(f"{start} ")]


def intent(_chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    isis = next(
        (tree[label] for label in tree if label.split(" ")[:2] == ["router", "isis"]), EMPTY
    )
    net = value(isis, "net").split(".")
    ports = {
        label.partition(" ")[2]: _port(label.partition(" ")[2], tree[label], isis)
        for label in tree
        if label.startswith("interface ")
    }
    asn, bgp = next(
        ((label.split(" ")[2], tree[label]) for label in tree if label.startswith("router bgp ")),
        ("0", EMPTY),
    )
    return Intent(
        hostname=value(tree, "hostname", "Router"),
        ports=ports,
        area=".".join(net[:-4]),
        system_id=".".join(net[-4:-1]) if len(net) > 4 else "",  # noqa: PLR2004 - area.sys.tem.id.sel
        overload=any(label.startswith("set-overload-bit") for label in isis),
        asn=int(asn),
        router_id=value(bgp, "bgp router-id") or _first_address(ports, "Loopback0"),
        bgp=tuple(_neighbors(bgp, ports)),
        lldp="lldp run" in tree,
        ntp=tuple(_addressed(values(tree, "ntp server"))),
        logging=tuple(_addressed(values(tree, "logging host"))),
    )


def _addressed(found: list[str]) -> list[str]:
    words = [line.split() for line in found]
    return [line[2] if line[0] == "vrf" else line[0] for line in words]


def _port(name: str, tree: Tree, isis: Tree) -> PortIntent:
    addresses = [
        str(ipaddress.IPv4Interface(f"{words[0]}/{words[1]}"))
        for words in (line.split() for line in values(tree, "ip address"))
        if len(words) > 1
    ]
    passive = f"passive-interface {name}" in isis or (
        "passive-interface default" in isis and f"no passive-interface {name}" not in isis
    )
    circuit = value(tree, "isis circuit-type") or value(isis, "is-type", "level-1-2")
    return PortIntent(
        enabled="shutdown" not in tree,
        description=value(tree, "description"),
        addresses=tuple(addresses),
        isis=any(label.startswith("ip router isis") for label in tree) and bool(isis),
        passive=passive,
        bfd=_bfd(tree, isis),
        lldp="no lldp transmit" not in tree and "no lldp receive" not in tree,
        levels={"level-1": frozenset({1}), "level-2-only": frozenset({2})}.get(
            circuit, frozenset({1, 2})
        ),
    )


def _bfd(tree: Tree, isis: Tree) -> bool:
    timers = any(label.startswith(("bfd interval", "bfd template")) for label in tree)
    return (
        timers
        and ("isis bfd" in tree or "bfd all-interfaces" in isis)
        and "no isis bfd" not in tree
    )


def _first_address(ports: dict[str, PortIntent], name: str) -> str:
    port = ports.get(name)
    return port.addresses[0].partition("/")[0] if port and port.addresses else ""


def _neighbors(bgp: Tree, ports: dict[str, PortIntent]) -> list[BgpIntent]:
    families = [below for label, below in bgp.items() if label.startswith("address-family")]
    found = []
    for address, _, remote in (line.partition(" remote-as ") for line in values(bgp, "neighbor")):
        if not remote or not remote.isdecimal():
            continue
        source = value(bgp, f"neighbor {address} update-source")
        silent = "no bgp default ipv4-unicast" in bgp
        active = any(f"neighbor {address} activate" in family for family in families)
        found.append(
            BgpIntent(
                address=address,
                remote_as=int(remote),
                enabled=f"neighbor {address} shutdown" not in bgp and (active or not silent),
                source=_first_address(ports, source),
                description=value(bgp, f"neighbor {address} description"),
            )
        )
    return found


def day_zero(chassis: Chassis) -> Tree:
    """What the factory and the first console session leave: a name, an address, an account, SSH."""
    tree: Tree = EMPTY
    for port in chassis.ports:
        tree = put(tree, (f"interface {port.name}", "shutdown"))
    return load(chassis, tree, _DAY_ZERO.format(chassis=chassis, management=_management(chassis)))


def _management(chassis: Chassis) -> str:
    if not chassis.management_port or not chassis.management_address:
        return ""
    at = ipaddress.IPv4Interface(chassis.management_address)
    gateway = chassis.management_gateway
    return (
        f"interface {chassis.management_port}\n vrf forwarding Mgmt-intf\n"
        f" ip address {at.ip} {at.netmask}\n no shutdown\n negotiation auto\n"
    ) + (f"ip route vrf Mgmt-intf 0.0.0.0 0.0.0.0 {gateway}\n" if gateway else "")


_DAY_ZERO = """\
version 17.9
service timestamps debug datetime msec
service timestamps log datetime msec
platform qfp utilization monitor load 80
hostname {chassis.name}
boot-start-marker
boot-end-marker
vrf definition Mgmt-intf
 address-family ipv4
 exit-address-family
ip domain name lab
username {chassis.username} privilege 15 secret 9 $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6
redundancy
 mode none
ip ssh version 2
{management}ip forward-protocol nd
ip http server
ip http secure-server
control-plane
line con 0
 stopbits 1
line vty 0 4
 login local
 transport input ssh
"""
