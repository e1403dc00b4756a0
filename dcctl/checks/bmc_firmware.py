"""A server's firmware is one of the releases that its baseline names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import cannot_tell, listed, setting, verdict
from dcctl.contracts import Judgement
from dcctl.model.target import Target
from dcctl.text import N_

_PARTS = ("bios", "bmc", "adapters")


def _baseline(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    wanted = setting(target, "firmware") or {}
    silent = [part for part in _PARTS if wanted.get(part) is None]
    if silent:
        return cannot_tell(
            N_("the inventory's baseline of firmware says nothing of {items}"), items=listed(silent)
        )
    pairs = list(_pairs(wanted, facts["bmc_firmware"]))
    wrong = [
        f"{name} {version}"
        for name, allowed, versions in pairs
        for version in versions
        if version not in allowed
    ]
    unseen = [name for name, _, versions in pairs if not versions]
    if unseen and not wrong:
        return cannot_tell(N_("it lists no version of {items}"), items=listed(unseen))
    return verdict(
        wrong,
        good=N_("BIOS, controller and adapters run the baseline's versions"),
        bad=N_("firmware that is not of the baseline: {items}"),
        observed={name: list(versions) for name, _, versions in pairs},
        expected={name: list(allowed) for name, allowed, _ in pairs},
    )


def _pairs(
    wanted: Mapping[str, Any], fact: Any
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(what, versions it may have, versions it has)."""
    yield "bios", _several(wanted["bios"]), fact.bios
    yield "bmc", _several(wanted["bmc"]), fact.bmc
    for pattern, allowed in wanted["adapters"].items():
        found = tuple(
            item.version for item in fact.items if fnmatchcase(item.name.lower(), pattern.lower())
        )
        yield pattern, _several(allowed), found


def _several(versions: Any) -> tuple[str, ...]:
    return (versions,) if isinstance(versions, str) else tuple(versions)


CHECKS = (
    check(
        "bmc_firmware.baseline",
        N_("BIOS, management controller and adapters run the baseline's firmware"),
        _baseline,
        N_("Known weaknesses of firmware stay open beneath any patched system."),
        N_("Update what differs, or change `firmware` in the inventory if that is what you run."),
    ),
)
