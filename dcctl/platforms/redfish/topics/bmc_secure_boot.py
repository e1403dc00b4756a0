"""Systems/*/SecureBoot (DSP2046, SecureBoot)."""

from __future__ import annotations

from collections.abc import Sequence

from dcctl.facts.bmc_secure_boot import BmcSecureBoot, SecureBoot
from dcctl.platforms.redfish._resources import Resources, collector, flag, name_of, text


def _parse(found: Sequence[Resources]) -> BmcSecureBoot | None:
    items = tuple(
        SecureBoot(
            system=name_of(path, 1),
            enabled=flag(resource, "SecureBootEnable"),
            current=text(resource, "SecureBootCurrentBoot"),
            mode=text(resource, "SecureBootMode"),
        )
        for path, resource in sorted(found[0].items())
    )
    return BmcSecureBoot(items=items) if items else None


COLLECTOR = collector("bmc_secure_boot", ("GET Systems/*/SecureBoot",), _parse)
