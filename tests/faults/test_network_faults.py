"""Each check of network elements fails when its fault is planted, over SSH, from wire to report."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from netmiko import ConnectHandler

from dcctl import clock, lab
from dcctl.errors import ExitCode
from dcctl.workflows.build import build
from dcctl.workflows.plan import PlanRequest
from dcctl.workflows.services import LAB_FOLDER, open_site
from tests.faults.planting import Entry, Site, copied, cycles, door, raised, run_cycle, table

NETMIKO = {"cisco_xe": "cisco_xe", "juniper_junos": "juniper_junos"}
LIMIT = "hl-cor-r1,hl-cor-r2,p01-pe1,p01-pe2,p79-pe1,p79-pe2"
TABLE = table("network.yml")
CYCLES = cycles(TABLE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Six elements, built from day zero."""
    root = copied(tmp_path_factory.mktemp("network"))
    made = Site(
        root=root,
        limit=LIMIT,
        plant=lambda entry: plant(root, entry),
        heal=lambda entry: heal(root, entry),
    )
    try:
        raised(root, LIMIT)
        with open_site(root, lab=True, approve=lambda _plan: True) as services:
            record = build(PlanRequest(limit=LIMIT), services)
        assert record.exit_code() is ExitCode.OK
        made.settle(TABLE)
        yield made
    finally:
        lab.down(root / LAB_FOLDER)


def plant(root: Path, entry: Entry) -> None:
    """Break it: by a fault of the lab, by hand on its command line, or by asking for more."""
    if entry.fault:
        lab.fault(root / LAB_FOLDER, entry.target, entry.fault, **entry.arguments)
    elif entry.estate:
        text = yaml.safe_dump({"dcctl": dict(entry.estate)})
        _own_variables(root, entry).write_text(text, encoding="utf-8")
    else:
        type_in(root, entry.target, entry.plant)


def heal(root: Path, entry: Entry) -> None:
    """Take it back."""
    if entry.fault:
        lab.fault(root / LAB_FOLDER, entry.target, entry.fault, heal=True)
    elif entry.estate:
        _own_variables(root, entry).unlink()
    else:
        type_in(root, entry.target, entry.heal or ["rollback 1"])


def _own_variables(root: Path, entry: Entry) -> Path:
    return root / "inventory/hosts/host_vars" / f"{entry.target}.yml"


def type_in(root: Path, name: str, lines: list[str]) -> None:
    """Configuration lines, as somebody types them who goes past dcctl."""
    with open_site(root, lab=True) as services:
        target = services.estate.target(name)
        credential = services.estate.site_config.credentials[target.connection.credential]
    password = Path(credential["password"].removeprefix("file:")).read_text(encoding="ascii")
    with ConnectHandler(
        device_type=NETMIKO[target.platform],
        host=target.connection.address,
        port=target.connection.port,
        username=credential["username"],
        password=password.strip(),
        conn_timeout=30,
    ) as device:
        candidate = target.platform == "juniper_junos"
        lines = [*lines, "commit"] if candidate else lines
        device.send_config_set(lines, error_pattern=r"% Invalid|syntax error|unknown|error:")


@pytest.mark.parametrize(
    "cycle", CYCLES, ids=lambda cycle: "+".join(f"{one.target}:{one.check}" for one in cycle)
)
def test_a_fault_flips_its_check_and_only_what_is_declared(site: Site, cycle: list[Entry]) -> None:
    assert run_cycle(site, cycle) == []


@contextlib.contextmanager
def reading(root: Path, name: str) -> Iterator[Callable[[str], Any]]:
    """Read facts of one element, over one session of dcctl's own."""
    with open_site(root, lab=True) as services:
        target = services.estate.target(name)
    executor = door(root)
    try:
        yield lambda topic: executor.read(target, [topic])[topic].value
    finally:
        executor.close()


SHUT = {
    "p01-pe1": (
        ["interface TenGigabitEthernet0/0/1", "shutdown"],
        ["interface TenGigabitEthernet0/0/1", "no shutdown"],
    ),
    "p79-pe2": (["set interfaces xe-0/1/1 disable"], ["rollback 1"]),
}


@pytest.mark.parametrize(("near", "far"), [("p01-pe1", "p01-pe2"), ("p79-pe2", "p79-pe1")])
def test_a_shut_interface_darkens_its_neighbour_within_two_seconds(
    site: Site, near: str, far: str
) -> None:
    shut, unshut = SHUT[near]
    with reading(site.root, far) as read:

        def neighbours() -> set[str]:
            return {one.neighbor for one in read("isis").items if one.state == "up"}

        def light() -> Any:
            lanes = [one for one in read("optics").items if one.interface.endswith("0/0/1")]
            assert len(lanes) == 1
            return lanes[0]

        assert near in neighbours()
        assert not light().los
        type_in(site.root, near, shut)
        try:
            clock.sleep(2)
            assert near not in neighbours()
            assert light().los or light().rx_dbm is None or light().rx_dbm <= -40
        finally:
            type_in(site.root, near, unshut)
