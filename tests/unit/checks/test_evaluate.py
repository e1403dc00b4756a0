"""Whatever happens to a check, there is exactly one finding, and never a pass by accident."""

from __future__ import annotations

import ast
import importlib
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl import checks
from dcctl.contracts import Check, Judgement
from dcctl.errors import InvalidContribution, InvalidInput, NotFound
from dcctl.facts.system import System
from dcctl.model.outcome import Reading
from dcctl.model.plain import to_plain
from dcctl.model.status import FindingStatus, NotEvaluated, ReadingStatus, Severity
from dcctl.model.target import UNMANAGED, Target
from dcctl.text import Text

SERVER = Target(name="t1", platform="linux", kind="server")
FACT = System(hostname="t1", time_zone="Asia/Ho_Chi_Minh", reboot_required=False)


def read(status=ReadingStatus.PARSED, value=FACT, **more) -> dict[str, Reading]:
    return {"system": Reading(topic="system", status=status, value=value, **more)}


@pytest.fixture
def contribute(tmp_path, monkeypatch):
    """Put a module of checks where they are looked for, as a contributor would."""

    def put(source: str, name: str = "made_up") -> None:
        path = tmp_path / "more"
        path.mkdir(exist_ok=True)
        header = (
            "from dcctl.contracts import Check, Judgement\n"
            "from dcctl.model.status import FindingStatus, Severity\n"
            "from dcctl.text import Text\n"
            "def made(id, judge, **more):\n"
            "    return Check(id=id, title='t', pack='made', severity=Severity.LOW, judge=judge,\n"
            "        **{'topics': ('system',), 'rationale': 'r', 'remediation': 'r', **more})\n"
        )
        (path / f"{name}.py").write_text(header + source)
        monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(path)])
        importlib.invalidate_caches()
        checks.all_checks.cache_clear()

    yield put
    checks.all_checks.cache_clear()
    for module in [name for name in sys.modules if name.startswith("dcctl.checks.made_up")]:
        del sys.modules[module]


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ({}, NotEvaluated.NOT_STARTED),
        (read(ReadingStatus.UNREACHABLE, None), NotEvaluated.UNREACHABLE),
        (read(ReadingStatus.ERROR, None, message="boom"), NotEvaluated.ERROR),
        (read(ReadingStatus.NO_TEMPLATE, None), NotEvaluated.NO_COLLECTOR),
        (read(ReadingStatus.NO_TEMPLATE, None, evidence=("ab",)), NotEvaluated.UNPARSED),
    ],
)
def test_what_was_not_read_is_not_evaluated(readings, reason) -> None:
    (finding,) = checks.evaluate(SERVER, readings, {"system.hostname": {}})
    assert finding.status is FindingStatus.NOT_EVALUATED
    assert finding.reason == reason
    assert "system" in str(finding.message)


def test_unmanaged_equipment_is_never_judged() -> None:
    target = Target(name="sw1", platform=UNMANAGED, kind="switch")
    asked = checks.tailor(checks.all_checks())
    found = checks.evaluate(target, read(), asked)
    assert {finding.reason for finding in found} == {NotEvaluated.UNMANAGED}
    assert [finding.check for finding in found] == list(asked)


def test_a_finding_carries_what_a_report_needs() -> None:
    readings = read(evidence=("ab" * 32,))
    (finding,) = checks.evaluate(SERVER, readings, {"system.time_zone": {"zone": "Etc/UTC"}})
    check = checks.all_checks()["system.time_zone"]
    assert finding.status is FindingStatus.FAIL
    assert (finding.title, finding.remediation) == (check.title, check.remediation)
    assert (finding.observed, finding.expected) == ("Asia/Ho_Chi_Minh", "Etc/UTC")
    assert finding.severity is check.severity
    assert finding.evidence == ("ab" * 32,)


def test_facts_from_the_journal_judge_like_fresh_ones() -> None:
    asked = checks.tailor(checks.resolve(["system.*"]))
    fresh = checks.evaluate(SERVER, read(), asked)
    kept = checks.evaluate(SERVER, read(value=to_plain(FACT)), asked)
    assert fresh == kept
    assert {finding.status for finding in fresh} >= {FindingStatus.PASS, FindingStatus.FAIL}


def test_an_unknown_check_is_told() -> None:
    (finding,) = checks.evaluate(SERVER, read(), {"gone.away": {}})
    assert (finding.status, finding.reason) == (FindingStatus.NOT_EVALUATED, NotEvaluated.ERROR)
    assert "gone.away" in str(finding.message)


@pytest.mark.parametrize(
    "judge",
    [
        "lambda *_: 1 / 0",
        "lambda *_: None",
        "lambda *_: True",
        "lambda *_: Judgement(status=FindingStatus.NOT_APPLICABLE, message=Text('x'))",
        "lambda *_: Judgement(status=FindingStatus.PASS, message=Text('x'), observed=object())",
        "lambda target, facts, parameters: parameters['absent']",
    ],
)
def test_a_check_that_fails_itself_is_no_pass(contribute, judge) -> None:
    contribute(f"CHECKS = (made('made.up', {judge}),)")
    (finding,) = checks.evaluate(SERVER, read(), {"made.up": {}})
    assert (finding.status, finding.reason) == (FindingStatus.NOT_EVALUATED, NotEvaluated.ERROR)
    assert "made.up" in str(finding.message)


@settings(deadline=None)
@given(
    readings=st.dictionaries(
        st.sampled_from(["system", "disks", "services", "sockets", "volumes", "backup"]),
        st.sampled_from(list(ReadingStatus)),
    ),
    intent=st.dictionaries(
        st.sampled_from(["services", "volumes", "routing", "release"]),
        st.one_of(st.none(), st.integers(), st.text(), st.lists(st.integers()), st.just({})),
    ),
)
def test_nothing_asked_vanishes(readings, intent) -> None:
    asked = checks.tailor(checks.all_checks())
    target = Target(name="t1", platform="linux", kind="server", intent=intent)
    given_ = {
        topic: Reading(topic=topic, status=status, value="nonsense")
        for topic, status in readings.items()
    }
    found = checks.evaluate(target, given_, asked)
    assert [finding.check for finding in found] == list(asked)
    for finding in found:
        for topic in checks.all_checks()[finding.check].topics:
            read_ = readings.get(topic) in {ReadingStatus.PARSED, ReadingStatus.EMPTY}
            assert read_ or finding.status is not FindingStatus.PASS


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("CHECKS = (made('Made Up', print),)", "Made Up"),
        ("CHECKS = (made('system.hostname', print),)", "system.hostname"),
        ("CHECKS = (made('made.up', print, topics=('nothing',)),)", "nothing"),
        ("CHECKS = (made('made.up', print, follows=('gone.away',)),)", "gone.away"),
        ("CHECKS = ('made.up',)", "made_up.py"),
        ("NOTHING = ()", "made_up.py"),
        ("raise RuntimeError('broken')", "made_up"),
    ],
)
def test_a_wrong_contribution_fails_at_start_and_is_named(contribute, source, names) -> None:
    contribute(source)
    with pytest.raises(InvalidContribution, match=names.replace(".", r"\.")):
        checks.all_checks()


def test_names_packs_and_patterns_stand_for_checks() -> None:
    assert checks.resolve(["volume.health"]) == ("volume.health",)
    assert checks.resolve(["health"]) == tuple(checks.pack("health"))
    everything = set(checks.resolve(["health", "baseline", "audit"]))
    assert everything == set(checks.resolve(["*"])) == set(checks.all_checks())
    assert checks.resolve(["ssh_server.*", "ssh_server.ciphers"]) == tuple(
        check for check in checks.all_checks() if check.startswith("ssh_server.")
    )


def test_enough_checks_in_each_pack() -> None:
    assert set(checks.packs()) == {"health", "baseline", "audit"}
    assert len(checks.all_checks()) >= 30
    assert len(checks.pack("baseline")) >= 10


@pytest.mark.parametrize(("name", "near"), [("volume.helth", "volume.health"), ("helth", "health")])
def test_a_name_that_stands_for_nothing(name, near) -> None:
    with pytest.raises(NotFound) as raised:
        checks.resolve([name])
    assert near in str(raised.value.hint)


def test_a_site_tailors_thresholds() -> None:
    tailored = checks.tailor(["disks.space", "disks.inodes"], {"disks.space": {"warn_percent": 70}})
    assert tailored["disks.space"] == {"warn_percent": 70, "fail_percent": 90}
    assert tailored["disks.inodes"]["warn_percent"] == 80


@pytest.mark.parametrize(
    ("site", "error", "says"),
    [
        ({"disks.spaces": {}}, NotFound, "disks.spaces"),
        ({"disks.space": {"warn": 70}}, NotFound, "warn"),
        ({"disks.space": {"warn_percent": "70"}}, InvalidInput, "a whole number"),
        ({"disks.space": {"warn_percent": True}}, InvalidInput, "a whole number"),
        ({"disks.space": {"warn_percent": -1}}, InvalidInput, "zero or more"),
        ({"disks.space": 70}, InvalidInput, "int"),
        ({"time_sync.offset": {"maximum_s": "1"}}, InvalidInput, "a number"),
        ({"system.time_zone": {"zone": 7}}, InvalidInput, "text"),
        ({"services.none_failed": {"ignore": "ssh"}}, InvalidInput, "a list"),
        ({"services.none_failed": {"ignore": [1]}}, InvalidInput, "a list of str"),
        ({"kernel.sysctls": {"values": []}}, InvalidInput, "a mapping"),
        ({"version.reachable": {"x": 1}}, NotFound, "x"),
    ],
)
def test_wrong_tailoring_is_refused_also_for_checks_not_asked(site, error, says) -> None:
    with pytest.raises(error, match=says):
        checks.tailor(["volume.health"], site)


def test_a_negative_threshold_may_stay_negative() -> None:
    site = {"optics.receive_power": {"rx_low_alarm_dbm": -30.5}}
    tailored = checks.tailor(["optics.receive_power"], site)
    assert tailored["optics.receive_power"]["rx_low_alarm_dbm"] == -30.5


def test_the_topics_to_read() -> None:
    assert checks.topics(["volume.health", "volume.scrub_age", "disks.space"]) == (
        "disks",
        "volumes",
    )


def test_what_does_not_apply_needs_nothing_read() -> None:
    router = Target(name="r1", platform="frr", kind="router")
    assert checks.applicable(router, ["volume.health", "version.reachable"]) == (
        "version.reachable",
    )
    (finding,) = checks.evaluate(router, {}, {"volume.health": {}})
    assert finding.status is FindingStatus.NOT_APPLICABLE


def test_every_check_says_why_and_what_to_do() -> None:
    for check in checks.all_checks().values():
        assert isinstance(check, Check)
        assert isinstance(check.severity, Severity)
        for text in (check.title, check.rationale, check.remediation):
            assert text
            assert text[0].isupper()
        assert check.rationale.endswith("."), check.id
        assert check.remediation.endswith("."), check.id
        assert not check.title.endswith("."), check.id
        assert check.id not in check.follows


def test_a_judgement_is_plain() -> None:
    assert Judgement(status=FindingStatus.PASS, message=Text("x")).reason == ""


def test_who_asks_says_which_day_counts() -> None:
    asked = checks.tailor(["version.supported", "system.hostname"])
    named = checks.dated(asked, date(2026, 11, 22))
    assert named["version.supported"]["on"] == "2026-11-22"
    assert "on" not in named["system.hostname"]
    assert asked["version.supported"]["on"] == ""
    site = checks.tailor(["version.supported"], {"version.supported": {"on": "2030-01-01"}})
    assert checks.dated(site, date(2026, 11, 22))["version.supported"]["on"] == "2030-01-01"


def test_no_check_asks_a_clock() -> None:
    for path in Path(checks.__file__).parent.glob("*.py"):
        names = {
            node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)
        }
        assert not names & {"clock", "datetime", "time"}, path.name
