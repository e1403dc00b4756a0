"""Campaigns of four from seeds; in a file of its own, so that a worker of its own plays them."""

from __future__ import annotations

import pytest

from tests.unit.rehearsal.conftest import Campaign


@pytest.mark.parametrize("seed", range(1, 151))
def test_campaigns(seed: int, campaign: Campaign) -> None:
    campaign(seed, size=4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(151, 363))
def test_more_campaigns(seed: int, campaign: Campaign) -> None:
    campaign(seed, size=4)
