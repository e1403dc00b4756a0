"""Where in its file something stands; asked only for a complaint: a sound estate costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from dcctl.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dcctl.estate.inventory import Source

Key = str | int


class Places:
    """Finds lines by the keys that lead to them; each file is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._documents: dict[str, yaml.Node | None] = {}
        self._maps: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = {}

    def at(self, shown: str, keys: Iterable[Key] = ()) -> Place:
        """The place of `keys` in the file, or of the last of them that is there."""
        return self._find(shown, tuple(keys))[0]

    def first(self, sources: Iterable[Source], keys: tuple[Key, ...]) -> Place | None:
        """The place of `keys` below the first source that has them all."""
        for shown, above in sources:
            place, whole = self._find(shown, (*above, *keys))
            if whole:
                return place
        return None

    def _find(self, shown: str, keys: tuple[Key, ...]) -> tuple[Place, bool]:
        node = self._document(shown)
        place = Place(shown)
        for position, key in enumerate(keys):
            below = self._step(node, key)
            if below is None:
                return place, position == len(keys)
            marked, node = below
            place = Place(shown, marked.start_mark.line + 1)
        return place, True

    def _step(self, node: yaml.Node | None, key: Key) -> tuple[yaml.Node, yaml.Node] | None:
        if isinstance(node, yaml.MappingNode):
            known = self._maps.get(id(node))
            if known is None:
                known = self._maps[id(node)] = _pairs(node)
            return known.get(str(key))
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            item = node.value[key]
            return item, item
        return None

    def _document(self, shown: str) -> yaml.Node | None:
        if shown not in self._documents:
            try:
                text = (self._root / shown).read_text(encoding="utf-8")
                self._documents[shown] = yaml.compose(text, Loader=yaml.CSafeLoader)
            except (OSError, ValueError, yaml.YAMLError):
                self._documents[shown] = None
        return self._documents[shown]


def _pairs(node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    pairs: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            parts: list[Any] = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for part in parts:
                if isinstance(part, yaml.MappingNode):
                    pairs = {**_pairs(part), **pairs}
        else:
            pairs[str(key.value)] = (key, value)
    return pairs
