"""The report on paper: Vietnamese as it is written, fonts in the file, the same bytes."""

from __future__ import annotations

import io
import pickle
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace

import pypdf
import pytest

from dcctl import reports
from dcctl.errors import MissingDependency
from dcctl.model.status import FindingStatus
from dcctl.reports import _typeset
from dcctl.text import Text
from tests.unit.reports.conftest import HOSTILE
from tests.unit.reports.test_formats import audited, result  # noqa: F401 - a fixture

# Every letter of Vietnamese, with every mark it can have.
LETTERS = "".join(
    unicodedata.normalize("NFC", letter + mark)
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
)
ALPHABET = f"{LETTERS}đĐ"
S = FindingStatus
_made: dict[str, bytes] = {}
# In another process, whose hashes have other seeds.
AGAIN = """
import pickle, sys
from dcctl import reports
record = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(reports.render(record, "pdf", sys.argv[1]))
"""


def opened(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """All text, blanks left out: lines are broken where there is room."""
    return "".join("".join(page.extract_text() for page in opened(content).pages).split())


def fonts(content: bytes) -> dict[str, bool]:
    """Name -> whether the file holds it."""
    found = {}
    for page in opened(content).pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font["/DescendantFonts"]
            about = inner.get_object()["/FontDescriptor"]
            found[font["/BaseFont"]] = "/FontFile2" in about
    return found


@pytest.fixture
def paper(audited):  # noqa: F811
    evil = result("DC-NET-001", "p01-pe3", S.FAIL, message=Text("{a}", {"a": HOSTILE}))
    told = unicodedata.normalize(
        "NFD", f"Hòa Lạc: {' '.join(ALPHABET)}"
    )  # as a device may write it
    odd = result("DC-NET-001", "p01-pe4", S.FAIL, message=Text("{a}", {"a": told}))
    found = replace(audited.assessment, results=(*audited.assessment.results, evil, odd))
    return replace(audited, assessment=found, checkpoint="hoalac.example/journal 42 abc=")


def test_twice_the_same_bytes(paper, content) -> None:
    argv = [sys.executable, "-c", AGAIN, "vi"]
    kept = pickle.dumps(paper)
    assert subprocess.run(argv, input=kept, capture_output=True, check=True).stdout == content


@pytest.fixture
def content(paper) -> bytes:
    if "vi" not in _made:  # setting a page takes a while
        _made["vi"] = reports.render(paper, "pdf", "vi")
    return _made["vi"]


def test_vietnamese_comes_out_as_it_is_written(paper, content) -> None:
    text = words(content)
    assert text == unicodedata.normalize("NFC", text)
    assert ALPHABET in text
    told = ("Đạt", "Một phần", "Chưa đạt", "Không áp dụng", "Chỉ dùng SSHv2", "1 / 5 = 20,0 %")
    for part in (*told, paper.run.id, paper.assessment.catalogue, paper.checkpoint, "trần.minh"):
        assert "".join(part.split()) in text, part
    assert '<script>alert("x")</script>' in text  # words, not a script


def test_its_fonts_are_in_it(content) -> None:
    found = fonts(content)
    assert {name.partition("+")[2] for name in found} >= {"paper", "paper-Bold"}
    assert all(found.values())
    assert all(re.match(r"/[A-Z]{6}\+", name) for name in found)  # only the glyphs that it needs


def test_pages_are_numbered_and_heads_stand_on_each(paper) -> None:
    many = tuple(
        replace(result(row, f"t{n}", S.FAIL, message=Text(f"odd {n}")), findings=())
        for n in range(80)
        for row in ("DC-NET-001",)
    )
    found = replace(paper.assessment, results=(*paper.assessment.results, *many))
    pages = opened(reports.render(replace(paper, assessment=found), "pdf", "en")).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"page{number}/{len(pages)}" in "".join(page.extract_text().split())
    held = [page.extract_text() for page in pages if re.search(r"odd \d", page.extract_text())]
    assert len(held) > 1
    assert all("what was found" in text for text in held)


def test_a_run_without_an_audit_is_told_too(record) -> None:
    text = words(reports.render(record, "pdf", "en"))
    for part in ("REPORT OF A RUN", "1 / 3 = 33.3 %", "no route to 10.60.1.3", "Waived"):
        assert "".join(part.split()) in text


def test_its_dates_are_the_runs(content) -> None:
    about = opened(content).metadata
    assert about.creation_date.isoformat() == "2026-11-22T02:03:27+00:00"
    assert "hoa-lac" in about.title


def test_what_is_missing_is_one_line(paper, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(MissingDependency, match="WeasyPrint") as told:
        reports.render(paper, "pdf", "vi")
    assert "dcctl[pdf]" in str(told.value.hint)
    monkeypatch.undo()
    monkeypatch.setattr(_typeset, "FAMILIES", ("No Such Family",))
    _typeset._faces.cache_clear()
    with pytest.raises(MissingDependency, match="No Such Family"):
        reports.render(paper, "pdf", "vi")
    _typeset._faces.cache_clear()
