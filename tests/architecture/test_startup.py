"""`dcctl --help` stays light, and every verb has a help that a person can read."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "netmiko",
    "paramiko",
    "ansible_runner",
    "sqlalchemy",
    "alembic",
    "pydantic",
    "hier_config",
    "networkx",
    "asyncssh",
    "ntc_templates",
    "textfsm",
    "jinja2",
)
PROBE = """
import json, sys
sys.argv = ["dcctl", *sys.argv[1:]]
from dcctl.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
loaded = sorted({name.split(".")[0] for name in sys.modules})
print("MODULES " + json.dumps({"code": code, "loaded": loaded}))
"""


def helped(*arguments: str) -> tuple[dict[str, object], str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    text, _, probe = done.stdout.rpartition("MODULES ")
    return json.loads(probe), text


def test_help_imports_nothing_heavy():
    probe, text = helped()
    assert probe["code"] == 0
    assert "build" in text
    loaded = set(probe["loaded"])
    assert not loaded & set(HEAVY)
    assert "typer" in loaded  # the probe does look at the right process


VERBS = [
    ("init",),
    ("doctor",),
    ("plan",),
    ("apply",),
    ("build",),
    ("check",),
    ("check", "list"),
    ("check", "explain"),
    ("runs",),
    ("runs", "list"),
    ("runs", "show"),
    ("runs", "watch"),
    ("runs", "resume"),
    ("runs", "cancel"),
    ("runs", "rerun"),
    ("report",),
    ("exec",),
    ("ssh",),
    ("inventory",),
    ("inventory", "check"),
    ("inventory", "list"),
    ("inventory", "show"),
    ("inventory", "schema"),
    ("inventory", "trust"),
    ("lab",),
    ("lab", "up"),
    ("lab", "status"),
    ("lab", "down"),
    ("lab", "fault"),
]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_has_a_light_help(verb: tuple[str, ...]):
    probe, text = helped(*verb)
    assert probe["code"] == 0
    assert "Usage" in text
    assert not set(probe["loaded"]) & (set(HEAVY) - {"pydantic"})  # Typer itself looks for it
