"""How NX-OS writes its configuration, and what turns one into another."""

from __future__ import annotations

import ipaddress
import re

from dcctl.contracts import Remediation
from dcctl.platforms import _hierarchy
from dcctl.platforms._hierarchy import Dialect, Entry, Tree

NET = "dcctl-net"  # the checkpoint, the job and the schedule of the safety net
FEATURE = "feature scheduler"

_NET_LINE = re.compile(rf"scheduler (?:job|schedule) name {NET}")
_UNSAID = re.compile(
    r"^((?:ntp|logging) server .*?)(?: use-vrf default| facility local7)+( key \d+)?$"
)
_REMOTE_AS = re.compile(r"(neighbor \S+) (remote-as \S+)")


def _expand(tree: Tree) -> Tree:
    """One form for what releases write differently, without the safety net's own lines."""
    plain: Tree = {}
    for line, below in tree.items():
        words = _UNSAID.sub(r"\1\2", " ".join(line.split())) if "\n" not in line else line
        if _NET_LINE.fullmatch(words):
            continue
        if words.startswith("router bgp "):
            plain[words] = _neighbors(below)
        elif words.startswith("interface "):
            plain[words] = _port(below)
        else:
            plain[words] = below
    return plain


def _port(port: Tree) -> Tree:
    """Without what is the default: a routed port is shut, any other is not."""
    silent = "shutdown" if "no switchport" in port else "no shutdown"
    return {_dotted(line): below for line, below in port.items() if line != silent}


def _dotted(line: str) -> str:
    """An OSPF area is shown as an address, however it was typed."""
    found = re.fullmatch(r"(ip router ospf \S+ area )(\d+)", line)
    return f"{found[1]}{ipaddress.IPv4Address(int(found[2]))}" if found else line


def _neighbors(bgp: Tree) -> Tree:
    """`neighbor X remote-as N` as a section that says so inside, as newer releases have it."""
    found: Tree = {}
    for line, below in bgp.items():
        one = _REMOTE_AS.fullmatch(line)
        if one:
            found.setdefault(one[1], {}).update({one[2]: {}, **below})
        elif line.startswith("vrf "):
            found[line] = _neighbors(below)
        else:
            found.setdefault(line, {}).update(below)
    return found


def _repair(entries: list[Entry], want: Tree) -> list[Entry]:
    for entry in entries:
        if entry.text.startswith("no banner "):
            entry.text = " ".join(entry.text.split()[:3])
        if entry.text.startswith("interface "):
            _restore_addresses(entry, want.get(entry.text, {}))
    # A feature comes before what needs it, and goes after it.
    return sorted(entries, key=_turn)


_FEATURES = ("install feature-set ", "feature-set ", "feature ")  # each needs those before it


def _turn(entry: Entry) -> tuple[int, int]:
    text = entry.text.removeprefix("no ")
    negated = text != entry.text
    place = next((at for at, start in enumerate(_FEATURES) if text.startswith(start)), None)
    if place is None:
        return 1 if negated else 2, 0
    return (3, -place) if negated else (0, place)


_LAYER3 = ("ip ", "ipv6 ", "isis ", "bfd ", "mpls ", "medium ")


def _restore_addresses(port: Entry, want: Tree) -> None:
    """A port that moves to another VRF, or becomes a router's port, loses what stands on it."""
    moving = re.compile(r"(?:no )?(?:vrf member \S+|switchport)$")
    moved = [entry for entry in port.below if moving.match(entry.text)]
    if not moved:
        return
    again = [line for line in want if line.removeprefix("no ").startswith(_LAYER3)]
    rest = [
        entry
        for entry in port.below
        if entry not in moved and not entry.text.removeprefix("no ").startswith(_LAYER3)
    ]
    port.below = [*moved, *(Entry(line) for line in again), *rest]
    if not any(entry.text.endswith("switchport") for entry in moved):
        return
    # The default of the one kind is not that of the other: said as it is wanted, in the end.
    up = "no shutdown" in want if "no switchport" in want else "shutdown" not in want
    kept = [entry for entry in port.below if not entry.text.endswith("shutdown")]
    port.below = [*kept, Entry("no shutdown" if up else "shutdown")]


def _singles() -> tuple[tuple[str, ...], ...]:
    port = "interface .*"
    top = (
        r"(?:hostname|switchname) ",
        r"banner (\S+) ",
        r"clock timezone ",
        r"ip domain-name ",
        r"logging (logfile|level|timestamp|source-interface|monitor|console) ",
        r"ntp source-interface ",
        r"username (\S+) password ",
        r"(?:ntp|logging) server (\S+)",
        r"ntp authentication-key (\d+) ",
        r"tacacs-server host (\S+) ",
        r"aaa (authentication login \S+|accounting \S+) ",
        r"login (block-for|quiet-mode)",
        r"copp profile ",
        r"scheduler aaa-authentication ",
    )
    per_port = (
        *("description ", "mtu ", "ip address (?!.*secondary)", "vrf member ", "speed "),
        *("ip router isis ", "isis metric ", "isis network ", "isis circuit-type "),
        *("ip ospf authentication ", r"ip ospf message-digest-key (\d+) "),
        *("isis authentication-type ", "isis authentication key-chain "),
        *("bfd interval ", "ip ospf cost ", "ip ospf network ", "ip router ospf "),
    )
    return (
        *((line,) for line in top),
        *((port, line) for line in per_port),
        *(("router isis .*", line) for line in ("net ", "is-type ")),
        *(("router bgp .*", line) for line in ("router-id ", "cluster-id ")),
        *(
            ("router bgp .*", "neighbor .*", line)
            for line in ("remote-as ", "description ", "update-source ", "password ")
        ),
        ("router ospf .*", "router-id "),
        *(("line .*", line) for line in ("exec-timeout ", "access-class ", "session-limit ")),
    )


DIALECT = Dialect(
    depths={
        "hostname": 1,
        "feature": 3,
        "install": 3,
        "username": 2,
        "ip domain-name": 2,
        "ip route": 2,
        "logging server": 2,
        "logging": 2,
        "ntp server": 2,
        "ntp source-interface": 2,
        "clock": 2,
        "banner": 2,
        "snmp-server": 2,
        "aaa authentication": 4,
        "aaa accounting": 3,
        "tacacs-server host": 3,
        "login": 2,
        "copp": 2,
        "version": 0,
        "boot": 2,
    },
    ignored=(
        r"!.*",
        r"version .*",
        r"vdc .*",
        r"limit-resource .*",
        r"end-job",
        rf"(?:terminal dont-ask ; )?rollback running-config checkpoint {NET}.*",
        FEATURE,
        r"username \S+ passphrase .*",  # what the switch itself keeps of a password's age
    ),
    defaults=(r"vlan 1", r"no password strength-check", r"rmon event .*", r"nxapi http port .*"),
    single=_singles(),
    destructive=(
        r"no interface .*",
        r"no router .*",
        r"no neighbor .*",
        r"no feature .*",
        r"no ip address.*",
        r"no vrf .*",
        r"no username .*",
        r"no ip route .*",
        r"no (?:aaa|net|ip router|access-class) .*",
        r"no ip access-list .*",
        r"shutdown",
    ),
    expand=_expand,
    repair=_repair,
)


def remediate(running: str, intended: str, *, whole: bool = False) -> Remediation:
    """From `running` to `intended`; pure. Where the scheduler is off, that comes first (`prepare`).

    With `whole`, sections that `intended` doesn't mention go.
    """
    wanted = _hierarchy.remediate(running, _said(running, intended), DIALECT, whole=whole)
    prepare = needs(running)
    if not wanted.lines or not prepare:
        return wanted
    return Remediation(
        lines=wanted.lines,
        diff=(*wanted.diff, *(f"+ {line}" for line in prepare)),
        destructive=wanted.destructive,
        prepare=prepare,
    )


def needs(running: str) -> tuple[str, ...]:
    """The scheduler that the scheduled rollback stands on, where it is off."""
    return () if re.search(rf"(?m)^{FEATURE}\s*$", running) else (FEATURE,)


def _said(running: str, intended: str) -> str:
    """`intended` without features that it wants off and that are: NX-OS doesn't show them."""
    on = set(re.findall(r"^feature .*\S", running, re.MULTILINE))
    return "\n".join(
        line
        for line in intended.splitlines()
        if not line.startswith("no feature ") or line.removeprefix("no ").strip() in on
    )
