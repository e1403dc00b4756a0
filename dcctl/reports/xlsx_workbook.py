"""XLSX with the statutory columns: pass, partial, fail, not applicable; one sheet a question.

Every time in the file is the run's own, so that the same record gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dcctl.contracts import Report
from dcctl.model.assessment import score
from dcctl.model.status import FindingStatus
from dcctl.reports._declared import declarations
from dcctl.reports._measures import measures
from dcctl.reports._rows import clean
from dcctl.reports._rules import cited, ended, results, rules
from dcctl.reports._words import SEVERITY_WORDS, WORDS, certainty_word
from dcctl.text import N_, Text, translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dcctl.model.record import RunRecord
    from dcctl.reports._declared import DeclaredLine

_EPOCH = (1980, 1, 1, 0, 0, 0)
# The four columns of the forms, in their words.
_STATUTORY = {
    FindingStatus.PASS: N_("Pass"),
    FindingStatus.PARTIAL: N_("Partial"),
    FindingStatus.FAIL: N_("Fail"),
    FindingStatus.NOT_APPLICABLE: N_("Not applicable"),
}
_MARK = "x"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def render(record: RunRecord, language: str) -> bytes:
    """The result lines, the clauses (of an audit), the counts, and what people declared."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a fresh workbook has one
    sheet.title = _sheet(N_("Results"), language)
    _results(sheet, record, language)
    if record.assessment is not None:
        _clauses(book.create_sheet(_sheet(N_("Clauses"), language)), record, language)
    _counts(book.create_sheet(_sheet(N_("Counts"), language)), record, language)
    declared = declarations(record, language)
    if declared:
        sheet = book.create_sheet(_sheet(N_("Waivers and attestations"), language))
        _declared(sheet, declared, language)
    packed = io.BytesIO()
    book.save(packed)
    return _timeless(packed.getvalue(), ended(record))


def _results(sheet: Any, record: RunRecord, language: str) -> None:
    said = [translate(words, language) for words in _STATUTORY.values()]
    names = [N_("rule"), N_("title"), N_("target"), N_("clauses")]
    more = [N_("not evaluated or waived"), N_("severity"), N_("what was found"), N_("evidence")]
    heads = [translate(name, language) for name in names]
    _head(sheet, [*heads, *said, *(translate(name, language) for name in more)])
    asked = {rule.id: rule for rule in rules(record, language)}
    for one in results(record, language):
        rule = asked[one.rule]
        marks = [_MARK if one.status is status else "" for status in _STATUTORY]
        other = "" if one.status in _STATUTORY else one.word
        grave = translate(SEVERITY_WORDS[one.severity], language)
        digests = " ".join(one.evidence)
        line = [one.rule, rule.title, one.target, cited(rule, one.target, record), *marks]
        _line(sheet, [*line, other, grave, one.told, digests])
    _widths(sheet, (14, 46, 18, 40, 9, 11, 11, 15, 22, 12, 60, 40))


def _clauses(sheet: Any, record: RunRecord, language: str) -> None:
    assert record.assessment is not None  # noqa: S101 - asked by the caller
    said = [translate(WORDS[status], language) for status in FindingStatus]
    names = [N_("standard"), N_("clause"), N_("level"), N_("title"), N_("status"), N_("certainty")]
    _head(sheet, [*(translate(name, language) for name in names), *said])
    for one in record.assessment.clauses:
        clause = one.clause
        title = clause.title.get(language) or clause.title.get("en", "")
        counts = [one.counts.get(status.value, 0) for status in FindingStatus]
        level = clause.level or ""
        word = translate(WORDS[one.status], language)
        certain = certainty_word(clause.certainty, language)
        _line(sheet, [clause.standard, clause.id, level, title, word, certain, *counts])
    _widths(sheet, (24, 14, 8, 60, 16, 16, 10, 10, 10, 10, 10, 10))


def _counts(sheet: Any, record: RunRecord, language: str) -> None:
    counts = Counter(one.status.value for one in results(record, language))
    _head(sheet, [translate(N_("status"), language), translate(N_("results"), language)])
    for status in FindingStatus:
        _line(sheet, [translate(WORDS[status], language), counts[status.value]])
    told = score(counts)
    for text, below in (
        (N_("passed / (passed + partial + failed)"), told.answered),
        (N_("passed / (these + waived + not evaluated)"), told.applying),
    ):
        _line(sheet, [translate(text, language), f"{told.passed} / {below}"])
    unmet = translate(N_("waived / (waived + partial + failed)"), language)
    _line(sheet, [unmet, f"{told.waived} / {told.unmet}"])
    found = record.assessment
    if found is not None:
        judged = Text(N_("by the law of {day}"), {"day": found.as_of}).in_language(language)
        _line(sheet, [judged, ", ".join(found.standards)])
        for words, number in measures(found):
            _line(sheet, [words.in_language(language), clean(number.in_language(language))])
    _widths(sheet, (44, 60))


def _declared(sheet: Any, lines: Sequence[DeclaredLine], language: str) -> None:
    names = [N_("name"), N_("row or check"), N_("where"), N_("reason or statement")]
    more = [N_("makes up for it"), N_("who"), N_("first day"), N_("last day"), N_("verdict")]
    _head(sheet, [translate(name, language) for name in (*names, *more)])
    for one in lines:
        cells = [one.name, one.control, one.where, one.reason, one.compensating, one.who]
        _line(sheet, [*cells, one.first, one.last, one.verdict])
    _widths(sheet, (20, 18, 30, 60, 40, 40, 12, 12, 60))


def _head(sheet: Any, cells: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.append(list(cells))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _line(sheet: Any, cells: Iterable[Any]) -> None:
    """What a device said is text, never a formula."""
    sheet.append(list(cells))
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def _widths(sheet: Any, widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.auto_filter.ref = sheet.dimensions


def _sheet(name: str, language: str) -> str:
    return translate(name, language)[:31]  # as many as a sheet's name may have


def _timeless(content: bytes, moment: str) -> bytes:
    """The same workbook with the run's time in place of the clock's."""
    at = datetime.fromisoformat(moment).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = _TIMES.sub(rb"\g<1>" + at + rb"\g<3>", data)
            entry = zipfile.ZipInfo(item.filename, _EPOCH)
            entry.external_attr = 0o600 << 16
            new.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


REPORT = Report(
    format="xlsx",
    title=N_("Excel workbook with the statutory columns"),
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    suffix=".xlsx",
    render=render,
)
