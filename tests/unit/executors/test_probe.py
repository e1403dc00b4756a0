"""The composed script, run by a real Python: a bad probe loses its own answer and nothing else."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from dcctl.errors import CommandFailed, Unparsed
from dcctl.executors._probe import SKIP_TO_SCRIPT, compose, extract

GOOD = "def probe():\n    return {'answer': 42, 'text': 'đĩa </m> \\u2028'}\n"
DEAF = """
import signal, time
for number in (1, 2, 14, 15):
    signal.signal(number, signal.SIG_IGN)
def probe():
    while True:
        time.sleep(1)
"""
BAD = {
    "raises": ("def probe():\n    return 1 / 0\n", "ZeroDivisionError"),
    "no function": ("x = 1\n", "KeyError"),
    "no python": ("def probe(:\n", "SyntaxError"),
    "exits": ("import os\ndef probe():\n    os._exit(3)\n", "died"),
    "sys.exit": ("import sys\ndef probe():\n    sys.exit('no')\n", "SystemExit"),
    "hangs": ("import time\ndef probe():\n    time.sleep(60)\n", "no answer within 1 s"),
    "deaf": (DEAF, "no answer within 1 s"),
    "too much": ("def probe():\n    return 'x' * 3000000\n", "more than"),
    "not JSON": ("def probe():\n    return {1, 2}\n", "TypeError"),
    "kills itself": ("import os\ndef probe():\n    os.kill(os.getpid(), 9)\n", "died"),
    "leaves a child": (
        "import os\ndef probe():\n    os.fork() or os.execvp('sleep', ['sleep', '6'])\n    1 / 0\n",
        "ZeroDivisionError",
    ),
}


def run(script, *, argument="-", before=""):
    command = [sys.executable, *(("-c", SKIP_TO_SCRIPT) if argument == "-c" else ("-",))]
    return subprocess.run(
        command, input=before + script, capture_output=True, text=True, check=False, timeout=30
    )


@pytest.mark.parametrize("name", BAD)
def test_a_bad_probe_is_alone(name):
    source, reason = BAD[name]
    script = compose({"a": GOOD, "bad": source, "z": GOOD}, marker="m1", seconds=1)
    answers = extract(run(script).stdout, "m1", name="host", status=0)
    assert (
        answers["a"]
        == answers["z"]
        == {"ok": True, "data": {"answer": 42, "text": "đĩa </m> \u2028"}}
    )
    assert answers["bad"]["ok"] is False
    assert reason in answers["bad"]["error"]


def test_what_a_probe_prints_is_no_answer():
    says = "    print('<m1>{}</m1>')\n    os.system('echo noise')\n"
    source = f"import os\ndef probe():\n{says}    return 1\n"
    done = run(compose({"p": source}, marker="m1", seconds=5))
    assert "noise" not in done.stdout
    assert extract(done.stdout, "m1", name="host", status=0) == {"p": {"ok": True, "data": 1}}


def test_a_hanging_probe_takes_its_children_with_it():
    number = random.randint(10**6, 10**9)  # of its own: other runs may look at the same time
    source = (
        "import subprocess, time\ndef probe():\n"
        f"    subprocess.Popen(['sleep', '{number}'])\n    time.sleep(60)\n"
    )
    start = time.monotonic()
    run(compose({"p": source}, marker="m", seconds=0.5))
    assert time.monotonic() - start < 15
    listed = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, text=True, check=False
    ).stdout
    assert f"sleep {number}" not in listed


def test_greetings_around_the_answer_do_not_matter():
    output = "Welcome!\n" + run(compose({"p": GOOD}, marker="m", seconds=5)).stdout + "bye\n"
    assert extract(output, "m", name="host", status=0)["p"]["ok"]


def test_a_password_that_nobody_took_is_skipped():
    done = run(compose({"p": GOOD}, marker="m", seconds=5), argument="-c", before="hunter2 \"'\n")
    assert extract(done.stdout, "m", name="host", status=0)["p"]["ok"]
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("output", "status", "error"),
    [
        ("", 0, Unparsed),
        ("garbage \x00", 0, Unparsed),
        ("<m>{broken</m>", 0, Unparsed),
        ("<m>[1]</m>", 0, Unparsed),
        ("<m>{}", 0, Unparsed),
        ("sh: python3: not found", 127, CommandFailed),
    ],
)
def test_anything_else_is_no_answer(output, status, error):
    with pytest.raises(error):
        extract(output, "m", name="host", status=status)
