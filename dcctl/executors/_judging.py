"""What a device answers, held to the patterns of its platform: something went wrong, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.errors import CommandFailed, ConfigurationLocked, NothingToCommit
from dcctl.executors.evidence import redacted
from dcctl.sieve import first_match, sieves
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Platform


def judge(platform: Platform, name: str, command: str, answer: str) -> None:
    """Raise what the device says that went wrong; secrets are looked for only then.

    Raises:
        ConfigurationLocked, NothingToCommit, CommandFailed: it does.
    """
    locked = _one_of(platform.locked, answer)
    unchanged = _one_of(platform.unchanged, answer)
    if not locked and not unchanged and not _one_of(platform.failures, answer):
        return
    said: dict[str, Any] = {
        "name": name,
        "command": redacted(command, platform)[:120],
        "answer": " ".join(redacted(answer, platform).split())[-200:],
    }
    if locked:
        raise ConfigurationLocked(
            N_("{name}: somebody else holds its configuration: {command}: {answer}"), **said
        )
    if unchanged:
        raise NothingToCommit(N_("{name}: {command}: {answer}"), **said)
    raise CommandFailed(N_("{name}: {command}: {answer}"), **said)


def _one_of(patterns: Sequence[str], answer: str) -> bool:
    return first_match(sieves(tuple(patterns)), answer) is not None
