"""What a person is shown can't pose as something else, and is in their language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl.cli import terminal
from dcctl.cli.show_plan import show_plan
from dcctl.planning.waves import make_waves
from dcctl.text import visible
from tests.unit.cli.test_words import dcctl
from tests.unit.estate import site
from tests.unit.running.device import Made, change, target

HOSTS = "inventory/hosts/servers.yml"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("p01\u202e1ep", "p01\\u202e1ep"),
        ("a\x1b[31mb\x07\r", "a\\u001b[31mb\\u0007\\u000d"),
        ("\u2066x\u2069\ufeff\u200b", "\\u2066x\\u2069\\ufeff\\u200b"),
        ("Hòa Lạc\tĐà Nẵng\n", "Hòa Lạc\tĐà Nẵng\n"),
        ("plain", "plain"),
    ],
)
def test_what_can_not_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_name_that_turns_the_line_around_is_told_as_it_is(tmp_path) -> None:
    root = site.write(tmp_path, site.changed(HOSTS, ("serial: S1", '"serial\\u202e": S1')))
    checked = dcctl(root, "inventory", "check", language="en")
    planned = dcctl(root, "plan", language="en")
    assert (checked.returncode, planned.returncode) == (2, 2)
    for said in (checked.stdout, planned.stderr):
        assert "serial\\u202e" in said
        assert "\u202e" not in said


def test_a_wrong_value_is_told_in_vietnamese_throughout(tmp_path) -> None:
    policy = "concurrency: 0\npolicy: {max_failures: many, safety_net_s: 1, wave_size: 99999}"
    root = site.write(tmp_path, site.changed("dcctl.yml", ("concurrency: 5", policy)))
    told = dcctl(root, "inventory", "check").stdout
    assert len(told.splitlines()) == 4
    assert "constrained" not in told
    assert "should" not in told
    assert "wanted" not in told


def test_a_wave_is_named_in_vietnamese(capsys, monkeypatch) -> None:
    monkeypatch.setenv("DCCTL_LANG", "vi")
    made = Made({"a": target("a", 1)}, [change("a", "k1")])
    waves = make_waves(made.steps, {}, canary=1)
    show_plan(replace(made.plan(), waves=waves), terminal.Output.TABLE)
    assert "đợt 1 thử trước: a" in capsys.readouterr().out
