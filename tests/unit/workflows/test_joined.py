"""`--together` by a group's name in topology.yml."""

from __future__ import annotations

import pytest

from dcctl import discovery, estate
from dcctl.errors import NotFound
from dcctl.workflows.plan import joined


def test_a_group_of_the_topology_is_known_by_its_name() -> None:
    sample = estate.load(discovery.data_root())
    assert joined("core", sample) == ("hl-cor-r1", "hl-cor-r2")
    assert joined("p01-pe1,hl-cor-r1", sample) == ("hl-cor-r1", "p01-pe1")
    ring = next(one for one in sample.rings if len(one.members) > 2)
    assert set(joined(ring.name, sample)) == set(ring.members)
    with pytest.raises(NotFound):
        joined("no-such-group", sample)
