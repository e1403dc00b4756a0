"""Parse: what an answer that was kept in a file means, without any device."""

from __future__ import annotations

from dcctl import platforms
from dcctl.errors import ExitCode
from dcctl.model.parsed import Parsed
from dcctl.model.status import ReadingStatus

_UNDERSTOOD = {ReadingStatus.PARSED, ReadingStatus.EMPTY}


def parse(platform: str, command: str, text: str) -> Parsed:
    """What `text`, the whole answer to `command`, means.

    Raises:
        NotFound: there is no such platform.
    """
    platforms.get(platform)
    return platforms.parse(platform, command, text)


def exit_code(parsed: Parsed) -> ExitCode:
    """0 when the answer was understood, else 4: could not tell."""
    return ExitCode.OK if parsed.status in _UNDERSTOOD else ExitCode.COULD_NOT_TELL
