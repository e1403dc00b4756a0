"""What an SR OS configuration asks for, what a fresh box has, and what a commit refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dcctl.lab.elements.model import BgpIntent, Chassis, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, get, value, values
from dcctl.lab.systems.nokia_sros import links, shutting
from dcctl.lab.systems.nokia_sros.config import Path, edit, label_of, tokens
from dcctl.lab.systems.nokia_sros.schema import SEPARATOR, Element
from dcctl.lab.systems.nokia_sros.writing import path_text

ROUTER = ("configure", "router Base")
SYSTEM = "system"  # the router's own address


def entries(tree: Tree, name: str) -> Iterator[tuple[str, Tree]]:
    """(first key, what is below) of every entry of a list."""
    for label, below in tree.items():
        if label.startswith(f"{name} "):
            yield label[len(name) + 1 :].partition(SEPARATOR)[0], below


def at(tree: Tree, *path: str) -> Tree:
    """The subtree at a path, empty where nothing lies."""
    return get(tree, path) or EMPTY


def router(tree: Tree) -> Tree:
    """The base router."""
    return at(tree, *ROUTER)


def hostname(tree: Tree) -> str:
    """The configured name, or the model's."""
    return value(at(tree, "configure", "system"), "name", "7750")


def enabled(tree: Tree, *, default: bool = True) -> bool:
    """The administrative state of a container."""
    return value(tree, "admin-state", "enable" if default else "disable") == "enable"


def address_of(interface: Tree) -> str:
    """The primary address with its prefix length."""
    primary = at(interface, "ipv4", "primary")
    address, length = value(primary, "address"), value(primary, "prefix-length")
    return f"{address}/{length}" if address and length else ""


def port_enabled(tree: Tree, name: str) -> bool:
    """Whether a port may shine: SR OS keeps ports down until they are enabled, connectors too."""
    config = at(tree, "configure")
    if not enabled(config.get(f"port {name}", EMPTY), default=False):
        return False
    connector, _, breakout = name.rpartition("/")
    if "/c" not in connector or not breakout:
        return True
    above = config.get(f"port {connector}", EMPTY)
    return enabled(above, default=False) and bool(value(at(above, "connector"), "breakout"))


def interface_on(tree: Tree, port: str) -> tuple[str, Tree]:
    """The router's interface on a port, and what is said of it."""
    for name, below in entries(router(tree), "interface"):
        if value(below, "port").partition(":")[0] == port:
            return name, below
    return "", EMPTY


def intent(chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    base = router(tree)
    isis = base.get("isis 0", EMPTY)
    running = isis if enabled(isis, default=False) else EMPTY
    ports = {port.name: _port(chassis, tree, port.name, running) for port in chassis.ports}
    own = at(base, f"interface {SYSTEM}")
    ports[SYSTEM] = replace(_system(own, running), ospf=links.of(SYSTEM, base).ospf)
    bgp = base.get("bgp", EMPTY)
    neighbors = tuple(_neighbors(base, bgp, address_of(own).partition("/")[0]))
    return Intent(
        hostname=hostname(tree),
        ports=ports,
        area=next(iter(values(running, "area-address")), ""),
        system_id=system_id(running, address_of(own)) if running else "",
        overload="overload" in running and value(running["overload"], "max-metric") != "true",
        max_metric="overload" in base.get("ospf 0", EMPTY),
        graceful_shutdown=shutting.told(tree, base, neighbors),
        asn=int(value(base, "autonomous-system", "0")),
        router_id=value(base, "router-id", address_of(own).partition("/")[0]),
        bgp=neighbors,
        lldp=enabled(at(tree, "configure", "system", "lldp")),
        ntp=_servers(tree),
        logging=tuple(
            value(below, "address") for _, below in entries(at(tree, "configure", "log"), "syslog")
        ),
    )


def _servers(tree: Tree) -> tuple[str, ...]:
    ntp = at(tree, "configure", "system", "time", "ntp")
    return tuple(key for key, _ in entries(ntp, "server")) if enabled(ntp, default=False) else ()


def system_id(isis: Tree, own: str) -> str:
    """The configured one, else the router's address with zeros filled in, as SR OS derives it."""
    stated = value(isis, "system-id")
    if stated or not own:
        return stated
    digits = "".join(f"{int(part):03d}" for part in own.partition("/")[0].split("."))
    return ".".join(digits[i : i + 4] for i in (0, 4, 8))


def _levels(isis: Tree, circuit: Tree) -> frozenset[int]:
    def allowed(tree: Tree) -> set[int]:
        return {int(one) for one in value(tree, "level-capability", "1/2").split("/")}

    return frozenset(allowed(isis) & allowed(circuit))


def _system(own: Tree, isis: Tree) -> PortIntent:
    circuit = isis.get(f"interface {SYSTEM}")
    address = address_of(own)
    return PortIntent(
        enabled=bool(address) and enabled(own),
        addresses=(address,) if address else (),
        isis=circuit is not None and enabled(circuit),
        passive=True,
    )


def _port(chassis: Chassis, tree: Tree, name: str, isis: Tree) -> PortIntent:
    if name == chassis.management_port:
        # The management port is set up in the boot options file, which no commit touches.
        return PortIntent(addresses=(chassis.management_address,), lldp=False)
    port = at(tree, "configure", f"port {name}")
    called, below = interface_on(tree, name)
    circuit = isis.get(f"interface {called}") if called else None
    address = address_of(below)
    liveness = at(circuit or EMPTY, "bfd-liveness")
    bridge = at(port, "ethernet", "lldp", "dest-mac nearest-bridge")
    return replace(
        links.of(called, router(tree)),
        enabled=port_enabled(tree, name) and (not called or enabled(below)),
        description=value(port, "description"),
        addresses=(address,) if address else (),
        isis=circuit is not None and enabled(circuit),
        passive=value(circuit or EMPTY, "passive") == "true",
        bfd="ipv4" in liveness and enabled(at(below, "ipv4", "bfd"), default=False),
        lldp=value(bridge, "receive") == "true" and value(bridge, "transmit") == "true",
        levels=_levels(isis, circuit or EMPTY),
        metric=links.isis_metric(isis, circuit or EMPTY, name),
        ospf_cost=links.ospf_cost(called, router(tree), name),
    )


def _neighbors(base: Tree, bgp: Tree, own: str) -> Iterator[BgpIntent]:
    running = "bgp" in base and enabled(bgp)
    asn = value(base, "autonomous-system", "0")
    for address, below in entries(bgp, "neighbor"):
        group = at(bgp, f"group {value(below, 'group')}")
        kind = value(below, "type", value(group, "type"))
        peer = value(below, "peer-as", value(group, "peer-as", asn if kind == "internal" else "0"))
        source = value(below, "local-address", value(group, "local-address"))
        yield BgpIntent(
            address=address,
            remote_as=int(peer),
            enabled=running and enabled(below) and enabled(group),
            # Without one, SR OS speaks to its own system's neighbours from its system address.
            source=source or (own if peer == asn else ""),
            description=value(below, "description"),
        )


def day_zero(chassis: Chassis) -> Tree:
    """A new box that was given its cards and a way in."""
    lines = [
        f'configure system name "{chassis.name}"',
        "configure card 1 card-type iom-1",
        "configure card 1 mda 1 mda-type me12-100gb-qsfp28",
        'configure log log-id "99" description "Default System Log"',
        'configure log log-id "99" source main true',
        'configure log log-id "99" destination memory max-entries 500',
        "configure system management-interface configuration-mode model-driven",
        "configure system security ssh server-admin-state enable",
        "configure system security ssh preserve-key true",
        (
            f'configure system security user-params local-user user "{chassis.username}"'
            ' password "$2y$10$TQrZlpBDra86.qoexZUzQeBXDY1FcdDhGWdD9lLxMuFyPVSm0OGy6"'
        ),
        (
            f'configure system security user-params local-user user "{chassis.username}"'
            " access console true"
        ),
        (
            f'configure system security user-params local-user user "{chassis.username}"'
            ' console member ["administrative"]'
        ),
    ]
    tree = EMPTY
    for line in lines:
        tree = edit(tree, (), tokens(line)).tree
    return tree


def refused(tree: Tree) -> list[str]:
    """What a commit or `validate` complains of."""
    config, base = at(tree, "configure"), router(tree)
    found: list[str] = []

    def needs(path: Path, wanted: Path) -> None:
        if get(tree, wanted) is None:
            found.append(
                f"MINOR: MGMT_CORE #224: {path_text(path)} - Entry does not exist - "
                f"{path_text(wanted)}"
            )

    for name, below in entries(base, "interface"):
        here, port = (*ROUTER, f"interface {name}"), value(below, "port").partition(":")[0]
        if port:
            lag = port.removeprefix("lag-") if port.startswith("lag-") else ""
            wanted = f"lag {port}" if lag else f"port {port}"
            needs(here, ("configure", wanted))
        primary = at(below, "ipv4", "primary")
        if value(primary, "address") and not value(primary, "prefix-length"):
            inner = path_text((*here, "ipv4", "primary"))
            found.append(f"MINOR: MGMT_CORE #236: {inner} prefix-length - Missing required element")
    for path, interfaces in _protocols(base):
        for name, _ in entries(interfaces, "interface"):
            needs((*path, f"interface {name}"), (*ROUTER, f"interface {name}"))
    found += _bgp_faults(tree)
    for name, below in entries(at(config, "log"), "log-id"):
        syslog = value(at(below, "destination"), "syslog")
        if syslog:
            needs(("configure", "log", f"log-id {name}"), ("configure", "log", f"syslog {syslog}"))
    return found


def _protocols(base: Tree) -> Iterator[tuple[Path, Tree]]:
    for name, below in entries(base, "isis"):
        yield (*ROUTER, f"isis {name}"), below
    for name, below in entries(base, "ospf"):
        for area, inner in entries(below, "area"):
            yield (*ROUTER, f"ospf {name}", f"area {area}"), inner
    yield (*ROUTER, "ldp", "interface-parameters"), at(base, "ldp", "interface-parameters")
    for name in ("mpls", "rsvp"):
        yield (*ROUTER, name), at(base, name)


def _bgp_faults(tree: Tree) -> Iterator[str]:
    bgp = at(router(tree), "bgp")
    policies = at(tree, "configure", "policy-options")
    for kind in ("group", "neighbor"):
        for name, below in entries(bgp, kind):
            here = path_text((*ROUTER, "bgp", label_of(Element(kind, "list"), [name])))
            group = value(below, "group")
            if kind == "neighbor" and not group:
                yield f"MINOR: MGMT_CORE #236: {here} group - Missing required element"
            elif kind == "neighbor" and f"group {group}" not in bgp:
                yield (
                    f"MINOR: MGMT_CORE #224: {here} group - Entry does not exist - "
                    f"{path_text((*ROUTER, 'bgp', f'group {group}'))}"
                )
            for way in ("import", "export"):
                for policy in values(at(below, way), "policy"):
                    if f"policy-statement {policy}" not in policies:
                        yield (
                            f"MINOR: MGMT_CORE #224: {here} {way} policy - Entry does not exist - "
                            f'configure policy-options policy-statement "{policy}"'
                        )
