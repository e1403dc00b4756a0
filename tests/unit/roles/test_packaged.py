"""Every packaged role keeps the rules that plans, the lab's mirror and the auditor rely on."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dcctl import checks, discovery, platforms
from dcctl.planning.roles import load_roles

ROOT = discovery.data_root() / "roles"
ROLES = sorted(folder.name for folder in ROOT.iterdir() if (folder / "tasks").is_dir())
# A role gets an inventory of its own host: these would look at others, or act for them.
FOREIGN = re.compile(r"groups\[|groups\.|hostvars|delegate_to|run_once|delegate_facts")
KEYWORDS = {
    "name", "when", "loop", "loop_control", "register", "notify", "vars", "args", "block",
    "check_mode", "changed_when", "failed_when", "no_log", "diff", "until", "retries", "delay",
}  # fmt: skip


def sources(role: str) -> list[Path]:
    return [path for path in sorted((ROOT / role).rglob("*")) if path.is_file()]


def tasks(role: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for folder in ("tasks", "handlers"):
        for file in sorted((ROOT / role / folder).glob("*.yml")):
            waiting = list(yaml.load(file.read_text(), yaml.CSafeLoader))
            while waiting:
                task = waiting.pop(0)
                found.append(task)
                waiting += task.get("block", [])
    return found


def variables(role: str) -> dict[str, Any]:
    return dict(yaml.load((ROOT / role / "defaults" / "main.yml").read_text(), yaml.CSafeLoader))


def options(role: str) -> dict[str, Any]:
    spec = yaml.load((ROOT / role / "meta" / "argument_specs.yml").read_text(), yaml.CSafeLoader)
    return dict(spec["argument_specs"]["main"]["options"])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_its_own_host_only(role: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sources(role)
        if (match := FOREIGN.search(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ["x: \"{{ groups['all'] }}\"", "delegate_to: a", "{{ hostvars.b }}"]
)
def test_the_rule_above_sees_what_it_forbids(line: str) -> None:
    assert FOREIGN.search(line)


@pytest.mark.parametrize("role", ROLES)
def test_variables_carry_the_roles_name_and_are_all_specified(role: str) -> None:
    assert [name for name in variables(role) if not name.startswith(f"{role}_")] == []
    assert variables(role).keys() - options(role).keys() == set()
    without = options(role).keys() - variables(role).keys()
    assert [name for name in without if not options(role)[name].get("required")] == []


@pytest.mark.parametrize("role", ROLES)
def test_packages_are_listed_where_a_mirror_finds_them(role: str) -> None:
    assert variables(role)[f"{role}_packages"]
    installed = [
        task["ansible.builtin.apt"]["name"] for task in tasks(role) if "ansible.builtin.apt" in task
    ]
    assert installed == [f"{{{{ {role}_packages }}}}"]


@pytest.mark.parametrize("role", ROLES)
def test_modules_are_builtin_or_their_collection_is_declared(role: str) -> None:
    spec = load_roles([ROOT])[role]
    used = {key.rpartition(".")[0] for task in tasks(role) for key in task.keys() - KEYWORDS}
    assert used - {"ansible.builtin"} == set(spec.collections)


@pytest.mark.parametrize("role", ROLES)
def test_a_command_says_whether_it_reads_or_changes(role: str) -> None:
    """One that reads runs in check mode too; one that changes counts: predictions need it."""
    vague = []
    for task in tasks(role):
        if "ansible.builtin.command" in task:
            reads = task.get("changed_when") is False and task.get("check_mode") is False
            changes = task.get("changed_when") is True and "check_mode" not in task
            if not reads and not changes:
                vague.append(task["name"])
    assert vague == []


@pytest.mark.parametrize("role", ROLES)
def test_what_verifies_a_role_exists_and_is_collected(role: str) -> None:
    spec = load_roles([ROOT])[role]
    known = checks.all_checks()
    assert [check for check in spec.verify if check not in known] == []
    for platform in spec.applies_to:
        found = [platforms.get(platform)]
        if found[0].beneath:
            found.append(platforms.get(found[0].beneath))
        collected = {collector.topic for one in found for collector in one.collectors}
        assert {topic for check in spec.verify for topic in known[check].topics} <= collected


@pytest.mark.parametrize("role", ROLES)
def test_a_secret_is_neither_shown_nor_diffed(role: str) -> None:
    bare = [
        task["name"]
        for task in tasks(role)
        if re.search(r"_password\b|_key_file\b", str(task.get("ansible.builtin.copy", "")))
        and not (task.get("no_log") or task.get("diff") is False)
    ]
    assert bare == []
