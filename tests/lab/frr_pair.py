"""A pair of real routers between two sides, and a ping that crosses it all the while.

What goes from west to east takes pair-a, what comes back pair-b: so either carries traffic when it
is its turn. What is asserted comes from ping's own statistics and from the routers themselves.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dcctl import clock, discovery, lab
from dcctl.model.outcome import Outcome
from dcctl.model.plan import StepKind
from dcctl.model.target import Target
from dcctl.planning.render import render
from dcctl.workflows.execute import select
from dcctl.workflows.services import LAB_FOLDER, open_site
from dcctl.workflows.upgrade.run import status
from tests.faults.planting import raised
from tests.lab.test_hosts import eventually

SITE = Path(__file__).parent / "pair"
WEST, EAST, PAIR = "west", "east", ("pair-a", "pair-b")
ROUTERS = (WEST, *PAIR, EAST)
SOURCE, GOAL = "10.255.0.1", "10.255.0.4"  # the loopbacks of the two sides
EVERY_S, SIZE = 0.02, 1400
_LEANS = {(WEST, "eth2"), (EAST, "eth1")}  # the ends that are not preferred
_LOG = "/run/across.log"
_MARK = "ip prefix-list DCCTL-GENERATION description"

Texts = Mapping[str, str]  # router -> its whole /etc/frr/frr.conf


@dataclass
class Crossing:
    """What ping says of itself, once it has ended."""

    sent: int = 0
    received: int = 0

    @property
    def lost(self) -> int:
        return self.sent - self.received


@dataclass(frozen=True)
class Pair:
    """The site, its four routers, and dcctl's own command line."""

    root: Path
    targets: Mapping[str, Target]

    def inside(self, name: str, *argv: str, stdin: str | None = None, check: bool = True) -> str:
        """Run as root inside a router, past its network and sshd."""
        done = lab.inside(self.root / LAB_FOLDER, name, argv, stdin=stdin)
        assert done.returncode == 0 or not check, f"{name} {argv}: {done.stdout}{done.stderr}"
        return done.stdout

    def vtysh(self, name: str, command: str) -> str:
        return self.inside(name, "vtysh", "-c", command)

    # --- what the routers say of themselves

    def generation(self, name: str) -> str:
        found = re.search(rf"(?m)^{_MARK} (\S+)", self.vtysh(name, "show running-config"))
        return found[1] if found else ""

    def drained(self, name: str) -> list[str]:
        """The lines of a drain, in what runs and in what it would start with."""
        knobs = r"set-overload-bit|max-metric|graceful-shutdown"
        texts = (
            self.vtysh(name, "show running-config"),
            self.inside(name, "cat", "/etc/frr/frr.conf"),
        )
        return [line.strip() for text in texts for line in re.findall(rf"(?m)^.*{knobs}.*$", text)]

    def started(self, name: str) -> int:
        """When FRR's service began, on the host's monotonic clock."""
        told = "ActiveEnterTimestampMonotonic"
        return int(self.inside(name, "systemctl", "show", "-P", told, "frr.service"))

    def timer(self, name: str) -> str:
        told = self.inside(name, "systemctl", "is-active", "dcctl-upgrade.timer", check=False)
        return told.strip()

    def adjacencies(self, name: str) -> dict[str, int]:
        """How many neighbours a router is up with, by protocol."""
        bgp = json.loads(self.vtysh(name, "show bgp summary json"))
        peers = bgp.get("ipv4Unicast", {}).get("peers", {})
        return {
            "isis": len(re.findall(r"(?m)\bUp\b", self.vtysh(name, "show isis neighbor"))),
            "bgp": sum(one["state"] == "Established" for one in peers.values()),
        }

    def carries(self, name: str) -> bool:
        """Whether a router forwards the ping, by its kernel's counters over a second."""
        first = self._bytes(name)
        clock.sleep(1.0)
        second = self._bytes(name)
        return any(second[port] - first[port] > SIZE / EVERY_S / 2 for port in ("eth1", "eth2"))

    def _bytes(self, name: str) -> dict[str, int]:
        lines = self.inside(name, "cat", "/proc/net/dev").splitlines()[2:]
        parts = (line.partition(":") for line in lines)
        return {port.strip(): int(told.split()[8]) for port, _, told in parts}

    # --- what is put on them

    def rendered(self, generation: str, change: Callable[[Target], Target]) -> dict[str, str]:
        """Each router's configuration as dcctl's template makes it of its changed target."""
        paths = [discovery.data_root() / "templates"]
        mark = f"{_MARK} {generation}\n!\n"
        return {name: render(change(target), paths) + mark for name, target in self.targets.items()}

    def lay(self, texts: Texts) -> None:
        """Put whole configurations in place, by hand, and start with them."""
        for name, text in texts.items():
            self.inside(name, "systemctl", "stop", "dcctl-upgrade.timer", check=False)
            self.inside(name, "tee", "/etc/frr/frr.conf", stdin=text)
        for name in texts:
            self.inside(name, "systemctl", "reset-failed", "frr.service", check=False)
            self.inside(name, "systemctl", "restart", "frr.service")

    def settled(self) -> None:
        """Wait until every protocol is up everywhere and both directions go where they lean."""
        whole = {"isis": 2, "bgp": 3}
        eventually(lambda: all(self.adjacencies(name) == whole for name in ROUTERS), seconds=90)
        for name, far, by in ((WEST, GOAL, "10.249.1.1"), (EAST, SOURCE, "10.249.1.7")):
            eventually(lambda n=name, f=far, b=by: b in self.route(n, f), seconds=30)

    def route(self, name: str, address: str) -> str:
        return self.inside(name, "ip", "route", "get", address, check=False)

    def stage(self, generation: str, change: Callable[[str, str], str] = lambda _, text: text):
        """Another generation for both of the pair, made from what runs, and images.yml with it."""
        rows = ["---", "images:"]
        for name in PAIR:
            text = self.inside(name, "cat", "/etc/frr/frr.conf")
            text = change(name, re.sub(rf"{_MARK} \S+", f"{_MARK} {generation}", text))
            file = f"{name}-{generation}.conf"
            self.inside(name, "mkdir", "-p", "-m", "750", "/var/lib/dcctl")
            self.inside(name, "tee", f"/var/lib/dcctl/{file}", stdin=text)
            digest = hashlib.sha512(text.encode()).hexdigest()
            rows += [f"  {name}-{generation}:", "    platform: frr", f'    version: "{generation}"']
            rows += [f"    hosts: [{name}]", "    files:"]
            rows += [f"      - {{name: {file}, size: {len(text.encode())}, sha512: {digest}}}"]
        (self.root / "inventory/images.yml").write_text("\n".join([*rows, ""]))

    # --- traffic

    @contextmanager
    def across(self, goal: str = GOAL) -> Iterator[Crossing]:
        """A ping from west to east for the length of the block; its statistics afterwards."""
        told = Crossing()
        self.inside(WEST, "rm", "-f", _LOG)
        three = ("ping", "-c", "3", "-W", "1", "-I", SOURCE, goal)
        eventually(lambda: "3 received" in self.inside(WEST, *three, check=False), seconds=60)
        self.inside(
            WEST,
            *(
                "systemd-run",
                "--unit=across",
                "--collect",
                f"--property=StandardOutput=file:{_LOG}",
            ),
            *("ping", "-O", "-i", str(EVERY_S), "-s", str(SIZE), "-I", SOURCE, goal),
        )
        try:
            eventually(lambda: "icmp_seq=50 " in self.inside(WEST, "cat", _LOG), seconds=20)
            yield told
        finally:
            self.inside(WEST, "systemctl", "kill", "-s", "INT", "across", check=False)
            told.sent, told.received = eventually(self._statistics, seconds=10)

    def _statistics(self) -> tuple[int, int] | None:
        told = self.inside(WEST, "tail", "-n", "50", _LOG)
        found = re.search(r"(\d+) packets transmitted, (\d+) received", told)
        if found is None:
            return None
        sent, received = int(found[1]), int(found[2])
        # The last one may still be on its way when ping is ended: of that nobody can tell. Of every
        # other one it says so (-O).
        answered = re.search(rf"icmp_seq={sent}\b", told)
        return (sent if answered else sent - 1), received

    # --- dcctl, by its command line

    def dcctl(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dcctl", *words, "--lab", "--site", str(self.root)],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=580,
        )

    def planned(self, *more: str, limit: str = "pair-*") -> str:
        """`dcctl upgrade plan`; the plan's hash."""
        done = self.dcctl("upgrade", "plan", "--limit", limit, "-o", "json", *more)
        assert done.returncode == 5, done.stderr
        return str(json.loads(done.stdout)["hash"])

    def outcomes(self) -> dict[str, Outcome]:
        """How the last campaign ended, by element."""
        with open_site(self.root, lab=True) as services:
            record, _ = status("latest", services)
        return {o.target: o for step, o in record.steps() if step.kind is StepKind.UPGRADE}


def leaning(target: Target, metric: int = 50) -> Target:
    """One way over pair-a, the other over pair-b."""
    ports = (
        replace(port, metric=metric) if (target.name, port.name) in _LEANS else port
        for port in target.interfaces
    )
    return replace(target, interfaces=tuple(ports))


def raise_pair(root: Path) -> Pair:
    """The four routers, up, without a configuration."""
    shutil.copytree(SITE, root, dirs_exist_ok=True)
    types = discovery.data_root() / "inventory/device_types"
    shutil.copytree(types / "supermicro", root / "inventory/device_types/supermicro")
    raised(root, "all")
    with open_site(root, lab=True) as services:
        pair = Pair(root, select(services, "all"))
    station = json.loads((root / LAB_FOLDER / "blueprint.json").read_text())["control"]
    for name in ROUTERS:
        # The lab's hosts have a default route over the management network: on it the ping would
        # survive anything that routers do.
        pair.inside(name, "ip", "route", "replace", f"{station}/32", "dev", "eth0")
        pair.inside(name, "ip", "route", "del", "default", "dev", "eth0")
    return pair
