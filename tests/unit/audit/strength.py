"""One element, weak or hardened, between two sound neighbours and a stranger; and what was read.

What it is made of is data: tests/cases/audit/PLATFORM.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dcctl import clock, platforms
from dcctl.checks import all_checks
from dcctl.contracts import Context
from dcctl.executors.evidence import redacted
from dcctl.journal import redaction
from dcctl.lab.elements.model import Element
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import Plan as LabPlan
from dcctl.lab.elements.site import plan_of
from dcctl.lab.elements.software import Label
from dcctl.lab.elements.tree import EMPTY
from dcctl.lab.systems.arista_eos.software import set_to_boot
from dcctl.model import plain
from dcctl.model.outcome import Finding
from dcctl.model.plan import Plan, Step, StepKind
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import RunStatus
from dcctl.model.target import Interface, Target
from dcctl.standards import Live
from dcctl.workflows.audit import again
from dcctl.workflows.audit.assess import Profile, assess
from dcctl.workflows.catalogue import catalogue
from dcctl.workflows.rehearsal import sessions

CASES = Path(__file__).parents[2] / "cases" / "audit"
SUBJECT = "r1"
WEAK, HARDENED = "weak", "hardened"
FAR = "TenGigabitEthernet0/0/0"
LAW = date(2026, 11, 23)
SERVERS = ("10.60.10.51", "10.60.10.61")


@dataclass(frozen=True)
class Case:
    """One platform's element; `strength` is weak or hardened."""

    platform: str
    strength: str

    @property
    def folder(self) -> Path:
        return CASES / self.platform

    @property
    def said(self) -> dict[str, Any]:
        return _yaml(self.folder / "element.yml")

    @property
    def configuration(self) -> str:
        return (self.folder / f"{self.strength}.cfg").read_text(encoding="utf-8")

    @property
    def release(self) -> str:
        return str(self.said["release"].get(self.strength, ""))


@cache
def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def platforms_held() -> list[str]:
    """Those that have a folder."""
    return sorted(path.name for path in CASES.iterdir() if (path / "element.yml").exists())


def target(case: Case) -> Target:
    """The element as the design has it: two links; nothing is known of its other ports."""
    said, ports = case.said, case.said["ports"]
    return Target(
        name=SUBJECT,
        platform=case.platform,
        kind="router",
        interfaces=(
            _port(ports["first"], "n1", 1, said["first"]),
            _port(ports["second"], "n2", 2, said["second"]),
            Interface(name=ports["strange"], peer="x1", peer_interface=FAR, enabled=False),
            Interface(name=ports["open"], peer="nobody", enabled=False),
        ),
        intent={
            "device_type": said["device_type"],
            "minimum_release": said["release"]["approved"],
            "serial": "SER1",
            "supervisors": said.get("supervisors", 1),
            "security_level": 4,
            "management": {
                "interface": ports["management"],
                "address": "10.60.1.1/24",
                "gateway": "10.60.1.254",
            },
        },
        peers={"time_servers": list(SERVERS)},
    )


def _port(name: str, peer: str, net: int, protocols: list[str]) -> Interface:
    return Interface(
        name=name,
        address=f"10.0.{net}.0/31",
        link=f"link{net}",
        peer=peer,
        peer_interface=FAR,
        peer_address=f"10.0.{net}.1/31",
        medium="fibre",
        protocols=tuple(protocols),
    )


def _neighbor(name: str, net: int) -> Target:
    return Target(
        name=name,
        platform="cisco_xe",
        kind="router",
        interfaces=(Interface(name=FAR, link=f"link{net}", medium="fibre"),),
        intent={"management": {"interface": "GigabitEthernet0", "address": f"10.60.1.{net}1/24"}},
    )


def others() -> tuple[Target, ...]:
    """Its neighbours, and the stranger on a port that the design does not use."""
    return (_neighbor("n1", 1), _neighbor("n2", 2), _neighbor("x1", 3))


def lab(case: Case) -> LabPlan:
    """What a lab of it has to play."""
    release = {SUBJECT: case.release} if case.release else {}
    configured = {
        name: (CASES / f"{name}.cfg").read_text(encoding="utf-8") for name in ("n1", "n2", "x1")
    }
    return plan_of(
        [target(case), *others()],
        "audit",
        releases=release,
        configured={**configured, SUBJECT: case.configuration},
    )


def network(case: Case) -> Network:
    """The element with its configuration and its troubles, some hours after it was switched on."""
    plan = lab(case)
    made = Network(plan.chassis, plan.links, plan.absent, now=clock.now().timestamp())
    for name, text in (plan.configured or {}).items():
        made.configure(name, text)
    for fault in case.said.get("faults", ()) if case.strength == WEAK else ():
        given = {**fault}
        made.fault(SUBJECT, given.pop("fault"), given)
    if case.strength == WEAK:
        element = made.elements[SUBJECT]
        unsaved = replace(element, startup=made.system(SUBJECT).day_zero(element.chassis))
        made.elements[SUBJECT] = _BOOTS_ANOTHER.get(case.platform, lambda one: one)(unsaved)
    clock.sleep(7200)
    made.advance()
    return made


def _with(element: Element, **state: Any) -> Element:
    software = element.software
    return replace(element, software=replace(software, state=replace(software.state, **state)))


def _xe(element: Element) -> Element:
    packages = element.software.state.packages
    return _with(element, packages=tuple(replace(one, state="U") for one in packages))


def _nxos(element: Element) -> Element:
    kept = {k: v for k, v in element.startup.items() if not k.startswith("boot nxos ")}
    return replace(element, startup={**kept, "boot nxos bootflash:/nxos.9.2.1.bin": EMPTY})


def _xr(element: Element) -> Element:
    return _with(element, committed=Label(platform="cisco_xr", release="6.6.3"))


def _vrp(element: Element) -> Element:
    other = "cfcard:/NetEngine8000V800R010C10SPC500.cc"
    boards = element.software.state.boards
    return _with(element, boards=tuple(replace(one, following=other) for one in boards))


def _sros(element: Element) -> Element:
    state, other = element.software.state, {"image primary-location": "cf3:\\images\\19.10.R1\\"}
    processors = tuple(replace(one, saved={**one.saved, **other}) for one in state.processors)
    return _with(element, memory={**state.memory, **other}, processors=processors)


def _saos(element: Element) -> Element:
    return replace(element, software=replace(element.software, committed="saos-06-12-00-0170"))


# Where no line of the configuration says what is booted next.
_BOOTS_ANOTHER: Mapping[str, Callable[[Element], Element]] = {
    "arista_eos": lambda element: set_to_boot(element, "flash:/EOS-4.20.1F.swi", element.booted),
    "ciena_saos": _saos,
    "cisco_nxos": _nxos,
    "cisco_xe": _xe,
    "cisco_xr": _xr,
    "huawei_vrp": _vrp,
    "nokia_sros": _sros,
}


def elements_checks() -> list[str]:
    """Every check by which a live row of the catalogue judges network elements."""
    rows = (row for row in catalogue() if row.targets in ("elements", "all"))
    named = {one for row in rows if isinstance(row.answer, Live) for one in row.answer.checks}
    some = target(Case("cisco_xe", HARDENED))  # what applies to none of them applies to servers
    return sorted(one for one in named if not all_checks()[one].applies(some))


def collected(
    case: Case, executor: Any, reached: Target | None = None, intended: str = ""
) -> RunRecord:
    """What `dcctl audit collect` keeps of it; intended is what the hardened one has, or a text."""
    one = reached or target(case)
    topics = tuple(c.topic for c in platforms.get(case.platform).collectors)
    readings = executor.read(one, (*topics, "transport", "unchanged"))
    plan = Plan(
        verb="audit",
        estate="x",
        lab=True,
        targets={one.name: one},
        steps=(_known(case, intended),),
        waves=(),
    )
    run = Run(id="r", verb="audit", status=RunStatus.FINISHED, plan_hash="")
    kept = {topic: plain.to_plain(reading) for topic, reading in readings.items()}
    return RunRecord(run=run, plan=plan, outcomes={}, readings={one.name: kept})


@cache
def _approved(platform: str) -> str:
    """What the hardened element shows, as it is kept: the configuration that was approved."""
    command = platforms.get(platform).config_command
    with clock.use(clock.ManualClock()):
        blobs = Blobs()
        executor = sessions.simulated(network(Case(platform, HARDENED)))(
            "device_session", context(blobs)
        )
        text = executor.reading(target(Case(platform, HARDENED)), lambda s: s.send(command))
    shown = redacted(text, platforms.get(platform))
    return redaction.redact_content(shown).decode()


REGISTER = {"10.0.2.1": {"in": ["10.200.0.0/16"], "out": ["10.100.0.0/16"]}}


def _upgrade(case: Case) -> dict[str, Any]:
    """How its newest upgrade ended: light that fell is what the weak one's gates saw."""
    fell = {"gate": "optics", "subject": "lane 1", "status": "fail", "message": "fell 6 dB"}
    return {
        "run": "20261101-000000-000000",
        "ended_at": "2026-11-01T00:40:00+00:00",
        "status": "changed",
        "release": "1",
        "passed": 40,
        "others": [fell] if case.strength == WEAK else [],
    }


def _known(case: Case, intended: str) -> Step:
    """What was known of it without asking it."""
    platform = platforms.get(case.platform)
    text = intended or _approved(case.platform) if platform.change else ""
    return Step(
        id="r1/collect:evidence",
        target=SUBJECT,
        kind=StepKind.COLLECT,
        name="evidence",
        executor=platform.executor,
        changes=False,
        settings={
            "site": {"partner_prefixes.registered": {"partners": REGISTER}},
            again.UPGRADE: _upgrade(case),
            **({"intended": text} if text else {}),
        },
    )


class Blobs:
    """The evidence store of one reading: what a secret is taken out of is all that is kept."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def keep(self, content: str | bytes, *, media_type: str = "", **_: Any) -> str:
        data = content if isinstance(content, bytes) else content.encode()
        digest = hashlib.sha256(data).hexdigest()
        self._held[digest] = redaction.redact_content(content, media_type)
        return digest

    def blob(self, digest: str) -> bytes:
        return self._held[digest]

    def held(self) -> list[bytes]:
        """All that was kept."""
        return list(self._held.values())


def context(blobs: Blobs) -> Context:
    return Context(
        run="run",
        shard="shard",
        folder="",
        site_root="",
        lab=True,
        options={},
        emit=lambda *_, **__: None,
        keep=blobs.keep,
        cancelled=lambda: False,
    )


def findings(case: Case) -> dict[str, Finding]:
    """What the audit finds, by check: collected over an in-process session, then evaluated."""
    with clock.use(clock.ManualClock()):
        blobs = Blobs()
        executor = sessions.simulated(network(case))("device_session", context(blobs))
        record = collected(case, executor)
    return judged(record, blobs)


def judged(record: RunRecord, blobs: Blobs) -> dict[str, Finding]:
    """What is found in the evidence, at the catalogue's own parameters."""
    assessed = assess(record, blobs.blob, catalogue(), Profile(as_of=LAW), "test")
    found: dict[str, Finding] = {}
    for result in assessed.results:
        for finding in result.findings:
            found.setdefault(finding.check, finding)
    return found
