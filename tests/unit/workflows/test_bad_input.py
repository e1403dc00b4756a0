"""Bad input through the command line: one clear line, the right exit code, and nothing lost."""

from __future__ import annotations

import json
import resource
import subprocess
from pathlib import Path

import pytest

from tests import command_line
from tests.unit.estate import site

HOSTS = "inventory/hosts/servers.yml"
ALL = "inventory/hosts/group_vars/all.yml"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def dcctl(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    told = {"DCCTL_LANG": "en", "DCCTL_SITE": str(root)}
    return command_line.dcctl(*arguments, cwd=Path.cwd(), env=told)


def one_line(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line on stderr of a verb that said nothing else."""
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines), done.stdout) == (code, 1, ""), done
    assert lines[0].startswith("error: ")
    return lines[0].removeprefix("error: ")


@pytest.mark.parametrize(
    ("shown", "content", "place"),
    [
        (HOSTS, b"servers: [\n", f"{HOSTS}:"),
        (HOSTS, b'servers:\n  hosts:\n    "s1\n', f"{HOSTS}:"),
        (HOSTS, b"servers:\n\thosts:\n", f"{HOSTS}:2"),
        (HOSTS, b"servers:\n  vars: {a: 1}\n  vars: {a: 2}\n", f"{HOSTS}:3"),
        (HOSTS, b"servers: 5\n", f"{HOSTS}:1"),
        (HOSTS, b"servers:\n  vars: {a: \0}\n", f"{HOSTS}:2"),
        (ALL, BOMB.encode(), ALL),
        ("dcctl.yml", b"estate: [small\n", "dcctl.yml:1"),
    ],
    ids=["broken", "truncated", "tab", "duplicate", "type", "nul", "bomb", "marker"],
)
def test_a_bad_file_ends_a_verb_before_anything_is_made(tmp_path, shown, content, place):
    root = site.write(tmp_path, {shown: content})
    assert one_line(dcctl(root, "plan"), 2).startswith(place)
    assert not (root / ".dcctl" / "journal.db").exists()


def test_fifty_megabytes_are_refused_in_one_line(tmp_path):
    root = site.write(tmp_path)
    with (root / HOSTS).open("r+b") as file:
        file.truncate(50 * 2**20)  # sparse
    assert one_line(dcctl(root, "plan"), 2).startswith(f"{HOSTS}: is larger than")


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("plan", "--bogus"),
        ("plan", "--concurrency", "0"),
        ("inventory", "show"),
        ("inventory", "list", "--output", "nope"),
        ("inventory", "list", "--limit", "nobody"),
        ("check", "explain", "nope"),
        ("check", "--pack", "nope"),
        ("build", "--max-failures", "few"),
        ("runs", "show"),
        ("report", "--format", "nope"),
        ("apply", "00000000"),
        ("plan", "--lab"),
    ],
    ids=" ".join,
)
def test_a_wrong_argument_is_told_in_one_line(tmp_path, arguments):
    said = one_line(dcctl(site.write(tmp_path), *arguments), 2)
    assert said.endswith(")") or "no run yet" in said, "it says what to do"


def test_a_command_that_may_change_something_goes_nowhere(tmp_path):
    root = site.write(tmp_path)
    assert "reload" in one_line(dcctl(root, "exec", "--limit", "r1", "--", "reload"), 6)


def test_a_template_with_an_undefined_variable_is_named_with_its_line(tmp_path):
    template = "templates/devices/cisco_xe/config.j2"
    root = site.write(
        tmp_path,
        {
            **site.changed("dcctl.yml", ("concurrency: 5", f"overrides: [{template}]")),
            template: "hostname {{ target.name }}\nbanner {{ nobody_said_this }}\n",
        },
    )
    said = one_line(dcctl(root, "plan", "--offline", "--limit", "r1"), 2)
    assert said.startswith(f"{root / template}:2: ")
    assert "nobody_said_this" in said


ROLE = "roles/own/dcctl.yml"
TASKS = {"roles/own/tasks/main.yml": "[]\n"}
FRR = "templates/devices/frr/config.j2"


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ({"dcctl.yml": "checks: {no.such: {a: 1}}\n"}, "dcctl.yml: error: checks: no.such is"),
        (TASKS, f"{ROLE}: error: can't be read"),
        (TASKS | {ROLE: "title: x\nfoo: 1\n"}, f"{ROLE}:2: error: a role's"),
        ({FRR: "x\n"}, f"{FRR}: error: "),
    ],
    ids=["tailoring", "no-role-file", "role-file", "shadowing"],
)
def test_the_inventory_check_tells_what_only_a_later_verb_would_meet(tmp_path, added, told):
    root = site.write(tmp_path)
    for shown, content in added.items():
        (root / shown).parent.mkdir(parents=True, exist_ok=True)
        with (root / shown).open("a") as file:
            file.write(content)
    done = dcctl(root, "inventory", "check")
    assert done.returncode == 2, done
    assert told in done.stdout


def test_a_journal_where_nothing_can_be_written_is_one_line(tmp_path):
    nowhere = "concurrency: 5\njournal: {url: sqlite:////sys/dcctl/journal.db}"
    root = site.write(tmp_path, site.changed("dcctl.yml", ("concurrency: 5", nowhere)))
    assert "/sys/dcctl" in one_line(dcctl(root, "runs", "list"), 1)


# --- with simulated elements -------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    root = tmp_path_factory.mktemp("bad") / "site"
    made = dcctl(root.parent, "init", str(root))
    assert made.returncode == 0, made
    up = dcctl(root, "lab", "up", "--limit", "p01-pe1,p01-pe2")
    assert up.returncode == 0, up
    yield root
    assert dcctl(root, "lab", "down").returncode == 0


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("refuse_auth", "password"),
        ("changed_host_key", "host key"),
        ("service_stopped", "refused"),
    ],
)
def test_who_can_not_be_read_is_not_judged_and_the_others_are(lab, fault, told):
    assert dcctl(lab, "lab", "fault", "p01-pe1", fault).returncode == 0
    try:
        done = dcctl(lab, "check", "--lab", "--pack", "version.reach*", "--output", "json")
    finally:
        assert dcctl(lab, "lab", "fault", "p01-pe1", "clear").returncode == 0
    assert done.returncode == 4, done.stderr
    findings = {row["target"]: row for row in json.loads(done.stdout)["findings"]}
    assert findings["p01-pe1"]["status"] == "not_evaluated"
    assert findings["p01-pe1"]["reason"] == "unreachable"
    assert findings["p01-pe2"]["status"] == "pass"
    lost = [line for line in done.stderr.splitlines() if "p01-pe1/" in line]
    assert len(lost) == 1
    assert told in lost[0]


def test_a_disk_without_room_loses_nothing_that_was_told(lab):
    """Files that may not grow stand for a full disk."""
    first = dcctl(lab, "exec", "--lab", "--limit", "p01-pe1", "--", "show", "version")
    assert first.returncode == 0, first.stderr
    before = json.loads(dcctl(lab, "runs", "list", "--lab", "-n", "100", "--output", "json").stdout)
    # What Python compiled would be cut short as well, for everybody who comes after.
    full = command_line.started(
        *("exec", "--lab", "--limit", "p01-pe1", "--", "show", "version"),
        cwd=lab,
        env={"DCCTL_LANG": "en", "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert "journal.db" in one_line(full, 1)
    after = json.loads(dcctl(lab, "runs", "list", "--lab", "-n", "100", "--output", "json").stdout)
    assert after[-len(before) :] == before
    again = dcctl(lab, "exec", "--lab", "--limit", "p01-pe1", "--", "show", "version")
    assert again.returncode == 0, again.stderr
