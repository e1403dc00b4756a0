"""Reports: one format a file, each a function of the record alone: same record, same bytes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dcctl import discovery
from dcctl.contracts import Report
from dcctl.errors import InvalidContribution, InvalidInput, NotFound
from dcctl.reports._paper import procedure
from dcctl.reports._paper.rehearsing import ENDINGS, rehearsal
from dcctl.text import LANGUAGES, N_

if TYPE_CHECKING:
    from dcctl.model.record import RunRecord

__all__ = ["ENDINGS", "all_reports", "get", "procedure", "rehearsal", "render"]


@cache
def all_reports() -> dict[str, Report]:
    """Every report by its format.

    Raises:
        InvalidContribution: two modules offer one format.
    """
    found: dict[str, Report] = {}
    scanned = discovery.scan("dcctl.reports", "REPORT", Report, entry_points="dcctl.reports")
    for module, report in scanned.items():
        if report.format in found:
            raise InvalidContribution(
                N_("report format {format} is contributed twice (second: {module})"),
                format=report.format,
                module=module,
            )
        found[report.format] = report
    return dict(sorted(found.items()))


def get(format: str) -> Report:  # noqa: A002 - the word that everybody uses
    """The report of that format.

    Raises:
        NotFound: there is none.
    """
    known = all_reports()
    if format not in known:
        raise NotFound(
            N_("there is no report format {format}"),
            hint=N_("formats: {formats}"),
            format=format,
            formats=", ".join(known),
        )
    return known[format]


def render(record: RunRecord, format: str, language: str = "en") -> bytes:  # noqa: A002 - as above
    """The report of `record`.

    Raises:
        NotFound: no such format. InvalidInput: no such language.
    """
    report = get(format)
    if language not in LANGUAGES:
        raise InvalidInput(
            N_("reports speak {languages}, not {language}"),
            languages=", ".join(LANGUAGES),
            language=language,
        )
    return report.render(record, language)
