"""Hosts, groups and the variables written beside them, merged exactly as Ansible merges them.

Precedence, lowest first: `all` inline, groups inline, group_vars/all, group_vars of groups, host
inline, host_vars. Groups go by depth (the longest path from `all`), then `ansible_group_priority`,
then name. A later dictionary replaces an earlier one, but for the one variable `dcctl`, which dcctl
itself merges deeply.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OWN = "dcctl"  # the one variable that is dcctl's
Source = tuple[str, tuple[str, ...]]  # a file, and the keys that lead to the place in it


@dataclass(slots=True)
class Layer:
    """Variables of one group or host at one level of precedence; `own` is what `dcctl` holds."""

    variables: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    vaults: list[str] = field(default_factory=list)  # encrypted files that belong here
    sources: list[Source] = field(default_factory=list)  # where it was read, weakest first

    def put(self, variables: Mapping[str, Any]) -> None:
        """Lay `variables` over what is here."""
        self.variables.update(variables)
        if OWN in variables:
            own = self.variables.pop(OWN)
            if isinstance(own, dict):
                self.own = deep_merge(self.own, own)

    def over(self, lower: Layer) -> Layer:
        """A new layer: this one laid over `lower`."""
        return Layer(
            {**lower.variables, **self.variables} if self.variables else lower.variables,
            deep_merge(lower.own, self.own) if self.own else lower.own,
            lower.vaults + self.vaults,
        )


@dataclass(slots=True, eq=False)
class Group:
    """A group of the inventory."""

    name: str
    children: dict[str, Group] = field(default_factory=dict)
    parents: dict[str, Group] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    inline: Layer = field(default_factory=Layer)
    files: Layer = field(default_factory=Layer)
    priority: int = 1
    depth: int = 0
    named: list[Source] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Host:
    """A host of the inventory."""

    name: str
    groups: dict[str, Group] = field(default_factory=dict)  # those that name it
    inline: Layer = field(default_factory=Layer)
    files: Layer = field(default_factory=Layer)


class Loop(ValueError):
    """A group would be its own ancestor."""


class Inventory:
    """What the sources say, put together in the order they are read."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.hosts: dict[str, Host] = {}
        self.all = self.group("all")
        self.link(self.all, self.group("ungrouped"))
        self._chains: dict[tuple[str, ...], tuple[Group, ...]] = {}
        self._bases: dict[tuple[str, ...], Layer] = {}

    def group(self, name: str) -> Group:
        """The group `name`, made when it is new."""
        group = self.groups.get(name)
        if group is None:
            group = self.groups[name] = Group(name)
        return group

    def host(self, name: str, port: int | None = None) -> Host:
        """The host `name`, made when it is new; only then does the port count."""
        host = self.hosts.get(name)
        if host is None:
            host = self.hosts[name] = Host(name)
            if port:
                host.inline.variables["ansible_port"] = port
        return host

    def link(self, parent: Group, child: Group) -> None:
        """Make `child` a child of `parent`.

        Raises:
            Loop: it is an ancestor of it, or the same.
        """
        if parent is child or child.name in {group.name for group in ancestors(parent)}:
            raise Loop(child.name)
        parent.children.setdefault(child.name, child)
        child.parents.setdefault(parent.name, parent)

    def join(self, group: Group, host: Host) -> None:
        """Put `host` in `group`."""
        group.hosts.setdefault(host.name, host)
        host.groups.setdefault(group.name, group)

    def settle(self) -> None:
        """Hang lone groups under `all`, lone hosts under `ungrouped`, and measure the depths."""
        for group in list(self.groups.values()):
            if group is not self.all and not group.parents:
                self.link(self.all, group)
        ungrouped = self.groups["ungrouped"]
        for host in self.hosts.values():
            named = host.groups.keys() - {"all", "ungrouped"}
            if named and "ungrouped" in host.groups:
                del host.groups["ungrouped"], ungrouped.hosts[host.name]
            elif not named:
                self.join(ungrouped, host)
        _measure(self.all)

    def chain(self, host: Host) -> tuple[Group, ...]:
        """The groups of `host` but `all`, weakest first."""
        key = tuple(host.groups)
        chain = self._chains.get(key)
        if chain is None:
            found = {group.name: group for group in host.groups.values()}
            for group in host.groups.values():
                found.update((one.name, one) for one in ancestors(group))
            found.pop("all", None)
            chain = self._chains[key] = tuple(
                sorted(found.values(), key=lambda one: (one.depth, one.priority, one.name))
            )
        return chain

    def base(self, host: Host) -> Layer:
        """What all the groups of `host` give it."""
        key = tuple(host.groups)
        base = self._bases.get(key)
        if base is None:
            chain = self.chain(host)
            base = self.all.inline
            for layer in (
                *(group.inline for group in chain),
                self.all.files,
                *(group.files for group in chain),
            ):
                base = layer.over(base)
            self._bases[key] = base
        return base

    def own_layer(self, host: Host) -> Layer:
        """What is said of `host` itself."""
        return host.files.over(host.inline)

    def dissolve(self) -> None:
        """Cut the circles between groups and hosts, so that the memory comes back at once."""
        for host in self.hosts.values():
            host.groups.clear()
        for group in self.groups.values():
            group.children.clear()
            group.parents.clear()


def ancestors(group: Group) -> Iterator[Group]:
    """All groups above `group`, each once."""
    seen: set[str] = set()
    waiting = list(group.parents.values())
    while waiting:
        parent = waiting.pop()
        if parent.name not in seen:
            seen.add(parent.name)
            yield parent
            waiting += parent.parents.values()


def members(group: Group) -> list[str]:
    """The hosts of `group` and of the groups below it, breadth first as Ansible lists them."""
    found: dict[str, None] = {}
    seen = {group.name}
    level: Iterable[Group] = [group]
    while level:
        below: dict[str, Group] = {}
        for one in level:
            found.update(dict.fromkeys(one.hosts))
            below.update((name, child) for name, child in one.children.items() if name not in seen)
        seen |= below.keys()
        level = below.values()
    return list(found)


def deep_merge(lower: dict[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """`upper` over `lower`, dictionaries within dictionaries; neither is changed."""
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        merged[key] = (
            deep_merge(below, value)
            if isinstance(below, dict) and isinstance(value, dict)
            else value
        )
    return merged


def _measure(root: Group) -> None:
    """Depth is the longest path from the root: a group is settled once all its parents are."""
    waiting = {root.name: 0}
    ready = [root]
    left: dict[str, int] = {}
    while ready:
        group = ready.pop()
        for child in group.children.values():
            waiting[child.name] = max(waiting.get(child.name, 0), waiting[group.name] + 1)
            child.depth = waiting[child.name]
            left[child.name] = left.get(child.name, len(child.parents)) - 1
            if left[child.name] == 0:
                ready.append(child)
