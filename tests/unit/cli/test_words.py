"""Typer's own words in the user's language, and what a shell is offered at Tab."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from dcctl.cli import foreign
from tests import command_line
from tests.unit.estate import site

HEAVY = {"netmiko", "paramiko", "ansible_runner", "sqlalchemy", "hier_config", "networkx", "yaml"}


def dcctl(root: Path, *arguments: str, language: str = "vi", **more: str):
    told = {"DCCTL_LANG": language, "COLUMNS": "120", **more}
    return command_line.dcctl(*arguments, cwd=root, env=told, timeout=60)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return site.write(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize("verb", ["", "plan", "exec", "runs", "inventory show"])
def test_help_is_vietnamese_throughout(small, verb):
    text = dcctl(small, *verb.split(), "--help").stdout
    assert "Cách dùng: dcctl" in text
    assert "Hiện thông báo này rồi kết thúc." in text
    english = r"Usage|Options|Commands|Arguments|\[default|\[required|Show this|Install|OPTIONS"
    assert not re.search(english, text), text
    assert "Usage: dcctl" in dcctl(small, *verb.split(), "--help", language="en").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("inventory show", "Thiếu tham số 'target'"),
        ("plan --bogus", "Không có tùy chọn --bogus"),
        ("pan", "Không có lệnh 'pan'. Ý bạn là 'plan'?"),
        ("nothing-like-it", "Không có lệnh 'nothing-like-it'"),
        ("plan --limit", "Tùy chọn '--limit' cần một giá trị"),
        ("plan -c 0", "phải lớn hơn hoặc bằng 1"),
        ("plan -c x", "phải là một số nguyên"),
        ("plan -o nope", "'nope' không thuộc 'table', 'json', 'yaml'"),
        ("plan zzz", "Thừa tham số (zzz)"),
        ("plan --lab=yes", "Tùy chọn '--lab' không nhận giá trị"),
    ],
)
def test_a_wrong_argument_is_told_in_vietnamese(small, arguments, said):
    done = dcctl(small, *arguments.split())
    assert done.returncode == 2
    assert done.stderr.startswith("lỗi: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_every_word_that_typer_looks_up_is_known_or_never_shown():
    """A Typer with new words is noticed here."""
    never = {
        "Aborted!", "Aborted.", "Error", "(deprecated) ", "(dynamic)", "required",
        "default: {default}", "env var: {var}",
        "Try [blue]'{command_path} {help_option}'[/] for help.",
    }  # fmt: skip
    looked_up = set()
    for path in Path(typer.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and node.args:
                looked_up.add(node.args[0].value.replace("{name!r}", "{name}"))
    assert looked_up, "the scan finds them"
    assert looked_up - never <= {*foreign.HELP, *foreign.COMPLAINTS}


# --- Tab ---------------------------------------------------------------------------------------


def offered(root: Path, line: str, **more: str) -> list[str]:
    words = line.split(" ")
    done = dcctl(
        root, _DCCTL_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1),
        **more,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dcctl inventory show r", ["r1", "r2"]),
        ("dcctl ssh s", ["s1", "s2"]),
        ("dcctl plan --limit rou", ["routers"]),
        ("dcctl plan --limit s1,r", ["s1,r1", "s1,r2", "s1,routers"]),
        ("dcctl plan --limit servers,!s", ["servers,!s1", "servers,!s2", "servers,!servers"]),
        ("dcctl runs show l", ["latest"]),
        ("dcctl report --format m", ["markdown"]),
        ("dcctl check explain disks.s", ["disks.space"]),
        ("dcctl check --pack hea", ["health"]),
        ("dcctl plan --output j", ["json"]),
    ],
)
def test_names_are_offered(small, line, expected):
    assert offered(small, line) == expected


def test_runs_and_plans_are_offered_from_the_journal(small):
    made = dcctl(small, "plan", "--offline", "--limit", "s1", "--output", "json")
    plan = json.loads(made.stdout)["hash"]
    assert offered(small, f"dcctl apply {plan[:4]}") == [plan[:12]]
    assert offered(small, "dcctl apply zzz") == []


def test_completion_is_silent_where_there_is_no_site_or_a_broken_one(small, tmp_path):
    broken = site.write(tmp_path / "broken", {"dcctl.yml": b"estate: [small\n"})
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    for root in (broken, nowhere):
        for line in ("dcctl plan --limit r", "dcctl runs show 2", "dcctl apply 0"):
            assert offered(root, line) == []


def test_completion_of_names_imports_nothing_heavy(small):
    offered(small, "dcctl ssh r")  # the estate is cached from here on
    probe = (
        "import sys, json\nfrom dcctl.cli import main\ntry: main()\nexcept SystemExit: pass\n"
        "print('MODULES ' + json.dumps(sorted({n.split('.')[0] for n in sys.modules})))"
    )
    for line in ("dcctl ssh r", "dcctl runs show 2", "dcctl apply 0"):
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.argv = ['dcctl']\n{probe}"],
            capture_output=True, text=True, check=True, cwd=small,
            env={**os.environ, "_DCCTL_COMPLETE": "complete_bash", "COMP_WORDS": line,
                 "COMP_CWORD": str(len(line.split(" ")) - 1)},
        )  # fmt: skip
        loaded = set(json.loads(done.stdout.rpartition("MODULES ")[2]))
        assert "dcctl" in loaded
        assert not loaded & HEAVY
