"""File systems: space, inodes, writable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import failed, listed, needs, on_linux, partial, passed, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_READ_ONLY_BY_NATURE = ("iso9660", "squashfs", "erofs", "udf")


def _graded(used: Mapping[str, float], parameters: Mapping[str, Any]) -> Judgement:
    full = {m: p for m, p in used.items() if p >= parameters["fail_percent"]}
    filling = {m: p for m, p in used.items() if p >= parameters["warn_percent"]}
    observed = {mount: f"{percent:.1f}%" for mount, percent in used.items()}
    expected = f"< {parameters['warn_percent']}%"
    if full:
        return failed(
            N_("full, or nearly: {items}"), items=_named(full), observed=observed, expected=expected
        )
    if filling:
        return partial(
            N_("filling up: {items}"), items=_named(filling), observed=observed, expected=expected
        )
    return passed(N_("there is room everywhere"), observed=observed, expected=expected)


def _named(used: Mapping[str, float]) -> str:
    return listed(f"{mount} {percent:.0f}%" for mount, percent in used.items())


def _space(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    return _graded(
        {
            item.mount: 100 * item.used_bytes / (item.used_bytes + item.available_bytes)
            for item in _writable(facts)
            if item.used_bytes is not None
            and item.available_bytes is not None
            and item.used_bytes + item.available_bytes
        },
        parameters,
    )


def _inodes(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    return _graded(
        {
            item.mount: 100 * item.inodes_used / item.inodes
            for item in _writable(facts)
            if item.inodes and item.inodes_used is not None
        },
        parameters,
    )


def _writable(facts: Mapping[str, Any]) -> list[Any]:
    fact = facts["disks"]
    return [
        item
        for item in (fact.filesystems if fact else ())
        if item.kind not in _READ_ONLY_BY_NATURE and not item.read_only
    ]


def _read_only(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["disks"]
    wrong = [
        item.mount
        for item in (fact.filesystems if fact else ())
        if item.read_only
        and item.kind not in _READ_ONLY_BY_NATURE
        and item.mount not in parameters["ignore"]
    ]
    return verdict(
        wrong,
        good=N_("every file system can be written to"),
        bad=N_("file systems that can only be read: {items}"),
        expected=[],
    )


_LIMITS = {"warn_percent": 80, "fail_percent": 90}

CHECKS = (
    Check(
        id="disks.space",
        title=N_("File systems have room"),
        pack="health",
        severity=Severity.HIGH,
        topics=("disks",),
        judge=needs("disks", _space),
        applies=on_linux,
        parameters=_LIMITS,
        rationale=N_("A full file system stops services and loses logs."),
        remediation=N_("Find what grows; move it, shorten its retention, or enlarge the volume."),
    ),
    Check(
        id="disks.inodes",
        title=N_("File systems have room for files"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("disks",),
        judge=needs("disks", _inodes),
        applies=on_linux,
        parameters=_LIMITS,
        rationale=N_("Millions of small files fill a file system that still shows free space."),
        remediation=N_("Find the folder with the many files: mail queues, sessions, caches."),
        follows=("disks.space",),
    ),
    Check(
        id="disks.writable",
        title=N_("File systems can be written to"),
        pack="health",
        severity=Severity.HIGH,
        topics=("disks",),
        judge=needs("disks", _read_only),
        applies=on_linux,
        parameters={"ignore": ()},
        rationale=N_("Linux turns a file system read-only when its disk makes errors."),
        remediation=N_("Read the kernel's log; check the disk before you mount it again."),
        follows=("volume.health",),
    ),
)
