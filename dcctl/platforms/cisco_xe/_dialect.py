"""How IOS XE writes its configuration, and what turns one into another.

Source: Cisco, IOS XE 17 command references.
"""

from __future__ import annotations

import re

from dcctl.platforms import _hierarchy
from dcctl.platforms._hierarchy import Dialect, Entry, Tree

_VTY = re.compile(r"line vty (\d+)(?: (\d+))?")


def _expand(tree: Tree) -> Tree:
    """`line vty 0 4` as five lines: the router splits and joins such ranges as it likes."""
    expanded: Tree = {}
    for line, inner in tree.items():
        below = _policed(inner) if line.startswith("policy-map ") else inner
        match = _VTY.fullmatch(line)
        if not match:
            expanded[line] = below
            continue
        first, last = int(match[1]), int(match[2] or match[1])
        for number in range(first, last + 1):
            expanded.setdefault(f"line vty {number}", {}).update(below)
    return expanded


def _policed(classes: Tree) -> Tree:
    """A policer in one line: releases differ in whether its actions stand below it."""

    def said(line: str, below: Tree) -> str:
        words = " ".join(" ".join((line, *below)).split())
        return re.sub(r"^police cir ", "police ", words)

    return {
        name: {
            said(line, actions): {} for line, actions in below.items() if line.startswith("police ")
        }
        | {line: more for line, more in below.items() if not line.startswith("police ")}
        for name, below in classes.items()
    }


def _repair(entries: list[Entry], want: Tree) -> list[Entry]:
    for entry in entries:
        if entry.text.startswith("no banner "):
            entry.text = " ".join(entry.text.split()[:3])
        if entry.text.startswith("router bgp "):
            _hierarchy.forget_neighbors(entry)
        if entry.text.startswith("interface "):
            _restore_addresses(entry, want.get(entry.text, {}))
    return sorted(_joined(entries), key=_turn)


def _turn(entry: Entry) -> int:
    """What others name comes before them: a server before its group, a list before its line."""
    if entry.text.startswith("no "):
        return 0
    named = (
        *("service ", "aaa new-model", "ip access-list ", "tacacs server ", "key chain "),
        *("class-map ", "policy-map ", "flow exporter ", "flow monitor "),
    )
    return next((at for at, one in enumerate(named, 1) if entry.text.startswith(one)), 9)


def _restore_addresses(port: Entry, want: Tree) -> None:
    """Moving a port to another VRF removes its addresses: give them again, after it."""
    if not any(re.match(r"(?:no )?vrf forwarding", entry.text) for entry in port.below):
        return
    addresses = [line for line in want if line.startswith(("ip address ", "ipv6 address "))]
    moved = [e for e in port.below if "vrf forwarding" in e.text]
    rest = [e for e in port.below if e not in moved and e.text not in addresses]
    port.below = [*moved, *(Entry(line) for line in addresses), *rest]


def _joined(entries: list[Entry]) -> list[Entry]:
    """Neighbouring `line vty` entries that say the same, as one range."""
    lines = sorted(
        (entry for entry in entries if _VTY.fullmatch(entry.text)),
        key=lambda entry: int(entry.text.split()[2]),
    )
    ranges: list[tuple[int, int, list[Entry]]] = []
    for entry in lines:
        number = int(entry.text.split()[2])
        if ranges and ranges[-1][1] == number - 1 and ranges[-1][2] == entry.below:
            ranges[-1] = (ranges[-1][0], number, entry.below)
        else:
            ranges.append((number, number, entry.below))
    rest = [entry for entry in entries if entry not in lines]
    return rest + [Entry(f"line vty {first} {last}", below) for first, last, below in ranges]


def _singles() -> tuple[tuple[str, ...], ...]:
    port = "interface .*"
    top = (
        r"hostname ",
        r"banner (\S+) ",
        r"clock timezone ",
        r"logging buffered",
        r"logging origin-id ",
        r"logging trap",
        r"logging source-interface ",
        r"ip domain name ",
        r"ip ssh (\S+) ",
        r"ntp source ",
        r"enable secret ",
        r"username (\S+) ",
        r"service timestamps (\S+) ",
        r"login (on-\S+)",
    )
    per_port = (
        *("description ", "mtu ", "ip mtu ", "ip address (?!.*secondary)", "vrf forwarding "),
        *("isis metric ", "isis network ", "bfd interval ", "ip router isis", "load-interval "),
        *("ip ospf cost ", "ip ospf network ", r"ip ospf \d+ area ", "isis circuit-type "),
    )
    neighbor = r"neighbor (\S+) (remote-as|description|update-source|password|timers) "
    return (
        *((line,) for line in top),
        *((port, line) for line in per_port),
        ("router ospf", "router-id "),
        *(("router isis", line) for line in ("is-type ", "metric-style ", "net ")),
        *(("router bgp", line) for line in (neighbor, "bgp router-id ", "bgp cluster-id ")),
        *(("line .*", line) for line in ("exec-timeout ", "transport input ", "access-class ")),
        *(("archive", line) for line in ("path ", "maximum ")),
    )


DIALECT = Dialect(
    depths={
        "hostname": 1,
        "username": 2,
        "service timestamps": 3,
        "ip domain": 3,
        "ip ssh": 3,
        "ip http": 3,
        "ip route": 2,
        "ip route vrf": 4,
        "aaa authentication": 4,
        "aaa authorization": 4,
        "aaa accounting": 4,
        "snmp-server": 2,
        "banner": 2,
        "clock": 2,
        "version": 0,
    },
    ignored=(
        r"Building configuration.*",
        r"Current configuration.*",
        r"version .*",
        r"ntp clock-period .*",
        r"boot-(?:start|end)-marker",
    ),
    defaults=(
        r"negotiation auto",
        r"no mop \w+",
        r"no ip address",
        r"no switchport",
        r"no keepalive",
        r"stopbits 1",
        r"aaa session-id common",
        r"login(?: local)?",
        r"transport preferred .*",
    ),
    unshown=("no shutdown", "no ip address"),
    single=_singles(),
    destructive=(
        r"no interface .*",
        r"no router .*",
        r"no neighbor \S+ remote-as .*",
        r"no ip address.*",
        r"no vrf .*",
        r"no username .*",
        r"no ip route .*",
        r"no aaa .*",
        r"no line .*",
        r"no net .*",
        r"no ip router isis.*",
        r"no ip ospf \d+ area .*",
        r"no mpls ip",
        r"shutdown",
    ),
    expand=_expand,
    repair=_repair,
    exits={"address-family": "exit-address-family"},
)
