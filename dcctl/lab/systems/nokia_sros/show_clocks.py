"""What SR OS answers about its clocks: NTP, frequency, PTP."""

from __future__ import annotations

from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.nokia_sros import show_ports
from dcctl.lab.systems.nokia_sros.intent import at, enabled, entries
from dcctl.lab.systems.nokia_sros.scene import SINGLE, stamped, table


def _time(scene: Scene) -> Tree:
    return at(scene.tree, "configure", "system", "time", "ntp")


def ntp_status(scene: Scene) -> str:
    """`show system ntp`."""
    on = enabled(_time(scene), default=False)
    synced = on and scene.around.synchronised
    now = f"{stamped(scene.around.clock)} UTC"
    source = scene.around.ntp_source if synced else "none"
    stratum = "3" if synced else "-"
    word = "up" if on else "down"
    check = "No" if value(_time(scene), "authentication-check", "true") == "false" else "Yes"
    return "\n" + table(
        "NTP Status",
        f"Configured         : {'Yes' if _time(scene) else 'No':<19}Stratum              : {stratum}",
        f"Admin Status       : {word:<19}Oper Status          : {word}",
        f"Server Enabled     : {'No':<19}Server Authenticate  : No",
        f"Clock Source       : {source}",
        f"Auth Check         : {check}",
        f"Current Date & Time: {now}",
    )


def ntp_servers(scene: Scene) -> str:
    """`show system ntp servers`."""
    rows = []
    listed = list(entries(_time(scene), "server")) if enabled(_time(scene), default=False) else []
    for name, _ in listed:
        synced = scene.around.synchronised
        state = (
            "reject" if not synced else "chosen" if name == scene.around.ntp_source else "candidate"
        )
        reach = "YYYYYYYY" if synced else "........"
        offset = f"{scene.around.ntp_offset_ms:.3f}" if synced else "0.000"
        reference = "GPS" if synced else "STEP"
        rows += [
            (
                f"{state:<26}{reference:<16}{'2' if synced else '-':<3}{'srvr':<6}{'-':<3}{'64':<5}"
                f"{reach:<10}{offset}"
            ),
            f"    {'Base':<15}{name}",
        ]
    associations = table(
        "NTP Active Associations",
        "State                     Reference ID    St Type  A  Poll Reach     Offset(ms)",
        "    Router         Remote",
        SINGLE,
        *rows,
    )
    clients = table(
        "NTP Clients",
        "vRouter                                                    Time Last Request Rx",
        "    Address",
        SINGLE,
    )
    return f"\n{associations}\n{clients}"


def ntp(scene: Scene) -> str:
    """`show system ntp all`."""
    return ntp_status(scene) + ntp_servers(scene)


def timing(scene: Scene) -> str:
    """`show system sync-if-timing`."""
    tree = at(scene.tree, "configure", "system", "central-frequency-clock")
    found = {name: _reference(scene, at(tree, name)) for name in ("ref1", "ref2")}
    good = [name for name in _order(tree) if name in found and found[name][1]]
    state = "Master Locked" if good else "Master Free Run"
    chosen = good[0] if good else "none"
    rows = [
        f"System Status CPM A                : {state}",
        (
            f"    Reference Input Mode           : "
            f"{'Revertive' if value(tree, 'revert') == 'true' else 'Non-revertive'}"
        ),
        (
            f"    Quality Level Selection        : "
            f"{'Enabled' if value(tree, 'ql-selection') == 'true' else 'Disabled'}"
        ),
        f"    Reference Selected             : {chosen}",
        f"    System Quality Level           : {'prc' if good else 'unknown'}",
        "    Current Frequency Offset (ppm) : +0",
        "",
        f"Reference Order                    : {' '.join(_order(tree))}",
    ]
    for number, name in enumerate(("ref1", "ref2"), 1):
        rows += ["", *_input(number, name, *found[name], chosen=name == chosen)]
    return "\n" + table("System Interface Timing Operation Info", *rows)


def _order(tree: Tree) -> list[str]:
    order = at(tree, "ref-order")
    stated = [value(order, name) for name in ("first", "second", "third", "fourth", "fifth")]
    return [one for one in stated if one and one != "none"] or ["bits", "ref1", "ref2", "ptp"]


def _reference(scene: Scene, below: Tree) -> tuple[Tree, bool]:
    """What is said of a reference, and whether it is good for use."""
    port = value(below, "source-port")
    lit = bool(port) and show_ports.state(scene, port)[1]
    return below, lit and enabled(below, default=False)


def _input(number: int, name: str, below: Tree, good: bool, *, chosen: bool) -> list[str]:  # noqa: FBT001 - a row of a table
    del name
    admin = enabled(below, default=False)
    why = "disabled" if not admin else "LOS"
    rows = [
        f"Reference Input {number}",
        f"    Admin Status                   : {'up' if admin else 'down'}",
        f"    Source Port                    : {value(below, 'source-port', 'None')}",
        f"    Rx Quality Level               : {'prc' if good else 'unknown'}",
        f"    Quality Level Override         : {value(below, 'ql-override', 'none')}",
        f"    Qualified For Use              : {'Yes' if good else 'No'}",
    ]
    if not good:
        rows.append(f"        Not Qualified Due To       :     {why}")
    rows.append(f"    Selected For Use               : {'Yes' if chosen else 'No'}")
    if not chosen:
        reason = "on standby" if good else "not qualified"
        rows.append(f"        Not Selected Due To        :     {reason}")
    return rows


_PROFILES = {
    "ieee1588-2008": "IEEE 1588-2008",
    "g8265dot1-2010": "ITU-T G.8265.1",
    "g8275dot1-2014": "ITU-T G.8275.1",
    "g8275dot2-2016": "ITU-T G.8275.2",
}


def ptp(scene: Scene) -> str:
    """`show system ptp`."""
    tree = at(scene.tree, "configure", "system", "ptp")
    on = enabled(tree, default=False)
    ports = [name for name, _ in entries(tree, "port") if show_ports.state(scene, name)[1]]
    locked = on and bool(ports or list(entries(tree, "peer")))
    kind = value(tree, "clock-type", "ordinary-slave")
    mac = scene.element.chassis.ports[0].mac if scene.element.chassis.ports else "0" * 12
    profile = _PROFILES[value(tree, "profile", "ieee1588-2008")]
    local = [
        "Local Clock",
        SINGLE,
        f"Clock Type          : {kind:<20}PTP Profile         : {profile}",
        f"Domain              : {value(tree, 'domain', '0'):<20}Network Type        : sdh",
        f"Admin State         : {'up' if on else 'down':<20}Oper State          : {'up' if on else 'down'}",
        f"Clock Id            : {mac[:6]}fffe{mac[6:]:<10}Clock Class         : 248 (default)",
        "Clock Accuracy      : unknown             Clock Variance      : ffff (not computed)",
        (
            f"Clock Priority1     : {value(tree, 'priority1', '128'):<20}Clock Priority2     : "
            f"{value(tree, 'priority2', '128')}"
        ),
        (
            f"PTP Recovery State  : {'locked' if locked else 'free-run' if on else 'disabled':<20}"
            f"Last Changed        : {stamped(scene.element.booted)}"
        ),
        "Frequency Offset    : +0.000 ppb",
    ]
    parent = [
        SINGLE,
        "Parent Clock",
        SINGLE,
        f"Parent Clock Id     : {'00164dfffe5b1b9f' if locked else 'none':<20}Remote Port Number  : 1",
        f"GM Clock Id         : {'0019fefffe5c1234' if locked else 'none':<20}GM Clock Class      : 6",
        "GM Clock Accuracy   : within 100 ns       GM Clock Variance   : 6400 (3.7E-09)",
        "GM Clock Priority1  : 128                 GM Clock Priority2  : 128",
        f"Steps Removed       : {2 if locked else 0}",
    ]
    times = [
        SINGLE,
        "Time Information",
        SINGLE,
        "Timescale           : PTP",
        f"Current Time        : {stamped(scene.around.clock)}.0 (UTC)",
        f"Frequency Traceable : {'yes' if locked else 'no'}",
        f"Time Traceable      : {'yes' if locked else 'no'}",
        f"Time Source         : {'GPS' if locked else 'internal-oscillator'}",
    ]
    return "\n" + table("IEEE 1588/PTP Clock Information", SINGLE, *local, *parent, *times)
