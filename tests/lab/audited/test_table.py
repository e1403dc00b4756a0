"""The table of expectations is whole: no check of servers is left out of it."""

from __future__ import annotations

import pytest

from dcctl import checks
from dcctl.model.status import FindingStatus
from dcctl.standards import Live
from dcctl.workflows.catalogue import catalogue
from tests.lab.audited import comparison
from tests.lab.audited.comparison import PAGE
from tests.lab.audited.servers import of_servers
from tests.lab.audited.table import Expected, expectations

TABLE = expectations()


def test_every_check_that_an_audit_asks_of_servers_is_expected_once() -> None:
    rows = [row for row in catalogue() if row.targets != "elements"]
    asked = {name for row in rows if isinstance(row.answer, Live) for name in row.answer.checks}
    asked |= {name for name in checks.pack("audit") if of_servers(name)}
    assert sorted(row.check for row in TABLE) == sorted(asked)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_an_expectation_says_why_or_can_be_seen_to_flip(row: Expected) -> None:
    assert {row.weak, row.hardened} <= set(FindingStatus)
    assert row.why or (row.weak, row.hardened) == ("fail", "pass")
    assert row.toggled == (row.hardened == "pass")
    for way in row.ways:
        assert bool(way.weaken) == bool(way.restore)
        assert set(way.flips) <= set(checks.all_checks())


def test_what_is_compared_with_other_tools_is_expected_and_their_page_has_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for pair in comparison.planned().pairs:
        assert pair["check"] in {row.check for row in TABLE}
        for tool, title in comparison.TOOLS.items():
            for test in pair.get(tool, ()):
                assert f"| {pair['check']} | {title} | {test} | weak |" in page
