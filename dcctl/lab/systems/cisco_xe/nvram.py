"""What IOS XE keeps: the startup configuration, the archive, and the configuration that a timer brings back."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.model import Element, Saved
from dcctl.lab.elements.tree import EMPTY
from dcctl.lab.systems.cisco_xe.scene import moment

_KEPT = 10


def expire(element: Element, now: float) -> Element:
    """The revert timer ran out, or somebody asked: the configuration of before comes back."""
    if element.timer is None:
        return element
    return replace(
        element,
        running=element.timer.restore,
        timer=None,
        changed=now,
        changed_by="rollback",
        messages=(
            *element.messages,
            f"*{moment(now)}: %ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_START: Start rolling to the archived config",
        ),
    )


def archived(element: Element, now: float, user: str) -> Element:
    """The running configuration, kept in the archive."""
    saved = Saved(tree=element.running, time=now, user=user)
    return replace(element, history=(saved, *element.history)[:_KEPT])


def saved(element: Element, now: float, user: str) -> Element:
    """The running configuration, written to NVRAM."""
    if "write-memory" in element.running.get("archive", EMPTY):
        element = archived(element, now, user)
    return replace(element, startup=element.running, saved=now, saved_by=user)
