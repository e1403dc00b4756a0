"""The one script that carries all probes to a server, each in a process of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dcctl.errors import CommandFailed, Unparsed
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

SKIP_TO_SCRIPT = (
    "import sys; s = sys.stdin.read(); exec(compile(s[s.index('CONFIG = '):], 'probes', 'exec'))"
)
_LARGEST = 1024 * 1024  # bytes of one probe's answer

# Python 3.7 or later, standard library only. A probe that hangs, dies or says too much loses only
# its own answer: it runs in a process group of its own, which is killed when its time is over.
_RUNNER = r"""
import json, os, select, signal, sys, time
sources, marker, seconds, largest = json.loads(CONFIG)
def child(source, out):
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    try:
        space = {"__name__": "probe"}
        exec(compile(source, "probe", "exec"), space)
        text = json.dumps({"ok": True, "data": space["probe"]()})
    except BaseException as error:
        text = json.dumps({"ok": False, "error": "%s: %s" % (type(error).__name__, error)})
    with os.fdopen(out, "wb") as stream:
        stream.write(text.encode("utf-8", "replace"))
def collect(source):
    inward, outward = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(inward)
            child(source, outward)
        finally:
            os._exit(0)
    os.close(outward)
    end, data, problem = time.monotonic() + seconds, b"", ""
    while not problem:
        left = end - time.monotonic()
        ready = select.select([inward], [], [], max(0, left))[0] if left > 0 else []
        if not ready:
            problem = "no answer within %g s" % seconds
            break
        part = os.read(inward, 65536)
        if not part:
            break
        data += part
        if len(data) > largest:
            problem = "said more than %d bytes" % largest
    os.close(inward)
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    os.waitpid(pid, 0)
    if not problem:
        try:
            return json.loads(data.decode("utf-8"))
        except ValueError:
            problem = "the probe died"
    return {"ok": False, "error": problem}
answers = {name: collect(source) for name, source in sources.items()}
sys.stdout.write("\n<%s>%s</%s>\n" % (marker, json.dumps(answers), marker))
"""


def compose(sources: Mapping[str, str], *, marker: str, seconds: float) -> str:
    """The script for `sources` (name to probe source); `marker` brackets its answer."""
    config = json.dumps([dict(sources), marker, seconds, _LARGEST])
    return f"CONFIG = {config!r}\n{_RUNNER}"


def extract(output: str, marker: str, *, name: str, status: int) -> dict[str, Any]:
    """The probes' answers out of whatever else the login said.

    Raises:
        CommandFailed: the script did not run (no python3, sudo refused).
        Unparsed: something answered, but not the script.
    """
    start, end = output.rfind(f"<{marker}>"), output.rfind(f"</{marker}>")
    if start < 0 or end < start:
        if status != 0:
            raise CommandFailed(
                N_("{name}: {command}: status {status}: {answer}"),
                hint=N_("the probes need python3, and sudo where the account isn't root"),
                name=name,
                command="python3",
                status=status,
                answer=" ".join(output.split())[-200:],
            )
        raise Unparsed(N_("{name}: the probes' answer can't be read"), name=name)
    try:
        answers = json.loads(output[start + len(marker) + 2 : end])
    except ValueError as error:
        raise Unparsed(N_("{name}: the probes' answer can't be read"), name=name) from error
    if not isinstance(answers, dict):
        raise Unparsed(N_("{name}: the probes' answer can't be read"), name=name)
    return answers
