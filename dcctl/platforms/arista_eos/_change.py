"""Changing an EOS switch in a configuration session under `commit timer`, its own safety net.

Source: Arista, "Configure Session": `commit timer hh:mm:ss` goes live at once and back when the
time has passed, unless `configure session NAME commit` is given; `… abort` goes back at once.
"""

from __future__ import annotations

import ipaddress
import re
from functools import partial
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.contracts import Change, Output, Remediation
from dcctl.errors import TargetError, Unparsed
from dcctl.platforms import _hierarchy
from dcctl.platforms._hierarchy import Dialect, Entry, Tree
from dcctl.platforms.arista_eos._answers import data_of, part
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session

RUNNING = "show running-config"
_SESSIONS = "show configuration sessions detail | json"
_NAME = "dcctl-"
_LONGEST = 24 * 3600 - 1  # seconds that hh:mm:ss can say
_BANNER = re.compile(r"^(banner (?:login|motd))\n(.*?)\n?^EOF$", re.MULTILINE | re.DOTALL)


def _folded(text: str) -> str:
    """Banners as one line each: EOS ends them with a line that says EOF."""
    return _BANNER.sub(lambda found: f"{found[1]} ^C{found[2]}^C", text.replace("\r", ""))


def _expand(tree: Tree) -> Tree:
    """An OSPF area is shown as an address, however it was typed."""
    return {
        line: {_dotted(one): inner for one, inner in below.items()}
        if line.startswith("interface ")
        else below
        for line, below in tree.items()
    }


def _dotted(line: str) -> str:
    found = re.fullmatch(r"(ip ospf area )(\d+)", line)
    return f"{found[1]}{ipaddress.IPv4Address(int(found[2]))}" if found else line


def _repair(entries: list[Entry], want: Tree) -> list[Entry]:
    for entry in entries:
        if entry.text.startswith("no banner "):
            entry.text = " ".join(entry.text.split()[:3])
        if entry.text.startswith("interface "):
            _restore_addresses(entry, want.get(entry.text, {}))
        if entry.text.startswith("router bgp "):
            _forget_neighbors(entry)
    return entries


def _restore_addresses(port: Entry, want: Tree) -> None:
    """A port that moves to another VRF, or becomes a router's port, loses its addresses."""
    moving = re.compile(r"(?:no )?(?:vrf \S+|switchport)$")
    moved = [entry for entry in port.below if moving.match(entry.text)]
    if not moved:
        return
    addresses = [line for line in want if line.startswith(("ip address ", "ipv6 address "))]
    other_vrf = any("vrf " in entry.text for entry in moved)  # it takes the addresses itself
    rest = [
        entry
        for entry in port.below
        if entry not in moved
        and entry.text not in addresses
        and not (other_vrf and re.match(r"no ip(?:v6)? address ", entry.text))
    ]
    port.below = [*moved, *(Entry(line) for line in addresses), *rest]


def _forget_neighbors(bgp: Entry) -> None:
    """`no neighbor X` takes all of X's lines; before it, what address families say of X goes."""
    gone = {
        entry.text.split()[2]
        for entry in bgp.below
        if re.match(r"no neighbor \S+ remote-as ", entry.text)
    }

    def theirs(entry: Entry) -> bool:
        return entry.text.startswith("no neighbor ") and entry.text.split()[2] in gone

    rest, leaving = [], []
    for entry in bgp.below:
        lines = [below for below in entry.below if theirs(below)]
        if lines:
            leaving.append(Entry(entry.text, lines))
            entry.below = [below for below in entry.below if below not in lines]
            rest += [entry] if entry.below else []
        elif not theirs(entry):
            rest.append(entry)
    bgp.below = [*leaving, *(Entry(f"no neighbor {name}") for name in sorted(gone)), *rest]


def _singles() -> tuple[tuple[str, ...], ...]:
    port = "interface .*"
    top = (
        r"hostname ",
        r"banner (\S+) ",
        r"clock timezone ",
        r"dns domain ",
        r"logging (buffered|trap|source-interface|facility|format hostname|format timestamp)\b",
        r"ntp local-interface ",
        r"username (\S+) ",
        r"ntp authentication-key (\d+) ",
        r"ntp server (\S+)",
        r"sflow source-interface ",
        r"tacacs-server host (\S+) ",
        r"ip tacacs source-interface ",
        r"aaa (authentication|authorization|accounting) (\S+ \S+) ",
        r"spanning-tree mode ",
        r"service routing protocols model ",
    )
    per_port = (
        *("description ", "mtu ", "ip address (?!.*secondary)", "vrf ", "speed ", "load-interval "),
        *("isis authentication mode ", "isis authentication key "),
        *("ip ospf authentication", r"ip ospf message-digest-key (\d+) "),
        *("isis enable ", "isis metric ", "isis network ", "isis circuit-type "),
        *("bfd interval ", "ip ospf cost ", "ip ospf network ", "ip ospf area ", "channel-group "),
    )
    neighbor = r"neighbor (\S+) (remote-as|description|update-source|password|timers|peer group) "
    return (
        *((line,) for line in top),
        *((port, line) for line in per_port),
        *(("router isis", line) for line in ("net ", "is-type ", "router-id ")),
        *(("router bgp", line) for line in (neighbor, "router-id ", "maximum-paths ")),
        ("router ospf", "router-id "),
        *((one, "idle-timeout ") for one in ("management ssh", "management console")),
        ("management ssh", "ip access-group "),
        ("mpls ldp", "router-id "),
    )


DIALECT = Dialect(
    depths={
        "hostname": 1,
        "username": 2,
        "dns domain": 2,
        "logging host": 2,
        "logging vrf": 4,
        "logging": 2,
        "logging format": 3,
        "ntp server": 2,
        "ntp server vrf": 4,
        "ip route": 2,
        "ip route vrf": 4,
        "ip routing": 2,
        "ip routing vrf": 4,
        "aaa authentication": 4,
        "aaa authorization": 4,
        "aaa accounting": 4,
        "tacacs-server host": 3,
        "sflow": 2,
        "banner": 2,
        "clock": 2,
        "snmp-server": 2,
        "lldp run": 2,
        "mpls ip": 2,
        "vrf instance": 3,
        "service routing": 4,
    },
    ignored=(r"!.*", r"version .*"),
    defaults=(r"no aaa root", r"transceiver qsfp default-mode .*", r"spanning-tree mode .*"),
    unshown=("lldp run",),  # its default
    single=_singles(),
    destructive=(
        r"no interface .*",
        r"no router .*",
        r"no neighbor \S+(?: remote-as .*)?",
        r"no ip address.*",
        r"no vrf .*",
        r"no username .*",
        r"no ip route .*",
        r"no ip routing",  # in a VRF it is what a new one has
        r"no (?:aaa|net|isis enable|mpls).*",
        r"no ip access-group .*",
        r"no ip access-list .*",
        r"shutdown",
    ),
    expand=_expand,
    repair=_repair,
    exits={},
)


def remediate(running: str, intended: str, *, whole: bool = False) -> Remediation:
    """From `running` to `intended`; pure. `whole`: what `intended` doesn't mention goes."""
    return _hierarchy.remediate(_folded(running), _folded(intended), DIALECT, whole=whole)


def _running(session: Session) -> str:
    text = session.send(RUNNING)
    if not re.search(r"^end\s*\Z", text, re.MULTILINE):
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=RUNNING, error="it does not end"
        )
    return _hierarchy.normalised(_folded(text), DIALECT)


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    name = f"{_NAME}{clock.now():%Y%m%d%H%M%S%f}"
    lines = [_typed(line) for line in wanted.lines]
    timer = min(max(60, seconds), _LONGEST)
    last = f"commit timer {timer // 3600:02d}:{timer // 60 % 60:02d}:{timer % 60:02d}"
    try:
        # The commit leaves configuration mode by itself.
        session.configure((*lines, last), enter=f"configure session {name}", stay=True)
    except TargetError:
        if not _ours(session):
            session.send(f"no configure session {name}")  # leave no open session behind
        raise


def _typed(line: str) -> str:
    """A banner as it is typed: its text, and a line that ends it."""
    if not line.startswith("banner "):
        return line
    _, kind, rest = line.split(" ", 2)
    return f"banner {kind}\n{rest[2:-2]}\nEOF"


def _waiting(session: Session) -> list[str]:
    """The sessions that wait to be confirmed, whoever's they are."""
    output = Output(command=_SESSIONS, text=session.send(_SESSIONS))
    found = part(output, data_of(output, "sessions"), "sessions")
    return [name for name, one in found.items() if one.get("state") == "pendingCommitTimer"]


def _ours(session: Session) -> list[str]:
    """Those of them that dcctl made."""
    return [name for name in _waiting(session) if name.startswith(_NAME)]


def _pending(session: Session) -> str:
    """The session on a commit timer: no second one can be begun beside it."""
    return ", ".join(_waiting(session))


def _confirm(session: Session) -> None:
    for name in _ours(session):
        session.send(f"configure session {name} commit")


def _revert(session: Session) -> None:
    for name in _ours(session):
        # As a change of mode: with the old configuration the old prompt is back.
        session.configure((), enter=f"configure session {name} abort", stay=True)


def _save(session: Session) -> None:
    session.send("write memory")


CHANGE = Change(
    running=_running,
    remediate=remediate,
    apply=_apply,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    replace=partial(remediate, whole=True),
    pending=_pending,
)
