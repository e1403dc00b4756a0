"""Disks: what leaves the room in a technician's hand can't be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import needs, on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _encrypted(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    data = [item for item in facts["block_devices"].items if item.mount not in parameters["ignore"]]
    return verdict(
        [f"{item.mount} ({item.device})" for item in data if not item.encrypted],
        good=N_("every file system lies on an encrypted device"),
        bad=N_("file systems on devices that are not encrypted: {items}"),
        observed={item.mount: item.encrypted for item in data},
        expected={item.mount: True for item in data},
    )


CHECKS = (
    Check(
        id="block_devices.encrypted",
        title=N_("Data lies on encrypted devices"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("block_devices",),
        judge=needs("block_devices", _encrypted),
        applies=on_linux,
        parameters={"ignore": ("/boot", "/boot/efi", "/boot/firmware")},
        rationale=N_("Disks are replaced, returned and stolen."),
        remediation=N_("Move the data onto LUKS, or prove that the array below encrypts."),
    ),
)
