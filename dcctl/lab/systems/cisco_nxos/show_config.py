"""What `show` answers about configurations: running, startup, checkpoints, patches, schedules."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.tree import Tree, sections, values
from dcctl.lab.systems.cisco_nxos import config, rollback
from dcctl.lab.systems.cisco_nxos.config import DIALECT, stamp
from dcctl.lab.systems.cisco_nxos.scene import Scene

_RULE = "=" * 78


def running(scene: Scene) -> str:
    """`show running-config`."""
    head = config.heading(scene.element, scene.line, scene.around.clock)
    return "\n".join([*head, *config.lines(scene.tree), ""])


def _some(scene: Scene, wanted: str) -> str:
    head = config.heading(scene.element, scene.line, scene.around.clock)
    rows: list[str] = []
    for label, section in DIALECT.sections(scene.tree):
        if label == wanted:
            rows += section
    return "\n".join([*head, *rows, "", ""])


def running_interface(scene: Scene) -> str:
    """`show running-config interface NAME`."""
    return _some(scene, f"interface {scene.arguments[0]}")


def running_section(scene: Scene) -> str:
    """`show running-config (bgp|isis|ospf|...)`: the feature and its sections."""
    word = scene.line.split()[-1]
    head = config.heading(scene.element, scene.line, scene.around.clock)
    rows: list[str] = []
    for label, section in DIALECT.sections(scene.tree):
        if label == f"feature {word}" or label.startswith((f"router {word} ", f"{word} ")):
            rows += ["", *section]
    return "\n".join([*head, *rows, "", ""])


def startup(scene: Scene) -> str:
    """`show startup-config`."""
    element = scene.element
    head = [
        "",
        f"!Command: {scene.line}",
        f"!Running configuration last done at: {stamp(element.changed)}",
        f"!Time: {stamp(scene.around.clock)}",
        f"!Startup config saved at: {stamp(element.saved)}",
        "",
    ]
    return "\n".join([*head, *config.lines(element.startup), ""])


def checkpoints(scene: Scene) -> str:
    """`show checkpoint summary`."""
    rows = ["", "User Checkpoint Summary", "-" * 80]
    for number, one in enumerate(rollback.checkpoints(scene.element), 1):
        at = datetime.fromtimestamp(one.time, UTC)
        size = len("\n".join(config.lines(one.tree)))
        rows += [
            f"{number}) {one.note}:",
            f"Created by {one.user}",
            f"Created at {at:%a, %H:%M:%S %d %b %Y}",
            f"Size is {size:,} bytes",
            "Description: None",
            "",
        ]
    return "\n".join([*rows, "", "System Checkpoint Summary", "-" * 80, "", ""])


def checkpoint(scene: Scene) -> str:
    """`show checkpoint NAME`."""
    tree = rollback.find(scene.element, "checkpoint", scene.arguments[0])
    if tree is None:
        return "ERROR: Checkpoint does not exist\n"
    rows = ["-" * 80, f"Name: {scene.arguments[0]}", "", *config.lines(tree)]
    return "\n".join([*rows, ""])


def _source(scene: Scene, words: list[str]) -> Tree | None:
    kind = words.pop(0)
    name = words.pop(0) if kind in ("checkpoint", "file") else ""
    return rollback.find(scene.element, kind, name)


def patch(scene: Scene) -> str:
    """`show diff rollback-patch SOURCE DESTINATION`."""
    words = scene.line.split()[3:]
    old = _source(scene, words)
    new = _source(scene, words)
    if old is None or new is None:
        return "ERROR: Checkpoint does not exist\n"
    found = rollback.patch(old, new)
    head = "Collecting Running-Config\n" if "running-config" in scene.line else ""
    if not found:
        return f"{head}#Generating Rollback Patch\nRollback Patch is Empty\n"
    return head + "\n".join(["#Generating Rollback Patch", "", "!!", *found, "", ""])


def jobs(scene: Scene) -> str:
    """`show scheduler job`."""
    rows: list[str] = []
    for name, section in sections(scene.tree, "scheduler job name"):
        rows += [f"Job Name: {name}", "-" * (len(name) + 10), "", *section, "", _RULE]
    return "\n".join([*rows, ""])


def schedules(scene: Scene) -> str:
    """`show scheduler schedule`."""
    rows: list[str] = []
    zone = config.zone(scene.tree)
    for name, section in rollback.schedules(scene.element):
        due, ran = rollback.due_at(section, zone), rollback.last_run(scene.element, name)
        when = stamp(ran.time, zone) if ran else "Yet to be executed"
        rows += [
            f"Schedule Name       : {name}",
            "-" * (22 + len(name)),
            f"User Name           : {scene.terminal.user}",
            f"Schedule Type       : Run once on {stamp(due, zone)}"
            if due
            else "Schedule Type       : Not defined",
            f"Last Execution Time : {when}",
            f"Last Completion Time: {when}",
            f"Execution count     : {int(ran is not None)}",
            "-----------------------------------------------",
            "     Job Name            Last Execution Status",
            "-----------------------------------------------",
        ]
        rows += [
            f"{job:<40} {'Success (0)' if ran else '-NA-'}" for job in values(section, "job name")
        ]
        rows.append(_RULE)
    return "\n".join([*rows, ""])


def scheduler(scene: Scene) -> str:
    """`show scheduler config`."""
    rows = ["config terminal", "  feature scheduler", "  scheduler logfile size 16", "end", ""]
    for label, section in DIALECT.sections(scene.tree):
        if label.startswith("scheduler "):
            rows += ["config terminal", *(f"  {row}" for row in section), "end", ""]
    return "\n".join(rows)
