"""SAOS configuration: lines that act at once, kept by section, written out as SAOS 6.18 does.

A line that removes takes away the one that it undoes; a line that sets takes the place of the one
that set before. Only commands that public configurations show are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from dcctl.lab.elements.model import Chassis, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, drop, put

_TOKEN = re.compile(r'"[^"]*"|\S+')
_TWO_PAIRS = 4


@dataclass(frozen=True, slots=True)
class Setting:
    """One kind of line: its form, where it stands, and how many words name it."""

    form: str  # a whole line; `<…>` is a word or quoted words
    section: str
    name: int  # words that tell one such line from another
    clears: str = ""  # it is never kept, only takes that line away; `\N` are its own words

    def match(self, line: str) -> list[str] | None:
        """The line's words, if it is of this kind."""
        words, form = _TOKEN.findall(line), self.form.split()
        fits = len(words) == len(form) and all(
            want.startswith("<") or want == word for want, word in zip(form, words, strict=True)
        )
        return words if fits else None


SETTINGS = (
    Setting("vlan create vlan <list>", "NETWORK CONFIG: vlans", 4),
    Setting("vlan delete vlan <list>", "", 0, clears=r"vlan create vlan \3"),
    Setting("system set host-name <name>", "SYSTEM CONFIG:", 3),
    Setting("system set location <text>", "SYSTEM CONFIG:", 3),
    Setting("interface remote set vlan <id>", "INTERFACE CONFIG:", 4),
    Setting("interface remote set ip <address>", "INTERFACE CONFIG:", 4),
    Setting("interface local set ip <address>", "INTERFACE LOCAL CONFIG:", 4),
    Setting("interface set gateway <address>", "INTERFACE LOCAL CONFIG:", 3),
    Setting("ntp client add server <address>", "NTP CONFIG:", 5),
    Setting("ntp client remove server <address>", "", 0, clears=r"ntp client add server \4"),
    Setting("port disable port <port>", "PORT CONFIG: ports", 4),
    Setting("port enable port <port>", "", 0, clears=r"port disable port \3"),
    Setting("port set port <port> description <text>", "PORT CONFIG: ports", 5),
    Setting("port set port <port> max-frame-size <bytes>", "PORT CONFIG: ports", 5),
    Setting("port set port <port> speed <speed>", "PORT CONFIG: ports", 5),
    Setting("port set port <port> auto-neg <state>", "PORT CONFIG: ports", 5),
    Setting("port unset port <port> description", "", 0, clears=r"port set port \3 description"),
    Setting("vlan add vlan <list> port <port>", "NETWORK CONFIG: vlan members and attributes", 6),
    Setting("vlan remove vlan <list> port <port>", "", 0, clears=r"vlan add vlan \3 port \5"),
    Setting("vlan rename vlan <id> name <name>", "NETWORK CONFIG: vlan members and attributes", 4),
    Setting("aggregation create agg <name>", "LACP CONFIG:", 4),
    Setting("aggregation delete agg <name>", "", 0, clears=r"aggregation create agg \3"),
    Setting("aggregation add agg <name> port <port>", "LACP CONFIG:", 6),
    Setting(
        "aggregation remove agg <name> port <port>", "", 0, clears=r"aggregation add agg \3 port \5"
    ),
    Setting("user create user <name> access-level <level> secret <hash>", "USER CONFIG:", 4),
    Setting("user delete user <name>", "", 0, clears=r"user create user \3"),
    Setting("user auth set priority <number> method <method>", "SECURITY CONFIG:", 5),
    Setting("syslog create collector <address> severity <list>", "SYSLOG CONFIG:", 4),
    Setting("syslog delete collector <address>", "", 0, clears=r"syslog create collector \3"),
    Setting("system shell banner create banner login line <text>", "SHELL CONFIG:", 7),
    Setting("tacacs add server <address>", "TACACS CONFIG:", 4),
    Setting("tacacs remove server <address>", "", 0, clears=r"tacacs add server \3"),
    Setting("tacacs set secret <secret>", "TACACS CONFIG:", 3),
    Setting("tacacs authorization enable", "TACACS CONFIG:", 3),
    Setting("telnet server disable", "TELNET CONFIG:", 2),
    Setting("telnet server enable", "TELNET CONFIG:", 2),
    Setting(
        "snmp create community-index <index> community <name> sec-name <name> transport-tag <tag>",
        "SNMP",
        4,
    ),
    Setting(
        "snmp create access-entry <group> sec-model <model> sec-level <level> read-view <view>",
        "SNMP",
        4,
    ),
    Setting("ssh server enable", "SSH CONFIG:", 3),
    Setting("ssh server disable", "", 0, clears=r"ssh server enable"),
)
SECTIONS = tuple(dict.fromkeys(one.section for one in SETTINGS if one.section))


def setting_of(line: str) -> tuple[Setting, list[str]] | None:
    """The kind of a line and its words."""
    found = ((one, one.match(line)) for one in SETTINGS)
    return next(((one, words) for one, words in found if words is not None), None)


def apply(tree: Tree, line: str) -> Tree | None:
    """The tree after a line; None where no such line is known."""
    kind = setting_of(line)
    if kind is None:
        return _several(tree, _TOKEN.findall(line))
    setting, words = kind
    if setting.clears:
        wanted = re.sub(r"\\(\d)", lambda found: words[int(found[1])], setting.clears)
        return _without(tree, wanted)
    name = " ".join(words[: setting.name])
    before = tree
    for section, old in lines(tree):
        if section == setting.section and old != line and f"{old} ".startswith(f"{name} "):
            tree = drop(tree, (section, old))
    if before is tree and line in tree.get(setting.section, EMPTY):
        return tree
    return put(tree, (setting.section, line))


def _several(tree: Tree, words: list[str]) -> Tree | None:
    """`port set port N` takes several attributes on one line."""
    pairs = words[4:]
    if words[:3] != ["port", "set", "port"] or len(pairs) < _TWO_PAIRS or len(pairs) % 2:
        return None
    for number in range(0, len(pairs), 2):
        after = apply(tree, " ".join([*words[:4], *pairs[number : number + 2]]))
        if after is None:
            return None
        tree = after
    return tree


def _without(tree: Tree, beginning: str) -> Tree:
    for section, old in lines(tree):
        if f"{old} ".startswith(f"{beginning} "):
            tree = drop(tree, (section, old))
    return MappingProxyType({section: below for section, below in tree.items() if below})


def lines(tree: Tree) -> Iterator[tuple[str, str]]:
    """(section, line) in the order in which SAOS writes them."""
    for section in SECTIONS:
        for line in tree.get(section, EMPTY):
            yield section, line


def value(tree: Tree, beginning: str, default: str = "") -> str:
    """What follows the beginning of a line, without quotes."""
    for _, line in lines(tree):
        if line.startswith(f"{beginning} "):
            return line[len(beginning) + 1 :].strip('"')
    return default


def all_values(tree: Tree, beginning: str) -> tuple[str, ...]:
    """What follows that beginning, of every line that has it."""
    return tuple(
        line[len(beginning) + 1 :].strip('"')
        for _, line in lines(tree)
        if line.startswith(f"{beginning} ")
    )


def hostname(tree: Tree) -> str:
    """The configured name, or the model's."""
    return value(tree, "system set host-name", "3930")


def disabled(tree: Tree, port: str) -> bool:
    """Whether somebody switched a port off: SAOS ports are on by themselves."""
    return f"port disable port {port}" in tree.get("PORT CONFIG: ports", EMPTY)


def intent(chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    ports = {
        port.name: PortIntent(
            enabled=not disabled(tree, port.name),
            description=value(tree, f"port set port {port.name} description"),
            addresses=(chassis.management_address,) if port.name == chassis.management_port else (),
        )
        for port in chassis.ports
    }
    servers = all_values(tree, "ntp client add server")
    return Intent(hostname=hostname(tree), ports=ports, lldp=True, ntp=servers)


def day_zero(chassis: Chassis) -> Tree:
    """A new box with a name, a way in and an address."""
    wanted = [
        f"system set host-name {chassis.name}",
        "ssh server enable",
        f"user create user {chassis.username} access-level super secret #1xkQ8rV0sLw2",
    ]
    if chassis.management_address:
        wanted.append(f"interface local set ip {chassis.management_address}")
    if chassis.management_gateway:
        wanted.append(f"interface set gateway {chassis.management_gateway}")
    return load(chassis, EMPTY, "\n".join(wanted))


def load(_chassis: Chassis, tree: Tree, text: str) -> Tree:
    """Lines on top of a tree; what is not known is passed over."""
    for line in text.splitlines():
        words = " ".join(_TOKEN.findall(line.strip()))
        if words and not words.startswith("!"):
            after = apply(tree, words)
            tree = tree if after is None else after
    return tree


def brief(tree: Tree) -> list[str]:
    """`configuration show brief`: the lines alone."""
    return [line for _, line in lines(tree)]


def whole(tree: Tree, head: Callable[[], list[str]]) -> list[str]:
    """`configuration show`: head, then every section with its lines."""
    rows = head()
    for section in SECTIONS:
        rows += ["!", "!" * 30, f"! {section}", "!", *tree.get(section, EMPTY), "!"]
    return rows


def dump(_chassis: Chassis, tree: Tree) -> str:
    """The configuration as text that `load` takes."""
    return "".join(f"{line}\n" for line in brief(tree))
