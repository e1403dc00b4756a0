"""The method of procedure and the evidence pack of a campaign that met every trouble."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dcctl import clock, reports
from dcctl.cli.terminal import Output
from dcctl.cli.upgrade.show import say_next, show_campaign
from dcctl.model import plain
from dcctl.model.status import StepStatus
from dcctl.planning.approvals import ROLES
from dcctl.text import Text
from dcctl.workflows.evidence.check import check
from dcctl.workflows.evidence.pack import pack
from dcctl.workflows.upgrade.mop import MopRequest, checker, for_checker, mop
from dcctl.workflows.upgrade.paper.procedure import procedure_of
from tests.unit.reports.test_reports import Page
from tests.unit.upgrading.campaign import BAD, DARK, GONE, GOOD, SPARED, Campaign, planned
from tests.unit.upgrading.province import province


def test_the_campaign_met_every_trouble(done: Campaign) -> None:
    record = done.services.journal.record(done.run)
    ends = {step.target: outcome.status for step, outcome in record.steps()}
    assert ends == {
        GOOD: StepStatus.CHANGED,
        BAD: StepStatus.FAILED,
        DARK: StepStatus.FAILED,
        GONE: StepStatus.ERROR,
        SPARED: StepStatus.NOT_STARTED,
    }


# --- the paper -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["html", "markdown"])
@pytest.mark.parametrize("language", ["vi", "en", "both"])
def test_the_same_plan_gives_the_same_paper(done: Campaign, form: str, language: str) -> None:
    request = MopRequest(plan=done.plan.hash, format=form, language=language)
    text = mop(request, done.services).decode()
    assert text == mop(request, done.services).decode()
    assert ("Ảnh chụp A" in text) == (language != "en")
    assert ("Snapshot A" in text) == (language != "vi")
    assert "password" not in text.lower()
    for name in (GOOD, SPARED):
        assert name in text


def test_the_paper_is_one_whole_page(done: Campaign) -> None:
    text = mop(MopRequest(plan=done.plan.hash), done.services).decode()
    page = Page(text)
    assert page.open == [], "every tag is closed"
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert not page.tags.keys() & {"script", "link", "img", "iframe", "object", "form"}
    assert not re.search(r"https?://(?!www)|url\(|@import| on\w+=", text)


def test_the_paper_tells_the_commands_that_the_machine_sends() -> None:
    """Whoever does the night by hand types what dcctl would, in its order."""
    paper = procedure_of(planned())
    sheet = next(one for wave in paper.waves for one in wave.sheets if one.name == GOOD)
    acting = ("prepare", "drain", "activate", "commit", "undrain")
    shown = [c for p in sheet.parts if p.phase in acting for a in p.acts for c in a.commands]
    with province("p01") as place:
        step = next(step for step in planned().steps if step.target == GOOD)
        outcome = place.upgrade(step)
        assert outcome.status is StepStatus.CHANGED
        typed = [" ".join(line.split()) for line in place.notes(GOOD, "command")]
    known = ("configure", "end", "exit", "!", "write memory", "show", "address-family", "exit-")
    wanted = [" ".join(line.split()) for line in shown if not line.strip().startswith(known)]
    # An element's log hides what follows `community`, which may be a secret of SNMP.
    missing = [one for one in wanted if one not in typed and "set community" not in one]
    assert wanted, "the paper has commands"
    assert missing == []
    told = [line for line in wanted if line.startswith("install")]
    assert told == [line for line in typed if line.startswith("install")]


@pytest.mark.parametrize("lab", [False, True])
@pytest.mark.parametrize("form", ["html", "markdown"])
def test_its_commands_are_for_where_the_plan_was_made(
    done: Campaign, form: str, *, lab: bool
) -> None:
    plan = replace(done.plan, lab=lab)
    text = reports.procedure(procedure_of(plan), form, ("vi", "en")).decode()
    named = f"{plan.hash[:12]} --lab" if lab else plan.hash[:12]
    assert f"dcctl upgrade mop {named} --certificate both.json" in text
    assert form == "markdown" or f"dcctl upgrade run {named}<" in text


def test_it_names_the_windows_of_its_own_elements_alone(done: Campaign) -> None:
    (one,) = procedure_of(done.plan).windows
    assert (one.name, one.hours) == ("north", "23:00-05:00")
    assert one.scope.split(", ") == [GOOD, BAD, DARK, GONE, SPARED]


def test_who_plans_is_told_when_it_may_begin(
    done: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    at = datetime(2026, 11, 22, 2, tzinfo=UTC)
    with clock.use(clock.ManualClock(at)):
        show_campaign(done.plan, Output.TABLE)
    names = f"{GOOD}, {BAD}, {DARK}, {GONE}, {SPARED}"
    opens = "window north, open from 2026-11-24 23:00+07:00 to 2026-11-25 05:00+07:00"
    assert f"  {opens}: {names}\n" in capsys.readouterr().out


def test_what_is_typed_next_names_each_role_that_has_to_sign(
    done: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = replace(done.plan, lab=True, options={**done.plan.options, ROLES: ["no_safety_net"]})
    say_next(plan)
    assert capsys.readouterr().err.splitlines() == [
        f"have it approved: dcctl approve {plan.hash[:12]} --lab",
        f"have it approved: dcctl approve {plan.hash[:12]} --lab --role no_safety_net",
        f"then run exactly this: dcctl upgrade run {plan.hash[:12]} --lab",
    ]


def test_the_checker_takes_what_is_written_for_it(done: Campaign, tmp_path: Path) -> None:
    both = json.dumps(for_checker(done.plan, done.services))
    alone = tmp_path / "certificate_checker.py"
    alone.write_bytes(checker())
    argv = ["python3", "-I", str(alone)]
    ran = subprocess.run(argv, input=both, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


# --- the pack --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def packed(done: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "evidence.zip"
    pack(done.run, path, done.services)
    return path


def test_the_same_journal_gives_the_same_pack(done: Campaign, packed: Path, tmp_path: Path) -> None:
    again = pack(done.run, tmp_path / "again.zip", done.services)
    assert again.path.read_bytes() == packed.read_bytes()
    assert check(packed, again.seal).wrong == ()
    with zipfile.ZipFile(packed) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}, "no clock is in it"


def test_the_pack_holds_what_an_auditor_asks_for(done: Campaign, packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        for name in (GOOD, DARK):
            assert f"elements/{name}/a-to-b.diff" in names
        assert b"-16.6" in archive.read(f"elements/{DARK}/gates.json")
        images = json.loads(archive.read("images.json"))
        assert set(images["cisco_xe-17.12.4"]["proven"][GOOD].values()) == {"sha512"}
        shown = archive.read("log/leaves.jsonl").decode().splitlines()
        told = [line for line in shown if "type" not in json.loads(line)]
        assert len(told) == len(done.services.journal.events(done.run))
        record = done.services.journal.record(done.run)
        assert archive.read("report.vi.html") == reports.render(record, "html", "vi")
        assert json.loads(archive.read("plan.json")) == plain.to_plain(done.plan)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_sha256sum_checks_it(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
    argv = ["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"]
    subprocess.run(argv, cwd=tmp_path, check=True)
    with next(tmp_path.glob("transcripts/*/0001-*.txt")).open("a") as file:
        file.write("!")
    assert subprocess.run(argv, cwd=tmp_path, check=False, capture_output=True).returncode


def rewritten(packed: Path, into: Path, name: str, change: object) -> Path:
    """The pack with one file changed (None: left out), and the sums as they were."""
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(into, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == name:
                if change is None:
                    continue
                content = change(content)  # type: ignore[operator] # a function of bytes
            new.writestr(info.filename, content)
        new.comment = b"0" * 64
    whole = into.read_bytes()[:-64]
    into.write_bytes(whole + hashlib.sha256(whole).hexdigest().encode())
    return into


@pytest.mark.parametrize(
    "name", ["plan.json", "log/leaves.jsonl", "record.json", "report.en.html", "SHA256SUMS"]
)
def test_a_changed_byte_is_found(packed: Path, tmp_path: Path, name: str) -> None:
    seal = check(packed).seal
    for change in (lambda old: old[:-9] + bytes([old[-9] ^ 1]) + old[-8:], None):
        bad = rewritten(packed, tmp_path / "bad.zip", name, change)
        assert check(bad, seal).wrong


def test_a_flipped_byte_of_any_file_is_found(packed: Path, tmp_path: Path) -> None:
    whole = packed.read_bytes()
    with zipfile.ZipFile(packed) as archive:
        spots = [  # within the content: behind 30 bytes of header and the name
            info.header_offset + 30 + len(info.filename) + info.compress_size // 2
            for info in archive.infolist()[::17]
            if info.file_size
        ]
    for spot in spots:
        bad = tmp_path / "bad.zip"
        bad.write_bytes(whole[:spot] + bytes([whole[spot] ^ 0x55]) + whole[spot + 1 :])
        assert check(bad).wrong, spot


def test_a_forger_who_makes_new_sums_is_found(packed: Path, tmp_path: Path) -> None:
    """By the seal; and by what the files say of each other."""
    with zipfile.ZipFile(packed) as archive:
        content = archive.read("plan.json").replace(b'"max_failures": 2', b'"max_failures": 9')
        sums = archive.read("SHA256SUMS").decode()
    assert b'"max_failures": 9' in content
    new = re.sub(r"\w{64}(?=  plan\.json)", hashlib.sha256(content).hexdigest(), sums).encode()
    first = rewritten(packed, tmp_path / "a.zip", "plan.json", lambda _old: content)
    bad = rewritten(first, tmp_path / "b.zip", "SHA256SUMS", lambda _old: new)
    assert check(bad).wrong == ("plan.json: its hash is not that of its content",)
    assert len(check(bad, check(packed).seal).wrong) == 2


# --- the report ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_the_report_says_exactly_that(done: Campaign, form: str) -> None:
    record = done.services.journal.record(done.run)
    text = reports.render(record, form).decode()
    if form == "html":
        text = " ".join(" ".join(Page(text).words).split())
    assert "1 of 5 upgraded, 2 taken back, 1 not as they should be, 1 not touched" in text
    assert f"stopped in wave 2 by {GONE} (never came back); not begun: 1" in text
    assert "has booted, and runs 17.12.1" in text
    assert "optics TenGigabitEthernet0/0/0 rx: fell by 6.0 dB" in text
    assert "-10.55" in text
    assert "-16.55" in text
    vietnamese = reports.render(record, form, "vi").decode()
    assert "không trở lại" in vietnamese
    assert "công suất giảm 6.0 dB" in vietnamese or "giảm 6.0 dB" in vietnamese
    for english in ("never came back", "not as before", "fell by", "has not answered"):
        assert english not in vietnamese


def test_one_that_never_came_back_is_called_so_also_after_a_look_at_its_console(
    done: Campaign,
) -> None:
    record = done.services.journal.record(done.run)
    ((name, gone),) = [(k, o) for k, o in record.outcomes.items() if o.target == GONE]
    words = "it never came back: {error}; its console: {console}"
    looked = Text(words, {**gone.message.params, "console": "it asks for a login"})
    outcomes = {**record.outcomes, name: replace(gone, message=looked)}
    text = reports.render(replace(record, outcomes=outcomes), "markdown").decode()
    assert f"stopped in wave 2 by {GONE} (never came back); not begun: 1" in text


def test_the_machines_report_keeps_its_schema(done: Campaign) -> None:
    from jsonschema import Draft202012Validator

    from tests.unit.reports.test_reports import SCHEMA

    record = done.services.journal.record(done.run)
    data = json.loads(reports.render(record, "json"))
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    validator.validate(data)
    stopped = data["outcomes"][f"{DARK}/upgrade:cisco_xe-17.12.4"]["data"]["stopped_by"]
    assert {one["gate"] for one in stopped} == {"optics"}
    stopped[0]["status"] = "perhaps"
    assert not validator.is_valid(data), "the schema can fail"
    told = reports.render(record, "junit").decode()
    assert "17.9.4a -&gt; 17.12.4: taken back" in told
    assert "gate failed optics" in told


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_prints_the_paper(done: Campaign, tmp_path: Path) -> None:
    page, pdf = tmp_path / "paper.html", tmp_path / "paper.pdf"
    page.write_bytes(mop(MopRequest(plan=done.plan.hash), done.services))
    argv = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu"]
    argv += [f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer"]
    subprocess.run(
        [*argv, f"--print-to-pdf={pdf}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert pdf.read_bytes().startswith(b"%PDF-")
