"""What Junos keeps of its software on each routing engine, and what it boots.

Drawn from Juniper's installation guide and command reference: a package that was added is booted
by the next reboot, and nothing takes it back by itself. On models with a VM host the next reboot
of the host boots it, one of the guest does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from dcctl.lab.elements.model import Chassis, Element, Note
from dcctl.lab.elements.power import POWER
from dcctl.lab.elements.software import (
    NEVER,
    Label,
    Outcome,
    Software,
    Store,
    placed,
    settled,
)
from dcctl.lab.elements.tree import EMPTY

PLATFORM = "juniper_junos"
RELEASE = "22.4R3.25"
TEMP = "/var/tmp"  # noqa: S108 - a folder of the element, not of this machine
UNIT = "FPC 0 Major Errors"
NORMAL = "Router rebooted after a normal shutdown."
POWERED = "0x1:power cycle/failure"
ENGINE_BOOT_S = 240.0
_NEW_RELEASE_S = 300.0
_PFE_S = 120.0  # the packet forwarding engines start anew under another master
_VMHOST = ("MX204", "MX304", "MX100", "MX2008", "PTX10", "QFX10002-60C", "ACX5448", "ACX710")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One routing engine: what it runs, ran before, boots next, and holds as a snapshot."""

    label: Label
    previous: Label | None = None
    pending: Label | None = None
    snapshot: Label | None = None
    up_at: float = 0.0
    reason: str = NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The routing engines. `said` is what the operation that ended last has to tell.

    `restart` says which restart is under way: all of it (empty), the host below too (`host`), the
    master engine alone (`local`), or none but a change of mastership (`master`).
    """

    engines: tuple[Engine, ...]
    master: int = 0
    switched: float = 0.0
    operations: int = 0
    said: str = ""
    restart: str = ""
    rescue: bool = False


def furnish(chassis: Chassis) -> tuple[tuple[Store, ...], Software]:
    """A new element: every routing engine runs the same release."""
    label = Label(platform=PLATFORM, release=chassis.release or RELEASE)
    engines = (Engine(label=label),) * chassis.supervisors
    stores = tuple(
        Store(name=TEMP, supervisor=f"re{number}", size=20 << 30, used=3 << 29)
        for number in range(len(engines))
    )
    return stores, Software(
        release=label.release,
        label=label,
        committed=label.release,
        reason=NORMAL,
        state=Installed(engines=engines),
    )


def installed(element: Element) -> Installed:
    """What the routing engines hold."""
    state = element.software.state
    if isinstance(state, Installed):
        return state
    return Installed(engines=(Engine(label=Label(platform=PLATFORM, release=RELEASE)),))


def with_engine(element: Element, number: int, **changes: object) -> Element:
    """With one routing engine changed; what the next reboot leads to follows from the master's."""
    state = installed(element)
    fresh = replace(state.engines[number], **changes)  # type: ignore[arg-type]  # its own fields
    engines = (*state.engines[:number], fresh, *state.engines[number + 1 :])
    master = engines[state.master]
    return settled(
        element,
        state=replace(state, engines=engines),
        committed=(master.pending or master.label).boots,
    )


def vmhost(chassis: Chassis) -> bool:
    """Whether Junos is a guest of a VM host on this model."""
    return chassis.model.upper().startswith(_VMHOST)


def graceful(element: Element) -> bool:
    """Whether graceful switchover is configured."""
    redundancy = element.running.get("chassis", EMPTY).get("redundancy", EMPTY)
    return any(str(label).startswith("graceful-switchover") for label in redundancy)


def seen_at(element: Element, number: int) -> Element:
    """The element as one of its routing engines sees it."""
    state = installed(element)
    engine = state.engines[number]
    stores = tuple(one for one in element.stores if one.supervisor == f"re{number}")
    return settled(replace(element, stores=stores), release=engine.label.boots, label=engine.label)


def place(element: Element, path: str) -> tuple[Store, str] | None:
    """Where a path lies; without a routing engine before it, on the master's."""
    state = installed(element)
    engine, colon, rest = path.partition(":")
    known = {f"re{number}" for number in range(len(state.engines))}
    if colon and engine not in known:
        return None
    home = engine if colon else f"re{state.master}"
    inner = rest if colon else path
    homes = MappingProxyType(dict.fromkeys(("var/tmp/", "var/tmp", "tmp/"), (TEMP, home)))
    name = inner.strip("/")
    if inner.startswith("/") and not name.startswith(("var/tmp", "tmp/")) and "/" in name:
        return None
    return placed(element, inner, homes, "var/tmp")


def transfers(element: Element) -> frozenset[str]:
    """SCP with SSH itself; SFTP from 19.1 on only where that is configured."""
    services = element.running.get("system", EMPTY).get("services", EMPTY)
    if "ssh" not in services:
        return frozenset()
    return frozenset({"scp", "sftp"} if "sftp-server" in services["ssh"] else {"scp"})


# --- booting --------------------------------------------------------------------------------------


def started(element: Element, number: int, up_at: float, troubles: frozenset[str]) -> Engine:
    """A routing engine after it booted; `up_at` is `NEVER` where it hangs in its loader.

    Only a VM host falls back by itself: to the snapshot on its other disk.
    """
    engine = installed(element).engines[number]
    label = engine.pending or engine.label
    after = replace(engine, label=label, pending=None, up_at=up_at, reason=NORMAL)
    if label is not engine.label:
        after = replace(after, previous=engine.label)
    other = label.boots != engine.label.boots
    if "boot_loop" not in label.flags and not (other and "boot_loop" in troubles):
        return after
    if vmhost(element.chassis) and engine.snapshot:
        return replace(after, label=engine.snapshot, previous=label)
    return replace(after, up_at=NEVER)


def boot(element: Element, now: float, troubles: frozenset[str]) -> Outcome:
    """The routing engines that restart boot; one that comes up is master."""
    state = installed(element)
    lost_power = element.software.reason == POWER
    how = "" if lost_power else state.restart
    master, tried = state.master, ""
    engines = list(state.engines)
    for number, engine in enumerate(engines):
        if how == "master" or (how == "local" and number != state.master):
            continue
        if vmhost(element.chassis) and how != "host" and not lost_power:
            continue
        engines[number] = started(element, number, now + ENGINE_BOOT_S, troubles)
        engines[number] = replace(engines[number], reason=POWERED if lost_power else NORMAL)
        tried = tried or (engine.pending or engine.label).boots
    if how in ("master", "local"):
        master = 1 - state.master
    living = [number for number, one in enumerate(engines) if one.up_at < NEVER]
    if master not in living and living:
        master = living[0]
    fresh = replace(
        state,
        engines=tuple(engines),
        master=master,
        restart="",
        switched=now if master != state.master else state.switched,
    )
    return _running(
        settled(element, state=fresh), tried if how != "master" else "", bool(living), troubles
    )


def _running(element: Element, tried: str, living: bool, troubles: frozenset[str]) -> Outcome:  # noqa: FBT001 - what came of the boot
    state, before = installed(element), element.software.release
    engine = state.engines[state.master]
    label = engine.label
    if not living:
        return Outcome(element=element, tried=tried, comes_up=False)
    other = label.boots != before
    fails = "unit_fails" in label.flags or (other and "unit_fails" in troubles)
    fresh = settled(
        element,
        release=label.boots,
        label=label,
        committed=label.boots,
        reason=engine.reason,
        alarms=(UNIT,) if fails else () if other else element.software.alarms,
    )
    notes = (Note(kind="release", text="boots", subject=label.boots),) if other else ()
    seconds = _NEW_RELEASE_S if other and tried else 0.0 if tried else _PFE_S
    return Outcome(element=fresh, notes=notes, tried=tried, seconds=seconds)
