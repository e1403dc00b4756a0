"""AccountService/Accounts/* (DSP2046, ManagerAccount)."""

from __future__ import annotations

from collections.abc import Sequence

from dcctl.facts.bmc_accounts import BmcAccount, BmcAccounts
from dcctl.platforms.redfish._resources import Resources, collector, flag, text


def _parse(found: Sequence[Resources]) -> BmcAccounts | None:
    items = tuple(
        BmcAccount(
            name=text(resource, "UserName"),
            role=text(resource, "RoleId"),
            enabled=flag(resource, "Enabled"),
            must_change=flag(resource, "PasswordChangeRequired"),
        )
        for _, resource in sorted(found[0].items())
        if text(resource, "UserName")  # some list their empty places too
    )
    return BmcAccounts(items=items) if items else None


COLLECTOR = collector("bmc_accounts", ("GET AccountService/Accounts/*",), _parse)
