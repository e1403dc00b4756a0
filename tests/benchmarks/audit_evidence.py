"""Stored evidence of a large network: the sample estate's elements many times over.

Each copy is a network of its own, with names and addresses of its own, whose twins are read by the
real `audit collect` into a real journal. FRR, which no twin plays, answers what a real router once
answered, under the copy's names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

from dcctl import clock, discovery, estate, platforms
from dcctl.contracts import Context
from dcctl.errors import CommandFailed
from dcctl.executors import guard
from dcctl.executors.device_session import DeviceSessions
from dcctl.executors.replay import file_name
from dcctl.facts.transport import Transport
from dcctl.journal import Journal
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import plan_of, simulated
from dcctl.model import plain
from dcctl.model.target import Interface, Target
from dcctl.planning.render import render
from dcctl.running import SerialRunner
from dcctl.workflows.audit.collect import CollectRequest, collect
from dcctl.workflows.rehearsal.sessions import SimulatedSession, Wire
from dcctl.workflows.services import Services

ROOT = Path(__file__).parents[2]
FRR = ROOT / "tests/transcripts/frr"
AGREED = Transport(
    kex="curve25519-sha256",
    host_key="ssh-ed25519",
    host_key_bits=256,
    cipher_in="aes256-ctr",
    cipher_out="aes256-ctr",
    mac_in="hmac-sha2-256-etm@openssh.com",
    mac_out="hmac-sha2-256-etm@openssh.com",
    banner="SSH-2.0-device",
    profile="modern",
)


class _Recorded:
    """A session with an FRR router that says what one said; contracts.Session."""

    read_only = alive = True
    agreed = AGREED

    def __init__(self, target: Target, copy: Copy) -> None:
        self._target, self._copy = target, copy
        self._platform = platforms.get("frr")

    def send(self, command: str, *, timeout: float | None = None) -> str:
        """What stands in the transcripts."""
        del timeout
        path = FRR / file_name(guard.permit(self._platform, command))
        if not path.is_file():
            raise CommandFailed("{command}", command=f"% Unknown command: {command}")
        return self._copy.own(path.read_text(encoding="utf-8"))

    def close(self) -> None:
        """Nothing is open."""


class _Session(SimulatedSession):
    agreed = AGREED  # type: ignore[assignment]


@dataclass
class Copy:
    """One copy of the sample's network."""

    number: int
    sample: Any
    elements: Sequence[str] = ()  # of the sample; empty: all

    def own(self, text: str) -> str:
        """A text of the sample with this copy's names and addresses."""
        names = "|".join(sorted(map(re.escape, self.sample.names), key=len, reverse=True))
        text = re.sub(rf"\b({names}|c1|c2)\b", rf"n{self.number:02d}-\1", text)
        return re.sub(r"\b10\.(6[0-2])\.", lambda found: f"10.{self._second(found[1])}.", text)

    def _second(self, octet: str) -> int:
        return (int(octet) + 3 * self.number) % 250

    @cached_property
    def targets(self) -> dict[str, Target]:
        """Every network element, a pair of SAOS switches too."""
        kept = (self.sample.target(name) for name in self.sample.names)
        found = [one for one in kept if one.managed and one.platform != "linux"]
        found += [_switch(1), _switch(2)]
        if self.elements:
            found = [one for one in found if one.name in self.elements]
        told = [json.loads(self.own(json.dumps(plain.to_plain(one)))) for one in found]
        # The host beneath FRR is none of the network's business.
        only = {"connection": {"address": "192.0.2.1", "credential": "network"}}
        made = [plain.from_plain(Target, data | only) for data in told]
        return {one.name: one for one in made}

    @cached_property
    def network(self) -> Network:
        """The twins, configured as designed, converged."""
        played = [one for one in self.targets.values() if simulated(one)]
        plan = plan_of(played, "audit", anchors=())
        made = Network(plan.chassis, plan.links, plan.absent, now=clock.now().timestamp())
        for target in played:
            if target.platform != "ciena_saos":
                made.configure(target.name, render(target, [ROOT / "templates"]))
        clock.sleep(4000 + 61 * self.number)
        made.advance()
        return made

    def open(self, target: Target) -> Any:
        """A session with one element."""
        if target.platform == "frr":
            return _Recorded(target, self)
        platform = platforms.get(target.platform)
        return _Session(self.network, target, platform, Wire(0.0, 0.0))


def _switch(number: int) -> Target:
    other = 3 - number
    wires = tuple(
        Interface(name=name, link=f"w{name}", peer=f"c{other}", peer_interface=name, medium="fibre")
        for name in ("1", "2")
    )
    return Target(name=f"c{number}", platform="ciena_saos", kind="transport", interfaces=wires)


class _Copies:
    """model.Estate: what collecting asks of one."""

    def __init__(self, sample: Any, devices: int, elements: Sequence[str]) -> None:
        self.name, self.site_config, self.groups = sample.name, sample.site_config, sample.groups
        self._sample = sample
        self.copies: dict[str, Copy] = {}
        self._targets: dict[str, Target] = {}
        number = 0
        while len(self._targets) < devices:
            number += 1
            copy = Copy(number, sample, elements)
            for name, target in list(copy.targets.items())[: devices - len(self._targets)]:
                self._targets[name], self.copies[name] = target, copy

    @property
    def names(self) -> tuple[str, ...]:
        """Every element."""
        return tuple(self._targets)

    def select(self, limit: str | None) -> tuple[str, ...]:
        """All of them."""
        del limit
        return self.names

    def target(self, name: str) -> Target:
        """One element, or the sample's own (a time server)."""
        return self._targets.get(name) or self._sample.target(name)


def made(folder: Path, devices: int = 0, elements: Sequence[str] = ()) -> Path:
    """A site in `folder` whose journal holds one audit's evidence of so many devices.

    They are copies of `elements` of the sample estate (default: all of them), one of each at least.
    """
    data = discovery.data_root()
    copytree(data / "inventory", folder / "inventory", ignore=ignore_patterns(".*"))
    (folder / "dcctl.yml").write_bytes((data / "dcctl.yml").read_bytes())
    whole = _Copies(estate.load(data), devices or len(elements), elements)

    class Sessions(DeviceSessions):
        def open(self, target: Target, *, console: bool = False) -> Any:
            del console
            return whole.copies[target.name].open(target)

    def build(_name: str, context: Context) -> Any:
        return Sessions(context)

    services = Services(root=folder, operator="bench", runner=SerialRunner(build=build))
    with clock.use(clock.ManualClock()):
        journal = Journal.open("sqlite:///.dcctl/journal.db", root=folder)
        vars(services).update(estate=whole, journal=journal)
        collect(CollectRequest(), services)
        journal.close()
    return folder
