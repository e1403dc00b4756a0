"""Every verb as an operator calls it, over one lab of two simulated routers."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.unit.cli.test_words import dcctl as called

ONE = ("--lab", "--limit", "p01-pe1")


def dcctl(root, *arguments, language="en", **more):
    return called(root, *arguments, language=language, **more)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("verbs")
    assert dcctl(folder, "init", "site").returncode == 0
    root = folder / "site"
    up = dcctl(root, "lab", "up", "--limit", "p01-pe1,p01-pe2")
    assert up.returncode == 0, up.stderr
    yield root
    assert dcctl(root, "lab", "down").returncode == 0


@pytest.fixture(scope="module")
def found(lab):
    """A check of a router as it left the factory: much is wrong with it."""
    done = dcctl(lab, "check", *ONE, "--output", "json")
    assert done.returncode == 3, done.stderr
    return json.loads(done.stdout)


def one_line(done, code):
    assert (done.returncode, done.stdout) == (code, ""), done
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def test_runs_are_listed_and_shown_as_table_json_and_yaml(lab, found):
    run = found["run"]["id"]
    table = dcctl(lab, "runs", "list", "--lab")
    assert run in table.stdout
    assert "finished" in table.stdout
    as_json = json.loads(dcctl(lab, "runs", "list", "--lab", "-o", "json").stdout)
    as_yaml = yaml.load(dcctl(lab, "runs", "list", "--lab", "-o", "yaml").stdout, yaml.CSafeLoader)
    assert as_json == as_yaml
    assert run in {row["id"] for row in as_json}
    assert json.loads(dcctl(lab, "runs", "show", run, "--lab", "-o", "json").stdout) == found
    assert (
        yaml.load(dcctl(lab, "runs", "show", run, "--lab", "-o", "yaml").stdout, yaml.CSafeLoader)
        == found
    )


def test_a_table_shows_what_is_not_fine_in_the_reader_s_language(lab, found):
    run = found["run"]["id"]
    english = dcctl(lab, "runs", "show", run, "--lab").stdout
    vietnamese = dcctl(lab, "runs", "show", run, "--lab", language="vi").stdout
    bad = {row["check"] for row in found["findings"] if row["status"] == "fail"}
    assert bad
    assert all(check in english and check in vietnamese for check in bad)
    assert "fail" in english
    assert "không đạt" in vietnamese
    assert " fail " not in vietnamese
    assert "not_applicable" not in english


def test_a_finished_run_is_watched_to_its_end_and_not_resumed(lab, found):
    run = found["run"]["id"]
    watched = dcctl(lab, "runs", "watch", run, "--lab")
    assert watched.returncode == 3
    assert "p01-pe1/collect:facts" in watched.stderr
    assert "nothing to resume" in one_line(dcctl(lab, "runs", "resume", run, "--lab"), 6)


def test_what_failed_is_run_again_and_only_that(lab, found):
    again = dcctl(lab, "runs", "rerun", found["run"]["id"], "--failed", "--lab", "-o", "json")
    assert again.returncode == 3, again.stderr
    record = json.loads(again.stdout)
    assert set(record["plan"]["targets"]) == {"p01-pe1"}
    assert record["run"]["id"] != found["run"]["id"]


@pytest.mark.parametrize("verb", ["show", "watch", "resume", "cancel", "rerun"])
def test_a_run_that_is_not_there_is_one_line(lab, found, verb):
    assert found
    assert "19700101" in one_line(dcctl(lab, "runs", verb, "19700101", "--lab"), 2)


def test_exec_reads_and_refuses(lab):
    done = dcctl(lab, "exec", *ONE, "--", "show", "version")
    assert done.returncode == 0, done.stderr
    assert "Cisco IOS XE" in done.stdout
    before = dcctl(lab, "runs", "list", "--lab", "-o", "json").stdout
    assert "reload" in one_line(dcctl(lab, "exec", *ONE, "--", "reload"), 6)
    assert dcctl(lab, "runs", "list", "--lab", "-o", "json").stdout == before, "nothing was run"


def test_ssh_refuses_what_has_no_twin_before_it_dials(lab):
    assert "no twin" in one_line(dcctl(lab, "ssh", "p24-pe1", "--lab"), 6)
    said = one_line(dcctl(lab, "ssh", "p01-pe9"), 2)
    assert "no host is called p01-pe9" in said
    assert "p01-pe1" in said


def test_a_plan_that_is_altered_or_unknown_is_not_applied(lab):
    assert "beef" in one_line(dcctl(lab, "apply", "beef" * 4, "--lab", "--yes"), 2)


def test_unknown_names_are_told_with_near_ones(lab):
    said = one_line(dcctl(lab, "inventory", "show", "p01-pe9"), 2)
    assert "no host is called p01-pe9" in said
    assert "p01-pe1" in said
    assert "is a group" in one_line(dcctl(lab, "inventory", "show", "lab_demo"), 2)


def test_a_wrong_format_is_told_before_anything_is_looked_up(tmp_path):
    said = one_line(dcctl(tmp_path, "report", "--format", "nosuch"), 2)
    assert "no report format nosuch" in said
    assert "html" in said


def test_schemas_are_json_schemas_and_go_into_a_folder(tmp_path):
    printed = json.loads(dcctl(tmp_path, "inventory", "schema").stdout)
    assert dcctl(tmp_path, "inventory", "schema", "schemas").returncode == 0
    written = {p.name.removesuffix(".schema.json"): p for p in (tmp_path / "schemas").iterdir()}
    assert set(written) == set(printed)
    assert all(json.loads(path.read_text()) == printed[name] for name, path in written.items())


def test_checks_are_listed_and_explained_in_both_languages(tmp_path):
    listed = json.loads(dcctl(tmp_path, "check", "list", "-o", "json").stdout)
    assert "disks.space" in {check["id"] for check in listed}
    for language, word in (("en", "severity"), ("vi", "mức nghiêm trọng")):
        text = dcctl(tmp_path, "check", "explain", "disks.space", language=language).stdout
        assert word in text
        assert "warn_percent" in text
    assert "check list" in one_line(dcctl(tmp_path, "check", "explain", "nope"), 2)


def test_each_fault_of_a_kind_stands_once(tmp_path):
    rows = json.loads(dcctl(tmp_path, "lab", "fault", "-o", "json").stdout)
    seen = [(kind, row["name"]) for row in rows for kind in row["kinds"]]
    assert len(seen) == len(set(seen))
    lines = dcctl(tmp_path, "lab", "fault").stdout.splitlines()
    kinds = [line.split("  ")[0].strip() for line in lines if "host key" in line]
    assert len(kinds) == len(set(kinds)) == 2


def test_a_traceback_is_shown_with_debug_only(tmp_path):
    quiet = dcctl(tmp_path, "inventory", "list")
    assert "Traceback" not in quiet.stdout + quiet.stderr
    assert "dcctl.yml" in one_line(quiet, 2)
    assert "Traceback" in dcctl(tmp_path, "--debug", "inventory", "list").stderr
