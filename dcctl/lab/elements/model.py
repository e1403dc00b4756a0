"""What a simulated element is: frozen values that a system's functions take and give back.

Times are seconds since the epoch, of dcctl's clock. Names of ports are the vendor's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from dcctl.lab.elements.software import Fetch, Fetched, Outcome, Software, Store, Wait
from dcctl.lab.elements.tree import EMPTY, Tree

NO_LIGHT_DBM = -40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A physical port; `mac` has twelve hexadecimal digits."""

    name: str
    mac: str = "020000000000"
    medium: str = "fibre"  # ethernet | fibre | dwdm
    optic: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chassis:
    """What no command changes: the metal, and what the factory wrote on it."""

    name: str
    system: str
    model: str = ""
    serial: str = ""
    site: str = ""
    ports: tuple[Port, ...] = ()
    management_port: str = ""
    management_address: str = ""  # with prefix length
    management_gateway: str = ""
    username: str = "netops"  # the account that day-0 configuration holds
    release: str = ""  # what it runs at first; empty: what its system plays
    supervisors: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A configuration that comes back by itself unless the present one is confirmed in time."""

    due: float
    restore: Tree
    user: str = ""
    minutes: int = 0
    session: int = 0  # whose commit it was, where only that session may confirm it
    persist: str = ""  # the name by which any session may


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A configuration that was kept, with who kept it when and how."""

    tree: Tree
    time: float
    user: str = ""
    how: str = "cli"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element at one moment."""

    chassis: Chassis
    running: Tree = field(default_factory=lambda: EMPTY)
    startup: Tree = field(default_factory=lambda: EMPTY)
    candidate: Tree | None = None  # the shared one, where the system has it; None: same as running
    history: tuple[Saved, ...] = ()  # newest first: rollbacks, or the archive
    timer: Timer | None = None
    lock: int = 0  # the session that holds the configuration for itself, 0: none
    booted: float = 0.0
    changed: float = 0.0
    changed_by: str = ""
    saved: float = 0.0
    saved_by: str = ""
    up_at: float = 0.0  # it forwards and answers from then on (later than now: it boots)
    powered: bool = True
    reboot_at: float = 0.0  # 0: none is planned
    sessions: int = 0  # logins since it was made
    messages: tuple[str, ...] = ()  # its syslog buffer, oldest first
    stores: tuple[Store, ...] = ()
    software: Software = field(default_factory=Software)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """One login: where it stands.

    `expects` says how the wire reads: a line, one key, or a hidden line.
    """

    number: int = 1
    user: str = "netops"
    peer: str = "127.0.0.1"
    since: float = 0.0
    mode: str = "exec"
    path: tuple[str, ...] = ()
    privilege: int = 15
    length: int = 24
    width: int = 80
    expects: str = "line"  # line | key | hidden
    question: str = ""  # shown in place of the prompt
    pending: str = ""  # what the answer belongs to
    block: tuple[str, ...] = ()  # lines gathered so far
    private: Tree | None = None  # a candidate of one's own
    exclusive: bool = False
    flags: frozenset[str] = frozenset()
    closed: bool = False
    awaits: Fetch | Wait | None = None  # it takes no line before this came to its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the element writes in its own log.

    `kind` is command, change, commit, save, confirm, revert, boot, login, logout, fault; of
    software: file, operation, activate, release, net; of the network: drain, outage.
    `subject` says of what: the release, the site, the file.
    """

    kind: str
    text: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one line brought about."""

    text: str
    element: Element
    terminal: Terminal
    notes: tuple[Note, ...] = ()


# --- what a configuration asks for, in nobody's dialect ----------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PortIntent:
    """What the configuration says of one port or loopback. `addresses` carry prefix lengths."""

    enabled: bool = True
    description: str = ""
    addresses: tuple[str, ...] = ()
    isis: bool = False
    passive: bool = False
    bfd: bool = False
    lldp: bool = True
    levels: frozenset[int] = frozenset({2})
    ospf: str = ""  # the area as an address, 0.0.0.0; empty: none
    ospf_passive: bool = False
    ldp: bool = False
    metric: int = 10  # of IS-IS
    ospf_cost: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BgpIntent:
    """One configured BGP neighbour."""

    address: str
    remote_as: int
    enabled: bool = True
    source: str = ""  # the local address; empty: the outgoing port's
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a configuration asks for."""

    hostname: str
    ports: Mapping[str, PortIntent] = field(default_factory=lambda: MappingProxyType({}))
    area: str = ""
    system_id: str = ""
    overload: bool = False
    max_metric: bool = False  # of OSPF: the way through it is the last that anybody takes
    graceful_shutdown: bool = False  # of BGP: towards every neighbour
    asn: int = 0
    router_id: str = ""
    bgp: tuple[BgpIntent, ...] = ()
    lldp: bool = False
    ntp: tuple[str, ...] = ()
    logging: tuple[str, ...] = ()


# --- what the network does to an element -------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PortState:
    """What one port sees. `since` is when `up` last changed.

    `loads` are (since when, bits per second in, out), the present last: see `traffic.averaged`.
    """

    up: bool = False
    since: float = 0.0
    tx_dbm: float = NO_LIGHT_DBM
    rx_dbm: float = NO_LIGHT_DBM
    temperature_c: float = 31.0
    errors: int = 0
    in_bps: float = 0.0
    out_bps: float = 0.0
    loads: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjacencyState:
    """One IS-IS neighbour heard on a port."""

    port: str
    neighbor: str
    system_id: str
    address: str
    own_address: str
    level: int = 2
    up: bool = True
    since: float = 0.0
    bfd: bool = False  # a BFD session goes with it, and is up


@dataclass(frozen=True, slots=True, kw_only=True)
class OspfState:
    """One OSPF neighbour of a port."""

    port: str
    area: str
    neighbor: str
    router_id: str
    address: str
    own_address: str
    state: str = "full"
    since: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LdpState:
    """One LDP session, whatever number of links (`ports`) its hellos come by."""

    peer: str  # LSR id
    neighbor: str
    own: str  # LSR id
    ports: tuple[str, ...]
    addresses: tuple[str, ...]  # of the peer, that hellos come from
    since: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BgpState:
    """One BGP session; `state` is established, active or idle."""

    address: str
    remote_as: int
    state: str
    since: float = 0.0
    prefixes: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What LLDP hears on a port."""

    port: str
    system: str
    port_id: str
    mac: str
    description: str = ""  # of the far port
    platform: str = ""
    management: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmState:
    """A standing alarm of the chassis."""

    text: str
    since: float
    severity: str = "major"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """All that an element can know of the world besides itself.

    `clock` is what its own clock shows.
    """

    now: float
    clock: float
    ports: Mapping[str, PortState] = field(default_factory=lambda: MappingProxyType({}))
    adjacencies: tuple[AdjacencyState, ...] = ()
    ospf: tuple[OspfState, ...] = ()
    ldp: tuple[LdpState, ...] = ()
    bgp: tuple[BgpState, ...] = ()
    heard: tuple[Heard, ...] = ()
    synchronised: bool = False
    ntp_source: str = ""
    ntp_offset_ms: float = 0.0
    alarms: tuple[AlarmState, ...] = ()
    users: tuple[Terminal, ...] = ()
    # unit_fails or boot_loop (of the next release), flash_full, standby_missing
    troubles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that changed around an element, for its syslog.

    `kind` is link, isis, bfd or config.
    """

    kind: str
    subject: str = ""  # the port, or the user
    up: bool = False
    neighbor: str = ""


def _bare(chassis: Chassis) -> tuple[tuple[Store, ...], Software]:
    return (), Software(release=chassis.release, committed=chassis.release)


def _as_it_was(element: Element, _now: float, _troubles: frozenset[str] = frozenset()) -> Outcome:
    return Outcome(element=element)


def _on(
    element: Element, terminal: Terminal, _result: Fetched | None, _around: Surroundings
) -> Reply:
    return Reply(text="", element=element, terminal=replace(terminal, awaits=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One simulated operating system; every function is pure.

    `step` takes a line (or one key, where the terminal expects a key). `expire` is called when the
    timer is due.
    `verify(tree, user, password)` says whether the configuration itself lets this user in.
    """

    name: str  # the platform that it plays
    title: str
    models: tuple[str, ...]
    more: str  # what the pager shows
    day_zero: Callable[[Chassis], Tree]
    intent: Callable[[Chassis, Tree], Intent]
    login: Callable[[Element, Terminal], Terminal]
    banner: Callable[[Element], str]  # before authentication
    greeting: Callable[[Element, Terminal, Surroundings], str]  # after it
    prompt: Callable[[Element, Terminal], str]
    step: Callable[[Element, Terminal, str, Surroundings], Reply]
    expire: Callable[[Element, float], Element]
    leave: Callable[[Element, Terminal], Element]  # the session is gone
    message: Callable[[Element, Happening, float], str]
    load: Callable[[Chassis, Tree, str], Tree]  # configuration text merged into a tree
    dump: Callable[[Chassis, Tree], str]
    verify: Callable[[Tree, str, str], bool] = lambda _tree, _user, _password: False
    port_id: Callable[[str], str] = str  # how it names a port in LLDP
    boot_seconds: float = 60.0
    # Files and software; docs/lab.md says what each is asked for.
    furnish: Callable[[Chassis], tuple[tuple[Store, ...], Software]] = _bare
    boot: Callable[[Element, float, frozenset[str]], Outcome] = _as_it_was
    finish: Callable[[Element, float, frozenset[str]], Outcome] = _as_it_was
    net_expired: Callable[[Element, float], Outcome] = _as_it_was
    resume: Callable[[Element, Terminal, Fetched | None, Surroundings], Reply] = _on
    transfers: Callable[[Element], frozenset[str]] = lambda _element: frozenset()  # scp, sftp
    place: Callable[[Element, str], tuple[Store, str] | None] = lambda _element, _path: None
