"""Configuration generations: a file a router, and lines that images.yml takes."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from dcctl import discovery, estate
from dcctl.errors import InvalidInput, NotFound
from dcctl.planning.upgrades import image_for, image_of
from dcctl.platforms.frr._generation import generation
from dcctl.workflows.generations import generations, write
from dcctl.workflows.services import Services

SITE = Path(__file__).parents[2] / "lab" / "pair"


@pytest.fixture
def services(tmp_path: Path) -> Services:
    shutil.copytree(SITE, tmp_path, dirs_exist_ok=True)
    types = discovery.data_root() / "inventory/device_types/supermicro"
    shutil.copytree(types, tmp_path / "inventory/device_types/supermicro")
    return Services(root=tmp_path, operator="lan")


def test_what_is_written_is_what_images_yml_then_wants_of_each_router(services: Services) -> None:
    made = generations("2026-11", "pair-*", services)
    assert [one.target for one in made] == ["pair-a", "pair-b"]
    folder = services.root / "generations"
    for one in made:
        path = write(one, folder)
        assert path.stat().st_mode & 0o777 == 0o600
        text = path.read_text(encoding="utf-8")
        assert generation(text) == "2026-11"
        assert f"hostname {one.target}" in text
    rows = "images:\n" + "".join(one.entry() for one in made)
    (services.root / "inventory/images.yml").write_text(rows, encoding="utf-8")
    site = estate.load(services.root)
    for one in made:
        image = image_for(site.target(one.target), site.images)
        assert image.version == "2026-11"
        assert image.system is not None
        content = (folder / image.system.name).read_bytes()
        assert image.system.sha512 == hashlib.sha512(content).hexdigest()
        assert image.system.size == len(content)
        assert image_of(site.images, site.target(one.target), "2026-11") == image
    with pytest.raises(NotFound):
        image_for(site.target("west"), site.images)
    assert image_of(site.images, site.target("west"), "2026-11") is None
    with pytest.raises(InvalidInput, match="is for pair-a, not for pair-b"):
        image_for(site.target("pair-b"), site.images, "pair-a-2026-11")


@pytest.mark.parametrize("name", ["", "a b", "../x", "é", "-x", "a;b", "x" * 80])
def test_a_name_that_a_command_line_would_act_upon_is_none(services: Services, name: str) -> None:
    with pytest.raises(InvalidInput, match="not a name of a generation"):
        generations(name, "pair-a", services)


def test_a_generation_made_of_a_generation_has_one_name() -> None:
    from dcctl.platforms.frr._generation import named

    once = named("hostname a\n!\nend\n", "blue")
    assert named(once, "green").count("DCCTL-GENERATION") == 1
    assert generation(named(once, "green")) == "green"
    assert "end" not in once.splitlines()
