"""Changing an NX-OS switch under a scheduled rollback to a checkpoint: it has no confirm timer.

A checkpoint is taken, a job that rolls back to it is scheduled on the switch itself, and only then
is anything changed; confirming takes the schedule away. Sources: Cisco, "Configuring Rollback" and
"Configuring the Scheduler" (Nexus 9000 System Management Configuration Guide).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from dcctl.contracts import Change, Remediation
from dcctl.errors import CommandFailed, TargetError, Unparsed
from dcctl.platforms import _hierarchy
from dcctl.platforms._hierarchy import Dialect, Entry, Tree
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Session

RUNNING = "show running-config"
NET = "dcctl-net"  # the checkpoint, the job and the schedule
_FEATURE = "feature scheduler"
_SCHEDULES = "show scheduler schedule"
_SOONEST = timedelta(seconds=30)  # from now to a rollback: less leaves no time to change anything
_CLOCKS = re.compile(r"(?:no )?clock ")
_CLOCK = re.compile(
    r"^(?P<time>\d\d:\d\d:\d\d)(?:\.\d+)? \S+ \w{3} (?P<date>\w{3} +\d{1,2} \d{4})", re.MULTILINE
)


_NET_LINE = re.compile(rf"scheduler (?:job|schedule) name {NET}")
_UNSAID = re.compile(r"^((?:ntp|logging) server .*?)(?: use-vrf default| facility local7)+$")
_REMOTE_AS = re.compile(r"(neighbor \S+) (remote-as \S+)")


def _expand(tree: Tree) -> Tree:
    """One form for what releases write differently, without the safety net's own lines."""
    plain: Tree = {}
    for line, below in tree.items():
        words = _UNSAID.sub(r"\1", " ".join(line.split())) if "\n" not in line else line
        if _NET_LINE.fullmatch(words):
            continue
        if words.startswith("router bgp "):
            plain[words] = _neighbors(below)
        else:
            plain[words] = below
    return plain


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


def _restore_addresses(port: Entry, want: Tree) -> None:
    """A port that moves to another VRF, or becomes a router's port, loses what stands on it."""
    moving = re.compile(r"(?:no )?(?:vrf member \S+|switchport)$")
    moved = [entry for entry in port.below if moving.match(entry.text)]
    if not moved:
        return
    layer3 = ("ip address ", "ipv6 address ", "ip router ", "isis ", "ip ospf ", "bfd ")
    again = [line for line in want if line.startswith(layer3)]
    rest = [e for e in port.below if e not in moved and e.text not in again]
    port.below = [*moved, *(Entry(line) for line in again), *rest]


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
    )
    per_port = (
        *("description ", "mtu ", "ip address (?!.*secondary)", "vrf member ", "speed "),
        *("ip router isis ", "isis metric ", "isis network ", "isis circuit-type "),
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
        _FEATURE,
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
    if not wanted.lines or re.search(rf"(?m)^{_FEATURE}\s*$", running):
        return wanted
    return Remediation(
        lines=wanted.lines,
        diff=(*wanted.diff, f"+ {_FEATURE}"),
        destructive=wanted.destructive,
        prepare=(_FEATURE,),
    )


def _said(running: str, intended: str) -> str:
    """`intended` without features that it wants off and that are: NX-OS doesn't show them."""
    on = set(re.findall(r"^feature .*\S", running, re.MULTILINE))
    return "\n".join(
        line
        for line in intended.splitlines()
        if not line.startswith("no feature ") or line.removeprefix("no ").strip() in on
    )


def _running(session: Session) -> str:
    text = session.send(RUNNING)
    if not re.search(r"(?m)^version \S", text) or not re.search(r"(?m)^(?:host|switch)name", text):
        raise Unparsed(
            N_("{command}: not understood: {error}"),
            command=RUNNING,
            error="not a whole configuration",
        )
    kept = _hierarchy.normalised(text, DIALECT)
    # The comparison leaves it out; whether the safety net can stand is read from here too.
    has = re.search(rf"(?m)^{_FEATURE}\s*$", text)
    return f"{_FEATURE}\n{kept}" if has else kept


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    if wanted.prepare:
        session.configure(wanted.prepare)
    _disarm(session)
    session.send(f"checkpoint {NET}")
    # What sets the clock comes before the time is written that the rollback is due at.
    clocks = [line for line in wanted.lines if _CLOCKS.match(line)]
    if clocks:
        session.configure(clocks)
    session.configure(_net(_due(session.send("show clock"), seconds)))
    if not _armed(session):
        raise CommandFailed(N_("{command}: the rollback is not scheduled"), command=_SCHEDULES)
    session.configure([_typed(line) for line in wanted.lines if line not in clocks])


def _net(due: datetime) -> Sequence[str]:
    """The job that rolls back, and when it does."""
    return (
        f"scheduler job name {NET}",
        f"rollback running-config checkpoint {NET}",
        "end-job",
        f"scheduler schedule name {NET}",
        f"job name {NET}",
        f"time start {due:%Y:%m:%d:%H:%M}",
    )


def _due(clock: str, seconds: int) -> datetime:
    """The last whole minute on the switch's own clock within `seconds`, but no sooner than soon."""
    found = _CLOCK.search(clock)
    if not found:
        raise Unparsed(
            N_("{command}: not understood: {error}"), command="show clock", error=clock[:60]
        )
    # The switch's own local time, written back to it: no zone enters into it.
    text = f"{found['time']} {' '.join(found['date'].split())}"
    now = datetime.strptime(text, "%H:%M:%S %b %d %Y")  # noqa: DTZ007 - see above
    due = (now + timedelta(seconds=seconds)).replace(second=0)
    while due < now + _SOONEST:
        due += timedelta(minutes=1)
    return due


def _armed(session: Session) -> bool:
    """Whether our rollback is scheduled."""
    return bool(re.search(rf"Schedule Name\s*:\s*{NET}\b", session.send(_SCHEDULES)))


def _disarm(session: Session) -> None:
    """Take away schedule, job and checkpoint of a change before, where they are."""
    if _armed(session):
        session.configure((f"no scheduler schedule name {NET}",))
    if re.search(rf"Job Name\s*:\s*{NET}\b", session.send("show scheduler job")):
        session.configure((f"no scheduler job name {NET}",))
    if re.search(rf"(?m)^\S*{NET}\b|Name:\s*{NET}\b", session.send("show checkpoint summary")):
        session.send(f"no checkpoint {NET}")


def _typed(line: str) -> str:
    """A banner is shown with its delimiter; typed, its first character is one."""
    if not line.startswith("banner "):
        return line
    _, kind, rest = line.split(" ", 2)
    body = rest[2:-2]
    mark = next(mark for mark in "@~%|=+_" if mark not in body)
    return f"banner {kind} {mark}{body}{mark}"


def _confirm(session: Session) -> None:
    """Take the scheduled rollback away, and see that it is."""
    _disarm(session)
    if _armed(session):
        raise CommandFailed(
            N_("{command}: the scheduled rollback is still there"), command=_SCHEDULES
        )


def _revert(session: Session) -> None:
    """Roll back now, if a change waits; then the schedule has nothing left to do."""
    if not _armed(session):
        return
    try:
        session.send(f"rollback running-config checkpoint {NET}")
    except TargetError:
        return  # what is scheduled will do it
    _disarm(session)


def _save(session: Session) -> None:
    session.send("copy running-config startup-config")


CHANGE = Change(
    running=_running,
    remediate=remediate,
    apply=_apply,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    replace=partial(remediate, whole=True),
)
