"""Whether what runs is what was saved, from both configurations."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from dcctl.facts.startup import Startup
from dcctl.platforms._parsing import expect, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dcctl.contracts import Output

# What only one of the two says of itself, or what the device counts on.
_ASIDE = re.compile(
    r"\s*(?:[!#].*|Building configuration.*|Current configuration ?:.*|Using \d+ out of .*"
    r"|ntp clock-period \d+|return|end)?\s*"
)
_NOTHING = re.compile(
    r"startup-config(?:uration)? is not present|no startup[- ]config|no correct configuration file"
    r"|configuration file (?:does|is) not exist",
    re.IGNORECASE,
)


def compared(first: str) -> Callable[[Sequence[Output]], Startup]:
    """A parser of the running configuration and the saved one; both have a line like `first`."""

    def parse(outputs: Sequence[Output]) -> Startup:
        running, saved = outputs
        now = _lines(text_of(running))
        expect(any(re.match(first, line) for line in now), running, "not a whole configuration")
        if _NOTHING.search(saved.text):
            return Startup(saved=False, differing=now.total())
        kept = _lines(text_of(saved))
        expect(any(re.match(first, line) for line in kept), saved, "not a whole configuration")
        differing = ((now - kept) + (kept - now)).total()
        return Startup(saved=not differing, differing=differing)

    return parse


def _lines(text: str) -> Counter[str]:
    """The lines that say something, in whatever order."""
    found = (line.rstrip() for line in text.replace("\r", "").splitlines())
    return Counter(line for line in found if not _ASIDE.fullmatch(line))


def committed(whole: Callable[[Output], object]) -> Callable[[Sequence[Output]], Startup]:
    """Where a commit writes what is booted, nothing can run that is not saved.

    `whole` refuses an answer that is no whole configuration.
    """

    def parse(outputs: Sequence[Output]) -> Startup:
        whole(outputs[0])
        return Startup(saved=True)

    return parse
