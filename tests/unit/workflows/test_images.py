"""Images at the command line: looked at, fetched from the lab's mirror, proven, not done twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dcctl.journal import Journal
from tests.unit.workflows.test_bad_input import dcctl

NAMES = ("p01-pe1", "p01-pe2", "p08-pe1")
OTHER = "p08-pe2"  # of the mirror's faults: tests don't follow each other
LIMIT = ("--lab", "--limit", ",".join(NAMES))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("images") / "site"
    assert dcctl(folder.parent, "init", str(folder)).returncode == 0
    up = dcctl(folder, "lab", "up", "--limit", ",".join((*NAMES, OTHER)))
    assert up.returncode == 0, up.stderr
    try:
        yield folder
    finally:
        assert dcctl(folder, "lab", "down").returncode == 0


def record(done: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_from_nothing_there_to_all_proven(root) -> None:
    looked = dcctl(root, "images", "check", *LIMIT, "--staged", "--output", "json")
    assert looked.returncode == 3
    told = record(looked)["outcomes"].values()
    assert {file["state"] for one in told for file in one["data"]["files"]} == {"missing"}
    assert dcctl(root, "images", "check", *LIMIT).returncode == 0

    staged = dcctl(root, "images", "stage", *LIMIT, "--yes", "--output", "json")
    assert staged.returncode == 0, staged.stderr
    found = record(staged)
    assert {one["status"] for one in found["outcomes"].values()} == {"changed"}
    assert {one["data"]["way"] for one in found["outcomes"].values()} == {"pull"}
    for wave in found["plan"]["waves"]:
        assert len({"p01-pe1", "p01-pe2"} & set(wave["targets"])) <= 1
    digests = {name.partition(":")[0] for name in found["plan"]["digests"]}
    assert digests == {"image"}

    again = dcctl(root, "images", "stage", *LIMIT, "--yes", "--output", "json")
    assert {one["status"] for one in record(again)["outcomes"].values()} == {"ok"}
    assert dcctl(root, "images", "check", *LIMIT, "--staged").returncode == 0


def test_an_element_that_another_run_changes_is_left_alone(root) -> None:
    with Journal.open("sqlite:///.dcctl/lab/journal.db", root=root, create=False) as journal:
        journal.take_locks(["target:p01-pe1"], "another-run")
        try:
            image = ("--image", "cisco_xe-17.12.4", "--way", "push")
            done = dcctl(root, "images", "stage", *LIMIT, *image, "--yes", "--output", "json")
        finally:
            journal.release_locks("another-run", ["target:p01-pe1"])
    outcomes = record(done)["outcomes"]
    assert outcomes["p01-pe1/stage:cisco_xe-17.12.4"]["reason"] == "locked"
    assert outcomes["p01-pe2/stage:cisco_xe-17.12.4"]["status"] == "ok"
    assert "p08-pe1/stage:cisco_xe-17.12.4" not in outcomes


def test_what_there_is_no_image_for_is_told(root) -> None:
    done = dcctl(root, "images", "check", *LIMIT, "--image", "cisco_xe-99")
    assert done.returncode == 2
    assert "has no image cisco_xe-99" in done.stderr


def test_the_labs_mirror_is_broken_and_healed(root) -> None:
    def staged(status: str, words: str = "") -> None:
        one = ("--lab", "--limit", OTHER, "--yes", "--output", "json")
        done = dcctl(root, "images", "stage", *one, "--image", "cisco_xr-7.11.2")
        (outcome,) = record(done)["outcomes"].values()
        assert outcome["status"] == status, outcome
        assert words in str(outcome["message"])

    assert dcctl(root, "lab", "fault", "mirror", "wrong").returncode == 0
    staged("failed", "is not what images.yml says")
    assert dcctl(root, "lab", "fault", "mirror", "dies", "after=200000").returncode == 0
    staged("failed")
    assert dcctl(root, "lab", "fault", "mirror", "wrong", "--heal").returncode == 0
    staged("changed")
    assert dcctl(root, "lab", "fault", "mirror", "sleepy").returncode == 2
    assert dcctl(root, "lab", "fault", "mirror", "dies", "after=soon").returncode == 2
