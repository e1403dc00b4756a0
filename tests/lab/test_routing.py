"""The lab's routers route: every protocol comes up between them and goes down with a cable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dcctl import lab
from tests.lab.conftest import triangle
from tests.lab.test_hosts import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.conftest import LabSite

pytestmark = pytest.mark.lab

ROUTERS = ("r1", "r2", "r3")


def configuration(name: str) -> list[str]:
    """OSPF, IS-IS and iBGP over the triangle, with BFD, and fast timers."""
    own = int(name[1])
    others = [int(router[1]) for router in ROUTERS if router != name]
    lines = ["configure terminal", "interface lo", f"ip address 10.255.0.{own}/32"]
    lines += ["ip ospf area 0", "ip router isis 1", "isis passive", "exit"]
    for other in others:
        low, high = sorted((own, other))
        lines += [
            f"interface to-r{other}",
            f"ip address 10.0.{low}{high}.{own}/24",
            *("ip ospf area 0", "ip ospf network point-to-point", "ip ospf hello-interval 1"),
            *("ip ospf dead-interval 4", "ip ospf bfd"),
            *("ip router isis 1", "isis network point-to-point", "isis hello-interval 1"),
            "exit",
        ]
    lines += ["router ospf", f"ospf router-id 10.255.0.{own}", "exit"]
    lines += ["router isis 1", f"net 49.0001.0000.0000.000{own}.00", "is-type level-2-only", "exit"]
    lines += ["router bgp 65001", f"bgp router-id 10.255.0.{own}"]
    for other in others:
        neighbor = f"neighbor 10.255.0.{other}"
        lines += [f"{neighbor} remote-as 65001", f"{neighbor} update-source lo"]
        lines += [f"{neighbor} timers connect 1"]
    return [*lines, "end"]


def ask(site: LabSite, name: str, command: str) -> Any:
    return json.loads(site.inside(name, "vtysh", "-c", f"{command} json").stdout or "{}")


def states(site: LabSite, name: str) -> dict[str, list[str]]:
    """How each protocol stands with the two others."""
    ospf = ask(site, name, "show ip ospf neighbor")["neighbors"]
    bgp = ask(site, name, "show bgp summary").get("ipv4Unicast", {}).get("peers", {})
    isis = site.inside(name, "vtysh", "-c", "show isis neighbor").stdout
    lldp = json.loads(site.inside(name, "lldpcli", "show", "neighbors", "-f", "json0").stdout)
    heard = lldp["lldp"][0].get("interface", [])
    return {
        "ospf": [entry[0]["nbrState"].split("/")[0] for entry in ospf.values()],
        "bgp": [entry["state"] for entry in bgp.values()],
        "isis": [line.split()[3] for line in isis.splitlines() if " to-r" in line],
        "bfd": [peer["status"] for peer in ask(site, name, "show bfd peers")],
        "lldp": sorted(interface["name"] for interface in heard),
    }


def test_protocols_follow_the_cables(raise_lab: Callable[..., LabSite]) -> None:
    site = raise_lab(*triangle(*ROUTERS))
    for name in ROUTERS:
        script = "\n".join(configuration(name)) + "\n"
        said = site.inside(name, "vtysh", stdin=script).stdout
        assert "%" not in said.split("Kunihiro Ishiguro", 1)[1], said
    whole = {
        "ospf": ["Full", "Full"],
        "bgp": ["Established", "Established"],
        "isis": ["Up", "Up"],
        "bfd": ["up", "up"],
        "lldp": ["to-r2", "to-r3"],
    }
    eventually(lambda: states(site, "r1") == whole, seconds=60)

    lab.fault(site.folder, "r1", "link_down", interface="to-r2")
    eventually(lambda: states(site, "r1")["ospf"] == ["Full"], seconds=10)
    eventually(lambda: states(site, "r2")["isis"] == ["Up"], seconds=40)
    lab.fault(site.folder, "r1", "link_down", interface="to-r2", heal=True)
    eventually(lambda: states(site, "r1") == whole, seconds=60)
