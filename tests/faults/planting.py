"""Faults as data: planted one cycle at a time, judged over dcctl's own path, and taken away."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dcctl import checks, clock, executors, lab, reports
from dcctl.contracts import Context, Executor
from dcctl.errors import ExitCode
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus
from dcctl.workflows import lab as lab_workflow
from dcctl.workflows.check import CheckRequest, check
from dcctl.workflows.services import LAB_FOLDER, open_site

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACKS = ("health", "baseline")
SETTLE_S = 90.0  # adjacencies, clocks and services take a moment each way
WRONG = {FindingStatus.FAIL, FindingStatus.PARTIAL}

Key = tuple[str, str]  # target, check


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a table: what is planted where, and all that it may flip."""

    check: str
    target: str
    fault: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    plant: Any = ()  # lines for an element, a shell command for a host
    heal: Any = ()
    estate: Mapping[str, Any] = field(default_factory=dict)
    elsewhere: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unreadable: bool = False

    @property
    def places(self) -> frozenset[str]:
        """Every target on which something flips."""
        return frozenset({self.target, *self.elsewhere})

    def __str__(self) -> str:
        return f"{self.check} on {self.target}"


def table(name: str) -> tuple[Entry, ...]:
    """The entries of one file of this folder."""
    rows = yaml.load((HERE / name).read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tuple(Entry(**row) for row in rows)


def tables() -> tuple[Entry, ...]:
    """The entries of all files."""
    return tuple(entry for path in sorted(HERE.glob("*.yml")) for entry in table(path.name))


def cycles(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries that can be planted at once, as no two of them flip anything on the same target."""
    found: list[list[Entry]] = []
    for entry in entries:
        for cycle in found:
            if all(not entry.places & other.places for other in cycle):
                cycle.append(entry)
                break
        else:
            found.append([entry])
    return found


def followers(check_id: str) -> frozenset[str]:
    """The checks that are declared to fail when this one does, and those that follow them."""
    found: set[str] = set()
    waiting = [check_id]
    while waiting:
        near = waiting.pop()
        new = {one.id for one in checks.all_checks().values() if near in one.follows} - found
        found |= new
        waiting += new
    return frozenset(found)


@dataclass(kw_only=True)
class Site:
    """A site with a lab that is up and built, and what its checks say when all is well."""

    root: Path
    limit: str
    plant: Callable[[Entry], None]
    heal: Callable[[Entry], None]
    well: dict[Key, FindingStatus] = field(default_factory=dict)

    def judge(self) -> RunRecord:
        """Both packs on every twin, as `dcctl check --lab` does it."""
        with open_site(self.root, lab=True) as services:
            return check(CheckRequest(limit=self.limit, checks=PACKS), services)

    def settle(self, entries: Iterable[Entry]) -> None:
        """Remember how things are once all that is to be broken is whole."""
        wanted = {(entry.target, entry.check) for entry in entries}
        end = clock.monotonic() + SETTLE_S
        while True:
            self.well = statuses(self.judge())
            waiting = {key for key in wanted if self.well[key] is not FindingStatus.PASS}
            if not waiting or clock.monotonic() > end:
                break
        assert not waiting, f"not well before anything was planted: {sorted(waiting)}"

    def flipped(self, record: RunRecord) -> dict[Key, FindingStatus]:
        """What is not as it was when all was well."""
        now = statuses(record)
        assert now.keys() == self.well.keys(), "a finding vanished"
        return {key: status for key, status in now.items() if status != self.well[key]}


def copied(root: Path) -> Path:
    """A site of its own with the sample estate."""
    shutil.copytree(ROOT / "inventory", root / "inventory")
    shutil.copy(ROOT / "dcctl.yml", root)
    return root


def raised(root: Path, limit: str) -> None:
    """Bring up the twins of some targets."""
    with open_site(root) as services:
        request = lab_workflow.LabUpRequest(limit=limit)
        lab_workflow.up(request, services, progress=lambda _text: None)


def host_site(root: Path, limit: str) -> Site:
    """A site whose twins are real hosts: commands are planted on them as somebody's by hand."""
    folder = root / LAB_FOLDER

    def command(entry: Entry, text: str) -> None:
        lab.fault(folder, entry.target, "drift", command=text)

    def plant(entry: Entry) -> None:
        if entry.fault:
            lab.fault(folder, entry.target, entry.fault, **entry.arguments)
        else:
            command(entry, entry.plant)

    def heal(entry: Entry) -> None:
        if entry.fault:
            lab.fault(folder, entry.target, entry.fault, heal=True, **entry.arguments)
        else:
            command(entry, entry.heal)

    return Site(root=root, limit=limit, plant=plant, heal=heal)


def door(root: Path) -> Executor:
    """dcctl's own sessions with the lab's elements and routers, without a run around them."""
    with open_site(root, lab=True) as services:
        credentials = dict(services.estate.site_config.credentials)
    context = Context(
        run="run",
        shard="shard",
        folder=str(root),
        site_root=str(root),
        lab=True,
        options={"credentials": credentials},
        emit=lambda *_, **__: None,
        keep=lambda content, **_: hashlib.sha256(content.encode()).hexdigest(),
        cancelled=lambda: False,
    )
    return executors.build("device_session", context)


def statuses(record: RunRecord) -> dict[Key, FindingStatus]:
    """Every finding's status."""
    return {(one.target, one.check): one.status for one in record.findings}


def run_cycle(site: Site, cycle: Sequence[Entry]) -> list[str]:
    """Plant, judge, heal, judge again; what was not as declared, in words."""
    try:
        for entry in cycle:
            site.plant(entry)
        record, wrong = _until(site, lambda record: _differences(site, cycle, record))
        wrong += _told(cycle, record)
    finally:
        for entry in reversed(cycle):
            site.heal(entry)
    _, left = _until(site, lambda record: [f"still {key}" for key in site.flipped(record)])
    return wrong + left


def _until(site: Site, complaints: Callable[[RunRecord], list[str]]) -> tuple[RunRecord, list[str]]:
    """Judge until nothing is to be complained of, or it has had time enough."""
    end = clock.monotonic() + SETTLE_S
    while True:
        record = site.judge()
        found = complaints(record)
        if not found or clock.monotonic() > end:
            return record, found


def _differences(site: Site, cycle: Sequence[Entry], record: RunRecord) -> list[str]:
    flipped = site.flipped(record)
    wrong = []
    for entry in cycle:
        own = {
            check_id: flipped[name, check_id] for name, check_id in flipped if name == entry.target
        }
        wrong += _own(site, entry, own)
        for name, wanted in entry.elsewhere.items():
            got = {check_id for where, check_id in flipped if where == name}
            if got != set(wanted):
                wrong.append(f"{entry}: on {name} {sorted(got)} flipped, not {sorted(wanted)}")
    places = frozenset[str]().union(*(entry.places for entry in cycle))
    wrong += [f"{key} flipped without a cause" for key in flipped if key[0] not in places]
    return wrong


def _own(site: Site, entry: Entry, own: Mapping[str, FindingStatus]) -> list[str]:
    """What is wrong with the flips on the entry's own target."""
    if entry.unreadable:
        judged = {
            check_id
            for (name, check_id), status in site.well.items()
            if name == entry.target and status is FindingStatus.PASS
        }
        told = {
            check_id for check_id, status in own.items() if status is FindingStatus.NOT_EVALUATED
        }
        return [] if told == judged else [f"{entry}: not `could not tell`: {sorted(judged ^ told)}"]
    wrong = []
    if own.get(entry.check) not in WRONG:
        wrong.append(f"{entry}: it did not flip ({own.get(entry.check)})")
    undeclared = own.keys() - {entry.check} - followers(entry.check)
    if undeclared:
        wrong.append(f"{entry}: flipped too, undeclared: {sorted(undeclared)}")
    return wrong


def _told(cycle: Sequence[Entry], record: RunRecord) -> list[str]:
    """What exit code and reports fail to say."""
    planted = [entry for entry in cycle if not entry.unreadable]
    code = ExitCode.WRONG if planted else ExitCode.COULD_NOT_TELL
    wrong = [] if record.exit_code() is code else [f"exit {record.exit_code()!r}, not {code!r}"]
    rows = json.loads(reports.render(record, "json", "en"))["findings"]
    failing = {(row["target"], row["check"]) for row in rows if row["status"] in WRONG}
    text = reports.render(record, "markdown", "en").decode().replace("\\", "")
    page = reports.render(record, "html", "en").decode()
    for entry in planted:
        if (entry.target, entry.check) not in failing:
            wrong.append(f"{entry}: not in the JSON report")
        if not _in_markdown(text, entry):
            wrong.append(f"{entry}: not in the Markdown report")
        if entry.check not in page or entry.target not in page:
            wrong.append(f"{entry}: not in the HTML report")
    return wrong


def _in_markdown(text: str, entry: Entry) -> bool:
    sections = text.split("\n### ")[1:]
    mine = "".join(one for one in sections if entry.target in one.splitlines()[0])
    return any(f"| {entry.check} | {status}" in mine for status in WRONG)
