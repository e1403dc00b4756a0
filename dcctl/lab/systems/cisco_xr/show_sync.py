"""What `show` answers about time: NTP, PTP, synchronous Ethernet."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.tree import EMPTY, value
from dcctl.lab.systems.cisco_xr.intent import intent
from dcctl.lab.systems.cisco_xr.scene import Scene, local, zone

_NTP_EPOCH = 2208988800


def ntp_status(scene: Scene) -> str:
    """`show ntp status`."""
    around = scene.around
    if not intent(scene.element.chassis, scene.tree).ntp:
        return "\nNTP is not enabled.\n"
    at = local(scene.tree, around.clock)
    seconds = int(around.clock) + _NTP_EPOCH
    reference = f"{seconds:08X}.{at.microsecond * 4294:08X}"
    state = (
        f"Clock is synchronized, stratum 3, reference is {around.ntp_source}"
        if around.synchronised
        else "Clock is unsynchronized, stratum 16, no reference clock"
    )
    loop = (
        "'CTRL' (Normal Controlled Loop)" if around.synchronised else "'FSET' (Drift set from file)"
    )
    when = f"{at:%H:%M:%S}.{at.microsecond // 1000:03d} {zone(scene.tree)[0]} {at:%a %b} {at.day:>2} {at.year}"
    return f"""
{state}
nominal freq is 1000000000.0000 Hz, actual freq is 40213085.4247 Hz, precision is 2**24
reference time is {reference} ({when})
clock offset is {around.ntp_offset_ms:.3f} msec, root delay is 1.240 msec
root dispersion is 8.10 msec, peer dispersion is 0.09 msec
loopfilter state is {loop}, drift is 0.0000120500 s/s
system poll interval is 64, last update was 31 sec ago
authenticate is disabled
"""


def ntp_associations(scene: Scene) -> str:
    """`show ntp associations`."""
    around = scene.around
    wanted = intent(scene.element.chassis, scene.tree).ntp
    if not wanted:
        return ""
    rows = ["", "      address         ref clock     st  when  poll reach  delay  offset    disp"]
    for number, server in enumerate(wanted):
        if around.synchronised:
            mark = "*~" if number == 0 else "+~"
            offset = around.ntp_offset_ms + number * 0.1
            rows.append(
                f"{mark}{server:<16} 10.255.255.1      2    31    64  377    1.24 {offset:>7.3f}   0.108"
            )
        else:
            rows.append(
                f" ~{server:<16} .INIT.           16     -    64    0    0.00   0.000   15937"
            )
    rows.append("* sys_peer, # selected, + candidate, - outlayer, x falseticker, ~ configured")
    return "\n".join(["", *rows, ""])


def ptp_servo(scene: Scene) -> str:
    """`show ptp platform servo`."""
    if "ptp" not in scene.tree:
        return "PTP is not configured\n"
    followed = [
        name
        for name, below in scene.interfaces()
        if "ptp" in below
        and scene.state(name, below)[1]
        and value(below["ptp"], "port state") != "master-only"
    ]
    locked = bool(followed)
    offset = int(spread(f"ptp {scene.element.chassis.name}", -40, 40)) if locked else 0
    at = scene.around.clock
    count = int(scene.around.now - scene.element.booted) * 16 if locked else 0
    last = f"T1: {at:.9f}  T2: {at:.9f}  T3: {at:.9f}  T4: {at:.9f}" if locked else _NEVER
    return f"""\
Servo status: Running
Servo stat_index: 2
Device status: {"PHASE_LOCKED" if locked else "FREERUN"}
Servo Mode: Hybrid
Servo log level: 0
Phase Alignment Accuracy: {abs(offset)} ns
Sync timestamp updated: {count}
Sync timestamp discarded: 0
Delay timestamp updated: {count}
Delay timestamp discarded: 0
Previous Received Timestamp {last}  
Last Received Timestamp {last}  
Offset from master: {"-" if offset < 0 else " "}0 secs, {abs(offset)} nsecs
Mean path delay   :  0 secs, {2237 if locked else 0} nsecs
setTime():0  stepTime():0 adjustFreq():0 
Last setTime: 0.000000000 flag:0  Last stepTime:0 Last adjustFreq:0 
"""


_NEVER = "T1: 0.000000000  T2: 0.000000000  T3: 0.000000000  T4: 0.000000000"


def synce(scene: Scene) -> str:
    """`show frequency synchronization interfaces brief`."""
    if "frequency synchronization" not in scene.tree:
        return ""
    rows = [
        "Flags:  > - Up                D - Down              S - Assigned for selection",
        "        d - SSM Disabled      x - Peer timed out    i - Init state",
        "        s - Output squelched",
        "Fl   Interface                QLrcv QLuse Pri QLsnd Output driven by",
        "==== ======================== ===== ===== === ===== ========================",
    ]
    inputs = (
        name
        for name, below in scene.interfaces()
        if "selection input" in below.get("frequency synchronization", EMPTY)
        and scene.state(name, below)[1]
    )
    driver = next(inputs, "Internal0 [0/RP0/CPU0]")
    for name, below in scene.interfaces():
        settings = below.get("frequency synchronization")
        if settings is None:
            continue
        up = scene.state(name, below)[1]
        chosen = "selection input" in (settings or EMPTY)
        flags = (">" if up else "D") + ("S" if chosen else "")
        quality = "PRC" if up else "n/a"
        rows.append(
            f"{flags:<4} {name:<24} {quality:<5} {quality:<5} {value(settings, 'priority', '100'):>3} "
            f"{'DNU' if up and chosen else 'PRC':<5} {driver}  "
        )
    return "\n".join([*rows, ""])
