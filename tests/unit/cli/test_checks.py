"""What the checks are, as a site has them; and where the options of `exec` end."""

from __future__ import annotations

import json

from tests.unit.cli.test_words import dcctl
from tests.unit.estate import site

TAILORED = "concurrency: 5\nchecks: {disks.space: {fail_percent: 77}}"


def test_a_site_s_thresholds_are_listed_and_explained(tmp_path) -> None:
    root = site.write(tmp_path / "site", site.changed("dcctl.yml", ("concurrency: 5", TAILORED)))
    outside = tmp_path / "outside"
    outside.mkdir()
    for verb in (("list",), ("explain", "disks.space")):
        asked = ("check", *verb, "-o", "json")
        found = {}
        for name, done in {
            "named": dcctl(outside, *asked, "--site", str(root)),
            "here": dcctl(root, *asked),
            "outside": dcctl(outside, *asked),
        }.items():
            assert done.returncode == 0, done
            rows = json.loads(done.stdout)
            (row,) = (
                r for r in (rows if isinstance(rows, list) else [rows]) if r["id"] == "disks.space"
            )
            found[name] = row["parameters"]["fail_percent"]
        assert (found["named"], found["here"]) == (77, 77)
        assert found["outside"] != 77
    told = dcctl(root, "check", "explain", "disks.space", language="en").stdout
    assert f"fail_percent = 77 (default: {found['outside']})" in told
    assert dcctl(outside, "check", "list", "--site", str(outside)).returncode == 2


def test_an_option_of_ours_is_not_sent_to_a_device(tmp_path) -> None:
    root = site.write(tmp_path)
    for tail in (("-o", "json"), ("--output", "yaml"), ("--output=table",)):
        done = dcctl(root, "exec", "-l", "r1", "--", "show", "version", *tail, language="en")
        assert (done.returncode, done.stdout) == (2, ""), done
        assert f"dcctl exec {' '.join(tail)} -- show version" in done.stderr
    assert "-- COMMAND" in dcctl(root, "exec", "--help", language="en").stdout
