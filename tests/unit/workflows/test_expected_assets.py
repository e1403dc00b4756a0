"""What a collector of logs must hear: every asset of the inventory that has an address."""

from __future__ import annotations

import pytest

from dcctl import discovery, estate
from dcctl.model.estate import Estate
from dcctl.workflows.audit import assets


@pytest.fixture(scope="module")
def sample() -> Estate:
    return estate.load(discovery.data_root())


def test_collectors_alone_are_told_of_every_asset(sample: Estate) -> None:
    found = assets.expected(["hl-mgt-a01", "hl-sto-a01"], sample)
    assert list(found) == ["hl-mgt-a01"]
    told = found["hl-mgt-a01"][assets.CHECK]["assets"]
    assert told["hl-sto-a01"] == ["10.60.10.31"]
    assert told["hl-mgt-a01"] == ["10.60.10.51"]
    # A router may send from its management address or from its loopback; neither has a length.
    assert told["p79-pe1"] == ["10.255.79.1", "10.62.79.11"]
    silent = [name for name in sample.names if name not in told]
    assert [name for name in silent if sample.target(name).connection.address] == []


def test_nobody_collects_nothing_is_looked_up(sample: Estate) -> None:
    assert assets.expected(["hl-sto-a01"], sample) == {}
