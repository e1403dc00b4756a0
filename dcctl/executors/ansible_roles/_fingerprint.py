"""A digest of what roles would change on a target, as it is now."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from dcctl.errors import TargetError, Unreachable
from dcctl.executors.ansible_roles._plays import role_folder, role_of
from dcctl.model import plain
from dcctl.model.status import ReadingStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from dcctl.model.outcome import Reading
    from dcctl.model.plan import Step
    from dcctl.model.target import Target

# What changes by itself: ages, counters, free space, who is connected just now.
# The suffixes are the units in the facts' names.
_VOLATILE_SUFFIXES = ("_s", "_bytes", "_dbm", "_at", "_used", "_errors", "_id")
_VOLATILE = {
    "connected", "inodes", "items_total", "metrics", "reachable", "restore_files",
    "scrub_status", "scrub_uncorrectable", "source", "stratum", "synchronised", "updates",
    "security_updates", "state", "sub",
}  # fmt: skip

_KERNEL = "kernel"  # the topic that reads every parameter there is, of which few are ours
_DOTTED = re.compile(r"[a-z][\w-]*(?:[./][\w-]+)+")


def topics_of(steps: Sequence[Step]) -> tuple[str, ...]:
    """The topics that the verify checks of role steps read."""
    from dcctl.checks import all_checks

    known = all_checks()
    wanted = {check for step in steps for check in step.settings.get("verify") or ()}
    topics = {topic for check in wanted if check in known for topic in known[check].topics}
    return tuple(sorted(topics))


def declared(target: Target, steps: Sequence[Step], folders: Sequence[Path]) -> frozenset[str]:
    """The dotted names that the steps' roles, their verify checks or the target's variables hold.

    A kernel parameter that stands in none of them is none of theirs.
    """
    from dcctl.checks import all_checks

    known = all_checks()
    checks = {check for step in steps for check in step.settings.get("verify") or ()}
    texts = [json.dumps(plain.to_plain([target.variables, target.intent]))]
    texts += [json.dumps(plain.to_plain(known[name].parameters)) for name in checks & known.keys()]
    for role in {role_of(step) for step in steps}:
        folder = role_folder(role, folders)
        files = sorted(folder.rglob("*")) if folder else []
        texts += [path.read_text("utf-8", "replace") for path in files if path.is_file()]
    names = {name for text in texts for name in _DOTTED.findall(text)}
    return frozenset(name.replace("/", ".") for name in names)


def fingerprint(
    target: str, readings: Mapping[str, Reading], names: frozenset[str] = frozenset()
) -> str:
    """The digest of the stable parts of `readings`; of kernel parameters only those of `names`.

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
        value = plain.to_plain(reading.value)
        if topic == _KERNEL and isinstance(value, dict):
            own = [one for one in value["sysctls"] if one["name"] in names]
            value = {**value, "sysctls": own}
        stable[topic] = [reading.status.value, _stable(value)]
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
