"""What `show` answers about configurations: running, startup, sessions, checkpoints."""

from __future__ import annotations

import difflib
from datetime import UTC, datetime
from typing import Any

from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.arista_eos import config, sessions
from dcctl.lab.systems.arista_eos.scene import Scene, stamped

Data = dict[str, Any]


def running(scene: Scene) -> str:
    """`show running-config`."""
    rows = [*config.heading(scene.element, scene.line), *config.lines(scene.tree), "end", ""]
    return "\n".join(rows)


def _nested(tree: Tree) -> Data:
    return {
        label: {"comments": [], "cmds": _nested(below)} if below else None
        for label, below in tree.items()
    }


def running_data(scene: Scene) -> Data:
    """`show running-config | json`."""
    return {"header": config.heading(scene.element, scene.line)[:2], "cmds": _nested(scene.tree)}


def running_section(scene: Scene) -> str:
    """`show running-config section WORD`."""
    word = scene.arguments[0].lower()
    rows: list[str] = []
    for _, section in config.DIALECT.sections(scene.tree):
        if any(word in row.lower() for row in section):
            rows += section
    return "\n".join([*rows, ""]) if rows else ""


def running_interfaces(scene: Scene) -> str:
    """`show running-config interfaces NAME`."""
    wanted = f"interface {scene.arguments[0]}"
    found = (section for label, section in config.DIALECT.sections(scene.tree) if label == wanted)
    return "\n".join([*next(found, []), ""])


def startup(scene: Scene) -> str:
    """`show startup-config`."""
    element = scene.element
    by = element.saved_by or "factory"
    head = [
        f"! Command: {scene.line}",
        f"! Startup-config last modified at {stamped(element.saved)} by {by}",
        *config.heading(element, scene.line)[1:],
    ]
    return "\n".join([*head, *config.lines(element.startup), "end", ""])


def running_diffs(scene: Scene) -> str:
    """`show running-config diffs`: startup against running."""
    rows = difflib.unified_diff(
        config.lines(scene.element.startup),
        config.lines(scene.tree),
        "flash:/startup-config",
        "system:/running-config",
        lineterm="",
    )
    return "".join(f"{row}\n" for row in rows)


# --- configuration sessions -------------------------------------------------------------------


def sessions_data(scene: Scene) -> Data:
    """`show configuration sessions [detail] | json`."""
    timer = scene.element.timer
    found: Data = {}
    for one in sessions.sessions(scene.element, scene.around.now):
        pending = one.how == sessions.PENDING
        mine = scene.session == one.note
        instances = {
            str(scene.terminal.number): {
                "user": one.user,
                "terminal": f"vty{scene.terminal.number}",
                "currentTerminal": True,
            }
        }
        found[one.note] = {
            "state": one.how,
            "description": "",
            "commitUser": "" if pending else one.user,
            "instances": instances if mine else {},
        }
        if not pending:
            found[one.note]["completedTime"] = one.time
    data: Data = {
        "maxSavedSessions": 1,
        "maxOpenSessions": sessions.OPEN,
        "mergeOnCommit": False,
        "saveToStartupConfigOnCommit": False,
        "sessions": found,
    }
    if timer:
        data["commitTimerSessionName"] = timer.persist
        data["commitTimerExpireTime"] = scene.uptime + timer.due - scene.around.now
    return data


def sessions_text(scene: Scene) -> str:
    """`show configuration sessions [detail]`."""
    rows = [
        "Maximum number of completed sessions: 1",
        f"Maximum number of pending sessions: {sessions.OPEN}",
        "Merge on commit is disabled",
        "Autosave to startup-config on commit is disabled",
        "",
    ]
    timer = scene.element.timer
    if timer:
        left = max(0, int(timer.due - scene.around.now))
        rows += [
            f"Session with pending commit timer: {timer.persist}",
            f"Time left until commit timer expiry: in {left // 3600}:{left // 60 % 60:02d}:{left % 60:02d}",
            "",
        ]
    rows += [
        "  Name             State              User     Terminal",
        "  ---------------- ------------------ -------- --------",
    ]
    for one in sessions.sessions(scene.element, scene.around.now):
        mine = one.note == scene.session
        user, line = (one.user, f"vty{scene.terminal.number}") if mine else ("", "")
        rows.append(
            f"{'*' if mine else ' '} {one.note:<16} {one.how:<18} {user:<8} {line}".rstrip()
        )
    return "\n".join([*rows, ""])


def session_config(scene: Scene) -> str:
    """`show session-config [named NAME]`."""
    found = sessions.find(scene.element, _session_name(scene), scene.around.now)
    if found is None:
        return "% Cannot show session-config outside of a config session\n"
    rows = [*config.heading(scene.element, scene.line), *config.lines(found.tree), "end", ""]
    return "\n".join(rows)


def session_diffs(scene: Scene) -> str:
    """`show session-config [named NAME] diffs`."""
    found = sessions.find(scene.element, _session_name(scene), scene.around.now)
    if found is None:
        return "% Cannot show session-config outside of a config session\n"
    return sessions.diffs(scene.element, found)


def _session_name(scene: Scene) -> str:
    return scene.arguments[0] if scene.arguments else scene.session


def checkpoints(scene: Scene) -> str:
    """`show configuration checkpoints`."""
    rows = [
        "Maximum number of checkpoints: 20",
        "  Filename                      Date                 User",
        "  ----------------------------- -------------------- -----",
    ]
    for number, one in enumerate(sessions.checkpoints(scene.element)):
        at = datetime.fromtimestamp(one.time, UTC)
        rows.append(f"  {f'ckp-{at:%Y%m%d}-{number}':<29} {at:%Y-%m-%d %H:%M:%S}  {one.user}")
    return "\n".join([*rows, ""])
