"""How tests read a twin of a management controller: through the door of its server."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dcctl import checks, executors, platforms
from dcctl.model.outcome import Finding, Reading
from dcctl.model.status import FindingStatus
from dcctl.model.target import Connection, Controller, Target
from tests.unit.executors.conftest import free_port
from tests.unit.executors.redfish_twin import USER, Twin, authority

CASES = Path(__file__).parents[2] / "cases" / "redfish"
TOPICS = sorted(one.topic for one in platforms.get("redfish").collectors)
CHECKS = checks.resolve(["bmc_*"])
SITE = {"bmc_addresses.administrative": {"networks": ["10.61.0.0/16"]}}
INTENT = {
    "serial": "F54P1G3",
    "device_type": "dell/poweredge-r750",
    "position": 2,
    "firmware": {
        "bios": "2.1.5",
        "bmc": ["7.00.60.00", "7.10.30.00"],
        "adapters": {"*ethernet*": "22.31.6"},
    },
}


@cache
def _held(name: str) -> Any:
    return yaml.safe_load((CASES / f"{name}.yml").read_text(encoding="utf-8"))


def held(name: str) -> Any:
    return copy.deepcopy(_held(name))


class Door:
    """The door that servers are read through, and targets whose controller a twin is."""

    def __init__(self, contexts: Any, folder: Path) -> None:
        self.contexts, self.folder = contexts, folder
        self.kept = contexts.kept
        (folder / "ca.pem").write_text(authority(), encoding="ascii")
        self.credentials: dict[str, Any] = {
            "bmc": {"username": USER, "password": "env:BMC_PASSWORD"},
            "wrong": {"username": USER, "password": "env:BMC_WRONG"},
        }

    def twin(self, resources: str | dict[str, Any] = "hardened", **more: Any) -> Twin:
        given = held(resources) if isinstance(resources, str) else resources
        return Twin(self.folder, given, **more)

    def target(self, twin: Twin, **more: Any) -> Target:
        known = {"authorities": str(self.folder / "ca.pem"), "credential": "bmc"}
        return Target(
            name="hl-cmp-a01",
            platform="linux",
            kind="server",
            rack="HL-A-R03",
            connection=Connection(address="127.0.0.1", port=free_port(), credential="bmc"),
            intent=INTENT,
            peers={"log_collectors": [{"name": "log1", "address": "10.60.10.51"}]},
            bmc=Controller(address="127.0.0.1", port=twin.port, **known | more),
        )

    def read(self, target: Target, topics=TOPICS, **timeouts: float) -> dict[str, Reading]:
        options = {"credentials": self.credentials, "timeouts": {"connect": 3} | timeouts}
        executor = executors.build("server_shell", self.contexts(**options))
        found = executor.read(target, topics)
        executor.close()
        assert set(found) == set(topics)
        return dict(found)

    def judged(self, target: Target, **timeouts: float) -> dict[str, Finding]:
        day = datetime.now(UTC).date()
        asked = checks.dated(checks.tailor(CHECKS, SITE), day)
        readings = self.read(target, **timeouts)
        return {one.check: one for one in checks.evaluate(target, readings, asked)}


def passed(findings: dict[str, Finding]) -> set[str]:
    return {name for name, one in findings.items() if one.status is FindingStatus.PASS}
