"""What the commands do that neither display nor configure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Note, Reply
from dcctl.lab.systems.huawei_vrp import commits, files, startup
from dcctl.lab.systems.huawei_vrp.questions import ask
from dcctl.lab.systems.huawei_vrp.scene import Scene
from dcctl.lab.systems.huawei_vrp.software import installed

DEFAULT_TRIAL_S = 600
_LEAVING = (
    "Warning: Uncommitted configurations found, commit them before exiting? "
    "[Y(yes)/N(no)/C(cancel)]:"
)
_BUSY = (
    "Error: The system is in trial configuration mode, and the configuration cannot be changed.\n"
)


def _reply(scene: Scene, text: str = "") -> Reply:
    return Reply(text=text, element=scene.element, terminal=scene.terminal)


def _system_view(scene: Scene) -> Reply:
    leave = "return" if not scene.immediate else "Ctrl+Z"
    inside = replace(scene.terminal, mode="system", path=())
    text = f"Enter system view, return user view with {leave}{' command' if leave == 'return' else ''}.\n"
    return Reply(text=text, element=scene.element, terminal=inside)


def _quit(scene: Scene) -> Reply:
    if scene.terminal.mode == "exec":
        gone = replace(scene.terminal, closed=True)
        text = "Configuration console exit, please retry to log on\n\n" if scene.immediate else ""
        return Reply(text=text, element=scene.element, terminal=gone)
    if scene.terminal.path:
        above = replace(scene.terminal, path=scene.terminal.path[:-1])
        return Reply(text="", element=scene.element, terminal=above)
    return _return(scene)


def _return(scene: Scene) -> Reply:
    if not scene.immediate and commits.modified(scene.element, scene.terminal):
        asking = ask(scene.terminal, "leave", _LEAVING)
        return Reply(text="", element=scene.element, terminal=asking)
    out = commits.dropped(replace(scene.terminal, mode="exec", path=()))
    return Reply(text="", element=scene.element, terminal=out)


def _screen_length(scene: Scene) -> Reply:
    length = int(scene.arguments[0]) if scene.arguments else 24
    text = (
        "Info: The configuration takes effect on the current user terminal interface only.\n"
        if "temporary" in scene.line
        else ""
    )
    here = replace(scene.terminal, length=length)
    return Reply(text=text, element=scene.element, terminal=here)


def _save(scene: Scene) -> Reply:
    if scene.immediate:
        question = (
            "  The current configuration will be written to the device.\n"
            "  Are you sure to continue? (y/n)[n]:"
        )
    else:
        question = (
            "Warning: The current configuration will be written to the device. Continue? [Y/N]:"
        )
    return Reply(text="", element=scene.element, terminal=ask(scene.terminal, "save", question))


# --- two stages ----------------------------------------------------------------------------------


def _commit(scene: Scene) -> Reply:
    return _committed(scene)


def _commit_label(scene: Scene) -> Reply:
    return _committed(scene, label=scene.arguments[0])


def _committed(scene: Scene, label: str = "") -> Reply:
    timer = scene.element.timer
    if timer is not None:
        mine = timer.session == scene.terminal.number
        return _asked_to_confirm(scene) if mine else _reply(scene, _BUSY)
    if not commits.modified(scene.element, scene.terminal):
        here = commits.dropped(scene.terminal)
        return Reply(text="", element=scene.element, terminal=here)
    after, here = commits.committed(scene.element, scene.terminal, scene.around.now, label=label)
    return Reply(text="", element=after, terminal=here, notes=(Note(kind="commit"),))


def _asked_to_confirm(scene: Scene) -> Reply:
    question = "Warning: The trial configuration will be confirmed. Continue? [Y/N]:"
    return Reply(text="", element=scene.element, terminal=ask(scene.terminal, "confirm", question))


def _trial(scene: Scene) -> Reply:
    return _tried(scene, int(scene.arguments[0]) if scene.arguments else DEFAULT_TRIAL_S, "")


def _trial_named(scene: Scene) -> Reply:
    seconds = int(scene.arguments[0]) if len(scene.arguments) > 1 else DEFAULT_TRIAL_S
    return _tried(scene, seconds, scene.arguments[-1])


def _tried(scene: Scene, seconds: int, persist: str) -> Reply:
    if scene.element.timer is not None:
        return _reply(scene, _BUSY)
    if not commits.modified(scene.element, scene.terminal):
        return _reply(scene, "Error: There is no configuration to be committed.\n")
    after, here = commits.committed(
        scene.element, scene.terminal, scene.around.now, seconds=seconds, persist=persist
    )
    text = (
        "Info: The system enters the trial configuration mode.\n"
        "The system will revert to previous configuration if the trial configuration is not "
        f"confirmed in {seconds} seconds.\n"
    )
    note = Note(kind="commit", text=f"trial {seconds}")
    return Reply(text=text, element=after, terminal=here, notes=(note,))


def _confirm_named(scene: Scene) -> Reply:
    timer = scene.element.timer
    if timer is None or timer.persist != scene.arguments[0].strip('"'):
        return _reply(scene, "Error: The persist ID does not exist.\n")
    return _asked_to_confirm(scene)


def _abort(scene: Scene) -> Reply:
    timer = scene.element.timer
    return _aborted(scene, possible=bool(timer) and timer.session == scene.terminal.number)  # type: ignore[union-attr]  # bool() asks whether there is one


def _abort_named(scene: Scene) -> Reply:
    timer = scene.element.timer
    named = scene.arguments[0].strip('"')
    return _aborted(scene, possible=timer is not None and timer.persist == named)


def _abort_session(scene: Scene) -> Reply:
    timer = scene.element.timer
    number = int(scene.arguments[0])
    return _aborted(scene, possible=timer is not None and timer.session == number)


def _aborted(scene: Scene, *, possible: bool) -> Reply:
    if not possible:
        return _reply(scene, "Error: The system is not in trial configuration mode.\n")
    question = "Warning: The trial configuration will be rolled back. Continue? [Y/N]:"
    return Reply(text="", element=scene.element, terminal=ask(scene.terminal, "abort", question))


def _clear(scene: Scene) -> Reply:
    here = commits.dropped(replace(scene.terminal, path=()))
    return Reply(text="", element=scene.element, terminal=here)


def _rollback_last(scene: Scene) -> Reply:
    points, number = commits.past(scene.element), int(scene.arguments[0])
    return _rolled(scene, points[number].how if number < len(points) else "")


def _rollback_to(scene: Scene) -> Reply:
    known = [one.how for one in commits.past(scene.element)]
    return _rolled(scene, scene.arguments[0] if scene.arguments[0] in known else "")


def _rolled(scene: Scene, point: str) -> Reply:
    if scene.element.timer is not None:
        return _reply(scene, _BUSY)
    if not point:
        return _reply(scene, "Error: The rollback point does not exist.\n")
    question = (
        "Warning: This operation will revert configuration changes to the previous status. "
        "Continue? [Y/N]:"
    )
    asking = ask(scene.terminal, f"rollback {point}", question)
    return Reply(text="", element=scene.element, terminal=asking)


# --- restarts ------------------------------------------------------------------------------------


def _reboot(scene: Scene) -> Reply:
    board = installed(scene.element).boards[0]
    if scene.immediate:
        text = "Info: The system is now comparing the configuration, please wait.\n"
        question = (
            "Warning: All the configuration will be saved to the configuration file for the next "
            "startup:flash:/vrpcfg.zip, Continue?[Y/N]:"
        )
    else:
        text = (
            f"MPU 9:\nNext startup system software: {board.following}\n"
            "Next startup saved-configuration file: cfcard:/vrpcfg.zip\n"
            f"Next startup paf file: default\nNext startup patch package: {board.next_patch or 'NULL'}\n"
        )
        question = (
            "Warning: Current configuration will be saved to the next startup saved-configuration "
            "file! Continue? [Y/N]:"
        )
    clean = scene.element.running is scene.element.startup
    last = "Warning: The system will reboot. Continue? [Y/N]:"
    asking = ask(scene.terminal, *(("reboot", last) if clean else ("reboot-save", question)))
    return Reply(text=text, element=scene.element, terminal=asking)


def _schedule(scene: Scene) -> Reply:
    minutes = int(scene.arguments[0])
    at = scene.when(scene.around.clock + 60 * minutes)
    text = f"Info: Reboot system at {at[11:19]} UTC {at[:10].replace('-', '/')}(in {minutes} minutes).\n"
    asking = ask(scene.terminal, f"reboot {minutes}", "Confirm? [Y/N]:")
    return Reply(text=text, element=scene.element, terminal=asking)


def _unschedule(scene: Scene) -> Reply:
    return Reply(text="", element=replace(scene.element, reboot_at=0.0), terminal=scene.terminal)


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "system-view": _system_view,
    "quit": _quit,
    "return": _return,
    "screen-length": _screen_length,
    "nothing": _reply,
    "save": _save,
    "commit": _commit,
    "commit-label": _commit_label,
    "trial": _trial,
    "trial-named": _trial_named,
    "confirm-named": _confirm_named,
    "abort": _abort,
    "abort-named": _abort_named,
    "abort-session": _abort_session,
    "clear": _clear,
    "rollback-last": _rollback_last,
    "rollback-to": _rollback_to,
    "reboot": _reboot,
    "schedule": _schedule,
    "unschedule": _unschedule,
    **files.ACTIONS,
    **startup.ACTIONS,
}
