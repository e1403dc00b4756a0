"""NX-OS configuration: how it is written, what features bring, what it asks for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dcctl.lab.elements.indented import Dialect
from dcctl.lab.elements.intents import area_and_system, circuit_levels, first_address
from dcctl.lab.elements.model import BgpIntent, Chassis, Element, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put, sections, value, values
from dcctl.lab.systems.cisco_nxos import kinds, maintenance, protocols, software
from dcctl.lab.systems.cisco_nxos.commands import MODES

_CLEAR = re.compile(r"^(username \S+ password)(?: 0)? (?!5 |7 )(\S+)(.*)$")
# What must be known again is turned around: type 7, and 3 for BGP and OSPF.
_KEYS = (
    (
        re.compile(
            r"^(key-string|tacacs-server host \S+ key|scheduler aaa-authentication .*password)"
            r"(?: 0)? (?!\d )(\S+)(.*)$"
        ),
        '{0} 7 "{1}"{2}',
    ),
    (re.compile(r"^(ntp authentication-key \d+ md5) (?!.* 7$)(\S+)(?: 0)?()$"), "{0} {1} 7"),
    (
        re.compile(r"^(password|ip ospf message-digest-key \d+ md5)(?: 0)? (?!\d )(\S+)()$"),
        "{0} 3 {1}",
    ),
)
_HIDE = re.compile(
    r"(?P<kept>\b(?:password|secret|key|key-string|community|md5)\s+(?:\d\s+)?)(?P<secret>\S.*)$"
)
_L3 = ("ip ", "ipv6 ", "isis ", "vrf member ", "bfd ", "medium ", "mpls ", "no ip ", "no isis ")


def hidden(line: str) -> str:
    """The line as it is stored: a password typed in clear is hashed."""
    found = _CLEAR.match(line)
    if found is None:
        return _turned(line)
    # A device takes a random salt; this one is a function of the line, so that runs repeat.
    digest = hashlib.sha256(line.encode()).hexdigest()
    return f"{found.group(1)} 5 $5${digest[:8].upper()}${digest[8:51]}{found.group(3)}"


def _turned(line: str) -> str:
    for pattern, form in _KEYS:
        found = pattern.match(line)
        if found:
            digest = hashlib.sha256(line.encode()).hexdigest()[:16]
            return form.format(found.group(1), digest, found.group(3))
    return line


def masked(line: str) -> str:
    """The line for a log."""
    return _HIDE.sub(r"\g<kept>*****", line)


def _label(mode: str, text: str, here: Tree) -> str:
    if mode == "acl" and text.split(" ", maxsplit=1)[0] in ("permit", "deny", "remark"):
        taken = [int(label.split(" ")[0]) for label in here if label[0].isdigit()]
        return f"{(max(taken, default=0) // 10 + 1) * 10} {text}"
    return hidden(text)


def features(tree: Tree) -> frozenset[str]:
    """What is switched on, by the names that the tables use."""
    found = {label.removeprefix("feature ") for label in tree if label.startswith("feature ")}
    if "install feature-set mpls" in tree:
        found.add("install mpls")
    if "feature-set mpls" in tree:
        found.add("feature-set mpls")
    return frozenset(found)


def _exists(label: str, chassis: Chassis) -> bool:
    if not label.startswith("interface "):
        return True
    name = label.partition(" ")[2].partition(".")[0]
    return kinds.kind_of(name) not in kinds.PHYSICAL or name in {
        port.name for port in chassis.ports
    }


def _permanent(label: str, chassis: Chassis) -> bool:
    if label in ("vrf context management", "line console", "line vty", "vlan 1"):
        return True
    return label.startswith("interface ") and label.partition(" ")[2] in {
        port.name for port in chassis.ports
    }


def _after(before: Tree, tree: Tree, path: tuple[str, ...]) -> Tree:
    """What a line takes with it: a feature its lines, a VRF or switching a port's addresses."""
    if features(before) - features(tree):
        tree = _without_features(tree)
    if not path or not path[-1].startswith("interface "):
        return tree
    old, new = get(before, path) or EMPTY, get(tree, path) or EMPTY
    if "no switchport" in old and "no switchport" not in new:
        for label in [one for one in new if one.startswith(_L3) or one == "no shutdown"]:
            tree = drop(tree, (*path, label))
    if value(old, "vrf member") != value(new, "vrf member"):
        for label in [one for one in new if one.startswith(_L3) and one[:4] != "vrf "]:
            if label in old:
                tree = drop(tree, (*path, label))
    return tree


def _without_features(tree: Tree) -> Tree:
    on = features(tree)
    for label, section in tree.items():
        needed = DIALECT.feature_of("config", label)
        if needed and needed not in on:
            tree = drop(tree, (label,))
            continue
        if label.startswith("interface "):
            for line in section:
                inner = DIALECT.feature_of("if", line)
                if inner and inner not in on:
                    tree = drop(tree, (label, line))
    return tree


def routed(name: str, section: Tree) -> bool:
    """Whether the interface is no switched port."""
    return kinds.kind_of(name) not in ("Ethernet", "port-channel") or "no switchport" in section


def enabled(name: str, section: Tree) -> bool:
    """Routed ports and VLAN interfaces are shut unless they say otherwise, all others are not."""
    kind = kinds.kind_of(name)
    if kind == "Vlan" or (kind in ("Ethernet", "port-channel") and routed(name, section)):
        return "no shutdown" in section
    return "shutdown" not in section


def _unshown(mode: str, label: str, section: Tree) -> bool:
    if mode != "if" or label not in ("shutdown", "no shutdown"):
        return False
    # `shutdown` is shown where it is not the default, which depends on what the port is.
    shut_by_default = "no switchport" in section
    return label == ("shutdown" if shut_by_default else "no shutdown")


DIALECT = Dialect(
    modes=MODES,
    kinds=kinds.KINDS,
    step=2,
    grouped=(),
    negations=("no ", "default "),
    exists=_exists,
    permanent=_permanent,
    label=_label,
    after=_after,
    hidden=_unshown,
    features=features,
    closing={"job": "end-job"},
    rank=kinds.rank,
    ordered=frozenset({"any", "job", "route-map"}),
)


# --- written out ----------------------------------------------------------------------------


def lines(tree: Tree) -> list[str]:
    """The body of `show running-config`, from `version` on."""
    written: list[str] = []
    before = ""
    for label, section in DIALECT.sections(tree):
        group = label.removeprefix("no ").split(" ")[0] if len(section) == 1 else ""
        opens = label.startswith(("interface ", "vrf context ", "line ", "router ", "vlan "))
        if (not group or opens or group != before) and written and not label.startswith("line vty"):
            written.append("")
        before = group
        written += label.split("\n") if label.startswith("banner ") else section
    return [*written, ""]


def heading(element: Element, command: str, now: float) -> list[str]:
    """What stands above a configuration."""
    return [
        "",
        f"!Command: {command}",
        f"!Running configuration last done at: {stamp(element.changed)}",
        f"!Time: {stamp(now)}",
        "",
    ]


def stamp(time: float, zone: tzinfo = UTC) -> str:
    """`Sun Nov 22 16:00:00 2026`."""
    at = datetime.fromtimestamp(time, zone)
    return f"{at:%a %b} {at.day:>2} {at:%H:%M:%S %Y}"


def dump(_chassis: Chassis, tree: Tree) -> str:
    """A configuration as text that `load` takes."""
    return "\n".join(lines(tree))


def load(chassis: Chassis, tree: Tree, text: str) -> Tree:
    """Configuration text merged into a tree, as `copy FILE running-config` does."""
    rest: list[str] = []
    rows = iter(text.splitlines())
    for row in rows:
        words = row.split(" ", 2)
        if words[0] == "banner" and len(words) > 2:  # noqa: PLR2004 - banner KIND ^TEXT^
            mark, body = words[2][0], words[2][1:]
            while mark not in body:
                following = next(rows, None)
                if following is None:
                    break
                body += "\n" + following
            tree = put_banner(tree, words[1], body.partition(mark)[0])
        else:
            rest += expanded(row)
    tree = DIALECT.load(chassis, tree, "\n".join(rest))
    if any(label.startswith("version ") for label in tree):
        return tree
    return DIALECT.load(chassis, tree, _VERSION.format(release=_release(chassis)))


def expanded(line: str) -> list[str]:
    """`neighbor X remote-as N` opens the neighbour's section and says its AS number there."""
    found = re.fullmatch(r"(\s*)(neighbor \S+) (remote-as \S+)\s*", line)
    return [f"{found[1]}{found[2]}", f"{found[1]}  {found[3]}"] if found else [line]


def put_banner(tree: Tree, kind: str, text: str) -> Tree:
    """Set a banner; the text keeps its line breaks."""
    for label in tree:
        if label.startswith(f"banner {kind} "):
            tree = drop(tree, (label,))
    return put(tree, (f"banner {kind} ^{text}^",))


def banner(tree: Tree, kind: str) -> str:
    """The text of a banner."""
    text = next((one for one in tree if one.startswith(f"banner {kind} ")), "")
    return text.partition("^")[2].removesuffix("^").strip("\n") + "\n" if text else ""


# --- what it asks for ------------------------------------------------------------------------


def hostname(tree: Tree) -> str:
    """The configured name."""
    return value(tree, "hostname", "switch")


def zone(tree: Tree) -> timezone:
    """`clock timezone ICT 7 0`, which its own clock and its schedules go by."""
    name, hours, minutes = value(tree, "clock timezone", "UTC 0 0").split()
    return timezone(timedelta(hours=int(hours), minutes=int(minutes)), name)


def addresses(section: Tree) -> tuple[str, ...]:
    """The IPv4 addresses of an interface's section."""
    found = (line.split()[0] for line in values(section, "ip address"))
    return tuple(one for one in found if "/" in one)


def intent(_chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    name, isis = next(sections(tree, "router isis"), ("", EMPTY))
    asn, bgp = next(sections(tree, "router bgp"), ("0", EMPTY))
    area, system_id = area_and_system(value(isis, "net"))
    ports = {
        port: _port(port, below, isis, name, tree) for port, below in sections(tree, "interface")
    }
    process = next((below for _, below in sections(tree, "router ospf")), EMPTY)
    number = value(bgp, "router-id") or value(process, "router-id")
    return Intent(
        hostname=hostname(tree),
        ports=ports,
        area=area,
        system_id=system_id,
        overload=maintenance.steady(isis, "set-overload-bit always") or "isolate" in isis,
        max_metric=maintenance.steady(process, "max-metric router-lsa") or "isolate" in process,
        graceful_shutdown=maintenance.graceful(tree, bgp),
        asn=int(asn) if asn.isdecimal() else 0,
        router_id=number or first_address(ports, "loopback0"),
        bgp=tuple(_neighbors(bgp, ports)),
        lldp="feature lldp" in tree,
        ntp=tuple(line.split()[0] for line in values(tree, "ntp server")),
        logging=tuple(line.split()[0] for line in values(tree, "logging server")),
    )


def _port(name: str, section: Tree, isis: Tree, instance: str, tree: Tree) -> PortIntent:
    circuit = value(section, "isis circuit-type") or value(isis, "is-type", "level-1-2")
    speaks = bool(instance) and value(section, "ip router isis") == instance
    quiet = any(label.startswith("isis passive-interface") for label in section)
    default = any(label.startswith("passive-interface default") for label in isis)
    loud = any(label.startswith("no isis passive-interface") for label in section)
    wants_bfd = ("isis bfd" in section or "bfd" in isis) and "isis bfd disable" not in section
    return replace(
        protocols.of(section, tree) if routed(name, section) else PortIntent(),
        enabled=enabled(name, section),
        description=value(section, "description"),
        addresses=addresses(section) if routed(name, section) else (),
        isis=speaks and routed(name, section),
        passive=quiet or (default and not loud),
        bfd="feature bfd" in tree and wants_bfd,
        lldp="no lldp transmit" not in section and "no lldp receive" not in section,
        levels=circuit_levels(circuit),
        metric=int(value(section, "isis metric", "10").split()[0]),
    )


def _neighbors(bgp: Tree, ports: dict[str, PortIntent]) -> Iterator[BgpIntent]:
    """A neighbour exchanges routes only of the families that its section names."""
    for address, section in sections(bgp, "neighbor"):
        template = get(bgp, (f"template peer {value(section, 'inherit peer')}",)) or EMPTY
        whole = {**template, **section}
        remote = value(whole, "remote-as", "0")
        if not remote.isdecimal() or "/" in address:
            continue
        yield BgpIntent(
            address=address,
            remote_as=int(remote),
            enabled="shutdown" not in whole
            and any(label.startswith("address-family ipv4") for label in whole),
            source=first_address(ports, value(whole, "update-source")),
            description=value(whole, "description"),
        )


def day_zero(chassis: Chassis) -> Tree:
    """What the factory and the first console session leave: a name, an address, an account, SSH."""
    tree: Tree = EMPTY
    for port in chassis.ports:
        tree = put(tree, (f"interface {port.name}",))
    management = "vrf context management\n"
    if chassis.management_gateway:
        management += f"  ip route 0.0.0.0/0 {chassis.management_gateway}\n"
    if chassis.management_port and chassis.management_address:
        management += (
            f"interface {chassis.management_port}\n  vrf member management\n"
            f"  ip address {chassis.management_address}\n"
        )
    image = software.file_name(_release(chassis))
    text = _DAY_ZERO.format(chassis=chassis, image=image)
    return load(chassis, tree, text + management)


def _release(chassis: Chassis) -> str:
    return chassis.release or software.RELEASE


_VERSION = "version {release} Bios:version 05.45\n"  # the switch says it, whoever configured it
_DAY_ZERO = """\
hostname {chassis.name}
vdc {chassis.name} id 1
  limit-resource vlan minimum 16 maximum 4094
  limit-resource vrf minimum 2 maximum 4096
  limit-resource port-channel minimum 0 maximum 511
no password strength-check
username {chassis.username} password 5 $5$LABFACTO$Xq0WcVv3QJ1oGkZ7yNn5wPzR2tS8uL4mB6dE9fH1aC3  role network-admin
ip domain-lookup
copp profile strict
vlan 1
line console
line vty
boot nxos bootflash:/{image}
"""
