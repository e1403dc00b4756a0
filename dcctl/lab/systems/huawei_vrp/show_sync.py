"""What `display` answers about frequency and precision time."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.huawei_vrp import kinds
from dcctl.lab.systems.huawei_vrp.scene import Scene, text


def _sources(scene: Scene) -> list[tuple[str, int, bool]]:
    """(port, priority, up) of the ports that frequency may be taken from, best first."""
    found = [
        (name, int(value(section, "clock priority", "255")), scene.port(name).up)
        for name, section in scene.interfaces()
        if "clock synchronization enable" in section
    ]
    return sorted(found, key=lambda one: (not one[2], one[1], kinds.rank(one[0])))


def frequency(scene: Scene) -> str:
    """`display clock source`."""
    sources = _sources(scene)
    locked = bool(sources) and sources[0][2]
    mode = "lock mode" if locked else "hold mode" if sources else "free mode"
    chosen = kinds.short(sources[0][0]) if locked else "system PLL"
    rows = [
        f" System trace source State:   {mode}",
        f"                              {'into' if locked else 'out of'} pull-in range",
        f" Current system trace source: {chosen}",
        " Current 2M-1 trace source:   system PLL",
        f" Frequency lock success:      {'yes' if locked else 'no'}",
        "",
        " Master board",
        " Source        Pri(sys/2m-1)   In-SSM     Out-SSM    State      Ref",
        " --------------------------------------------------------------------------",
    ]
    for index, (name, priority, up) in enumerate(sources):
        first = locked and index == 0
        shown = f"{priority:>2} /---" if priority < 255 else "---/---"  # noqa: PLR2004 - none is set
        rows.append(
            f" {kinds.short(name):<15} {shown:<15} {'prc' if up else 'dnu':<11} "
            f"{'dnu' if first else 'prc':<10} {'normal' if up else 'abnormal':<10} "
            f"{'yes' if first else 'no'}"
        )
    return text(rows)


def _ports(scene: Scene) -> list[tuple[str, Tree]]:
    return [(name, below) for name, below in scene.interfaces() if "ptp enable" in below]


def precision(scene: Scene) -> str:
    """`display ptp all`."""
    if "ptp enable" not in scene.tree:
        return "Error: PTP is not enabled.\n"
    name = scene.element.chassis.name
    own = f"{int(spread(name, 1e5, 9e5)):06d}fffe{int(spread(name + 'x', 1e5, 9e5)):06d}"
    ports = _ports(scene)
    slave = next((port for port, _ in ports if scene.port(port).up), "")
    role = value(scene.tree, "ptp device-type", "bc").upper()
    domain = value(scene.tree, "ptp domain", "0")
    line = "  " + "-" * 78
    rows = [
        "  Device config info",
        line,
        f"  PTP state         :enabled              Domain  value      :{domain}",
        f"  Slave only        :no                   Device type        :{role}",
        f"  Set port state    :no                   Local clock ID     :{own}",
        "  Acl               :no                   Virtual clock ID   :no",
        f"  Acr               :no                   Time lock success  :{'yes' if slave else 'no'}",
        "  Asymmetry measure :disable              Passive measure    :disable",
        "",
        "  BMC run info",
        line,
        f"  Grand clock ID    :{'0a05d7fffe341500' if slave else own}",
        f"  Receive number    :{slave or 'local'}",
        f"  Parent clock ID   :{'0a05d7fffe341500' if slave else own}",
        f"  Parent portnumber :{35585 if slave else 0}",
        "  Priority1         :128                 Priority2           :128",
        f"  Step removed      :{1 if slave else 0}                   Clock accuracy      :0x21",
        "  Clock class       :6                   Time Source         :0x20",
        "  UTC Offset        :37                  UTC Offset Valid    :True",
        "  Timescale         :PTP                 Time traceable      :True",
        "  Leap              :None                Frequency traceable :True",
        "  Offset scaled     :0x4e5d              Sync uncertain      :False",
        "",
        "  Port info",
        "  Name                             State       Delay-mech Ann-timeout Type Domain",
        line,
    ]
    for port, _ in ports:
        state = "slave" if port == slave else "master" if scene.port(port).up else "faulty"
        rows.append(f"  {port:<32} {state:<11} delay      3           {role:<4} 0")
    return text(rows)
