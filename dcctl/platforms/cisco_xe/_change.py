"""Changing an IOS XE router under `configure terminal revert timer`, its own safety net.

Source: Cisco, "Configuration Rollback Confirmed Change" (needs `archive` with a `path`).
"""

from __future__ import annotations

import math
import re
from functools import partial
from typing import TYPE_CHECKING

from dcctl.contracts import Change, ReloadNet, Remediation
from dcctl.errors import CommandFailed, Unparsed
from dcctl.platforms import _hierarchy
from dcctl.platforms._hierarchy import Dialect, Entry, Tree
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session

RUNNING = "show running-config"
_TIMER = "show archive config rollback timer"
_IDLE = "No Rollback Confirmed Change pending"
_ARCHIVE = ("archive", " path flash:dcctl-archive", " maximum 10")
_LONGEST = 120  # minutes, IOS's own limit
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
    named = ("aaa new-model", "ip access-list ", "tacacs server ", "key chain ", "flow exporter ")
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


def remediate(running: str, intended: str, *, whole: bool = False) -> Remediation:
    """From `running` to `intended`; where no archive is set up, that comes first (`prepare`).

    With `whole`, sections that `intended` doesn't mention go, but for the archive that the safety
    net itself stands on.
    """
    if whole and not re.search(r"(?m)^archive$", intended):
        archive = _hierarchy.parse(running, DIALECT).get("archive", {})
        intended += "\n" + _hierarchy.render({"archive": archive}) if archive else ""
    wanted = _hierarchy.remediate(running, intended, DIALECT, whole=whole)
    if not wanted.lines:
        return wanted
    prepare = _needs(running)
    if not prepare:
        return wanted
    # What the preparation sets is no part of the change: it stays when the change is taken back.
    named = whole or re.search(r"(?m)^archive$", intended)
    kept = "\n".join((intended, *prepare)) if named else intended
    prepared = "\n".join((running, *prepare))
    rest = _hierarchy.remediate(prepared, kept, DIALECT, whole=whole)
    wanted = rest if rest.lines else wanted
    return Remediation(
        lines=wanted.lines,
        diff=(*wanted.diff, *(f"+ {line}" for line in prepare)),
        destructive=wanted.destructive,
        prepare=prepare,
    )


def _needs(running: str) -> tuple[str, ...]:
    """The archive that the revert timer stands on, where there is none."""
    archive = _hierarchy.parse(running, DIALECT).get("archive", {})
    return () if any(line.startswith("path ") for line in archive) else _ARCHIVE


def _running(session: Session) -> str:
    text = session.send(RUNNING)
    if not text.rstrip().endswith("end"):
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=RUNNING, error="it does not end"
        )
    return _hierarchy.normalised(text, DIALECT)


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    if wanted.prepare:
        session.configure(wanted.prepare)
    minutes = min(max(1, math.ceil(seconds / 60)), _LONGEST)
    lines = [_typed(line) for line in wanted.lines]
    session.configure(lines, enter=f"configure terminal revert timer {minutes}")


def _typed(line: str) -> str:
    """A banner is shown with `^C` around it; typed, its first character is the delimiter."""
    if not line.startswith("banner "):
        return line
    _, kind, rest = line.split(" ", 2)
    body = rest[2:-2]
    mark = next(mark for mark in "~@%|=+_" if mark not in body)
    return f"banner {kind} {mark}{body}{mark}"


def _confirm(session: Session) -> None:
    session.send("configure confirm")


def _revert(session: Session) -> None:
    # As a change of mode: with the old configuration the old prompt is back.
    session.configure((), enter="configure revert now", stay=True)


def _guarded(session: Session) -> bool:
    """Whether this release has the timer: older ones don't know what asks for it."""
    return _timer(session) is not None


def _timer(session: Session) -> str | None:
    try:
        return session.send(_TIMER)
    except CommandFailed as error:
        if "% Invalid input" in str(error):
            return None
        raise  # who may not look can't tell


def _pending(session: Session) -> str:
    """A rollback that waits for its confirmation: a second one can't be begun beside it."""
    told = _timer(session) or _IDLE
    return "" if _IDLE in told else " ".join(told.split())


def _save(session: Session) -> None:
    session.send("write memory")


def _arm_reload(session: Session, seconds: int) -> None:
    """Save, so that the reload comes back to what runs now; then plan it."""
    _save(session)
    session.send(f"reload in {max(1, math.ceil(seconds / 60))}")


def _cancel_reload(session: Session) -> None:
    session.send("reload cancel")


CHANGE = Change(
    running=_running,
    remediate=remediate,
    apply=_apply,
    needs=_needs,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    replace=partial(remediate, whole=True),
    guarded=_guarded,
    pending=_pending,
    reload_net=ReloadNet(arm=_arm_reload, cancel=_cancel_reload),
    native=(
        r"platform (?:qfp utilization monitor load \d+|punt-keepalive disable-kernel-core)",
        r"redundancy(?: > mode \S+)?",
        r"ip forward-protocol nd",
        r"control-plane",
        r"boot system .*",  # what is booted is judged by itself
        r"license (?:udi|boot level|accept) .*",
        r"diagnostic bootup level \S+",
        r"memory free low-watermark processor \d+",
        r"multilink bundle-name authenticated",
        r"subscriber templating",
        r"spanning-tree extend system-id",
        r"crypto pki (?:trustpoint|certificate chain) (?:SLA-TrustPoint|TP-self-signed-\d+).*",
    ),
)
