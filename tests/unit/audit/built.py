"""An element that dcctl has built, beside the neighbours of the audit's tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dcctl import clock, discovery, platforms
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import plan_of
from dcctl.model.outcome import Finding
from dcctl.model.target import Interface, Target
from dcctl.planning.render import render, template_paths
from dcctl.workflows.audit.collect import as_kept
from dcctl.workflows.rehearsal import sessions
from tests.unit.audit.strength import (
    CASES,
    HARDENED,
    SUBJECT,
    Blobs,
    Case,
    collected,
    context,
    judged,
    others,
    target,
)

ROOT = discovery.data_root()
# Those of the sample estate; what an element is called and announces is its own.
SAMPLE = ("all", "backbone")
OWN = {"announced_networks": ["10.100.0.0/16"], "bgp_route_reflector": False}
ROUTING = {
    "asn": 64512,
    "router_id": "10.255.0.1",
    "isis_net": "49.0001.0102.5500.0001.00",
    "bgp_neighbors": [
        {"name": "core1", "address": "10.255.0.11", "asn": 64512},
    ],
}


@cache
def variables() -> dict[str, Any]:
    """What the sample estate says of its routers."""
    found: dict[str, Any] = {}
    for name in SAMPLE:
        path = ROOT / "inventory/hosts/group_vars" / f"{name}.yml"
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))
    found.pop("dcctl", None)
    return found | OWN


@cache
def table(platform: str) -> dict[str, Any]:
    """What is expected of it: tests/cases/audit/PLATFORM/built.yml."""
    return yaml.safe_load((CASES / platform / "built.yml").read_text(encoding="utf-8"))


def platforms_built() -> list[str]:
    """Those that have a table."""
    return sorted(path.parent.name for path in CASES.glob("*/built.yml"))


def element(platform: str, **changed: Any) -> Target:
    """The element of the tables, with what a template needs to know of it."""
    one = target(Case(platform, HARDENED))
    given = {**variables(), **changed}
    return replace(
        one,
        variables={name: value for name, value in given.items() if value is not None},
        interfaces=tuple(_linked(port) for port in one.interfaces),
        intent={
            **one.intent,
            "loopback": "10.255.0.1/32",
            "loopback_interface": "Loopback0",
            "routing": ROUTING,
        },
    )


def _linked(port: Interface) -> Interface:
    """Ports that lead nowhere known are in the design too, shut."""
    if port.link:
        return replace(port, metric=10, area="0" if "ospf" in port.protocols else "")
    return replace(port, link=f"spare-{port.name}")


def rendered(platform: str, **changed: Any) -> str:
    """Its intended configuration."""
    return render(element(platform, **changed), template_paths(ROOT))


def network(platform: str, text: str = "") -> Network:
    """Its twin beside the neighbours' ones, started with `text`; without, as from the factory."""
    one = element(platform)
    release = Case(platform, HARDENED).release
    plan = plan_of([one, *others()], "built", releases={SUBJECT: release} if release else {})
    made = Network(plan.chassis, plan.links, plan.absent, now=clock.now().timestamp())
    for name in ("n1", "n2", "x1"):
        made.configure(name, (CASES / f"{name}.cfg").read_text(encoding="utf-8"))
    if text:
        made.boot(SUBJECT, text)
    return made


def found(platform: str, made: Network) -> dict[str, Finding]:
    """What the audit finds some hours later."""
    blobs = Blobs()
    clock.sleep(7200)
    made.advance()
    executor = sessions.simulated(made)("device_session", context(blobs))
    wanted = as_kept(rendered(platform), platforms.get(platform))
    return judged(collected(Case(platform, HARDENED), executor, element(platform), wanted), blobs)


def site(folder: Path) -> Path:
    """A site's folder with the keys that the sample estate's variables refer to."""
    place = folder / ".dcctl/lab/secrets"
    place.mkdir(parents=True, mode=0o700)
    for name in ("tacacs-key", "time-key", "routing-key", "network-password"):
        path = place / name
        path.write_text(f"{name}-8f3b1c\n", encoding="ascii")
        path.chmod(0o600)
    return folder
