"""MD-CLI configuration text as a tree, and back as the lines that the MD-CLI takes.

Source: Nokia, "MD-CLI User Guide": `admin show configuration` is nested in braces; a line with its
full context (`/configure ...`) may be typed anywhere; `delete /configure ...` takes away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[str, ...]  # statements from the top; each as it was written
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\[|\]|\{|\}|[^\s{}\[\]"]+')


@dataclass(slots=True)
class Tree:
    """Statements by their key; a leaf has no braces."""

    statements: dict[str, Statement] = field(default_factory=dict)


@dataclass(slots=True)
class Statement:
    """`words` as written; `below` is None for a leaf."""

    words: tuple[str, ...]
    below: Tree | None = None

    @property
    def text(self) -> str:
        """The words, as they are typed."""
        return " ".join(self.words).replace("[ ", "[").replace(" ]", "]")

    @property
    def name(self) -> str:
        """What names the setting: a leaf's first word, all words of a container."""
        return self.words[0] if self.below is None else self.text

    @property
    def listed(self) -> bool:
        """Whether it is a leaf with several values, to which setting only adds."""
        return self.below is None and "[" in self.words


class TornError(ValueError):
    """The braces don't match, or a line can't be read."""


def parse(text: str) -> tuple[Tree, tuple[str, ...]]:
    """The tree under `configure`, and the lines that were not understood.

    Raises:
        TornError: the braces don't match.
    """
    top = Tree()
    stack: list[Tree] = [top]
    odd: list[str] = []
    for raw in text.replace("\r", "").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        tokens = _TOKEN.findall(line)
        if _TOKEN.sub("", line).strip():
            odd.append(line)
        elif tokens == ["}"]:
            _close(stack, line)
        else:
            _statement(stack, tokens, line, odd)
    if len(stack) > 1:
        raise TornError("a brace is open at the end")
    configure = top.statements.pop("configure", None)
    # What stands beside it (persistent indices) is no configuration of anybody's.
    return (configure.below if configure and configure.below else Tree()), tuple(odd)


def _close(stack: list[Tree], line: str) -> None:
    if len(stack) == 1:
        raise TornError(line)
    stack.pop()


def _statement(stack: list[Tree], tokens: list[str], line: str, odd: list[str]) -> None:
    opens = tokens[-1] == "{"
    empty = tokens[-2:] == ["{", "}"]
    words = tuple(tokens[: -2 if empty else -1 if opens else None])
    if not words or "{" in words or "}" in words:
        odd.append(line)
        return
    made = Statement(words, Tree() if opens or empty else None)
    here = stack[-1].statements
    key = _key(made)
    if made.below is not None and key in here and here[key].below is not None:
        made = here[key]
    here[key] = made
    if opens:
        assert made.below is not None  # noqa: S101 - it opens
        stack.append(made.below)


def _key(statement: Statement) -> str:
    """Equal for equal settings, however their words were quoted."""
    return " ".join(unquoted(word) for word in statement.words)


def unquoted(word: str) -> str:
    """A word without its quotes."""
    if len(word) > 1 and word[0] == word[-1] == '"':
        return re.sub(r"\\(.)", r"\1", word[1:-1])
    return word


def lines(tree: Tree, above: Path = ()) -> Iterator[str]:
    """Every leaf and every empty container, with its full context."""
    for statement in tree.statements.values():
        path = (*above, statement.text)
        if statement.below is not None and statement.below.statements:
            yield from lines(statement.below, path)
        else:
            yield f"/configure {' '.join(path)}"


def nested(tree: Tree, depth: int = 1) -> Iterator[str]:
    """The tree as nested text, without the braces around it all."""
    pad = "    " * depth
    for statement in tree.statements.values():
        if statement.below is None:
            yield f"{pad}{statement.text}"
        else:
            yield f"{pad}{statement.text} {{"
            yield from nested(statement.below, depth + 1)
            yield f"{pad}}}"


def text_of_tree(tree: Tree) -> str:
    """The tree as `admin show configuration` shows it."""
    return "\n".join(["configure {", *nested(tree), "}"])


def at(tree: Tree, *names: str) -> Tree:
    """The tree below the statements `names` (unquoted); an empty one where there is none."""
    for name in names:
        found = tree.statements.get(name)
        if found is None or found.below is None:
            return Tree()
        tree = found.below
    return tree


def value(tree: Tree, name: str, default: str = "") -> str:
    """The value of a leaf, unquoted."""
    for statement in tree.statements.values():
        if statement.below is None and statement.words[0] == name:
            return unquoted(statement.words[1]) if len(statement.words) > 1 else "true"
    return default


def values(tree: Tree, name: str) -> tuple[str, ...]:
    """The values of a leaf with several, unquoted."""
    for statement in tree.statements.values():
        if statement.below is None and statement.words[0] == name:
            return tuple(unquoted(word) for word in statement.words[1:] if word not in "[]")
    return ()


def entries(tree: Tree, name: str) -> Iterator[tuple[str, Tree]]:
    """(first key, what is below) of every entry of the list `name`."""
    for statement in tree.statements.values():
        if statement.words[0] == name and len(statement.words) > 1 and statement.below is not None:
            yield unquoted(statement.words[1]), statement.below
