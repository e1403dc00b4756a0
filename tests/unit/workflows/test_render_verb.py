"""`dcctl render`: one file a host, no secret, errors with their template's line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dcctl import discovery
from dcctl.errors import NotFound
from dcctl.workflows.render import render, write
from dcctl.workflows.services import open_site
from tests.faults.planting import copied

LIMIT = "p01-pe1,hl-cor-r1,hl-oob-r1"


def test_one_file_a_host_and_no_hash_in_it(tmp_path: Path) -> None:
    with open_site(discovery.data_root()) as services:
        made = list(render(LIMIT, services))
        hashes = {
            value
            for name in LIMIT.split(",")
            for user in services.estate.target(name).variables.get("network_users", ())
            for value in user["hashes"].values()
        }
    assert hashes
    paths = [write(one, tmp_path / "out") for one in made]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"{name}.cfg" for name in LIMIT.split(",")
    )
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert path.stem in text
        assert not [value for value in hashes if value in text]
    assert "«redacted»" in (tmp_path / "out" / "p01-pe1.cfg").read_text(encoding="utf-8")


def test_an_error_names_file_and_line_and_hinders_no_other_host(tmp_path: Path) -> None:
    root = copied(tmp_path)
    mine = root / "templates/devices/frr/config.j2"
    mine.parent.mkdir(parents=True)
    mine.write_text("hostname {{ target.name }}\n!\nntp {{ target.variables.nobody }}\n")
    config = (root / "dcctl.yml").read_text(encoding="utf-8")
    (root / "dcctl.yml").write_text(config + "overrides: [templates/devices/frr/config.j2]\n")
    with open_site(root) as services:
        made = {one.target: one for one in render(LIMIT, services)}
    problem = made["hl-oob-r1"].problem
    assert problem is not None
    assert re.search(r"frr/config\.j2:3: .*hl-oob-r1.*nobody", str(problem))
    assert made["p01-pe1"].problem is None
    shutil.rmtree(mine.parents[2])


def test_what_has_no_configuration_is_told() -> None:
    with (
        open_site(discovery.data_root()) as services,
        pytest.raises(NotFound, match="selects nothing that has an intended"),
    ):
        list(render("hl-mgt-a01", services))
