"""AccountService (DSP2046)."""

from __future__ import annotations

from collections.abc import Sequence

from dcctl.facts.bmc_account_policy import BmcAccountPolicy
from dcctl.platforms.redfish._resources import Resources, collector, whole


def _parse(found: Sequence[Resources]) -> BmcAccountPolicy | None:
    for resource in found[0].values():
        return BmcAccountPolicy(
            lockout_failures=whole(resource, "AccountLockoutThreshold"),
            lockout_s=whole(resource, "AccountLockoutDuration"),
            minimum_length=whole(resource, "MinPasswordLength"),
        )
    return None


COLLECTOR = collector("bmc_account_policy", ("GET AccountService",), _parse)
