"""What `display` answers about the neighbours: IS-IS, OSPF, BGP, BFD, LLDP, LDP, routes."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import AdjacencyState, BgpState, Heard
from dcctl.lab.elements.tree import values
from dcctl.lab.systems.huawei_vrp import kinds
from dcctl.lab.systems.huawei_vrp.intent import intent
from dcctl.lab.systems.huawei_vrp.scene import RULE, Scene, dashed, lasted, text

_DASHES = "-" * 80


def _process(scene: Scene, protocol: str) -> str:
    """The number of the first process of a routing protocol, or nothing."""
    for label in scene.tree:
        words = label.split(" ")
        if words[0] == protocol and len(words) > 1:
            return words[1]
    return ""


def isis(scene: Scene) -> str:
    """`display isis peer`."""
    number = _process(scene, "isis")
    if not number:
        return "Info: IS-IS is not configured.\n" if scene.immediate else ""
    if not scene.around.adjacencies:
        return ""
    rows = [
        "",
        f"{'':26}Peer information for ISIS({number})",
        f"{'':25}",
        "  System Id     Interface          Circuit Id        State HoldTime Type     PRI",
        _DASHES,
    ]
    for index, one in enumerate(scene.around.adjacencies, start=1):
        rows += _isis_rows(scene, one, index)
    return text([*rows, "", f"Total Peer(s): {len(scene.around.adjacencies)}"])


def _isis_rows(scene: Scene, one: AdjacencyState, circuit: int) -> list[str]:
    name = _isis_name(scene, one)
    hold = int(spread(f"{one.port} {int(scene.around.now) // 3}", 21, 29))
    state = "Up" if one.up else "Init"
    kind = {1: "L1", 2: "L2"}.get(one.level, "L1L2")
    head, rest = name[:15], name[15:]
    rows = [
        (
            f"{head:<15} {kinds.short(one.port):<18} {circuit:010d}         "
            f"{state:<4} {f'{hold}s':<8} {kind:<8} -- "
        )
    ]
    return [*rows, *(f"{rest[i : i + 15]:<80}" for i in range(0, len(rest), 15))]


def _isis_name(scene: Scene, one: AdjacencyState) -> str:
    """A name that is known from LSPs stands in place of the system id."""
    section = scene.tree.get(f"isis {_process(scene, 'isis')}", {})
    named = any(label.startswith("is-name ") for label in section)
    return one.neighbor if named and one.neighbor else f"{one.system_id}*"


def ospf_brief(scene: Scene) -> str:
    """`display ospf peer brief`."""
    number = _process(scene, "ospf")
    if not number:
        return ""
    neighbours = scene.ospf
    full = sum(one.state == "full" for one in neighbours)
    rows = ["(M) Indicates MADJ neighbor", "", ""] if not scene.immediate else [""]
    rows += [
        f"          OSPF Process {number} with Router ID {intent_id(scene)}",
        "                   Peer Statistic Information",
    ]
    if not scene.immediate:
        rows += [f"Total number of peer(s): {len(neighbours):<8} "]
        rows += [f" Peer(s) in full state: {full:<8} "]
    line = "-" * 77
    rows += [line, " Area Id         Interface                  Neighbor id          State"]
    for one in neighbours:
        state = _ospf_word(one.state)
        rows.append(f" {one.area:<15} {one.port:<26} {one.router_id:<20} {state:<12}")
    return text([*rows, line])


def _ospf_word(state: str) -> str:
    return {"2way": "2-Way", "exstart": "ExStart"}.get(state, state.capitalize())


def ospf(scene: Scene) -> str:
    """`display ospf peer`."""
    number = _process(scene, "ospf")
    if not number:
        return ""
    rows = ["(M) Indicates MADJ neighbor", "", ""] if not scene.immediate else [""]
    rows += [
        f"          OSPF Process {number} with Router ID {intent_id(scene)}",
        "                  Neighbors",
        "",
    ]
    for one in scene.ospf:
        up = lasted(scene.around.now - one.since)
        rows += [
            f" Area {one.area} interface {one.own_address}({one.port})'s neighbors",
            f" Router ID: {one.router_id:<16} Address: {one.address:<16} GR State: Normal",
            f"   State: {_ospf_word(one.state)}  Mode:Nbr is Slave  Priority: 1",
            "   DR: None   BDR: None   MTU: 0",
            "   Dead timer due in 35 sec",
            "   Retrans timer interval: 5",
            f"   Neighbor is up for {up}",
            "   Authentication Sequence: [ 0 ]",
            "",
        ]
    return text(rows)


def intent_id(scene: Scene) -> str:
    """The router id that routing protocols use."""
    return intent(scene.element.chassis, scene.tree).router_id or "0.0.0.0"  # noqa: S104 - no address, an unset router id


def bgp(scene: Scene) -> str:
    """`display bgp peer`."""
    asn = next((one.split(" ")[1] for one in scene.tree if one.startswith("bgp ")), "")
    if not asn:
        return "Error: BGP is not configured.\n" if scene.immediate else ""
    peers = scene.around.bgp
    rows = [] if scene.immediate else [" Status codes: * - Dynamic"]
    rows += [
        f" BGP local router ID        : {intent_id(scene)}",
        f" Local AS number            : {asn}",
        f" Total number of peers      : {len(peers)}",
        f" Peers in established state : {sum(one.state == 'established' for one in peers)}",
    ]
    rows += [] if scene.immediate else [" Total number of dynamic peers : 0"]
    rows += [
        "",
        "  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv",
    ]
    return text([*rows, *(_peer(scene, one) for one in peers)])


def _peer(scene: Scene, one: BgpState) -> str:
    up = one.state == "established"
    age = scene.around.now - one.since
    messages = int(age // 30) + 4 if up else 0
    ignored = f"peer {one.address} ignore" in next(
        (below for label, below in scene.tree.items() if label.startswith("bgp ")), {}
    )
    state = "Established" if up else "Idle(Admin)" if ignored else one.state.capitalize()
    return (
        f"  {one.address:<15} 4  {one.remote_as:>10}  {messages:>7}  {messages + 1:>7}     0  "
        f"{lasted(age):>7} {state:>11}  {one.prefixes:>7}"
    )


def bfd(scene: Scene) -> str:
    """`display bfd session all`."""
    if "bfd" not in scene.tree:
        return "Error: BFD is not enabled.\n" if scene.immediate else ""
    sessions = [one for one in scene.around.adjacencies if one.bfd]
    if not sessions:
        return ""
    head = (
        [_DASHES, "Local Remote     PeerIpAddr      State     Type        InterfaceName"]
        if scene.immediate
        else [
            "(w): State in WTR ",
            "(*): State is invalid",
            _DASHES,
            "Local      Remote     PeerIpAddr      State     Type        InterfaceName",
        ]
    )
    rows = [*head, _DASHES]
    width = 5 if scene.immediate else 10
    for index, one in enumerate(sessions):
        far = 16385 + int(spread(f"{one.neighbor} {one.address}", 0, 99))
        rows.append(
            f"{16385 + index:<{width}} {far:<10} {one.address:<15} Up        D_IP_IF     {one.port}"
        )
    return text([*rows, _DASHES, f"     Total UP/DOWN Session Number : {len(sessions)}/0"])


def lldp_brief(scene: Scene) -> str:
    """`display lldp neighbor brief`."""
    if "lldp enable" not in scene.tree:
        return (
            "Info: Global LLDP is not enabled.\n"
            if scene.immediate
            else "Error: LLDP is not enabled.\n"
        )
    if scene.immediate:
        rows = ["Local Intf             Neighbor Dev          Neighbor Intf             Exptime(s)"]
        rows += [
            f"{one.port:<22} {one.system:<21} {one.port_id:<25} {_left(scene, one)}"
            for one in scene.around.heard
        ]
        return text(rows)
    rows = ["Local Interface         Exptime(s) Neighbor Interface      Neighbor Device     "]
    rows.append("-" * 74)
    for one in scene.around.heard:
        rows.append(f"{one.port:<23} {_left(scene, one):>6}     {one.port_id:<23} {one.system:<20}")
    return text(rows)


def _left(scene: Scene, one: Heard) -> int:
    return 120 - int(scene.around.now + len(one.port)) % 30


def lldp(scene: Scene) -> str:
    """`display lldp neighbor [interface <intf>]`."""
    if "lldp enable" not in scene.tree:
        return (
            "Info: Global LLDP is not enabled.\n"
            if scene.immediate
            else "Error: LLDP is not enabled.\n"
        )
    wanted = scene.arguments[0] if scene.arguments else ""
    rows: list[str] = []
    for port in sorted(scene.element.chassis.ports, key=lambda one: kinds.rank(one.name)):
        if wanted not in ("", port.name):
            continue
        heard = [one for one in scene.around.heard if one.port == port.name]
        rows.append(f"{port.name} has {len(heard)} neighbor(s){':' if heard else ''}")
        for index, one in enumerate(heard, start=1):
            rows += ["", f"Neighbor index :{index}", *_heard_rows(scene, one)]
        rows.append("")
    return text(rows)


def _heard_rows(scene: Scene, one: Heard) -> list[str]:
    rows = [
        "Chassis type   :MAC address ",
        f"Chassis ID     :{dashed(one.mac)} ",
        "Port ID type   :Interface name ",
        f"Port ID        :{one.port_id}",
        f"Port description    :{one.description}",
        f"System name         :{one.system}",
        f"System description  :{one.platform}",
        "System capabilities supported   :bridge router ",
        "System capabilities enabled     :bridge router ",
    ]
    if one.management:
        rows += ["Management address type  :ipv4", f"Management address value :{one.management}"]
    return [*rows, f"Expired time   :{_left(scene, one)}s"]


def ldp(scene: Scene) -> str:
    """`display mpls ldp session [all]`."""
    if "mpls ldp" not in scene.tree:
        return "" if not scene.immediate else "Error: LDP is not enabled.\n"
    sessions = scene.ldp
    line = "-" * (78 if scene.immediate else 74)
    mark = "A '*'" if scene.immediate else "An asterisk (*)"
    rows = [
        " LDP Session(s) in Public Network"
        if scene.immediate
        else "LDP Session(s) in Public Network",
        " Codes: LAM(Label Advertisement Mode), SsnAge Unit(DDDD:HH:MM) ",
        f" {mark} before a session means the session is being deleted.",
        line,
        " PeerID             Status      LAM  SsnRole  SsnAge       KASent/Rcv",
        line,
    ]
    own = tuple(int(part) for part in intent_id(scene).split("."))
    for one in sessions:
        minutes = int(max(0.0, scene.around.now - one.since)) // 60
        age = f"{minutes // 1440:04d}:{minutes // 60 % 24:02d}:{minutes % 60:02d}"
        role = "Active" if own > tuple(int(part) for part in one.peer.split(".")) else "Passive"
        beats = int((scene.around.now - one.since) // 15) + 1
        rows.append(f" {one.peer + ':0':<18} Operational DU   {role:<7}  {age}   {beats}/{beats}")
    word = "session(s)" if scene.immediate else "Session(s)"
    return text(
        [*rows, line, f"{' ' if scene.immediate else ''}TOTAL: {len(sessions)} {word} Found."]
    )


def routes(scene: Scene) -> str:
    """`display ip routing-table statistics`."""
    own = intent(scene.element.chassis, scene.tree)
    direct = sum(len(port.addresses) * 2 for port in own.ports.values() if port.enabled) + 4
    learnt = {
        "DIRECT": direct,
        "STATIC": sum(one.startswith("ip route-static ") for one in scene.tree),
        "RIP": 0,
        "OSPF": 6 * len(scene.ospf),
        "IS-IS": 6 * len(scene.around.adjacencies),
        "BGP": sum(one.prefixes for one in scene.around.bgp),
        "UNR": 0,
    }
    total = sum(learnt.values())
    rows = [
        f"Summary Prefixes : {total}",
        "Proto      total      active     added      deleted    freed",
        "           routes     routes     routes     routes     routes",
    ]
    rows += [f"{name:<10} {n:<10} {n:<10} {n:<10} 0          0" for name, n in learnt.items()]
    return text([*rows, f"Total      {total:<10} {total:<10} {total:<10} 0          0"])


def trunks(scene: Scene) -> str:
    """`display eth-trunk [<n>]`."""
    wanted = scene.arguments[0] if scene.arguments else ""
    blocks = []
    for name, section in scene.interfaces():
        number = name.removeprefix("Eth-Trunk")
        if name == number or "." in name or wanted not in ("", number):
            continue
        lacp = any(line.startswith("mode lacp") for line in section)
        blocks.append(_trunk(scene, name, number, lacp=lacp))
    return "\n".join(blocks) or "Info: No valid trunk in the system.\n"


def _trunk(scene: Scene, name: str, number: str, *, lacp: bool) -> str:
    ports = scene.members(name)
    active = [port for port in ports if scene.active(name, port)]
    state = "up" if active else "down"
    rows = [f"{name}'s state information is:"]
    if not lacp:
        rows += [
            "WorkingMode: NORMAL         Hash arithmetic: According to flow",
            "Least Active-linknumber: 1  Max Bandwidth-affected-linknumber: 64",
            f"Operate status: {state:<11} Number Of Up Port In Trunk: {len(active)}",
            RULE,
            "PortName                      Status      Weight",
        ]
        return text([*rows, *(f"{p:<29} {'Up' if p in active else 'Down':<11} 1" for p in ports)])
    mac = dashed(scene.element.chassis.ports[0].mac) if scene.element.chassis.ports else "-"
    rows += [
        "Local:",
        f"LAG ID: {number:<19} WorkingMode: STATIC",
        "Preempt Delay: Disabled     Hash arithmetic: According to flow",
        f"System Priority: 32768      System ID: {mac}",
        "Least Active-linknumber: 1  Max Active-linknumber: 64",
        f"Operate status: {state:<11} Number Of Up Port In Trunk: {len(active)}",
        RULE,
        "ActorPortName          Status   PortType PortPri PortNo PortKey PortState Weight",
    ]
    for index, port in enumerate(ports, start=1):
        rate = f"{int(kinds.speed_gbit(port))}GE"
        word, bits = ("Selected", "10111100") if port in active else ("Unselect", "10100010")
        rows.append(f"{port:<22} {word:<8} {rate:<8} 32768   {index:<6} 305     {bits}  1")
    rows += [
        "",
        "Partner:",
        RULE,
        "ActorPortName          SysPri   SystemID        PortPri PortNo PortKey PortState",
    ]
    for index, port in enumerate(ports, start=1):
        far = ("32768", "0200-00aa-bbcc") if port in active else ("0", "0000-0000-0000")
        bits = "10111100" if port in active else "10100011"
        rows.append(f"{port:<22} {far[0]:<8} {far[1]}  32768   {index:<6} 305     {bits}")
    return text([*rows, ""])


def tunnels(_scene: Scene) -> str:
    """`display mpls te tunnel`: the lab's fabric has none."""
    return ""


def ntp_status(scene: Scene) -> str:
    """`display ntp status`, `display ntp-service status`."""
    around = scene.around
    good = around.synchronised
    at = datetime.fromtimestamp(around.clock, UTC)
    shown = f"{at:%H:%M:%S}.{at.microsecond // 1000:03d} UTC {at:%b} {at.day} {at.year}"
    rows = [
        f" clock status: {'synchronized' if good else 'unsynchronized'}",
        f" clock stratum: {3 if good else 16}",
        f" reference clock ID: {around.ntp_source if good else 'none'}",
        " nominal frequency: 100.0000 Hz",
        " actual frequency: 100.0000 Hz",
        " clock precision: 2^18",
        f" clock offset: {around.ntp_offset_ms if good else 0.0:.4f} ms",
        f" root delay: {3.25 if good else 0.0:.2f} ms",
        f" root dispersion: {10.94 if good else 0.0:.2f} ms",
        f" peer dispersion: {0.5 if good else 0.0:.2f} ms",
        f" reference time: {shown}(E224561B.7E379B77)",
        f" synchronization state: {'clock synchronized' if good else 'clock not set'}",
    ]
    return text(rows)


def ntp_sessions(scene: Scene) -> str:
    """`display ntp-service sessions`."""
    blocks = []
    for line in values(scene.tree, "ntp-service unicast-server"):
        host = line.split()[0]
        master = scene.around.synchronised and host == scene.around.ntp_source
        status = (
            "configured, master, sane, valid" if master else "configured, selected, sane, valid"
        )
        if not scene.around.synchronised:
            status = "configured, insane, valid, unsynced"
        rows = [
            f" clock source: {host}",
            f" clock stratum: {2 if scene.around.synchronised else 16}",
            f" clock status: {status}",
            f" reference clock ID: {'10.60.10.1' if scene.around.synchronised else 'none'}",
            f" reach: {255 if scene.around.synchronised else 0}",
            " current poll: 64",
            " now: 21",
            f" offset: {scene.around.ntp_offset_ms if master else 0.0:.4f} ms",
            " delay: 3.01 ms",
            " disper: 0.52 ms",
        ]
        blocks.append(text(rows))
    return "\n".join(blocks)
