"""Reading the inventory's sources: static YAML by ourselves, anything else through `ansible-inventory`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from dcctl.errors import Place
from dcctl.estate import hostnames
from dcctl.estate.complaints import Complaints
from dcctl.estate.inventory import OWN, Group, Host, Inventory, Layer, Loop
from dcctl.estate.reading import Unusable, VaultFile, parse_yaml, read_text, read_yaml
from dcctl.estate.tree import (
    HOSTS,
    IGNORED_SUFFIXES,
    INVENTORY,
    VARIABLE_FOLDERS,
    YAML_SUFFIXES,
    Entry,
)
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dcctl.estate.places import Places

_MAPPING = N_("write it as `key: value` lines")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NOT_SOURCES = {*VARIABLE_FOLDERS, "vars_plugins"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What every reader needs at hand."""

    root: Path
    files: Mapping[str, Entry]
    complaints: Complaints
    places: Places

    def complain(
        self, shown: str, keys: tuple[str, ...], msgid: str, hint: str = "", **params: Any
    ) -> None:
        """Complain of what `keys` lead to in a file."""
        self.complaints.add(self.places.at(shown, keys), msgid, hint=hint, **params)


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
    _read_variables(inventory, desk, base, whole=not desk.complaints.fatal)
    return inventory


def find_sources(desk: Desk) -> tuple[list[Entry], str]:
    """The files that may name hosts, in Ansible's order, and the folder that holds group_vars and host_vars."""
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
                _MAPPING,
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
                _MAPPING,
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
                    _MAPPING,
                    pattern=pattern,
                )
            variables = {}
        for name in names:
            host = self._inventory.host(name, port)
            self._inventory.join(group, host)
            put(host.inline, variables, self._shown, path, self._desk)

    def _complain(self, path: tuple[str, ...], msgid: str, hint: str = "", **params: Any) -> None:
        self._desk.complain(self._shown, path, msgid, hint, **params)


def put(
    layer: Layer, variables: dict[str, Any], shown: str, path: tuple[str, ...], desk: Desk
) -> None:
    """Lay variables over a layer, remembering where they came from."""
    layer.sources.append((shown, path))
    if not variables:
        return
    layer.put(variables)
    for name in variables:
        if not _VARIABLE.match(name):
            desk.complain(
                shown,
                (*path, name),
                N_("Ansible takes no variable named {name}"),
                N_("use letters, digits and _, and begin with a letter"),
                name=name,
            )
    if OWN in variables and not isinstance(variables[OWN], dict):
        desk.complain(shown, (*path, OWN), N_("`dcctl` must be a mapping"), _MAPPING)


def _read_variables(inventory: Inventory, desk: Desk, base: str, *, whole: bool) -> None:
    groups = _VariableFiles(desk, f"{base}/group_vars")
    for group in inventory.groups.values():
        groups.fill(group)
    hosts = _VariableFiles(desk, f"{base}/host_vars")
    for host in inventory.hosts.values():
        hosts.fill(host)
    _complain_of_strays(desk, base)
    if whole:
        groups.complain_of_rest(N_("there is no group {name}"))
        hosts.complain_of_rest(N_("there is no host {name}"))


def _complain_of_strays(desk: Desk, base: str) -> None:
    """Folders of variables that stand where Ansible does not look for them."""
    told: set[str] = set()
    for shown in desk.files:
        folder, name = _variable_folder(shown)
        if name and folder != base and folder not in told and shown.startswith(INVENTORY):
            told.add(folder)
            desk.complaints.add(
                Place(f"{folder}/{name}"),
                N_("nothing reads this folder"),
                hint=N_("move it to {base}/{name}"),
                base=base,
                name=name,
            )


def _variable_folder(shown: str) -> tuple[str, str]:
    parts = shown.split("/")[:-1]
    for position, part in enumerate(parts):
        if part in VARIABLE_FOLDERS:
            return "/".join(parts[:position]), part
    return "", ""


class _VariableFiles:
    """The files of a group_vars or host_vars folder, by the name they belong to."""

    def __init__(self, desk: Desk, folder: str) -> None:
        self._desk = desk
        self._files: dict[str, Entry] = {}
        self._folders: dict[str, list[Entry]] = {}
        self._used: set[str] = set()
        start = f"{folder}/"
        for shown, entry in desk.files.items():
            if shown.startswith(start):
                name, slash, below = shown.removeprefix(start).partition("/")
                if not slash:
                    self._files[name] = entry
                elif _is_variable_file(below):
                    self._folders.setdefault(name, []).append(entry)

    def fill(self, owner: Group | Host) -> None:
        """Read what belongs to `owner` into its layer. The first that exists counts, as in Ansible."""
        name = owner.name
        if name in self._folders:
            self._used.add(name)
            for entry in self._folders[name]:
                self._read(entry, owner.files)
            return
        for suffix in ("", *YAML_SUFFIXES):
            if name + suffix in self._files:
                self._used.add(name + suffix)
                self._read(self._files[name + suffix], owner.files)
                return

    def _read(self, entry: Entry, layer: Layer) -> None:
        data = read_yaml(entry.path, entry.shown, self._desk.complaints)
        if isinstance(data, VaultFile):
            layer.vaults.append(entry.shown)
        elif isinstance(data, dict):
            put(layer, data, entry.shown, (), self._desk)
        elif data is not None:
            self._desk.complain(entry.shown, (), N_("a file of variables is a mapping"), _MAPPING)

    def complain_of_rest(self, msgid: str) -> None:
        """Files that belong to nobody: a name was mistyped, or another file hides them."""
        for name, entry in self._files.items():
            if name not in self._used and entry.path.suffix in ("", *YAML_SUFFIXES):
                self._desk.complaints.add(
                    Place(entry.shown),
                    msgid,
                    hint=N_("rename the file, or take it out: nothing reads it"),
                    name=entry.path.stem if entry.path.suffix in YAML_SUFFIXES else name,
                )
        for name, entries in self._folders.items():
            if name not in self._used:
                self._desk.complaints.add(
                    Place(entries[0].shown),
                    msgid,
                    hint=N_("rename the folder, or take it out: nothing reads it"),
                    name=name,
                )


def _is_variable_file(below: str) -> bool:
    *folders, name = below.split("/")
    suffix = PurePosixPath(name).suffix
    return suffix in ("", *YAML_SUFFIXES) and not any("." in folder for folder in folders)
