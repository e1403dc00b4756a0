"""For all tests: the longest begin first, signals are heard, no clock judges, no work twice."""

from __future__ import annotations

import gc
import os
import signal
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pytest

# Background jobs and nohup ignore signals; tests that signal themselves need to be heard.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Hundreds of processes start here: what one has compiled, the others need not.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How fast examples are drawn says how busy the machine is, and nothing of what is tested.
settings.register_profile("dcctl", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dcctl")

_HERE = Path(__file__).parent
# What takes longest, or waits for real seconds, begins first; but labs' hosts share limits of the
# kernel, so that few of their files should run at once.
_LONG = tuple(
    _HERE / one
    for one in (
        "lab/test_frr_device.py",
        "lab/test_roles.py",
        "faults",
        "lab/test_faults.py",
        "unit/running/test_kill.py",
        "lab/test_linux_facts.py",
        "unit/rehearsal",
        "lab/test_lifecycle.py",
        "unit/running",
        "lab/test_hosts.py",
        "architecture",
        "unit/executors",
        "lab",
        "unit/ansible_roles",
        "unit/upgrading",
        "unit/workflows",
        "unit/cli",
    )
)


gc.disable()  # whatever is made while tests are collected stays


def pytest_collection_finish() -> None:
    """Nobody looks for garbage in thousands of tests and modules."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files of minutes: left to the end, one worker would do them alone."""
    items.sort(key=lambda item: _turn(item.path))


@cache
def _turn(path: Path) -> int:
    turns = (turn for turn, one in enumerate(_LONG) if path.is_relative_to(one))
    return next(turns, len(_LONG))
