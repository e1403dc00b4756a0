"""Campaigns of three from seeds: the core, and a site whose one element cuts it off.

In a file of its own, so that a worker of its own plays them.
"""

from __future__ import annotations

import pytest

from tests.unit.rehearsal.conftest import Campaign


@pytest.mark.parametrize("seed", range(3001, 3151))
def test_campaigns(seed: int, campaign: Campaign) -> None:
    campaign(seed, size=3, least=3)
