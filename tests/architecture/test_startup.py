"""`dcctl --help` stays light, and every verb has a help that a person can read."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

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
# One process asks for all: what one verb's help imports, it has imported for the rest too.
PROBE = """
import contextlib, io, json, sys
from dcctl.cli import main
for verb in [[], *json.loads(sys.argv[1])]:
    sys.argv = ["dcctl", *verb, "--help"]
    code = None
    with contextlib.redirect_stdout(io.StringIO()) as text:
        try:
            main()
        except SystemExit as end:
            code = end.code
    loaded = sorted({name.split(".")[0] for name in sys.modules})
    print(json.dumps({"verb": verb, "code": code, "loaded": loaded, "text": text.getvalue()}))
"""


@pytest.fixture(scope="module")
def helped() -> dict[tuple[str, ...], dict[str, Any]]:
    """What the help of each verb said, and what was imported once it had."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(VERBS)],
        capture_output=True,
        text=True,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return {tuple(one["verb"]): one for one in told}


def test_help_imports_nothing_heavy(helped):
    probe = helped[()]
    assert probe["code"] == 0
    assert "build" in probe["text"]
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
def test_every_verb_has_a_light_help(helped, verb: tuple[str, ...]):
    probe = helped[verb]
    assert probe["code"] == 0
    assert "Usage" in probe["text"]
    assert not set(probe["loaded"]) & (set(HEAVY) - {"pydantic"})  # Typer itself looks for it
