"""Stored evidence of every network system gives the same bytes: twice, elsewhere, by forks."""

from __future__ import annotations

import shutil
from functools import partial

import pytest

from dcctl import processes, reports
from dcctl.model import plain
from dcctl.workflows.audit import assess
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.services import open_site
from tests.benchmarks import audit_evidence

# One of each, so that every network system's evidence is judged.
ELEMENTS = ("hl-oob-r1", "hl-cor-r1", "p01-pe1", "p08-pe1", "p38-pe1", "p42-pe1", "p46-pe1")
ELEMENTS += ("p48-pe1", "c1")


FORMS = ("csv", "html", "json", "oscal", "xlsx")  # the slow ones have their own tests


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return audit_evidence.made(tmp_path_factory.mktemp("audited"), elements=ELEMENTS)


def told(root):
    with open_site(root) as services:
        record = evaluate(EvaluateRequest(), services)
        pages = {form: reports.render(record, form, "vi") for form in FORMS}
    return {**pages, "assessment": plain.canonical(record.assessment)}


def test_nine_systems_are_judged(site) -> None:
    with open_site(site) as services:
        record = evaluate(EvaluateRequest(), services)
    assert len({target.platform for target in record.plan.targets.values()}) == 9
    statuses = {(r.target, r.status.value) for r in record.assessment.results}
    for name in record.plan.targets:
        assert (name, "pass") in statuses


def test_what_was_asked_for_is_kept_as_it_is_typed(site) -> None:
    asked = EvaluateRequest(level=5, standards=("TCVN 14423:2026",), priority=1)
    with open_site(site) as services:
        narrow = evaluate(asked, services).assessment
        assert evaluate(EvaluateRequest(), services).assessment.options == ""
    assert narrow.options == "--level 5 --standard 'TCVN 14423:2026' --priority 1"


def test_twice_and_on_a_copy_moved_elsewhere(site, tmp_path) -> None:
    first = told(site)
    assert told(site) == first
    moved = shutil.copytree(site, tmp_path / "far" / "away")
    shutil.move(tmp_path / "far", tmp_path / "further")
    assert told(tmp_path / "further" / moved.name) == first


@pytest.mark.parametrize("number", [2, 3])
def test_with_however_many_processes(site, monkeypatch, number) -> None:
    alone = told(site)
    monkeypatch.setattr(assess, "shared_out", partial(processes.shared_out, processes=number))
    assert told(site) == alone
