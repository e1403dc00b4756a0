"""The audit beside OpenSCAP and Lynis on both servers: they agree, or it is known why not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab.audited import comparison, scanners
from tests.lab.audited.comparison import NAMES, PAGE
from tests.lab.audited.servers import Pair
from tests.lab.audited.table import expectations

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def test_every_disagreement_is_explained(pair: Pair, tmp_path: Path) -> None:
    plan = comparison.planned()
    ours = pair.statuses()
    with ThreadPoolExecutor(len(NAMES)) as both:
        words = dict(zip(NAMES, both.map(lambda n: scanners.openscap(pair, n), NAMES), strict=True))
        told = dict(zip(NAMES, both.map(lambda n: scanners.lynis(pair, n), NAMES), strict=True))

    def said(tool: str, test: str, target: str) -> str:
        if tool == "lynis":
            return scanners.lynis_word(told[target], test)
        return words[target][test]

    lines = comparison.compared(plan, ours, said)
    page = comparison.as_markdown(lines, [row.check for row in expectations()])
    made = tmp_path / PAGE.name
    made.write_text(page, encoding="utf-8")
    made.with_suffix(".csv").write_text(comparison.as_csv(lines), encoding="utf-8")
    assert comparison.unexplained(lines) == []
    assert comparison.needless(plan, lines) == set()
    assert PAGE.read_text(encoding="utf-8") == page, f"{PAGE} is not what {made} says now"
