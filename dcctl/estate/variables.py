"""Variables of groups and hosts: those beside their names, those of group_vars and host_vars."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from dcctl.errors import Place
from dcctl.estate.inventory import OWN, Group, Host, Inventory, Layer
from dcctl.estate.reading import VaultFile, read_yaml
from dcctl.estate.tree import INVENTORY, VARIABLE_FOLDERS, YAML_SUFFIXES, Entry
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.estate.desk import Desk

MAPPING = N_("write it as `key: value` lines")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


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
        desk.complain(shown, (*path, OWN), N_("`dcctl` must be a mapping"), MAPPING)


def read_variables(inventory: Inventory, desk: Desk, base: str, *, whole: bool) -> None:
    """Fill the layers of groups and hosts from the two folders below `base`.

    `whole` says whether the sources are, so that a file which belongs to nobody is a mistake.
    """
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
        """Read what belongs to `owner` into its layer. The first there is counts, as in Ansible."""
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
            self._desk.complain(entry.shown, (), N_("a file of variables is a mapping"), MAPPING)

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
