"""The campaign is run once for all tests of a worker."""

from __future__ import annotations

import pytest

from tests.unit.upgrading.campaign import Campaign, campaign


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A campaign that has ended; not to be changed."""
    return campaign(tmp_path_factory.mktemp("campaign"))
