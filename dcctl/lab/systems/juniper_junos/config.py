"""Junos configuration: statements to tree paths, set, delete, and the tree written out in every form."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put
from dcctl.lab.systems.juniper_junos import inactive
from dcctl.lab.systems.juniper_junos.schema import Statement, root

_PLAIN = re.compile(r"[A-Za-z0-9._:/@%+,*<>\-]+")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([\[\]])|([^\s"\[\];{}]+)')
_SECRET = re.compile(r"(?:encrypted-password|authentication-key|value|ssh-\w+)$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line and where it stands."""

    text: str
    start: int


class StatementError(Exception):
    """A statement that the schema does not know; `column` is where."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


def tokens(line: str) -> list[Token]:
    """The words of a line; quotes are taken off."""
    return [Token(_unquoted(found), found.start()) for found in _TOKEN.finditer(line)]


def _unquoted(found: re.Match[str]) -> str:
    if found.group(1) is not None:
        # A line break is written `\n` and kept so; only a quote loses its backslash.
        return found.group(1).replace('\\"', '"')
    return found.group(2) or found.group(3)


def quoted(text: str) -> str:
    """A value as Junos writes it."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


def statement_of(parent: Statement, label: str) -> Statement:
    """The schema's statement of a label below `parent`."""
    name = inactive.plain(label).split(" ", 1)[0]
    below = parent.below
    if name in below:
        return below[name]
    return below.get("*") or below.get("<>") or _ANYTHING


_ANYTHING = Statement(name="...", kind="any")


def schema_at(path: Sequence[str]) -> Statement:
    """The schema below a path of labels."""
    at = root()
    for label in path:
        at = statement_of(at, label)
    return at


def resolve(
    path: Sequence[str], words: Sequence[Token], *, partial: bool = False
) -> list[tuple[str, ...]]:
    """The paths that a statement's words name, from the section at `path`.

    With `partial` the statement may end anywhere (`delete`, `show`, `edit`).

    Raises:
        StatementError: unknown, incomplete.
    """
    return _Resolution(path, words, partial=partial).run()


class _Resolution:
    """One descent through the schema along a statement's words."""

    def __init__(self, path: Sequence[str], words: Sequence[Token], *, partial: bool) -> None:
        self.words, self.partial = words, partial
        self.at, self.here, self.position = schema_at(path), tuple(path), 0
        self.found: list[tuple[str, ...]] = []

    def run(self) -> list[tuple[str, ...]]:
        while self.position < len(self.words):
            if self.at.kind == "any":
                rest = " ".join(quoted(word.text) for word in self.words[self.position :])
                return [*self.found, (*self.here, rest)]
            statement, named = _choose(self.at, self.words[self.position])
            self.position += named
            if statement.flag:
                self.found.append((*self.here, statement.name))
            elif statement.kind in ("node", "any"):
                self.here, self.at = (*self.here, statement.name), statement
            elif self.position >= len(self.words):
                return self._ended_early(statement)
            else:
                self._argument(statement, named)
        if not self.found or (self.partial and not _covers(self.found, self.here)):
            self.found.append(self.here)
        return self.found

    def _ended_early(self, statement: Statement) -> list[tuple[str, ...]]:
        if self.partial:
            return [*self.found, (*self.here, f"{statement.name} ")]
        last = self.words[-1]
        raise StatementError("missing argument.", last.start + len(last.text))

    def _argument(self, statement: Statement, named: int) -> None:
        word = self.words[self.position].text
        name = self.words[self.position - 1].text if statement.name == "*" else statement.name
        self.position += 1
        if statement.name == "area" and word.isdecimal():
            word = str(ipaddress.IPv4Address(int(word)))  # Junos keeps an area as an address
        if statement.kind == "list":
            self.here, self.at = (*self.here, f"{name} {word}" if named else word), statement
            if self.position >= len(self.words):
                self.found.append(self.here)
        elif statement.kind == "values" and word == "[":
            while self.position < len(self.words) and self.words[self.position].text != "]":
                self.found.append((*self.here, f"{name} {self.words[self.position].text}"))
                self.position += 1
            self.position += 1
        else:
            self.found.append((*self.here, f"{name} {word}"))


def _covers(found: list[tuple[str, ...]], here: tuple[str, ...]) -> bool:
    return any(path[: len(here)] == here for path in found)


def _choose(at: Statement, word: Token) -> tuple[Statement, int]:
    """The statement that a word begins, and how many words that took (0: the word is a key itself)."""
    below = at.below
    if word.text in below and word.text not in ("<>", "*"):
        return below[word.text], 1
    fits = [name for name in below if name.startswith(word.text) and name not in ("<>", "*", "...")]
    if len(fits) == 1:
        return below[fits[0]], 1
    if "<>" in below:
        return below["<>"], 0
    if "*" in below and re.fullmatch(r"[a-z-]+", word.text):
        return below["*"], 1
    if "..." in below:
        return below["..."], 0
    if fits:
        raise StatementError(f"'{word.text}' is ambiguous.", word.start)
    raise StatementError("syntax error.", word.start)


def set_statement(tree: Tree, path: Sequence[str], words: Sequence[Token]) -> Tree:
    """`set` of a statement.

    Raises:
        StatementError: as `resolve`.
    """
    for found in resolve(path, words):
        tree = place(tree, found)
    return tree


# Keys that must be known again are shown as `$9$`, which can be turned back.
_KEY = re.compile(
    r'((?:.* )?(?:secret|value|(?:hello-)?authentication-key|md5 \d+ key) )("?)(?!\$9\$|\d+ )([^" ]+)\2'
)


def _hidden(label: str) -> str:
    found = _KEY.fullmatch(label)
    if found is None:
        return label
    digest = hashlib.sha256(label.encode()).hexdigest()[:20]
    return f"{found[1]}{found[2]}$9${digest}{found[2]}"


def place(tree: Tree, path: tuple[str, ...]) -> Tree:
    """One resolved path put into the tree; a single value takes the place of the one before."""
    path = inactive.found(tree, path)
    above, label = path[:-1], path[-1]
    statement = statement_of(schema_at(above), label)
    if statement.kind in ("leaf", "any"):
        label = _hidden(label)
        path = (*above, label)
    if statement.kind == "leaf":
        name = label.split(" ", 1)[0]
        for old in get(tree, above) or EMPTY:
            if old != label and old.split(" ", 1)[0] == name:
                tree = drop(tree, (*above, old))
    for pair in (("enable", "disable"), ("disable", "enable")):
        if label == pair[0]:
            tree = drop(tree, (*above, pair[1]))
    return put(tree, path)


def delete_statement(tree: Tree, path: Sequence[str], words: Sequence[Token]) -> Tree | None:
    """`delete` of a statement and all below; None when there is none.

    Raises:
        StatementError: as `resolve`.
    """
    before = tree
    for resolved in resolve(path, words, partial=True):
        found = inactive.found(tree, resolved)
        above, label = found[:-1], found[-1]
        for old in get(tree, above) or EMPTY:
            name_only = label.endswith(" ") and old.startswith(label)
            if old == label or name_only:
                tree = drop(tree, (*above, old))
    return None if tree is before else _pruned(tree, root())


def _pruned(tree: Tree, at: Statement) -> Tree:
    """Without containers that became empty (a list's entry or a flag stays)."""
    kept: dict[str, Any] = {}
    same = True
    for label, inner in tree.items():
        statement = statement_of(at, label)
        cleaned = _pruned(inner, statement) if inner else inner
        same = same and cleaned is inner
        if inner and not cleaned and statement.kind == "node":
            continue
        kept[label] = cleaned
    return tree if same else kept


# --- written out ----------------------------------------------------------------------------------------------


def ordered(tree: Tree, at: Statement) -> list[str]:
    """Labels in the order of the schema; a list's entries as they were entered."""
    return sorted(tree, key=lambda label: statement_of(at, label).order)


def shown(label: str, statement: Statement) -> str:
    """A label as text: its value or key in quotes where it needs them."""
    if label.startswith(inactive.MARK):
        return inactive.MARK + shown(inactive.plain(label), statement)
    if statement.kind == "any":
        return label
    if statement.name == "<>":
        return quoted(label)
    name, space, rest = label.partition(" ")
    return f"{name} {quoted(rest)}" if space else name


def set_lines(tree: Tree, above: Sequence[str] = ()) -> list[str]:
    """`display set`."""
    start = "".join(f"{inactive.plain(text)} " for text in _path_text(above))
    return [f"{verb} {start}{text}" for verb, text in _flat(tree, schema_at(above))]


def _path_text(path: Sequence[str]) -> list[str]:
    at, found = root(), []
    for label in path:
        at = statement_of(at, label)
        found.append(shown(label, at))
    return found


def _flat(tree: Tree, at: Statement) -> Iterator[tuple[str, str]]:
    for label in ordered(tree, at):
        statement = statement_of(at, label)
        text = shown(inactive.plain(label), statement)
        if tree[label]:
            yield from ((verb, f"{text} {rest}") for verb, rest in _flat(tree[label], statement))
        else:
            yield "set", text
        if label.startswith(inactive.MARK):
            yield "deactivate", text


def text_lines(tree: Tree, above: Sequence[str] = (), indent: str = "") -> list[str]:
    """The hierarchical form, with braces."""
    return list(_braced(tree, schema_at(above), indent))


def _braced(tree: Tree, at: Statement, indent: str) -> Iterator[str]:
    labels = ordered(tree, at)
    done: set[str] = set()
    for label in labels:
        statement = statement_of(at, label)
        if statement.kind == "values":
            name = label.split(" ", 1)[0]
            if name not in done:
                done.add(name)
                values = [
                    quoted(one.split(" ", 1)[1]) for one in labels if one.startswith(f"{name} ")
                ]
                several = f"[ {' '.join(values)} ]" if len(values) > 1 else values[0]
                yield f"{indent}{name} {several};"
            continue
        yield from _one(label, tree[label], statement, indent)


def _one(label: str, below: Tree, statement: Statement, indent: str) -> Iterator[str]:
    text = shown(label, statement)
    if not below:
        secret = " ## SECRET-DATA" if _SECRET.match(label.split(" ", 1)[0]) else ""
        yield f"{indent}{text};{secret}"
        return
    inner = list(_braced(below, statement, ""))
    if statement.inline and len(inner) == 1 and not inner[0].endswith("{"):
        yield f"{indent}{text} {inner[0]}"
        return
    yield f"{indent}{text} {{"
    yield from _braced(below, statement, indent + "    ")
    yield f"{indent}}}"


def json_data(tree: Tree, at: Statement | None = None) -> dict[str, Any]:
    """`display json`."""
    at = at or root()
    data: dict[str, Any] = {}
    for label in ordered(tree, at):
        statement = statement_of(at, label)
        marked = {"@": {"inactive": True}} if label.startswith(inactive.MARK) else {}
        bare = inactive.plain(label)
        name, _, rest = bare.partition(" ")
        if marked and statement.kind != "list":
            data[f"@{name}"] = marked["@"]
        if statement.kind == "list":
            keyless = statement.name == "<>"
            key = {"name": bare if keyless else rest}
            entry = {**marked, **key, **json_data(tree[label], statement)}
            data.setdefault("entry" if keyless else name, []).append(entry)
        elif statement.kind == "values":
            data.setdefault(name, []).append(rest)
        elif statement.kind == "leaf":
            data[name] = rest
        elif tree[label]:
            data[name] = json_data(tree[label], statement)
        else:
            data[bare] = [None]
    # Junos names the entries of `interfaces` by their type, not `entry`.
    if "entry" in data and at.name in _ENTRY_NAMES:
        data[_ENTRY_NAMES[at.name]] = data.pop("entry")
    return data


_ENTRY_NAMES = {"interfaces": "interface", "routing-instances": "instance"}


def compare(old: Tree, new: Tree) -> list[str]:
    """`show | compare`: what left and what came, each under its section."""
    return list(_differences(old, new, (), root()))


def _differences(old: Tree, new: Tree, path: tuple[str, ...], at: Statement) -> Iterator[str]:
    here: list[str] = []
    deeper: list[str] = []
    for label in ordered({**old, **new}, at):
        statement = statement_of(at, label)
        if label not in new:
            here += [f"-  {line}" for line in _one(label, old[label], statement, " ")]
        elif label not in old:
            here += [f"+  {line}" for line in _one(label, new[label], statement, " ")]
        elif old[label] is not new[label]:
            deeper += _differences(old[label], new[label], (*path, label), statement)
    if here:
        yield "[edit" + "".join(f" {text}" for text in _path_text(path)) + "]"
        yield from here
    yield from deeper
