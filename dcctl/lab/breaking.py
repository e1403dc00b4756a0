"""Breaking twins of a lab on purpose, whatever stands for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcctl.errors import NotFound
from dcctl.lab import elements, host_faults, patient
from dcctl.lab.elements.faults import FAULTS
from dcctl.lab.image_mirror import MIRROR_FAULTS
from dcctl.lab.standing import ELEMENT, element_states, overlay_of
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


MIRROR = "mirror"  # of images


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultInfo:
    """What can be broken, on which kinds of twin, with which arguments (None: must be given)."""

    name: str
    title: str
    kinds: tuple[str, ...]
    arguments: Mapping[str, Any]


def fault(folder: Path, target: str, fault: str, *, heal: bool = False, **arguments: Any) -> None:
    """Break something of one twin, or with `heal` put it right again.

    An element is healed of all its faults at once.

    Raises:
        NotFound: no such twin. InvalidInput: no such fault for it, or wrong arguments. LabFailure.
    """
    folder = folder.resolve()
    host = patient.find(folder, target)
    if host is not None:
        host_faults.do(host, fault, arguments, heal=heal)
    elif target == MIRROR:
        elements.fault(folder, elements.MIRROR, "clear" if heal else fault, **arguments)
    elif target in {one.name for one in element_states(folder, overlay_of(folder))}:
        if heal:
            elements.fault(folder, target, "clear")
        else:
            elements.fault(folder, target, fault, **arguments)
    else:
        raise NotFound(
            N_("the lab has no twin of {target}"),
            hint=N_("dcctl lab status lists them"),
            target=target,
        )


def all_faults() -> tuple[FaultInfo, ...]:
    """Everything that can be broken.

    One row for each fault and arguments, with the kinds of twin it applies to.
    """
    rows = [
        FaultInfo(name=one.name, title=one.title, kinds=one.kinds, arguments=dict(one.arguments))
        for one in host_faults.HOST_FAULTS
    ]
    rows += [
        FaultInfo(name=one.name, title=one.title, kinds=(ELEMENT,), arguments=dict(one.arguments))
        for one in FAULTS.values()
    ]
    rows += [
        FaultInfo(name=name, title=title, kinds=(MIRROR,), arguments=dict(arguments))
        for name, (title, arguments) in MIRROR_FAULTS.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.name, row.kinds)))
