"""Linux: probes that only read, parsers held to recorded answers, commands that only read."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dcctl import platforms
from dcctl.contracts import Collector, Output
from dcctl.errors import CommandRefused, Unparsed
from dcctl.executors import guard
from dcctl.facts import all_facts, revive
from dcctl.journal import redaction
from dcctl.model import plain

CASES = Path(__file__).parents[2] / "cases" / "linux"
LINUX = platforms.get("linux")
SLOTS = [pytest.param(collector, id=collector.topic) for collector in LINUX.collectors]


def every_case() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['case']}")
        for path in sorted(CASES.glob("*.yml"))
        for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    ]


def answer(data: Any, *, failed: bool = False) -> list[Output]:
    return [Output(command="probe", text=json.dumps(data), failed=failed)]


def collector_of(topic: str) -> Collector:
    collector = LINUX.collector(topic)
    assert collector is not None
    return collector


@pytest.mark.parametrize(("topic", "case"), every_case())
def test_a_recorded_answer_becomes_its_fact(topic: str, case: dict[str, Any]) -> None:
    assert case.keys() == {"case", "answer", "fact"}
    fact = collector_of(topic).parse(answer(case["answer"]))
    assert fact is None or isinstance(fact, all_facts()[topic])
    assert plain.to_plain(fact) == case["fact"]
    assert revive(topic, plain.to_plain(fact)) == fact


@pytest.mark.parametrize(("topic", "case"), every_case())
def test_what_is_kept_of_an_answer_gives_the_same_fact(topic: str, case: dict[str, Any]) -> None:
    """An answer is redacted before it is kept, and judged again years later."""
    collector = collector_of(topic)
    kept = redaction.redact(json.dumps(case["answer"]))
    assert plain.to_plain(collector.parse([Output(command="probe", text=kept)])) == case["fact"]
    fact = collector.parse(answer(case["answer"]))
    event = redaction.redact_event({"value": plain.to_plain(fact)})
    assert event["value"] == case["fact"]


def test_every_topic_has_cases() -> None:
    assert {path.stem for path in CASES.glob("*.yml")} == {c.topic for c in LINUX.collectors}


@pytest.mark.parametrize("collector", SLOTS)
@pytest.mark.parametrize("data", [[], "text", 7, {"unknown": 1}, {}, {"jobs": 3, "users": 3}])
def test_an_unexpected_answer_is_unparsed(collector: Collector, data: Any) -> None:
    with pytest.raises(Unparsed):
        collector.parse(answer(data))


@pytest.mark.parametrize("collector", SLOTS)
def test_a_probe_that_failed_is_unparsed_with_its_words(collector: Collector) -> None:
    with pytest.raises(Unparsed, match="no such thing"):
        collector.parse([Output(command="probe", text="no such thing", failed=True)])


@pytest.mark.parametrize("collector", SLOTS)
def test_a_probe_is_python_3_7_with_its_own_library(collector: Collector) -> None:
    (source,) = collector.commands
    tree = ast.parse(source, feature_version=(3, 7))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert not any(isinstance(node, ast.NamedExpr | ast.Match) for node in ast.walk(tree))


@pytest.mark.parametrize("collector", SLOTS)
def test_a_probe_writes_nothing_and_walks_no_file_system(collector: Collector) -> None:
    calls = [n for n in ast.walk(ast.parse(collector.commands[0])) if isinstance(n, ast.Call)]
    names = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
    assert not names & {
        *("walk", "fwalk", "scandir", "glob", "iglob", "rglob", "write", "remove", "unlink"),
        *("rename", "mkdir", "makedirs", "rmdir", "chmod", "chown", "truncate", "symlink"),
        *("system", "popen", "Popen", "kill", "utime"),
    }
    for node in calls:
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            assert len(node.args) == 1, "opened for reading"
            assert not any(keyword.arg == "mode" for keyword in node.keywords)
        assert not any(keyword.arg == "shell" for keyword in node.keywords)


@pytest.mark.parametrize("collector", SLOTS)
def test_a_probe_runs_here(collector: Collector) -> None:
    """On the machine that tests: its parser takes the answer, or it says what is missing."""
    source = collector.commands[0] + "\nimport json\nprint(json.dumps(probe()))\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", source],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:  # such as systemctl where there is no systemd
        assert "RuntimeError: " in done.stderr
        return
    data = json.loads(done.stdout)
    if collector.topic == "accounts" and not data["shadow_read"]:
        return  # the one topic that needs root to mean anything
    fact = collector.parse(answer(data))
    assert fact is None or isinstance(fact, all_facts()[collector.topic])


def test_no_hash_leaves_the_host(tmp_path) -> None:
    files = {
        "/etc/passwd": "root:x:0:0::/root:/bin/sh\nopen:x:5:5::/:/bin/sh\nold:ab:6:6::/:/bin/sh\n",
        "/etc/shadow": "root:$y$j9T$SALTSALT$HASHHASH:20000::::::\nopen::20000::::::\n",
        "/etc/group": "root:x:0:\n",
    }
    source = collector_of("accounts").commands[0]
    for path, text in files.items():
        put = tmp_path / path.lstrip("/")
        put.parent.mkdir(exist_ok=True)
        put.write_text(text)
        source = source.replace(path, str(put))
    script = source + "\nimport json\nprint(json.dumps(probe()))\n"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert "HASH" not in done.stdout
    assert "SALT" not in done.stdout
    fact = collector_of("accounts").parse(answer(json.loads(done.stdout)))
    assert [user.entry for user in fact.users] == ["set", "empty", "set"]


def probed(topic: str, files: dict[str, str], folder: Path) -> str:
    """What the probe of a topic answers where `files` stand."""
    source = collector_of(topic).commands[0]
    for path, text in files.items():
        put = folder / path.lstrip("/")
        put.parent.mkdir(parents=True, exist_ok=True)
        put.write_text(text)
        source = source.replace(path, str(put))
    script = source + "\nimport json\nprint(json.dumps(probe()))\n"
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    ).stdout


def test_ages_tell_no_hash(tmp_path) -> None:
    said = probed(
        "account_ages",
        {
            "/etc/passwd": "root:x:0:0::/nowhere:/bin/sh\nopen:x:5:5::/nowhere:/bin/sh\n",
            "/etc/shadow": "root:$y$j9T$SALTSALT$HASHHASH:20000:0:60::::\nopen::20000::::::\n",
        },
        tmp_path,
    )
    assert "HASH" not in said
    assert "SALT" not in said
    fact = collector_of("account_ages").parse(answer(json.loads(said)))
    assert [(each.name, each.entry, each.maximum_days) for each in fact.items] == [
        ("root", True, 60),
        ("open", True, None),
    ]


def test_a_policy_tells_settings_and_no_secret(tmp_path) -> None:
    sudoers = 'Defaults use_pty, logfile="/var/log/sudo.log", badpass_message="SECRET"\n'
    policy = "minlen = 14\ndictpath = /SECRET\n# minclass = 1\nminclass=4\n"
    files = {
        "/etc/sudoers": sudoers,
        "/etc/login.defs": "PASS_MAX_DAYS\t60\nSECRET yes\n",
    }
    (tmp_path / "etc" / "security").mkdir(parents=True)
    (tmp_path / "etc" / "security" / "pwquality.conf").write_text(policy)
    source = (
        collector_of("login_policy")
        .commands[0]
        .replace("/etc/security/", f"{tmp_path}/etc/security/")
    )
    for path, text in files.items():
        (tmp_path / path.lstrip("/")).write_text(text)
        source = source.replace(f'"{path}"', f'"{tmp_path}{path}"')
    done = subprocess.run(
        [sys.executable, "-c", source + "\nimport json\nprint(json.dumps(probe()))\n"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "SECRET" not in done.stdout
    said = json.loads(done.stdout)
    assert said["quality"] == {"minlen": "14", "minclass": "4"}
    assert said["login_defs"] == {"PASS_MAX_DAYS": "60"}
    assert {"use_pty", "logfile"} <= set(said["sudo"])


def test_a_source_s_password_stays_on_the_host(tmp_path) -> None:
    listed = "deb https://user:SECRET@mirror.example/debian bookworm main\n"
    (tmp_path / "sources.list").write_text(listed)
    source = collector_of("repositories").commands[0].replace("/etc/apt/", f"{tmp_path}/")
    done = subprocess.run(
        [sys.executable, "-c", source + "\nimport json\nprint(json.dumps(probe()))\n"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "SECRET" not in done.stdout
    fact = collector_of("repositories").parse(answer(json.loads(done.stdout)))
    assert "mirror.example" in {each.host for each in fact.items}


@pytest.mark.parametrize(
    "command",
    [
        "uptime",
        "df -h /srv/data",
        "ss -tulnp",
        "ip -br a",
        "ip address show dev eth0",
        "ip route get 10.0.0.1",
        "systemctl status chrony",
        "systemctl --failed",
        "systemctl list-timers --all",
        "journalctl --no-pager -n 50 -u ssh.service",
        "chronyc -n sources",
        "cat /etc/os-release",
        "cat /proc/meminfo",
        "nft list ruleset",
        "btrfs device stats /srv/data",
        "dpkg -l",
    ],
)
def test_commands_that_only_read_are_let_through(command: str) -> None:
    assert guard.permit(LINUX, command) == command


@pytest.mark.parametrize(
    "command",
    [
        "cat /etc/shadow",
        "cat /etc/../etc/shadow",
        "cat /root/.ssh/id_ed25519",
        "hostname other",
        "date -s 12:00",
        "ss -K dst 10.0.0.1",
        "ss -tK",
        "ss -D /tmp/x",
        "ip link set eth0 down",
        "ip route del default",
        "ip -b /tmp/commands",
        "ip netns exec x sh",
        "systemctl stop chrony",
        "systemctl show chrony",
        "systemctl status -H other",
        "journalctl --vacuum-size=1",
        "journalctl -f",
        "journalctl --no-pager -n 99999",
        "chronyc makestep",
        "nft flush ruleset",
        "nft -f /tmp/x",
        "btrfs device stats -z /srv/data",
        "btrfs scrub start /srv",
        "dpkg -P bash",
        "mount /dev/sda1 /mnt",
        "df -h /; rm -rf /",
        "uptime\nreboot",
        "cat /proc/kcore",
        "cat /proc/1/environ",
        "lsblk -o /etc/passwd",
        "timedatectl set-time 12:00",
        "bash",
        "",
    ],
)
def test_all_others_are_refused(command: str) -> None:
    with pytest.raises(CommandRefused):
        guard.permit(LINUX, command)
