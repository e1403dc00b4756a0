"""SR OS configuration written out: with braces, flat, and as a difference."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from dcctl.lab.elements.tree import EMPTY, Tree, get
from dcctl.lab.systems.nokia_sros.config import Path, element_at, element_of
from dcctl.lab.systems.nokia_sros.schema import SEPARATOR, Element, quoted, root

_STEP = "    "


def shown(label: str, element: Element) -> str:
    """A label as text."""
    if element.kind == "any" and element.name == "...":
        return label
    name, _, rest = label.partition(" ")
    if element.kind == "leaf":
        return f"{name} {quoted(element.type, rest)}"
    if element.kind != "list":
        return label
    text = name
    for number, (value, (key, kind)) in enumerate(
        zip(rest.split(SEPARATOR), element.keys, strict=False)
    ):
        text += f" {key}" if number else ""
        text += f" {quoted(kind, value)}"
    return text


def path_text(path: Sequence[str]) -> str:
    """`configure router "Base" bgp`."""
    at, words = root(), []
    for label in path:
        at = element_of(at, label)
        words.append(shown(label, at))
    return " ".join(words)


def _natural(text: str) -> tuple[tuple[int, int | str], ...]:
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, part)
        for part in re.split(r"(\d+)", text)
        if part
    )


def ordered(tree: Tree, at: Element) -> list[str]:
    """Labels in the model's order; a list's entries by their keys, a leaf-list's as entered."""
    places = {label: number for number, label in enumerate(tree)}

    def turn(label: str) -> tuple[Any, ...]:
        element = element_of(at, label)
        rank: tuple[Any, ...] = _natural(label) if element.kind == "list" else (places[label],)
        return (element.order, element.kind == "list", rank)

    return sorted(tree, key=turn)


def _rows(tree: Tree, at: Element, depth: int) -> Iterator[str]:
    done: set[str] = set()
    for label in ordered(tree, at):
        element = element_of(at, label)
        pad = _STEP * depth
        if element.kind == "values":
            if element.name not in done:
                done.add(element.name)
                yield f"{pad}{_bracketed(element, tree)}"
        elif element.kind == "leaf" or (element.kind == "any" and not tree[label]):
            yield f"{pad}{shown(label, element)}"
        else:
            yield f"{pad}{shown(label, element)} {{"
            yield from _rows(tree[label], element, depth + 1)
            yield f"{pad}}}"


def _bracketed(element: Element, tree: Tree) -> str:
    values = [
        quoted(element.type, label.partition(" ")[2])
        for label in tree
        if label.partition(" ")[0] == element.name
    ]
    return f"{element.name} [{' '.join(values)}]"


def section(tree: Tree, path: Path) -> Tree:
    """What lies at a path; a leaf without its value gives that leaf."""
    if path and path[-1].endswith(" "):
        above = get(tree, path[:-1]) or EMPTY
        return {one: inner for one, inner in above.items() if one.startswith(path[-1])}
    if path and element_at(path).kind in ("leaf", "values"):
        return {path[-1]: EMPTY} if path[-1] in (get(tree, path[:-1]) or EMPTY) else EMPTY
    return get(tree, path) or EMPTY


def _owner(path: Path) -> Element:
    whole = not path or (
        not path[-1].endswith(" ") and element_at(path).kind not in ("leaf", "values")
    )
    return element_at(path) if whole else element_at(path[:-1])


def info(tree: Tree, path: Path, depth: int = 1) -> list[str]:
    """`info`: what stands at a path, with braces."""
    return list(_rows(section(tree, path), _owner(path), depth))


def flat(tree: Tree, path: Path, *, full: bool = False) -> list[str]:
    """`info flat` and `info full-context`: each leaf on its own line."""
    start = f"/{path_text(path)} " if full else ""
    return [f"{start}{row}" for row in _flat(section(tree, path), _owner(path))]


def _flat(tree: Tree, at: Element) -> Iterator[str]:
    done: set[str] = set()
    for label in ordered(tree, at):
        element = element_of(at, label)
        if element.kind == "values":
            if element.name not in done:
                done.add(element.name)
                yield _bracketed(element, tree)
        elif tree[label]:
            yield from (f"{shown(label, element)} {rest}" for rest in _flat(tree[label], element))
        elif element.kind in ("leaf", "any"):
            yield shown(label, element)
        else:
            yield f"{shown(label, element)} {{ }}"


def compare(old: Tree, new: Tree, path: Path) -> list[str]:
    """`compare`: what left and what came, below the containers that they stand in."""
    return list(_differences(get(old, path) or EMPTY, get(new, path) or EMPTY, element_at(path), 1))


def compare_flat(old: Tree, new: Tree, path: Path, *, full: bool = False) -> list[str]:
    """`compare flat`: one changed leaf a line."""
    before, after = flat(old, path, full=full), flat(new, path, full=full)
    gone = [f"-   {row}" for row in before if row not in set(after)]
    return gone + [f"+   {row}" for row in after if row not in set(before)]


def _differences(old: Tree, new: Tree, at: Element, depth: int) -> Iterator[str]:
    done: set[str] = set()
    pad = _STEP * depth
    for label in ordered({**old, **new}, at):
        element = element_of(at, label)
        if element.kind == "values":
            if element.name not in done:
                done.add(element.name)
                yield from _changed_values(element, old, new, pad)
            continue
        if label not in new:
            yield from (f"-{row[1:]}" for row in _rows({label: old[label]}, at, depth))
        elif label not in old:
            yield from (f"+{row[1:]}" for row in _rows({label: new[label]}, at, depth))
        elif old[label] is not new[label]:
            inner = list(_differences(old[label], new[label], element, depth + 1))
            if inner:
                yield f"{pad}{shown(label, element)} {{"
                yield from inner
                yield f"{pad}}}"


def _changed_values(element: Element, old: Tree, new: Tree, pad: str) -> Iterator[str]:
    def held(tree: Tree) -> list[str]:
        return [label for label in tree if label.partition(" ")[0] == element.name]

    if held(old) == held(new):
        return
    if held(old):
        yield f"-{pad[1:]}{_bracketed(element, old)}"
    if held(new):
        yield f"+{pad[1:]}{_bracketed(element, new)}"


def as_json(tree: Tree, path: Path) -> str:
    """`info json`."""
    return json.dumps(_data(section(tree, path), _owner(path)), indent=4) + "\n"


def _data(tree: Tree, at: Element) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for label in ordered(tree, at):
        element, rest = element_of(at, label), label.partition(" ")[2]
        if element.kind == "list":
            names = [key for key, _ in element.keys]
            keys = dict(zip(names, rest.split(SEPARATOR), strict=False))
            data.setdefault(element.name, []).append({**keys, **_data(tree[label], element)})
        elif element.kind == "values":
            data.setdefault(element.name, []).append(rest)
        elif element.kind == "leaf":
            data[element.name] = rest
        elif element.kind == "any":
            data[label] = _data(tree[label], element)
        else:
            data[element.name] = _data(tree[label], element)
    return data
