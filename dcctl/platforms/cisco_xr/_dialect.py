"""How IOS XR writes its configuration, and how its lines are typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.platforms._hierarchy import Dialect, Entry, Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

# Blocks that a word ends and no exclamation mark: one setting, replaced as a whole.
_BLOCK = re.compile(
    r"^(?:route-policy|prefix-set|as-path-set|community-set|large-community-set|extcommunity-set"
    r"|rd-set|ospf-area-set|tag-set|mac-set|policy-global)\b[^\n]*\n(?:(?!end-)[^\n]*\n)*?"
    r"end-(?:policy|set|global)[ \t]*$",
    re.MULTILINE,
)
_JOINT = "\x1e"  # stands for the ends of lines inside a block
# Lines that lead into a mode of their own even where nothing stands below them: at the top, below
# an interface, below anything else.
_OPENS = re.compile(
    r"(?:interface|router|vrf|username|line|class-map|policy-map|group|taskgroup|usergroup) \S.*"
    r"|(?:lldp|ntp|ptp|rsvp|bfd|l2vpn|evpn|mpls (?:ldp|oam|traffic-eng)|segment-routing"
    r"|multicast-routing|frequency synchronization|control-plane|aaa group .*|logging archive"
    r"|ipv[46] access-list \S+|key chain \S+|tacacs-server host .*|netconf-yang agent|grpc)"
)
_OPENS_IN_PORT = re.compile(r"ptp|l2transport|frequency synchronization|address-family .*")
_OPENS_BELOW = re.compile(
    r"(?:interface|neighbor|neighbor-group|af-group|session-group|area|address-family|vrf|class"
    r"|bridge group|bridge-domain|xconnect group|p2p|pw-class|evi) \S.*"
    r"|key \d+|(?:import|export) route-target|management-plane|traffic-eng"
)


_FAST = ("bfd minimum-interval ", "bfd multiplier ")


def folded(text: str) -> str:
    """Each policy and each set as one line."""
    text = text.replace("\r", "")
    return _BLOCK.sub(lambda match: _JOINT.join(_lines(match.group())), text)


def _lines(block: str) -> list[str]:
    return [line.rstrip() for line in block.split("\n") if line.strip(" !")]


def unfolded(text: str, joint: str = "\n") -> str:
    """Policies and sets on their lines again."""
    return text.replace(_JOINT, joint)


def typed(lines: Sequence[str]) -> list[str]:
    """The lines as they are typed.

    A mode that a line opens though nothing stands below it is left at once: else the next line
    would land in it.
    """
    sent: list[str] = []
    top = ""
    for line, below in zip(lines, (*lines, "")[1:], strict=True):
        words, depth = line.strip(), _depth(line)
        if words.startswith("banner "):
            sent.append(_banner(words))
            continue
        sent.extend(unfolded(line).split("\n"))
        if _depth(below) <= depth and _opener(depth, top).fullmatch(words):
            sent.append(" " * depth + "exit")
        top = words if depth == 0 else top
    return sent


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _opener(depth: int, top: str) -> re.Pattern[str]:
    if depth == 0:
        return _OPENS
    if top.startswith("username "):
        return re.compile(r"(?!)")  # the groups of a user are settings
    return _OPENS_IN_PORT if top.startswith("interface ") else _OPENS_BELOW


def _banner(words: str) -> str:
    """A banner is kept with `^C` around it; typed, its first character is the delimiter."""
    _, kind, rest = words.split(" ", 2)
    body = rest[2:-2]
    mark = next(mark for mark in "~@%|=+_" if mark not in body)
    return f"banner {kind} {mark}{body}{mark}"


def repaired(have: Tree, entries: list[Entry], want: Tree) -> list[Entry]:
    """What hier_config makes of it, put right: policies, banners, ports that change their VRF."""
    kept: list[Entry] = []
    wanted = {line.split(_JOINT)[0] for line in want if _JOINT in line}
    for entry in entries:
        if entry.text.startswith("no banner "):
            entry.text = " ".join(entry.text.split()[:3])
        if entry.text.startswith("no ") and _JOINT in entry.text:
            name = entry.text.split(_JOINT)[0].removeprefix("no ")
            if name in wanted:
                continue  # defined anew, which replaces it
            entry.text = f"no {name}"
        if entry.text.startswith("interface "):
            _readdress(entry, have.get(entry.text, {}), want.get(entry.text, {}))
        kept.append(entry)
    return sorted(kept, key=_turn)


def _turn(entry: Entry) -> int:
    """Policies and lists before what names them; taken away after it."""
    gone = entry.text.startswith("no ")
    named = re.match(r"(?:no )?(?:\S+-set|route-policy|ipv[46] access-list|vrf) ", entry.text)
    if not named:
        return 2
    return 3 if gone else 1 if "route-policy" in entry.text.split(" ", 1)[0] else 0


def _readdress(port: Entry, have: Tree, want: Tree) -> None:
    """A port changes its VRF only without addresses: take them away first, give them after it."""
    moved = [entry for entry in port.below if re.match(r"(?:no )?vrf ", entry.text)]
    addresses = re.compile(r"(?:no )?(ipv[46] address)\b.*")
    kinds = {match[1] for line in have if (match := addresses.fullmatch(line))}
    if not moved or not kinds:
        return
    rest = [e for e in port.below if e not in moved and not addresses.fullmatch(e.text)]
    gone = [Entry(f"no {kind}") for kind in sorted(kinds)]
    port.below = [*gone, *moved, *(Entry(line) for line in want if addresses.match(line)), *rest]


def _singles() -> tuple[tuple[str, ...], ...]:
    top = (
        *("hostname ", r"banner (\S+) ", "clock timezone ", "logging trap", "domain name "),
        *("logging source-interface ", "logging hostnameprefix ", r"service timestamps (\S+) "),
        *("ssh timeout ", r"ssh server (rate-limit|session-limit) "),
        r"ssh server vrf (\S+)",
    )
    port = ("description ", "mtu ", "ipv4 address (?!.*secondary)", "vrf ", "load-interval ")
    peer = ("remote-as ", "description ", "update-source ", "password ", "timers ")
    return (
        *((line,) for line in top),
        *(("interface .*", line) for line in (*port, "bundle id ")),
        *(("username .*", line) for line in ("secret ", "password ")),
        *(("line .*", line) for line in ("exec-timeout ", "transport input ", "access-class ")),
        *(("router isis .*", line) for line in ("is-type ", "net ")),
        *(
            ("router isis .*", "interface .*", line)
            for line in (*_FAST, "circuit-type ", "hello-password ")
        ),
        ("router isis .*", "address-family .*", "metric-style "),
        ("router isis .*", "interface .*", "address-family .*", r"metric \d+( level \d)?$"),
        ("router ospf .*", "router-id "),
        *(
            ("router ospf .*", "area .*", "interface .*", line)
            for line in (*_FAST, "cost ", "network ")
        ),
        *(("router bgp .*", line) for line in ("bgp router-id ", "bgp cluster-id ")),
        *(("router bgp .*", "neighbor .*", line) for line in peer),
        ("mpls ldp", "router-id "),
        ("ntp", "source "),
        ("ntp", r"authentication-key (\d+) "),
        *(("tacacs-server host .*", line) for line in ("key ", "timeout ")),
        *(("aaa password-policy .*", line) for line in ("lockout-time ", "authen-max-attempts ")),
        ("router ospf .*", "area .*", r"message-digest-key (\d+) "),
        ("sampler-map .*", "random "),
        ("flow monitor-map .*", "cache timeout (\\S+) "),
    )


DIALECT = Dialect(
    depths={
        **dict.fromkeys(("hostname", "logging"), 1),
        **dict.fromkeys(("banner", "clock", "domain"), 2),
        **dict.fromkeys(("service timestamps", "ssh server"), 3),
        "extcommunity-set": 3,
    },
    ignored=(
        r"Building configuration.*",
        r"end-(?:group|class-map|policy-map)",
        r"\w{3} \w{3} +\d+ \d\d:\d\d:\d\d(?:\.\d+)? [\w+:-]+",
    ),
    unshown=("no shutdown",),
    single=_singles(),
    destructive=(
        r"no (?:interface|router|neighbor|vrf|area|address-family|username|line|net|aaa|ssh) .*",
        r"no (?:ipv4|ipv6) address.*",
        r"no (?:ntp|mpls ldp|lldp|bundle id .*|remote-as .*|passive)",
        r"no (?:route-policy|\S+-set|ipv[46] access-list|access-class) .*",
        r"no \d+\.\d+\.\d+\.\d+/\d+ .*",
        r"shutdown",
    ),
    exits={"policy-map": "end-policy-map", "class-map": "end-class-map"},
)
