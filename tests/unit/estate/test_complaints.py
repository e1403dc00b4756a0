"""Each bad input gets its one clear line at its exact place; a case is a file in cases/estate."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dcctl import estate
from dcctl.errors import ExitCode
from tests.unit.estate import site

CASES = sorted((Path(__file__).parents[2] / "cases" / "estate").glob("*.yml"))


def _spoil(root: Path, case: dict) -> Path:
    files = dict(case.get("files", {}))
    for shown, old, new in case.get("swap", ()):
        text = files.get(shown, site.FILES.get(shown, ""))
        assert old in text, f"{shown} holds no {old!r}"
        files[shown] = text.replace(old, new, 1)
    return site.write(root, files)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_bad_input_is_told_with_its_place(path, tmp_path):
    case = yaml.load(path.read_text(), yaml.CSafeLoader)
    assert case.keys() <= {"title", "swap", "files", "complaints"}
    root = _spoil(tmp_path, case)
    complaints = estate.check(root)
    assert [f"{one.place}: {one.text}" for one in complaints] == case["complaints"]
    for one in complaints:
        assert str(one.hint)
        assert "\n" not in f"{one.text}{one.hint}"
        assert "{" not in str(one.hint).replace("{{", ""), "a parameter of the hint is missing"
    with pytest.raises(estate.InvalidEstate) as caught:
        estate.load(root)
    assert caught.value.complaints == complaints
    assert caught.value.exit_code is ExitCode.USAGE
    assert str(complaints[0].place) in str(caught.value)


def test_the_estate_that_the_cases_spoil_is_sound(tmp_path):
    assert estate.check(site.write(tmp_path)) == ()


def test_a_warning_stops_nothing_and_is_remembered_by_the_cache(tmp_path):
    files = site.changed("inventory/hosts/group_vars/routers.yml", ("  credential: network\n", ""))
    files |= site.changed("inventory/hosts/servers.yml", ("      ansible_host: 10.0.1.1\n", ""))
    root = site.write(tmp_path, files)
    told = [f"{one.place}: {one.text}" for one in estate.check(root)]
    tried = "has no credential, so it is tried as whoever runs dcctl"
    unnamed = "s1 has no ansible_host, so its name must be known to the resolver"
    assert told == [
        f"inventory/hosts/routers.yml:3: r1 {tried}",
        f"inventory/hosts/routers.yml:11: r2 {tried}",
        f"inventory/hosts/servers.yml:5: {unnamed}",
    ]
    cold, warm = estate.load(root), estate.load(root)
    for loaded in (cold, warm):
        assert [f"{one.place}: {one.text}" for one in loaded.warnings] == told
        assert loaded.target("s1").connection.address == "s1"


def test_every_error_names_a_place_in_a_file_that_is_there(tmp_path):
    """Of a group's mistake too, which is told once and not for each of its hosts."""
    changed = site.changed("inventory/hosts/group_vars/servers.yml", ("[22]", "22"))
    (complaint,) = estate.check(site.write(tmp_path, changed))
    assert str(complaint.place) == "inventory/hosts/group_vars/servers.yml:7"
    assert str(complaint.text) == "services.listening is 22; a list is wanted"
