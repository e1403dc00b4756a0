"""CSV: one line a result, for spreadsheets (UTF-8 with a byte order mark: Excel wants one)."""

from __future__ import annotations

import csv
import io

from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.reports._rules import cited, results, rules
from dcctl.reports._words import SEVERITY_WORDS
from dcctl.text import N_, translate

# A spreadsheet takes a cell that begins so for a formula, and what a device said is not ours.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    N_("rule"),
    N_("title"),
    N_("target"),
    N_("status"),
    N_("severity"),
    N_("what was found"),
    N_("clauses"),
    N_("evidence"),
    N_("waivers"),
    N_("waived until"),
)


def render(record: RunRecord, language: str) -> bytes:
    """The same columns in every language, in the reader's words."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([translate(name, language) for name in COLUMNS])
    asked = {rule.id: rule for rule in rules(record, language)}
    for one in results(record, language):
        rule = asked[one.rule]
        cells = (
            one.rule,
            rule.title,
            one.target,
            one.word,
            translate(SEVERITY_WORDS[one.severity], language),
            one.told,
            cited(rule, one.target, record),
            " ".join(one.evidence),
            " ".join(waiver.name for waiver in one.waivers),
            one.until,
        )
        writer.writerow([harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


REPORT = Report(
    format="csv",
    title=N_("CSV, one line a result"),
    media_type="text/csv",
    suffix=".csv",
    render=render,
)
