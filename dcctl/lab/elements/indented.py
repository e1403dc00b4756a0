"""Indented configurations as data: which lines exist in which section, and what a line does.

| in a mode's list of commands | means |
|---|---|
| `SYNTAX` | off by default: only what is set is shown |
| `+SYNTAX` | on by default: only its negation is shown |
| `!SYNTAX` | shown either way |
| `=> MODE` | opens a section |
| `@ FEATURE` | exists only while the feature is on |

The syntax is that of `grammar`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from dcctl.lab.elements.grammar import Grammar, Kind, Match, Rule
from dcctl.lab.elements.model import Chassis
from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put

_LAST = 9999
_EVERY = frozenset({"*"})
Place = tuple[int, tuple[object, ...], int, tuple[object, ...]]  # of a line in its section


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a line did: tree and section afterwards, or what was wrong with it."""

    tree: Tree
    path: tuple[str, ...]
    wrong: Match | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    rule: Rule
    feature: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Dialect:
    """How one system writes its configuration; the hooks are for what a syntax can't say."""

    modes: Mapping[str, str]
    kinds: Mapping[str, Kind]
    step: int = 3  # columns of indentation a level
    borrows: Mapping[str, str] = field(default_factory=dict)  # mode -> mode whose lines it has too
    grouped: tuple[str, ...] = ()  # first words of lines that stand together by their argument
    negations: tuple[str, ...] = ("no ", "default ")
    exists: Callable[[str, Chassis], bool] = lambda _label, _chassis: True
    permanent: Callable[[str, Chassis], bool] = lambda _label, _chassis: False
    label: Callable[[str, str, Tree], str] = lambda _mode, text, _here: text  # as it is stored
    after: Callable[[Tree, Tree, tuple[str, ...]], Tree] = lambda _before, tree, _path: tree
    hidden: Callable[[str, str, Tree], bool] = lambda _mode, _label, _section: False
    features: Callable[[Tree], frozenset[str]] = lambda _tree: _EVERY
    closing: Mapping[str, str] = field(default_factory=dict)  # mode -> the line that ends it
    rank: Callable[[str], int] = lambda _label: 0  # among lines of one rule
    ordered: frozenset[str] = frozenset()  # modes whose lines stand as they were entered
    apart: frozenset[str] = frozenset()  # modes before whose sections a `!` stands inside others

    def grammar(self, mode: str, features: frozenset[str] = _EVERY) -> Grammar:
        """The compiled commands of one mode, as far as `features` bring them."""
        return _grammar(self, mode, features)

    def parsed(self, mode: str, label: str) -> Match:
        """A stored line (perhaps a negation) as its mode's grammar sees it."""
        return _parsed(self, mode, label)

    def feature_of(self, mode: str, label: str) -> str:
        """The feature that a stored line needs, or nothing."""
        match = self.parsed(mode, label)
        lines = _lines(self, mode)
        return next((one.feature for one in lines if one.rule is match.rule), "")

    def mode_of(self, path: tuple[str, ...]) -> str:
        """The mode of the section at `path`."""
        return self.chain(path)[-1]

    def chain(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """The mode of the top and of each section on the way down."""
        found = ["config"]
        for label in path:
            match = self.parsed(found[-1], label)
            found.append(match.rule.action if match.rule else "config")
        return tuple(found)

    # --- a line ----------------------------------------------------------------------------

    def apply(self, tree: Tree, path: tuple[str, ...], line: str, chassis: Chassis) -> Applied:
        """One line in a section: tried there first, then in the sections above it."""
        text = line.strip()
        negated = text.startswith(self.negations)
        body = text.partition(" ")[2].strip() if negated else text
        indent = line.find(body) if body else 0
        features = self.features(tree)
        chain = self.chain(path)
        first: Match | None = None
        for depth in range(len(path), -1, -1):
            match = self.grammar(chain[depth], features).parse(body, partial=negated)
            if not match.error and self._present(match, chassis):
                done = self._do(tree, path[:depth], chain[depth], match, chassis, negated=negated)
                return Applied(tree=self.after(tree, done.tree, done.path), path=done.path)
            wrong = match if match.error else Match(error="invalid", column=body.find(" ") + 1)
            if first is None or wrong.column > first.column:
                first = wrong
        assert first is not None  # noqa: S101 - a path has at least its top
        wrong = Match(error=first.error, words=first.words, column=first.column + max(indent, 0))
        return Applied(tree=tree, path=path, wrong=wrong)

    def _present(self, match: Match, chassis: Chassis) -> bool:
        opens = match.rule is not None and match.rule.action
        return not opens or self.exists(match.text, chassis)

    def _do(
        self,
        tree: Tree,
        path: tuple[str, ...],
        mode: str,
        match: Match,
        chassis: Chassis,
        *,
        negated: bool,
    ) -> Applied:
        if negated:
            return Applied(tree=self._negate(tree, path, mode, match, chassis), path=path)
        rule = match.rule
        assert rule is not None  # noqa: S101 - a match without error has its rule
        here = get(tree, path) or EMPTY
        label = self.label(mode, match.text, here)
        if rule.action:
            below = (*path, label)
            return Applied(
                tree=tree if get(tree, below) is not None else put(tree, below), path=below
            )
        for old in here:
            if old != label and self.parsed(mode, old).name == match.name:
                tree = drop(tree, (*path, old))
        if rule.flags == "+" and label == " ".join(match.name):
            return Applied(tree=tree, path=path)
        stored = get(tree, (*path, label)) is not None
        return Applied(tree=tree if stored else put(tree, (*path, label)), path=path)

    def _negate(
        self, tree: Tree, path: tuple[str, ...], mode: str, match: Match, chassis: Chassis
    ) -> Tree:
        here = get(tree, path) or EMPTY
        valued = match.rule is not None and "~" in match.rule.syntax
        words = match.name if valued else match.words
        for label in here:
            if self.parsed(mode, label).words[: len(words)] != words:
                continue
            whole = (*path, label)
            tree = put(tree, whole, EMPTY) if self.permanent(label, chassis) else drop(tree, whole)
        if match.rule and match.rule.flags:
            tree = put(tree, (*path, f"no {' '.join(words)}"))
        return tree

    # --- the whole -------------------------------------------------------------------------

    def sections(self, tree: Tree) -> list[tuple[str, list[str]]]:
        """(label, its lines) of everything at the top, in the order in which it is shown."""
        return [
            (label, self._section("config", label, tree[label], 0)) for label in self.labels(tree)
        ]

    def labels(self, tree: Tree) -> list[str]:
        """Everything at the top, in the order in which it is shown."""
        shown = (label for label in tree if not self.hidden("config", label, tree))
        return sorted(shown, key=lambda label: self._place("config", label))

    def _section(self, mode: str, label: str, below: Tree, depth: int) -> list[str]:
        pad = " " * (self.step * depth)
        written = [
            pad + line if number == 0 else line for number, line in enumerate(label.split("\n"))
        ]
        match = self.parsed(mode, label)
        inner = match.rule.action if match.rule else ""
        if not inner or label.startswith("no "):
            return written
        for child in sorted(below, key=lambda child: self._place(inner, child)):
            if self.hidden(inner, child, below):
                continue
            opens = self.parsed(inner, child).rule
            if opens and opens.action in self.apart:
                written.append(f"{pad}{' ' * self.step}!")
            written += self._section(inner, child, below[child], depth + 1)
        if inner in self.closing:
            written.append(pad + self.closing[inner])
        return written

    def _place(self, mode: str, label: str) -> Place:
        return _place(self, mode, label)

    def load(self, chassis: Chassis, tree: Tree, text: str) -> Tree:
        """Configuration text merged into a tree; wrong lines are passed over."""
        path: tuple[str, ...] = ()
        depths: list[int] = []
        for line in text.splitlines():
            words = line.strip()
            if not words or words[0] in "!#" or words in ("end", "exit", *self.closing.values()):
                continue
            depth = len(line) - len(line.lstrip(" "))
            while depths and depths[-1] >= depth:
                depths.pop()
            applied = self.apply(tree, path[: len(depths)], line, chassis)
            opened = (
                len(applied.path) > len(path[: len(depths)]) or applied.path != path[: len(depths)]
            )
            tree = applied.tree
            if not applied.wrong and opened:
                path = applied.path
                depths = [*depths, depth][: len(path)]
        return tree


@lru_cache(maxsize=1024)
def _lines(dialect: Dialect, mode: str) -> tuple[_Line, ...]:
    own = dialect.modes[mode].strip().splitlines()
    other = dialect.borrows.get(mode)
    borrowed = dialect.modes[other].strip().splitlines() if other else []
    found = []
    for order, line in enumerate((*borrowed, *own)):
        rest, _, feature = line.partition(" @ ")
        syntax, _, section = rest.partition("=>")
        flag = syntax[0] if syntax[0] in "+!" else ""
        rule = Rule(syntax.lstrip("+!").strip(), section.strip(), order, flag)
        found.append(_Line(rule=rule, feature=feature.strip()))
    return tuple(found)


@lru_cache(maxsize=4096)
def _grammar(dialect: Dialect, mode: str, features: frozenset[str]) -> Grammar:
    rules = [
        one.rule
        for one in _lines(dialect, mode)
        if features is _EVERY or not one.feature or one.feature in features
    ]
    return Grammar(rules, dialect.kinds)


@lru_cache(maxsize=65536)
def _parsed(dialect: Dialect, mode: str, label: str) -> Match:
    return dialect.grammar(mode).parse(label.removeprefix("no "), partial=label.startswith("no "))


@lru_cache(maxsize=65536)
def _place(dialect: Dialect, mode: str, label: str) -> Place:
    if mode in dialect.ordered:
        return 0, (), 0, ()
    match = dialect.parsed(mode, label)
    order = match.rule.order if match.rule else _LAST
    if match.words[:1] and match.words[0] in dialect.grouped and len(match.words) > 1:
        first = min(
            one.rule.order
            for one in _lines(dialect, mode)
            if one.rule.syntax.startswith(match.words[0])
        )
        return first, natural(match.words[1]), order, natural(label)
    return order, (dialect.rank(label),), 0, natural(label)


@lru_cache(maxsize=65536)
def natural(text: str) -> tuple[object, ...]:
    """A key that sorts numbers by their value: Ethernet2 before Ethernet10."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"(\d+)", text)
        if part
    )
