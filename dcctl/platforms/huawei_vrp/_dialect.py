"""What turns one VRP configuration into another: `undo` as each command takes it, in its order.

Source: Huawei's command references of NetEngine 8000 (VRP8) and of AR and S5700 (VRP5).
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from dcctl.contracts import Remediation
from dcctl.platforms import _hierarchy
from dcctl.platforms._hierarchy import Dialect, Entry, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

_VIRTUAL = ("LoopBack", "Eth-Trunk", "Vlanif", "Tunnel", "NULL")

# `undo` of these takes the name of the setting only: (the line, what is negated).
_SHORT = (
    (r"(description|mtu|isis circuit-type|isis timer hello|clock priority) .*", r"\1"),
    (
        r"(isis enable|ip binding vpn-instance|sysname|clock timezone|header \w+|router-id) .*",
        r"\1",
    ),
    (r"(isis circuit-level|isis timer holding-multiplier|carrier up-hold-time) .*", r"\1"),
    (r"(is-level|cost-style|is-name|idle-timeout|authentication-mode|protocol inbound) .*", r"\1"),
    (r"(acl) \S+ (inbound|outbound)", r"\1 \2"),
    (r"(peer \S+) as-number .*", r"\1"),
    (r"(peer \S+ (?:description|connect-interface|password|timer|ebgp-max-hop)) .*", r"\1"),
    (r"(rule \d+) .*", r"\1"),
    (r"(rule name \S+) .*", r"\1"),
    (r"(local-user \S+) password .*", r"\1"),
    (r"(local-user \S+ (?:service-type|privilege level|level|state)) .*", r"\1"),
    (r"(hwtacacs-server shared-key|ip netstream export version) .*", r"\1"),
    (r"(ntp(?:-service)? authentication-keyid \d+) .*", r"\1"),
    (r"(isis authentication-mode|ospf authentication-mode|set flow-stat interval) .*", r"\1"),
    (r"(ntp(?:-service)? unicast-server \S+) .*", r"\1"),
    (r"(ntp(?:-service)? source-interface) .*", r"\1"),
    (r"(info-center loghost [\d.]+) .*", r"\1"),
    (r"(info-center loghost source) .*", r"\1"),
    (r"(info-center \w+ channel|info-center timestamp \w+) .*", r"\1"),
    (r"(bfd min-tx-interval|ospf cost|ospf network-type) .*", r"\1"),
    (r"(ospf \d+) .*", r"\1"),
    (r"(ssh user \S+ (?:authentication-type|service-type|sftp-directory)) .*", r"\1"),
    (r"(mpls lsr-id) .*", r"\1"),
    (r"(eth-trunk|mode|least active-linknumber) \S.*", r"\1"),
    (r"(stelnet server|ssh server port|ssh server-source|lldp) (?:enable|\S.*)", r"\1 enable"),
)
_RANKS = (
    # References want what they name; what is named goes only when nothing refers to it. There is
    # one BGP: another can begin when the first is gone.
    (r"no bgp .*", 0),
    (r"no mpls lsr-id.*", 8),
    (r"no mpls", 7),
    (r"no (?:interface|isis|ospf|acl|ip vpn-instance|bfd|mpls).*", 6),
    (r"no .*", 5),
    (r"(?:hwtacacs|cpu-defend).*", 1),
    (r"(?:sysname|clock|ip vpn-instance|acl|aaa|bfd|mpls|isis|ospf|lldp).*", 1),
    (r"interface .*", 2),
    (r".*", 3),
)
_WHOLE = re.compile(r"no (?:isis enable|mpls)")


def _repair(entries: list[Entry], want: Tree) -> list[Entry]:
    for entry in entries:
        if entry.text.startswith("interface "):
            _restore_addresses(entry, want.get(entry.text, {}))
        if entry.text.startswith("bgp "):
            _forget_peers(entry)
        if entry.text == "aaa":
            _forget_users(entry)
        _shorten(entry)
        # Disabled whole, a protocol takes its other lines of a port along: those go before it.
        entry.below.sort(key=lambda below: bool(_WHOLE.fullmatch(below.text)))
    users = {entry.text for entry in entries if re.fullmatch(r"no ssh user \S+", entry.text)}
    kept = (e for e in entries if e.text in users or " ".join(e.text.split()[:4]) not in users)
    return sorted(kept, key=_rank)


def _rank(entry: Entry) -> int:
    return next(rank for pattern, rank in _RANKS if re.fullmatch(pattern, entry.text))


def _shorten(entry: Entry) -> None:
    if entry.text.startswith("no "):
        line = entry.text[3:]
        for pattern, kept in _SHORT:
            if re.fullmatch(pattern, line):
                line = re.sub(pattern, kept, line)
                break
        entry.text = f"no {line}"
    for below in entry.below:
        _shorten(below)
    # Two lines of one setting are negated by the same words.
    texts = [below.text for below in entry.below]
    entry.below = [
        below for at, below in enumerate(entry.below) if below.below or below.text not in texts[:at]
    ]


def _restore_addresses(port: Entry, want: Tree) -> None:
    """Moving a port to another VPN instance takes its addresses away: give them again, after it."""
    moved = [e for e in port.below if "ip binding vpn-instance" in e.text]
    if not moved:
        return
    addresses = [line for line in want if line.startswith(("ip address ", "ipv6 address "))]
    rest = [
        e
        for e in port.below
        if e not in moved and not re.match(r"(?:no )?ip(?:v6)? address ", e.text)
    ]
    port.below = [*moved, *(Entry(line) for line in addresses), *rest]


def _forget_peers(bgp: Entry) -> None:
    """`undo peer X` takes all of X's lines: negating them again would be an error."""
    gone = {
        words[2]
        for words in (entry.text.split() for entry in bgp.below)
        if words[:2] == ["no", "peer"] and words[3:4] == ["as-number"]
    }
    for section in (bgp, *bgp.below):
        section.below = [
            entry
            for entry in section.below
            if not (
                entry.text.startswith("no peer ")
                and entry.text.split()[2] in gone
                and entry.text.split()[3:4] != ["as-number"]
            )
        ]
    bgp.below = [e for e in bgp.below if e.below or "-family" not in e.text or e.text[:3] == "no "]


def _forget_users(aaa: Entry) -> None:
    """`undo local-user X` takes all of X's lines."""
    gone = {
        entry.text.split()[2]
        for entry in aaa.below
        if re.fullmatch(r"no local-user \S+ password .*", entry.text)
        and not any(
            e.text.startswith(f"{entry.text.split(' password')[0][3:]} password") for e in aaa.below
        )
    }
    aaa.below = [
        e
        for e in aaa.below
        if not (
            e.text.startswith("no local-user ")
            and e.text.split()[2] in gone
            and " password " not in e.text
        )
    ]


_OF_A_SLOT = ("cpu-defend-policy ", "ip netstream sampler to slot ")


def _expand(tree: Tree) -> Tree:
    """One form of what VRP writes in several, or only where it is not the default."""
    return {line: _below(line, below) for line, below in tree.items()}


def _below(line: str, below: Tree) -> Tree:
    """LLDP runs on every port once it runs at all: only `undo lldp enable` is shown there.

    How a user may come is listed in the order that the release likes.
    """
    if line.startswith("interface "):
        return {k: v for k, v in below.items() if k != "lldp enable"}
    if line.startswith("slot "):  # what else a board is told is its own matter
        return {k: v for k, v in below.items() if k.startswith(_OF_A_SLOT)}
    if line != "aaa":
        return below
    return {
        re.sub(r"(?<= service-type )(.+)", lambda one: " ".join(sorted(one[0].split())), k): v
        for k, v in below.items()
    }


_PORT = r"interface .*"
DIALECT = Dialect(
    depths={
        "sysname": 1,
        "clock timezone": 2,
        "header": 2,
        "info-center loghost": 2,
        "info-center": 2,
        "ntp-service unicast-server": 2,
        "ip netstream export": 3,
        "hwtacacs": 1,
        "ntp unicast-server": 2,
        "ip route-static": 2,
        "ip route-static vpn-instance": 4,
        "ssh user": 3,
        "ssh server": 3,
        "stelnet": 2,
        "telnet": 2,
        "snmp-agent": 2,
        "undo": 0,
    },
    ignored=(r"return", r"#.*", r"!.*"),
    defaults=(
        r"no (?:dcn|shutdown)",
        r"(?:authentication|authorization|accounting)-scheme default\w*",
        r"domain default\w*",
        r"ipv4-family unicast",
        r"no synchronization",
    ),
    # VRP8 shows `undo shutdown`, VRP5 does not; a port that is shut shows it on both.
    unshown=("no shutdown", "negotiation auto", "synchronization"),
    expand=_expand,
    single=(
        *((line,) for line in (r"sysname ", r"clock timezone ", r"header (\w+) ", r"mpls lsr-id ")),
        (r"info-center loghost source ",),
        (r"ntp(?:-service)? source-interface ",),
        (r"ntp(?:-service)? unicast-server (\S+)",),
        (r"ntp(?:-service)? authentication-keyid (\d+) ",),
        (r"ip netstream export (version|source) ",),
        (r"hwtacacs-server template .*", r"hwtacacs-server (source-ip|shared-key) "),
        (r"cpu-defend policy .*", r"car (\S+) "),
        (r"slot .*", r"(cpu-defend-policy) "),
        (r"ssh user (\S+) (authentication-type|service-type|sftp-directory) ",),
        *(
            (_PORT, line)
            for line in (
                *("description ", "mtu ", r"ip address (?!.* sub$)", "ip binding vpn-instance "),
                *("isis cost ", "isis circuit-type ", "isis circuit-level ", "isis enable "),
                *("isis authentication-mode ", "ospf authentication-mode "),
                *("set flow-stat interval ", "ip netstream sampler "),
                *("isis bfd min", "eth-trunk ", "ospf cost ", "ospf network-type ", "mode "),
            )
        ),
        *((r"isis \d+", line) for line in ("is-level ", "cost-style ", "is-name ")),
        *(
            (r"bgp \S+", line)
            for line in (
                "router-id ",
                r"peer (\S+) (as-number|description|connect-interface|password) ",
            )
        ),
        (r"aaa", r"local-user (\S+) (password|service-type|level|privilege|state)\b"),
        *(
            (r"user-interface .*", line)
            for line in (
                "authentication-mode ",
                "idle-timeout ",
                "protocol inbound ",
                r"acl \S+ (\w+)",
            )
        ),
        (r"acl .*", r"rule (\d+) "),
    ),
    destructive=(
        r"no interface .*",
        r"no (?:isis|ospf|bgp) [\d.]+(?: .*)?",
        r"no mpls(?: ldp)?",
        r"no (?:isis|ospf) enable.*",
        r"no peer \S+(?: enable)?",
        r"no ip address.*",
        r"no ip vpn-instance .*",
        r"no local-user \S+",
        r"no ip route-static .*",
        r"no network-entity .*",
        r"no user-interface .*",
        r"shutdown",
    ),
    repair=_repair,
)


def remediate(running: str, intended: str, *, whole: bool = False) -> Remediation:
    """From `running` to `intended`; pure.

    With `whole`, sections that `intended` doesn't mention go; a physical port stays, emptied.
    """
    if whole:
        intended = _with_ports(running, intended)
    wanted = _hierarchy.remediate(_canonical(running), _canonical(intended), DIALECT, whole=whole)
    other = () if whole else _other_systems(running, intended)
    return Remediation(
        lines=(*(f"undo {line}" for line in other), *typed(wanted.lines)),
        diff=(*(f"- {line}" for line in other), *(_undone(line) for line in wanted.diff)),
        destructive=(
            *(f"undo {line}" for line in other),
            *(_undone(line) for line in wanted.destructive),
        ),
        not_understood=wanted.not_understood,
    )


def _other_systems(running: str, intended: str) -> tuple[str, ...]:
    """The BGP that stands in the way of the one that is wanted: VRP has one at a time."""
    has, wants = (re.findall(r"^bgp \S+", text, re.MULTILINE) for text in (running, intended))
    return tuple(line for line in has if wants and line not in wants)


def _with_ports(running: str, intended: str) -> str:
    ports = re.findall(r"^interface \S+$", running, re.MULTILINE)
    missing = [
        line
        for line in ports
        if line not in intended.splitlines() and not line.split()[1].startswith(_VIRTUAL)
    ]
    return "\n".join([intended, *missing, ""])


def _canonical(text: str) -> str:
    """With `no` for `undo`, banners as one line, and areas as VRP writes them."""
    text = text.replace("\r", "")
    text = re.sub(
        r'^(header \w+ information) (["%$~@])(.*?)\2\s*$',
        lambda found: f"{found[1]} {_flat(found[3])}",
        text,
        flags=re.MULTILINE | re.DOTALL,
    )
    text = re.sub(
        r"\barea (\d+)$",
        lambda found: f"area {ipaddress.IPv4Address(int(found[1]))}",
        text,
        flags=re.MULTILINE,
    )
    return re.sub(r"^(\s*)undo ", r"\1no ", text, flags=re.MULTILINE)


def _flat(text: str) -> str:
    return '"' + text.strip("\n").replace("\n", "⏎") + '"'


def typed(lines: Iterable[str]) -> Iterable[str]:
    """The lines as VRP takes them: `undo`, `quit`."""
    for line in lines:
        words = line.strip()
        if words == "exit":
            yield line.replace("exit", "quit")
        elif words.startswith("header "):
            yield _undone(line).replace("⏎", "\n")
        else:
            yield _undone(line)


def _undone(line: str) -> str:
    return re.sub(r"^([-+ ]*)no ", r"\1undo ", line)
