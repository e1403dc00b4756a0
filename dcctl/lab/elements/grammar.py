"""Command grammars as data: syntax strings compiled into a trie.

It knows abbreviations, and where a line goes wrong.

| in a syntax string | means |
|---|---|
| `word` | a keyword; any unambiguous beginning of it will do |
| `<kind>` | an argument, judged by the kind's function; `<line>` takes the rest of the line |
| `[…]`, `(a|b)` | optional, either |
| `~` | what stands before it names the setting, what follows is its value |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Kind = Callable[[str], str | None]  # the canonical form of an argument, None where it doesn't fit
_PIECES = re.compile(r"<[^>]+>|[\[\]()|~]|[^\s\[\]()|~<>]+")
_TOKENS = re.compile(r"\"[^\"]*\"?|\S+")
_REMEMBERED = 2048  # lines of one grammar; the same commands come again and again


@dataclass(frozen=True, slots=True)
class Rule:
    """One syntax string and what it is for; `order` is its place in the table."""

    syntax: str
    action: str = ""
    order: int = 0
    flags: str = ""


@dataclass(slots=True)
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    kinds: dict[str, _Node] = field(default_factory=dict)
    rule: Rule | None = None
    key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What came of a line: a rule with its canonical words, or an error and its column."""

    rule: Rule | None = None
    words: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    key: int = 0
    error: str = ""  # invalid | ambiguous | incomplete
    column: int = 0

    @property
    def text(self) -> str:
        """The canonical line."""
        return " ".join(self.words)

    @property
    def name(self) -> tuple[str, ...]:
        """The words that name the setting."""
        return self.words[: self.key]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int


class Grammar:
    """A set of rules, compiled once."""

    def __init__(self, rules: Sequence[Rule], kinds: Mapping[str, Kind]) -> None:
        self._root = _Node()
        self._kinds = kinds
        self._known: dict[tuple[str, bool], Match] = {}
        for rule in rules:
            for sequence in _expand(rule.syntax):
                self._insert(rule, sequence)

    def _insert(self, rule: Rule, sequence: tuple[str, ...]) -> None:
        node, length, key = self._root, 0, None
        for piece in sequence:
            if piece == "~":
                key = length
                continue
            length += 1
            below = node.kinds if piece.startswith("<") else node.words
            node = below.setdefault(piece.strip("<>"), _Node())
        if node.rule is None:
            node.rule, node.key = rule, length if key is None else key

    def parse(
        self, line: str, *, partial: bool = False, extra: Mapping[str, Kind] | None = None
    ) -> Match:
        """Match a line; `partial` takes a beginning of a command too (for its negation)."""
        if extra:
            return self._walk(line, {**self._kinds, **extra}, partial=partial)
        known = self._known.get((line, partial))
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[line, partial] = self._walk(line, self._kinds, partial=partial)
        return known

    def _walk(self, line: str, kinds: Mapping[str, Kind], *, partial: bool) -> Match:
        tokens = tuple(_Token(found.group(), found.start()) for found in _TOKENS.finditer(line))
        return _Walk(line, tokens, kinds, partial=partial).at(self._root, 0, (), ())

    def continuations(self, line: str) -> tuple[str, ...]:
        """What may follow `line`, for `?`.

        A line that ends in a letter asks for its completions.
        """
        tokens = line.split()
        prefix = tokens.pop() if tokens and not line.endswith(" ") else ""
        node = self._root
        for token in tokens:
            choices = _abbreviated(node.words, token)
            if len(choices) == 1:
                node = node.words[choices[0]]
            elif node.kinds:
                node = next(iter(node.kinds.values()))
            else:
                return ()
        found = [word for word in node.words if word.startswith(prefix.lower())]
        if not prefix:
            found += [kind.split(":")[0].upper() for kind in node.kinds]
            found += ["<cr>"] if node.rule else []
        return tuple(sorted(found))


class _Walk:
    """One descent through the trie; keeps the error that lies furthest along the line."""

    def __init__(
        self, line: str, tokens: tuple[_Token, ...], kinds: Mapping[str, Kind], *, partial: bool
    ) -> None:
        self.line, self.tokens, self.kinds, self.partial = line, tokens, kinds, partial

    def at(
        self, node: _Node, index: int, words: tuple[str, ...], arguments: tuple[str, ...]
    ) -> Match:
        if index == len(self.tokens):
            return self._end(node, words, arguments)
        token = self.tokens[index]
        choices = _abbreviated(node.words, token.text)
        if len(choices) > 1:
            return Match(error="ambiguous", words=words, column=token.start)
        tries = [
            self.at(node.words[word], index + 1, (*words, word), arguments) for word in choices
        ]
        if not tries or tries[0].error:
            tries += [
                self._argument(kind, below, index, words, arguments)
                for kind, below in node.kinds.items()
            ]
        taken = next((one for one in tries if not one.error), None)
        nothing = Match(error="invalid", words=words, column=token.start)
        return taken or max([nothing, *tries], key=lambda one: one.column)

    def _end(self, node: _Node, words: tuple[str, ...], arguments: tuple[str, ...]) -> Match:
        if node.rule is not None:
            return Match(rule=node.rule, words=words, arguments=arguments, key=node.key)
        if self.partial:
            return Match(words=words, arguments=arguments, key=len(words))
        return Match(error="incomplete", words=words, column=len(self.line))

    def _argument(
        self,
        kind: str,
        below: _Node,
        index: int,
        words: tuple[str, ...],
        arguments: tuple[str, ...],
    ) -> Match:
        token = self.tokens[index]
        if kind == "line":
            rest = self.line[token.start :].rstrip()
            return Match(
                rule=below.rule, words=(*words, rest), arguments=(*arguments, rest), key=below.key
            )
        name, _, limits = kind.partition(":")
        value = _integer(token.text, limits) if name == "int" else self.kinds[name](token.text)
        used = 1
        if value is None and name == "intf" and index + 1 < len(self.tokens):
            value, used = self.kinds[name](token.text + self.tokens[index + 1].text), 2
        if value is None:
            return Match(error="invalid", words=words, column=token.start)
        return self.at(below, index + used, (*words, value), (*arguments, value))


def _integer(text: str, limits: str) -> str | None:
    if not text.isdecimal():
        return None
    low, _, high = limits.partition("-")
    if limits and not int(low) <= int(text) <= int(high):
        return None
    return text


def _abbreviated(words: Mapping[str, _Node], token: str) -> list[str]:
    lower = token.lower()
    if lower in words:
        return [lower]
    if token in words:
        return [token]
    return [word for word in words if word.startswith(lower)]


def _expand(syntax: str) -> Iterator[tuple[str, ...]]:
    pieces = _PIECES.findall(syntax)
    sequences, position = _alternatives(pieces, 0)
    if position != len(pieces):
        message = f"unbalanced brackets in {syntax!r}"
        raise ValueError(message)
    yield from sequences


def _alternatives(pieces: list[str], position: int) -> tuple[list[tuple[str, ...]], int]:
    found: list[tuple[str, ...]] = []
    current: list[tuple[str, ...]] = [()]
    while position < len(pieces) and pieces[position] not in "])":
        piece = pieces[position]
        position += 1
        if piece == "|":
            found, current = found + current, [()]
        elif piece in "[(":
            inner, position = _alternatives(pieces, position)
            position += 1
            inner = [*inner, ()] if piece == "[" else inner
            current = [(*before, *after) for before in current for after in inner]
        else:
            current = [(*before, piece) for before in current]
    return found + current, position
