"""A digest of what roles would change on a target, as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.errors import TargetError, Unreachable
from dcctl.model import plain
from dcctl.model.status import ReadingStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dcctl.model.outcome import Reading
    from dcctl.model.plan import Step

# What changes by itself: ages, counters, free space, who is connected just now.
# The suffixes are the units in the facts' names.
_VOLATILE_SUFFIXES = ("_s", "_bytes", "_dbm", "_at", "_used", "_errors", "_id")
_VOLATILE = {
    "connected", "inodes", "items_total", "metrics", "reachable", "restore_files",
    "scrub_status", "scrub_uncorrectable", "source", "stratum", "synchronised", "updates",
    "security_updates", "state", "sub",
}  # fmt: skip


def topics_of(steps: Sequence[Step]) -> tuple[str, ...]:
    """The topics that the verify checks of role steps read."""
    from dcctl.checks import all_checks

    known = all_checks()
    wanted = {check for step in steps for check in step.settings.get("verify") or ()}
    topics = {topic for check in wanted if check in known for topic in known[check].topics}
    return tuple(sorted(topics))


def fingerprint(target: str, readings: Mapping[str, Reading]) -> str:
    """The digest of the stable parts of `readings`.

    Raises:
        TargetError: a topic could not be read.
    """
    stable: dict[str, Any] = {}
    for topic in sorted(readings):
        reading = readings[topic]
        if reading.status is ReadingStatus.UNREACHABLE:
            raise Unreachable(
                N_("{target} can't be reached: {reason}"), target=target, reason=reading.message
            )
        if reading.status is ReadingStatus.ERROR:
            raise TargetError(
                N_("{target}: {topic} can't be read: {reason}"),
                target=target,
                topic=topic,
                reason=reading.message,
            )
        stable[topic] = [reading.status.value, _stable(plain.to_plain(reading.value))]
    return plain.digest(stable)


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stable(item) for key, item in value.items() if not _volatile(key)}
    if isinstance(value, list):
        return _sorted([_stable(item) for item in value])
    return None if isinstance(value, float) else value


def _volatile(key: str) -> bool:
    return key in _VOLATILE or key.endswith(_VOLATILE_SUFFIXES)


def _sorted(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=plain.canonical)
