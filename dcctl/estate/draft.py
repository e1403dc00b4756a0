"""The estate while it is being judged: read, merged, its places known; and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dcctl.errors import Place
from dcctl.estate import patterns
from dcctl.estate.inventory import OWN, members
from dcctl.model.estate import Complaint, ComplaintSeverity
from dcctl.text import Text

if TYPE_CHECKING:
    from dcctl.estate.desk import Desk
    from dcctl.estate.inventory import Host, Inventory, Layer
    from dcctl.estate.places import Key
    from dcctl.estate.schema.images import Images
    from dcctl.estate.schema.racks import DeviceType, Racks
    from dcctl.estate.schema.site import SiteFile
    from dcctl.estate.schema.topology import LinkEntry, Topology
    from dcctl.estate.schema.waivers import Waivers
    from dcctl.estate.schema.windows import Windows

TOPOLOGY = "inventory/topology.yml"
RACKS = "inventory/racks.yml"
IMAGES = "inventory/images.yml"
WAIVERS = "inventory/waivers/upgrade.yml"
WINDOWS = "inventory/windows.yml"


@dataclass(eq=False)
class Draft:
    """Everything that was read: in `intents` what kept its schema, in `unsound` what did not.

    An estate with unsound keys is judged to its end, and never built.
    """

    desk: Desk
    inventory: Inventory
    site: SiteFile
    topology: Topology
    racks: Racks
    waivers: Waivers
    images: Images
    windows: Windows
    intents: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    unsound: dict[str, frozenset[str]] = field(default_factory=dict)  # host -> its keys
    device_types: Mapping[str, DeviceType] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()

    @cached_property
    def uses(self) -> Mapping[str, tuple[tuple[int, str, LinkEntry], ...]]:
        """The links of each host: their index in the file, which end it is, and the entry."""
        found: dict[str, list[tuple[int, str, LinkEntry]]] = {}
        for index, link in enumerate(self.topology.links):
            found.setdefault(link.a.host, []).append((index, "a", link))
            found.setdefault(link.b.host, []).append((index, "b", link))
        return {host: tuple(links) for host, links in found.items()}

    @cached_property
    def _selectable(self) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
        groups = {name: tuple(members(group)) for name, group in self.inventory.groups.items()}
        return tuple(members(self.inventory.all)), groups

    def select(self, pattern: str) -> tuple[str, ...]:
        """The hosts that a host pattern stands for.

        Raises:
            NotFound: nothing. InvalidInput: it can't be read.
        """
        names, groups = self._selectable
        return patterns.select(pattern, names, groups, tuple(self.inventory.hosts))

    def says(self, host: str, key: str) -> bool:
        """Whether the host's `dcctl` variable gives `key` a value, be it a wrong one."""
        return bool(self.intents[host].get(key)) or key in self.unsound.get(host, ())

    def variable(self, host: str, name: str) -> Any:
        """A merged Ansible variable of a host."""
        entry = self.inventory.hosts[host]
        for layer in (entry.files, entry.inline, self.inventory.base(entry)):
            if name in layer.variables:
                return layer.variables[name]
        return None

    def place_of(self, host: str, keys: tuple[Key, ...] = (), variable: str = OWN) -> Place:
        """Where the value of a host's variable is set, or where the host itself is named."""
        entry = self.inventory.hosts[host]
        for depth in range(len(keys), -1, -1):
            wanted = (variable, *keys[:depth])
            for layer in self._layers(entry):
                place = self.desk.places.first(reversed(layer.sources), wanted)
                if place is not None:
                    return place
        return self.place_of_host(host)

    def place_of_host(self, host: str) -> Place:
        """Where the host is named."""
        sources = self.inventory.hosts[host].inline.sources
        return self.desk.places.at(*sources[0]) if sources else Place("inventory/hosts")

    def _layers(self, host: Host) -> Iterator[Layer]:
        yield host.files
        yield host.inline
        chain = self.inventory.chain(host)
        yield from (group.files for group in reversed(chain))
        yield self.inventory.all.files
        yield from (group.inline for group in reversed(chain))
        yield self.inventory.all.inline

    def at(self, shown: str, *keys: Key) -> Place:
        """A place in another file."""
        return self.desk.places.at(shown, keys)


def complaint(
    place: Place,
    msgid: str,
    hint: str = "",
    severity: ComplaintSeverity = ComplaintSeverity.ERROR,
    **params: Any,
) -> Complaint:
    """A complaint; `msgid` and `hint` are marked with `N_` and share `params`."""
    return Complaint(
        place=place, text=Text(msgid, params), hint=Text(hint, params), severity=severity
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that must hold across files. Adding one is adding a file to `rules/`."""

    title: str  # marked with `N_`
    judge: Callable[[Draft], Iterator[Complaint]]
    first: bool = False  # judged before the others, which are left alone if it complains
