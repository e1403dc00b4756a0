"""Operational commands that do something: entering configuration mode, rebooting, the terminal's own settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Reply
from dcctl.lab.elements.scene import Scene
from dcctl.lab.systems.juniper_junos import commits, engines, files, install, storage
from dcctl.lab.systems.juniper_junos.scene import stamped


def enter(scene: Scene) -> Reply:
    """`configure [exclusive|private]`."""
    element, terminal = scene.element, scene.terminal
    how = scene.arguments[0] if scene.arguments else scene.line.split()[-1]
    holder = next((one for one in scene.around.users if one.number == element.lock), None)
    if element.lock and element.lock != terminal.number:
        who = holder.user if holder else "root"
        text = (
            f"error: configuration database locked by:\n"
            f"  {who} terminal pts/{element.lock} (pid {20000 + element.lock}) on since "
            f"{stamped(holder.since if holder else element.changed)}\n      exclusive [edit]\n"
        )
        return Reply(text=text, element=element, terminal=terminal)
    inside = replace(terminal, mode="configure", path=())
    warning = "warning: uncommitted changes will be discarded on exit\n"
    entering = "Entering configuration mode\n"
    if how == "exclusive":
        if commits.modified(element, replace(terminal, private=None)):
            text = "error: configuration database modified\n"
            return Reply(text=text, element=element, terminal=terminal)
        locked = replace(element, lock=terminal.number, candidate=None)
        return Reply(
            text=warning + entering, element=locked, terminal=replace(inside, exclusive=True)
        )
    if how == "private":
        own = replace(inside, private=element.running, since=scene.around.now)
        return Reply(text=warning + entering, element=element, terminal=own)
    others = [
        f"  {one.user} terminal pts/{one.number} (pid {20000 + one.number}) on since "
        f"{stamped(one.since)}\n      [edit]\n"
        for one in scene.around.users
        if one.mode == "configure" and one.number != terminal.number
    ]
    text = entering
    if others:
        text += "Users currently editing the configuration:\n" + "".join(others)
    if commits.modified(element, inside):
        text += "The configuration has been changed but not committed\n"
    return Reply(text=text, element=element, terminal=inside)


def clear_reboot(scene: Scene) -> Reply:
    """`clear system reboot`."""
    if not scene.element.reboot_at:
        return scene.reply("No shutdown/reboot scheduled.\n")
    return replace(
        scene.reply("reboot requested canceled\n"), element=replace(scene.element, reboot_at=0.0)
    )


def cli(scene: Scene) -> Reply:
    """`set cli …`: each setting with the sentence that Junos answers."""
    setting, _, value = scene.line.removeprefix("set cli ").partition(" ")
    terminal = scene.terminal
    if setting == "screen-length":
        terminal = replace(terminal, length=int(value))
        text = f"Screen length set to {value}\n"
    elif setting == "screen-width":
        terminal = replace(terminal, width=int(value))
        text = f"Screen width set to {value}\n"
    elif setting == "complete-on-space":
        text = f"{'Disabling' if value == 'off' else 'Enabling'} complete-on-space\n"
    elif setting == "timestamp":
        text = (
            "CLI timestamp disabled\n" if value == "disable" else "CLI timestamp set to: %b %d %T\n"
        )
    elif setting == "idle-timeout":
        text = f"Idle timeout set to {value} minutes\n"
    else:
        text = ""
    return Reply(text=text, element=scene.element, terminal=terminal)


def leave_cli(scene: Scene) -> Reply:
    """`exit` at the operational prompt."""
    return Reply(text="", element=scene.element, terminal=replace(scene.terminal, closed=True))


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "configure": enter,
    "clear-reboot": clear_reboot,
    "cli": cli,
    "exit": leave_cli,
    "nothing": lambda scene: scene.reply(""),
    **engines.ACTIONS,
    **install.ACTIONS,
    **files.ACTIONS,
    **storage.ACTIONS,
}
