"""Roles: found in folders, held to their `dcctl.yml`, ordered by `after`."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

import yaml

from dcctl.discovery import tree_digest
from dcctl.errors import InvalidContribution, Place
from dcctl.model.role import RoleSpec
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FILE = "dcctl.yml"
RISKS = ("low", "medium", "high")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LARGEST = 64 * 1024  # a role's dcctl.yml is a dozen lines; anything near this is not one


def load_roles(paths: Sequence[Path], *, shadowing: Collection[str] = ()) -> Mapping[str, RoleSpec]:
    """Every role in `paths` (the site's own first), by name, in an order that honours `after`.

    A folder without `tasks/` is no role, and wrong where it has a `dcctl.yml`. A name in two
    folders is refused unless `shadowing` declares it; the first folder then wins.

    Raises:
        InvalidContribution: names the file, and the line where there is one.
    """
    found: dict[str, RoleSpec] = {}
    for folder in _role_folders(paths):
        if folder.name in found:
            if folder.name not in shadowing:
                raise InvalidContribution(
                    N_("the role {name} is also in {other}"),
                    hint=N_("rename one, or declare the override in dcctl.yml"),
                    place=Place(str(folder)),
                    name=folder.name,
                    other=found[folder.name].path,
                )
            continue
        found[folder.name] = load_role(folder)
    return {name: found[name] for name in _ordered(found)}


def order(names: Iterable[str], roles: Mapping[str, RoleSpec]) -> tuple[str, ...]:
    """`names` in the order in which they are applied (`roles` comes from `load_roles`)."""
    wanted = set(names)
    return tuple(name for name in roles if name in wanted)


def load_role(folder: Path) -> RoleSpec:
    """The one role in `folder`."""
    fields = _fields(folder / FILE)
    return RoleSpec(
        name=folder.name, path=str(folder.resolve()), digest=tree_digest(folder), **fields
    )


def _role_folders(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        for entry in sorted(path.iterdir()) if path.is_dir() else ():
            if (entry / "tasks").is_dir():
                yield entry
            elif (entry / FILE).is_file():
                raise InvalidContribution(
                    N_("{folder} holds a dcctl.yml and no tasks, so it is no role"),
                    hint=N_("give it tasks/main.yml, or take it out"),
                    place=Place(str(entry)),
                    folder=entry.name,
                )


def _ordered(roles: Mapping[str, RoleSpec]) -> Iterator[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for role in roles.values():
        for earlier in role.after:
            if earlier not in roles:
                raise InvalidContribution(
                    N_("after: there is no role {earlier}"),
                    hint=N_("the roles are: {known}"),
                    place=Place(f"{role.path}/{FILE}"),
                    earlier=earlier,
                    known=", ".join(sorted(roles)),
                )
        sorter.add(role.name, *role.after)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        raise InvalidContribution(
            N_("the roles wait for each other: {circle}"),
            hint=N_("take one name out of an `after:`"),
            place=Place(f"{roles[circle[0]].path}/{FILE}"),
            circle=" → ".join(circle),
        ) from error
    while sorter.is_active():
        ready = sorted(
            sorter.get_ready()
        )  # by name where `after` leaves it open: the same order everywhere
        yield from ready
        sorter.done(*ready)


# --- dcctl.yml ------------------------------------------------------------------------------


def _string(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(_string(item) for item in value)


_SCHEMA: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (_string, N_("a line of text")),
    "applies_to": (lambda value: _names(value) and bool(value), N_("a list of platforms")),
    "after": (_names, N_("a list of roles")),
    "risk": (lambda value: value in RISKS, N_("low, medium or high")),
    "verify": (lambda value: _names(value) and bool(value), N_("a list of check ids")),
    "guarded": (lambda value: isinstance(value, bool), N_("true or false")),
    "peers": (_names, N_("a list of names")),
    "collections": (_names, N_("a list of collections")),
}
_REQUIRED = ("title", "applies_to", "risk", "verify")


def _fields(path: Path) -> dict[str, Any]:
    if not _NAME.fullmatch(path.parent.name):
        raise InvalidContribution(
            N_("{name} is no name for a role"),
            hint=N_("lower case letters, digits and underscores"),
            place=Place(str(path.parent)),
            name=path.parent.name,
        )
    values: dict[str, Any] = {}
    for key, line, value in _entries(path):
        place = Place(str(path), line)
        if key in values:
            raise InvalidContribution(N_("{key} stands here twice"), place=place, key=key)
        if key not in _SCHEMA:
            raise InvalidContribution(
                N_("a role's dcctl.yml has no {key}"),
                hint=N_("it may have: {known}"),
                place=place,
                key=key,
                known=", ".join(_SCHEMA),
            )
        valid, wanted = _SCHEMA[key]
        if not valid(value):
            raise InvalidContribution(
                N_("{key} must be {wanted}"), place=place, key=key, wanted=wanted
            )
        values[key] = tuple(value) if isinstance(value, list) else value
    for key in _REQUIRED:
        if key not in values:
            raise InvalidContribution(N_("{key} is missing"), place=Place(str(path)), key=key)
    return values


def _entries(path: Path) -> Iterator[tuple[str, int, Any]]:
    """Key, line and value of each entry of the mapping in `path`."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise InvalidContribution(
            N_("can't be read: {error}"),
            hint=N_("each role says in dcctl.yml what it is for"),
            place=Place(str(path)),
            error=error.strerror or "",
        ) from error
    if len(content) > _LARGEST:
        raise InvalidContribution(N_("far too long for a role's dcctl.yml"), place=Place(str(path)))
    try:
        loader = yaml.SafeLoader(content)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise InvalidContribution(N_("holds no mapping"), place=Place(str(path), 1))
        for key, value in node.value:
            yield (
                str(loader.construct_object(key, deep=True)),
                key.start_mark.line + 1,
                loader.construct_object(value, deep=True),
            )
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InvalidContribution(
            N_("is no YAML: {problem}"),
            place=Place(str(path), mark.line + 1 if mark else None),
            problem=getattr(error, "problem", None) or type(error).__name__,
        ) from error
