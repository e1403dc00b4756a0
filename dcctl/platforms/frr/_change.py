"""Changing FRR through vtysh; its safety net is a timer on the host beneath it.

FRR has no confirmed commit. What runs now is written down on the host first, and a systemd timer
puts it back (and restarts FRR with it) unless it is stopped. That needs a shell account: the
credential's `shell`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from dcctl.contracts import Change
from dcctl.errors import CommandFailed, Unparsed
from dcctl.platforms import _hierarchy
from dcctl.platforms._hierarchy import Dialect, Entry, Tree
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Remediation, Session

RUNNING = "show running-config"
_UNIT = "dcctl-revert"
_SNAPSHOT = "/run/dcctl-revert.conf"
_PUT_BACK = f"/usr/bin/install -o frr -g frr -m 640 {_SNAPSHOT} /etc/frr/frr.conf"
_AT_WORK = ("active", "activating", "deactivating")
_RESTART = ("/usr/bin/systemctl", "restart", "frr.service")

_PORT, _NEIGHBOR = "interface .*", r"neighbor (\S+) (remote-as|description|update-source) "


def _repair(entries: list[Entry], _want: Tree) -> list[Entry]:
    """What goes with something else can't be taken away after it: FRR refuses."""
    for entry in entries:
        if entry.text.startswith("router bgp "):
            _hierarchy.forget_neighbors(entry)
        if any(line.text.startswith("no ip router isis ") for line in entry.below):
            entry.below = [one for one in entry.below if not one.text.startswith("no isis ")]
    return entries


DIALECT = Dialect(
    depths={
        "hostname": 1,
        "domainname": 1,
        "frr defaults": 2,
        "ip route": 2,
        "log": 2,
        "service": 2,
        "banner": 2,
    },
    ignored=(
        r"Building configuration.*",
        r"Current configuration:?.*",
        r"frr version .*",
        r"frr defaults .*",
        r"no ipv6 forwarding",
        r"no ip forwarding",
        r"ip forwarding",
        r"ipv6 forwarding",
    ),
    defaults=(r"service integrated-vtysh-config",),
    unshown=(r"no shutdown",),
    single=(
        *((line,) for line in ("hostname ", "domainname ", "banner ", "log (\\S+) ")),
        *(
            (_PORT, line)
            for line in (
                *("description ", "ip ospf cost ", "ip ospf dead-interval ", "isis metric "),
                *("ip ospf hello-interval ", "ip ospf network ", "ip router isis "),
                *("ip ospf area ", "isis network "),
            )
        ),
        *(("router bgp", line) for line in (_NEIGHBOR, "bgp router-id ")),
        *(("router ospf", line) for line in ("ospf router-id ",)),
        *(("router isis", line) for line in ("is-type ", "metric-style ", "net ")),
    ),
    destructive=(
        r"no interface .*",
        r"no router .*",
        r"no neighbor \S+ remote-as .*",
        r"no ip address.*",
        r"no ip route .*",
        r"no ip (?:router isis|ospf area) .*",
        r"no net .*",
        r"shutdown",
    ),
    repair=_repair,
    exits={"address-family": "exit-address-family"},
)


def remediate(running: str, intended: str, *, whole: bool = False) -> Remediation:
    """From `running` to `intended`; pure."""
    return _hierarchy.remediate(running, intended, DIALECT, whole=whole)


def whole(configuration: str) -> str:
    """A running configuration that has its end: of half of one nobody knows what it lacks.

    Raises:
        Unparsed: it has none.
    """
    if not configuration.rstrip().endswith("end"):
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=RUNNING, error="it does not end"
        )
    return configuration


def _running(session: Session) -> str:
    return _hierarchy.normalised(whole(session.send(RUNNING)), DIALECT)


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    present = session.send(RUNNING)
    kept = present[present.find("!") :] if "!" in present else present
    _disarm(session)
    session.host(("tee", _SNAPSHOT), stdin=kept)
    session.host(
        (
            "systemd-run",
            f"--unit={_UNIT}",
            f"--on-active={seconds}",
            "--timer-property=AccuracySec=1s",
            f"--property=ExecStartPre={_PUT_BACK}",
            *_RESTART,
        )
    )
    session.configure(wanted.lines)


def _state(session: Session, kind: str) -> str:
    return session.host(("systemctl", "show", "-P", "ActiveState", f"{_UNIT}.{kind}")).strip()


def _disarm(session: Session) -> None:
    """Stop the timer; systemd complains of one that was never there, which is as well."""
    with suppress(CommandFailed):
        session.host(("systemctl", "stop", f"{_UNIT}.timer"))
    if _state(session, "timer") == "active" or _state(session, "service") in _AT_WORK:
        raise CommandFailed(N_("the timer that takes the change back can't be stopped"))


def _confirm(session: Session) -> None:
    _disarm(session)


def _revert(session: Session) -> None:
    """Put back, but only what still waits to be confirmed: else an older change would go."""
    if _state(session, "timer") == "active":
        session.host(("systemctl", "start", f"{_UNIT}.service"))
        _disarm(session)


def _pending(session: Session) -> str:
    """The timer of somebody else's change, which ours would stop."""
    return f"{_UNIT}.timer" if _state(session, "timer") == "active" else ""


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
