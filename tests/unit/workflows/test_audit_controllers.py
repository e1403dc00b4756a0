"""From a site's inventory to its rows: a controller is collected, and judged without it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from dcctl import discovery
from dcctl.model import plain
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus
from dcctl.workflows.audit.collect import CollectRequest, collect
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.audit.kit.make import KitRequest, make
from dcctl.workflows.audit.kit.merge import merge
from dcctl.workflows.audit.kit.there import ReadRequest, read
from dcctl.workflows.services import open_site
from tests.unit.executors.redfish_twin import PASSWORD, Twin, authority

HOST, OTHER = "hl-sto-a01", "hl-sto-a02"
CASES = Path(__file__).parents[2] / "cases" / "redfish"
ROWS = {f"DC-BMC-00{number}" for number in range(1, 10)}
LABEL = """serial: F54P1G3
            device_type: dell/poweredge-r760
            firmware: {bios: "2.1.5", bmc: "7.10.30.00", adapters: {"*BCM5720*": "22.31.6"}}"""


@dataclass
class Site:
    """The sample estate, in which one server's controller is the twin; nobody answers by SSH."""

    root: Path
    twin: Twin

    def opened(self):
        return open_site(self.root, operator="minh")

    def evaluated(self, run: str = "latest") -> RunRecord:
        with self.opened() as services:
            return evaluate(EvaluateRequest(run=run), services)


@pytest.fixture
def site(tmp_path, monkeypatch) -> Iterator[Site]:
    monkeypatch.setenv("DCCTL_BMC_PASSWORD", PASSWORD)
    root = tmp_path / "site"
    root.mkdir()
    shutil.copy(discovery.data_root() / "dcctl.yml", root)
    shutil.copytree(discovery.data_root() / "inventory", root / "inventory")
    resources = yaml.safe_load((CASES / "hardened.yml").read_text(encoding="utf-8"))
    system, chassis = (f"/redfish/v1/{one}/System.Embedded.1" for one in ("Systems", "Chassis"))
    resources[system]["Model"] = "PowerEdge R760"
    resources[chassis]["Location"] = {"Placement": {"Rack": "HL-A-R05", "RackOffset": 2}}
    (root / "inventory/bmc_ca.pem").write_text(authority(), encoding="ascii")
    with Twin(tmp_path, resources) as twin:
        hall = root / "inventory/hosts/servers_hall_a.yml"
        told = hall.read_text(encoding="utf-8")
        for before, after in (
            ("ansible_host: 10.60.10.31", "ansible_host: 127.0.0.7"),
            ("bmc: {address: 10.61.10.31}", f"bmc: {{address: 127.0.0.1, port: {twin.port}}}"),
            ("serial: S64HLA010E1C", LABEL),
            ("ansible_host: 10.60.10.32", "ansible_host: 127.0.0.8"),
            ("bmc: {address: 10.61.10.32}", "bmc: {absent: virtual machine}"),
        ):
            assert before in told
            told = told.replace(before, after)
        hall.write_text(told, encoding="utf-8")
        yield Site(root, twin)


def rows(record: RunRecord, host: str) -> dict[str, FindingStatus]:
    assert record.assessment is not None
    return {
        one.requirement: one.status
        for one in record.assessment.results
        if one.target == host and one.requirement in ROWS
    }


def test_it_is_collected_once_and_judged_without_it(site) -> None:
    with site.opened() as services:
        run = collect(CollectRequest(limit=f"{HOST},{OTHER}"), services).run.id
    asked = len(site.twin.asked)
    assert asked > 20
    told = site.evaluated(run)
    assert rows(told, HOST) == dict.fromkeys(ROWS, FindingStatus.PASS)
    assert rows(told, OTHER) == dict.fromkeys(ROWS, FindingStatus.NOT_APPLICABLE)
    site.twin.resources.clear()
    again = site.evaluated(run)
    assert plain.canonical(again.assessment) == plain.canonical(told.assessment)
    assert len(site.twin.asked) == asked


def test_a_kit_knows_whom_to_trust(site, tmp_path) -> None:
    kit, result = tmp_path / "kit.zip", tmp_path / "result.zip"
    with site.opened() as services:
        run = make(KitRequest(limit=HOST, tool=False), kit, services).run
    assert PASSWORD.encode() not in kit.read_bytes()
    (site.root / "inventory/bmc_ca.pem").unlink()  # what it needs there is in it
    read(ReadRequest(kit=kit, out=result, folder=tmp_path / "work"), on_event=lambda _event: None)
    with site.opened() as services:
        merge(result, services)
    assert rows(site.evaluated(run), HOST) == dict.fromkeys(ROWS, FindingStatus.PASS)
