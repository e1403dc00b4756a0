"""The inventory's sources: static YAML read by ourselves, all else through `ansible-inventory`."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from dcctl.errors import Place
from dcctl.estate import hostnames
from dcctl.estate.complaints import Complaints
from dcctl.estate.inventory import Group, Inventory, Loop
from dcctl.estate.reading import Unusable, parse_yaml, read_text
from dcctl.estate.tree import HOSTS, IGNORED_SUFFIXES, VARIABLE_FOLDERS, YAML_SUFFIXES, Entry
from dcctl.estate.variables import MAPPING, put, read_variables
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.estate.desk import Desk

_NOT_SOURCES = {*VARIABLE_FOLDERS, "vars_plugins"}


def read_inventory(desk: Desk) -> Inventory:
    """Hosts, groups and all their variables, put together but not yet judged."""
    sources, base = find_sources(desk)
    inventory = Inventory()
    documents: list[tuple[str, Any]] = []
    for entry in sources:
        if is_dynamic(entry, desk, documents):
            from dcctl.estate.dynamic import read_dynamic, source_of  # rarely needed

            read_dynamic(inventory, desk, source_of(desk.root, entry.shown), entry.shown)
            break
    else:
        for shown, data in documents:
            _StaticReader(inventory, desk, shown).read(data)
    inventory.settle()
    # Where a source is broken, files of variables would seem to belong to nobody.
    read_variables(inventory, desk, base, whole=not desk.complaints.fatal)
    return inventory


def find_sources(desk: Desk) -> tuple[list[Entry], str]:
    """The files that may name hosts, in Ansible's order, and the folder that holds group_vars."""
    inside = [entry for shown, entry in desk.files.items() if shown.startswith(f"{HOSTS}/")]
    if inside or (desk.root / HOSTS).is_dir():
        return [entry for entry in inside if _is_source(entry.shown)], HOSTS
    for name in (HOSTS, *(HOSTS + suffix for suffix in (*YAML_SUFFIXES, ".ini", ".toml"))):
        if name in desk.files:
            return [desk.files[name]], _parent(HOSTS)
    desk.complaints.add(
        Place(HOSTS),
        N_("there is no inventory"),
        hint=N_("write the hosts into YAML files in inventory/hosts/"),
    )
    return [], HOSTS


def _parent(shown: str) -> str:
    return str(PurePosixPath(shown).parent)


def _is_source(shown: str) -> bool:
    below = PurePosixPath(shown).relative_to(HOSTS).parts
    return not any(part in _NOT_SOURCES or part.endswith(IGNORED_SUFFIXES) for part in below)


def is_dynamic(entry: Entry, desk: Desk, documents: list[tuple[str, Any]]) -> bool:
    """Whether only Ansible can read this source; what we can read is added to `documents`."""
    suffix = entry.path.suffix
    if suffix not in ("", *YAML_SUFFIXES):
        return True
    try:
        text = read_text(entry.path, entry.shown, desk.complaints)
    except Unusable:
        return False
    if entry.executable and text.startswith("#!"):
        return True
    # Without a suffix it may be INI, whose faults as YAML are no faults.
    guess = desk.complaints if suffix else Complaints()
    try:
        data = parse_yaml(text, entry.shown, guess)
    except Unusable:
        return not suffix
    if (isinstance(data, dict) and "plugin" in data) or not (suffix or isinstance(data, dict)):
        return True
    if guess is not desk.complaints:
        desk.complaints.take(guess)
    documents.append((entry.shown, data))
    return False


class _StaticReader:
    """Puts one YAML source into the inventory."""

    def __init__(self, inventory: Inventory, desk: Desk, shown: str) -> None:
        self._inventory = inventory
        self._desk = desk
        self._shown = shown

    def read(self, data: Any) -> None:
        if data is None:
            return
        if not isinstance(data, dict):
            self._complain(
                (), N_("an inventory file is a mapping of groups"), N_("begin with `all:`")
            )
            return
        for name, content in data.items():
            self._group(name, content, (name,))

    def _group(self, name: str, content: Any, path: tuple[str, ...]) -> Group | None:
        if not name:
            self._complain(path, N_("a group has no name"), N_("give it one"))
            return None
        group = self._inventory.group(name)
        group.named.append((self._shown, path))
        if content is None:
            return group
        if not isinstance(content, dict):
            self._complain(
                path,
                N_("the group {name} must be a mapping with hosts, children or vars"),
                MAPPING,
                name=name,
            )
            return group
        for key, value in content.items():
            self._section(group, key, value, (*path, key))
        return group

    def _section(self, group: Group, key: str, value: Any, path: tuple[str, ...]) -> None:
        if key not in ("hosts", "children", "vars"):
            self._complain(
                path,
                N_("{key} means nothing in the group {group}"),
                N_("a group has hosts, children and vars; other things go below vars"),
                key=key,
                group=group.name,
            )
            return
        if isinstance(value, str):
            value = {value: None}
        if value is None:
            return
        if not isinstance(value, dict):
            self._complain(
                path,
                N_("{key} of the group {group} must be a mapping"),
                MAPPING,
                key=key,
                group=group.name,
            )
        elif key == "vars":
            self._group_variables(group, value, path)
        elif key == "children":
            self._children(group, value, path)
        else:
            for pattern, variables in value.items():
                self._hosts(group, pattern, variables, (*path, pattern))

    def _group_variables(self, group: Group, values: dict[str, Any], path: tuple[str, ...]) -> None:
        values = dict(values)
        if "ansible_group_priority" in values:
            priority = values.pop("ansible_group_priority")
            try:
                group.priority = int(priority)
            except (TypeError, ValueError):
                self._complain(
                    (*path, "ansible_group_priority"),
                    N_("ansible_group_priority must be a whole number"),
                    N_("correct it"),
                )
        put(group.inline, values, self._shown, path, self._desk)

    def _children(self, group: Group, children: dict[str, Any], path: tuple[str, ...]) -> None:
        for name, content in children.items():
            child = self._group(name, content, (*path, name))
            if child is None:
                continue
            try:
                self._inventory.link(group, child)
            except Loop:
                self._complain(
                    (*path, name),
                    N_("the group {child} can't be below {group}: that would be a loop"),
                    N_("take one of the two children entries out"),
                    child=name,
                    group=group.name,
                )

    def _hosts(self, group: Group, pattern: str, variables: Any, path: tuple[str, ...]) -> None:
        try:
            names, port = hostnames.expand(pattern)
        except ValueError:
            self._complain(
                path,
                N_("{pattern} is no host name and no proper range"),
                N_("use letters, digits, - and . ; a range is [01:10] or [a:f]"),
                pattern=pattern,
            )
            return
        if not isinstance(variables, dict):
            if variables:
                self._complain(
                    path,
                    N_("the variables of {pattern} must be a mapping"),
                    MAPPING,
                    pattern=pattern,
                )
            variables = {}
        for name in names:
            host = self._inventory.host(name, port)
            self._inventory.join(group, host)
            put(host.inline, variables, self._shown, path, self._desk)

    def _complain(self, path: tuple[str, ...], msgid: str, hint: str = "", **params: Any) -> None:
        self._desk.complain(self._shown, path, msgid, hint, **params)
