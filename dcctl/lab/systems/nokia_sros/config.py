"""SR OS configuration: typed elements to tree paths, entering, setting and deleting them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put
from dcctl.lab.systems.nokia_sros.schema import (
    ANYTHING,
    DEFAULT_KEYS,
    SEPARATOR,
    Element,
    fits,
    root,
)

Path = tuple[str, ...]
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([\[\]{}])|([^\s"\[\]{}]+)')


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line and where it stands."""

    text: str
    start: int
    width: int
    quoted: bool = False
    mark: bool = False


class ElementError(Exception):
    """What the model refuses; `token` is the word, if it is one."""

    def __init__(self, message: str, token: Token | None = None) -> None:
        super().__init__(message)
        self.token = token


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line leads: the new tree, the context, and the contexts that closing braces give."""

    tree: Tree
    context: Path
    braces: tuple[Path, ...] = ()


def tokens(line: str) -> list[Token]:
    """The words of a line; quotes are taken off."""
    found = []
    for one in _TOKEN.finditer(line):
        text, width = one.group(), len(one.group())
        if one.group(1) is not None:
            text = re.sub(r"\\(.)", r"\1", one.group(1))
        found.append(Token(text, one.start(), width, one.group(1) is not None, bool(one.group(2))))
    return found


def element_of(parent: Element, label: str) -> Element:
    """The model's element of a label below `parent`."""
    return parent.below.get(label.partition(" ")[0], ANYTHING)


def element_at(path: Sequence[str]) -> Element:
    """The model's element at a path of labels."""
    at = root()
    for label in path:
        at = element_of(at, label)
    return at


def label_of(element: Element, keys: Sequence[str]) -> str:
    """The label of a list's entry."""
    return f"{element.name} {SEPARATOR.join(keys)}"


def unknown(token: Token) -> ElementError:
    """What SR OS says of a word that it doesn't know here."""
    return ElementError(f"MINOR: MGMT_CORE #2201: Unknown element - '{token.text}'", token)


class _Walk:
    """One descent along a line's words from a context."""

    def __init__(self, context: Path, words: Sequence[Token]) -> None:
        self.words, self.position = list(words), 0
        self.here = context
        self.at = element_at(context)
        if words and not words[0].quoted and words[0].text.startswith("/"):
            first = words[0].text[1:]
            self.here, self.at = (), root()
            rest = Token(first, words[0].start + 1, len(first))
            self.words = [rest, *words[1:]] if first else list(words[1:])

    @property
    def word(self) -> Token | None:
        return self.words[self.position] if self.position < len(self.words) else None

    def take(self) -> Token:
        """The next word."""
        word = self.words[self.position]
        self.position += 1
        return word

    def taken(self) -> Token | None:
        """The next word, None at the end."""
        return self.take() if self.word is not None else None

    def choose(self) -> Element:
        """The element that the next word names."""
        word = self.take()
        if word.quoted or word.mark:
            raise unknown(word)
        if word.text in self.at.below:
            return self.at.below[word.text]
        names = [name for name in self.at.below if name.startswith(word.text)]
        if len(names) != 1:
            raise unknown(word)
        return self.at.below[names[0]]

    def enter(self, element: Element, label: str) -> None:
        """Go into a container or an entry."""
        self.here, self.at = (*self.here, label), element

    def keys(self, element: Element) -> list[str]:
        """The keys of a list's entry."""
        found: list[str] = []
        for number, (name, kind) in enumerate(element.keys):
            default = DEFAULT_KEYS.get(element.name) if number == 0 else None
            if name == "router-instance":
                default = "Base"
            if number and self.word is not None and self.word.text == name:
                self.take()
            elif number and default is None:
                raise self._missing(name)
            elif number:
                found.append(default or "")
                continue
            found.append(self._key(element, name, kind, default))
        return found

    def _key(self, element: Element, name: str, kind: str, default: str | None) -> str:
        word = self.word
        bare = word is None or (not word.quoted and (word.mark or word.text in element.below))
        if default is not None and bare:
            return default
        if word is None or word.mark:
            raise self._missing(name)
        self.take()
        return self._checked(kind, word)

    def value(self, element: Element) -> str:
        """The value of a leaf."""
        word = self.word
        if word is None or word.mark:
            raise self._missing(element.name)
        self.take()
        return self._checked(element.type, word)

    def values(self, element: Element) -> list[str]:
        """The values of a leaf-list, in brackets or one alone."""
        if self.word is None or self.word.text != "[" or not self.word.mark:
            return [self.value(element)]
        self.take()
        found = []
        for word in iter(self.taken, None):
            if word.mark and word.text == "]":
                break
            found.append(self._checked(element.type, word))
        return found

    @staticmethod
    def _checked(kind: str, word: Token) -> str:
        if not fits(kind, word.text):
            raise ElementError(
                f"MINOR: MGMT_CORE #2301: Invalid element value - '{word.text}'", word
            )
        return word.text

    @staticmethod
    def _missing(name: str) -> ElementError:
        return ElementError(f"MINOR: CLI #2001: Missing element value - '{name}'")


def resolve(context: Path, words: Sequence[Token]) -> Path:
    """The path that a line names; it may end anywhere, at a leaf without its value too.

    Raises:
        ElementError: unknown, wrong value.
    """
    walk = _Walk(context, words)
    while walk.word is not None:
        element = walk.choose()
        if element.kind in ("leaf", "values"):
            label = f"{element.name} "
            if walk.word is not None:
                label += walk.value(element)
            return (*walk.here, label)
        if element.kind == "list":
            if walk.word is None and element.name not in DEFAULT_KEYS:
                return (*walk.here, f"{element.name} ")
            walk.enter(element, label_of(element, walk.keys(element)))
        else:
            walk.enter(element, element.name)
        if element.kind == "any" and walk.word is not None:
            raise unknown(walk.word)
    return walk.here


def edit(tree: Tree, context: Path, words: Sequence[Token], braces: tuple[Path, ...] = ()) -> Place:
    """One line of configuration: leaves are set, containers entered.

    Raises:
        ElementError: unknown, wrong value, missing value.
    """
    walk = _Walk(context, words)
    start, entered = walk.here if words and words[0].text.startswith("/") else context, context
    stack = list(braces)
    while walk.word is not None:
        word = walk.word
        if word.mark and word.text == "}":
            walk.take()
            start = stack.pop() if stack else walk.here[:-1]
            walk.here, walk.at, entered = start, element_at(start), start
            continue
        if word.mark and word.text == "{":
            walk.take()
            stack.append(start)
            start = entered = walk.here
            continue
        tree, entered = _step(tree, walk, context if not stack else start)
    return Place(tree, entered, tuple(stack))


def _step(tree: Tree, walk: _Walk, stays: Path) -> tuple[Tree, Path]:
    """One element of a line; (tree, the context if the line ends here)."""
    if walk.at.kind == "any":
        raw = []
        while walk.word is not None and not walk.word.mark:
            word = walk.take()
            raw.append(f'"{word.text}"' if word.quoted else word.text)
        if not raw:
            raise unknown(walk.take())
        path = (*walk.here, " ".join(raw))
        if walk.word is not None and walk.word.text == "{":
            walk.enter(ANYTHING, path[-1])
            return put(tree, path), path
        return put(tree, path), stays
    element = walk.choose()
    if element.kind == "leaf":
        return place(tree, (*walk.here, f"{element.name} {walk.value(element)}")), stays
    if element.kind == "values":
        for value in walk.values(element):
            tree = put(tree, (*walk.here, f"{element.name} {value}"))
        return tree, stays
    label = element.name
    if element.kind == "list":
        label = label_of(element, walk.keys(element))
    walk.enter(element, label)
    if element.kind in ("list", "presence"):
        tree = _alone(tree, walk.here)
    return tree, walk.here


_CHOICES = (("accept", "drop"),)


def _alone(tree: Tree, path: Path) -> Tree:
    """An entry or presence put in; one of several choices takes the place of the others."""
    for choice in _CHOICES:
        if path[-1] in choice:
            for other in choice:
                tree = tree if other == path[-1] else drop(tree, (*path[:-1], other))
    return put(tree, path)


# Keys that must be known again are shown as `hash2`, which can be turned back.
_KEY = re.compile(r"((?:hello-)?authentication-key|secret|key|md5) (?!.* hash2?$)(.+)")


def _hidden(label: str) -> str:
    found = _KEY.fullmatch(label)
    if found is None:
        return label
    return f"{found[1]} {hashlib.sha256(label.encode()).hexdigest()[:22]}== hash2"


def place(tree: Tree, path: Path) -> Tree:
    """A leaf put into the tree; its value before goes."""
    above, label = path[:-1], _hidden(path[-1])
    path = (*above, label)
    name = label.partition(" ")[0]
    for old in get(tree, above) or EMPTY:
        if old != label and old.partition(" ")[0] == name:
            tree = drop(tree, (*above, old))
    return put(tree, path)


def delete(tree: Tree, context: Path, words: Sequence[Token]) -> Tree:
    """`delete` of an element and all below.

    Raises:
        ElementError: as `resolve`, or it isn't there.
    """
    path = resolve(context, words)
    above, label = path[:-1], path[-1]
    section = get(tree, above) or EMPTY
    gone = [
        old for old in section if old == label or (label.endswith(" ") and old.startswith(label))
    ]
    kind = element_of(element_at(above), label).kind
    if not gone and kind == "leaf":
        gone = [old for old in section if old.partition(" ")[0] == label.partition(" ")[0]]
    if not gone:
        text = " ".join(shown_words(words))
        raise ElementError(f"MINOR: MGMT_CORE #224: {text} - Entry does not exist")
    for old in gone:
        tree = drop(tree, (*above, old))
    return pruned(tree)


def shown_words(words: Sequence[Token]) -> list[str]:
    """The words of a line as they were typed."""
    return [f'"{word.text}"' if word.quoted else word.text for word in words]


def pruned(tree: Tree, at: Element | None = None) -> Tree:
    """Without containers that became empty (an entry or a presence stays)."""
    at = at or root()
    kept: dict[str, Any] = {}
    same = True
    for label, below in tree.items():
        element = element_of(at, label)
        cleaned = pruned(below, element) if below else below
        same = same and cleaned is below
        if element.kind == "node" and not cleaned:
            same = False
            continue
        kept[label] = cleaned
    return tree if same else MappingProxyType(kept)
