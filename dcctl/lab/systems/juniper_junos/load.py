"""Configuration text into a tree: `load set`, and the braces of `load merge|override|replace`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dcctl.lab.elements.model import Chassis
from dcctl.lab.elements.tree import EMPTY, Tree, drop
from dcctl.lab.systems.juniper_junos import config, inactive
from dcctl.lab.systems.juniper_junos.config import StatementError, Token

_LEXEME = re.compile(
    r"(?P<space>\s+)|(?P<comment>/\*.*?\*/|##?[^\n]*)|(?P<mark>[{};])"
    r'|(?P<word>"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^\s{};"\[\]]+)',
    re.DOTALL,
)


def set_text(tree: Tree, text: str, above: Sequence[str] = ()) -> tuple[Tree, list[str]]:
    """`set` and `delete` lines applied; (tree, complaints)."""
    complaints: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        verb, _, rest = line.strip().partition(" ")
        if not verb or verb.startswith("#"):
            continue
        if verb not in ("set", "delete", "deactivate", "activate"):
            complaints.append(f"terminal:{number}:(1) unknown command. '{line.strip()}'")
            continue
        try:
            if verb == "set":
                tree = config.set_statement(tree, above, config.tokens(rest))
            elif verb.endswith("activate"):
                for path in config.resolve(above, config.tokens(rest), partial=True):
                    tree = inactive.turned(tree, path, active=verb == "activate") or tree
            else:
                removed = config.delete_statement(tree, above, config.tokens(rest))
                tree = tree if removed is None else removed
        except StatementError as error:
            complaints.append(f"terminal:{number}:({error.column + 1}) {error} '{line.strip()}'")
    return tree, complaints


def braces(text: str, above: Sequence[str] = ()) -> tuple[Tree, list[tuple[str, ...]], list[str]]:
    """Hierarchical text: (tree, paths marked `replace:`, complaints)."""
    tree: Tree = EMPTY
    replaced: list[tuple[str, ...]] = []
    complaints: list[str] = []
    stack: list[list[Token]] = []
    words: list[Token] = []
    marked = False
    for found in _LEXEME.finditer(text):
        mark, word = found.group("mark"), found.group("word")
        if word in ("replace:", "protect:", "inactive:"):
            marked = word == "replace:"
        elif word:
            words += config.tokens(word)
        elif mark == "}":
            if stack:
                stack.pop()
        elif mark:
            line = text.count("\n", 0, found.start()) + 1
            path = [token for level in stack for token in level] + words
            tree, fits = _add(tree, above, path, line, complaints)
            if marked and fits:
                replaced += config.resolve(above, path, partial=True)[-1:]
            if mark == "{":
                stack.append(words)
            words, marked = [], False
    return tree, replaced, complaints


def _add(
    tree: Tree, above: Sequence[str], path: Sequence[Token], line: int, complaints: list[str]
) -> tuple[Tree, bool]:
    try:
        for found in config.resolve(above, path, partial=False):
            tree = config.place(tree, found)
    except StatementError as error:
        complaints.append(f"terminal:{line}:({error.column + 1}) {error}")
        return tree, False
    return tree, True


def merged(base: Tree, extra: Tree) -> Tree:
    """`load merge`: single values are replaced, everything else is added."""
    for line in config.set_lines(extra):
        base = config.set_statement(base, (), config.tokens(line.partition(" ")[2]))
    return base


def replacing(base: Tree, extra: Tree, replaced: Sequence[tuple[str, ...]]) -> Tree:
    """`load replace`: what is marked goes first."""
    for path in replaced:
        base = drop(base, path)
    return merged(base, extra)


def load(_chassis: Chassis, tree: Tree, text: str) -> Tree:
    """Configuration text of either form on top of a tree; what is wrong is passed over."""
    if re.search(r"^\s*(set|delete) ", text, re.MULTILINE):
        return set_text(tree, text)[0]
    return merged(tree, braces(text)[0])
