"""What dcctl has built passes its own audit: rendered, applied, read, judged."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace

import pytest
import yaml

from dcctl import clock, platforms
from dcctl.lab.elements.session import InProcessSession
from dcctl.model.approval import APPROVED, Approval
from dcctl.model.status import StepStatus
from dcctl.planning.steps import config_step
from dcctl.workflows.rehearsal import sessions
from tests.unit.audit.built import (
    element,
    found,
    network,
    platforms_built,
    rendered,
    site,
    table,
)
from tests.unit.audit.strength import CASES, SUBJECT, Blobs, context, elements_checks

KEYS = "-8f3b1c"  # how each of them ends


@pytest.fixture(autouse=True)
def by_hand():
    with clock.use(clock.ManualClock()):
        yield


@pytest.fixture(params=platforms_built())
def platform(request):
    return request.param


def statuses(findings):
    return {check: finding.status.value for check, finding in findings.items()}


def as_told(platform):
    """What each check may find: what its table says, else that it passes or does not apply.

    What nobody can tell of the hardened element of the system nobody tells of this one.
    """
    expected = yaml.safe_load((CASES / platform / "expected.yml").read_text(encoding="utf-8"))
    untold = {name for name, row in expected.items() if row["hardened"] == "not_evaluated"}
    told = {name: {row["status"]} for name, row in table(platform)["else"].items()}
    sound = {"pass", "not_applicable"}
    return {
        check: sound | ({"not_evaluated"} if check in untold else set())
        for check in elements_checks()
        if check in expected
    } | told


def test_it_passes_once_it_is_built_and_a_second_build_changes_nothing(platform, tmp_path):
    blobs, events = Blobs(), []
    told = replace(
        context(blobs),
        site_root=str(site(tmp_path)),
        options={"safety_net_s": 600, APPROVED: [Approval.DESTRUCTIVE]},
        emit=lambda *given, **data: events.append((given, data)),
    )
    made, one = network(platform), element(platform)
    step = config_step(one, platforms.get(platform), rendered(platform))
    executor = sessions.simulated(made)("device_session", told)
    (outcome,) = executor.run([step], {SUBJECT: one})
    assert outcome.status is StepStatus.CHANGED, str(outcome.message)
    foreseen = executor.predict([step], {SUBJECT: one})[step.id]
    assert foreseen == ()
    (again,) = executor.run([step], {SUBJECT: one})
    assert again.status is StepStatus.OK
    assert KEYS not in f"{outcome}{foreseen}{events}{made.elements[SUBJECT].running}"
    assert not [one for one in blobs.held() if KEYS.encode() in one]
    seen, wanted = found(platform, made), as_told(platform)
    assert {
        check: (seen[check].status.value, str(seen[check].message))
        for check, allowed in wanted.items()
        if seen[check].status.value not in allowed
    } == {}


@pytest.mark.slow
def test_without_a_line_its_own_finding_alone_is_another(platform):
    text = rendered(platform)
    whole = statuses(found(platform, network(platform, text)))
    wrong = {}
    for row in table(platform)["lines"]:
        kept = [line for line in text.splitlines() if not re.search(row["without"], line)]
        assert len(kept) < len(text.splitlines()), row
        seen = statuses(found(platform, network(platform, "\n".join(kept) + "\n")))
        flipped = sorted(check for check in whole if seen[check] != whole[check])
        if flipped != row["flips"]:
            wrong[row["without"]] = flipped
    assert wrong == {}


@pytest.mark.parametrize(
    ("platform", "command", "words"),
    [
        ("arista_eos", "show interfaces", "30 seconds input rate"),
        ("huawei_vrp", "display interface", "Last 30 seconds input rate"),
    ],
)
def test_rates_are_told_over_half_a_minute_and_are_understood(platform, command, words):
    made, one = network(platform, rendered(platform)), element(platform)
    (port, *_) = (each.name for each in one.interfaces if each.protocols)
    with closing(InProcessSession(made, SUBJECT)) as session:
        assert words in session.send(command).partition(f"{port} ")[2].partition("nterface ")[0]
    executor = sessions.simulated(made)("device_session", context(Blobs()))
    told = executor.read(one, ("interfaces",))["interfaces"].value
    assert next(each for each in told.items if each.name == port).in_bps is not None
