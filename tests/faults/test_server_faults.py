"""Each check of servers fails when its fault is planted in a host that its roles built."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dcctl import lab
from dcctl.errors import ExitCode
from dcctl.workflows.build import build
from dcctl.workflows.plan import PlanRequest
from dcctl.workflows.services import LAB_FOLDER, open_site
from tests.faults.planting import Entry, Site, copied, cycles, host_site, raised, run_cycle, table
from tests.lab.conftest import need_root

LIMIT = "hl-mgt-a01,hl-cmp-a01,hl-sto-a01,hl-bak-a01"
TABLE = table("servers.yml")
CYCLES = cycles(TABLE)
SPARE = """\
dcctl:
  volumes: [{name: spare, profile: single, mount: /srv/spare, disks: [{serial: SPARE1}]}]
"""

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Four servers, built from a bare Debian."""
    need_root()
    root = copied(tmp_path_factory.mktemp("servers"))
    made = host_site(root, LIMIT)
    # A disk that the design knows nothing of, to be filled.
    spare = root / "inventory/hosts/host_vars/hl-cmp-a01.yml"
    assert not spare.exists()
    spare.write_text(SPARE, encoding="utf-8")
    try:
        raised(root, LIMIT)
        spare.unlink()
        with open_site(root, lab=True, approve=lambda _plan: True) as services:
            record = build(PlanRequest(limit=LIMIT), services)
        assert record.exit_code() is ExitCode.OK
        made.settle(TABLE)
        yield made
    finally:
        lab.down(root / LAB_FOLDER)


@pytest.mark.parametrize(
    "cycle", CYCLES, ids=lambda cycle: "+".join(f"{one.target}:{one.check}" for one in cycle)
)
def test_a_fault_flips_its_check_and_only_what_is_declared(site: Site, cycle: list[Entry]) -> None:
    assert run_cycle(site, cycle) == []
