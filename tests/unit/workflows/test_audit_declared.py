"""A site's waivers and attestations: written, read, kept, and judged with a run's evidence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dcctl import clock, reports
from dcctl.errors import ExitCode, InvalidInput, NotFound, Refused
from dcctl.estate.schema.declarations import AuditWaiver
from dcctl.estate.signers import FILE
from dcctl.journal import ShardLog
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.status import FindingStatus, RunStatus, StepStatus
from dcctl.workflows.audit import declarations as files
from dcctl.workflows.audit import declare
from dcctl.workflows.audit.compare import CompareRequest, compare
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.services import open_site
from tests.unit.estate import site
from tests.unit.workflows.audited import Kept, record_of
from tests.unit.workflows.declared import UNMET, WAIVER, Desk, people

ROW, HOST = WAIVER["control"], "p01-pe1"
COLLECTED = datetime(2026, 11, 22, 3, tzinfo=UTC)
S = FindingStatus
# The small site's r1 has the name of the router whose answers are at hand.
NAMED = {
    shown: text.replace("r1:", f"{HOST}:").replace("r1,", f"{HOST},").replace("[r1", f"[{HOST}")
    for shown, text in site.FILES.items()
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return people(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def scenes():
    with clock.use(clock.ManualClock()) as time:
        weak, well = Kept(name=HOST, time=time), Kept(name=HOST, time=time)
        weak.network.configure(HOST, "ip http server\n")
        return {"weak": (weak, record_of(weak)[0]), "well": (well, record_of(well)[0])}


class Audited:
    """A site whose journal has collected evidence."""

    def __init__(self, root: Path, keys: dict[str, Path]) -> None:
        self.root, self.desk = root, Desk(keys, estate="small")
        site.write(root, NAMED)
        (root / FILE).write_text(self.desk.signers)
        with (root / "dcctl.yml").open("a") as file:
            file.write("policy: {attestors: {owner: [chi]}}\n")

    def opened(self):
        return open_site(self.root, operator="lan")

    def put(self, *declared) -> None:
        for one in declared:
            (self.root / one.file).parent.mkdir(exist_ok=True)
            (self.root / one.file).write_text(one.text)

    def collected(self, scene, record, at: datetime = COLLECTED) -> str:
        """A run that read what the scene has kept."""
        step = Step(
            id=f"{HOST}/collect:evidence", target=HOST, kind=StepKind.COLLECT, name="evidence",
            executor="device_session", changes=False, settings={"topics": ["version"]},
        )  # fmt: skip
        plan = Plan(
            verb="audit", estate="small", lab=False, targets=dict(record.plan.targets),
            steps=(step,), waves=(Wave(index=1, targets=(HOST,)),),
        )  # fmt: skip
        plan = replace(plan, hash=plan.content_hash())
        with clock.use(clock.ManualClock(at)), self.opened() as services:
            journal = services.journal
            run = journal.open_run(plan, operator="lan", request={})
            with ShardLog(journal.shard_folder(run.id, "one"), run.id, "one") as log:
                log.emit(EventKind.STEP_STARTED, target=HOST, step=step.id)
                for digest, data in scene.blobs.items():
                    assert log.keep(data, target=HOST) == digest
                for reading in record.readings[HOST].values():
                    log.emit(EventKind.READING, target=HOST, step=step.id, **reading)
                done = Outcome(step=step.id, target=HOST, status=StepStatus.OK)
                log.emit(EventKind.STEP_FINISHED, target=HOST, step=step.id, outcome=done)
            journal.import_run(run.id)
            journal.finish_run(run.id, RunStatus.FINISHED)
            return run.id

    def evaluate(self, **asked):
        with self.opened() as services:
            return evaluate(EvaluateRequest(**asked), services)


@pytest.fixture
def audited(tmp_path, keys, scenes):
    made = Audited(tmp_path / "site", keys)
    made.collected(*scenes["weak"])
    return made


def status(found, row=ROW):
    target = HOST if row == ROW else ""
    return next(r.status for r in found.results if (r.requirement, r.target) == (row, target))


def test_what_a_site_declares_is_judged_with_the_evidence_and_kept(audited, tmp_path) -> None:
    bare = audited.evaluate()
    assert (status(bare.assessment), bare.assessment.declarations.signers) == (UNMET, "")
    desk = audited.desk
    audited.put(desk.waiver(), desk.waiver("w2", until="2026-11-02"), desk.attestation())
    record = audited.evaluate()
    found = record.assessment
    assert (status(found), status(found, "DC-GOV-005")) == (S.WAIVED, S.PASS)
    assert [(one.name, one.covers) for one in found.waivers] == [("w1", 1), ("w2", 0)]
    assert record.exit_code() is ExitCode.WRONG  # of other rows
    # The site's own are gone, and what was kept judges alike, anywhere with the journal.
    for one in (*found.declarations.waivers, *found.declarations.attestations):
        (audited.root / one.file).unlink()
    kept = plain.from_plain(type(found), json.loads(plain.canonical(found)))
    again = audited.evaluate(declared=kept.declarations)
    assert plain.canonical(again.assessment) == plain.canonical(found)
    for form in ("html", "markdown", "xlsx", "sarif", "oscal", "xccdf", "hdf", "cklb", "csv"):
        assert reports.render(again, form, "vi") == reports.render(record, form, "vi")
    assert status(audited.evaluate().assessment) is UNMET
    # Whoever brings signers of his own is refused.
    other = replace(kept.declarations, signers=kept.declarations.signers + "# mine\n")
    with pytest.raises(Refused, match="never in force here"):
        audited.evaluate(declared=other)


def test_a_scope_that_names_nobody_or_an_altered_list_of_signers(audited) -> None:
    audited.put(
        audited.desk.waiver("w1", hosts=f"{HOST}:!r9"),
        audited.desk.waiver("w2", hosts="all", sites=["NOWHERE"]),
        audited.desk.waiver("w3", compensating=[{"check": "DC-NET-006", "hosts": "fw-*"}]),
    )
    found = audited.evaluate().assessment
    assert [str(one.problem) for one in found.waivers] == [
        "no host or group is called r9",
        "there is no site NOWHERE",
        "no host or group is called fw-*",
    ]
    assert status(found) is UNMET
    audited.put(audited.desk.waiver("w1"))
    assert status(audited.evaluate().assessment) is S.WAIVED
    with (audited.root / FILE).open("a") as file:
        file.write("# altered\n")
    found = audited.evaluate().assessment
    assert status(found) is UNMET
    assert "is not the one that is pinned" in str(found.waivers[0].problem)
    (audited.root / FILE).unlink()
    assert "is not the one that is pinned" in str(audited.evaluate().assessment.waivers[0].problem)


def test_every_host_of_a_compensation_has_to_be_read(audited) -> None:
    """One of the two routers was read, and passes: of the other nobody knows."""
    both = [{"check": "DC-NET-006", "hosts": "routers"}]
    audited.put(audited.desk.waiver(compensating=both))
    found = audited.evaluate().assessment
    (told,) = found.waivers[0].unheld
    assert (told.check, told.status, told.where) == ("DC-NET-006", S.NOT_EVALUATED, "routers")
    assert status(found) is UNMET
    one = [{"check": "DC-NET-006", "hosts": "routers:!r2"}]
    audited.put(audited.desk.waiver(compensating=one))
    assert status(audited.evaluate().assessment) is S.WAIVED


def test_the_day_decides(audited) -> None:
    audited.put(audited.desk.waiver(until="2026-11-22"))
    assert status(audited.evaluate().assessment) is S.WAIVED
    later = audited.evaluate(as_of=date(2026, 11, 23)).assessment
    assert (status(later), str(later.waivers[0].problem)) == (UNMET, "it expired after 2026-11-22")


def test_compare_tells_that_a_waiver_changed(audited, scenes, tmp_path) -> None:
    first = audited.evaluate().assessment
    run = first.run
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(plain.to_plain(first)))
    audited.put(audited.desk.waiver(until="2026-11-30"))
    later = datetime(2026, 12, 2, 3, tzinfo=UTC)
    same = audited.collected(*scenes["weak"], at=later)
    well = audited.collected(*scenes["well"], at=later)

    def causes(old: EvaluateRequest, new: EvaluateRequest, path=None) -> dict[str, str]:
        with audited.opened() as services:
            found = compare(CompareRequest(old=old, new=new, kept=path), services)
        told = {(one.requirement, one.target): dict(one.causes) for one in found.changes}
        return told.get((ROW, HOST), {})

    asked = EvaluateRequest(run=run)
    assert causes(asked, asked, kept) == {"waiver": "waived"}
    # it lapsed by itself
    assert causes(asked, EvaluateRequest(run=same)) == {"waiver": UNMET.value}
    assert causes(asked, EvaluateRequest(run=well)) == {"waiver": UNMET.value, "system": "pass"}


@pytest.mark.parametrize(
    ("name", "said", "error", "why"),
    [
        ("w1", {"control": "DC-NET-999"}, Refused, "no row and no check called DC-NET-999"),
        ("w1", {"compensating": [{"check": "x.y"}]}, Refused, "no row and no check called x.y"),
        ("w1", {"hosts": "r9"}, NotFound, "no host or group is called r9"),
        ("w1", {"until": "2027-11-02"}, Refused, "it runs too long"),
        ("w1", {"until": "2026-10-02"}, Refused, "is before its first"),
        ("upgrade", {}, InvalidInput, "upgrade is no name for it"),
        ("../w1", {}, InvalidInput, r"../w1 is no name for it"),
    ],
)
def test_what_could_never_count_is_not_written(audited, name, said, error, why) -> None:
    with audited.opened() as services, pytest.raises(error, match=why):
        declare.new(name, AuditWaiver.model_validate({**WAIVER, **said}), services)
    assert not (audited.root / files.WAIVERS).exists()


def test_a_name_is_taken_once_and_signatures_stand_last(audited) -> None:
    audited.put(audited.desk.waiver())
    entry = AuditWaiver.model_validate(WAIVER)
    with audited.opened() as services:
        with pytest.raises(InvalidInput, match="there is a w1 already"):
            declare.new("w1", entry, services)
        one = declare.find(AuditWaiver, "w1", services)
        with pytest.raises(Refused, match=r"is not for eve@dc\.vn to sign"):
            one.statement("eve@dc.vn", services)
        made = next(each for each in one.entry.signatures if "requester" in each.statement)
        # the file has another key behind its signatures (they were sorted): nothing is lost
        with pytest.raises(InvalidInput, match=r"is missing|has to be the last one"):
            declare.take(one, made.statement, made.signature, services)
        with pytest.raises(Refused, match="this is no statement over w1"):
            declare.take(one, "{}", made.signature, services)
        with pytest.raises(NotFound, match="there is no upgrade in"):
            declare.find(AuditWaiver, "upgrade", services)
    assert status(audited.evaluate().assessment) is S.WAIVED
