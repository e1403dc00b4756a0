"""Keys that a device must know: the rendered text names them, the device alone stores them.

A template writes where a key lies, as a mark (`dcctl.secrets.mark`). A device that has the line
already is taken at its word: its own stored form, salted or turned around, stands for the key. Only
a line that it lacks is given the key itself, on its way to the device.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl import secrets
from dcctl.executors.evidence import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dcctl.contracts import Platform

STAND_IN = "0123456789abcdef"  # long enough for every pattern, and of no form of any vendor
# How a vendor says in which form a key stands there, before it or behind it: each of these can be
# turned back. Hashes of passwords say theirs by other numbers, which are no matter of form.
_FORM = re.compile(
    r"(?:(?:encrypted|clear|cipher|simple|plaintext|password|[0367]) )*(\"?)(?:«redacted»)"
    r"(?: (?:hash2?|custom|[0367]))?\1(?: ## SECRET-DATA)?"
)

Path = tuple[str, ...]


def filled(
    text: str, running: str, platform: Platform, key: Callable[[secrets.SecretRef], str]
) -> str:
    """`text` with every marked line as `running` has it, or else with what `key` says.

    Lines whose keys were taken out, as in what is kept, are marked too.
    """
    if not _marked(text):
        return text
    stored = {_blank(path, platform): line for path, line in _lines(running)}
    told = {"\n".join(path): stored.get(_blank(path, platform)) for path, _ in _lines(text)}
    lines = []
    for path, line in _lines(text, everything=True):
        had = told.get("\n".join(path)) if _marked(line) else None
        indent = line[: len(line) - len(line.lstrip())]
        lines.append(indent + had if had else _typed(line, key))
    return "\n".join(lines) + "\n"


def _marked(text: str) -> bool:
    return secrets.REDACTED in text or bool(secrets.MARK.search(text))


def nameless(text: str) -> str:
    """`text` with a stand-in for each key, to be taken out as the keys themselves would be."""
    return secrets.MARK.sub(STAND_IN, text)


def _typed(line: str, key: Callable[[secrets.SecretRef], str]) -> str:
    return secrets.MARK.sub(lambda mark: key(secrets.SecretRef.parse(mark[1])), line)


def _lines(text: str, *, everything: bool = False) -> Iterator[tuple[Path, str]]:
    """Each line with the sections that it stands in, by its indentation."""
    above: list[tuple[int, str]] = []
    for line in text.splitlines():
        words = line.strip()
        if not words or words[0] in "!#}":
            if everything:
                yield (), line
            continue
        depth = len(line) - len(line.lstrip())
        while above and above[-1][0] >= depth:
            above.pop()
        above.append((depth, words))
        yield tuple(words for _, words in above), line if everything else words


def _blank(path: Path, platform: Platform) -> str:
    """Where a line stands and what it says, whatever its key is and in which form it is stored."""
    return "\n".join(
        _FORM.sub(secrets.REDACTED, redacted(nameless(line), platform)) for line in path
    )
