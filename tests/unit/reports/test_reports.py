"""What every report keeps: all of the record, once; no device text as markup; the same bytes."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import json
import re
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml

from dcctl import discovery, reports
from dcctl.errors import InvalidInput, NotFound
from dcctl.model import plain
from dcctl.model.plan import Wave
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, RunStatus, StepStatus
from dcctl.reports.markdown_text import _text
from tests.unit.reports.conftest import HOSTILE, build, finding, step

FORMATS = tuple(reports.all_reports())
SCHEMA = discovery.data_root() / "templates" / "reports" / "record.schema.json"


class Page(HTMLParser):
    """Tags, ids and the words of a page."""

    VOID = ("meta", "br", "link", "img", "input")

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        values = dict(attrs)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_the_formats() -> None:
    assert {"html", "json", "junit", "markdown"} <= set(FORMATS)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_same_record_gives_the_same_bytes(record, format_, language) -> None:
    again = plain.from_plain(RunRecord, json.loads(json.dumps(plain.to_plain(record))))
    first = reports.render(record, format_, language)
    assert first == reports.render(record, format_, language)
    assert first == reports.render(again, format_, language), (
        "also from what the journal gives back"
    )


def test_the_page_holds_every_step_and_finding_once(record) -> None:
    page = Page(reports.render(record, "html").decode())
    assert page.open == [], "every tag is closed"
    rows = Counter(name for name in page.ids if name.startswith(("step-", "finding-")))
    expected = [f"step-{s.id}" for s in record.plan.steps]
    expected += [f"finding-{f.target}-{f.check}" for f in record.findings]
    assert rows == Counter(expected)
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links} <= set(page.ids), "every link leads somewhere"


def test_the_page_needs_nothing_else(record) -> None:
    text = reports.render(record, "html").decode()
    page = Page(text)
    assert not page.tags.keys() & {"link", "img", "iframe", "object", "form"}
    assert not re.search(r"https?://|url\(|@import| on\w+=", text)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}';" in text
    assert not re.search(r"fetch|XMLHttp|import|eval|innerHTML", script)


@pytest.mark.parametrize("format_", ["html", "junit", "markdown"])
def test_the_text_of_a_device_is_never_markup(record, format_) -> None:
    text = reports.render(record, format_).decode()
    own = 1 if format_ == "html" else 0  # the page's, which no word of a device gets into
    assert len(re.findall(r"(?<!\\)<script", text)) == own
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "Hòa Lạc" in text


def test_hostile_words_stay_readable(record) -> None:
    words = " ".join(Page(reports.render(record, "html").decode()).words)
    readable = HOSTILE.replace("\x1b", "\N{REPLACEMENT CHARACTER}")
    assert readable.replace("\x00", "\N{REPLACEMENT CHARACTER}") in words


def test_what_is_wrong_comes_first_and_worst_first(record) -> None:
    text = reports.render(record, "html").decode()
    wrong, unsure, everything = (text.index(f'id="{name}"') for name in ("wrong", "unsure", "all"))
    assert wrong < unsure < everything
    listed = text[wrong:unsure]
    assert listed.index("role:base") < listed.index("ssh_server.root_login")
    assert listed.index("ssh_server.root_login") < listed.index("disks.space")
    assert listed.count("<li") == 3
    assert text[unsure:everything].count("<li") == 4


@pytest.mark.parametrize(
    ("steps", "findings", "status", "grade"),
    [
        ([("a/role:x", StepStatus.OK)], [], RunStatus.FINISHED, "fine"),
        ([("a/role:x", StepStatus.FAILED)], [], RunStatus.FINISHED, "wrong"),
        ([("a/role:x", StepStatus.NOT_STARTED)], [], RunStatus.FINISHED, "unsure"),
        ([("a/role:x", StepStatus.OK)], [], RunStatus.INTERRUPTED, "unsure"),
        ([], [FindingStatus.PASS], RunStatus.FINISHED, "fine"),
        ([], [FindingStatus.PARTIAL], RunStatus.FINISHED, "wrong"),
        ([], [FindingStatus.NOT_EVALUATED], RunStatus.FINISHED, "unsure"),
        ([], [FindingStatus.WAIVED, FindingStatus.NOT_APPLICABLE], RunStatus.FINISHED, "fine"),
    ],
)
def test_the_verdict(steps, findings, status, grade) -> None:
    found = [finding("a", f"t.c{n}", end, reason="r") for n, end in enumerate(findings)]
    record = build([step(name, end) for name, end in steps], found, status=status)
    assert f'<header class="{grade}">' in reports.render(record, "html").decode()


def test_json_is_complete_and_keeps_its_schema(record) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    rendered = reports.render(record, "json")
    data = json.loads(rendered)
    Draft202012Validator(schema).validate(data)
    assert rendered == plain.canonical(data) + b"\n"
    kept = {key: value for key, value in data.items() if key in plain.to_plain(record)}
    assert plain.from_plain(RunRecord, kept) == record
    del data["findings"][3]["reason"]
    assert not Draft202012Validator(schema).is_valid(data), "the schema can fail"


def test_json_speaks_no_language(record) -> None:
    assert reports.render(record, "json", "vi") == reports.render(record, "json", "en")


def test_junit_counts_what_it_holds(record) -> None:
    root = ET.fromstring(reports.render(record, "junit"))
    cases = root.findall("testsuite/testcase")
    assert len(cases) == len(record.plan.steps) + len(record.findings)
    for suite in root.findall("testsuite"):
        tags = [child.tag for child in suite]
        assert tags == ["properties", *["testcase"] * (len(tags) - 3), "system-out", "system-err"]
        held = Counter(child.tag for case in suite.findall("testcase") for child in case)
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == held["failure"]
        assert int(suite.get("errors")) == held["error"]
        assert int(suite.get("skipped")) == held["skipped"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
        assert suite.get("hostname")
    assert [case.get("name") for case in cases if case.find("failure") is not None] == [
        "disks.space",
        "hl-cmp-a01/role:base",
        "ssh_server.root_login",
    ]
    assert all(len(case) <= 1 for case in cases)


def test_markdown_names_every_step_and_finding_in_a_table(record) -> None:
    text = reports.render(record, "markdown").decode()
    cells = [
        re.sub(r"\\(.)", r"\1", row.split(" | ")[0][2:])
        for row in text.splitlines()
        if row[:2] == "| "
    ]
    names = [s.id for s in record.plan.steps] + [f.check for f in record.findings]
    assert Counter(cell for cell in cells if cell != "what") == Counter(names)
    assert all(
        len(re.findall(r"(?<!\\)\|", row)) == 4 for row in text.splitlines() if row[:2] == "| "
    )


@given(st.text(st.sampled_from("ab 1-_*`[]()<>|~&#;!\\\\+.:/{}=") | st.characters(), max_size=40))
@example("hl-mgt-a01")
@example("__x__ _y_ snake_case *z* [l](m) <b> &amp; `c` ~~d~~ http://e.f a\\\\|b")
def test_words_in_markdown_come_out_as_they_went_in(text) -> None:
    text = "x" + " ".join(text.split())  # it never begins a line
    shown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    cell = shown.render(f"| a |\n|---|\n| {_text(text)} |")
    (words,) = re.findall(r"<td>(.*)</td>", cell)
    assert html.unescape(words) == html.unescape(escapeHtml(text)).replace("\x00", "\ufffd").strip()


def test_markdown_leaves_plain_names_alone() -> None:
    for name in ("hl-mgt-a01", "isis.adjacencies", "10.0.0.1/24", "config:cisco_xe", "(a + b)"):
        assert _text(name) == name


def test_vietnamese_is_another_page(record) -> None:
    english, vietnamese = (reports.render(record, "html", name).decode() for name in ("en", "vi"))
    assert '<html lang="vi">' in vietnamese
    assert "What is wrong" in english
    assert "What is wrong" not in vietnamese
    assert "File systems have room" not in vietnamese


def test_strangers_are_refused(record) -> None:
    with pytest.raises(NotFound, match="docx"):
        reports.render(record, "docx")
    with pytest.raises(InvalidInput, match="fr"):
        reports.render(record, "html", "fr")


def test_waves_count_from_one_and_the_untouched_come_last(record) -> None:
    waves = (Wave(index=0, targets=("p01-pe1",)), Wave(index=1, targets=("hl-mgt-a01",)))
    plan = dataclasses.replace(record.plan, waves=waves)
    text = reports.render(dataclasses.replace(record, plan=plan), "html").decode()
    heads = re.findall(r"<h3>(.*?)</h3>", text)
    assert heads == ["Wave 1", "Wave 2", "Touched by no wave"]
    names = re.findall(r'<span class="dot \w+"></span><strong>(.*?)</strong>', text)
    assert names == ["p01-pe1", "hl-mgt-a01", "hl-cmp-a01"]


def test_a_target_in_several_waves_has_each_row_once(record) -> None:
    names = [step.id for step in record.plan.steps]
    waves = (
        Wave(index=0, targets=("hl-mgt-a01",), steps=tuple(names[:2]), title="canary"),
        Wave(index=1, targets=("hl-cmp-a01",), steps=tuple(names[3:5]), title="change"),
        Wave(index=2, targets=("hl-mgt-a01", "hl-cmp-a01"), steps=(names[2],), title="read"),
    )
    plan = dataclasses.replace(record.plan, waves=waves)
    moved = dataclasses.replace(record, plan=plan)
    text = reports.render(moved, "html").decode()
    rows = [name for name in Page(text).ids if name.startswith(("step-", "finding-"))]
    assert len(rows) == len(set(rows)) == len(record.plan.steps) + len(record.findings)
    heads = re.findall(r"<h3>(.*?)</h3>", text)
    assert heads == [
        "Wave 1: canary",
        "Wave 2: change",
        "Wave 3: read and judge",
        "Touched by no wave",
    ]
    assert text.index("Wave 3") < text.index('id="finding-hl-mgt-a01-disks.space"')
    cases = ET.fromstring(reports.render(moved, "junit")).findall("testsuite/testcase")
    assert len(cases) == len(rows)
