"""What a contribution must be. Adding one thing is adding one file that offers one of these.

| contribution | file | offers |
|---|---|---|
| platform | `platforms/NAME/__init__.py` | `PLATFORM: Platform` |
| fact | `facts/TOPIC.py` | `FACT`: a frozen dataclass; the topic is the module's name |
| check | `checks/TOPIC.py` | `CHECKS: tuple[Check, ...]` |
| gate | `gates/TOPIC.py` | `GATE: Gate` |
| report | `reports/FORMAT.py` | `REPORT: Report` |
| role | `roles/NAME/` | an Ansible role with `dcctl.yml` |
"""

from __future__ import annotations

from dcctl.contracts._change import Change, ReloadNet, Remediation
from dcctl.contracts._doors import LIFELINE, Context, Executor, Session
from dcctl.contracts._judging import Check, Gate, Judgement, Terms, Verdict
from dcctl.contracts._platform import Collector, Output, Platform
from dcctl.contracts._report import Report
from dcctl.contracts._upgrade import Stage, Upgrade

__all__ = [
    "LIFELINE",
    "Change",
    "Check",
    "Collector",
    "Context",
    "Executor",
    "Gate",
    "Judgement",
    "Output",
    "Platform",
    "ReloadNet",
    "Remediation",
    "Report",
    "Session",
    "Stage",
    "Terms",
    "Upgrade",
    "Verdict",
]
