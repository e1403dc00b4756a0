"""Roles are found, held to their dcctl.yml and ordered; errors name file and line."""

import os
from pathlib import Path

import pytest

from dcctl import discovery
from dcctl.discovery import tree_digest
from dcctl.errors import InvalidContribution
from dcctl.planning.roles import load_role, load_roles, order

GOOD = "title: A role\napplies_to: [linux]\nrisk: low\nverify: [system.hostname]\n"


def role(root: Path, name: str, text: str = GOOD) -> Path:
    folder = root / name
    (folder / "tasks").mkdir(parents=True)
    (folder / "tasks" / "main.yml").write_text("[]\n")
    (folder / "dcctl.yml").write_text(text)
    return folder


def test_fields_and_defaults(tmp_path: Path) -> None:
    role(tmp_path, "first")
    folder = role(
        tmp_path, "second", GOOD + "after: [first]\nguarded: true\npeers: [time_servers]\n"
    )
    spec = load_roles([tmp_path])["second"]
    assert (spec.title, spec.applies_to, spec.risk) == ("A role", ("linux",), "low")
    assert (spec.after, spec.guarded, spec.peers) == (("first",), True, ("time_servers",))
    assert spec.verify == ("system.hostname",)
    assert spec.collections == ()
    assert spec.path == str(folder)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (GOOD + "afer: [base]\n", 5, "has no afer"),
        (GOOD + "risk: high\n", 5, "twice"),
        (GOOD.replace("risk: low", "risk: huge"), 3, "low, medium or high"),
        (GOOD.replace("[linux]", "linux"), 2, "list of platforms"),
        (GOOD + "guarded: 'yes'\n", 5, "true or false"),
        (GOOD.replace("verify: [system.hostname]\n", ""), None, "verify is missing"),
        ("title: [a\nrisk: low\n", 2, "is no YAML"),
        ("title:\ta\n", 1, "is no YAML"),
        ("- a\n", 1, "no mapping"),
        ("", 1, "no mapping"),
        ("a\x00b", None, "is no YAML"),
        ("x: " + "y" * 70_000, None, "too long"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    folder = role(tmp_path, "bad", text)
    with pytest.raises(InvalidContribution, match=words) as caught:
        load_roles([tmp_path])
    assert caught.value.place is not None
    assert caught.value.place.file == str(folder / "dcctl.yml")
    assert caught.value.place.line == line


def test_a_role_without_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "bare" / "tasks").mkdir(parents=True)
    with pytest.raises(InvalidContribution, match=r"bare/dcctl.yml.*can't be read"):
        load_roles([tmp_path])


def test_a_folder_without_tasks_is_no_role(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    assert load_roles([tmp_path, tmp_path / "absent"]) == {}


def test_a_role_that_lost_its_tasks_is_told(tmp_path: Path) -> None:
    folder = role(tmp_path, "x")
    (folder / "tasks" / "main.yml").unlink()
    (folder / "tasks").rmdir()
    with pytest.raises(InvalidContribution) as caught:
        load_roles([tmp_path])
    assert caught.value.place is not None
    assert caught.value.place.file == str(folder)
    assert "no tasks" in str(caught.value)


def test_after_decides_the_order_and_names_decide_the_rest(tmp_path: Path) -> None:
    role(tmp_path, "zeta")
    role(tmp_path, "alpha", GOOD + "after: [zeta]\n")
    role(tmp_path, "beta")
    roles = load_roles([tmp_path])
    assert list(roles) == ["beta", "zeta", "alpha"]
    assert order(["alpha", "zeta"], roles) == ("zeta", "alpha")


def test_a_circle_names_its_members(tmp_path: Path) -> None:
    role(tmp_path, "hen", GOOD + "after: [egg]\n")
    role(tmp_path, "egg", GOOD + "after: [hen]\n")
    with pytest.raises(InvalidContribution, match=r"hen.*egg|egg.*hen"):
        load_roles([tmp_path])


def test_after_an_unknown_role_is_told(tmp_path: Path) -> None:
    role(tmp_path, "one", GOOD + "after: [basis]\n")
    with pytest.raises(InvalidContribution, match="no role basis"):
        load_roles([tmp_path])


def test_shadowing_is_refused_unless_declared(tmp_path: Path) -> None:
    own = role(tmp_path / "own", "base")
    role(tmp_path / "packaged", "base")
    paths = [tmp_path / "own", tmp_path / "packaged"]
    with pytest.raises(InvalidContribution, match="also in"):
        load_roles(paths)
    assert load_roles(paths, shadowing=["base"])["base"].path == str(own)


def test_a_bad_name_is_told(tmp_path: Path) -> None:
    role(tmp_path, "my-role")
    with pytest.raises(InvalidContribution, match="no name for a role"):
        load_roles([tmp_path])


def test_the_digest_covers_contents_names_and_the_executable_bit(tmp_path: Path) -> None:
    folder = role(tmp_path, "one")
    before = tree_digest(folder)
    assert load_role(folder).digest == before
    os.utime(folder / "tasks" / "main.yml", (1, 1))
    assert tree_digest(folder) == before  # nobody's clock is in it
    changes = []
    (folder / "tasks" / "main.yml").chmod(0o755)
    changes.append(tree_digest(folder))
    (folder / "tasks" / "main.yml").write_text("[ ]\n")
    changes.append(tree_digest(folder))
    (folder / "tasks" / "main.yml").rename(folder / "tasks" / "other.yml")
    changes.append(tree_digest(folder))
    assert len({before, *changes}) == 4


def test_a_link_out_of_a_role_is_refused(tmp_path: Path) -> None:
    folder = role(tmp_path / "roles", "one")
    (folder / "link").symlink_to("tasks/main.yml")
    assert load_role(folder).digest
    (tmp_path / "outside").write_text("what no digest covers")
    (folder / "tasks" / "more.yml").symlink_to("../../../outside")
    with pytest.raises(InvalidContribution, match=r"tasks/more\.yml is a link that leads out"):
        load_role(folder)


def test_the_packaged_roles_load() -> None:
    roles = load_roles([discovery.data_root() / "roles"])
    assert list(roles).index("base") < list(roles).index("accounts") < list(roles).index("firewall")
    assert {name for name, spec in roles.items() if spec.guarded} == {"firewall", "ssh_hardening"}
