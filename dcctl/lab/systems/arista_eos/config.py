"""EOS configuration: how it is written, what it asks for, what a fresh box has."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import replace

from dcctl.lab.elements.indented import Dialect
from dcctl.lab.elements.intents import area_and_system, circuit_levels, first_address
from dcctl.lab.elements.model import BgpIntent, Chassis, Element, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put, sections, value, values
from dcctl.lab.systems.arista_eos import drains, kinds, protocols, software
from dcctl.lab.systems.arista_eos.commands import BORROWS, MODES

_CLEAR = re.compile(
    r"^(username \S+ (?:.* )?secret|enable (?:secret|password))(?: 0)? (?!sha512 |5 |\*)(\S+)$"
)
# What must be known again is turned around: type 7.
_KEY = re.compile(
    r"^((?:tacacs-server host .*|isis authentication|neighbor \S+) (?:key|password)"
    r"|(?:ntp authentication-key|ip ospf message-digest-key) \d+ \S+)(?: 0)? (?!7 )(\S+)$"
)
_HIDE = re.compile(
    r"(?P<kept>\b(?:secret|password|key|community|md5)\s+(?:(?:\d|sha512)\s+)?)(?P<secret>\S.*)$"
)


def hidden(line: str) -> str:
    """The line as it is stored: a secret typed in clear is hashed."""
    found = _CLEAR.match(line)
    if found is None:
        key = _KEY.match(line)
        digest = hashlib.sha256(line.encode()).hexdigest()[:16].upper()
        return f"{key.group(1)} 7 {digest}" if key else line
    # A device takes a random salt and many rounds; this is a function of the line, so runs repeat.
    digest = hashlib.sha512(line.encode()).hexdigest()
    return f"{found.group(1)} sha512 $6${digest[:16]}${digest[16:102]}"


def masked(line: str) -> str:
    """The line for a log."""
    return _HIDE.sub(r"\g<kept>*****", line)


def _label(mode: str, text: str, here: Tree) -> str:
    if mode in ("acl", "std-acl", "ip-pfx") and not text[0].isdigit() and text[:3] != "seq":
        if text.startswith("counters"):
            return text
        taken = [int(found[0]) for label in here if (found := re.findall(r"\d+", label[:16]))]
        number = (max(taken, default=0) // 10 + 1) * 10
        return f"seq {number} {text}" if mode == "ip-pfx" else f"{number} {text}"
    return hidden(text.replace(" min_rx ", " min-rx "))


def _exists(label: str, chassis: Chassis) -> bool:
    if not label.startswith("interface "):
        return True
    name = label.partition(" ")[2].partition(".")[0]
    known = {port.name for port in chassis.ports}
    return kinds.kind_of(name) not in kinds.PHYSICAL or name in known


def _permanent(label: str, chassis: Chassis) -> bool:
    return label.startswith("interface ") and label.partition(" ")[2] in {
        port.name for port in chassis.ports
    }


def _after(before: Tree, tree: Tree, path: tuple[str, ...]) -> Tree:
    """A VRF begins without routing, and shows it; a port that moves to another loses its addresses."""
    if tree is not before:
        tree = _routing_vrfs(tree)
    if not path or not path[-1].startswith("interface "):
        return tree
    old, new = get(before, path) or EMPTY, get(tree, path) or EMPTY
    if value(old, "vrf") != value(new, "vrf"):
        for label in new:
            if label.startswith("ip address ") and label in old:
                tree = drop(tree, (*path, label))
    return tree


def _routing_vrfs(tree: Tree) -> Tree:
    vrfs = {label.removeprefix("vrf instance ") for label in tree if label.startswith("vrf inst")}
    said = {label for label in tree if "ip routing vrf " in label}
    for name in vrfs - {label.rpartition(" ")[2] for label in said}:
        tree = put(tree, (f"no ip routing vrf {name}",))
    for label in said:
        if label.rpartition(" ")[2] not in vrfs:
            tree = drop(tree, (label,))
    return tree


def _unshown(mode: str, label: str, _section: Tree) -> bool:
    return mode == "config" and label.startswith("boot system")


DIALECT = Dialect(
    modes=MODES,
    kinds=kinds.KINDS,
    step=3,
    borrows=BORROWS,
    grouped=("neighbor",),
    exists=_exists,
    permanent=_permanent,
    label=_label,
    after=_after,
    hidden=_unshown,
    rank=kinds.rank,
    ordered=frozenset({"any", "route-map", "cp"}),
    apart=frozenset({"router-bgp-af", "router-bgp-vrf", "router-isis-af", "mgmt-vrf"}),
)


# --- written out ----------------------------------------------------------------------------


def lines(tree: Tree) -> list[str]:
    """The body of `show running-config`, from its first `!` to the last one before `end`."""
    written: list[str] = []
    before = ""
    for label, section in DIALECT.sections(tree):
        group = _group(label)
        if len(section) > 1 or group != before or not group:
            written.append("!")
        before = group if len(section) == 1 else ""
        written += section if not label.startswith("banner ") else label.split("\n")
    return [*written, "!"]


def _group(label: str) -> str:
    """Lines of one group stand together without a `!` between them."""
    words = label.removeprefix("no ").split()
    if words[0] in ("interface", "router", "management", "vlan", "vrf", "banner", "route-map"):
        return ""
    return " ".join(words[:2]) if words[0] in ("ip", "aaa") else words[0]


def heading(element: Element, command: str) -> list[str]:
    """What stands above a configuration."""
    tree, chassis = element.running, element.chassis
    return [
        f"! Command: {command}",
        f"! device: {hostname(tree)} ({chassis.model}, EOS-{element.software.release})",
        "!",
        f"! boot system {software.boots(element)}",
    ]


def dump(_chassis: Chassis, tree: Tree) -> str:
    """A configuration as text that `load` takes."""
    return "\n".join([*lines(tree), "end", ""])


def load(chassis: Chassis, tree: Tree, text: str) -> Tree:
    """Configuration text merged into a tree, as `copy FILE running-config` does."""
    rest: list[str] = []
    rows = iter(text.splitlines())
    for row in rows:
        if row.startswith("banner ") and len(row.split()) == 2:  # noqa: PLR2004 - banner KIND
            body: list[str] = []
            for inner in rows:
                if inner.strip() == "EOF":
                    break
                body.append(inner)
            tree = put_banner(tree, row.strip(), "\n".join(body))
        else:
            rest.append(row)
    return DIALECT.load(chassis, tree, "\n".join(rest))


def put_banner(tree: Tree, name: str, text: str) -> Tree:
    """Set a banner; the text keeps its line breaks."""
    for label in tree:
        if label.startswith(f"{name}\n"):
            tree = drop(tree, (label,))
    return put(tree, (f"{name}\n{text}\nEOF",))


def banner(tree: Tree, kind: str) -> str:
    """The text of a banner."""
    start = f"banner {kind}\n"
    text = next((label[len(start) :] for label in tree if label.startswith(start)), "")
    return text.removesuffix("EOF")


# --- what it asks for ------------------------------------------------------------------------


def hostname(tree: Tree) -> str:
    """The configured name."""
    return value(tree, "hostname", "localhost")


def routed(name: str, tree: Tree) -> bool:
    """Whether the interface is no switched port."""
    kind = kinds.kind_of(name)
    return kind not in ("Ethernet", "Port-Channel") or "no switchport" in tree


def addresses(tree: Tree) -> tuple[str, ...]:
    """The IPv4 addresses of an interface's section."""
    found = (line.split()[0] for line in values(tree, "ip address"))
    return tuple(one for one in found if "/" in one)


def intent(_chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    name, isis = next(sections(tree, "router isis"), ("", EMPTY))
    asn, bgp = next(sections(tree, "router bgp"), ("0", EMPTY))
    area, system_id = area_and_system(value(isis, "net"))
    ports = {
        port: _port(port, below, isis, name, tree) for port, below in sections(tree, "interface")
    }
    ospf = get(tree, (protocols.process(tree),)) or EMPTY
    number = value(bgp, "router-id") or value(ospf, "router-id")
    return Intent(
        hostname=hostname(tree),
        ports=ports,
        area=area,
        system_id=system_id,
        overload=drains.steady(isis, "set-overload-bit"),
        max_metric=drains.steady(ospf, "max-metric router-lsa"),
        graceful_shutdown=drains.graceful(tree, bgp),
        asn=int(asn) if asn.isdecimal() else 0,
        router_id=number or first_address(ports, "Loopback0"),
        bgp=tuple(_neighbors(bgp, ports)),
        lldp="no lldp run" not in tree,
        ntp=tuple(_hosts(values(tree, "ntp server"))),
        logging=tuple(_hosts(values(tree, "logging host"))),
    )


def _hosts(found: list[str]) -> list[str]:
    rows = [line.split() for line in found]
    return [row[2] if row[0] == "vrf" else row[0] for row in rows]


def _port(name: str, section: Tree, isis: Tree, instance: str, tree: Tree) -> PortIntent:
    circuit = value(section, "isis circuit-type") or value(isis, "is-type", "level-1-2")
    families = [below for label, below in isis.items() if label.startswith("address-family ipv4")]
    speaks = bool(families) and value(section, "isis enable") == instance and bool(instance)
    all_bfd = any("bfd all-interfaces" in below for below in families)
    return replace(
        protocols.of(name, section, tree) if routed(name, section) else PortIntent(),
        enabled="shutdown" not in section,
        description=value(section, "description"),
        addresses=addresses(section) if routed(name, section) else (),
        isis=speaks and routed(name, section),
        passive="isis passive" in section or f"passive {name}" in isis,
        bfd=("isis bfd" in section or all_bfd) and "no isis bfd" not in section,
        lldp="no lldp transmit" not in section and "no lldp receive" not in section,
        levels=circuit_levels(circuit),
        metric=int(value(section, "isis metric", "10")),
    )


def _neighbors(bgp: Tree, ports: dict[str, PortIntent]) -> list[BgpIntent]:
    families = [below for label, below in bgp.items() if label.startswith("address-family ipv4")]
    silent = "no bgp default ipv4-unicast" in bgp
    found = []
    for address, remote in _peers(bgp):
        active = any(f"neighbor {address} activate" in family for family in families)
        group = value(bgp, f"neighbor {address} peer group")
        active = active or any(f"neighbor {group} activate" in family for family in families)
        source = value(bgp, f"neighbor {address} update-source") or (
            value(bgp, f"neighbor {group} update-source") if group else ""
        )
        found.append(
            BgpIntent(
                address=address,
                remote_as=remote,
                enabled=f"neighbor {address} shutdown" not in bgp and (active or not silent),
                source=first_address(ports, source),
                description=value(bgp, f"neighbor {address} description"),
            )
        )
    return found


def _peers(bgp: Tree) -> list[tuple[str, int]]:
    """Every neighbour with its AS number, be it its group's."""
    numbers = {}
    for line in values(bgp, "neighbor"):
        name, _, rest = line.partition(" ")
        if rest.startswith("remote-as ") and rest.split()[1].isdecimal():
            numbers[name] = int(rest.split()[1])
        group = rest.removeprefix("peer group ") if rest.startswith("peer group ") else ""
        if group:
            numbers.setdefault(name, _group_as(bgp, group))
    return [(name, number) for name, number in numbers.items() if number and _address(name)]


def _group_as(bgp: Tree, group: str) -> int:
    stated = value(bgp, f"neighbor {group} remote-as", "0")
    return int(stated) if stated.isdecimal() else 0


def _address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def day_zero(chassis: Chassis) -> Tree:
    """What the factory and the first console session leave: a name, an address, an account, SSH."""
    tree: Tree = EMPTY
    for port in chassis.ports:
        tree = put(tree, (f"interface {port.name}",))
    management = ""
    if chassis.management_port and chassis.management_address:
        management = (
            f"vrf instance MGMT\ninterface {chassis.management_port}\n   vrf MGMT\n"
            f"   ip address {chassis.management_address}\nmanagement ssh\n   vrf MGMT\n"
            "      no shutdown\n"
        )
        if chassis.management_gateway:
            management += f"ip route vrf MGMT 0.0.0.0/0 {chassis.management_gateway}\n"
    return load(chassis, tree, _DAY_ZERO.format(chassis=chassis) + management)


_DAY_ZERO = """\
transceiver qsfp default-mode 4x10G
service routing protocols model multi-agent
hostname {chassis.name}
spanning-tree mode mstp
no aaa root
aaa authorization exec default local
username {chassis.username} privilege 15 role network-admin secret sha512 $6$labfactory$F6ZsQPK
no ip routing
"""
