"""No serial number is given twice: servers, elements, BMCs and disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dcctl.estate.places import Key
    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    owners: dict[str, tuple[str, tuple[Key, ...]]] = {}
    for host, intent in draft.intents.items():
        for keys, serial in _serials(intent):
            other, where = owners.setdefault(serial, (host, keys))
            if (other, where) != (host, keys):
                yield complaint(
                    draft.place_of(host, keys),
                    N_("serial number {serial} of {host} is already that of {other}"),
                    N_("look at the label and correct one of them"),
                    serial=serial,
                    host=host,
                    other=other,
                )


def _serials(intent: Mapping[str, Any]) -> Iterator[tuple[tuple[Key, ...], str]]:
    if intent.get("serial"):
        yield ("serial",), intent["serial"]
    bmc = intent.get("bmc") or {}
    if bmc.get("serial"):
        yield ("bmc", "serial"), bmc["serial"]
    for number, volume in enumerate(intent.get("volumes") or ()):
        for position, disk in enumerate(volume.get("disks") or ()):
            yield ("volumes", number, "disks", position, "serial"), disk["serial"]


RULE = Rule(title=N_("No serial number is used twice"), judge=_judge)
